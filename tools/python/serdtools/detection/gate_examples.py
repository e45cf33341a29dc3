"""What the speech gate is fitted to: sounds with their truth, and the gate's measures of them."""

from functools import partial

import numpy as np

from serdtools.detection import noises
from serdtools.detection.music import music_one
from serdtools.detection.probe import heard_truth
from serdtools.detection.rooms import level_steps, reverberated
from serdtools.detection.sound import BLOCK, RATE, gain
from serdtools.detection.speech import LEAST_BLOCKS, SPEECH_LEVEL, load, speech_blocks, speech_stream

NOISES = [noises.white, noises.pink, noises.fan, noises.hum, noises.whine]


def examples(probe, x, truth):
    """Measures and truth of the frames that a decision is asked for; the rest is too quiet."""
    measures = probe.evidence(x)
    truth = heard_truth(truth, len(measures))
    measures = measures[: len(truth)]
    heard = np.isfinite(measures[:, 0])
    return measures[heard], truth[heard]


def streams(speech, generator):
    """Pairs of sound and truth."""
    yield from speech_in_noise(speech, generator)
    yield from clean_speech(speech, generator)
    yield from recordings(speech, generator)
    yield from without_speech(generator)


def speech_in_noise(speech, generator):
    for make in (*NOISES, partial(noises.babble, paths=speech), noises.room):
        for snr in (20, 10, 5, 0):
            for is_reverberant in (False, True):
                x, truth = speech_stream(speech, 90, generator)
                if is_reverberant:
                    x = reverberated(x, generator)
                x = x + make(generator, len(x)) * gain(SPEECH_LEVEL - snr)
                yield x * gain(generator.uniform(-20, 10)), truth


def clean_speech(speech, generator):
    """With the noise of a microphone alone: long pauses, then short ones."""
    for pause, floors in (((0.5, 5), (-90, -75, -65, -65)), ((0, 0.2), (-75,)), ((0, 0.5), (-75,))):
        for floor in floors:
            x, truth = speech_stream(speech, 120, generator, pause)
            yield x + noises.microphone(generator, len(x)) * gain(floor), truth


def recordings(speech, generator):
    """Each by itself, from where speech begins, or just before."""
    for path in speech:
        x = load(path)
        truth = speech_blocks(x)
        if truth.sum() < LEAST_BLOCKS:
            continue
        for _ in range(2):
            skipped = max(0, np.argmax(truth) - generator.integers(0, 20))
            y = x[skipped * BLOCK :][: 3 * RATE]
            noise = generator.standard_normal(len(y)).astype(np.float32)
            floor = noise * np.abs(y).max() * gain(generator.uniform(-60, -40))
            yield (y + floor) * gain(generator.uniform(-15, 6)), truth[skipped:]


def without_speech(generator):
    n = 60 * RATE

    def quiet(generator, n):
        return noises.microphone(generator, n) * gain(-20)

    for make in (*NOISES, noises.room, noises.doors, quiet, music_one, music_one):
        for _ in range(2):
            x = level_steps(make(generator, n).copy(), generator) * gain(generator.uniform(-45, -20))
            yield x, np.zeros(n // BLOCK, bool)
        for _ in range(10):
            yield make(generator, 3 * RATE) * gain(generator.uniform(-60, -20)), np.zeros(3 * RATE // BLOCK, bool)
