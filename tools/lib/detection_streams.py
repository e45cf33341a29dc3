"""Long streams of sound for measuring detection, condition by condition: the sound, the model to run on it, and what is in it.

See tools/measure-detection. Everything is made from one numpy generator per stream, so a stream is the same every time.
"""
import os
import sys

import numpy as np

import detection_sounds as sounds
from detection_sounds import BLOCK, RATE, gain

# Speakers that settings are chosen on, and speakers that are reported.
EMODB = {"tune": ["03", "08", "09", "10", "11"], "report": ["12", "13", "14", "15", "16"]}
RAVDESS = {"tune": range(1, 10), "report": range(10, 19)}
LETTERS = {"W": "anger", "L": "boredom", "E": "disgust", "A": "fear", "F": "happiness", "T": "sadness", "N": "neutral"}
NUMBERS = {"01": "neutral", "02": "calm", "03": "happiness", "04": "sadness", "05": "anger", "06": "fear", "07": "disgust", "08": "surprise"}


def label(path):
    name = os.path.basename(path)
    return NUMBERS[name.split("-")[2]] if name.count("-") == 6 else LETTERS[name[5]]


class Stream:
    """Sound with its episodes of emotion: (label, start, end) in seconds."""

    def __init__(self, condition, number, name, model, sound, episodes=()):
        self.condition, self.number, self.name, self.model = condition, number, name, model
        self.sound, self.episodes = sound, list(episodes)


def silence(seconds, generator):
    n = int(seconds * RATE / 4)
    yield "digital silence", np.zeros(n, np.float32)
    for decibels in (-85, -75, -65):
        yield f"microphone noise at {decibels} dBFS", sounds.microphone(generator, n) * gain(decibels)


def room_noise(seconds, generator):
    makers = {
        "pink": lambda g, n: sounds.coloured(g, n, 0.5),
        "brown": lambda g, n: sounds.coloured(g, n, 1),
        "fan": sounds.fan,
        "hum": sounds.hum,
        "whine": sounds.whine,
        "clicks and knocks": sounds.room,
        "doors and typing": sounds.doors,
        "fan and typing": lambda g, n: sounds.unit(sounds.fan(g, n) + 0.5 * sounds.doors(g, n)),
    }
    for name, make in makers.items():
        for _ in range(4):
            x = make(generator, int(seconds * RATE / len(makers) / 4))
            yield name, sounds.level_steps(x.copy(), generator, 20, 120) * gain(generator.uniform(-55, -25))


def music(seconds, generator, bands):
    for name, make in bands.items():
        for _ in range(6):
            x = make(generator, int(seconds * RATE / len(bands) / 6))
            x = x + sounds.microphone(generator, len(x)) * gain(-45)
            yield name, x * gain(generator.uniform(-45, -18))


def in_a_room(x, generator, reverberates):
    """At some level, over noise 15 to 40 dB below the speech, far from the microphone or near it."""
    if reverberates:
        x = sounds.reverberated(x, generator)
    make = [lambda g, n: sounds.coloured(g, n, 0.5), sounds.fan, sounds.room, sounds.microphone][generator.integers(4)]
    x = x + make(generator, len(x)) * gain(sounds.SPEECH_LEVEL - generator.uniform(15, 40))
    return x * gain(generator.uniform(-15, 8))


