#!/usr/bin/env python3
"""The front end in numpy + scipy, to put beside serd's. --help says more."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools/python"))
from serdtools import command

command.run("speed.front_end_peers", packages="numpy scipy")
