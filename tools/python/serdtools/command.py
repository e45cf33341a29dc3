"""What the commands share: how they start, how they read their options, how they fail."""

import argparse
import importlib
import pathlib
import sys
from typing import NoReturn

# Exit codes, as the programs' own (sysexits.h).
USAGE, DATA, UNAVAILABLE = 64, 65, 69


def fail(message, code=DATA) -> NoReturn:
    print(f"{pathlib.Path(sys.argv[0]).name}: {message}", file=sys.stderr)
    sys.exit(code)


def run(module, packages=""):
    """Runs `main` of a module of serdtools and ends with its status. `packages`: what the module needs from PyPI."""
    try:
        main = importlib.import_module(f"serdtools.{module}").main
    except ImportError as error:
        if not packages:
            raise
        fail(f"{error}; pip install {packages}", UNAVAILABLE)
    sys.exit(main())


class Parser(argparse.ArgumentParser):
    """Options of a command; its help is the module's documentation."""

    def __init__(self, documentation):
        super().__init__(description=documentation, formatter_class=argparse.RawDescriptionHelpFormatter)

    def error(self, message) -> NoReturn:
        fail(f"{message}; try --help", USAGE)
