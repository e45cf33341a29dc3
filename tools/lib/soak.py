"""A daemon, hours of sound, and a client that reads every event: what tools/slow-tests/soak runs.

    python3 soak.py SERD BLOCK HOURS replay|microphone

BLOCK is raw sound (16 kHz, mono, 16 bits), repeated without end: through the daemon's standard input, or through the tests'
microphone and the real libasound. The sound stays at most some seconds ahead of the windows that the client has got, so the speed is
that of the slowest of the three and never too fast for the client; what the client lacks, the daemon has lost.
"""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from statistics import median_low

from microphone import RATE, Microphone, resources

WINDOW = 2.0
# What two measurements of a flat curve may differ by: an arena of malloc, a stack that was touched later.
SLACK_KIB = 512


def wav_header(byte_count):
    return b"RIFF" + struct.pack("<I", 36 + byte_count) + b"WAVEfmt " + struct.pack(
        "<IHHIIHH", 16, 1, 1, RATE, 2 * RATE, 2, 16) + b"data" + struct.pack("<I", byte_count)


class Replay(threading.Thread):
    """Writes the sound to the daemon's standard input, as far as the client has come."""

    LEAD = 60.0
    OPTIONS = ["--source", "-"]
    environment = None

    def __init__(self, folder, block, seconds):
        super().__init__(daemon=True)
        self.block, self.bytes_left = block, int(seconds * RATE) * 2
        self.heard = 0.0
        self.go_on = threading.Condition()

    def attach(self, daemon):
        self.pipe = daemon.stdin
        # The daemon opens its socket only once it has the header of the sound.
        self.pipe.write(wav_header(self.bytes_left))
        self.pipe.flush()

    def run(self):
        sent = 0
        try:
            while self.bytes_left > 0:
                for start in range(0, len(self.block), 2 * RATE):
                    chunk = self.block[start:start + 2 * RATE][:self.bytes_left]
                    with self.go_on:
                        while sent / (2 * RATE) > self.heard + self.LEAD:
                            self.go_on.wait()
                    self.pipe.write(chunk)
                    sent += len(chunk)
                    self.bytes_left -= len(chunk)
                    if self.bytes_left == 0:
                        break
            self.pipe.close()
        except BrokenPipeError:
            pass

    def follow(self, seconds):
        with self.go_on:
            self.heard = seconds
            self.go_on.notify()

    def end(self, daemon):
        """The daemon ends with its recording."""


class Plugged:
    """Lets the microphone go on as far as the client has come: less far ahead than the daemon's ring of samples (4 s) is long."""

    LEAD = 3.0
    SPEED = 300
    OPTIONS = ["--device", Microphone.NAME]

    def __init__(self, folder, block, seconds):
        self.microphone = Microphone(folder, block, speed=self.SPEED, plugged=False)
        self.microphone.allow(self.LEAD)
        self.environment = self.microphone.environment

    def attach(self, daemon):
        pass

    def start(self):
        self.microphone.plug()

    def follow(self, seconds):
        self.microphone.allow(seconds + self.LEAD)

    def end(self, daemon):
        daemon.send_signal(signal.SIGTERM)


def connect(path):
    for _ in range(600):
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            client.connect(path)
            return client
        except OSError:
            client.close()
            time.sleep(0.05)
    sys.exit("soak: the daemon made no socket in 30 seconds")


