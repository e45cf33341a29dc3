#!/usr/bin/env bash
# One would guess: ALSA's rate plugin, with equal rates on both sides, hands on what it gets.
# What happens: over the file plugin with an infile, nearly half of the samples go missing, without an error.
# Where it matters: playing a recording to a program as its microphone; without the rate plugin, all samples arrive.
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

enum { RATE = 16000, BLOCK = 1600, RECORDED = 30000 };

/* Captures a recording that counts up from 1, until its end, and prints how many of its samples never came. */
int main(int count, char **arguments) {
  snd_pcm_t *microphone;
  short buffer[BLOCK];
  int last = 0, missing = 0;
  if (count < 2 || snd_pcm_open(&microphone, arguments[1], SND_PCM_STREAM_CAPTURE, 0) < 0 ||
      snd_pcm_set_params(microphone, SND_PCM_FORMAT_S16, SND_PCM_ACCESS_RW_INTERLEAVED, 1, RATE, 0, 100000) < 0)
    return 2;
  for (int block = 0; block < 50 && last < RECORDED; block++) {
    snd_pcm_sframes_t frames = snd_pcm_readi(microphone, buffer, BLOCK);
    if (frames < 0) return 3;
    for (int i = 0; i < frames; i++) {
      if (buffer[i] <= last) continue;
      missing += buffer[i] - last - 1;
      last = buffer[i];
    }
  }
  snd_pcm_close(microphone);
  fprintf(stderr, "alsa-lib %s, %s: %d of %d samples missing\n", snd_asoundlib_version(), arguments[1], missing, last);
  printf("%d\n", missing);
}
C
gcc -O1 -I tree/usr/include capture.c -o capture -L "$libraries" -lasound
python3 -c 'import array, sys; array.array("h", range(1, 30001)).tofile(sys.stdout.buffer)' >count.raw
cat >asound.conf <<'CONF'
pcm.null { type null }
pcm.recording { type file slave.pcm null file /dev/null infile count.raw format raw }
pcm.same_rate { type rate converter linear slave { pcm recording rate 16000 } }
CONF
export ALSA_CONFIG_PATH=$PWD/asound.conf LD_LIBRARY_PATH=$libraries
[[ $(./capture recording) -eq 0 && $(./capture same_rate) -gt 5000 ]] || {
  echo "The behaviour has changed." >&2
  exit 1
}
