#!/usr/bin/env bash
# One would guess: save_file stores the values that the array has, or refuses.
# What happens: safetensors' numpy half stores a transposed array's memory under its shape: values change places.
# Where it matters: converting weights between layouts with .T or .transpose(): shapes fit, results are nonsense.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --only-binary :all: safetensors==0.8.0 numpy==2.4.6

venv/bin/python - <<'PY'
import sys
from importlib.metadata import version

import numpy as np
from safetensors.numpy import load_file, save_file

weights = np.arange(6, dtype=np.float16).reshape(2, 3)
arrays = {
    "transposed": weights.T,
    "every second column": weights[:, ::2],
    "transposed copy": np.ascontiguousarray(weights.T),
}
print(f"safetensors {version('safetensors')}, numpy {np.__version__}")
same = []
for name, array in arrays.items():
    save_file({"w": array}, "w.safetensors")
    loaded = load_file("w.safetensors")["w"]
    assert loaded.shape == array.shape and loaded.dtype == array.dtype
    same.append(np.array_equal(array, loaded))
    print(f"{name}: saved {array.tolist()}, loaded {loaded.tolist()}")

sys.exit(0 if same == [False, False, True] else "The behaviour has changed.")
PY
