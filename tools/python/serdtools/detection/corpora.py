"""The recordings of EMO-DB and RAVDESS: whose they are, what they say, and which speakers serve for what."""

import glob
import os

# Speakers that settings are chosen on, and speakers that are reported.
EMODB = {"tune": ["03", "08", "09", "10", "11"], "report": ["12", "13", "14", "15", "16"]}
RAVDESS = {"tune": range(1, 10), "report": range(10, 19)}
LETTERS = {
    "W": "anger",
    "L": "boredom",
    "E": "disgust",
    "A": "fear",
    "F": "happiness",
    "T": "sadness",
    "N": "neutral",
}
NUMBERS = {
    "01": "neutral",
    "02": "calm",
    "03": "happiness",
    "04": "sadness",
    "05": "anger",
    "06": "fear",
    "07": "disgust",
    "08": "surprise",
}


def emodb(folder, speakers):
    """Paths of EMO-DB by speaker: names like 03a01Fa.wav."""
    paths = sorted(glob.glob(os.path.join(folder, "**", "*.wav"), recursive=True))
    return [p for p in paths if os.path.basename(p)[:2] in speakers]


def ravdess(folder, actors):
    """Paths of RAVDESS by actor: names like 03-01-06-01-02-01-12.flac."""
    patterns = [os.path.join(folder, "**", f"03-01-*.{extension}") for extension in ("flac", "wav")]
    paths = sorted(path for pattern in patterns for path in glob.glob(pattern, recursive=True))
    return [p for p in paths if int(os.path.splitext(p)[0][-2:]) in actors]


def label(path):
    """The emotion that a recording was made for."""
    name = os.path.basename(path)
    return NUMBERS[name.split("-")[2]] if name.count("-") == 6 else LETTERS[name[5]]
