"""Music-like sound: two bands that share no instrument, so that one can be fitted to and the other reported on."""

import numpy as np
from scipy.signal import butter, sosfilt

from serdtools.detection.sound import RATE, unit

SCALES = ([0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 10], [0, 2, 4, 7, 9], [0, 3, 5, 7, 10])


def pitch(note):
    return 440 * 2 ** ((note - 69) / 12)


def organ(generator, frequency, n):
    """Added harmonics with a slow attack; also strings and pads."""
    t = np.arange(n) / RATE
    slope, x = generator.uniform(0.7, 1.8), np.zeros(n)
    vibrato = 0.003 * np.sin(2 * np.pi * generator.uniform(4, 6) * t)
    for k in range(1, int(min(20, 7000 / frequency)) + 1):
        x += np.sin(2 * np.pi * frequency * k * (t + vibrato / (2 * np.pi * 5)) + generator.uniform(0, 6)) / k**slope
    return x * np.minimum(1, t / generator.uniform(0.01, 0.2)) * np.minimum(1, (n / RATE - t) / 0.05)


def bell(generator, frequency, n):
    """Frequency modulation with a decay: electric piano, bells."""
    t = np.arange(n) / RATE
    decay, ratio = generator.uniform(0.2, 1.2), generator.choice([1, 2, 3.5])
    index = generator.uniform(0.5, 4) * np.exp(-t / (decay / 2))
    return np.sin(2 * np.pi * frequency * t + index * np.sin(2 * np.pi * frequency * ratio * t)) * np.exp(-t / decay)


def pluck(generator, frequency, n):
    """A plucked string (Karplus and Strong 1983)."""
    period = max(2, int(RATE / frequency))
    x = np.zeros(n + period)
    x[:period] = generator.uniform(-1, 1, period)
    damping = generator.uniform(0.985, 0.998)
    for start in range(period, n + period, period):
        end = min(start + period, n + period)
        last = x[start - period : end - period]
        x[start:end] = damping * 0.5 * (last + np.roll(last, 1))
    return x[:n]


def drum(generator, kind, n):
    t = np.arange(n) / RATE
    if kind == "kick":
        return np.sin(2 * np.pi * (50 * t + 6 * (1 - np.exp(-t / 0.03)))) * np.exp(-t / 0.12)
    x = generator.standard_normal(n) * np.exp(-t / (0.09 if kind == "snare" else 0.03))
    cutoff = 1200 if kind == "snare" else 5000
    return sosfilt(butter(2, cutoff, "high", fs=RATE, output="sos"), x)


def music(generator, n, instruments, hits=("kick", "hat", "snare", "hat")):
    """Chords, a bass, a melody and drums, changing key, tempo and instruments every twelve seconds or so."""
    x = np.zeros(n + 4 * RATE)
    start = 0
    while start < n:
        length = int(generator.uniform(8, 16) * RATE)
        beat = int(RATE * 60 / generator.uniform(70, 150))
        key, scale = generator.integers(40, 60), SCALES[generator.integers(len(SCALES))]
        with_drums, with_melody, with_chords = generator.random(3) < (0.6, 0.7, 0.8)
        lead, backing = generator.choice(len(instruments), 2)
        for index, at in enumerate(range(start, min(start + length, n), beat)):
            if with_chords and index % 4 == 0:
                root = generator.integers(len(scale))
                for step in (0, 2, 4):
                    note = key + scale[(root + step) % len(scale)] + 12 * ((root + step) // len(scale))
                    y = 0.3 * instruments[backing](generator, pitch(note), min(4 * beat, 3 * RATE))
                    x[at : at + len(y)] += y
            if with_melody:
                division = generator.choice([1, 1, 2, 4])
                for part in range(division):
                    if generator.random() < 0.8:
                        note = key + 12 + scale[generator.integers(len(scale))]
                        y = 0.5 * instruments[lead](
                            generator, pitch(note), int(beat / division * generator.uniform(0.6, 1))
                        )
                        x[at + part * beat // division :][: len(y)] += y
            if with_drums:
                y = 0.7 * drum(generator, hits[index % len(hits)], min(beat, RATE // 2))
                x[at : at + len(y)] += y
        start += length
    return unit(x[:n])


def music_one(generator, n):
    return music(generator, n, [organ])


def music_two(generator, n):
    return music(generator, n, [bell, pluck], ("kick", "hat", "hat", "snare", "hat", "kick"))
