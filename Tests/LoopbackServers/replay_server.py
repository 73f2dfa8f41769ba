#!/usr/bin/env python3
"""A vendor's API over recorded records, with the vendor's own paging, filters and errors.

usage: replay_server.py VENDOR FOLDER [OPTION=NUMBER...]     prints its port

FOLDER/before/RESOURCE.json   the account's records, one a line, as the API gives them
FOLDER/after/RESOURCE.json    those that are there after something happened: new ones, and new states of old ones
FOLDER/after/gone.json        {RESOURCE: [ids]} that are there no longer
POST /_after                  something happens
GET  /_log                    every request so far

`"@now"` in a record is the time at which it came to be, in seconds; `"@now.iso"` the same in words. Options: `page` is the most records of
a page, `nested` of a list inside a record, `window` of what one question gives at all. What a vendor documents as refused is refused
here: unknown parameters, pages that are too large, records behind the window. Standard library only.
"""
import base64
import email.utils
import json
import os
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answer(Exception):
    """Ends a request: what is sent."""

    def __init__(self, status, body, headers=None, content_type="application/json"):
        self.status, self.headers, self.content_type = status, headers or {}, content_type
        self.body = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()


class Request:
    def __init__(self, method, target, headers, body):
        split = urllib.parse.urlsplit(target)
        self.method, self.path, self.headers, self.body = method, split.path, headers, body
        # In order; a name may stand several times.
        self.pairs = urllib.parse.parse_qsl(split.query, keep_blank_values=True)
        self.query = dict(self.pairs)

    def all(self, name):
        return [value for key, value in self.pairs if key == name]

    def refuse_unknown(self, known, answer):
        for name in self.query:
            if name not in known:
                raise answer(name)

    @property
    def bearer(self):
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme == "Bearer" else None

    @property
    def basic_user(self):
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            return None
        user, _, password = base64.b64decode(token).decode().partition(":")
        return user if password == "" else None


class Account:
    """The records, before and after something happened."""

    def __init__(self, folder, key_of):
        self.folder, self.key_of, self.resources = folder, key_of, {}
        self.load("before")

    def load(self, state):
        folder = os.path.join(self.folder, state)
        now = int(time.time())
        gone = {}
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = file.read()
            text = text.replace('"@now"', str(now)).replace(
                "@now.iso", time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(now)))
            if name == "gone.json":
                gone = json.loads(text)
                continue
            records = self.resources.setdefault(name[:-5], {})
            for line in text.splitlines():
                if line.strip():
                    record = json.loads(line)
                    records[self.key_of(record)] = record
        for name, keys in gone.items():
            for key in keys:
                del self.resources[name][key]

    def list(self, name):
        return list(self.resources.get(name, {}).values())

    def get(self, name, key):
        return self.resources.get(name, {}).get(key)


class Vendor:
    """One vendor's rules; `answer` raises an ``Answer``."""

    def __init__(self, folder, options):
        self.options = options
        self.account = Account(folder, self.key_of)
        self.origin = ""

    def limited(self, count, most):
        return min(count, most, self.options.get("page", most))

    @staticmethod
    def key_of(record):
        return record["id"]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    vendor = None
    log = []
    guard = threading.Lock()

    def log_message(self, *_):
        pass

    def handle_any(self):
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        request = Request(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        try:
            with self.guard:
                if request.path == "/_log":
                    raise Answer(200, self.log)
                if request.path == "/_after":
                    self.vendor.account.load("after")
                    raise Answer(200, {})
                self.log.append({
                    "method": request.method, "path": request.path, "query": request.pairs, "body": body.decode()})
                self.vendor.answer(request)
                raise Answer(404, {"message": "no such address: " + request.path})
        except Answer as answer:
            self.send_response_only(answer.status)
            self.send_header("Date", email.utils.formatdate(usegmt=True))
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

    do_GET = do_POST = do_HEAD = handle_any


def main():
    from replay_vendors import VENDORS

    options = {name: int(value) for name, value in (item.split("=") for item in sys.argv[3:])}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.vendor = VENDORS[sys.argv[1]](sys.argv[2], options)
    Handler.vendor.origin = "http://127.0.0.1:%d" % server.server_port
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    # The vendors import from here: there must be one module, not two.
    sys.modules["replay_server"] = sys.modules["__main__"]
    main()
