"""The rules of five vendors' APIs, as their documentation states them, for `replay_server.py`."""
import copy
import csv
import io
import json
import re
import urllib.parse
from datetime import datetime, timezone

from replay_server import Answer, Vendor


def instant(text):
    """Seconds since 1970 of ISO 8601, or of milliseconds since 1970."""
    if re.fullmatch(r"\d{12,}", text):
        return int(text) / 1000
    text = re.sub(r"Z$", "+00:00", text)
    text = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text)
    return datetime.fromisoformat(text).astimezone(timezone.utc).timestamp()


class Stripe(Vendor):
    """Lists are newest first and filtered by `created` alone; events name what changed."""

    @staticmethod
    def fault(status, message, **more):
        return Answer(status, {"error": {"message": message, "type": "invalid_request_error", **more}})

    def answer(self, request):
        if not (request.bearer or "").startswith("sk_"):
            raise self.fault(401, "You did not provide an API key.")
        if request.headers.get("stripe-version") != "2024-06-20":
            raise self.fault(400, "Invalid Stripe API version")
        parts = request.path.strip("/").split("/")
        if parts[0] != "v1":
            return
        if len(parts) == 4:
            record = self.account.get(parts[1], parts[2]) or {}
            raise self.list(request, record.get(parts[3], {}).get("data", []), set())
        if parts[1] == "subscription_items":
            record = self.account.get("subscriptions", request.query["subscription"])
            raise self.list(request, record["items"]["data"], {"subscription"})
        if len(parts) == 3:
            record = self.account.get(*parts[1:])
            if record is None:
                raise self.fault(404, "No such %s: '%s'" % (parts[1][:-1], parts[2]), code="resource_missing")
            raise Answer(200, self.cut(self.expanded(record, request.all("expand[]"))))
        records = [record for record in self.account.list(parts[1]) if not record.get("deleted")]
        records.sort(key=lambda record: (record["created"], record["id"]), reverse=True)
        known = {"created[gte]"}
        if parts[1] == "subscriptions":
            known.add("status")
            if request.query.get("status") != "all":
                records = [record for record in records if record["status"] != "canceled"]
        if parts[1] == "events":
            known.add("types[]")
            types = request.all("types[]")
            if len(types) > 20:
                raise self.fault(400, "Array types has too many elements: 20 at most")
            records = [record for record in records if not types or record["type"] in types]
        if "created[gte]" in request.query:
            records = [record for record in records if record["created"] >= int(request.query["created[gte]"])]
        raise self.list(request, records, known)

    def list(self, request, records, known):
        request.refuse_unknown(
            known | {"limit", "starting_after", "expand[]"},
            lambda name: self.fault(400, "Received unknown parameter: " + name, code="parameter_unknown"))
        limit = int(request.query.get("limit", 10))
        if not 1 <= limit <= 100:
            raise self.fault(400, "Invalid integer: limit")
        limit = self.limited(limit, 100)
        start = 0
        if "starting_after" in request.query:
            ids = [record["id"] for record in records]
            if request.query["starting_after"] not in ids:
                raise self.fault(400, "No such object: " + request.query["starting_after"], code="resource_missing")
            start = ids.index(request.query["starting_after"]) + 1
        page = [
            self.cut(self.expanded(record, [
                path[len("data."):] for path in request.all("expand[]")]))
            for record in records[start:start + limit]]
        return Answer(200, {
            "object": "list", "url": request.path, "has_more": start + limit < len(records), "data": page})

    def expanded(self, record, paths):
        record = copy.deepcopy(record)
        for path in paths:
            record[path] = self.account.get(path + "s", record[path])
        return record

    def cut(self, record):
        """A list inside of a record is given with its first elements only."""
        most = self.options.get("nested", 10)
        record = copy.deepcopy(record)
        for field in ("items", "lines"):
            if len(record.get(field, {}).get("data", [])) > most:
                record[field]["data"] = record[field]["data"][:most]
                record[field]["has_more"] = True
        return record


