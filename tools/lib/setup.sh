# shellcheck shell=bash
# What tools/test, tools/demo and .ci/run share: they source this file. It finds out what is missing and installs it
# with apt; it does not install a compiler, does not build and does not touch anything that is there already.

# Everything that the programs link with. OpenBLAS is the trainer's alone, SQLite the page's.
# shellcheck disable=SC2034 # used by the scripts that source this file
daemon_packages=(libasound2-dev libsndfile1-dev libmpg123-dev libsoxr-dev libfftw3-dev libmd-dev libinih-dev libsystemd-dev libc6-dev pkg-config git)
# shellcheck disable=SC2034
web_packages=(libsqlite3-dev)
# shellcheck disable=SC2034
trainer_packages=(libopenblas-dev)
# What the clients of Examples need, for their tests.
# shellcheck disable=SC2034
client_packages=(socat python3 nodejs)

say() { printf '==> %s\n' "$*" >&2; }

fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit "${2:-1}"
}

# Runs a command as root: directly, or through sudo.
as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "'$*' needs root: run this as root, or install sudo" 69
  fi
}

is_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# Installs those Debian packages that are missing. Without missing ones it needs neither root nor network.
install_packages() {
  local package missing=()
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "this is no Debian: make sure that you have what these Debian packages hold: $*"
    return
  fi
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  say "installing Debian packages: ${missing[*]}"
  # An update may fail for a source of the user's that has nothing to do with us; the installation then tells.
  as_root apt-get -qq -o DPkg::Lock::Timeout=300 update || say "apt-get update failed; trying to install all the same"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends \
    install "${missing[@]}" >/dev/null ||
    fail "could not install ${missing[*]}; see apt-get's message above" 69
}

# Makes a virtual environment of Python in the folder $1, with the packages of PyPI that follow, unless it is there.
python_environment() {
  local folder=$1
  shift
  [[ $(cat "$folder/.complete" 2>/dev/null) != "$*" ]] || return 0
  command -v python3 >/dev/null || install_packages python3
  python3 -c 'import venv, ensurepip' 2>/dev/null || install_packages python3-venv
  say "installing $* from PyPI in $folder"
  { python3 -m venv "$folder" && "$folder/bin/pip" install --quiet --disable-pip-version-check "$@" >&2; } ||
    fail "could not install $*; see pip's message above" 69
  printf '%s' "$*" >"$folder/.complete"
}

# Sets `ruff`, the linter and formatter of Python: always the same version, for its rules change.
require_ruff() {
  python_environment .build/ruff ruff==0.17.6
  # shellcheck disable=SC2034 # used by .ci/run
  ruff=.build/ruff/bin/ruff
}

# Ends with advice if there is no Swift 6.0 or later.
require_swift() {
  local version
  if ! command -v swift >/dev/null; then
    fail "there is no Swift compiler. Debian 13 and Raspberry Pi OS (trixie): sudo apt install swiftlang. Elsewhere: \
install Swift 6.0 or later as swift.org describes, and put its usr/bin on the PATH" 69
  fi
  version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -n 1)
  [[ ${version%% *} -ge 6 ]] ||
    fail "Swift ${version/ /.} is too old; serd needs 6.0 or later (Debian 13: sudo apt install swiftlang)" 69
}

# OpenBLAS up to 0.3.21 (Debian 12) does not know newer processors and falls back to kernels that are up to four times
# slower; so it is told, unless the user has chosen.
choose_openblas_kernels() {
  local flags all
  [[ -z ${OPENBLAS_CORETYPE:-} && -r /proc/cpuinfo ]] || return 0
  flags=" $(sed -n 's/^flags[^:]*: //p' /proc/cpuinfo | head -n 1) "
  has_all() {
    for all in "$@"; do [[ $flags == *" $all "* ]] || return 1; done
  }
  if has_all avx512f avx512bw avx512dq avx512vl; then
    export OPENBLAS_CORETYPE=SkylakeX
  elif has_all avx2 fma; then
    export OPENBLAS_CORETYPE=Haswell
  fi
}
