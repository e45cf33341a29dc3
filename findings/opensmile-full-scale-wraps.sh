#!/usr/bin/env bash
# One would guess: a float signal with its peak at exactly 1.0 is full scale and gives sound features.
# What happens: openSMILE's Python package turns each sample of 1.0 into -32768: loudness doubles, jitter explodes.
# Where it matters: emotion recognition with eGeMAPS on clips normalised to their peak; float files go the same way.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --only-binary :all: \
  opensmile==2.6.0 numpy==2.4.6 soundfile==0.14.0

venv/bin/python - <<'PY'
import sys

import numpy as np
import opensmile
import soundfile

RATE = 16000
time = np.arange(2 * RATE) / RATE
# A voice-like buzz of 150 Hz that reaches its peak once a period.
buzz = sum(np.cos(2 * np.pi * 150 * k * time) / k for k in range(1, 6)).astype(np.float32)
full_scale = buzz / buzz.max()
assert full_scale.max() == 1.0 and full_scale.min() > -1.0

smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)
print(f"opensmile {opensmile.__version__}; {np.count_nonzero(full_scale == 1.0)} of {full_scale.size} samples are 1.0")


def features(name, row):
    loudness, jitter = row["loudness_sma3_amean"].item(), row["jitterLocal_sma3nz_amean"].item()
    print(f"{name:22} loudness {loudness:.3f}, jitter {jitter:.7f}")
    return loudness, jitter


below = features("array, peak 0.999", smile.process_signal(full_scale * np.float32(0.999), RATE))
at = features("array, peak 1.0", smile.process_signal(full_scale, RATE))
soundfile.write("float.wav", full_scale, RATE, subtype="FLOAT")
float_file = features("float WAV, peak 1.0", smile.process_file("float.wav"))
soundfile.write("pcm16.wav", full_scale, RATE, subtype="PCM_16")
pcm_file = features("16-bit WAV, peak 32767", smile.process_file("pcm16.wav"))

as_described = (
    at[0] > 1.5 * below[0] and at[1] > 100 * below[1] and float_file == at and abs(pcm_file[0] / below[0] - 1) < 0.01
)
sys.exit(0 if as_described else "The behaviour has changed.")
PY
