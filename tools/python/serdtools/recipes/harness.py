"""What the checks of the recipes share: a daemon with the tests' microphone, and programs whose lines are awaited."""

import atexit
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

from serdtools.service.microphone import Microphone

PATIENCE = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(what, condition):
    """Asks again and again until it is true, and returns the answer."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"within {PATIENCE} s there was no {what}")


class Program:
    """A program that runs; its lines, stdout and stderr together, are awaited in order."""

    def __init__(self, *command, environment=None):
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        atexit.register(self.process.kill)  # does nothing to one that has ended
        self.lines, self.read = [], 0
        self.news = threading.Condition()
        threading.Thread(target=self._collect, daemon=True).start()

    def _collect(self):
        for line in self.process.stdout:
            with self.news:
                self.lines.append(line.rstrip("\n"))
                self.news.notify_all()

    def line(self, wanted):
        """The next line in which a text stands, or that a function accepts; lines before it are gone."""
        accepts = wanted if callable(wanted) else lambda line: wanted in line
        deadline = time.monotonic() + PATIENCE
        with self.news:
            while True:
                while self.read < len(self.lines):
                    self.read += 1
                    if accepts(self.lines[self.read - 1]):
                        return self.lines[self.read - 1]
                if not self.news.wait(deadline - time.monotonic()):
                    latest = [line[:200] for line in self.lines[-5:]]
                    raise AssertionError(
                        f"{self.process.args[0]} wrote no such line: {wanted}; the latest are {latest}"
                    )

    def end(self, number=signal.SIGTERM):
        """Sends a signal and waits; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)


class Daemon:
    """serd with a microphone that plays a recording over and over, several times as fast as life."""

    # The sound is artificial, so no label is sure of it: with these settings it has emotions all the same.
    SETTINGS = """[emotions]
begin-threshold = 0.15
largest-novelty = 1000000
least-speech = 0
unreported =
[thresholds]
anger = 0.15
boredom = 0.15
disgust = 0.15
happiness = 0.15
sadness = 0.15
"""

    def __init__(self, serd, sound, folder):
        self.serd, self.program = serd, None
        self.socket = f"{folder}/events.sock"
        self.metrics = f"{folder}/serd.prom"
        self.configuration = f"{folder}/serd.conf"
        pathlib.Path(self.configuration).write_text(self.SETTINGS)
        os.makedirs(f"{folder}/microphone")
        self.microphone = Microphone(f"{folder}/microphone", sound, speed=4)

    def start(self, *wrapper):
        """Starts it, by way of another program if there is one."""
        self.microphone.plug()
        options = ["--device", Microphone.NAME, "--config", self.configuration, "--socket", self.socket]
        options += ["--set", f"metrics={self.metrics}"]
        self.program = Program(*wrapper, self.serd, *options, environment=self.microphone.environment)
        self.program.line(f"listening to {Microphone.NAME}")

    def stop(self):
        return self.program.end()

    def command(self, *arguments):
        subprocess.run([self.serd, *arguments, "--socket", self.socket], check=True, stdout=subprocess.DEVNULL)
