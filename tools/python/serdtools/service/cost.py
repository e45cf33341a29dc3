"""What the daemon costs: memory, time to start, threads and CPU share, as a table beside the aims.

    tools/measure-daemon [SECONDS]      SECONDS of listening to a microphone in real time (default 30)

Builds serd with a static standard library in .build-static, as a package would have it (tools/lib/static-build-flags),
and the tests' microphone. The microphone goes through the real libasound and plays tools/samples in a loop. Times to
start are the least of twenty, since the file cache must be warm and other programs only ever add. Memory is that of a
daemon that listens for some time; what it needs at the most, during its start, stands below. SERD names a daemon to
measure instead of building one.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from serdtools.command import Parser
from serdtools.service.microphone import Microphone, samples
from serdtools.service.processes import cpu_seconds, start_daemon, status
from serdtools.tree import ROOT, SAMPLES

REPEATS = 20
# Windows come first: all memory that will be needed is then in use, and what only the start needed is given back.
SETTLING_SECONDS = 6


def build():
    if serd := os.environ.get("SERD"):
        return serd
    flags = (ROOT / "tools/lib/static-build-flags").read_text().split()
    command = ["swift", "build", "-c", "release", "--product", "serd", "--scratch-path", ".build-static", *flags]
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
    return str(ROOT / ".build-static/release/serd")


def start(serd, folder, environment):
    """A daemon that listens, and the milliseconds to its READY."""
    command = [serd, "--device", Microphone.NAME, "--socket", f"{folder}/events.sock"]
    daemon, message, elapsed = start_daemon(command, folder, environment)
    assert "listening" in message, message
    return daemon, 1000 * elapsed


def stop(daemon):
    daemon.terminate()
    daemon.wait(timeout=10)


def time_to_ready(serd, folder, environment):
    daemon, elapsed = start(serd, folder, environment)
    stop(daemon)
    return elapsed


def time_to_first_result(serd):
    """Milliseconds from the start of `serd --once` to its first line."""
    begun = time.monotonic()
    once = subprocess.Popen([serd, "--once", SAMPLES[0], "--json", "--windows"], stdout=subprocess.PIPE)
    once.stdout.readline()
    elapsed = 1000 * (time.monotonic() - begun)
    once.communicate()
    return elapsed


def largest_mappings(process, count=6):
    """Resident KiB by file, the largest first: where to look when an aim is missed."""
    sizes, name = {}, ""
    with pathlib.Path(f"/proc/{process}/smaps").open() as file:
        for line in file:
            if header := re.match(r"^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+ *(.*)$", line):
                name = os.path.basename(header.group(1)) or "anonymous"
            elif line.startswith("Rss:"):
                sizes[name] = sizes.get(name, 0) + int(line.split()[1])
    return sorted(sizes.items(), key=lambda item: -item[1])[:count]


def listen(serd, folder, environment, seconds):
    """Of a daemon that listens: its share of a core, its status, its largest mappings."""
    daemon, _ = start(serd, folder, environment)
    time.sleep(SETTLING_SECONDS)
    before, begun = cpu_seconds(daemon.pid), time.monotonic()
    time.sleep(seconds)
    share = (cpu_seconds(daemon.pid) - before) / (time.monotonic() - begun)
    found = share, status(daemon.pid), largest_mappings(daemon.pid)
    stop(daemon)
    return found


def mebibytes(text):
    return f"{int(text.split()[0]) / 1024:.1f} MiB"


def main():
    parser = Parser(__doc__)
    parser.add_argument("seconds", nargs="?", type=float, default=30.0)
    seconds = parser.parse_args().seconds
    serd = build()
    with tempfile.TemporaryDirectory() as folder:
        environment = Microphone(folder, samples()).environment
        ready = min(time_to_ready(serd, folder, environment) for _ in range(REPEATS))
        once = min(time_to_first_result(serd) for _ in range(REPEATS))
        share, memory, mappings = listen(serd, folder, environment, seconds)
    rows = [
        ("resident, anonymous", mebibytes(memory["RssAnon"]), "6 MiB"),
        ("resident, all", mebibytes(memory["VmRSS"]), "16 MiB"),
        ("resident at its peak", mebibytes(memory["VmHWM"]), ""),
        ("start to READY", f"{ready:.1f} ms", "20 ms"),
        ("--once, start to first result", f"{once:.1f} ms", "30 ms"),
        ("threads", memory["Threads"], ""),
        (f"CPU share of one core, {seconds:.0f} s", f"{100 * share:.2f} %", ""),
    ]
    for name, value, aim in rows:
        print(f"{name:36}{value:>12}   {'aim: ' + aim if aim else ''}".rstrip())
    print("largest mappings (KiB): " + ", ".join(f"{name} {size}" for name, size in mappings))


if __name__ == "__main__":
    sys.exit(main())
