"""Measure where clauses begin, their labels and parents against documents marked by hand.

In: `boundaries.jsonl`, the marks of a reader, and the contracts beside the checkout. Out: F1 of
(start, label) and the share of right parents, by format and by document. Run
``python -m benchmarks.boundaries [--write] [--list NAME]``; NAME is part of a file's name, and its
disagreements are then listed.

A line of the marks is one document: ``file`` and ``sha256``; ``set``, "development" (the segmenter
was mended by it), "report" (marked to be measured only), "unseen" or a "look"
(marked when all was done, measured once, and only then used to mend);
``stretches``, the parts that were marked, each as [first, end] places; ``marks``, each
[place, label, parent], the parent as the number of another mark or ``null``. A place is
[offset, key]: the key, a digest of the next characters, finds the place again when a reader emits
the text a little differently. No text of a contract is in it.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.blocks import format_table, replace_block

if TYPE_CHECKING:
    from clausecheck.records import Clause, Document

CONTRACTS = Path(__file__).resolve().parents[2] / "shared" / "contracts"
MARKS = Path(__file__).with_name("boundaries.jsonl")
SETS = ("development", "report", "unseen", "first look", "second look", "third look")
# Characters that are no white space, enough to tell nearly every place from all others.
_KEY = 24
_WORD = re.compile(r"\S+")
_MARKUP = re.compile(r"[#*_>\s]*")
_BULLET = re.compile(r"[^\w(]+|o|")

Entry = tuple[int, str, int | None]


@dataclass(slots=True)
class Score:
    """Counts for one document: clauses marked, found, found right, and right with their parent."""

    name: str
    kind: str
    chosen: str
    marked: int = 0
    found: int = 0
    right: int = 0
    parents: int = 0
    notes: list[str] = field(default_factory=list)


def key_of(text: str, at: int) -> str:
    """Return a digest of the characters from ``at`` on, white space aside.

    >>> key_of("1. Fees are due.", 0) == key_of("x 1.  Fees are due.", 2)
    True
    """
    words = "".join(text[at : at + 20 * _KEY].split())[:_KEY]
    return hashlib.sha256(words.encode()).hexdigest()[:10]


def fold_label(label: str) -> str:
    """Return a label as it is compared: single spaces, no closing stop; a bullet is no label.

    >>> fold_label("ARTICLE  I."), fold_label("\u25aa"), fold_label("(a)")
    ('ARTICLE I', '', '(a)')
    """
    folded = " ".join(label.split())
    if _BULLET.fullmatch(folded):
        return ""
    return folded.rstrip(" .:\u2013\u2014-")


class Finder:
    """Finds marked places again in the text that a reader gives now."""

    def __init__(self, text: str) -> None:
        self._places: dict[str, list[int]] = defaultdict(list)
        for word in _WORD.finditer(text):
            self._places[key_of(text, word.start())].append(word.start())

    def find(self, place: Sequence[Any], shift: int) -> int | None:
        """Return where the place is; ``shift`` is how far the one before it has moved."""
        offset, key = place
        known = self._places.get(key)
        if not known:
            return None
        return min(known, key=lambda at: abs(at - offset - shift))


def locate(entry: dict[str, Any], text: str) -> tuple[list[tuple[int, int]], list[int | None]]:
    """Return the stretches and the starts of the marks in ``text``; ``None`` for one not there."""
    finder = Finder(text)
    shift = 0
    starts: list[int | None] = []
    for place, _, _ in entry["marks"]:
        at = finder.find(place, shift)
        if at is not None:
            shift = at - place[0]
        starts.append(at)
    offsets = [mark[0][0] for mark in entry["marks"]]
    stretches = []
    for first, end in entry["stretches"]:
        near = starts[min(bisect_left(offsets, first[0]), len(starts) - 1)]
        shift = (near - first[0]) if near is not None else 0
        begin = finder.find(first, shift)
        stop = finder.find(end, shift) if end is not None else len(text)
        if begin is not None and stop is not None and begin < stop:
            stretches.append((begin, stop))
    return stretches, starts


def read_entries(document: Document, clauses: Sequence[Clause]) -> list[Entry]:
    """Return (start, label, parent's start) of every clause; marks of headings are stepped over."""
    starts = {c.id: _step(document.text, c.start) for c in clauses}
    return [
        (starts[c.id], fold_label(c.label), starts.get(c.parent or ""))
        for c in clauses
        if c.kind != "furniture"
    ]


def _step(text: str, at: int) -> int:
    found = _MARKUP.match(text, at)
    return found.end() if found else at


def score_document(entry: dict[str, Any], document: Document, clauses: Sequence[Clause]) -> Score:
    """Compare the clauses of one document with its marks."""
    text = document.text
    stretches, places = locate(entry, text)
    score = Score(Path(entry["file"]).name, Path(entry["file"]).suffix.lower(), entry["set"])
    starts = [None if at is None else _step(text, at) for at in places]
    truth: dict[tuple[int, str], int | None] = {}
    for number, (_, label, parent) in enumerate(entry["marks"]):
        at = starts[number]
        score.marked += 1
        if at is None:
            score.notes.append(f"mark {number} ({label!r}) is not in the text")
            continue
        truth[at, fold_label(label)] = None if parent is None else starts[parent]
    found = {
        (start, label): above
        for start, label, above in read_entries(document, clauses)
        if any(first <= start < end for first, end in stretches)
    }
    score.found = len(found)
    for place in sorted(truth.keys() | found.keys()):
        if place not in found:
            score.notes.append(f"missed {_quote(text, place)}")
        elif place not in truth:
            score.notes.append(f"extra  {_quote(text, place)}")
        else:
            score.right += 1
            if truth[place] == found[place]:
                score.parents += 1
            else:
                score.notes.append(
                    f"parent {_quote(text, place)} is {_spot(text, found[place])}"
                    f" instead of {_spot(text, truth[place])}"
                )
    return score


def _quote(text: str, place: tuple[int, str]) -> str:
    return f"{place[0]} [{place[1]}] {_spot(text, place[0])}"


def _spot(text: str, at: int | None) -> str:
    return "none" if at is None else repr(text[at : at + 40])


def read_marks(path: Path = MARKS) -> Iterator[dict[str, Any]]:
    """Yield the documents that were marked."""
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def score_all(folder: Path = CONTRACTS, *, only: str = "") -> Iterator[Score]:
    """Yield the score of every marked document that is in ``folder``."""
    from clausecheck.read import read_document
    from clausecheck.segment import split_clauses

    for entry in read_marks():
        path = folder / entry["file"]
        if only.lower() not in path.name.lower() or not path.is_file():
            continue
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != entry["sha256"]:
            continue
        document = read_document(data, name=path.name)
        yield score_document(entry, document, split_clauses(document))


def measure(scores: Iterable[Score]) -> tuple[float, float, float, float]:
    """Return precision, recall and F1 of (start, label) and the share of right parents.

    >>> measure([Score("a", ".txt", "report", marked=4, found=4, right=3, parents=3)])
    (0.75, 0.75, 0.75, 1.0)
    """
    scores = list(scores)
    marked, found = sum(s.marked for s in scores), sum(s.found for s in scores)
    right, parents = sum(s.right for s in scores), sum(s.parents for s in scores)
    return (
        right / max(1, found),
        right / max(1, marked),
        2 * right / max(1, marked + found),
        parents / max(1, right),
    )


def write_report(scores: Sequence[Score]) -> str:
    """Return the tables as Markdown; files are named, their text is not."""
    head = ("marks", "files", "clauses", "precision", "recall", "F1", "parents right")
    rows = []
    for chosen in SETS:
        held = [s for s in scores if s.chosen == chosen]
        for kind in (".docx", ".pdf", ".txt", ".md"):
            part = [s for s in held if s.kind == kind]
            if part:
                rows.append(_row(f"{chosen}, {kind[1:]}", part))
        rows.append(_row(f"**{chosen}**", held))
    rows.append(_row("**all**", scores))
    worst = sorted(scores, key=lambda s: (measure([s])[2], s.name))
    each = [_row(f"`{s.name[:60]}` ({s.chosen})", [s]) for s in worst]
    return format_table(head, rows) + "\n\n" + format_table(("document", *head[1:]), each) + "\n"


def _row(name: str, scores: Sequence[Score]) -> list[str]:
    shares = [f"{value:.3f}" for value in measure(scores)]
    return [name, str(len(scores)), f"{sum(s.marked for s in scores):,}", *shares]


def main(arguments: Sequence[str]) -> int:
    """Score the documents and print the tables; 1 when there are none."""
    only = arguments[arguments.index("--list") + 1] if "--list" in arguments else ""
    scores = list(score_all(only=only))
    if not scores:
        sys.stderr.write(f"{CONTRACTS}: no marked document is there.\n")
        return 1
    report = write_report(scores)
    sys.stdout.write(report)
    if "--list" in arguments:
        sys.stdout.writelines(f"{s.name[:30]}: {note}\n" for s in scores for note in s.notes)
    if "--write" in arguments:
        replace_block("boundaries", report)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
