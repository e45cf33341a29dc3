# shellcheck shell=bash
# A container in which a real systemd runs, of Debian 13: tests of units and packages source this file after setup.sh
# and trixie.sh. It needs root. Call make_container_system, boot_container, any number of in_container, and in a trap
# stop_container. What happens in a container leaves no trace: its system is a layer in memory over a folder.
#
# There is no sound card and no module of sound. The network is the host's, and units get none of their own
# (PrivateNetwork=), unless the container has its own (--private-network).

# shellcheck source=tools/lib/trixie.sh
[[ -n ${trixie:-} ]] || source tools/lib/trixie.sh

# The system under the layer: lean, so what a package needs is missing until it is installed. A test that wants it
# otherwise sets another folder.
container_system=$trixie-container
# Set by boot_container: the folder of the container's files (not of its /run, /tmp and /dev).
container_root=
container_options=()
container_scratch=
container_leader=
container_nspawn=

# Makes that system, or completes it: the arguments are Debian packages that it must have besides systemd.
make_container_system() {
  # make_trixie works on this.
  local trixie=$container_system
  install_packages systemd-container
  make_trixie systemd dbus "$@"
}

# Boots a fresh container; the arguments are more options of systemd-nspawn(1).
boot_container() {
  container_scratch=$(mktemp -d)
  mount -t tmpfs -o mode=0755 serd-container "$container_scratch"
  mkdir "$container_scratch"/{changes,work,root}
  container_root=$container_scratch/root
  mount -t overlay -o "lowerdir=$container_system,upperdir=$container_scratch/changes,workdir=$container_scratch/work" \
    overlay "$container_root"
  container_options=("$@")
  start_container
}

# Shuts the container down and boots it again, with the files that it has now.
reboot_container() {
  in_container 'systemctl poweroff' >/dev/null 2>&1 || true
  wait "$container_nspawn" || fail "the container did not shut down well"
  start_container
}

# Starts systemd, and waits until it is up.
start_container() {
  SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --quiet --directory="$container_root" --register=no --keep-unit --boot \
    --console=pipe "${container_options[@]}" </dev/null >"$container_scratch/console" 2>&1 &
  container_nspawn=$!
  local end=$((SECONDS + 120))
  while [[ $SECONDS -lt $end ]]; do
    container_leader=$(pgrep -P "$container_nspawn" || true)
    if [[ -n $container_leader ]] && in_container 'systemctl is-system-running' >/dev/null 2>&1; then return; fi
    kill -0 "$container_nspawn" 2>/dev/null || break
    sleep 0.1
  done
  cat "$container_scratch/console" >&2
  fail "the container did not boot (its console is above)"
}

# Runs a command line of bash as root in the container, with stdin, stdout, stderr and status those of the command.
in_container() {
  nsenter --target "$container_leader" --mount --uts --ipc --net --pid --cgroup -- \
    env -i HOME=/root TERM=dumb PATH=/usr/sbin:/usr/bin:/sbin:/bin bash -euo pipefail -c "cd; $1"
}

# The same as another user of the container.
in_container_as() {
  nsenter --target "$container_leader" --mount --uts --ipc --net --pid --cgroup -- \
    env -i TERM=dumb PATH=/usr/bin:/bin setpriv --reuid="$1" --regid="$1" --init-groups bash -euo pipefail -c "cd /; $2"
}

# Ends the container at once and removes its layer. Harmless without one.
stop_container() {
  [[ -n $container_scratch ]] || return 0
  # The end of the first process ends all others.
  if [[ -n $container_leader ]]; then kill -KILL "$container_leader" 2>/dev/null || true; fi
  if [[ -n $container_nspawn ]]; then
    kill "$container_nspawn" 2>/dev/null || true
    wait "$container_nspawn" 2>/dev/null || true
  fi
  umount --lazy "$container_scratch/root" 2>/dev/null || true
  umount --lazy "$container_scratch" 2>/dev/null || true
  rmdir "$container_scratch" 2>/dev/null || true
  container_scratch='' container_leader='' container_nspawn=''
}
