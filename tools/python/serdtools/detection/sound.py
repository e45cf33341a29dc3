"""Samples, levels and blocks."""

import numpy as np

RATE = 16000
BLOCK = 256  # 16 ms: truth is given per block


def gain(decibels):
    return np.float32(10 ** (decibels / 20))


def level(x):
    """RMS in dBFS."""
    return 10 * np.log10(np.mean(np.square(x, dtype=np.float64)) + 1e-20)


def unit(x):
    """The sound with an RMS of 1."""
    return (x / np.sqrt(np.mean(np.square(x, dtype=np.float64)) + 1e-20)).astype(np.float32)
