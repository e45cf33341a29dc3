"""serd's own front end, gate, network and tracker, by way of SerdProbe (Benchmarks/SerdProbe/main.swift)."""

import subprocess

import numpy as np

from serdtools.command import Parser, fail

MEASURES = 24
# A frame spans four blocks; its decision is about its third.
BLOCK_OF_FRAME = 2


class Probe:
    def __init__(self, program):
        self.program = program

    def evidence(self, sound):
        """The gate's measures, [frames, 24]; not a number where it is too quiet to look."""
        return np.frombuffer(self._run(["evidence"], _bytes(sound)), "<f4").reshape(-1, MEASURES)

    def gate(self, sound, shifts):
        """Whether the gate is open, [frames, shifts], with both thresholds moved by each of the shifts."""
        states = np.frombuffer(self._run(["gate", *map(str, shifts)], _bytes(sound)), np.uint8)
        return states.reshape(-1, len(shifts)).astype(bool)

    def windows(self, model, sound):
        """A line per hop: end of the window, level, share of speech, novelty, and with speech, probabilities."""
        return self._run(["windows", model], _bytes(sound)).decode()

    def track(self, labels, settings, lines):
        """A line per decision of the tracker on such lines."""
        return self._run(["track", ",".join(labels), *settings], "\n".join(lines).encode()).decode()

    def _run(self, arguments, data):
        try:
            result = subprocess.run([self.program, *arguments], input=data, stdout=subprocess.PIPE, check=False)
        except FileNotFoundError:
            fail(f"there is no {self.program}; build it: swift build -c release --product SerdProbe")
        if result.returncode != 0:
            fail(f"{self.program} {arguments[0]} ended with {result.returncode}")
        return result.stdout


def _bytes(sound):
    return sound.astype("<f4").tobytes()


def heard_truth(truth, frames):
    """The truth of as many frames as have one."""
    count = min(frames, len(truth) - BLOCK_OF_FRAME)
    return truth[BLOCK_OF_FRAME : BLOCK_OF_FRAME + count]


def gate_parser(documentation):
    """The options of commands that measure the gate on both corpora."""
    parser = Parser(documentation)
    for option in ("--emodb", "--ravdess", "--probe"):
        parser.add_argument(option, required=True)
    return parser