def main():
    serd, block_path, hours, way = sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4]
    with open(block_path, "rb") as file:
        block = file.read()
    seconds = hours * 3600
    expected = int((seconds - WINDOW) / 0.512)
    with tempfile.TemporaryDirectory() as folder:
        path = folder + "/events.sock"
        with open(f"{folder}/serd.conf", "w", encoding="utf-8") as file:
            # Many emotions, whatever the model.
            file.write("[emotions]\nbegin-threshold = 0.4\nunreported =\n[thresholds]\n")
            file.writelines(f"{label} = 0.4\n" for label in ("anger", "boredom", "disgust", "happiness", "sadness"))
        sound = {"replay": Replay, "microphone": Plugged}[way](folder, block, seconds)
        daemon = subprocess.Popen(
            [serd, *sound.OPTIONS, "--socket", path, "--set", f"metrics={folder}/serd.prom", "--log", f"{folder}/events.ndjson", "--set", "log-size=64K"],
            stdin=subprocess.PIPE, env=dict(sound.environment or os.environ, SERD_CONFIG=f"{folder}/serd.conf"))
        sound.attach(daemon)
        client = connect(path)
        client.sendall(b'{"type":"subscribe","data":{"windows":true}}\n{"type":"ping"}\n')
        problems, counts, open_emotions, samples = [], {}, set(), []
        begun = time.monotonic()
        seq, last_start = 0, None
        for line in client.makefile("rb"):
            event = json.loads(line)
            seq += 1
            kind, data = event["type"], event.get("data") or {}
            counts[kind] = counts.get(kind, 0) + 1
            if event["seq"] != seq:
                problems.append(f"line {seq} has seq {event['seq']}")
                seq = event["seq"]
            if kind == "pong":
                sound.start()
            elif kind in ("lagged", "error"):
                problems.append(line.decode().strip())
            elif kind == "emotion":
                if (data["phase"] == "begin") == (data["id"] in open_emotions):
                    problems.append(f"{data['phase']} of emotion {data['id']} out of order")
                (open_emotions.add if data["phase"] == "begin" else open_emotions.discard)(data["id"])
            elif kind == "window":
                if last_start is not None and not 0 < data["start_s"] - last_start < 0.52:
                    problems.append(f"a window at {data['start_s']} s after one at {last_start} s")
                last_start = data["start_s"]
                sound.follow(last_start + WINDOW)
                if counts[kind] % max(1, int(seconds / 0.512 / 200)) == 0:
                    samples.append((last_start, *resources(daemon.pid)))
                if counts[kind] == expected:
                    sound.end(daemon)
            elif kind == "health" and data["gap_s"] is not None and last_start is not None:
                problems.append(line.decode().strip())
            if len(problems) > 20:
                break
        wall = time.monotonic() - begun
        if not counts.get("bye"):
            daemon.kill()
        status = daemon.wait(timeout=30)
    if counts.get("window", 0) < expected or not counts.get("bye"):
        problems.append(f"{counts.get('window', 0)} windows of some {expected}, and {counts.get('bye', 0)} farewells")
    if open_emotions:
        problems.append(f"emotions without an end: {sorted(open_emotions)}")
    if status != 0:
        problems.append(f"the daemon ended with status {status}")
    # The first hundredth is warming up: buffers grow to the size that they keep.
    early = [sample for sample in samples if 0.01 < sample[0] / seconds <= 0.1]
    late = [sample for sample in samples if sample[0] / seconds > 0.9]
    if not early or not late:
        sys.exit("soak: too short to compare its first tenth with its last: " + "; ".join(problems))
    # The median of descriptors and threads: a metrics file that is just being written is no leak, nor is a log between two files a gain.
    before, after = [
        tuple(choose(column) for choose, column in zip((max, max, median_low, median_low), zip(*part))) for part in (early, late)]
    if after[1] > before[1] + SLACK_KIB or after[2] > before[2] or after[3] > before[3]:
        problems.append("memory, descriptors or threads grow")
    print(
        f"soak ({way}): {hours:g} h of sound in {wall:.0f} s: {counts.get('window', 0)} windows, {counts.get('emotion', 0)} emotion lines, "
        f"{seq} lines in all, {'no' if not problems else len(problems)} problems; first tenth to last: "
        f"RssAnon {before[1]} to {after[1]} KiB, descriptors {before[2]} to {after[2]}, threads {before[3]} to {after[3]}")
    for problem in problems:
        print(f"soak: {problem}", file=sys.stderr)
    sys.exit(1 if problems else 0)


main()
