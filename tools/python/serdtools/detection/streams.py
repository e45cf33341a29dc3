"""Long streams of sound for measuring detection, condition by condition: the sound, the model to run on it, and what is
in it. Every stream has a generator of its own, so it is the same every time."""

import os
from dataclasses import dataclass

import numpy as np

from serdtools.command import fail
from serdtools.detection import conditions, corpora
from serdtools.detection.music import music_one, music_two

SEEDS = {"tune": 11, "report": 12, "fresh": 13}


@dataclass
class Stream:
    """Sound with its episodes of emotion: (label, start, end, recordings), in seconds."""

    condition: str
    number: int
    name: str
    model: str
    sound: np.ndarray
    episodes: list


def fold(folds, speaker, model):
    """The model of the fold that left the speaker out, alone or in a group ("fold-03", "fold-01+02+03"); `model` if
    there are no folds."""
    if not folds:
        return model
    for name in sorted(os.listdir(folds)) if os.path.isdir(folds) else []:
        if speaker in name.removeprefix("fold-").split("+"):
            return os.path.join(folds, name, "int8.safetensors")
    fail(f"{folds} has no fold that leaves out speaker {speaker}; give the seed's folder of a finished run")


def streams(part, hours, options, is_there):
    """The streams of a part, `tune`, `report` or `fresh` (as `report`, drawn anew): `hours` per condition. Left out is
    what `is_there(condition, number)`, from 1 on. `options` has the corpora, the folds and the model."""
    yield from _without_speech(part, hours * 3600, options.model, is_there)
    seed = SEEDS[part]
    part = "report" if part == "fresh" else part
    emodb = [
        (speaker, corpora.emodb(options.emodb, {speaker}), fold(options.folds, speaker, options.model))
        for speaker in corpora.EMODB[part]
    ]
    ravdess = [
        (
            f"{actor:02}",
            corpora.ravdess(options.ravdess, {actor}),
            fold(options.ravdess_folds, f"{actor:02}", options.model),
        )
        for actor in corpora.RAVDESS[part]
    ]
    for corpus, speakers in (("EMO-DB", emodb), ("RAVDESS", ravdess)):
        yield from _with_speech(seed, corpus, speakers, hours * 3600, is_there)


def _without_speech(part, seconds, model, is_there):
    bands = {"organ": music_one} if part == "tune" else {"organ": music_one, "bells, strings": music_two}
    makers = [
        ("silence", 4, lambda generator: conditions.silence(seconds, generator)),
        ("room noise", 4 * len(conditions.ROOM_NOISES), lambda generator: conditions.room_noise(seconds, generator)),
        ("music-like", 6 * len(bands), lambda generator: conditions.music(seconds, generator, bands)),
    ]
    for number, (condition, count, make) in enumerate(makers):
        if all(is_there(condition, i + 1) for i in range(count)):
            continue
        for i, (name, x) in enumerate(make(np.random.default_rng([SEEDS[part], number]))):
            yield Stream(condition, i + 1, name, model, x, [])


def _with_speech(seed, corpus, speakers, seconds, is_there):
    for kind, with_emotion in (("neutral speech", False), ("emotional speech", True)):
        for index, (speaker, paths, model) in enumerate(speakers):
            # Several rooms each.
            for turn in range(4):
                is_far = turn >= 2
                condition = f"{kind}, {'far' if is_far else 'near'}, {corpus}"
                number = 2 * index + turn % 2 + 1
                if is_there(condition, number):
                    continue
                generator = np.random.default_rng([seed, with_emotion, int(speaker), turn, corpus == "EMO-DB"])
                x, episodes = conditions.speech(paths, seconds / len(speakers) / 4, generator, with_emotion)
                x = conditions.in_a_room(x, generator, is_far)
                yield Stream(condition, number, speaker, model, x, episodes)
