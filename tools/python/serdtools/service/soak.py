"""A daemon, hours of sound, and a client that reads every event: what tools/slow-tests/soak runs.

    python3 -m serdtools.service.soak SERD BLOCK HOURS replay|microphone

BLOCK is raw sound (16 kHz, mono, 16 bits), repeated without end: through the daemon's standard input, or through the
tests' microphone and the real libasound. The sound waits for the client, so what the client lacks, the daemon has lost.
"""

import pathlib
import subprocess
import sys
import tempfile
import time
from collections import Counter
from statistics import median_low

from serdtools.command import fail
from serdtools.service.events import Events
from serdtools.service.processes import resources
from serdtools.service.soak_sound import Plugged, Replay

WINDOW = 2.0
HOP = 0.512
# What two measurements of a flat curve may differ by: an arena of malloc, a stack that was touched later.
SLACK_KIB = 512
# Many emotions, whatever the model.
CONFIGURATION = """[emotions]
begin-threshold = 0.4
unreported =
[thresholds]
anger = 0.4
boredom = 0.4
disgust = 0.4
happiness = 0.4
sadness = 0.4
"""


class Listener:
    """Takes the events one by one, moves the sound on, and measures the daemon now and then."""

    def __init__(self, events, sound, daemon, seconds):
        self.events, self.sound, self.daemon, self.seconds = events, sound, daemon, seconds
        self.expected = int((seconds - WINDOW) / HOP)
        self.counts, self.open_emotions, self.measurements = Counter(), set(), []
        self.last_start = None

    @property
    def problems(self):
        return self.events.problems

    def listen(self):
        self.events.send("ping")
        for kind, data, line in self.events:
            self.counts[kind] += 1
            if kind == "pong":
                self.sound.start()
            elif kind == "emotion":
                self._emotion(data)
            elif kind == "window":
                self._window(data["start_s"])
            elif kind == "health" and data["gap_s"] is not None and self.last_start is not None:
                self.problems.append(line)
            if len(self.problems) > 20:
                break

    def _emotion(self, data):
        begins = data["phase"] == "begin"
        if begins == (data["id"] in self.open_emotions):
            self.problems.append(f"{data['phase']} of emotion {data['id']} out of order")
        (self.open_emotions.add if begins else self.open_emotions.discard)(data["id"])

    def _window(self, start):
        if self.last_start is not None and not 0 < start - self.last_start < 0.52:
            self.problems.append(f"a window at {start} s after one at {self.last_start} s")
        self.last_start = start
        self.sound.follow(start + WINDOW)
        if self.counts["window"] % max(1, int(self.seconds / HOP / 200)) == 0:
            self.measurements.append((start, *resources(self.daemon.pid)))
        if self.counts["window"] == self.expected:
            self.sound.end(self.daemon)

    def check(self, status):
        """What can be said in the end."""
        if self.counts["window"] < self.expected or not self.counts["bye"]:
            farewells = f"and {self.counts['bye']} farewells"
            self.problems.append(f"{self.counts['window']} windows of some {self.expected}, {farewells}")
        if self.open_emotions:
            self.problems.append(f"emotions without an end: {sorted(self.open_emotions)}")
        if status != 0:
            self.problems.append(f"the daemon ended with status {status}")

    def check_growth(self):
        """Memory, descriptors and threads in the first tenth, and in the last. The first hundredth is warming up:
        buffers grow to the size that they keep."""
        early = [row[1:] for row in self.measurements if 0.01 < row[0] / self.seconds <= 0.1]
        late = [row[1:] for row in self.measurements if row[0] / self.seconds > 0.9]
        if not early or not late:
            fail("too short to compare its first tenth with its last: " + "; ".join(self.problems))
        before, after = typical(early), typical(late)
        if after[0] > before[0] + SLACK_KIB or after[1] > before[1] or after[2] > before[2]:
            self.problems.append("memory, descriptors or threads grow")
        return before, after


def typical(measurements):
    """Largest memory; median of descriptors and of threads: a metrics file that is just being written is no leak, nor
    is a log between two files a gain."""
    memory, descriptors, threads = zip(*measurements, strict=True)
    return max(memory), median_low(descriptors), median_low(threads)


def main():
    serd, block, hours, way = sys.argv[1], pathlib.Path(sys.argv[2]).read_bytes(), float(sys.argv[3]), sys.argv[4]
    seconds = hours * 3600
    with tempfile.TemporaryDirectory() as folder:
        configuration = pathlib.Path(folder, "serd.conf")
        configuration.write_text(CONFIGURATION)
        sound = {"replay": Replay, "microphone": Plugged}[way](folder, block, seconds)
        options = ["--set", f"metrics={folder}/serd.prom", "--log", f"{folder}/events.ndjson", "--set", "log-size=64K"]
        daemon = subprocess.Popen(
            [serd, *sound.OPTIONS, "--socket", f"{folder}/events.sock", *options],
            stdin=subprocess.PIPE,
            env={**sound.environment, "SERD_CONFIG": str(configuration)},
        )
        sound.attach(daemon)
        listener = Listener(Events(f"{folder}/events.sock"), sound, daemon, seconds)
        begun = time.monotonic()
        listener.listen()
        wall = time.monotonic() - begun
        if not listener.counts["bye"]:
            daemon.kill()
        listener.check(daemon.wait(timeout=30))
    before, after = listener.check_growth()
    counts, problems = listener.counts, listener.problems
    print(
        f"soak ({way}): {hours:g} h of sound in {wall:.0f} s: {counts['window']} windows, {counts['emotion']} emotion "
        f"lines, {counts.total()} lines in all, {len(problems) or 'no'} problems; first tenth to last: "
        f"RssAnon {before[0]} to {after[0]} KiB, descriptors {before[1]} to {after[1]}, "
        f"threads {before[2]} to {after[2]}"
    )
    for problem in problems:
        print(f"soak: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
