"""What a model file of serd says of itself. The format is safetensors: a length, a header in JSON, the tensors."""

import json
import pathlib


def header(path):
    """The header, and where the tensors' bytes begin."""
    with pathlib.Path(path).open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        return json.loads(file.read(length)), 8 + length


def description(path):
    """Architecture, front end, labels and the like."""
    return json.loads(header(path)[0]["__metadata__"]["model"])


def temperature(path):
    """1 if the model has none."""
    return description(path).get("temperature") or 1.0
