"""Fails where the map is not true: an import that Package.swift does not declare, or folders of a target in a circle.

ARCHITECTURE.md explains the targets ("Modules"). Package.swift is the map between them: the compiler finds a circle
there, but not an import of a target that only happens to be built already. Between the folders of one target nothing
but this looks.
"""

import argparse
import itertools
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from serdtools.swift_references import References


def targets(root: Path) -> dict[str, dict]:
    """The package's targets by name, as SwiftPM describes them."""
    description = subprocess.run(
        ["swift", "package", "describe", "--type", "json"], cwd=root, check=True, capture_output=True, text=True
    ).stdout
    return {target["name"]: target for target in json.loads(description)["targets"]}


# Who may never reach whom, however long the way: what a program of that kind would then have to build and carry.
FORBIDDEN = [
    ({"SerdProtocol", "SerdClient"}, {"SerdServer", "SerdDiagnosis", "SerdPipeline", "CSystemd", "CALSA"}),
    ({"SerdCorpora", "SerdLearning", "SerdTraining", "sertrain"}, {"SerdServer", "SerdClient", "SerdDiagnosis"}),
    ({"SerdServer", "SerdDiagnosis", "serd"}, {"SerdCorpora", "SerdLearning", "SerdTraining", "COpenBLAS"}),
    ({"SerdServer", "SerdDiagnosis", "serd"}, {"SerdWeb", "CSQLite"}),
    ({"SerdWeb", "serd-web"}, {"SerdServer", "SerdDiagnosis", "SerdPipeline", "SerdAudio", "CALSA"}),
    ({"SerdDetection"}, {"SerdAudio", "SerdNetwork", "SerdSystem"}),
]


def reachable(name: str, all_targets: dict[str, dict]) -> set[str]:
    """The target itself and all that it depends on, directly or not."""
    found, waiting = set(), [name]
    while waiting:
        if (next_name := waiting.pop()) not in found:
            found.add(next_name)
            waiting += all_targets.get(next_name, {}).get("target_dependencies", [])
    return found


def forbidden_dependencies(all_targets: dict[str, dict]) -> list[str]:
    """What FORBIDDEN says and Package.swift does not keep."""
    return [
        f"Package.swift: {name} depends on {other}, perhaps by way of others; ARCHITECTURE.md says why it must not"
        for names, others in FORBIDDEN
        for name in sorted(names & set(all_targets))
        for other in sorted(others & reachable(name, all_targets))
    ]


def undeclared_imports(name: str, all_targets: dict[str, dict], references: References) -> list[str]:
    """Imports of our own targets that the target does not name as dependencies; for tests and programs, not reach."""
    target = all_targets[name]
    is_library = target["type"] in ("library", "system-target")
    declared = {name, *target.get("target_dependencies", [])} if is_library else reachable(name, all_targets)
    return [
        f"{path}: imports {module}, which Package.swift does not name as a dependency of {name}"
        for path in references.code
        for module in sorted(set(references.imports(path)))
        if module in all_targets and module not in declared
    ]


def folder_edges(folder: Path, references: References) -> dict[str, dict[str, list[str]]]:
    """Which first-level folder of a target refers to which, and where; "" is the target's own level."""

    def room(path: Path) -> str:
        parts = path.relative_to(folder).parts
        return parts[0] if len(parts) > 1 else ""

    edges = defaultdict(lambda: defaultdict(list))
    for path, uses in references.edges.items():
        for owner, names in uses.items():
            if room(path) != room(owner):
                where = f"{path.relative_to(folder)} uses {', '.join(sorted(names))} of {owner.relative_to(folder)}"
                edges[room(path)][room(owner)].append(where)
    return edges


def circle(edges: dict[str, dict[str, list[str]]]) -> list[str] | None:
    """The rooms of one circle, the first again at the end; None if there is none."""
    done, path = set(), []

    def visit(room: str) -> list[str] | None:
        if room in path:
            return [*path[path.index(room) :], room]
        if room in done:
            return None
        path.append(room)
        for next_room in sorted(edges.get(room, {})):
            if found := visit(next_room):
                return found
        path.pop()
        done.add(room)
        return None

    for room in sorted(edges):
        if found := visit(room):
            return found
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draw", metavar="TARGET", help="print who refers to whom between the folders of a target")
    arguments = parser.parse_args()
    root = Path(__file__).resolve().parents[3]
    all_targets = targets(root)
    problems = forbidden_dependencies(all_targets)
    for name, target in sorted(all_targets.items()):
        folder = root / target["path"]
        paths = [folder / source for source in target["sources"] if source.endswith(".swift")]
        if not paths:
            continue
        references = References(paths)
        problems += undeclared_imports(name, all_targets, references)
        edges = folder_edges(folder, references)
        if arguments.draw == name:
            for room, others in sorted(edges.items()):
                for other, places in sorted(others.items()):
                    print(f"{room or name} -> {other or name}")
                    print("".join(f"    {place}\n" for place in sorted(places)), end="")
        if target["type"] != "test" and (rooms := circle(edges)):
            problems.append(f"{target['path']}: a circle of folders: {' -> '.join(room or name for room in rooms)}")
            for room, other in itertools.pairwise(rooms):
                problems += [f"    {place}" for place in sorted(edges[room][other])]
    print("\n".join(problems), end="\n" if problems else "", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
