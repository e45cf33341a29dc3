"""Fits the weights of the speech gate (SerdDetection/Gate/SpeechScore+Weights.swift) and prints them as Swift.

    pip install numpy scipy soundfile torch
    swift build -c release --product SerdProbe
    tools/fit-speech-gate --emodb FOLDER --ravdess FOLDER --probe .build/release/SerdProbe > weights.swift

The evidence is computed by serd itself (`SerdProbe evidence`). Speakers: EMO-DB 03 08 09 10 11, RAVDESS 01 to 09; the
others are for tools/compare-with-webrtcvad. Sounds: speech with pauses in white, pink, fan, hum, whine, babble and room
noise at 20, 10, 5, 0 dB, and clean; single recordings, since a file may start with speech; noise, clatter and music
without speech. A fixed seed; some minutes. Exit codes: 0, 64 usage, 65 no recordings or no SerdProbe, 69 a Python
package is missing.
"""

import sys

import numpy as np
import torch

from serdtools.command import fail
from serdtools.detection import corpora
from serdtools.detection.gate_examples import examples, streams
from serdtools.detection.probe import MEASURES, Probe, gate_parser

HIDDEN = 16
EPOCHS, BATCH = 30, 2048


def fit(x, y):
    """First layer's weights and biases, second layer's weights and bias."""
    torch.manual_seed(1)
    torch.set_num_threads(1)
    mean, deviation = x.mean(0), x.std(0)
    inputs, targets = torch.tensor((x - mean) / deviation), torch.tensor(y.astype(np.float32))
    network = torch.nn.Sequential(torch.nn.Linear(MEASURES, HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, 1))
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-2, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, EPOCHS)
    for epoch in range(EPOCHS):
        order, total = torch.randperm(len(inputs)), 0.0
        for part in order.split(BATCH):
            optimiser.zero_grad()
            loss = torch.nn.functional.binary_cross_entropy_with_logits(network(inputs[part])[:, 0], targets[part])
            loss.backward()
            optimiser.step()
            total += loss.item() * len(part)
        schedule.step()
        print(f"epoch {epoch + 1}: loss {total / len(inputs):.4f}", file=sys.stderr)
    # The standardisation is folded into the first layer.
    first = network[0].weight.detach().numpy() / deviation
    bias = network[0].bias.detach().numpy() - first @ mean
    return first, bias, network[2].weight.detach().numpy()[0], network[2].bias.detach().numpy()


def swift(first, bias, second, last):
    """The source file."""

    def row(values):
        return f"    {', '.join(f'{v:.4g}' for v in values)}"

    rows = "".join(f"{row(values)},\n" for values in np.asarray(first).reshape(-1, 8))
    return f"""// Made by tools/fit-speech-gate; see there. Do not edit.

extension SpeechScore {{
  /// {HIDDEN} units × {MEASURES} measures, row by row.
  package static let hiddenWeights: [Float] = [
{rows}  ]

  /// One per unit.
  package static let hiddenBiases: [Float] = [
{row(bias)}
  ]

  /// One per unit.
  package static let outputWeights: [Float] = [
{row(second)}
  ]

  /// Of the score.
  package static let outputBias: Float = {last[0]:.4g}
}}"""


def main():
    options = gate_parser(__doc__).parse_args()
    speech = corpora.emodb(options.emodb, corpora.EMODB["tune"])
    speech += corpora.ravdess(options.ravdess, corpora.RAVDESS["tune"])
    if not speech:
        fail("no recordings in these folders")
    probe = Probe(options.probe)
    pairs = [examples(probe, x, truth) for x, truth in streams(speech, np.random.default_rng(1))]
    x, y = (np.concatenate(column) for column in zip(*pairs, strict=True))
    print(f"{len(x)} frames, {100 * y.mean():.0f} % speech", file=sys.stderr)
    print(swift(*fit(x, y)))


if __name__ == "__main__":
    sys.exit(main())
