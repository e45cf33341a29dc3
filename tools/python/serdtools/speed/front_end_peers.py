"""The front end in numpy + scipy, on the 3 s signal of `SerdBenchmarks front-end`: what to put beside it.

    pip install numpy scipy
    python3 Benchmarks/front-end-peers.py          (a table)
    python3 Benchmarks/front-end-peers.py --turns  (for SerdBenchmarks: per line "n" read, the median seconds of n runs)

One thread, single precision: frames, window, real FFT (scipy), 128 mel bands, log, DCT-II, 40 coefficients. All frames
go through each step at once, as is quickest in numpy. The gain step is left out, which favours this peer. Numbers are
checked against nothing here: `Tests/Golden` holds the reference values.
"""

import os
import sys
import time

# Before numpy is loaded: the comparison is of one thread.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import numpy as np
import scipy.fft

from serdtools.command import Parser

RATE, FRAME, HOP, BANDS, COEFFICIENTS = 16000, 1024, 256, 128, 40
LOW, HIGH, FLOOR = 40.0, 7600.0, 1e-6


def signal(seconds=3):
    """`SyntheticSignal.harmonics`: 24 harmonics under a slow envelope, through 16 bits."""
    t = np.arange(RATE * seconds) / RATE
    fundamental = 110 + 30 * seconds
    orders = np.arange(1, 25)[:, None]
    sound = (0.35 / orders * np.sin(2 * np.pi * orders * fundamental * t + 0.7 * orders**2)).sum(axis=0)
    sound *= 0.55 + 0.45 * np.sin(2 * np.pi * 2.5 * t)
    return (np.floor(sound * 32767 + 0.5) / 32768).astype(np.float32)


def mel_matrix():
    """[bins, bands], triangles on the HTK mel scale, DC left out."""

    def mel(hertz):
        return 1127 * np.log1p(hertz / 700)

    bins = mel(np.arange(1, FRAME // 2 + 1) * RATE / FRAME)[:, None]
    edges = np.linspace(mel(LOW), mel(HIGH), BANDS + 2)
    rise = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    weights = np.maximum(0, np.minimum(rise, fall))
    return np.concatenate([np.zeros((1, BANDS)), weights]).astype(np.float32)


WINDOW = (0.54 - 0.46 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)).astype(np.float32)
MEL = mel_matrix()


def mfcc(samples):
    """[frames, 40]."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::HOP] * WINDOW
    spectrum = np.abs(scipy.fft.rfft(frames, axis=1))
    cepstrum = scipy.fft.dct(np.log(spectrum @ MEL + np.float32(FLOOR)), type=2, axis=1)
    return cepstrum[:, :COEFFICIENTS] / np.float32(np.sqrt(2 * BANDS))


NAME = f"numpy {np.__version__} + scipy {scipy.__version__}"


def elapsed_times(samples, count):
    """Seconds of each of `count` runs, ascending."""
    times = []
    for _ in range(count):
        began = time.perf_counter()
        mfcc(samples)
        times.append(time.perf_counter() - began)
    return sorted(times)


def take_turns(samples):
    mfcc(samples)
    print(NAME, flush=True)
    for line in sys.stdin:
        times = elapsed_times(samples, int(line))
        print(times[len(times) // 2], flush=True)


def main():
    parser = Parser(__doc__)
    parser.add_argument("--turns", action="store_true", help="time the runs that are asked for on standard input")
    samples = signal()
    if parser.parse_args().turns:
        take_turns(samples)
        return
    frames = len(mfcc(samples))
    start = time.thread_time()
    elapsed = elapsed_times(samples, 300)
    processor = (time.thread_time() - start) / len(elapsed)
    median, p90 = elapsed[len(elapsed) // 2], elapsed[len(elapsed) * 9 // 10]
    print(f"{NAME}, one thread, 3 s of harmonics ({frames} frames)")
    print(f"  3 s: median {median * 1e3:.3f} ms, p90 {p90 * 1e3:.3f} ms, processor {processor * 1e3:.3f} ms")


if __name__ == "__main__":
    sys.exit(main())
