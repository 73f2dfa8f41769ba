"""An SMTP server on loopback that goes wrong as it is told to.

usage: smtp_server.py FOLDER

Prints its port. Before each connection it reads FOLDER/script.json, a list of what its next connections do, one object each:
  {"at": STEP, "do": DEED}
STEP is greeting, ehlo, auth, mail, rcpt, data (the command), body (within the message, after its first line) end (after its last) or quit.
DEED is an answer such as "450 4.7.1 come back later", "drop" (closes the connection), "hang" (says nothing more),
or "wait 0.3" (answers as usual after so many seconds).
Connections beyond the list take everything. Every message it has taken, or has read to its end, is FOLDER/message-N.eml; what was said is
FOLDER/log.
"""
import json
import os
import socket
import sys
import threading
import time

folder = sys.argv[1]
lock = threading.Lock()
connections = 0


def log(text):
    with lock, open(os.path.join(folder, "log"), "a") as file:
        file.write(text + "\n")


def deed_of(number):
    try:
        with open(os.path.join(folder, "script.json")) as file:
            script = json.load(file)
    except FileNotFoundError:
        script = []
    return script[number] if number < len(script) else {}


class Dropped(Exception):
    pass


def converse(connection, number):
    deed = deed_of(number)
    stream = connection.makefile("rwb")

    def say(text):
        log(f"{number} < {text}")
        stream.write(text.encode() + b"\r\n")
        stream.flush()

    def answer(step, usual):
        """The usual answer, or what the script has for this step; false when it is a refusal."""
        if deed.get("at") != step:
            say(usual)
            return True
        act = deed["do"]
        if act == "drop":
            raise Dropped
        if act == "hang":
            log(f"{number} hangs at {step}")
            while stream.read(1):
                pass
            raise Dropped
        if act.startswith("wait "):
            time.sleep(float(act.split()[1]))
            say(usual)
            return True
        say(act)
        return act[0] in "23"

    if not answer("greeting", "220 test ESMTP"):
        return
    count = 0
    while True:
        line = stream.readline()
        if not line:
            return
        command = line.decode().rstrip("\r\n")
        log(f"{number} > {command}")
        verb = command.split(" ")[0].upper()
        if verb == "EHLO":
            answer("ehlo", "250-test\r\n250 SIZE 50000000")
        elif verb == "HELO":
            answer("ehlo", "250 test")
        elif verb == "MAIL":
            answer("mail", "250 2.1.0 ok")
        elif verb == "RCPT":
            answer("rcpt", "250 2.1.5 ok")
        elif verb == "DATA":
            if not answer("data", "354 go on"):
                continue
            body = b""
            while True:
                line = stream.readline()
                if not line:
                    log(f"{number} lost in the body")
                    return
                if body == b"" and deed.get("at") == "body":
                    answer("body", "")
                if line == b".\r\n":
                    break
                body += line[1:] if line.startswith(b".") else line
            with lock:
                count = len([name for name in os.listdir(folder) if name.startswith("message-")])
                part = os.path.join(folder, ".part")
                with open(part, "wb") as file:
                    file.write(body)
                os.rename(part, os.path.join(folder, f"message-{count}.eml"))
            log(f"{number} has read message-{count}")
            answer("end", "250 2.0.0 queued")
        elif verb == "QUIT":
            answer("quit", "221 bye")
            return
        else:
            say("500 what?")


def serve(connection, number):
    try:
        converse(connection, number)
    except (Dropped, ConnectionError):
        pass
    finally:
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        connection.close()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    connection, _ = listener.accept()
    threading.Thread(target=serve, args=(connection, connections), daemon=True).start()
    connections += 1
