#!/usr/bin/env bash
# One would guess: a comment is a comment to the end of its line.
# What happens: libinih 55 cuts lines after 199 bytes and takes the rest of a long comment for a line of its own.
# Where it matters: configuration with a long explanation above a key: an example in it silently becomes the setting.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# Of Debian 12.
apt-get download -qq -o APT::Sandbox::User=root libinih1=55-1 libinih-dev=55-1
for package in *.deb; do dpkg-deb -x "$package" tree; done
libraries=$(dirname "$PWD"/tree/usr/lib/*/libinih.so)

cat >show.c <<'C'
#include <ini.h>
#include <stdio.h>

static int show(void *unused, const char *section, const char *name, const char *value) {
  (void)unused;
  printf("[%s] %s = %s\n", section, name, value);
  return 1;
}

int main(int count, char **arguments) { return count == 2 ? ini_parse(arguments[1], show, NULL) : 2; }
C
gcc -O1 -I tree/usr/include show.c -o show -L "$libraries" -linih
export LD_LIBRARY_PATH=$libraries

# A comment of 190, then of 199 bytes, with an example at its end; no setting in either file.
for length in 190 199; do
  {
    echo '[microphone]'
    printf '; %s' "$(head -c $((length - 2)) /dev/zero | tr '\0' '-')"
    echo 'gain = 12'
  } >"$length.ini"
  status=0
  ./show "$length.ini" >"$length.out" || status=$?
  echo "libinih 55-1, comment of $length bytes before its example: error $status, settings: $(cat "$length.out")"
  [[ $status -eq 0 ]]
done
[[ -z $(cat 190.out) && $(cat 199.out) == '[microphone] gain = 12' ]] || {
  echo "The behaviour has changed." >&2
  exit 1
}
