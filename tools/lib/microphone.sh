# shellcheck shell=bash
# The tests' microphone (Tests/FaultyMicrophone) in a container: source this file after setup.sh, trixie.sh and
# container.sh.

# shellcheck source=tools/lib/trixie.sh
[[ -n ${trixie:-} ]] || source tools/lib/trixie.sh
# shellcheck source=tools/lib/container.sh
[[ -n ${container_root+set} ]] || source tools/lib/container.sh

# Where it is in the container; its header says which files in there are faults. libasound finds it with
# ALSA_CONFIG_PATH.
microphone_folder=/usr/lib/serd-test/microphone
microphone_configuration=/usr/lib/serd-test/asound.conf

# Installs it in the container, plugged in, as device `mic`, playing tools/samples again and again. Only the group audio
# may use it, as with any sound card. The plugin is compiled here and not by SwiftPM, whose build needs Swift's shared
# library.
install_microphone() {
  local folder=$container_root$microphone_folder sample
  install_packages sox
  install -d -m 0755 "${folder%/*}"
  install -d -m 0750 -g "$(in_container 'getent group audio' | cut -d : -f 3)" "$folder"
  copy_tree
  inside 'cd /src/Tests/FaultyMicrophone
    cc -O2 -shared -fPIC -DPIC -D_GNU_SOURCE -Iinclude -o /src/.build-microphone.so FaultyMicrophone.c -lasound'
  install -m 0644 "$trixie/src/.build-microphone.so" "${folder%/*}/libmicrophone.so"
  for sample in agitated calm; do
    sox "tools/samples/$sample.flac" -t raw -r 16000 -c 1 -b 16 -e signed-integer - >>"$folder/sound"
  done
  touch "$folder/plugged" "$folder/loop"
  cat >"$container_root$microphone_configuration" <<END_OF_CONFIGURATION
pcm_type.serdtest { lib "${microphone_folder%/*}/libmicrophone.so" }
pcm.mic { type serdtest folder "$microphone_folder" }
END_OF_CONFIGURATION
}
