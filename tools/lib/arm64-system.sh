# shellcheck shell=bash
# A Debian 13 for 64-bit Arm in a folder of its own, whose programs this machine runs by qemu: where the arm64 packages
# are installed and the tests meet Arm's own libraries, ALSA among them. Source this file after setup.sh, trixie.sh and
# arm64.sh; make_arm64 must have run. Programs of Arm are runnable from start_arm64_programs to stop_arm64_programs,
# which a trap must call.
#
# What it cannot show: speed, and anything of the kernel's, which is this machine's. systemd does not run services under
# qemu.

# shellcheck source=tools/lib/trixie.sh
[[ -n ${trixie:-} ]] || source tools/lib/trixie.sh
# shellcheck source=tools/lib/arm64.sh
[[ -n ${arm64_resources:-} ]] || source tools/lib/arm64.sh

arm64_system=$trixie-arm64
arm64_programs=

# Tells the kernel to run Arm's programs by the qemu of the compiler's system, for as long as this script runs.
start_arm64_programs() {
  local zeros='\x00\x00\x00\x00\x00\x00\x00\x00' ones='\xff\xff\xff\xff\xff\xff\xff\xff'
  arm64_programs=$(mktemp -d)
  mount -t binfmt_misc serd-arm64 "$arm64_programs" ||
    fail "this kernel cannot run programs of other processors (binfmt_misc)" 69
  # One of an interrupted run, with a qemu that may be gone.
  if [[ -e $arm64_programs/serd-arm64 ]]; then printf -- -1 >"$arm64_programs/serd-arm64"; fi
  # ELF, 64 bits, little-endian, executable or shared, machine 183. F: qemu is opened now, so no root folder needs to
  # have it.
  printf '%s' ":serd-arm64:M::\x7fELF\x02\x01\x01\x00$zeros\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00$ones\xfe\xff\xff\xff\
:$trixie/usr/bin/qemu-aarch64:F" >"$arm64_programs/register"
}

stop_arm64_programs() {
  [[ -n $arm64_programs ]] || return 0
  if [[ -e $arm64_programs/serd-arm64 ]]; then printf -- -1 >"$arm64_programs/serd-arm64"; fi
  umount "$arm64_programs" && rmdir "$arm64_programs"
  arm64_programs=
}

# Makes the system, or completes it: the arguments are Debian packages that it must have.
make_arm64_system() {
  # make_trixie works on these.
  local trixie=$arm64_system debian_processor=arm64
  make_trixie "$@"
  mkdir -p "$trixie/src"
}

# Copies the tree there, and what arm64_build made of it, with the libraries of Swift that the tests are linked with.
copy_tests_to_arm64() {
  local folder=.build-arm64/release compiler_system=$trixie
  local trixie=$arm64_system
  copy_tree
  mkdir -p "$trixie/src/$folder" "$trixie$arm64_resources/swift/linux"
  cp "$compiler_system/src/$folder"/{serd,sertrain,LivePathProbe,serdPackageTests.xctest,libFaultyMicrophone.so} "$trixie/src/$folder/"
  # Not the link to a part of the compiler, which make_arm64 leaves out.
  find "$compiler_system$arm64_resources/swift/linux" -maxdepth 1 -name '*.so' -xtype f \
    -exec cp --target-directory="$trixie$arm64_resources/swift/linux" {} +
}

# Runs a command line of bash there, in the tree, on the processor named first (cortex-a53, cortex-a72, cortex-a76).
inside_arm64() {
  local trixie=$arm64_system
  inside "export QEMU_CPU=$1 LD_LIBRARY_PATH=$arm64_resources/swift/linux; cd /src; $2"
}
