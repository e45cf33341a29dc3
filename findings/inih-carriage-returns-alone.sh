#!/usr/bin/env bash
# One would guess: a file whose lines end in CR alone is either read or refused.
# What happens: libinih takes it for one line: after a section's header nothing is read, and the result is success.
# Where it matters: configuration that passed through an old editor or a tr '\n' '\r': all defaults, and no word of it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# Of Debian 12.
apt-get download -qq -o APT::Sandbox::User=root libinih1=55-1 libinih-dev=55-1
for package in *.deb; do dpkg-deb -x "$package" tree; done
libraries=$(dirname "$PWD"/tree/usr/lib/*/libinih.so)

cat >count.c <<'C'
#include <ini.h>
#include <stdio.h>

static int count_one(void *settings, const char *section, const char *name, const char *value) {
  (void)section, (void)name, (void)value;
  ++*(int *)settings;
  return 1;
}

int main(int count, char **arguments) {
  int settings = 0;
  int error = count == 2 ? ini_parse(arguments[1], count_one, &settings) : 2;
  printf("error %d, settings %d\n", error, settings);
}
C
gcc -O1 -I tree/usr/include count.c -o count -L "$libraries" -linih
export LD_LIBRARY_PATH=$libraries

declare -A result
for ending in LF CRLF CR; do
  case $ending in
    LF) end='\n' ;;
    CRLF) end='\r\n' ;;
    CR) end='\r' ;;
  esac
  printf "%s$end" '[microphone]' 'device = hw:0' 'rate = 16000' >"$ending.ini"
  result[$ending]=$(./count "$ending.ini")
  echo "libinih 55-1, lines end in $ending: ${result[$ending]}"
done
[[ ${result[LF]} == 'error 0, settings 2' && ${result[CRLF]} == "${result[LF]}" &&
  ${result[CR]} == 'error 0, settings 0' ]] || {
  echo "The behaviour has changed." >&2
  exit 1
}
