#!/usr/bin/env bash
# One would guess: threads share the rows of a product, so each sum, and each bit, is the same with one thread or two.
# What happens: two threads change the last bits of OpenBLAS' sgemm at some sizes; a row computed alone has others too.
# Where it matters: reproducing a training on a machine with other cores; scoring one clip alone and in a batch.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --only-binary :all: numpy==2.4.6 threadpoolctl==3.8.0

# Which kernels run, and so which sizes differ, depends on the processor: several sizes are tried.
OPENBLAS_NUM_THREADS=2 venv/bin/python - <<'PY'
import sys

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

blas = next(pool for pool in threadpool_info() if pool["internal_api"] == "openblas")
print(f"numpy {np.__version__}, OpenBLAS {blas['version']}, kernels {blas['architecture']}")
random = np.random.default_rng(0)
by_threads = by_batch = 0
for n in (100, 256, 500, 512):
    a, b = (random.standard_normal((n, n), dtype=np.float32) for _ in range(2))
    with threadpool_limits(1):
        one = a @ b
        first_row = a[:1] @ b
    with threadpool_limits(2):
        two = a @ b
    differing, in_row = np.count_nonzero(one != two), np.count_nonzero(first_row != one[:1])
    largest = np.abs(one - two).max() / np.abs(one).max()
    print(f"{n} x {n}: with two threads, {differing} of {n * n} elements differ, by up to {largest:.0e} of the peak")
    print(f"    the first row, computed alone, differs in {in_row} of {n}")
    by_threads += differing
    by_batch += in_row

sys.exit(0 if by_threads and by_batch else "The behaviour has changed.")
PY
