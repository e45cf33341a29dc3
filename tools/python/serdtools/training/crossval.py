"""The folder of a run of `sertrain crossval`: seed-NUMBER/fold-NAME/, with result.json and the models."""

import json
import pathlib

from serdtools.command import fail


def folds(run):
    """The folders of the folds that are done, of all seeds."""
    found = sorted(path.parent for path in pathlib.Path(run).glob("seed-*/fold-*/result.json"))
    return found or fail(f"{run} holds no results of sertrain crossval")


def result(fold):
    """What a fold's networks said of each recording, and the fold's name and seed."""
    return json.loads((fold / "result.json").read_text())