class Chargebee(Vendor):
    """Records in an envelope; `updated_at[after]` is strict, and passes over records without that time."""

    RESOURCES = {
        "subscriptions": "subscription", "item_prices": "item_price", "customers": "customer", "invoices": "invoice",
        "credit_notes": "credit_note", "transactions": "transaction", "coupons": "coupon"}
    SORTED = {
        "subscriptions": {"created_at", "updated_at"}, "customers": {"created_at", "updated_at"},
        "invoices": {"date", "updated_at"}, "credit_notes": {"date"}, "transactions": {"date", "updated_at"},
        "item_prices": {"name", "id", "updated_at"}, "coupons": {"created_at"}}

    @staticmethod
    def fault(status, message):
        return Answer(status, {"message": message, "api_error_code": "param_wrong_value", "http_status_code": status})

    def answer(self, request):
        if request.basic_user is None or not request.basic_user.startswith("test_"):
            raise self.fault(401, "Sorry, authentication failed. Invalid API key.")
        parts = request.path.strip("/").split("/")
        if parts[:2] != ["api", "v2"] or len(parts) != 3 or parts[2] not in self.RESOURCES:
            return
        name, envelope = parts[2], self.RESOURCES[parts[2]]
        known = {"limit", "offset", "updated_at[after]", "sort_by[asc]"}
        known |= {"type[is]"} if name == "transactions" else set()
        known |= {"status[in]"} if name == "item_prices" else {"include_deleted"} if name != "coupons" else set()
        request.refuse_unknown(known, lambda key: self.fault(400, key + " : unknown parameter"))
        records = self.account.list(name)
        if "status[in]" in request.query:
            records = [record for record in records if record["status"] in request.query["status[in]"][1:-1].split(",")]
        elif request.query.get("include_deleted") != "true":
            records = [record for record in records if not record.get("deleted") and record.get("status") != "deleted"]
        if "type[is]" in request.query:
            records = [record for record in records if record["type"] == request.query["type[is]"]]
        if "updated_at[after]" in request.query:
            bound = int(request.query["updated_at[after]"])
            records = [record for record in records if record.get("updated_at", 0) > bound]
        field = request.query.get("sort_by[asc]")
        if field is not None and field not in self.SORTED[name]:
            raise self.fault(400, "sort_by[asc] : does not support " + field)
        records.sort(key=lambda record: (record.get(field or "created_at", 0), record["id"]))
        if field is None:
            records.reverse()
        limit = int(request.query.get("limit", 10))
        if not 1 <= limit <= 100:
            raise self.fault(400, "limit : should be between 1 and 100")
        limit = self.limited(limit, 100)
        # A token says which record is next, so that new ones do not shift it.
        start = 0
        if "offset" in request.query:
            key = json.loads(request.query["offset"])[1]
            start = [record["id"] for record in records].index(key)
        page = {"list": [{envelope: record} for record in records[start:start + limit]]}
        if start + limit < len(records):
            page["next_offset"] = json.dumps(["1612890918000", records[start + limit]["id"]])
        raise Answer(200, page)


class Recurly(Vendor):
    """`begin_time` is inclusive; a HEAD request counts."""

    @staticmethod
    def fault(status, kind, message):
        return Answer(status, {"error": {"type": kind, "message": message, "params": []}})

    def answer(self, request):
        if not request.basic_user:
            raise self.fault(401, "unauthorized", "Your API key is missing or invalid.")
        if request.headers.get("accept") != "application/vnd.recurly.v2021-02-25":
            raise self.fault(406, "not_acceptable", "That accept header isn't in the format we use.")
        name = request.path.strip("/")
        if name not in ("subscriptions", "plans", "accounts", "invoices", "line_items", "transactions", "coupons"):
            return
        known = {"limit", "order", "sort", "begin_time", "cursor"}
        known |= {"type"} if name in ("invoices", "transactions") else set()
        request.refuse_unknown(known, lambda key: self.fault(400, "invalid_api_param", key))
        query = {"sort": "created_at", "order": "desc", "limit": "20", **request.query}
        records = self.account.list(name)
        if "type" in query:
            types = {"payment": ("purchase", "capture")}.get(query["type"], (query["type"],))
            records = [record for record in records if record["type"] in types]
        if "begin_time" in query:
            bound = instant(query["begin_time"])
            records = [record for record in records if instant(record[query["sort"]]) >= bound]
        records.sort(key=lambda record: (instant(record[query["sort"]]), record["id"]))
        if query["order"] == "desc":
            records.reverse()
        if request.method == "HEAD":
            raise Answer(200, b"", {"Recurly-Total-Records": str(len(records))})
        limit = int(query["limit"])
        if not 1 <= limit <= 200:
            raise self.fault(400, "invalid_api_param", "limit")
        limit = self.limited(limit, 200)
        start = 0
        if "cursor" in query:
            start = [record["id"] for record in records].index(query["cursor"].split(":")[0])
        more = start + limit < len(records)
        following = None
        if more:
            after = records[start + limit]
            cursor = {**request.query, "cursor": "%s:%d" % (after["id"], instant(after[query["sort"]]))}
            following = request.path + "?" + urllib.parse.urlencode(cursor)
        raise Answer(200, {
            "object": "list", "has_more": more, "next": following, "data": records[start:start + limit]})


