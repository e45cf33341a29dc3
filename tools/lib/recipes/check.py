"""Runs the recipes' checks: python3 check.py NAME SERD PLUGIN SOUND INSTALLED, in the order of tools/slow-tests/recipes.

NAME is mqtt, journal, prometheus, led or privacy; PLUGIN the tests' microphone; SOUND raw 16-bit samples at 16 kHz; INSTALLED the folder where
tools/recipes/install has put the programs.
"""
import importlib
import os
import sys
import tempfile

from harness import Daemon

name, serd, plugin, sound, installed = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder:
    with open(sound, "rb") as file:
        daemon = Daemon(serd, plugin, file.read(), folder)
    importlib.import_module(name).check(folder, os.path.join(installed, f"serd-{name}"), daemon)
