"""The table of tools/raspberry-pi-estimate: reads lines `board TAB processor TAB MHz TAB JSON of arm_cycles`."""

import json
import sys

# The upper end of the range, in units of the lower one.
DOUBT = 1.6
HOP_MILLISECONDS = 512
STAGES = {
    "front-end": "a hop's features",
    "window": "network, a window from scratch",
    "hop": "network, a hop on",
    "live": "a hop, all of it",
}


def rows(line):
    """A row per stage; the board's name stands in the first."""
    board, processor, clock, answers = line.rstrip("\n").split("\t")
    name = f"{board} ({processor.replace('cortex-a', 'Cortex-A')}, {float(clock) / 1000:.1f} GHz)"
    for stage, answer in json.loads(answers).items():
        low = answer["cycles"] / (float(clock) * 1e3)
        share = ""
        if stage == "live":
            share = f"{100 * low / HOP_MILLISECONDS:.2f} to {100 * DOUBT * low / HOP_MILLISECONDS:.2f} %"
        yield (
            f"| {name} | {STAGES[stage]} | {answer['instructions'] / 1e6:.2f} M "
            f"| {answer['instructions'] / answer['cycles']:.2f} | {low:.2f} to {DOUBT * low:.2f} | {share} |"
        )
        name = ""


def main():
    print("| board | stage | instructions | per cycle, at best | ms | share of one core, live |")
    print("|---|---|---|---|---|---|")
    for line in sys.stdin:
        for row in rows(line):
            print(row)


if __name__ == "__main__":
    main()
