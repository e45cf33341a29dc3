#!/usr/bin/env bash
# One would guess: capturing from ALSA's null device gives silence, at the pace of the rate that was asked for.
# What happens: it returns at once and always in full, and leaves the buffer as it was: old samples are "captured".
# Where it matters: tests without a sound card: a loop spins at full speed and hears the last block again and again.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# Of Debian 12.
apt-get download -qq -o APT::Sandbox::User=root libasound2=1.2.8-1+b1 libasound2-dev=1.2.8-1+b1
for package in *.deb; do dpkg-deb -x "$package" tree; done
libraries=$(dirname "$PWD"/tree/usr/lib/*/libasound.so)

cat >capture.c <<'C'
#include <alsa/asoundlib.h>
#include <time.h>

enum { RATE = 16000, BLOCK = 1600, BLOCKS = 100, MARK = 1234 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(void) {
  snd_pcm_t *microphone;
  short buffer[BLOCK];
  long frames = 0, untouched = 0;
  for (int i = 0; i < BLOCK; i++) buffer[i] = MARK;
  if (snd_pcm_open(&microphone, "null", SND_PCM_STREAM_CAPTURE, 0) < 0 ||
      snd_pcm_set_params(microphone, SND_PCM_FORMAT_S16, SND_PCM_ACCESS_RW_INTERLEAVED, 1, RATE, 0, 100000) < 0)
    return 2;
  double start = now();
  for (int i = 0; i < BLOCKS; i++) frames += snd_pcm_readi(microphone, buffer, BLOCK);
  double seconds = now() - start;
  for (int i = 0; i < BLOCK; i++) untouched += buffer[i] == MARK;
  printf("alsa-lib %s: %ld frames, %.1f s of sound, in %.4f s; of %d samples in the buffer, %ld are untouched\n",
         snd_asoundlib_version(), frames, (double)frames / RATE, seconds, BLOCK, untouched);
  snd_pcm_close(microphone);
  int as_described = frames == BLOCK * BLOCKS && seconds < 5 && untouched == BLOCK;
  if (!as_described) fprintf(stderr, "The behaviour has changed.\n");
  return !as_described;
}
C
gcc -O1 -I tree/usr/include capture.c -o capture -L "$libraries" -lasound
echo 'pcm.null { type null }' >asound.conf
ALSA_CONFIG_PATH=$PWD/asound.conf LD_LIBRARY_PATH=$libraries ./capture
