# shellcheck shell=bash
# A Debian 13 (trixie) with the compiler of Raspberry Pi OS, Swift 6.0.3, in a folder of its own: what tools/package
# and several of tools/slow-tests share. They source this file after setup.sh. It needs root and debootstrap; nothing
# outside the folder changes. SERD_TRIXIE names the folder (default: ~/.cache/serd/trixie); it is kept for the next run.

trixie=$(realpath -m "${SERD_TRIXIE:-${XDG_CACHE_HOME:-$HOME/.cache}/serd/trixie}")

# The compiler, and what git needs to fetch packages.
# shellcheck disable=SC2034 # used by the scripts that source this file
compiler_packages=(swiftlang ca-certificates)

# Runs the script named, with its arguments, again as root, if it is not.
become_root() {
  [[ $(id -u) -eq 0 ]] || exec sudo --preserve-env=SERD_TRIXIE,SERD_DATA,HOME "$PWD/$1" "${@:2}"
}

# The mirror that this machine's apt uses; none found is debootstrap's own choice.
debian_mirror() {
  {
    sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/*.sources
    sed -n 's/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\).*/\2/p' /etc/apt/sources.list
  } 2>/dev/null | tr ' ' '\n' | grep -E '/debian/?$' | head -n 1
}

# Makes the system, or completes it: the arguments are the Debian packages that it must have. debian_processor says of
# which processor, if not of this machine's.
make_trixie() {
  local mirror
  install_packages debootstrap
  if [[ ! -e $trixie/.complete ]]; then
    say "making a Debian 13 in $trixie"
    mirror=$(debian_mirror || true)
    rm -rf --one-file-system "$trixie"
    mkdir -p "$trixie"
    debootstrap --variant=minbase ${debian_processor:+--arch="$debian_processor"} trixie "$trixie" ${mirror:+"$mirror"} >"$trixie.log" 2>&1 ||
      fail "debootstrap failed; its messages are in $trixie.log" 69
    touch "$trixie/.complete"
  fi
  say "installing its packages"
  # Asked one by one for its status: dpkg-query -W alone succeeds for a package that dpkg has merely heard of.
  inside "export DEBIAN_FRONTEND=noninteractive
    missing=()
    for package in $*; do
      [[ \$(dpkg-query -W -f='\${db:Status-Status}' \$package 2>/dev/null) == installed ]] || missing+=(\$package)
    done
    [[ \${#missing[@]} -eq 0 ]] || {
      apt-get -qq update
      apt-get -y -qq --no-install-recommends install \${missing[*]} >/var/log/serd-install.log 2>&1
    }"
}

# Where git is told to fetch packages from local folders instead, those folders and the telling are needed inside.
local_package_folders() {
  git config --system --get-regexp '^url\..*\.insteadof$' 2>/dev/null |
    sed -nE 's/^url\.(\/.*)\.insteadof .*/\1/p' | sort -u
}

# Runs a command in the system, with /proc, /dev and what it needs from here; the mounts end with it.
inside() {
  local folder folders=()
  while read -r folder; do
    [[ -d $folder ]] && folders+=("$folder")
  done < <(local_package_folders)
  [[ -z ${SERD_DATA:-} ]] || folders+=("$SERD_DATA")
  cp -L /etc/resolv.conf "$trixie/etc/resolv.conf"
  if [[ -r /etc/gitconfig ]]; then cp /etc/gitconfig "$trixie/etc/gitconfig"; fi
  # shellcheck disable=SC2016 # expanded by the inner shell
  unshare -m bash -euc '
    root=$1 command=$2
    shift 2
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    for folder in "$@"; do
      mkdir -p "$root/$folder"
      mount --bind -o ro "$folder" "$root/$folder"
    done
    exec chroot "$root" env -i HOME=/home TERM=dumb PATH=/usr/libexec/swift/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      ${SERD_DATA:+SERD_DATA="$SERD_DATA"} ${OPENBLAS_CORETYPE:+OPENBLAS_CORETYPE="$OPENBLAS_CORETYPE"} \
      bash -euc "$command"
  ' inner "$trixie" "$1" "${folders[@]}"
}

# What git would commit, so that build folders and recordings stay out, to /src in the system. Build folders there are
# kept.
copy_tree() { copy_tree_to /src; }

# The same, to another folder there.
copy_tree_to() {
  mkdir -p "$trixie$1"
  find "$trixie$1" -mindepth 1 -maxdepth 1 ! -name '.build*' -exec rm -rf {} +
  git -c safe.directory="$PWD" ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' file; do [[ ! -e $file ]] || printf '%s\0' "$file"; done |
    tar --create --null --files-from=- | tar --extract --directory="$trixie$1" --no-same-owner
}