def speech(paths, seconds, generator, with_emotion):
    """Neutral phrases in groups, silence between them; with emotion, an episode of one to four recordings of one emotion now and then."""
    neutral = [p for p in paths if label(p) == "neutral"]
    emotional = {}
    for p in paths:
        if label(p) not in ("neutral", "calm", "surprise"):
            emotional.setdefault(label(p), []).append(p)
    parts, episodes, length = [], [], 0

    def add(x):
        nonlocal length
        parts.append(x.astype(np.float32))
        length += len(x)

    def pause(low, high):
        add(np.zeros(int(generator.uniform(low, high) * RATE) // BLOCK * BLOCK, np.float32))

    def say(path):
        """Returns where its speech begins and ends."""
        x = sounds.load(path)
        blocks = sounds.speech_blocks(x)
        heard = np.flatnonzero(blocks)
        if len(heard) < 10:
            return None
        x = sounds.normalised(x, blocks)[max(0, heard[0] - 6) * BLOCK : (heard[-1] + 7) * BLOCK]
        start = length + (heard[0] - max(0, heard[0] - 6)) * BLOCK
        add(x * gain(generator.uniform(-3, 3)))
        return start / RATE, (start + (heard[-1] + 1 - heard[0]) * BLOCK) / RATE

    pause(2, 4)
    while length < seconds * RATE:
        for _ in range(generator.integers(0 if with_emotion else 1, 4)):
            say(neutral[generator.integers(len(neutral))])
            pause(0.3, 1.5)
        pause(*((0, 3) if with_emotion else (0, 6)))
        if not with_emotion:
            continue
        name = sorted(emotional)[generator.integers(len(emotional))]
        count = generator.integers(1, 5)
        spans = []
        for index in generator.permutation(len(emotional[name]))[:count]:
            spans.append(say(emotional[name][index]))
            pause(0.1, 0.6)
        spans = [s for s in spans if s]
        if spans:
            episodes.append((name, spans[0][0], spans[-1][1], len(spans)))
        pause(2, 6)
    return np.concatenate(parts), episodes


def fold(folds, speaker, model):
    """The model of the fold that left the speaker out, alone or in a group ("fold-03", "fold-01+02+03"); `model` if there are no folds."""
    if not folds:
        return model
    for name in sorted(os.listdir(folds)) if os.path.isdir(folds) else []:
        if speaker in name.removeprefix("fold-").split("+"):
            return os.path.join(folds, name, "int8.safetensors")
    print(f"measure-detection: {folds} has no fold that leaves out speaker {speaker}; give the seed's folder of a finished run", file=sys.stderr)
    sys.exit(65)


def streams(part, hours, emodb, ravdess, emodb_folds, ravdess_folds, model, is_there):
    """The streams of a part, `tune`, `report` or `fresh` (as `report`, drawn anew): `hours` per condition. Left out is what `is_there(condition, number)`, from 1 on."""
    seed = {"tune": 11, "report": 12, "fresh": 13}[part]
    part = "report" if part == "fresh" else part
    seconds = hours * 3600
    bands = {"organ": sounds.music_one} if part == "tune" else {"organ": sounds.music_one, "bells, strings": sounds.music_two}
    for number, (condition, count, make) in enumerate(
        [
            ("silence", 4, lambda g: silence(seconds, g)),
            ("room noise", 32, lambda g: room_noise(seconds, g)),
            ("music-like", 6 * len(bands), lambda g: music(seconds, g, bands)),
        ]
    ):
        if all(is_there(condition, i + 1) for i in range(count)):
            continue
        for i, (name, x) in enumerate(make(np.random.default_rng([seed, number]))):
            yield Stream(condition, i + 1, name, model, x)
    emodb_speakers = [(s, sounds.emodb(emodb, {s}), fold(emodb_folds, s, model)) for s in EMODB[part]]
    actors = [(f"{a:02}", sounds.ravdess(ravdess, {a}), fold(ravdess_folds, f"{a:02}", model)) for a in RAVDESS[part]]
    for corpus, speakers in (("EMO-DB", emodb_speakers), ("RAVDESS", actors)):
        for kind, with_emotion in (("neutral speech", False), ("emotional speech", True)):
            for index, (speaker, paths, own) in enumerate(speakers):
                # Several rooms each.
                for turn in range(4):
                    condition = f"{kind}, {'near' if turn < 2 else 'far'}, {corpus}"
                    number = 2 * index + turn % 2 + 1
                    if is_there(condition, number):
                        continue
                    generator = np.random.default_rng([seed, with_emotion, int(speaker), turn, corpus == "EMO-DB"])
                    x, episodes = speech(paths, seconds / len(speakers) / 4, generator, with_emotion)
                    yield Stream(condition, number, speaker, own, in_a_room(x, generator, turn >= 2), episodes)
