"""What `measure-detection classify` has stored, condition by condition."""

import json
import pathlib

from serdtools.command import fail

# Between streams, so that nothing of one is taken for the next one's.
PAUSE = 10


class Condition:
    """The stored streams of a condition, one after the other on one time line."""

    def __init__(self, name):
        self.name, self.seconds, self.lines, self.episodes, self.speakers = name, 0.0, [], [], []

    def add(self, record):
        self.labels = record["labels"]
        for line in record["hops"].splitlines():
            end, rest = line.split(" ", 1)
            self.lines.append(f"{float(end) + self.seconds:.3f} {rest}")
        self.lines.append("close")
        for label, start, end, count in record["episodes"]:
            self.episodes.append((label, start + self.seconds, end + self.seconds, count, record["name"]))
        self.speakers.append((self.seconds, self.seconds + record["seconds"], record["name"]))
        self.seconds += record["seconds"] + PAUSE

    @property
    def hours(self):
        return sum(end - start for start, end, _ in self.speakers) / 3600

    @property
    def hops(self):
        return [line for line in self.lines if line != "close"]

    def hours_by_name(self):
        seconds = {}
        for start, end, name in sorted(self.speakers, key=lambda speaker: speaker[2]):
            seconds[name] = seconds.get(name, 0) + end - start
        return {name: value / 3600 for name, value in seconds.items()}

    def name_at(self, time):
        return next((name for start, end, name in self.speakers if start <= time <= end + PAUSE), "?")

    def emotions(self, probe, settings):
        """(label, decided, start, end) of every emotion that serd reports."""
        began, found = {}, []
        for line in probe.track(self.labels, settings, self.lines).splitlines():
            time, kind, number, label, start, end, _ = line.split()
            if kind == "began":
                began[number] = float(time)
            else:
                found.append((label, began[number], float(start), float(end)))
        return found


def stored(folder, part):
    """The conditions of a part by name."""
    conditions = {}
    for path in sorted(pathlib.Path(folder).glob(f"{part}-*.json")):
        record = json.loads(path.read_text())
        if "labels" not in record:
            fail(f"{path} was made by an earlier version; remove it and run classify again")
        conditions.setdefault(record["condition"], Condition(record["condition"])).add(record)
    return conditions or fail(f"{folder} holds no streams of part {part}; run classify first")
