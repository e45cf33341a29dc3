"""`measure-detection report` and `grid`: the tracker on the stored hops."""

import itertools

import numpy as np

from serdtools.detection.judgement import judge, per_hour, percent, percent_with_interval
from serdtools.detection.probe import Probe
from serdtools.detection.stored import stored

# The tracker's default: windows of greater novelty say nothing; `novelty=` changes it.
NOVELTY = 0.4
GRID = {
    "smoothing": [0.5, 1.0],
    "minimum": [0.5, 1.0],
    "novelty": [0.17, 0.3, 0.4, 1e9],
}


def report(options):
    conditions = stored(options.out, options.part)
    settings = dict(word.split("=", 1) for word in options.settings)
    probe, largest_novelty = Probe(options.probe), float(settings.get("novelty", NOVELTY))
    print(
        "| condition | hours | windows with speech | of them far from training | emotions | per hour, 95 % interval |"
    )
    print("|---|---|---|---|---|---|")
    speech = {}
    for name, condition in conditions.items():
        episodes, false = judge(condition, condition.emotions(probe, options.settings))
        for row in _rates(condition, bool(episodes), false, largest_novelty):
            print(row)
        if episodes:
            speech[name.split(", ", 1)[1]] = episodes
    print(
        "\n| emotional speech | episodes | caught, % | with the right label, % | right arousal, % "
        "| first label right, % of caught | delay to event, median, 90th percentile, s | start is off by, s |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, episodes in speech.items():
        print(_episodes(f"{name}, all", episodes))
        for count in (1, 2, 3, 4):
            chosen = [episode for episode in episodes if episode.recordings == count]
            if chosen:
                print(_episodes(f"{name}, {count} recording{'s' if count > 1 else ''}", chosen))


def _rates(condition, has_episodes, false, largest_novelty):
    """Rows of a condition: all of it, and its kinds of sound if there are several and nobody speaks."""
    hops = condition.hops
    is_new = [float(line.split()[3]) > largest_novelty for line in hops if line.count(" ") > 3]
    shares = f"{100 * len(is_new) / len(hops):.0f} % | " + (f"{100 * np.mean(is_new):.0f} %" if is_new else "")
    groups = [("", shares, false, condition.hours)]
    hours = condition.hours_by_name()
    if "speech" not in condition.name and len(hours) > 1:
        for kind in hours:
            mine = [emotion for emotion in false if condition.name_at(emotion[1]) == kind]
            groups.append((f": {kind}", " | ", mine, hours[kind]))
    outside = " outside episodes" if has_episodes else ""
    for kind, part, found, length in groups:
        rate, low, high = per_hour(len(found), length)
        yield (
            f"| {condition.name}{kind}{outside} | {length:.2f} | {part} | {len(found)} "
            f"| {rate:.1f} [{low:.1f}, {high:.1f}] |"
        )


def _episodes(name, episodes):
    """A row about episodes of emotional speech."""
    caught = [episode for episode in episodes if episode.is_caught]
    first = median = late = offset = np.nan
    if caught:
        first = percent(caught, "is_first_right")
        median, late = np.percentile([episode.delay for episode in caught], [50, 90])
        offset = np.median([episode.offset for episode in caught])
    qualities = ("is_caught", "has_right_label", "has_right_arousal")
    shares = " | ".join(percent_with_interval(episodes, quality) for quality in qualities)
    return f"| {name} | {len(episodes)} | {shares} | {first:.0f} | {median:.1f}, {late:.1f} | {offset:+.1f} |"


def grid(options):
    conditions = stored(options.out, options.part)
    probe = Probe(options.probe)
    print("smoothing minimum novelty: events per hour by condition; caught, right label, arousal, delay (EMO-DB)")
    for values in itertools.product(*GRID.values()):
        settings = [*options.settings, *(f"{name}={value}" for name, value in zip(GRID, values, strict=True))]
        cells, caught = [], ""
        for condition in conditions.values():
            episodes, false = judge(condition, condition.emotions(probe, settings))
            cells.append(f"{len(false) / condition.hours:.1f}")
            if episodes:
                qualities = ("is_caught", "has_right_label", "has_right_arousal")
                shares = " ".join(f"{percent(episodes, quality):.0f}" for quality in qualities)
                caught += f" | {shares} {np.nanmedian([episode.delay for episode in episodes]):.1f}"
        print(" ".join(f"{value:g}" for value in values) + ": " + " ".join(cells) + caught, flush=True)
