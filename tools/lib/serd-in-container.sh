# shellcheck shell=bash
# serd in a container without a package, for tools/slow-tests/systemd. Source it after setup.sh; it needs root.

# shellcheck source=tools/lib/trixie.sh
[[ -n ${trixie:-} ]] || source tools/lib/trixie.sh
# shellcheck source=tools/lib/container.sh
[[ -n ${container_root+set} ]] || source tools/lib/container.sh

# The libraries that serd is linked with. That a package names them is the package's test.
# shellcheck disable=SC2034
serd_libraries=(libasound2t64 libsndfile1 libsoxr0 libfftw3-single3 libmd0 libinih1 libsystemd0)

# What linking with a static standard library needs besides compiler_packages and daemon_packages; of this architecture,
# which a system made for arm64.sh, too, must be told.
# shellcheck disable=SC2034
static_packages=(gcc "libstdc++-14-dev:$(dpkg --print-architecture)")

# Builds serd for Debian 13 with Debian's compiler; trixie.sh must have made it with all these packages.
build_serd() {
  copy_tree
  inside "git config --global --replace-all safe.directory '*'
    cd /src
    swift build -c release --product serd \$(cat tools/lib/static-build-flags) --scratch-path .build-static" >&2
}

# Installs program, model and units where a package would have them, and makes the group.
install_serd() {
  local usr=$container_root/usr
  install -D "$trixie/src/.build-static/release/serd" "$usr/bin/serd"
  install -D -m 0644 models/emodb.safetensors "$usr/share/serd/models/emodb.safetensors"
  install -D -m 0644 -t "$usr/lib/systemd/system" systemd/serd.service systemd/serd.socket
  install -D -m 0644 systemd/serd.sysusers "$usr/lib/sysusers.d/serd.conf"
  in_container 'systemd-sysusers; systemctl daemon-reload' 2>/dev/null
}
