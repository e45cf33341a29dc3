"""The table of input lengths: accuracy, multiply-adds, time and memory of models that hear windows of different length,
as Markdown.

    swift build -c release
    for length in 1 2 3; do
      sertrain crossval CORPUS --recipe robust --protocol groups-3 --seconds $length --run runs/length-$length
    done
    tools/compare-lengths runs/length-1 runs/length-2 runs/length-3

Accuracy is that of the runs (sertrain report), int8, with the interval over speakers. The time is that of the network
for one window from scratch, and of a hop in live use with its front end (serd bench, median, one core of this machine);
memory is the greatest of serd --once, libraries and all. Programs are those of .build/release, or on the PATH.
Exit codes: 0, 64 usage, 65 what is needed is not there.
"""

import json
import os
import subprocess
import sys

from serdtools.command import Parser, fail
from serdtools.training import crossval
from serdtools.tree import SAMPLES, program


def output(*command):
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except FileNotFoundError:
        fail(f"there is no {command[0]}; build it: swift build -c release")
    except subprocess.CalledProcessError as error:
        fail(f"{' '.join(command)}: {error.stderr.strip()}")


def peak_memory(model):
    """MiB of a classification, resident."""
    child = os.posix_spawnp(
        program("serd"),
        ["serd", "--once", str(SAMPLES[0]), "--json", "--model", model],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        fail(f"serd --once with {model} failed")
    return usage.ru_maxrss / 1024


def interval(value):
    return f"{value['value'] * 100:.1f} [{value['low'] * 100:.1f}, {value['high'] * 100:.1f}]"


def row(folder):
    """Prints a run's row; returns what the run is, and the kernels that were timed."""
    report = json.loads(output(program("sertrain"), "report", folder, "--json"))
    int8 = next(network for network in report["networks"] if network["name"] == "int8")
    model = str(crossval.folds(folder)[0] / "int8.safetensors")
    bench = json.loads(output(program("serd"), "bench", "--json", "--model", model))
    times = {stage["name"]: stage["median_us"] for stage in bench["stages"] if stage["group"] == "in all"}
    run = report["run"]
    seeds = ", ".join(map(str, run["seeds"]))
    about = f"{run['corpus']}, `{run['protocol']}`, recipe `{run['recipe']['name']}`, seeds {seeds}"
    print(
        f"| {run['windowSeconds']:.2f} s | {interval(int8['unweightedAccuracy'])} "
        f"| {interval(int8['weightedAccuracy'])} | {run['multiplyAdds'] / 1e6:.1f} M "
        f"| {times['a window from scratch']:.0f} µs | {times['a hop, sound to probabilities']:.0f} µs "
        f"| {peak_memory(model):.1f} MiB |"
    )
    return about, bench["instruction_set"]


def main():
    parser = Parser(__doc__)
    parser.add_argument("runs", nargs="+", metavar="RUN")
    folders = parser.parse_args().runs
    print(
        "| window | UA | WA | multiply-adds | network, a window | a hop of 0.512 s, front end included "
        "| peak memory of `--once` |"
    )
    print("|---|---|---|---|---|---|---|")
    for about, kernels in {row(folder): None for folder in folders}:
        print(f"\n{about}; int8; kernels {kernels}.")


if __name__ == "__main__":
    sys.exit(main())
