"""Runs the recipes' checks: python3 -m serdtools.recipes.check NAME SERD SOUND INSTALLED, in the order of
tools/slow-tests/recipes.

NAME is mqtt, journal, prometheus, led or privacy; SOUND raw 16-bit samples at 16 kHz; INSTALLED the folder where
tools/recipes/install has put the programs.
"""

import importlib
import pathlib
import sys
import tempfile

from serdtools.recipes.harness import Daemon


def main():
    name, serd, sound, installed = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        daemon = Daemon(serd, pathlib.Path(sound).read_bytes(), folder)
        recipe = importlib.import_module(f"serdtools.recipes.{name}")
        recipe.check(folder, f"{installed}/serd-{name}", daemon)


if __name__ == "__main__":
    main()