class HubSpot(Vendor):
    """A search gives a bounded number of records, none that are archived, and nothing of associations."""

    DEFAULT = {"createdate", "hs_lastmodifieddate", "hs_object_id"}

    @staticmethod
    def fault(status, message):
        return Answer(status, {"status": "error", "message": message, "category": "VALIDATION_ERROR"})

    def answer(self, request):
        if not (request.bearer or "").startswith("pat-"):
            raise self.fault(401, "Authentication credentials not found.")
        parts = request.path.strip("/").split("/")
        if parts[:3] != ["crm", "v3", "objects"]:
            return
        name = parts[3]
        if parts[4:] == ["search"] and request.method == "POST":
            raise self.search(name, json.loads(request.body))
        known = {"limit", "after", "properties", "associations", "archived"}
        request.refuse_unknown(known, lambda key: self.fault(400, "unknown parameter " + key))
        properties = {text for value in request.all("properties") for text in value.split(",")} | self.DEFAULT
        associations = [text for value in request.all("associations") for text in value.split(",")]
        if len(parts) == 5:
            record = self.account.get(name, parts[4])
            if record is None or record["archived"]:
                raise Answer(404, {"status": "error", "message": "resource not found", "category": "OBJECT_NOT_FOUND"})
            raise Answer(200, self.shown(record, properties, associations))
        archived = request.query.get("archived", "false") == "true"
        records = sorted(
            (record for record in self.account.list(name) if record["archived"] == archived),
            key=lambda record: int(record["id"]))
        limit = int(request.query.get("limit", 10))
        if not 1 <= limit <= 100:
            raise self.fault(400, "The requested number of items is too large")
        raise self.page(
            records, request.query.get("after"), self.limited(limit, 100), properties, associations, None)

    def search(self, name, body):
        if set(body) - {"filterGroups", "sorts", "properties", "limit", "after"}:
            raise self.fault(400, "Invalid input JSON")
        item = body["filterGroups"][0]["filters"][0]
        if item["operator"] != "GTE" or not isinstance(item["value"], str):
            raise self.fault(400, "There was a problem with the request.")
        bound, field = instant(item["value"]), item["propertyName"]
        records = [
            record for record in self.account.list(name)
            if not record["archived"] and instant(record["properties"][field]) >= bound]
        if body.get("sorts") == [{"propertyName": field, "direction": "ASCENDING"}]:
            records.sort(key=lambda record: instant(record["properties"][field]))
        limit = body.get("limit", 10)
        window = self.options.get("window", 10000)
        if not 1 <= limit <= 200:
            raise self.fault(400, "limit must be at most 200")
        limit = self.limited(limit, 200)
        if int(body.get("after", 0)) + limit > window:
            raise self.fault(400, "The offset and limit must not go beyond %d" % window)
        raise self.page(
            records, body.get("after"), limit, set(body.get("properties", [])) | self.DEFAULT, [], window)

    def page(self, records, after, limit, properties, associations, window):
        if window is None:
            start = 0 if after is None else [record["id"] for record in records].index(after)
        else:
            start = int(after or 0)
        page = {"results": [self.shown(record, properties, associations) for record in records[start:start + limit]]}
        if window is not None:
            page = {"total": len(records), **page}
        if start + limit < len(records):
            token = records[start + limit]["id"] if window is None else str(start + limit)
            page["paging"] = {"next": {"after": token, "link": self.origin}}
        return Answer(200, page)

    @staticmethod
    def shown(record, properties, associations):
        shown = {key: value for key, value in record.items() if key != "associations"}
        shown["properties"] = {key: record["properties"].get(key) for key in sorted(properties)}
        found = {key: value for key, value in record.get("associations", {}).items() if key in associations}
        return {**shown, "associations": found} if found else shown


