#!/usr/bin/env python3
"""Counts the instructions of an arm64 program from qemu's trace, and estimates their cycles with llvm-mca.

    arm-cycles.py LOW HIGH HOPS PROCESSOR...

LOW and HIGH are logs of `qemu-aarch64 -d in_asm,exec,nochain` (or pipes that deliver them) of the same program with and without
HOPS more hops of work; memory layout must be the same in both. What HIGH has more, divided by HOPS, is one hop: exact, since every
translated block is logged each time it runs. PROCESSOR is a name for llvm-mca's -mcpu.

The estimate: each block's instructions go through llvm-mca as a loop, and its cycles per iteration are multiplied by how often the
block ran. So caches always hit, branches are always predicted, and blocks do not overlap. Prints a line of JSON.
SERD_LLVM_MCA names the program (default: llvm-mca).
"""
import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter

ITERATIONS = 100
# Blocks that make up this share of all instructions are estimated, the rest is taken to run as they do on average.
COVERAGE = 0.995


def read_trace(path):
    """How often each block ran, and each block's instructions, by address."""
    counts, blocks, translations, pending = Counter(), {}, {}, None
    with open(path, encoding="ascii", errors="replace", buffering=1 << 20) as file:
        for line in file:
            if line.startswith("Trace"):
                host = line.split(" ", 3)[2]
                if pending:
                    start = pending[0][0]
                    translations[host] = (start, len(pending))
                    blocks[start, len(pending)] = [text for _, text in pending]
                    pending = None
                counts[host] += 1
            elif line.startswith("IN:"):
                pending = []
                # A translation replaced by a new one at the same place keeps its count under its own key.
            elif line.startswith("0x") and pending is not None:
                address, _, text = line.split(None, 2) if line.count(" ") > 2 else (line.strip(), "", "nop")
                pending.append((address.rstrip(":"), text.strip()))
    runs = Counter()
    for host, count in counts.items():
        runs[translations[host]] += count
    return runs, blocks


def assembly(text):
    """An instruction as an assembler takes it: addresses become labels."""
    text = re.sub(r"\s+", " ", text)
    if re.match(r"(b|bl|cbn?z|tbn?z|adrp?|b\.\w+|ldrs?w?|prfm) .*#0x[0-9a-f]{5,}$", text):
        text = re.sub(r"#0x[0-9a-f]+$", "somewhere", text)
    return text


def cycles_per_run(blocks, processor):
    """llvm-mca's cycles per iteration for each of the blocks."""
    source = []
    for index, block in enumerate(blocks):
        source += [f"# LLVM-MCA-BEGIN block{index}", *map(assembly, block), f"# LLVM-MCA-END block{index}"]
    command = shlex.split(os.environ.get("SERD_LLVM_MCA", "llvm-mca"))
    command += ["-mtriple=aarch64-linux-gnu", f"-mcpu={processor}", "-mattr=+dotprod,+lse,+rcpc,+crc,+bti,+pauth"]
    command += [f"-iterations={ITERATIONS}", "-json"]
    result = subprocess.run(command, input="\n".join(source) + "\n", capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"arm-cycles.py: llvm-mca failed:\n{result.stderr[:2000]}")
    regions = json.loads(result.stdout)["CodeRegions"]
    return {int(r["Name"][5:]): r["SummaryView"]["TotalCycles"] / ITERATIONS for r in regions}


def main():
    low, high, hops, processors = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    (fewer, _), (more, blocks) = read_trace(low), read_trace(high)
    runs = Counter({key: (more[key] - fewer[key]) / hops for key in more})
    executed = {key: count * key[1] for key, count in runs.items()}
    total = sum(executed.values())
    hot, seen = [], 0
    for key in sorted(executed, key=executed.get, reverse=True):
        if seen >= COVERAGE * total:
            break
        hot.append(key)
        seen += executed[key]
    answer = {"instructions": round(total), "blocks": len(hot), "coverage": round(seen / total, 4), "cycles": {}}
    for processor in processors:
        each = cycles_per_run([blocks[key] for key in hot], processor)
        answer["cycles"][processor] = round(sum(runs[key] * each[i] for i, key in enumerate(hot)) * total / seen)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
