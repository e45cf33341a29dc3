"""Recorded speech: loaded, levelled, strung together with pauses; and the truth, where in it somebody speaks."""

import numpy as np
import soundfile
from scipy.signal import resample_poly

from serdtools.detection.sound import BLOCK, RATE, gain, level

SPEECH_LEVEL = -26.0  # dBFS RMS over speech, before any change of level
# Recordings with less speech than this many blocks are left out.
LEAST_BLOCKS = 10


def load(path):
    """A recording without digital silence at its ends, as ClipPadding trims it."""
    x, rate = soundfile.read(path, dtype="float32")
    x = x.mean(1) if x.ndim > 1 else x
    heard = np.flatnonzero(np.abs(x) > 1.5e-5)
    x = x[heard[0] : heard[-1] + 1]
    return x if rate == RATE else resample_poly(x, 320, rate // 50).astype(np.float32)


def runs(flags, value):
    """Start and end of every stretch of `value`."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (flags == value).astype(np.int8), [0]))))
    return list(zip(edges[::2], edges[1::2], strict=True))


def speech_blocks(x):
    """The truth: blocks of a clean recording within 30 dB of its loud ones (98th percentile), without spurts below
    48 ms and with gaps of up to 192 ms filled."""
    count = len(x) // BLOCK
    energies = 10 * np.log10(np.square(x[: count * BLOCK].reshape(count, BLOCK), dtype=np.float64).mean(1) + 1e-14)
    speech = energies > np.percentile(energies, 98) - 30
    for start, end in runs(speech, True):
        if end - start < 3:
            speech[start:end] = False
    for start, end in runs(speech, False):
        if start > 0 and end < count and end - start <= 12:
            speech[start:end] = True
    return speech


def normalised(x, blocks):
    """A recording whose speech has SPEECH_LEVEL, cut to whole blocks."""
    x = x[: len(x) // BLOCK * BLOCK]
    return x * gain(SPEECH_LEVEL - level(x.reshape(-1, BLOCK)[blocks]))


def speech_stream(paths, seconds, generator, pause=(0.5, 3.0)):
    """Recordings at ±4 dB, digital silence between them; and the truth per block."""
    sound, truth, length = [], [], 0
    while length < seconds * RATE:
        for index in generator.permutation(len(paths)):
            x = load(paths[index])
            blocks = speech_blocks(x)
            if blocks.sum() < LEAST_BLOCKS:
                continue
            x = normalised(x, blocks) * gain(generator.uniform(-4, 4))
            silence = int(generator.uniform(*pause) * RATE) // BLOCK
            sound += [x, np.zeros(silence * BLOCK, np.float32)]
            truth += [blocks, np.zeros(silence, bool)]
            length += len(x) + silence * BLOCK
            if length >= seconds * RATE:
                break
    return np.concatenate(sound), np.concatenate(truth)
