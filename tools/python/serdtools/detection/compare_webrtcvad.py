"""Holds the speech gate against webrtcvad, frame by frame, on real speech in noise; prints the tables of
docs/detection.md.

    pip install numpy scipy soundfile webrtcvad "setuptools<81"
    swift build -c release --product SerdProbe
    tools/compare-with-webrtcvad --emodb FOLDER --ravdess FOLDER --probe .build/release/SerdProbe

Speech: EMO-DB speakers 12 to 16 and RAVDESS actors 10 to 18, which neither weights nor thresholds were chosen on
(tools/fit-speech-gate), with pauses of 0.5 to 3 s, no reverberation. Truth: 16 ms blocks of the clean recordings within
30 dB of the loud ones, gaps of up to 192 ms filled. SNR: power over the speech to power of the noise. A miss is a block
of speech that is called none, a false alarm the other way round, hang-overs included on both sides. webrtcvad gets
frames of 10 ms, its best here.

webrtcvad has four operating points; at 5 % false alarms it is put on the straight lines between them (and "never
speech" and "always speech"), which is what drawing lots between two modes gives. serd's threshold is shifted to give
5 %. At each mode's own false alarms, serd's is shifted to give the same. Exit codes: 0 nowhere worse on average over
noises, 1 worse somewhere, 64 usage, 65 no recordings or no SerdProbe, 69 a Python package is missing.
"""

import sys
import warnings
from functools import partial

import numpy as np

from serdtools.command import fail
from serdtools.detection import corpora, noises
from serdtools.detection.operating_points import miss_at, rates
from serdtools.detection.probe import Probe, gate_parser, heard_truth
from serdtools.detection.sound import BLOCK, RATE, gain
from serdtools.detection.speech import SPEECH_LEVEL, speech_stream

# It asks setuptools for its own version, which warns.
with warnings.catch_warnings(action="ignore"):
    import webrtcvad

SNRS = (20, 10, 5, 0)
SHIFTS = [
    *(-30, -12, -9, -7, -6, -5, -4.5, -4, -3.5, -3, -2.5, -2, -1.5, -1, -0.5),
    *(0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 9, 12, 30),
]
AS_IT_IS_SET = SHIFTS.index(0)
# False alarms at which misses are compared.
ALARMS = 0.05
SERD, WEBRTCVAD = 0, 1


def gate_points(probe, x, truth):
    """serd's false alarms and misses, for each of the shifts."""
    states = probe.gate(x, SHIFTS)
    truth = heard_truth(truth, len(states))
    return [rates(states[: len(truth), i], truth) for i in range(len(SHIFTS))]


def webrtcvad_points(x, truth):
    """The peer's, for each of its modes."""
    pcm = (np.clip(x, -1, 1) * 32767).astype("<i2")
    step = RATE // 100
    middles = (np.arange(len(truth)) * BLOCK + BLOCK // 2) // step
    points = []
    for mode in range(4):
        vad = webrtcvad.Vad(mode)
        frames = (pcm[i : i + step].tobytes() for i in range(0, len(pcm) - step + 1, step))
        states = np.array([vad.is_speech(frame, RATE) for frame in frames])
        points.append(rates(states[np.minimum(middles, len(states) - 1)], truth))
    return points


def noises_with(speech):
    return {
        "white": noises.white,
        "pink": noises.pink,
        "brown (never fitted to)": noises.brown,
        "fan": noises.fan,
        "hum": noises.hum,
        "whine": noises.whine,
        "room, clicks, knocks": noises.room,
        "doors (not with speech)": noises.doors,
        "babble of six": partial(noises.babble, paths=speech),
    }


def table_line(name, cells):
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def table_head(name, columns):
    table_line(name, columns)
    print("|---" * (len(columns) + 1) + "|")


def measure(probe, speech, seconds, level):
    """{(noise, SNR): (serd's points, webrtcvad's)}; prints the misses at 5 % false alarms on the way."""
    generator = np.random.default_rng(2)
    cells = {}
    for name, make in noises_with(speech).items():
        row = []
        for snr in SNRS:
            x, truth = speech_stream(speech, seconds, generator)
            x = (x + make(generator, len(x)) * gain(SPEECH_LEVEL - snr)) * gain(level)
            cells[name, snr] = gate_points(probe, x, truth), webrtcvad_points(x, truth)
            row.append(" / ".join(f"{100 * miss_at(points, ALARMS):.1f}" for points in cells[name, snr]))
        table_line(name, row)
    return cells


def print_means(cells, names):
    """Returns whether serd is worse somewhere."""
    row, is_worse = [], False
    for snr in SNRS:
        serd, peer = (np.mean([miss_at(cells[n, snr][side], ALARMS) for n in names]) for side in (SERD, WEBRTCVAD))
        is_worse |= serd > peer
        row.append(f"**{100 * serd:.1f} / {100 * peer:.1f}**")
    table_line("**mean**", row)
    return bool(is_worse)


def print_modes(cells, names):
    print("\nAt each mode's own false alarms: its false alarms: its misses / serd's misses there, ", end="")
    print("in %, means over noises\n")
    table_head("SNR", [*(f"mode {mode}" for mode in range(4)), "serd as it is set: false alarms, misses"])
    for snr in SNRS:
        row = []
        for mode in range(4):
            peer = [cells[name, snr][WEBRTCVAD][mode] for name in names]
            serd = [miss_at(cells[name, snr][SERD], p[0]) for name, p in zip(names, peer, strict=True)]
            alarms, misses = np.mean(peer, 0)
            row.append(f"{100 * alarms:.0f}: {100 * misses:.1f} / {100 * np.mean(serd):.1f}")
        own = np.mean([cells[name, snr][SERD][AS_IT_IS_SET] for name in names], 0)
        table_line(f"{snr} dB", [*row, f"{100 * own[0]:.1f}, {100 * own[1]:.1f}"])


def print_as_it_is_set(cells, names):
    print("\nserd as it is set, by noise: false alarms, misses in %\n")
    table_head("noise", [f"{snr} dB" for snr in SNRS])
    for name in names:
        points = (cells[name, snr][SERD][AS_IT_IS_SET] for snr in SNRS)
        table_line(name, [f"{100 * alarms:.1f}, {100 * misses:.1f}" for alarms, misses in points])


def main():
    parser = gate_parser(__doc__)
    parser.add_argument("--seconds", type=float, default=300, help="sound per noise and SNR")
    parser.add_argument("--level", type=float, default=0, help="dB added to everything")
    options = parser.parse_args()
    speech = corpora.emodb(options.emodb, corpora.EMODB["report"])
    speech += corpora.ravdess(options.ravdess, corpora.RAVDESS["report"])
    if not speech:
        fail("no recordings in these folders")
    print("Misses in % at 5 % false alarms: serd / webrtcvad, the best of its modes and of lots between them\n")
    table_head("noise", [f"{snr} dB" for snr in SNRS])
    cells = measure(Probe(options.probe), speech, options.seconds, options.level)
    names = list(dict.fromkeys(name for name, _ in cells))
    is_worse = print_means(cells, names)
    print_modes(cells, names)
    print_as_it_is_set(cells, names)
    return 1 if is_worse else 0


if __name__ == "__main__":
    sys.exit(main())
