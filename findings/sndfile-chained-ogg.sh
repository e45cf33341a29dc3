#!/usr/bin/env bash
# One would guess: a chained Ogg file, which the format allows, is read through all its links.
# What happens: libsndfile ends after the first link, without an error; FFmpeg decodes both.
# Where it matters: internet radio and recorders that start a new link per title or take: the rest is lost silently.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --only-binary :all: \
  soundfile==0.14.0 numpy==2.4.6 imageio-ffmpeg==0.8.1

venv/bin/python - <<'PY'
import subprocess
import sys
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import soundfile

RATE = 16000
print(f"libsndfile {soundfile.__libsndfile_version__}, FFmpeg {imageio_ffmpeg.get_ffmpeg_version()}")
as_described = True
for codec in ("VORBIS", "OPUS"):
    links = []
    for pitch in (300, 500):
        tone = 0.3 * np.sin(2 * np.pi * pitch * np.arange(2 * RATE) / RATE)
        soundfile.write("link.ogg", tone, RATE, format="OGG", subtype=codec)
        links.append(Path("link.ogg").read_bytes())
    assert links[0][14:18] != links[1][14:18], "links need serial numbers of their own"
    Path("chained.ogg").write_bytes(b"".join(links))

    stated = soundfile.info("chained.ogg").duration
    read = soundfile.read("chained.ogg")[0].size / RATE
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "quiet", "-i", "chained.ogg"]
    decoded = subprocess.check_output([*ffmpeg, "-f", "s16le", "-ac", "1", "-ar", str(RATE), "-"])
    by_ffmpeg = len(decoded) / 2 / RATE
    print(f"{codec}, two links of 2 s: libsndfile states {stated:.2f} s, reads {read:.2f}; FFmpeg {by_ffmpeg:.2f}")
    as_described &= stated < 2.1 and read < 2.1 and by_ffmpeg > 3.9

sys.exit(0 if as_described else "The behaviour has changed.")
PY
