"""An API that gives lists page by page, as the script FOLDER/api.json says; a changed script is taken anew.

{"skew": seconds its clock goes wrong, "now": what its clock says instead,
 "auth": {"header": "authorization", "values": ["Bearer t1"]},
 "token": {"status": 200, "reply": {...}, "uses": requests one token is good for},
 "lists": {NAME: {
    "records": [{"id": "a", "updated": 5, ...}], "sort": the field pages are sorted by,
    "style": "last_id|token|header_token|next_url|link|number|offset|single",
    "least": smallest size it takes,
    "position": "page|offset|tagged|sealed" where cursors are numbers of pages, or of records before them, plain, behind a letter, or in base64,
    "size": of a page, "cap": largest size it gives, "window": records it gives to one question,
    "shape": "data" | "array" | "csv" | "pretty", "total": "field|header|none", "first": number of the first page,
    "more": false to say nothing of has_more,
    "steps": [{"at": request number or "always", "put": [records], "remove": [ids], "now": its clock,
               "fault": name, ...what it needs}]}}}
A fault "page" is a page that is wrong: "first" the first one again, "short": n, "more": whatever the truth is, "silent" on it,
"says" something else of it, "cursor" of the next page ("" for one that is always new), "total", "host" of the next URL,
"fresh" records that are other ones each time.

GET /api/NAME                parameters limit, after, cursor, page, offset, since, without=FIELD (records where it is null)
POST /api/NAME               the same in a JSON body, with {"after": ...} in "paging"
GET /api/NAME/ID             one record, or 404
GET /api/NAME/ID/LIST        further elements of a list within a record
POST /api/jobs/NAME          a job whose results are the list, in "polls" looks
FOLDER/api.log               every request: a line of JSON
"""
import base64
import bisect
import gzip
import json
import os
import socket
import struct
import threading
import time
import urllib.parse


