"""A client that reads the lines of a daemon, and sees whether any is missing (PROTOCOL.md)."""

import json
import socket
import time

from serdtools.command import fail


class Events:
    """The events of a connection that has subscribed to windows. `problems` are texts."""

    def __init__(self, path, patience=None):
        """Waits for the socket for half a minute; for a line, as many seconds as `patience` says."""
        self.problems, self.seq = [], 0
        self.client = _connection(path)
        self.client.settimeout(patience)
        self.send("subscribe", windows=True)

    def send(self, kind, **data):
        command = {"type": kind, "data": data} if data else {"type": kind}
        self.client.sendall(json.dumps(command).encode() + b"\n")

    def __iter__(self):
        """Yields (type, data, line)."""
        for line in self.client.makefile("rb"):
            event, text = json.loads(line), line.decode().strip()
            self.seq += 1
            if event["seq"] != self.seq or event["type"] in ("lagged", "error"):
                self.problems.append(f"after line {self.seq - 1}: {text}")
                self.seq = event["seq"]
            yield event["type"], event.get("data") or {}, text


def _connection(path):
    for _ in range(600):
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            client.connect(str(path))
            return client
        except OSError:
            client.close()
            time.sleep(0.05)
    fail("the daemon made no socket in 30 seconds")
