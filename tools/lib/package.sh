# shellcheck shell=bash
# Building the Debian packages in the Debian 13 of trixie.sh: what tools/package and tools/slow-tests/package share.
# Source this file after setup.sh, trixie.sh and arm64.sh.

# shellcheck source=tools/lib/setup.sh
[[ -n ${daemon_packages:-} ]] || source tools/lib/setup.sh
# shellcheck source=tools/lib/trixie.sh
[[ -n ${trixie:-} ]] || source tools/lib/trixie.sh

# What builds packages, for both processors.
packaging_packages=(build-essential dpkg-dev debhelper libstdc++-14-dev chrpath binutils binutils-aarch64-linux-gnu)

# Makes the system in which packages are built; the arguments are the processors' Debian names.
make_packaging_system() {
  make_trixie "${compiler_packages[@]}" "${daemon_packages[@]}" "${web_packages[@]}" "${trainer_packages[@]}" "${packaging_packages[@]}"
  [[ " $* " != *" arm64 "* ]] || make_arm64
}

# Builds both packages for the processor $1 from this tree, copied to the folder $2 of the system, and puts them into
# the folder $3.
build_packages() {
  local processor=$1 folder=$2 output=$3
  # From nothing: Swift's build does not compile a module anew when only a structure of a module further down changed.
  rm -rf "${trixie:?}$folder"
  copy_tree_to "$folder"
  inside "git config --global --replace-all safe.directory '*'
    cd $folder
    log=/var/log/serd-package-$processor.log
    dpkg-buildpackage --build=binary --host-arch=$processor --no-sign --no-pre-clean >\$log 2>&1 || {
      tail -n 40 \$log >&2
      exit 1
    }" || fail "the packages for $processor were not built (see above; all of it is in $trixie/var/log/serd-package-$processor.log)" 70
  mkdir -p "$output"
  mv "$trixie$(dirname "$folder")"/{serd,sertrain}_*_"$processor".deb "$output/"
  rm -f "$trixie$(dirname "$folder")"/serd_*_"$processor".{changes,buildinfo}
}
