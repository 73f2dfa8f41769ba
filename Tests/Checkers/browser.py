"""Chromium without a window, spoken to over a pipe by its DevTools protocol: one start for any number of pages."""

import json
import os
import shutil
import subprocess
import tempfile


def program():
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        path = shutil.which(name)
        if path:
            return path
    raise SystemExit("no Chromium is on the PATH")


class Browser:
    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="perennial-browser-")
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        arguments = [
            program(), "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--disable-dev-shm-usage", "--hide-scrollbars",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe",
            f"--user-data-dir={self.folder}/profile", "about:blank",
        ]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")

        # It reads file 3 and writes file 4; by way of high numbers, so that neither is overwritten by the other.
        def arrange():
            os.dup2(theirs_in, 103)
            os.dup2(theirs_out, 104)
            os.dup2(103, 3)
            os.dup2(104, 4)

        self.process = subprocess.Popen(
            arguments, close_fds=False, preexec_fn=arrange, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
            env={"PATH": os.environ.get("PATH", ""), "HOME": self.folder, "TMPDIR": self.folder, "LANG": "C.UTF-8"})
        os.close(theirs_in)
        os.close(theirs_out)
        self.output = os.fdopen(ours_out, "wb")
        self.input = ours_in
        self.buffer = b""
        self.count = 0
        self.events = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.page("Page.enable")
        self.page("Runtime.enable")
        return self

    def __exit__(self, *_):
        try:
            self.output.close()
            os.close(self.input)
        finally:
            self.process.kill()
            self.process.wait()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _read(self):
        while b"\0" not in self.buffer:
            block = os.read(self.input, 1 << 16)
            if not block:
                raise SystemExit("Chromium has ended")
            self.buffer += block
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, session=None, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self.output.write(json.dumps(message).encode() + b"\0")
        self.output.flush()
        while True:
            answer = self._read()
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def page(self, method, **parameters):
        return self.ask(method, self.session, **parameters)

    def open(self, path, width, height=900, scheme="light", media=""):
        """Shows a file, so wide and in these colours, once it is loaded."""
        self.page("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.page(
            "Emulation.setEmulatedMedia", media=media,
            features=[{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}])
        self.events.clear()
        self.page("Page.navigate", url="file://" + os.path.abspath(path))
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._read())

    def evaluate(self, expression):
        """What JavaScript makes of it, promises waited for."""
        result = self.page("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise SystemExit(json.dumps(result["exceptionDetails"])[:2000])
        return result["result"].get("value")

    def faults(self):
        """What scripts of the page have thrown since it was opened."""
        return [
            event["params"]["exceptionDetails"].get("text", "")
            for event in self.events if event.get("method") == "Runtime.exceptionThrown"
        ]
