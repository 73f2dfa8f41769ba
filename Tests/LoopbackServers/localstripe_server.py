"""localstripe on the loopback, with a clock that is set and errors on demand.

usage: localstripe_server.py PORT

POST /_test/clock?now=SECONDS      what the service takes for the time, in its records as in its `Date` headers
POST /_test/faults?every=N         every Nth request is answered 429, 500 or 503 in turn (0: none); gives how many were so far
"""
import sys
import time

now = [time.time()]
time.time = lambda: now[0]

from aiohttp import web  # noqa: E402
from localstripe import resources  # noqa: E402
from localstripe.server import app  # noqa: E402

# One file for all servers of a machine would be no place for a test's data.
resources.store.dump_to_disk = lambda *arguments: None
faults = {"every": 0, "requests": 0, "answered": 0}


@web.middleware
async def controlled(request, handler):
    if request.path == "/_test/clock":
        now[0] = float(request.query["now"])
        return web.Response()
    if request.path == "/_test/faults":
        answered = faults["answered"]
        faults.update(every=int(request.query["every"]), answered=0)
        return web.Response(text=str(answered))
    faults["requests"] += 1
    if faults["every"] and faults["requests"] % faults["every"] == 0:
        status = (429, 500, 503)[faults["answered"] % 3]
        faults["answered"] += 1
        headers = {"Retry-After": "0"} if status != 500 else {}
        return web.json_response({"error": {"message": "try again"}}, status=status, headers=headers)
    return await handler(request)


app.middlewares.insert(0, controlled)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
