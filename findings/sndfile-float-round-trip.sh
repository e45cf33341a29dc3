#!/usr/bin/env bash
# One would guess: 16-bit samples that are read as float and written as 16 bits again come back as they were.
# What happens: libsndfile lowers half of all values by one step; with SFC_SET_CLIPPING, meant for overloads, none.
# Where it matters: C programs that copy, cut or mix recordings in float, and tests that compare their samples.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --only-binary :all: soundfile==0.14.0 numpy==2.4.6

# The Python package asks for clipping by itself, so its copy of the C library is called directly.
venv/bin/python - <<'PY'
import ctypes
import sys
from pathlib import Path

import _soundfile_data
import numpy as np

READ, WRITE, WAV_PCM_16, SET_CLIPPING = 0x10, 0x20, 0x010002, 0x10C0


class Info(ctypes.Structure):
    _fields_ = [
        ("frames", ctypes.c_int64),
        *((name, ctypes.c_int) for name in ("rate", "channels", "format", "sections", "seekable")),
    ]


library = ctypes.CDLL(str(next(Path(_soundfile_data.__file__).parent.glob("libsndfile*"))))
library.sf_version_string.restype = ctypes.c_char_p
library.sf_open.restype = ctypes.c_void_p
print(library.sf_version_string().decode())


def transfer(name, mode, function, samples, clipping=0):
    info = Info(rate=16000, channels=1, format=WAV_PCM_16)
    file = ctypes.c_void_p(library.sf_open(name.encode(), mode, ctypes.byref(info)))
    library.sf_command(file, SET_CLIPPING, None, clipping)
    pointer = samples.ctypes.data_as(ctypes.c_void_p)
    assert getattr(library, function)(file, pointer, ctypes.c_int64(samples.size)) == samples.size
    library.sf_close(file)


before = np.arange(-32768, 32768).astype(np.int16)
transfer("before.wav", WRITE, "sf_write_short", before)
as_float = np.empty(before.size, np.float32)
transfer("before.wav", READ, "sf_read_float", as_float)
changed = []
for clipping in (0, 1):
    transfer("after.wav", WRITE, "sf_write_float", as_float, clipping)
    after = np.empty_like(before)
    transfer("after.wav", READ, "sf_read_short", after)
    changed.append(int(np.count_nonzero(before != after)))
    example = after[before == 20000][0]
    print(f"clipping {clipping}: {changed[-1]} of {before.size} values changed; 20000 became {example}")

sys.exit(0 if changed[0] > before.size // 3 and changed[1] == 0 else "The behaviour has changed.")
PY
