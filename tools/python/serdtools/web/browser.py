"""A headless Chromium, driven through two pipes by the DevTools protocol: no other program, no port."""

import base64
import json
import os
import select
import subprocess
import tempfile
import time

PATIENCE = 15


class Browser:
    """One browser with one page. What the page writes to its console, and what fails in it, is kept in `complaints`."""

    def __init__(self, width=1100, height=1400, scale=1.0, dark=False):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        child_in, self.to_child = os.pipe()
        self.from_child, child_out = os.pipe()

        # It reads from descriptor 3 and writes to 4.
        moving = f'exec "$0" "$@" 3<&{child_in} 4>&{child_out}'
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
        options += ["--remote-debugging-pipe", f"--user-data-dir={self.profile.name}", "about:blank"]
        self.process = subprocess.Popen(
            ["bash", "-c", moving, "chromium", *options],
            pass_fds=(child_in, child_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(child_in)
        os.close(child_out)
        self.number = 0
        self.bytes = b""
        self.session = None
        self.complaints = []
        target = self._until(self._first_page)
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.look(width, height, scale, dark)

    def look(self, width, height, scale=1.0, dark=False):
        """Gives the page a size, and the wish for light or dark."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **metrics)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=scheme)

    def _first_page(self):
        pages = [t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page"]
        return pages[0]["targetId"] if pages else None

    def call(self, method, **parameters):
        """Asks the browser for something, and returns its answer."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_child, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while True:
            answer = self._receive(end - time.monotonic())
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def _receive(self, seconds):
        while b"\0" not in self.bytes:
            ready, _, _ = select.select([self.from_child], [], [], max(0, seconds))
            if not ready:
                raise TimeoutError("the browser says nothing")
            self.bytes += os.read(self.from_child, 1 << 16)
        line, self.bytes = self.bytes.split(b"\0", 1)
        message = json.loads(line)
        self._note(message)
        return message

    def _note(self, message):
        data = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            details = data["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", details["text"]))
        elif message.get("method") == "Runtime.consoleAPICalled" and data["type"] in ("error", "warning"):
            self.complaints.append(" ".join(str(a.get("value", a.get("description"))) for a in data["args"]))
        elif message.get("method") == "Log.entryAdded" and data["entry"]["level"] in ("error", "warning"):
            self.complaints.append(f"{data['entry']['text']} {data['entry'].get('url', '')}")

    def open(self, url):
        self.call("Page.navigate", url=url)

    def value(self, script):
        """What a line of JavaScript evaluates to; a promise is waited for."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']['text']}")
        return result["result"].get("value")

    def wait(self, script, seconds=PATIENCE):
        """Waits until a line of JavaScript is true, and returns its value."""
        return self._until(lambda: self.value(script), seconds, script)

    @staticmethod
    def _until(condition, seconds=PATIENCE, what="the browser"):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := condition():
                return found
            time.sleep(0.05)
        raise TimeoutError(f"not within {seconds} s: {what}")

    def press(self, key, code=None):
        """Presses a key, as a person does."""
        text = {"Enter": "\r", " ": " "}.get(key, "")
        options = {
            "key": key,
            "code": code or key,
            "windowsVirtualKeyCode": {"Tab": 9, "Enter": 13, " ": 32}.get(key, 0),
        }
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **options)
        self.call("Input.dispatchKeyEvent", type="keyUp", **options)

    def picture(self, path, whole=True):
        """Writes what the page looks like."""
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def close(self):
        self.process.terminate()
        self.process.wait()
        os.close(self.to_child)
        os.close(self.from_child)
        self.profile.cleanup()
