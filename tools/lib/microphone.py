"""The tests' microphone (Tests/FaultyMicrophone) for tools: the real libasound, sound that a tool gives, faults on demand.

    microphone = Microphone(folder, sound)      # raw sound: 16 kHz, mono, 16 bits
    subprocess.Popen([serd, "--device", Microphone.NAME, ...], env=microphone.environment)
"""

import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RATE = 16000


class Microphone:
    """Everything that it is told is a file in its folder; FaultyMicrophone.c says what each means."""

    NAME = "mic"

    def __init__(self, folder, sound, speed=1.0, plugged=True):
        """Sound is repeated without end. Cost: a second, for the plugin is compiled.

        SwiftPM's own build of the plugin would load Swift's shared library into a daemon that has none.
        """
        self.folder = folder
        compiler = shutil.which("cc") or shutil.which("clang") or sys.exit("there is no C compiler: apt install gcc")
        plugin = f"{folder}/libmicrophone.so"
        subprocess.run(
            [compiler, "-O2", "-shared", "-fPIC", "-DPIC", "-D_GNU_SOURCE", f"-I{ROOT}/Tests/FaultyMicrophone/include", "-o", plugin,
             f"{ROOT}/Tests/FaultyMicrophone/FaultyMicrophone.c", "-lasound"], check=True)
        with open(f"{folder}/sound", "wb") as file:
            file.write(sound)
        self.set("loop")
        self.set("speed", speed)
        if plugged:
            self.plug()
        with open(f"{folder}/asound.conf", "w") as file:
            file.write(f'pcm_type.serdtest {{ lib "{plugin}" }}\npcm.{self.NAME} {{ type serdtest folder "{folder}" }}\n')
        self.environment = dict(os.environ, ALSA_CONFIG_PATH=f"{folder}/asound.conf", SERD_CONFIG="/dev/null")

    def set(self, name, value=""):
        """Writes one of the files, at once: who reads it never sees half of it."""
        with open(f"{self.folder}/{name}.new", "w") as file:
            file.write(str(value))
        os.rename(f"{self.folder}/{name}.new", f"{self.folder}/{name}")

    def plug(self):
        self.set("plugged")

    def unplug(self):
        os.unlink(f"{self.folder}/plugged")

    def overrun(self):
        """Sound is lost once."""
        self.set("xrun")

    def allow(self, seconds):
        """No more sound than this comes after a start."""
        self.set("limit", int(seconds * RATE))


def resources(process):
    """Anonymous memory in KiB, descriptors, threads."""
    with open(f"/proc/{process}/status") as file:
        fields = dict(line.split(":", 1) for line in file)
    return int(fields["RssAnon"].split()[0]), len(os.listdir(f"/proc/{process}/fd")), int(fields["Threads"])


def samples():
    """tools/samples as raw sound."""
    return subprocess.run(
        ["sox", f"{ROOT}/tools/samples/agitated.flac", f"{ROOT}/tools/samples/calm.flac", "-t", "raw", "-r", str(RATE), "-c", "1",
         "-b", "16", "-e", "signed-integer", "-"], check=True, stdout=subprocess.PIPE).stdout
