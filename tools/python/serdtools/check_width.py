"""Fails where a comment is wider than code may be: 120 columns. swift format looks at code alone, ruff at Python."""

import re
import subprocess
import sys

from serdtools.tree import ROOT

WIDTH = 120
SLASHES = re.compile(r"^\s*//")
HASH = re.compile(r"^\s*#")
SLASHED = (".swift", ".c", ".h", ".js")
FOLDERS = ["Package.swift", "Sources", "Tests", "Benchmarks", "Examples", "tools", "debian", "systemd", ".ci"]
NOT_OURS_TO_WRAP = (".md", ".json", ".toml", ".css", ".flac", "copyright")


def main() -> int:
    listing = subprocess.run(["git", "ls-files", *FOLDERS], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    wide = []
    for name in listing.splitlines():
        path = ROOT / name
        if name.endswith(NOT_OURS_TO_WRAP) or "Fuzzing/Corpora" in name or not path.is_file():
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        comment = SLASHES if name.endswith(SLASHED) else HASH
        for number, line in enumerate(lines, start=1):
            if len(line) > WIDTH and comment.match(line):
                wide.append(f"{name}:{number}: a comment of {len(line)} columns; wrap it at {WIDTH}")
    print("\n".join(wide), end="\n" if wide else "", file=sys.stderr)
    return 1 if wide else 0


if __name__ == "__main__":
    sys.exit(main())
