#!/usr/bin/env bash
# One would guess: a voice detector in its strictest mode soon learns that a noise which never changes is no speech.
# What happens: WebRTC's takes white noise of -21 dBFS for speech in every frame, for five minutes; at -30 dBFS not.
# Where it matters: gating a microphone near a fan or vacuum cleaner; it is the level that decides, not the voice.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --only-binary :all: webrtcvad-wheels==2.0.14.post1 numpy==2.4.6

venv/bin/python - <<'PY'
import sys
from importlib.metadata import version

import numpy as np
import webrtcvad

RATE, FRAME = 16000, 480  # 30 ms
STRICTEST = 3
print(f"webrtcvad-wheels {version('webrtcvad-wheels')}, mode {STRICTEST}: five minutes of steady white noise")
last_minute = {}
for rms in (1000, 3000):
    detector = webrtcvad.Vad(STRICTEST)
    random = np.random.default_rng(0)
    verdicts = [
        detector.is_speech((rms * random.standard_normal(FRAME)).astype("<i2").tobytes(), RATE)
        for _ in range(5 * 60 * RATE // FRAME)
    ]
    last_minute[rms] = float(np.mean(verdicts[-2000:]))
    print(
        f"{20 * np.log10(rms / 32768):.0f} dBFS: speech in {100 * np.mean(verdicts[:2000]):.1f} % of the first minute, "
        f"{100 * last_minute[rms]:.1f} % of the last"
    )

sys.exit(0 if last_minute[3000] > 0.99 and last_minute[1000] < 0.01 else "The behaviour has changed.")
PY
