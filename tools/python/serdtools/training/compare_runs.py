"""Compares runs of sertrain crossval on one corpus, as Markdown: accuracy, and the log loss, which differs less from
seed to seed.

    tools/compare-runs [--network float|int8] RUN...

UA is the mean over the seeds, and each seed's. Log loss is -ln of the probability of the true emotion, averaged over
recordings, at the temperature at which it is least (one per seed; it takes no account of how sure a recipe makes its
networks), and the mean and standard deviation over seeds. Of several seeds the last columns tell what the average of
their probabilities would have. Seeds that are not done are left out. A recording without speech counts as an error in
UA; log loss and the last columns are without it. Exit codes: 0, 64 usage, 65 no results.
"""

import math
import pathlib
import statistics
import sys

from serdtools.command import Parser
from serdtools.training import crossval


def results(run, network):
    """{seed: {recording: (truth, probabilities)}}; a recording without speech has no probabilities."""
    seeds = {}
    for fold in crossval.folds(run):
        result = crossval.result(fold)
        for decision in result[network]:
            # Unlike in the protocols a recording can be in several folds; then the last counts.
            found = seeds.setdefault(result["seed"], {})
            found[decision["recording"]] = decision["truth"], decision["probabilities"]
    return seeds


def whole_seeds(seeds):
    """Those that have all recordings that any has."""
    most = max(map(len, seeds.values()))
    return {seed: found for seed, found in seeds.items() if len(found) == most}


def recall(decisions):
    """Unweighted accuracy in percent."""
    counts = {}
    for truth, probabilities in decisions:
        right = bool(probabilities) and max(range(len(probabilities)), key=probabilities.__getitem__) == truth
        heard, said = counts.get(truth, (0, 0))
        counts[truth] = heard + right, said + 1
    return 100 * statistics.mean(heard / said for heard, said in counts.values())


def log_loss(decisions):
    """The least over temperatures, and the temperature."""
    heard = [(truth, [math.log(max(p, 1e-9)) for p in row]) for truth, row in decisions if row]

    def at(temperature):
        return statistics.mean(
            math.log(sum(math.exp(v / temperature) for v in logs)) - logs[truth] / temperature for truth, logs in heard
        )

    return min((at(step / 20), step / 20) for step in range(6, 61))


def averaged(seeds):
    """Decisions by the mean of the seeds' probabilities, where all of them heard speech."""
    for name, (truth, _) in next(iter(seeds.values())).items():
        rows = [found[name][1] for found in seeds.values()]
        if all(rows):
            yield truth, [statistics.mean(column) for column in zip(*rows, strict=True)]


def row(run, network):
    seeds = whole_seeds(results(run, network))
    accuracies = [recall(found.values()) for found in seeds.values()]
    losses, temperatures = zip(*(log_loss(found.values()) for found in seeds.values()), strict=True)
    deviation = f" ± {statistics.stdev(losses):.3f}" if len(losses) > 1 else ""
    cells = [
        pathlib.Path(run).name,
        len(next(iter(seeds.values()))),
        f"{statistics.mean(accuracies):.1f}",
        ", ".join(f"{value:.1f}" for value in accuracies),
        f"{statistics.mean(losses):.3f}{deviation}",
        f"{statistics.mean(temperatures):.2f}",
        "",
        "",
    ]
    if len(seeds) > 1:
        together = list(averaged(seeds))
        cells[6:] = f"{recall(together):.1f}", f"{log_loss(together)[0]:.3f}"
    print("| " + " | ".join(map(str, cells)) + " |")


def main():
    parser = Parser(__doc__)
    parser.add_argument("runs", nargs="+", metavar="RUN")
    parser.add_argument("--network", choices=["float", "int8"], default="int8")
    options = parser.parse_args()
    print("| run | recordings | UA | by seed | log loss | temperature | seeds together: UA | log loss |")
    print("|---|---|---|---|---|---|---|---|")
    for run in options.runs:
        row(run, options.network)


if __name__ == "__main__":
    sys.exit(main())
