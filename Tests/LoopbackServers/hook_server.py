"""A web server on loopback that keeps what it is told.

usage: hook_server.py FOLDER

Prints its port. Every request becomes a line of FOLDER/log, a JSON object. FOLDER/script.json, if it is there, is a list of what the first
requests get: a status, "drop" (the connection is closed without an answer) or "hang".
"""
import http.server
import json
import os
import sys
import threading
import time

folder = sys.argv[1]
lock = threading.Lock()
requests = 0


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        global requests
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size).decode()
        with lock:
            number = requests
            requests += 1
            with open(os.path.join(folder, "log"), "a") as file:
                headers = {name.lower(): value for name, value in self.headers.items()}
                file.write(json.dumps({
                    "method": self.command, "path": self.path, "headers": headers, "body": body}) + "\n")
        try:
            with open(os.path.join(folder, "script.json")) as file:
                script = json.load(file)
        except FileNotFoundError:
            script = []
        deed = script[number] if number < len(script) else 200
        if deed == "hang":
            time.sleep(600)
        if deed in ("drop", "hang"):
            self.close_connection = True
            return
        text = b"so be it\n"
        self.send_response(deed)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = answer
    do_POST = answer

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
