"""Counts the instructions of an arm64 program from qemu's trace, and estimates their cycles with llvm-mca: for
tools/raspberry-pi-estimate.

    python3 -m serdtools.speed.arm_cycles HOPS MARKER PROCESSOR NAME... <TRACE

TRACE is the log of `qemu-aarch64 -d in_asm,exec,nochain`: each block of instructions when it is translated, and a line
each time it runs, so that counts are exact. The program calls the function MARKER before and after each part that
counts; the parts are called NAME..., and each is HOPS repetitions. PROCESSOR is a name for llvm-mca's -mcpu.

The estimate: each block's instructions go through llvm-mca as a loop, and its cycles per iteration are multiplied by
how often the block ran. So caches always hit, branches are always predicted, and blocks do not overlap. Prints JSON:
per part, instructions and cycles of one repetition. SERD_LLVM_MCA names the program (default: llvm-mca).
"""

import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter

from serdtools.command import fail

ITERATIONS = 100
# The busiest blocks, which make up this share of a part's instructions, are estimated; the rest is taken to run as they
# do on average.
COVERAGE = 0.995


class Trace:
    """Reads a trace. Blocks are known by the address of their first instruction: with two threads, a translation is not
    followed by its own run."""

    def __init__(self, marker):
        self.ending = f"] {marker}\n"
        self.parts, self.is_inside = [], False
        self.blocks, self.counts, self.listed = {}, Counter(), []

    def read(self, lines):
        """For each part: how often each block ran, by block. A block is the tuple of its instructions' texts."""
        for line in lines:
            if line.startswith("Trace"):
                self._take()
                self._run(line)
            elif line.startswith("0x"):
                fields = line.split(None, 2)
                self.listed.append((int(fields[0].rstrip(":"), 16), fields[2].strip() if len(fields) > 2 else "nop"))
            elif line.startswith("IN:"):
                self._take()
        return self.parts

    def _run(self, line):
        """Trace CPU: HOST [CS_BASE/ADDRESS/FLAGS/CFLAGS] NAME"""
        if line.endswith(self.ending):
            if self.is_inside:
                self._close()
            self.is_inside = not self.is_inside
        elif self.is_inside:
            self.counts[int(line.split("/", 2)[1], 16)] += 1

    def _close(self):
        part = Counter()
        for address, count in self.counts.items():
            part[self.blocks[address]] += count
        self.parts.append(part)
        self.counts = Counter()

    def _take(self):
        """The block that was just listed."""
        if not self.listed:
            return
        address, block = self.listed[0][0], tuple(text for _, text in self.listed)
        if address in self.counts and self.blocks.get(address, block) != block:
            fail("qemu translated a block otherwise inside a part")
        self.blocks[address], self.listed = block, []


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
        fail(f"llvm-mca failed:\n{result.stderr[:2000]}")
    regions = json.loads(result.stdout)["CodeRegions"]
    return {int(r["Name"][5:]): r["SummaryView"]["TotalCycles"] / ITERATIONS for r in regions}


def estimate(runs, hops, processor):
    """Instructions and cycles of one repetition."""
    executed = {block: count * len(block) for block, count in runs.items()}
    total = sum(executed.values())
    hot, seen = [], 0
    for block in sorted(executed, key=executed.get, reverse=True):
        if seen >= COVERAGE * total:
            break
        hot.append(block)
        seen += executed[block]
    each = cycles_per_run(hot, processor)
    cycles = sum(runs[block] * each[i] for i, block in enumerate(hot)) * total / seen
    return {"instructions": round(total / hops), "cycles": round(cycles / hops), "blocks": len(hot)}


def main():
    hops, marker, processor, names = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:]
    sys.stdin.reconfigure(encoding="ascii", errors="replace")
    parts = Trace(marker).read(sys.stdin)
    if len(parts) != len(names):
        fail(f"the trace has {len(parts)} parts, not {len(names)}: was {marker} inlined, or did the program end early?")
    print(json.dumps({name: estimate(part, hops, processor) for name, part in zip(names, parts, strict=True)}))


if __name__ == "__main__":
    main()