class Salesforce(Vendor):
    """SOQL of the form the connector asks, through REST and through a Bulk job."""

    QUERY = re.compile(
        r"SELECT (?P<fields>.+?) FROM (?P<object>\w+)(?: WHERE (?P<field>\w+) >= (?P<since>\S+))?(?: ORDER BY .+)?$")

    def __init__(self, folder, options):
        super().__init__(folder, options)
        self.jobs, self.cursors = {}, {}

    @staticmethod
    def key_of(record):
        return record["Id"]

    @staticmethod
    def fault(status, code, message):
        return Answer(status, [{"message": message, "errorCode": code}])

    def answer(self, request):
        if request.path == "/services/oauth2/token" and request.method == "POST":
            raise self.token(dict(urllib.parse.parse_qsl(request.body.decode())))
        if request.bearer != "00Dxx!token":
            raise self.fault(401, "INVALID_SESSION_ID", "Session expired or invalid")
        path = request.path.removeprefix("/services/data/v60.0")
        if path == "/queryAll":
            raise self.rows(*self.select(request.query["q"]), 0)
        if path.startswith("/query/"):
            locator, _, start = path.rsplit("/", 1)[1].rpartition("-")
            raise self.rows(*self.cursors[locator], int(start))
        if path == "/jobs/query" and request.method == "POST":
            body = json.loads(request.body)
            if body["operation"] != "queryAll":
                raise self.fault(400, "INVALIDJOB", "operation")
            key = "750xx%09d" % len(self.jobs)
            self.jobs[key] = [self.select(body["query"]), 0]
            raise Answer(200, {"id": key, "operation": "queryAll", "state": "UploadComplete", "contentType": "CSV"})
        match = re.fullmatch(r"/jobs/query/(\w+)(/results)?", path)
        if match and match[1] in self.jobs:
            raise self.results(request, match[1]) if match[2] else self.state(match[1])

    def token(self, form):
        granted = {
            "client_credentials": ("client_id", "client_secret"),
            "refresh_token": ("client_id", "refresh_token")}.get(form.get("grant_type"), ("grant_type",))
        if any(not form.get(name) for name in granted):
            raise Answer(400, {"error": "invalid_client", "error_description": "invalid client credentials"})
        return Answer(200, {
            "access_token": "00Dxx!token", "instance_url": self.origin, "token_type": "Bearer", "scope": "api",
            "id": "https://login.salesforce.com/id/00Dxx0000001gPLEAY/005xx000001SwiUAAS",
            "issued_at": "1717243200000", "signature": "c2lnbmF0dXJl"})

    def select(self, soql):
        match = self.QUERY.match(soql)
        if match is None:
            raise self.fault(400, "MALFORMED_QUERY", "unexpected token: " + soql)
        records = self.account.list(match["object"])
        if match["since"]:
            bound = instant(match["since"])
            records = [record for record in records if instant(record[match["field"]]) >= bound]
            records.sort(key=lambda record: (instant(record[match["field"]]), record["Id"]))
        fields = match["fields"].split(", ")
        for record in records:
            for field in fields:
                if field.split(".")[0] not in record:
                    raise self.fault(400, "INVALID_FIELD", "No such column '%s'" % field)
        return match["object"], fields, records

    def rows(self, name, fields, records, start):
        size = self.options.get("page", 2000)
        page = []
        for record in records[start:start + size]:
            row = {"attributes": {"type": name, "url": "/services/data/v60.0/sobjects/%s/%s" % (name, record["Id"])}}
            for field in fields:
                head, _, tail = field.partition(".")
                row[head] = {"attributes": {"type": "User"}, tail: record[head][tail]} if tail else record[head]
            page.append(row)
        done = start + size >= len(records)
        answer = {"totalSize": len(records), "done": done, "records": page}
        if not done:
            self.cursors["01gxx0000002"] = (name, fields, records)
            answer["nextRecordsUrl"] = "/services/data/v60.0/query/01gxx0000002-%d" % (start + size)
        return Answer(200, answer)

    def state(self, key):
        job = self.jobs[key]
        job[1] += 1
        answer = {"id": key, "operation": "queryAll", "object": job[0][0], "state": "InProgress", "apiVersion": 60.0}
        if job[1] > 1:
            answer.update({"state": "JobComplete", "numberRecordsProcessed": len(job[0][2]), "retries": 0})
        return Answer(200, answer)

    def results(self, request, key):
        _, fields, records = self.jobs[key][0]
        size = self.limited(int(request.query.get("maxRecords", 50000)), 50000)
        start = int(request.query.get("locator", 0))
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(fields)
        for record in records[start:start + size]:
            writer.writerow([self.cell(record, field) for field in fields])
        more = start + size < len(records)
        return Answer(200, text.getvalue().encode(), {
            "Sforce-NumberOfRecords": str(len(records[start:start + size])),
            "Sforce-Locator": str(start + size) if more else "null"}, "text/csv")

    @staticmethod
    def cell(record, field):
        head, _, tail = field.partition(".")
        value = record[head][tail] if tail else record[head]
        if value is None:
            return ""
        return str(value).lower() if isinstance(value, bool) else value


VENDORS = {
    "stripe": Stripe, "chargebee": Chargebee, "recurly": Recurly, "hubspot": HubSpot, "salesforce": Salesforce}
