"""Seconds of a training epoch of EMO-DB's size, sertrain's layers and PyTorch's in turns on the same data.

    pip install 'torch==2.13.0+cpu' numpy      # or any torch that runs on the CPU
    swift build -c release
    Benchmarks/compare-training-with-pytorch [--threads 1 2] [--variants paper report] [--turns 7]

486 clips of 2 s (122 x 40 coefficients, normally distributed), batches of 32, Adam, cross-entropy, dropout, no
augmentation: the network and the optimiser, nothing else. PyTorch is channels-last, gets its threads by
torch.set_num_threads, and an allocator that keeps its memory: with the usual one it spends time on fresh pages. Medians
over the turns of elapsed and of processor time, after one turn that warms up; the ratio is the median of the turns' own
ratios. On a machine with other work two threads that wait for each other lose more than one: look at the load that is
printed first.

Exit codes: 0 measured, 64 usage, 69 a Python package or the program is missing.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch
from torch import nn

from serdtools.command import UNAVAILABLE, Parser, fail
from serdtools.exchange.light_sernet import LightSERNet, architecture
from serdtools.tree import ROOT

PROGRAM = ROOT / ".build/release/SerdBenchmarks"
CLIPS, BATCH, FRAMES, COEFFICIENTS, CLASSES = 486, 32, 122, 40, 7
DROPOUT = 0.3


class Peer:
    """PyTorch's epochs."""

    def __init__(self, inputs, variant, threads):
        torch.set_num_threads(threads)
        torch.manual_seed(1)
        network = LightSERNet(architecture(variant), CLASSES, DROPOUT)
        self.network = network.to(memory_format=torch.channels_last)
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=1e-3, weight_decay=1e-6)
        self.inputs = torch.from_numpy(inputs)[:, None].to(memory_format=torch.channels_last)
        self.labels = torch.arange(CLIPS) % CLASSES

    def epoch(self):
        elapsed, processor, losses = time.monotonic(), time.process_time(), []
        for first in range(0, CLIPS, BATCH):
            self.optimiser.zero_grad()
            logits = self.network(self.inputs[first : first + BATCH])
            loss = nn.functional.cross_entropy(logits, self.labels[first : first + BATCH])
            loss.backward()
            self.optimiser.step()
            losses.append(loss.item())
        return time.monotonic() - elapsed, time.process_time() - processor, statistics.mean(losses)


class Ours:
    """sertrain's epochs, in a process of their own that waits between them."""

    def __init__(self, file, variant, threads):
        command = [PROGRAM, "epochs", file, variant, str(threads)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def epoch(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        values = self.process.stdout.readline().split()
        if len(values) != 3:
            fail(f"{PROGRAM} ended; build it again", UNAVAILABLE)
        return tuple(map(float, values))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def compare(file, inputs, variant, threads, turns):
    ours, peer = Ours(file, variant, threads), Peer(inputs, variant, threads)
    rounds = [(ours.epoch(), peer.epoch()) for _ in range(turns + 1)][1:]
    ours.close()
    elapsed, processor = ([(a[i], b[i]) for a, b in rounds] for i in range(2))
    cells = []
    for pairs in (elapsed, processor):
        mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
        cells.append(f"{mine:5.2f} s {other:5.2f} s  ratio {statistics.median(a / b for a, b in pairs):.2f}")
    fastest = " ".join(f"{min(column):.2f} s" for column in zip(*elapsed, strict=True))
    losses = " ".join(f"{run[2]:.3f}" for run in rounds[-1])
    print(
        f"{variant:6} {threads} thread(s)  elapsed {cells[0]}  processor {cells[1]}  fastest {fastest}  "
        f"last loss {losses}",
        flush=True,
    )


def keep_memory():
    """Starts the script again with glibc's allocator told never to give memory back; that is read at the start only."""
    settings = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40)}
    if not settings.keys() <= os.environ.keys():
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **settings})


def main():
    parser = Parser(__doc__)
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1])
    parser.add_argument("--variants", nargs="+", choices=["paper", "report"], default=["paper", "report"])
    parser.add_argument("--turns", type=int, default=7)
    arguments = parser.parse_args()
    if not PROGRAM.exists():
        fail(f"{PROGRAM} is missing; swift build -c release", UNAVAILABLE)
    keep_memory()
    inputs = np.random.default_rng(1).standard_normal((CLIPS, FRAMES, COEFFICIENTS), dtype=np.float32)
    inputs = np.clip(3 * inputs, -10, 10)
    print(f"torch {torch.__version__}, load {os.getloadavg()[0]:.1f}; seconds are ours, then PyTorch's")
    with tempfile.NamedTemporaryFile() as file:
        inputs.tofile(file.name)
        for variant in arguments.variants:
            for threads in arguments.threads:
                compare(file.name, inputs, variant, threads, arguments.turns)


if __name__ == "__main__":
    sys.exit(main())
