#!/usr/bin/env python3
"""A web server that goes wrong as it is told to, by the path and query of each request.

usage: fault_server.py FOLDER     serves the files of FOLDER, prints its port

/FILE?fault=NAME&times=N    the first N requests of this path and query go wrong (all of them without `times`),
                            later ones are answered well
/log                        every request so far as JSON: path, query, headers
/api/..., /token            a paging API, see paging_api.py
"""
import collections
import email.utils
import gzip
import hashlib
import json
import os
import socket
import socketserver
import struct
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler

from paging_api import PagingAPI

FOLDER = sys.argv[1]
SEEN = collections.Counter()
LOG = []
GUARD = threading.Lock()
TOGETHER = {}
API = PagingAPI(FOLDER)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Header and body are sent apart: the body must not wait until the header is acknowledged.
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        split = urllib.parse.urlsplit(self.path)
        if split.path.startswith(("/api/", "/token")):
            API.answer(self, split)
            return
        self.options = dict(urllib.parse.parse_qsl(split.query))
        if split.path == "/log":
            with GUARD:
                self.answer(200, json.dumps(LOG).encode(), {"Content-Type": "application/json"})
            return
        if split.path.startswith("/loop"):
            page = ("<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>a.csv</Key></Contents>"
                    "<NextContinuationToken>again</NextContinuationToken></ListBucketResult>")
            self.answer(200, page.encode(), {"Content-Type": "application/xml"})
            return
        with GUARD:
            LOG.append({"path": split.path, "query": split.query, "time": time.time(),
                        "headers": {k.lower(): v for k, v in self.headers.items()}})
            SEEN[self.path] += 1
            count = SEEN[self.path]
        try:
            with open(os.path.join(FOLDER, split.path.lstrip("/")), "rb") as file:
                self.body = file.read()
        except OSError:
            self.answer(404, b"no such export", {"Content-Type": "text/plain"})
            return
        self.etag = '"%s"' % hashlib.sha256(self.body).hexdigest()[:16]
        fault = self.options.get("fault")
        if fault and count <= int(self.options.get("times", 10**9)):
            getattr(self, "fault_" + fault)()
        else:
            self.good()

    def do_POST(self):
        self.said = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        self.do_GET()

    def do_HEAD(self):
        self.do_GET()

    # well

    def good(self):
        if self.headers.get("If-None-Match") == self.etag and "notag" not in self.options:
            self.answer(304, b"", {"ETag": self.etag})
            return
        headers = {"Content-Type": self.options.get("type", "text/csv")}
        if "notag" not in self.options:
            headers["ETag"] = self.etag
        start = self.start_of_range()
        if start:
            headers["Content-Range"] = "bytes %d-%d/%d" % (start, len(self.body) - 1, len(self.body))
            self.answer(206, self.body[start:], headers)
        else:
            self.answer(200, self.body, headers)

    def start_of_range(self):
        wanted = self.headers.get("Range", "")
        if wanted.startswith("bytes=") and self.headers.get("If-Range", self.etag) == self.etag:
            return int(wanted[6:].split("-")[0])
        return 0

    def answer(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def begin(self):
        start = self.start_of_range()
        self.send_response(206 if start else 200)
        self.send_header("Content-Type", "text/csv")
        if "notag" not in self.options:
            self.send_header("ETag", self.etag)
        if start:
            self.send_header("Content-Range", "bytes %d-%d/%d" % (start, len(self.body) - 1, len(self.body)))
        self.send_header("Content-Length", str(len(self.body) - start))
        self.end_headers()
        rest = self.body[start:]
        self.wfile.write(rest[:len(rest) // 2])
        self.wfile.flush()

    # badly

    def fault_together(self):
        try:
            TOGETHER.setdefault(self.options["all"], threading.Barrier(int(self.options["all"]))).wait(30)
            self.good()
        except threading.BrokenBarrierError:
            self.answer(404, b"asked one after the other", {"Content-Type": "text/plain"})

    def fault_token(self):
        self.answer(200, json.dumps({"said": self.said}).encode(), {"Content-Type": "application/json"})

    def fault_firstpart(self):
        half = self.body[:len(self.body) // 2]
        self.answer(206, half, {"Content-Type": "text/csv", "ETag": self.etag,
                                "Content-Range": "bytes 0-%d/%d" % (len(half) - 1, len(self.body))})

    def fault_reset(self):
        self.begin()
        time.sleep(0.05)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def fault_short(self):
        self.begin()
        self.close_connection = True

    def fault_stall(self):
        self.begin()
        time.sleep(float(self.options.get("seconds", "20")))
        self.close_connection = True

    def fault_silent(self):
        time.sleep(float(self.options.get("seconds", "20")))
        self.close_connection = True

    def fault_endless(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        block = b"%x\r\n" % 65536 + b"1,a,2024-01-01,,1\n" * 3640 + b"\n" * 16 + b"\r\n"
        try:
            while True:
                self.wfile.write(block)
        except OSError:
            pass
        self.close_connection = True

    def fault_cutchunk(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        half = self.body[:len(self.body) // 2]
        self.wfile.write(b"%x\r\n%s\r\n" % (len(half), half))
        self.close_connection = True

    def fault_nolength(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(self.body)
        self.close_connection = True

    def fault_type(self):
        self.answer(200, self.body, {"Content-Type": self.options["type"]})

    def fault_html(self):
        page = b"<!DOCTYPE html><html><head><title>Please sign in</title></head><body>id,customer\n</body></html>"
        self.answer(200, page, {"Content-Type": self.options.get("type", "text/html; charset=utf-8")})

    def fault_redirect(self):
        self.answer(302, b"", {"Location": self.options["to"]})

    def fault_circle(self):
        self.answer(302, b"", {"Location": self.path})

    def fault_status(self):
        headers = {"Content-Type": "application/json"}
        skew = int(self.options.get("skew", "0"))
        if "retry_after" in self.options:
            headers["Retry-After"] = self.options["retry_after"]
        if "retry_date" in self.options:
            moment = time.time() + skew + int(self.options["retry_date"])
            headers["Retry-After"] = email.utils.formatdate(moment, usegmt=True)
        if "reset" in self.options:
            headers["X-RateLimit-Remaining"] = "0"
            headers["X-RateLimit-Reset"] = str(int(time.time()) + skew + int(self.options["reset"]))
        self.skew = skew
        said = self.options.get("says", '{"error": "no luck"}').encode()
        self.answer(int(self.options["code"]), said, headers)

    def date_time_string(self, timestamp=None):
        return email.utils.formatdate(time.time() + getattr(self, "skew", 0), usegmt=True)

    def fault_echo(self):
        said = json.dumps({"error": "bad token", "sent": dict(self.headers.items())}).encode()
        self.answer(401, said, {"Content-Type": "application/json"})

    def fault_echopage(self):
        page = "<html><body>" + "x " * 20 + json.dumps(dict(self.headers.items())) + self.path
        self.answer(200, page.encode(), {"Content-Type": "text/html"})

    def fault_cutgzip(self):
        packed = gzip.compress(self.body)
        self.answer(200, packed[:len(packed) // 2], {"Content-Type": "text/csv", "Content-Encoding": "gzip"})

    def fault_gzip(self):
        self.answer(200, gzip.compress(self.body), {"Content-Type": "text/csv", "Content-Encoding": "gzip"})

    def fault_brotli(self):
        self.answer(200, b"\x0b\x02\x80abc\x03", {"Content-Type": "text/csv", "Content-Encoding": "br"})

    def fault_notgzip(self):
        self.answer(200, self.body, {"Content-Type": "text/csv", "Content-Encoding": "gzip"})

    def fault_digest(self):
        self.answer(200, self.body, {"Content-Type": "text/csv", self.options["header"]: self.options["value"]})

    def fault_unasked(self):
        self.answer(304, b"", {"ETag": self.etag})

    def fault_otherpart(self):
        if self.headers.get("Range"):
            self.answer(206, self.body[3:], {"Content-Type": "text/csv", "ETag": self.etag,
                                             "Content-Range": "bytes 3-%d/%d" % (len(self.body) - 1, len(self.body))})
        else:
            self.fault_reset()

    def fault_changed(self):
        """Breaks off; by the next request the file is another one, with another ETag."""
        self.begin()
        with open(os.path.join(FOLDER, urllib.parse.urlsplit(self.path).path.lstrip("/")), "ab") as file:
            file.write(b"9,z,2024-01-01,,1\n")
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def handle_error(self, *_):
        pass


server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
