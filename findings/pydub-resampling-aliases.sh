#!/usr/bin/env bash
# One would guess: set_frame_rate, going down, removes what the lower rate cannot hold.
# What happens: pydub has no filter: 10 kHz of a 48 kHz recording becomes 6 kHz at 16 kHz, at full strength.
# Where it matters: preparing data sets: hiss and sibilants fold into the band that the features are computed from.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --only-binary :all: \
  pydub==0.25.1 numpy==2.4.6 soxr==1.1.0 'audioop-lts==0.2.2; python_version >= "3.13"'

venv/bin/python -W ignore - <<'PY'
import sys
from importlib.metadata import version

import numpy as np
import soxr
from pydub import AudioSegment

FROM, TO, PITCH = 48000, 16000, 10000
tone = np.round(16000 * np.sin(2 * np.pi * PITCH * np.arange(FROM) / FROM)).astype(np.int16)


def level(samples):
    return 20 * np.log10(np.sqrt(np.mean(np.square(samples, dtype=np.float64))) / 32768 + 1e-9)


segment = AudioSegment(tone.tobytes(), frame_rate=FROM, sample_width=2, channels=1)
by_pydub = np.array(segment.set_frame_rate(TO).get_array_of_samples())
by_soxr = soxr.resample(tone / 32768, FROM, TO)[1000:-1000] * 32768  # without its switching on and off
spectrum = np.abs(np.fft.rfft(by_pydub * np.hanning(by_pydub.size)))
alias = np.argmax(spectrum) * TO / by_pydub.size

print(f"pydub {version('pydub')}, soxr {version('soxr')}: a tone of {PITCH} Hz, from {FROM} to {TO} Hz")
print(f"before {level(tone):.1f} dBFS; pydub {level(by_pydub):.1f} dBFS, at {alias:.0f} Hz; soxr {level(by_soxr):.1f}")

as_described = abs(alias - 6000) < 5 and level(by_pydub) > level(tone) - 1 and level(by_soxr) < -80
sys.exit(0 if as_described else "The behaviour has changed.")
PY
