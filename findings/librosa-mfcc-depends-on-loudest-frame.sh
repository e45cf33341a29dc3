#!/usr/bin/env bash
# One would guess: the MFCCs of a frame depend on the samples of that frame.
# What happens: librosa raises all that lies 80 dB below the loudest frame of the call, before or after it.
# Where it matters: models trained on MFCCs of whole clips and run on a stream: quiet frames get other features there.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --only-binary :all: librosa==0.11.0 numpy==2.4.6 scipy==1.17.1

venv/bin/python - <<'PY'
import sys

import librosa
import numpy as np

RATE, HOP = 16000, 512
random = np.random.default_rng(0)
quiet = (5e-5 * random.standard_normal(RATE)).astype(np.float32)  # -86 dBFS: a quiet recording's pause
loud = (0.9 * np.sin(2 * np.pi * 300 * np.arange(RATE) / RATE)).astype(np.float32)
frame = 10  # all its samples lie in the first second, as do its neighbours'
assert (frame + 4) * HOP < RATE


def mfcc(second):
    clip = np.concatenate([quiet, second])
    return librosa.feature.mfcc(y=clip, sr=RATE, n_mfcc=13, hop_length=HOP)[:, frame]


print(f"librosa {librosa.__version__}: frame {frame} of the same quiet second, first five MFCCs")
alone, before_loud = mfcc(quiet), mfcc(loud)
print("followed by quiet:", np.round(alone[:5], 2))
print("followed by loud: ", np.round(before_loud[:5], 2))


def unclipped(second):
    clip = np.concatenate([quiet, second])
    power = librosa.feature.melspectrogram(y=clip, sr=RATE, hop_length=HOP)
    return librosa.feature.mfcc(S=librosa.power_to_db(power, top_db=None), n_mfcc=13)[:, frame]


same_without = np.allclose(unclipped(quiet), unclipped(loud), atol=1e-3)
print("with top_db=None, by way of power_to_db, both are the same:", same_without)

as_described = abs(alone[0] - before_loud[0]) > 20 and np.all(np.abs(before_loud[1:]) < 1e-3) and same_without
sys.exit(0 if as_described else "The behaviour has changed.")
PY
