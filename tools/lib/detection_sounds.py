"""Sounds for measuring detection: recordings of the corpora, noises, clatter, music-like sound, rooms, streams of speech with pauses
and their truth. 16 kHz mono float32 throughout; everything random comes from the numpy generator that is passed in.

Needs numpy, scipy and soundfile from PyPI. It shares no code with serd.
"""
import glob
import os

import numpy as np
import soundfile
from scipy.signal import butter, fftconvolve, resample_poly, sosfilt

RATE = 16000
BLOCK = 256  # 16 ms: truth is given per block
SPEECH_LEVEL = -26.0  # dBFS RMS over speech, before any change of level


def gain(decibels):
    return np.float32(10 ** (decibels / 20))


def level(x):
    return 10 * np.log10(np.mean(np.square(x, dtype=np.float64)) + 1e-20)


def unit(x):
    return (x / np.sqrt(np.mean(np.square(x, dtype=np.float64)) + 1e-20)).astype(np.float32)


# Recordings


def emodb(folder, speakers):
    """Paths of EMO-DB by speaker: names like 03a01Fa.wav."""
    paths = sorted(glob.glob(os.path.join(folder, "**", "*.wav"), recursive=True))
    return [p for p in paths if os.path.basename(p)[:2] in speakers]


def ravdess(folder, actors):
    """Paths of RAVDESS by actor: names like 03-01-06-01-02-01-12.flac."""
    paths = sorted(p for e in ("flac", "wav") for p in glob.glob(os.path.join(folder, "**", f"03-01-*.{e}"), recursive=True))
    return [p for p in paths if int(os.path.splitext(p)[0][-2:]) in actors]


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
    return list(zip(edges[::2], edges[1::2]))


def speech_blocks(x):
    """The truth: blocks of a clean recording within 30 dB of its loud ones (98th percentile), without spurts below 48 ms and with
    gaps of up to 192 ms filled."""
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
            if blocks.sum() < 10:
                continue
            x = normalised(x, blocks) * gain(generator.uniform(-4, 4))
            silence = int(generator.uniform(*pause) * RATE) // BLOCK
            sound += [x, np.zeros(silence * BLOCK, np.float32)]
            truth += [blocks, np.zeros(silence, bool)]
            length += len(x) + silence * BLOCK
            if length >= seconds * RATE:
                break
    return np.concatenate(sound), np.concatenate(truth)


# Noises, all of RMS 1


def coloured(generator, n, slope, knee=20.0):
    """Noise whose amplitude falls with frequency to the power of `slope`: 0 white, 0.5 pink, 1 brown."""
    size = 1 << int(np.ceil(np.log2(max(n, 2))))
    frequency = np.arange(size // 2 + 1) * RATE / size
    spectrum = np.fft.rfft(generator.standard_normal(size)) / np.maximum(frequency, knee) ** slope
    return unit(np.fft.irfft(spectrum, size)[:n])


def fan(generator, n):
    t = np.arange(n) / RATE
    blades, rate = generator.uniform(80, 240), generator.uniform(0.3, 3)
    x = coloured(generator, n, generator.uniform(0.6, 1.1), 60) * (1 + 0.25 * np.sin(2 * np.pi * rate * t))
    for k in range(1, 5):
        x = x + 0.4 / k * np.sin(2 * np.pi * blades * k * (t + 0.002 * np.sin(0.4 * np.pi * t)) + generator.uniform(0, 6))
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
    """Adds decaying noise bursts: `rate` a second, of a length, centre frequency and amplitude within the given ranges."""
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


# Music-like sound: two bands that share no instrument, so that one can be fitted to and the other reported on

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
                        y = 0.5 * instruments[lead](generator, pitch(note), int(beat / division * generator.uniform(0.6, 1)))
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


# Rooms and levels


def reverberated(x, generator):
    """In a room of 0.2 to 0.7 s reverberation time, 0.5 to 3 m away: exponentially decaying noise after the direct sound."""
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
