"""A daemon whose microphone is unplugged and plugged in again, over and over, with an overrun each time: what
tools/slow-tests/replug runs.

    python3 replug.py SERD CYCLES

A client reads every event. Every interval without sound must be told, with about the length that it had; the state must say what is
so; memory, descriptors and threads must stay what they are.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time

from microphone import Microphone, resources, samples

# What the reported length of an interval may be longer by than seen from here, in seconds: sound that was not fetched in time is lost too.
SLACK = 1.0
# The first cycles fill caches of libasound and of the allocator.
WARM_UP = 20
# Of anonymous memory, between the end of the warm-up and the last cycle.
SLACK_KIB = 256


class Events:
    """The lines of a client's connection."""

    def __init__(self, path):
        self.problems, self.seq = [], 0
        self.client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.client.settimeout(60)
        self.client.connect(path)
        self.client.sendall(b'{"type":"subscribe","data":{"windows":true}}\n')
        self.lines = self.client.makefile("rb")

    def until(self, wanted):
        """The first event that `wanted` accepts. Gaps on the way were not asked for."""
        for line in self.lines:
            event = json.loads(line)
            self.seq += 1
            if event["seq"] != self.seq or event["type"] in ("lagged", "error"):
                self.problems.append(f"after line {self.seq - 1}: {line.decode().strip()}")
                self.seq = event["seq"]
            if wanted(event["type"], event.get("data") or {}):
                return event["data"]
            if event["type"] == "health" and event["data"]["gap_s"] is not None:
                self.problems.append(f"a gap that nobody made: {line.decode().strip()}")
        sys.exit("replug: the daemon ended the connection")

    def gap(self, condition):
        return self.until(lambda kind, data: kind == "health" and data["gap_s"] is not None and data["condition"] == condition)["gap_s"]

    def activity(self, activity):
        self.until(lambda kind, data: kind == "state" and data["activity"] == activity)

    def window(self):
        self.until(lambda kind, data: kind == "window")

    def numbers(self):
        self.client.sendall(b'{"type":"status"}\n')
        return self.until(lambda kind, data: kind == "status")["daemon"]


def start(serd, microphone, folder):
    """A daemon, once it is ready."""
    path = f"{folder}/notify"
    notifications = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notifications.bind(path)
    notifications.settimeout(60)
    daemon = subprocess.Popen(
        [serd, "--device", Microphone.NAME, "--socket", f"{folder}/events.sock"],
        env=dict(microphone.environment, NOTIFY_SOCKET=path), stderr=subprocess.DEVNULL)
    while "READY=1" not in notifications.recv(4096).decode():
        pass
    # With nobody there a notification is lost; with nobody reading the daemon would wait once the socket is full.
    notifications.close()
    return daemon


def cycle(events, microphone):
    """One overrun, one loss and one return; the seconds without sound that were told."""
    microphone.overrun()
    events.gap("overrun")
    unplugged = time.monotonic()
    microphone.unplug()
    events.activity("waiting")
    noticed = time.monotonic()
    microphone.plug()
    plugged = time.monotonic()
    events.activity("listening")
    told = events.gap("listening")
    heard = time.monotonic()
    if not plugged - noticed - 0.05 <= told <= heard - unplugged + SLACK:
        events.problems.append(
            f"{told:.3f} s without sound were told, of at least {plugged - noticed:.3f} and at most {heard - unplugged:.3f}")
    return told


def main():
    serd, cycles = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        # In real time: of a faster microphone the sound that is there would be longer than the time that it took, and hide gaps.
        microphone = Microphone(folder, samples())
        daemon = start(serd, microphone, folder)
        events = Events(f"{folder}/events.sock")
        begun, told = time.monotonic(), 0.0
        for index in range(WARM_UP + cycles):
            if index == WARM_UP:
                # Once through the network, or its buffers would be touched for the first time later, and be taken for growth.
                events.window()
                before = resources(daemon.pid)
            told += cycle(events, microphone)
            # Now and then until it hears words again.
            if index % 100 == 99:
                events.window()
        after = resources(daemon.pid)
        numbers = events.numbers()
        wall = time.monotonic() - begun
        daemon.terminate()
        events.until(lambda kind, data: kind == "bye")
        status = daemon.wait(timeout=10)
    problems = events.problems
    for key in ("overruns", "reopens"):
        if numbers[key] != WARM_UP + cycles:
            problems.append(f"{numbers[key]} {key} are counted, of {WARM_UP + cycles}")
    if after[0] > before[0] + SLACK_KIB or after[1:] != before[1:]:
        problems.append("memory, descriptors or threads grow")
    if status != 0:
        problems.append(f"the daemon ended with status {status}")
    print(
        f"replug: {cycles} cycles in {wall:.0f} s, {told:.0f} s without sound told, {'no' if not problems else len(problems)} problems; "
        f"RssAnon {before[0]} to {after[0]} KiB, descriptors {before[1]} to {after[1]}, threads {before[2]} to {after[2]}")
    for problem in problems[:20]:
        print(f"replug: {problem}", file=sys.stderr)
    sys.exit(1 if problems else 0)


main()
