"""`measure-detection arousal`: how well aroused and calm are told apart on recordings of left-out speakers, from the
results of a run of sertrain crossval."""

import numpy as np

from serdtools.detection.judgement import AROUSED
from serdtools.model_file import description
from serdtools.training import crossval


def arousal(options):
    folds = crossval.folds(options.out)
    labels = description(folds[0] / "int8.safetensors")["labels"]
    aroused = [i for i, label in enumerate(labels) if label in AROUSED]
    rows = []
    for decision in (decision for fold in folds for decision in crossval.result(fold)["int8"]):
        if decision["probabilities"]:
            truth = decision["truth"] in aroused
            said = sum(decision["probabilities"][i] for i in aroused) > 0.5
            rows.append((decision["speaker"], truth, said == truth))
    speakers = sorted({speaker for speaker, _, _ in rows})

    def table(value):
        """[speakers, (aroused, calm)]: the sum of a value of the rows."""
        return np.array(
            [[sum(value(r) for r in rows if r[:2] == (s, kind)) for kind in (True, False)] for s in speakers]
        )

    right, counts = table(lambda row: row[2]), table(lambda row: 1)
    recalls = right.sum(0) / counts.sum(0)
    draws = np.random.default_rng(0).integers(len(speakers), size=(2000, len(speakers)))
    low, high = np.percentile([(right[d].sum(0) / counts[d].sum(0)).mean() for d in draws], [2.5, 97.5])
    print(
        f"{len(rows)} decisions: UA {100 * recalls.mean():.1f} [{100 * low:.1f}, {100 * high:.1f}] %, "
        f"recall of aroused {100 * recalls[0]:.1f} %, of calm {100 * recalls[1]:.1f} %"
    )
