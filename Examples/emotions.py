#!/usr/bin/env python3
"""Prints emotions as the serd daemon hears them: begin or end, label, confidence, start time. It needs Python 3 alone.

    Examples/emotions.py [SOCKET]

Connects again when the daemon restarts. It does not ask for windows and does not start a daemon. The lines that it
reads are explained in Sources/SerdProtocol/PROTOCOL.md.
"""

import json
import os
import socket
import sys
import time

path = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SERD_SOCKET", "/run/serd/events.sock")


def lines():
    """Every line of the daemon, across its restarts."""
    while True:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.connect(path)
                yield from connection.makefile(encoding="utf-8")
        except OSError as error:
            print(f"{path}: {error.strerror}; trying again", file=sys.stderr)
        time.sleep(1)


for line in lines():
    event = json.loads(line)
    if event["type"] == "emotion":
        data = event["data"]
        print(data["phase"], data["label"], data["confidence"], data["start"]["utc"], flush=True)
