#!/usr/bin/env bash
# One would guess: digital silence, resampled, is digital silence.
# What happens: soxr adds dither to 16-bit output, also to zeros: samples of -1 and 1 appear; float output stays zero.
# Where it matters: code that takes runs of zeros for a dead microphone or a muted line, behind a resampler.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --only-binary :all: soxr==1.1.0 numpy==2.4.6

venv/bin/python - <<'PY'
import sys

import numpy as np
import soxr

print(f"soxr {soxr.__version__}, libsoxr {soxr.__libsoxr_version__}: 3 s of zeros, from 48000 to 16000 Hz")
outputs = {}
for kind in ("int16", "int32", "float32"):
    output = outputs[kind] = soxr.resample(np.zeros(3 * 48000, kind), 48000, 16000)
    share = np.count_nonzero(output) / output.size
    print(f"{kind:7}: from {output.min()} to {output.max()}, {100 * share:.0f} % not zero")

# The way round it: resample as float, then round.
rounded = np.round(outputs["float32"] * 32767).astype(np.int16)
print(f"float32, rounded to int16 afterwards: {np.count_nonzero(rounded)} samples not zero")

as_described = set(np.unique(outputs["int16"])) >= {-1, 0, 1} and not rounded.any()
sys.exit(0 if as_described else "The behaviour has changed.")
PY
