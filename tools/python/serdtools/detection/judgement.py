"""Emotions that serd reports, held against the episodes that are in the sound; and how sure the numbers are."""

from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy.stats import chi2

# Those of Sources/SerdDetection/Emotions/Arousal.swift, as far as the corpora have them.
AROUSED = {"anger", "fear", "happiness", "surprise"}
# A decision this long after an episode's end still belongs to it: the window's length.
GRACE = 2.0


@dataclass
class Episode:
    """What became of an episode of emotional speech. Delay and offset are not a number if it was not caught."""

    speaker: str
    recordings: int
    is_caught: bool
    has_right_label: bool
    has_right_arousal: bool
    delay: float
    offset: float
    is_first_right: bool


def judge(condition, emotions):
    """The episodes, and the emotions outside any of them."""
    used, episodes = set(), []
    for label, start, end, count, speaker in condition.episodes:
        mine = [(i, emotion) for i, emotion in enumerate(emotions) if start < emotion[1] <= end + GRACE]
        used.update(i for i, _ in mine)
        labels = [emotion[0] for _, emotion in mine]
        _, decided, began, _ = mine[0][1] if mine else (None, np.nan, np.nan, None)
        episodes.append(
            Episode(
                speaker,
                count,
                bool(mine),
                label in labels,
                any((found in AROUSED) == (label in AROUSED) for found in labels),
                decided - start,
                began - start,
                labels[:1] == [label],
            )
        )
    # An emotion that lasts into an episode, or begins in its aftermath, is not counted again.
    return episodes, [emotion for i, emotion in enumerate(emotions) if i not in used]


def per_hour(count, hours):
    """Rate with its 95 % interval for a Poisson count (Garwood 1936)."""
    low = chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    return count / hours, low / hours, chi2.ppf(0.975, 2 * count + 2) / 2 / hours


def percent(episodes, quality):
    """Share with that quality."""
    return 100 * np.mean([getattr(episode, quality) for episode in episodes])


def percent_with_interval(episodes, quality, resamples=1000):
    """The share with a 95 % interval by bootstrap over speakers."""
    by_speaker = {}
    for episode in sorted(episodes, key=lambda episode: episode.speaker):
        by_speaker.setdefault(episode.speaker, []).append(getattr(episode, quality))
    speakers = list(by_speaker)
    generator = np.random.default_rng(0)

    def draw():
        chosen = generator.choice(speakers, len(speakers))
        return 100 * np.mean(list(chain.from_iterable(by_speaker[speaker] for speaker in chosen)))

    low, high = np.percentile([draw() for _ in range(resamples)], [2.5, 97.5])
    return f"{percent(episodes, quality):.0f} [{low:.0f}, {high:.0f}]"
