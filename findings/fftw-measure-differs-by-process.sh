#!/usr/bin/env bash
# One would guess: a transform of the same input, by the same library on the same machine, has the same bits.
# What happens: with FFTW_MEASURE, each process times algorithms anew and may choose another: other bits each time.
# Where it matters: golden files, caches of features and trainings that should be reproducible; FFTW_ESTIMATE is stable.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# Of Debian 12.
apt-get download -qq -o APT::Sandbox::User=root libfftw3-single3=3.3.10-1 libfftw3-dev=3.3.10-1
for package in *.deb; do dpkg-deb -x "$package" tree; done
libraries=$(dirname "$PWD"/tree/usr/lib/*/libfftw3f.so)

cat >transform.c <<'C'
#include <fftw3.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Transforms fixed noise of four sizes and prints the library's name and a checksum of the spectra's bits. */
int main(int count, char **arguments) {
  unsigned flag = count > 1 && strcmp(arguments[1], "MEASURE") == 0 ? FFTW_MEASURE : FFTW_ESTIMATE;
  uint64_t checksum = 14695981039346656037u; /* FNV-1a */
  uint32_t state = 1;
  for (int n = 512; n <= 4096; n *= 2) {
    float *signal = fftwf_alloc_real((size_t)n);
    fftwf_complex *spectrum = fftwf_alloc_complex((size_t)n / 2 + 1);
    fftwf_plan plan = fftwf_plan_dft_r2c_1d(n, signal, spectrum, flag);
    for (int i = 0; i < n; i++) {
      state = state * 1664525u + 1013904223u;
      signal[i] = (float)(int32_t)state / 2147483648.0f;
    }
    fftwf_execute(plan);
    const unsigned char *bytes = (const unsigned char *)spectrum;
    for (size_t i = 0; i < ((size_t)n / 2 + 1) * sizeof *spectrum; i++)
      checksum = (checksum ^ bytes[i]) * 1099511628211u;
  }
  printf("%s %016llx\n", fftwf_version, (unsigned long long)checksum);
}
C
gcc -O1 -I tree/usr/include transform.c -o transform -L "$libraries" -lfftw3f
export LD_LIBRARY_PATH=$libraries

declare -A distinct
for flag in MEASURE ESTIMATE; do
  for _ in {1..20}; do ./transform "$flag"; done | sort | uniq -c >counts
  distinct[$flag]=$(wc -l <counts)
  echo "FFTW_$flag, 20 processes, ${distinct[$flag]} results (how often, version, checksum):"
  cat counts
done
[[ ${distinct[MEASURE]} -gt 1 && ${distinct[ESTIMATE]} -eq 1 ]] || {
  echo "The behaviour has changed." >&2
  exit 1
}
