"""The tests' microphone (Tests/FaultyMicrophone): the real libasound, sound that a check gives, faults on demand.

microphone = Microphone(folder, sound)      # raw sound: 16 kHz, mono, 16 bits
subprocess.Popen([serd, "--device", Microphone.NAME, ...], env=microphone.environment)
"""

import os
import pathlib
import shutil
import subprocess

from serdtools.command import UNAVAILABLE, fail
from serdtools.tree import ROOT, SAMPLES

RATE = 16000
SOURCE = ROOT / "Tests/FaultyMicrophone"


class Microphone:
    """Everything that it is told is a file in its folder; FaultyMicrophone.c says what each means."""

    NAME = "mic"

    def __init__(self, folder, sound, speed=1.0, is_plugged=True):
        """Sound is repeated without end. Cost: a second, for the plugin is compiled."""
        self.folder = pathlib.Path(folder)
        plugin = compile_plugin(self.folder)
        (self.folder / "sound").write_bytes(sound)
        self.set("loop")
        self.set("speed", speed)
        if is_plugged:
            self.plug()
        configuration = self.folder / "asound.conf"
        configuration.write_text(
            f'pcm_type.serdtest {{ lib "{plugin}" }}\npcm.{self.NAME} {{ type serdtest folder "{self.folder}" }}\n'
        )
        self.environment = {**os.environ, "ALSA_CONFIG_PATH": str(configuration), "SERD_CONFIG": "/dev/null"}

    def set(self, name, value=""):
        """Writes one of the files, at once: who reads it never sees half of it."""
        new = self.folder / f"{name}.new"
        new.write_text(str(value))
        new.rename(self.folder / name)

    def unset(self, name):
        (self.folder / name).unlink()

    def plug(self):
        self.set("plugged")

    def unplug(self):
        self.unset("plugged")

    def overrun(self):
        """Sound is lost once."""
        self.set("xrun")

    def allow(self, seconds):
        """No more sound than this comes after a start."""
        self.set("limit", int(seconds * RATE))


def compile_plugin(folder):
    """SwiftPM's own build of the plugin would load Swift's shared library into a daemon that has none."""
    compiler = (
        shutil.which("cc") or shutil.which("clang") or fail("there is no C compiler: apt install gcc", UNAVAILABLE)
    )
    plugin = folder / "libmicrophone.so"
    options = ["-O2", "-shared", "-fPIC", "-DPIC", "-D_GNU_SOURCE", f"-I{SOURCE}/include"]
    subprocess.run([compiler, *options, "-o", plugin, SOURCE / "FaultyMicrophone.c", "-lasound"], check=True)
    return plugin


def samples():
    """tools/samples as raw sound."""
    form = ["-t", "raw", "-r", str(RATE), "-c", "1", "-b", "16", "-e", "signed-integer"]
    return subprocess.run(["sox", *SAMPLES, *form, "-"], check=True, stdout=subprocess.PIPE).stdout
