"""The event lines of the serd daemon, for the recipes in the folders beside this file. Needs nothing but Python 3.

What the lines mean is in Sources/SerdProtocol/PROTOCOL.md.
"""

import json
import os
import socket
import time

DEFAULT_PATH = os.environ.get("SERD_SOCKET", "/run/serd/events.sock")


def follow(path, interval=None):
    """Yields (type, data) of every line, across restarts of the daemon, for ever.

    Two types are not the daemon's: "disconnected", with a reason, once a second while there is no connection; and
    "nothing" when no line came for `interval` seconds.
    """
    while True:
        reason = "the daemon has ended the connection"
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(interval)
                connection.connect(path)
                yield from _events(connection)
        except OSError as error:
            reason = f"{path}: {error.strerror or error}"
        yield "disconnected", {"reason": reason}
        time.sleep(1)


def _events(connection):
    rest = b""
    while True:
        try:
            chunk = connection.recv(1 << 16)
        except TimeoutError:
            yield "nothing", {}
            continue
        if not chunk:
            return
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            event = json.loads(line)
            yield event["type"], event["data"]
