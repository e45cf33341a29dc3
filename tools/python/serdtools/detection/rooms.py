"""What a room does to a sound: reverberation, and levels that change."""

import numpy as np
from scipy.signal import butter, fftconvolve, sosfilt

from serdtools.detection.sound import RATE, gain


def reverberated(x, generator):
    """In a room of 0.2 to 0.7 s reverberation time, 0.5 to 3 m away: decaying noise after the direct sound."""
    time, direct = generator.uniform(0.2, 0.7), generator.uniform(0.5, 2)
    n = int(time * RATE)
    tail = generator.standard_normal(n) * 10 ** (-3 * np.arange(n) / n)
    tail = sosfilt(butter(1, 4000, fs=RATE, output="sos"), tail)
    tail[: int(0.003 * RATE)] = 0
    tail *= 1 / np.sqrt(np.sum(tail**2)) / direct
    tail[0] = 1
    y = fftconvolve(x, tail)[: len(x)].astype(np.float32)
    return y * np.float32(np.sqrt(np.mean(x**2) / (np.mean(y**2) + 1e-12)))


def level_steps(x, generator, least=5.0, most=20.0, spread=12.0):
    """Changes of level at random moments, as of a fan that is switched or a window that is opened."""
    at = 0
    while at < len(x):
        length = int(generator.uniform(least, most) * RATE)
        x[at : at + length] *= gain(generator.uniform(-spread, spread))
        at += length
    return x
