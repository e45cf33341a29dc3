"""Writes CREMA-D's listening test into a manifest, as the column `votes` that sertrain reads.

  tools/crema-d-votes MANIFEST.csv VOTES.csv >WITH_VOTES.csv

MANIFEST.csv has path,label,speaker,text; VOTES.csv has the columns stem and voice_vote, as CREMA-D's
summary of votes by voice: letters of emotions, a colon between those that are tied. Paths stay as they are, so put
the result beside the manifest. A recording without a vote keeps its label alone.
"""

import csv
import pathlib
import sys

from serdtools.command import Parser, fail

LABELS = {"A": "anger", "D": "disgust", "F": "fear", "H": "happiness", "N": "neutral", "S": "sadness"}


def votes_of(letters):
    """The column's text for letters such as N or F:N; a tie is split."""
    words = letters.split(":") if letters else []
    unknown = [word for word in words if word not in LABELS]
    if unknown:
        raise ValueError(f"a vote {unknown[0]!r}; known are {', '.join(sorted(LABELS))}")
    return " ".join(f"{LABELS[word]}:1" for word in words)


def with_votes(rows, votes):
    """Rows of a manifest, each a dictionary, with their votes."""
    return [row | {"votes": votes_of(votes.get(pathlib.PurePath(row["path"]).stem, ""))} for row in rows]


def main():
    parser = Parser(__doc__)
    parser.add_argument("manifest")
    parser.add_argument("votes")
    options = parser.parse_args()
    try:
        with open(options.votes, newline="", encoding="utf-8") as file:
            votes = {row["stem"]: row["voice_vote"] for row in csv.DictReader(file)}
        with open(options.manifest, newline="", encoding="utf-8-sig") as file:
            rows = with_votes(csv.DictReader(file), votes)
    except (OSError, ValueError) as error:
        fail(error)
    except KeyError as error:
        fail(f"there is no column {error}; --help says which are needed")
    if not rows:
        fail(f"{options.manifest} has no rows")
    writer = csv.DictWriter(sys.stdout, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
