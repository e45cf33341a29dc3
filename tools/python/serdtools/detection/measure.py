"""Measures detection on long streams through serd's own front end, gate, int8 network and tracker: false emotions per
hour, delay, share of emotional speech that is caught. Prints the tables of docs/detection.md.

    pip install numpy scipy soundfile
    swift build -c release --product SerdProbe
    sertrain crossval EMODB_FOLDER --recipe rooms --protocol loso --run runs/loso  (models that do not know the speaker)
    tools/measure-detection classify OUT --part report --hours 2 --emodb FOLDER --ravdess FOLDER \\
        --folds runs/loso/seed-1 --model models/emodb.safetensors --probe .build/release/SerdProbe
    tools/measure-detection report OUT --part report --probe .build/release/SerdProbe [novelty=0.3 anger=0.8 …]
    tools/measure-detection grid OUT --part tune --probe .build/release/SerdProbe
    tools/measure-detection arousal runs/loso
    tools/measure-detection classify OUT --ravdess-folds runs/ravdess/seed-1 \\
        --model runs/ravdess-all/int8.safetensors …     (and no --folds)

`classify` makes the streams (tools/python/serdtools/detection/streams.py says what is in them), runs them as far as the
network and keeps a line per hop in OUT; what is there is not made again. `report` and `grid` run the tracker on those
lines. Settings were chosen on the part `tune` (EMO-DB speakers 03 08 09 10 11, RAVDESS actors 01 to 09) and reported on
`report` (the others). A corpus whose folds are given (--folds for EMO-DB, --ravdess-folds) is classified by the model
of the fold that never heard the speaker, all else by the shipped model. A fold's model that has no temperature of its
own gets the shipped model's: it stands in for that. Exit codes: 0, 64 usage, 65 what is needed is not there, 69 a
Python package is missing.
"""

import sys

from serdtools.command import USAGE, Parser, fail
from serdtools.detection.arousal import arousal
from serdtools.detection.classify import classify
from serdtools.detection.tables import grid, report


def main():
    parser = Parser(__doc__)
    parser.add_argument("what", choices=["classify", "report", "grid", "arousal"])
    parser.add_argument("out")
    parser.add_argument("settings", nargs="*", help="KEY=VALUE for the tracker, see Benchmarks/SerdProbe")
    parser.add_argument("--part", choices=["tune", "report", "fresh"], default="report")
    parser.add_argument("--only", default="", help="classify only conditions whose name contains this")
    parser.add_argument("--hours", type=float, default=2, help="per condition")
    parser.add_argument("--probe", default=".build/release/SerdProbe")
    for option in ("--emodb", "--ravdess", "--folds", "--ravdess-folds", "--model"):
        parser.add_argument(option)
    options = parser.parse_intermixed_args()
    needed = (options.emodb, options.ravdess, options.model, options.folds or options.ravdess_folds)
    if options.what == "classify" and not all(needed):
        fail("classify needs --emodb, --ravdess, --model, and --folds or --ravdess-folds", USAGE)
    {"classify": classify, "report": report, "grid": grid, "arousal": arousal}[options.what](options)


if __name__ == "__main__":
    sys.exit(main())
