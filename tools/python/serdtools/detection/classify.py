"""`measure-detection classify`: streams as far as the network, a file of JSON each."""

import json
import pathlib

import numpy as np

from serdtools.detection.probe import Probe
from serdtools.detection.sound import RATE
from serdtools.detection.streams import streams
from serdtools.model_file import description, temperature


def classify(options):
    folder = pathlib.Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    probe = Probe(options.probe)

    def path_of(condition, number):
        name = condition.replace(" ", "-").replace(",", "")
        return folder / f"{options.part}-{name}-{number:02}.json"

    def is_there(condition, number):
        return options.only not in condition or path_of(condition, number).exists()

    for stream in streams(options.part, options.hours, options, is_there):
        lines = probe.windows(stream.model, stream.sound)
        if temperature(stream.model) == 1:
            lines = tempered(lines, temperature(options.model))
        record = {
            "condition": stream.condition,
            "name": stream.name,
            "seconds": len(stream.sound) / RATE,
            "labels": description(stream.model)["labels"],
            "episodes": stream.episodes,
            "hops": lines,
        }
        path = path_of(stream.condition, stream.number)
        new = path.with_name(path.name + ".new")
        new.write_text(json.dumps(record))
        new.rename(path)
        windows = lines.count("\n")
        classified = sum(len(line.split()) > 4 for line in lines.splitlines())
        print(f"{stream.condition}, {stream.name}: {classified} of {windows} windows classified", flush=True)


def tempered(lines, value):
    """The hops with their probabilities at a temperature."""
    result = []
    for line in lines.splitlines():
        words = line.split()
        if len(words) > 4 and value != 1:
            scaled = np.array(words[4:], float) ** (1 / value)
            words[4:] = [f"{p:.4g}" for p in scaled / scaled.sum()]
        result.append(" ".join(words) + "\n")
    return "".join(result)
