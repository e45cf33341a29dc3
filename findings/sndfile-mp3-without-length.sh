#!/usr/bin/env bash
# One would guess: a library reads an MP3 to its end, or says why not.
# What happens: without a Xing tag, libsndfile reads 10 s of 60 s of variable bit rate, without an error; by pipe, all.
# Where it matters: data sets and recordings as MP3 that begin loud and end quiet: their ends are lost silently.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --only-binary :all: \
  soundfile==0.14.0 numpy==2.4.6 lameenc==1.9.0 imageio-ffmpeg==0.8.1

venv/bin/python - <<'PY'
import subprocess
import sys
from pathlib import Path

import imageio_ffmpeg
import lameenc
import numpy as np
import soundfile

RATE = 16000
time = np.arange(60 * RATE) / RATE
noise = np.random.default_rng(0).standard_normal(time.size)
loud_then_silent = np.where(time < 5, 0.3 * np.sin(2 * np.pi * 300 * time) + 0.1 * noise, 0.0)

encoder = lameenc.Encoder()
encoder.set_in_sample_rate(RATE)
encoder.set_channels(1)
encoder.set_vbr(4)  # LAME's variable bit rate, "mtrh"
encoder.set_vbr_quality(4)
mp3 = encoder.encode((loud_then_silent * 32000).astype("<i2").tobytes()) + encoder.flush()
assert b"Xing" not in mp3 and b"Info" not in mp3
Path("a.mp3").write_bytes(mp3)

print(f"libsndfile {soundfile.__libsndfile_version__}, FFmpeg {imageio_ffmpeg.get_ffmpeg_version()}")
by_name = soundfile.read("a.mp3")[0].size / RATE

READ_PIPE = """
import soundfile
file, frames = soundfile.SoundFile(0, closefd=False), 0
while block := len(file.read(4096)):
    frames += block
print(frames)
"""
with subprocess.Popen(["cat", "a.mp3"], stdout=subprocess.PIPE) as cat:
    by_pipe = int(subprocess.check_output([sys.executable, "-c", READ_PIPE], stdin=cat.stdout)) / RATE

command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", "a.mp3", "-f", "s16le", "-"]
by_ffmpeg = len(subprocess.check_output(command)) / 2 / RATE
print(f"60 s of sound; read by name {by_name:.1f} s, by a pipe {by_pipe:.1f} s, by FFmpeg {by_ffmpeg:.1f} s")

sys.exit(0 if by_name < 15 and by_pipe > 59 and by_ffmpeg > 59 else "The behaviour has changed.")
PY
