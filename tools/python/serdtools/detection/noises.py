"""Noises, all of RMS 1, made from a numpy generator and a number of samples."""

import numpy as np
from scipy.signal import butter, sosfilt

from serdtools.detection.sound import BLOCK, RATE, unit
from serdtools.detection.speech import load, speech_blocks


def coloured(generator, n, slope, knee=20.0):
    """Noise whose amplitude falls with frequency to the power of `slope`: 0 white, 0.5 pink, 1 brown."""
    size = 1 << int(np.ceil(np.log2(max(n, 2))))
    frequency = np.arange(size // 2 + 1) * RATE / size
    spectrum = np.fft.rfft(generator.standard_normal(size)) / np.maximum(frequency, knee) ** slope
    return unit(np.fft.irfft(spectrum, size)[:n])


def white(generator, n):
    return coloured(generator, n, 0)


def pink(generator, n):
    return coloured(generator, n, 0.5)


def brown(generator, n):
    return coloured(generator, n, 1)


def fan(generator, n):
    t = np.arange(n) / RATE
    blades, rate = generator.uniform(80, 240), generator.uniform(0.3, 3)
    x = coloured(generator, n, generator.uniform(0.6, 1.1), 60) * (1 + 0.25 * np.sin(2 * np.pi * rate * t))
    for k in range(1, 5):
        x = x + 0.4 / k * np.sin(
            2 * np.pi * blades * k * (t + 0.002 * np.sin(0.4 * np.pi * t)) + generator.uniform(0, 6)
        )
    return unit(x)


def hum(generator, n):
    t = np.arange(RATE) / RATE  # repeats after a second
    mains, slope = generator.choice([50, 60]), generator.uniform(0.3, 1)
    x = sum(np.sin(2 * np.pi * mains * k * t + generator.uniform(0, 6)) / k**slope for k in range(1, 25))
    return unit(np.resize(unit(x), n) + 0.15 * coloured(generator, n, 0.5))


def whine(generator, n):
    """A steady tone with an overtone over a low floor, as of a transformer or a screen."""
    t = np.arange(n) / RATE
    frequency = np.exp(generator.uniform(np.log(150), np.log(3500)))
    x = np.sin(2 * np.pi * frequency * t) + generator.uniform(0, 0.5) * np.sin(4 * np.pi * frequency * t)
    return unit(x + generator.uniform(0.003, 0.1) * coloured(generator, n, 0.5))


def babble(generator, n, paths, voices=6):
    """So many other speakers at once, without pauses."""
    x = np.zeros(n, np.float32)
    for _ in range(voices):
        parts, length = [], 0
        while length < n:
            y = load(paths[generator.integers(len(paths))])
            blocks = np.flatnonzero(speech_blocks(y))
            if len(blocks) == 0:
                continue
            y = y[blocks[0] * BLOCK : (blocks[-1] + 1) * BLOCK]
            parts.append(unit(y))
            length += len(y)
        x += np.concatenate(parts)[:n]
    return unit(x)


def add_bursts(x, generator, rate, length, band, loud):
    """Adds decaying bursts of noise: `rate` a second, with length, centre frequency and amplitude in these ranges."""
    start = 0
    while True:
        start += int(generator.exponential(1 / rate) * RATE)
        size = int(generator.uniform(*length) * RATE)
        if start + size >= len(x):
            return x
        centre = np.exp(generator.uniform(np.log(band[0]), np.log(band[1])))
        burst = generator.standard_normal(size) * np.exp(-5 * np.arange(size) / size)
        edges = [centre / 1.5, min(centre * 1.5, 7500)]
        burst = sosfilt(butter(2, edges, "band", fs=RATE, output="sos"), burst)
        x[start : start + size] += (generator.uniform(*loud) * burst).astype(np.float32)


def room(generator, n):
    """A quiet floor with clicks, typing and knocks, about three a second."""
    return unit(add_bursts(0.5 * coloured(generator, n, 0.8), generator, 3, (0.005, 0.12), (150, 4000), (3, 18)))


def doors(generator, n):
    """A quiet floor with a slam every few seconds and typing in between."""
    x = 0.3 * coloured(generator, n, 0.7)
    add_bursts(x, generator, 0.2, (0.2, 0.6), (60, 400), (20, 80))
    for _ in range(max(1, n // (10 * RATE))):
        size = min(n, int(generator.uniform(1, 4) * RATE))
        at = generator.integers(0, n - size + 1)
        add_bursts(x[at : at + size], generator, generator.uniform(4, 9), (0.005, 0.03), (1500, 5000), (2, 6))
    return unit(x)


def microphone(generator, n):
    """What a cheap microphone gives in a silent room: white and mains hum, with a tilt."""
    x = coloured(generator, n, generator.uniform(0, 0.5)) + generator.uniform(0, 1) * hum(generator, n)
    return unit(x)
