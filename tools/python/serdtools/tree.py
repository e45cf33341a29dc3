"""Where things are in the tree."""

import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]
SAMPLES = [ROOT / "tools/samples/agitated.flac", ROOT / "tools/samples/calm.flac"]


def program(name):
    """A program of serd as it was built here, or else the one on the PATH."""
    built = ROOT / ".build/release" / name
    return str(built) if built.exists() else name