class PagingAPI:
    def __init__(self, folder):
        self.folder = folder
        self.script = {}
        self.stamp = None
        self.guard = threading.RLock()

    # The script

    def load(self):
        path = os.path.join(self.folder, "api.json")
        status = os.stat(path)
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        if stamp == self.stamp:
            return
        with open(path) as file:
            self.script = json.load(file)
        self.stamp = stamp
        self.now = self.script.get("now")
        self.counts = {}
        self.tokens = 0
        self.uses = 0
        self.polls = {}
        for name, entry in self.script.get("lists", {}).items():
            entry["records"] = {record["id"]: record for record in entry["records"]}
            self.sort(entry)

    @staticmethod
    def sort(entry):
        field = entry.get("sort", "id")
        records = list(entry["records"].values())
        if field != "position":
            records.sort(key=lambda record: (record.get(field) is not None, record.get(field), record["id"]))
        entry["order"] = records
        entry["texts"] = {}

    def step(self, name, entry):
        """Does what is to be done before this request; gives its fault."""
        count = self.counts[name] = self.counts.get(name, 0) + 1
        fault = None
        for step in entry.get("steps", []):
            if step["at"] != count and step["at"] != "always":
                continue
            for record in step.get("put", []):
                if step.get("front"):
                    entry["records"] = {record["id"]: record, **entry["records"]}
                else:
                    entry["records"][record["id"]] = record
            for key in step.get("remove", []):
                entry["records"].pop(key, None)
            if "put" in step or "remove" in step:
                self.sort(entry)
            self.now = step.get("now", self.now)
            if "fault" in step:
                fault = step
        return fault

    # Answering

    def answer(self, handler, split):
        with self.guard:
            self.load()
            query = urllib.parse.parse_qsl(split.query, keep_blank_values=True)
            said = getattr(handler, "said", "")
            handler.said = ""
            with open(os.path.join(self.folder, "api.log"), "a") as log:
                log.write(json.dumps({
                    "method": handler.command, "path": split.path, "query": split.query, "body": said,
                    "host": handler.headers.get("Host", ""), "time": time.time(),
                    "headers": {name.lower(): value for name, value in handler.headers.items()}}) + "\n")
            self.set_clock(handler)
            parts = [urllib.parse.unquote(part) for part in split.path.strip("/").split("/")]
            if parts[0] == "token":
                self.give_token(handler)
                return
            if not self.knows(handler):
                self.send(handler, 401, {"error": "who are you", "sent": dict(handler.headers.items())})
                return
            options = dict(query)
            if said:
                body = json.loads(said)
                options.update({key: value for key, value in body.items() if not isinstance(value, dict)})
                options.update(body.get("paging", {}))
            if parts[1] == "jobs":
                self.job(handler, parts[2:], options)
                return
            entry = self.script["lists"][parts[1]]
            fault = self.step(parts[1], entry) if len(parts) == 2 else None
            self.set_clock(handler)
        if fault and fault["fault"] != "page":
            getattr(self, "fault_" + fault["fault"])(handler, fault)
            return
        with self.guard:
            if len(parts) > 3:
                self.inner(handler, entry, parts[2], parts[3], options)
            elif len(parts) > 2:
                self.record(handler, entry, parts[2])
            else:
                self.page(handler, split, entry, options, fault or {})

    def set_clock(self, handler):
        now = int(time.time())
        handler.skew = self.now - now if self.now is not None else self.script.get("skew", 0)

    def give_token(self, handler):
        token = self.script["token"]
        self.tokens += 1
        self.uses = 0
        status = token.get("status", 200)
        if status != 200:
            self.send(handler, status, token.get("reply", {"error": "invalid_client"}))
            return
        self.token = "token-%d-of-the-test" % self.tokens
        self.send(handler, 200, {"access_token": self.token, "token_type": "Bearer", **token.get("reply", {})})

    def knows(self, handler):
        if "token" in self.script:
            self.uses += 1
            good = self.uses <= self.script["token"].get("uses", 10**9)
            return good and handler.headers.get("Authorization") == "Bearer " + getattr(self, "token", "none")
        auth = self.script.get("auth")
        return not auth or handler.headers.get(auth["header"]) in auth["values"]

    @staticmethod
    def send(handler, status, value, headers=None):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        handler.send_response(status)
        for name, text in {"Content-Type": "application/json", **(headers or {})}.items():
            handler.send_header(name, text)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    # Pages

    def page(self, handler, split, entry, options, fault):
        records = self.asked(entry, options)
        size = min(int(options.get("limit", entry.get("size", 3))), entry.get("cap", 10**9))
        if size < entry.get("least", 0):
            self.send(handler, 400, {"error": "limit is too small"})
            return
        style = entry["style"]
        start = 0
        if style in ("number", "offset"):
            start = int(options.get("offset", 0))
            if style == "number":
                start = (int(options.get("page", entry.get("first", 1))) - entry.get("first", 1)) * size
        elif style == "last_id" and "after" in options:
            field = entry.get("sort", "id")
            last = entry["records"].get(options["after"], {"id": options["after"], field: options["after"]})
            start = self.behind(records, field, last.get(field), last["id"])
        elif "position" in entry and "cursor" in options:
            start = self.position(entry, options["cursor"]) * (size if entry["position"] == "page" else 1)
        elif "cursor" in options:
            value, key = json.loads(options["cursor"])
            start = self.behind(records, entry.get("sort", "id"), value, key)
        if "window" in entry:
            records = records[:entry["window"]]
        if "first" in fault:
            start = 0
        chosen = records[start:start + size] if style != "single" else records
        more = start + len(chosen) < len(records)
        more = fault.get("more", more)
        if "short" in fault:
            chosen = chosen[:fault["short"]]
            more = True
        lost = chosen[-1:] if "lost" in fault and len(chosen) > 1 else []
        if "fresh" in fault:
            chosen = [{**record, "served": self.counts["books"]} for record in chosen]
            entry["texts"] = {}
        next_ = None
        if more:
            last = chosen[-1] if chosen else records[0]
            next_ = json.dumps([last.get(entry.get("sort", "id")), last["id"]])
            if "position" in entry:
                next_ = self.cursor(entry, (start + len(chosen)) // (size if entry["position"] == "page" else 1))
        if "cursor" in fault:
            next_ = fault["cursor"] or json.dumps([None, "auto %d" % self.counts["books"]])
        if lost:
            chosen = chosen[:-2] + chosen[-1:]
        self.send_page(handler, split, entry, chosen, len(records), more, next_, fault)

    @staticmethod
    def cursor(entry, number):
        if entry["position"] == "sealed":
            return base64.urlsafe_b64encode(b'{"offset": %d}' % number).decode().rstrip("=")
        return "o-%d" % number if entry["position"] == "tagged" else str(number)

    @staticmethod
    def position(entry, cursor):
        if entry["position"] == "sealed":
            return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))["offset"]
        return int(cursor.removeprefix("o-"))

    @staticmethod
    def behind(records, field, value, key):
        return bisect.bisect_right(
            records, (value is not None, value, key),
            key=lambda record: (record.get(field) is not None, record.get(field), record["id"]))

    @staticmethod
    def asked(entry, options):
        records = entry["order"]
        if "since" in options:
            since = options["since"]
            compare = int(since) if str(since).lstrip("-").isdigit() else since
            strict = entry.get("bound") == "exclusive"
            records = [record for record in records if record.get("updated") is not None and
                       (record["updated"] > compare if strict else record["updated"] >= compare)]
        if "without" in options:
            records = [record for record in records if record.get(options["without"]) is None]
        if options.get("deleted") == "no":
            records = [record for record in records if not record.get("deleted")]
        return records

    def send_page(self, handler, split, entry, chosen, total, more, next_, fault):
        style, shape = entry["style"], entry.get("shape", "data")
        headers = {}
        total = fault.get("total", total)
        if entry.get("total") == "header":
            headers["X-Total"] = str(total)
        here = "http://%s%s" % (fault.get("host", handler.headers.get("Host")), split.path)
        kept = [pair for pair in urllib.parse.parse_qsl(split.query) if pair[0] != "cursor"]
        url = here + "?" + urllib.parse.urlencode(kept + [("cursor", next_ or "")])
        if style == "link" and next_:
            headers["Link"] = '<%s>; rel="prev", <%s>; rel="next"' % (here, url)
        if style == "header_token":
            headers["X-Next"] = next_ or "null"
        if shape == "csv":
            names = entry["columns"]
            lines = [",".join('"%s"' % name for name in names)]
            for record in chosen:
                lines.append(",".join(
                    '"%s"' % str(record.get(name, "")).replace('"', '""') if record.get(name) is not None else ""
                    for name in names))
            self.send(handler, 200, ("\n".join(lines) + "\n").encode(), {"Content-Type": "text/csv", **headers})
            return
        texts = [self.text(entry, record, shape) for record in chosen]
        if shape == "array":
            self.send(handler, 200, ("[" + ",".join(texts) + "]").encode(), headers)
            return
        around = {}
        if entry.get("more", True) and "silent" not in fault:
            around["has_more"] = fault.get("says", more)
        if entry.get("total") == "field":
            around["total"] = total
        if style == "token" and (next_ or entry.get("null_next")):
            around["next"] = {"cursor": next_}
        if style == "next_url":
            around["next"] = None if not next_ else url if fault.get("host") or entry.get("absolute") else url[url.index("/", 8):]
        text = json.dumps(around)[:-1] + (", " if around else "")
        self.send(handler, 200, (text + '"%s": [%s]}' % (entry.get("records_name", "data"), ",".join(texts))).encode(), headers)

    @staticmethod
    def text(entry, record, shape):
        text = entry["texts"].get(record["id"])
        if text is None:
            shown = {key: value for key, value in record.items() if key != "inner"}
            for name, list_ in record.get("inner", {}).items():
                cut = list_[:2]
                shown[name] = {"object": "list", "data": cut, "has_more": len(cut) < len(list_),
                               "url": "/api/%s/%s/%s" % (entry.get("name", "books"), record["id"], name)}
            text = json.dumps(shown, indent=2 if shape == "pretty" else None)
            entry["texts"][record["id"]] = text
        return text

    def record(self, handler, entry, key):
        record = entry["records"].get(key)
        if record is None:
            if entry.get("html404"):
                self.send(handler, 404, b"<html>not here</html>", {"Content-Type": "text/html"})
            else:
                self.send(handler, 404, {"error": "no such record"})
            return
        self.send(handler, 200, self.text(entry, record, "data").encode())

    def inner(self, handler, entry, key, name, options):
        list_ = entry["records"][key]["inner"][name]
        ids = [element["id"] for element in list_]
        start = ids.index(options["starting_after"]) + 1
        if entry.get("inner_loops"):
            start = 0
        size = entry.get("inner_size", 2)
        chosen = list_[start:start + size]
        self.send(handler, 200, {"data": chosen, "has_more": start + size < len(list_)})

    # Jobs

    def job(self, handler, parts, options):
        entry = self.script["lists"][parts[0]]
        if len(parts) == 1:
            self.step(parts[0], entry)
            self.polls[parts[0]] = 0
            self.send(handler, 201, {"id": "job 1", "state": "UploadComplete"})
            return
        if len(parts) == 3:
            self.page(handler, urllib.parse.urlsplit(handler.path), entry, options, {})
            return
        self.polls[parts[0]] += 1
        done = self.polls[parts[0]] > entry.get("polls", 2)
        state = entry.get("ends", "JobComplete") if done else "InProgress"
        headers = {"Retry-After": "7"} if entry.get("retry_after") else {}
        self.send(handler, 200, {
            "id": "job 1", "state": state, "errorMessage": "no such field: Foo",
            "numberRecordsProcessed": len(entry["order"]) + entry.get("miscounted", 0)}, headers)

    # Faults

    def fault_status(self, handler, fault):
        self.send(handler, fault["code"], {"error": "no luck"}, fault.get("headers"))

    def fault_html(self, handler, fault):
        self.send(handler, 200, b"<!DOCTYPE html><html><title>Sign in</title></html>", {"Content-Type": "text/html"})

    def fault_body(self, handler, fault):
        self.send(handler, 200, fault["body"].encode(), {"Content-Type": fault.get("type", "application/json")})

    def fault_packed(self, handler, fault):
        page = b'{"data": [{"id": "packed"}], "has_more": false}'
        self.send(handler, 200, gzip.compress(page), {"Content-Encoding": "gzip"})

    def fault_bomb(self, handler, fault):
        page = b'{"data": [{"id": "' + b"0" * 10_000_000 + b'"}], "has_more": false}'
        self.send(handler, 200, gzip.compress(page), {"Content-Encoding": "gzip"})

    def fault_redirect(self, handler, fault):
        self.send(handler, 302, b"", {"Location": fault["to"]})

    def half(self, handler):
        body = b'{"has_more": false, "data": [{"id": "half'
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(10 * len(body)))
        handler.end_headers()
        handler.wfile.write(body)
        handler.wfile.flush()
        handler.close_connection = True

    def fault_short(self, handler, fault):
        self.half(handler)

    def fault_reset(self, handler, fault):
        self.half(handler)
        time.sleep(0.05)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()

    def fault_stall(self, handler, fault):
        self.half(handler)
        time.sleep(20)

    def fault_endless(self, handler, fault):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        try:
            handler.wfile.write(b"c\r\n" + b'{"data": [{"' + b"\r\n")
            while True:
                handler.wfile.write(b"10000\r\n" + b"a" * 65536 + b"\r\n")
        except OSError:
            pass
        handler.close_connection = True
