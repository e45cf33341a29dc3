"""A daemon whose microphone is unplugged and plugged in again, over and over, with an overrun each time: what
tools/slow-tests/replug runs.

    python3 -m serdtools.service.replug SERD CYCLES

A client reads every event. Every interval without sound must be told, with about the length that it had; the state must
say what is so; memory, descriptors and threads must stay what they are.
"""

import sys
import tempfile
import time

from serdtools.command import fail
from serdtools.service.events import Events
from serdtools.service.microphone import Microphone, samples
from serdtools.service.processes import PATIENCE, resources, start_daemon

# What the reported length of an interval may be longer by than seen from here, in seconds: sound that was not fetched
# in time is lost too.
SLACK = 1.0
# The first cycles fill caches of libasound and of the allocator.
WARM_UP = 20
# Of anonymous memory, between the end of the warm-up and the last cycle.
SLACK_KIB = 256


class Client:
    """Waits for events. Gaps on the way were not asked for."""

    def __init__(self, path):
        self.events = Events(path, PATIENCE)
        self.lines = iter(self.events)

    @property
    def problems(self):
        return self.events.problems

    def until(self, wanted):
        """The first event that `wanted` accepts."""
        for kind, data, line in self.lines:
            if wanted(kind, data):
                return data
            if kind == "health" and data["gap_s"] is not None:
                self.problems.append(f"a gap that nobody made: {line}")
        fail("the daemon ended the connection")

    def gap(self, condition):
        def is_wanted(kind, data):
            return kind == "health" and data["gap_s"] is not None and data["condition"] == condition

        return self.until(is_wanted)["gap_s"]

    def activity(self, activity):
        self.until(lambda kind, data: kind == "state" and data["activity"] == activity)

    def window(self):
        self.until(lambda kind, data: kind == "window")

    def goodbye(self):
        self.until(lambda kind, data: kind == "bye")

    def numbers(self):
        self.events.send("status")
        return self.until(lambda kind, data: kind == "status")["daemon"]


def cycle(client, microphone):
    """One overrun, one loss and one return; the seconds without sound that were told."""
    microphone.overrun()
    client.gap("overrun")
    unplugged = time.monotonic()
    microphone.unplug()
    client.activity("waiting")
    noticed = time.monotonic()
    microphone.plug()
    plugged = time.monotonic()
    client.activity("listening")
    told = client.gap("listening")
    least, most = plugged - noticed, time.monotonic() - unplugged
    if not least - 0.05 <= told <= most + SLACK:
        client.problems.append(f"{told:.3f} s without sound were told, of at least {least:.3f} and at most {most:.3f}")
    return told


def cycles_of(client, microphone, process, cycles):
    """The seconds without sound that were told, and the daemon's resources after the warm-up and at the end."""
    told, before = 0.0, None
    for index in range(WARM_UP + cycles):
        if index == WARM_UP:
            # Once through the network, or its buffers would be touched for the first time later, as if they grew.
            client.window()
            before = resources(process)
        told += cycle(client, microphone)
        # Now and then until it hears words again.
        if index % 100 == 99:
            client.window()
    return told, before, resources(process)


def main():
    serd, cycles = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        # In real time: of a faster microphone the sound that is there would be longer than the time that it took, and
        # hide gaps.
        microphone = Microphone(folder, samples())
        path = f"{folder}/events.sock"
        command = [serd, "--device", Microphone.NAME, "--socket", path]
        daemon, _, _ = start_daemon(command, folder, microphone.environment)
        client = Client(path)
        begun = time.monotonic()
        told, before, after = cycles_of(client, microphone, daemon.pid, cycles)
        numbers = client.numbers()
        wall = time.monotonic() - begun
        daemon.terminate()
        client.goodbye()
        status = daemon.wait(timeout=10)
    problems = client.problems
    for key in ("overruns", "reopens"):
        if numbers[key] != WARM_UP + cycles:
            problems.append(f"{numbers[key]} {key} are counted, of {WARM_UP + cycles}")
    if after[0] > before[0] + SLACK_KIB or after[1:] != before[1:]:
        problems.append("memory, descriptors or threads grow")
    if status != 0:
        problems.append(f"the daemon ended with status {status}")
    print(
        f"replug: {cycles} cycles in {wall:.0f} s, {told:.0f} s without sound told, "
        f"{len(problems) or 'no'} problems; RssAnon {before[0]} to {after[0]} KiB, "
        f"descriptors {before[1]} to {after[1]}, threads {before[2]} to {after[2]}"
    )
    for problem in problems[:20]:
        print(f"replug: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
