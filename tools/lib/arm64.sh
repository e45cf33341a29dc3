# shellcheck shell=bash
# Cross-building for 64-bit Arm in the Debian 13 of trixie.sh, whose compiler has Arm's target built in: the libraries
# come from Debian's arm64 packages, installed beside the amd64 ones (multiarch), and Swift's own from its arm64
# package, unpacked in /arm64, which also links to what is Arm's of the rest, so that the compiler never sees amd64's
# headers. Source this file after setup.sh and trixie.sh; call make_trixie first.

# shellcheck source=tools/lib/setup.sh
[[ -n ${daemon_packages:-} ]] || source tools/lib/setup.sh
# shellcheck source=tools/lib/trixie.sh
[[ -n ${trixie:-} ]] || source tools/lib/trixie.sh

arm64_resources=/arm64/usr/libexec/swift/lib
arm64_sdk=debian-arm64

# Those of daemon_packages, web_packages and trainer_packages that hold libraries, and what a linker needs.
arm64_packages=(libstdc++-14-dev)
for package in "${daemon_packages[@]}" "${web_packages[@]}" "${trainer_packages[@]}"; do
  [[ $package != lib* ]] || arm64_packages+=("$package")
done
arm64_packages=("${arm64_packages[@]/%/:arm64}")

# Installs the arm64 packages, qemu, and Swift's libraries, and tells SwiftPM about them.
make_arm64() {
  say "installing the arm64 packages"
  inside "export DEBIAN_FRONTEND=noninteractive
    dpkg-query -W ${arm64_packages[*]} qemu-user >/dev/null 2>&1 || {
      dpkg --add-architecture arm64
      apt-get -qq update
      apt-get -y -qq --no-install-recommends install ${arm64_packages[*]} qemu-user >/var/log/serd-install-arm64.log 2>&1
    }
    version=\$(dpkg-query -W -f='\${Version}' swiftlang)
    [[ \$(cat /arm64/.version 2>/dev/null) == \"\$version\" ]] || {
      rm -rf /arm64
      mkdir -p /arm64/apt
      cd /arm64/apt
      apt-get -qq download swiftlang:arm64=\"\$version\" libswiftlang:arm64=\"\$version\"
      for package in *.deb; do
        dpkg --fsys-tarfile \"\$package\" | tar --extract --directory=/arm64 --wildcards \\
          --exclude='*/swift/pm/*' --exclude='*/swift/host/*' --exclude='*/swift/embedded/*' \\
          './usr/libexec/swift/lib/swift*' './usr/libexec/swift/lib/clang/*' './usr/lib/*' 2>/dev/null || true
      done
      rm -r /arm64/apt
      mkdir -p /arm64/usr/include /arm64/usr/lib/gcc
      ln -s usr/lib /arm64/lib
      ln -sf /usr/lib/aarch64-linux-gnu /arm64/usr/lib/
      ln -s /usr/lib/gcc/aarch64-linux-gnu /arm64/usr/lib/gcc/
      find /usr/include -mindepth 1 -maxdepth 1 ! -name x86_64-linux-gnu -exec ln -s -t /arm64/usr/include {} +
      [[ -d $arm64_resources/swift/linux/aarch64 ]]
      echo \"\$version\" >/arm64/.version
    }"
  make_sdk_bundle
  inside "swift sdk remove $arm64_sdk >/dev/null 2>&1 || true
    swift sdk install /arm64/$arm64_sdk.artifactbundle >&2"
}

# SwiftPM's description of the target.
make_sdk_bundle() {
  local bundle=$trixie/arm64/$arm64_sdk.artifactbundle
  mkdir -p "$bundle/sdk"
  # Where libc.so, a linker script, looks for it inside the sysroot.
  ln -sf /usr/lib/ld-linux-aarch64.so.1 "$trixie/arm64/usr/lib/"
  cat >"$bundle/info.json" <<END
{"schemaVersion": "1.0", "artifacts": {"$arm64_sdk": {"type": "swiftSDK", "version": "1.0",
  "variants": [{"path": "sdk", "supportedTriples": ["x86_64-pc-linux-gnu", "x86_64-unknown-linux-gnu"]}]}}}
END
  cat >"$bundle/sdk/swift-sdk.json" <<END
{"schemaVersion": "4.0", "targetTriples": {"aarch64-unknown-linux-gnu": {"sdkRootPath": "/arm64",
  "swiftResourcesPath": "$arm64_resources/swift", "swiftStaticResourcesPath": "$arm64_resources/swift_static",
  "toolsetPaths": ["toolset.json"]}}}
END
  cat >"$bundle/sdk/toolset.json" <<END
{"schemaVersion": "1.0", "rootPath": "/usr/libexec/swift/bin", "linker": {"path": "ld.lld"},
  "swiftCompiler": {"extraCLIOptions": ["-use-ld=lld"]}}
END
}

# swift build for arm64 of the tree in /src, with the arguments; the build folder is .build-arm64.
arm64_build() {
  inside "git config --global --replace-all safe.directory '*'
    cd /src
    export PKG_CONFIG_PATH=/usr/lib/aarch64-linux-gnu/pkgconfig:/usr/share/pkgconfig
    swift build -c release --swift-sdk $arm64_sdk --scratch-path .build-arm64 $*"
}

# Runs a command line of an arm64 program on the processor named first (cortex-a53, cortex-a72, cortex-a76).
arm64_run() {
  local processor=$1
  shift
  inside "cd /src; qemu-aarch64 -cpu $processor -E LD_LIBRARY_PATH=$arm64_resources/swift/linux $*"
}
