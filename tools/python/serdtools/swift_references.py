"""Which Swift file refers to which, by the names of what they declare.

This reads text, not the compiler's index: a reference is an identifier that another file declares as a type, a global
function or constant, or as a member that only one file of the tree declares in an extension. It is blind to what is
inferred (`.init(...)`, `.someCase`), and so finds less than there is, never more than a reader would.
"""

import re
from collections import defaultdict
from pathlib import Path

COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
TEXT = re.compile(r'"""(.*?)"""|"((?:\\.|[^"\\\n])*)"', re.DOTALL)
INTERPOLATION = re.compile(r"\\\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)")
ACCESS = r"^(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|open|final|indirect|nonisolated)\s+)*"
TYPE = re.compile(ACCESS + r"(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)", re.MULTILINE)
GLOBAL = re.compile(ACCESS + r"(?:func|let|var)\s+(\w+)", re.MULTILINE)
NAME = re.compile(r"\b[A-Za-z_]\w*\b")
IMPORT = re.compile(
    r"^\s*(?:@\w+\s+)*(?:\w+\s+)?import\s+(?:(?:struct|class|enum|func|protocol)\s+)?(\w+)", re.MULTILINE
)


def code_of(path: Path) -> str:
    """The file's text without comments, and of its strings only what is interpolated."""
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    return TEXT.sub(lambda match: " ".join(INTERPOLATION.findall(match.group(1) or match.group(2) or "")), text)


class References:
    """The references between the given files: `edges[a][b]` is the set of names of `b` that `a` uses."""

    def __init__(self, paths: list[Path]):
        self.code = {path: code_of(path) for path in paths}
        self.owners = defaultdict(set)
        for path, code in self.code.items():
            for name in {*TYPE.findall(code), *GLOBAL.findall(code)}:
                self.owners[name].add(path)
        self.edges = {path: self._uses(path) for path in paths}

    def imports(self, path: Path) -> list[str]:
        """The modules that the file imports."""
        return IMPORT.findall(self.code[path])

    def _uses(self, path: Path) -> dict[Path, set[str]]:
        uses = defaultdict(set)
        for name in set(NAME.findall(self.code[path])):
            owners = self.owners.get(name, set())
            if path not in owners:
                for owner in owners:
                    uses[owner].add(name)
        return uses
