"""The sounds of each condition: silence, room noise, music-like sound, speech in a room with and without emotion."""

import numpy as np

from serdtools.detection import noises
from serdtools.detection.corpora import label
from serdtools.detection.rooms import level_steps, reverberated
from serdtools.detection.sound import BLOCK, RATE, gain, unit
from serdtools.detection.speech import LEAST_BLOCKS, SPEECH_LEVEL, load, normalised, speech_blocks

ROOM_NOISES = {
    "pink": noises.pink,
    "brown": noises.brown,
    "fan": noises.fan,
    "hum": noises.hum,
    "whine": noises.whine,
    "clicks and knocks": noises.room,
    "doors and typing": noises.doors,
    "fan and typing": lambda generator, n: unit(noises.fan(generator, n) + 0.5 * noises.doors(generator, n)),
}


def silence(seconds, generator):
    n = int(seconds * RATE / 4)
    yield "digital silence", np.zeros(n, np.float32)
    for decibels in (-85, -75, -65):
        yield f"microphone noise at {decibels} dBFS", noises.microphone(generator, n) * gain(decibels)


def room_noise(seconds, generator):
    for name, make in ROOM_NOISES.items():
        for _ in range(4):
            x = make(generator, int(seconds * RATE / len(ROOM_NOISES) / 4))
            yield name, level_steps(x.copy(), generator, 20, 120) * gain(generator.uniform(-55, -25))


def music(seconds, generator, bands):
    for name, make in bands.items():
        for _ in range(6):
            x = make(generator, int(seconds * RATE / len(bands) / 6))
            x = x + noises.microphone(generator, len(x)) * gain(-45)
            yield name, x * gain(generator.uniform(-45, -18))


def in_a_room(x, generator, is_far):
    """At some level, over noise 15 to 40 dB below the speech, far from the microphone or near it."""
    if is_far:
        x = reverberated(x, generator)
    make = [noises.pink, noises.fan, noises.room, noises.microphone][generator.integers(4)]
    x = x + make(generator, len(x)) * gain(SPEECH_LEVEL - generator.uniform(15, 40))
    return x * gain(generator.uniform(-15, 8))


class Talk:
    """Somebody who speaks and pauses: neutral phrases in groups, silence between them, and emotions when told to."""

    def __init__(self, paths, generator):
        self.generator = generator
        self.neutral = [p for p in paths if label(p) == "neutral"]
        self.emotional = {}
        for path in paths:
            if label(path) not in ("neutral", "calm", "surprise"):
                self.emotional.setdefault(label(path), []).append(path)
        self.parts, self.length = [], 0

    def sound(self):
        return np.concatenate(self.parts)

    def _add(self, x):
        self.parts.append(x.astype(np.float32))
        self.length += len(x)

    def pause(self, low, high):
        self._add(np.zeros(int(self.generator.uniform(low, high) * RATE) // BLOCK * BLOCK, np.float32))

    def say(self, path):
        """Returns where its speech begins and ends, in seconds; nothing if there is too little."""
        x = load(path)
        blocks = speech_blocks(x)
        heard = np.flatnonzero(blocks)
        if len(heard) < LEAST_BLOCKS:
            return None
        first = max(0, heard[0] - 6)
        x = normalised(x, blocks)[first * BLOCK : (heard[-1] + 7) * BLOCK]
        start = self.length + (heard[0] - first) * BLOCK
        self._add(x * gain(self.generator.uniform(-3, 3)))
        return start / RATE, (start + (heard[-1] + 1 - heard[0]) * BLOCK) / RATE

    def phrases(self, low, high):
        for _ in range(self.generator.integers(low, high)):
            self.say(self.neutral[self.generator.integers(len(self.neutral))])
            self.pause(0.3, 1.5)

    def episode(self):
        """One to four recordings of one emotion: (label, start, end, count); nothing if there is too little speech."""
        name = sorted(self.emotional)[self.generator.integers(len(self.emotional))]
        paths = self.emotional[name]
        count = self.generator.integers(1, 5)
        spans = []
        for index in self.generator.permutation(len(paths))[:count]:
            spans.append(self.say(paths[index]))
            self.pause(0.1, 0.6)
        spans = [span for span in spans if span]
        return (name, spans[0][0], spans[-1][1], len(spans)) if spans else None


def speech(paths, seconds, generator, with_emotion):
    """A talk of that length, and its episodes of emotion."""
    talk, episodes = Talk(paths, generator), []
    talk.pause(2, 4)
    while talk.length < seconds * RATE:
        talk.phrases(0 if with_emotion else 1, 4)
        talk.pause(0, 3 if with_emotion else 6)
        if with_emotion:
            episodes.append(talk.episode())
            talk.pause(2, 6)
    return talk.sound(), [episode for episode in episodes if episode]
