"""Gather labelled clauses: those written for the project, and stand-off labels with their texts.

In: ``corpora/clauses``, and optionally a folder of stand-off labels with the texts they point into.
Out: ``Contract`` records, and
``Example`` records of their labelled spans. Texts of others are read in
place and never copied.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clausecheck.detect.match import lead_spans
from clausecheck.detect.tokens import Tokens
from clausecheck.read import read_document
from clausecheck.records import Clause, Document, Party
from clausecheck.segment import Segments, generic_parties, segment_document

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = ROOT / "corpora" / "clauses"
# Clauses of the contracts in ``train.jsonl`` that were read afterwards, window by window.
READ = ROOT / "corpora" / "labels" / "read.jsonl"
SHARED = ROOT.parent / "shared"
GROUND = "commercial"


@dataclass(frozen=True, slots=True)
class Contract:
    """A labelled contract, read and cut into clauses; ``rows`` are its labels."""

    file: str
    text: str
    clauses: tuple[Clause, ...]
    parties: tuple[Party, ...]
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled clause. ``group`` is its contract: no group stands on both sides of a split.

    ``forms`` is what the classifier reads of it in a review of its whole contract, lead-ins
    included. ``labels`` maps code to (burden, severity). ``stands_for`` is the number of clauses of
    its contracts that it represents, so that sums over all show natural base rates. ``found`` tells
    that it was drawn for what it says, and that rules were written from it; windows were not.
    """

    id: str
    group: str
    stratum: str
    forms: list[str]
    labels: dict[str, tuple[str, int]]
    stands_for: float = 1.0
    found: bool = True


def load_written(folder: Path = WRITTEN) -> Iterator[Contract]:
    """Yield the clauses written for this project; each is a contract of its own."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            parties = tuple(
                Party(name, (name,), "customer" if role == "customer" else "supplier", "given")
                for role, name in row["parties"].items()
                if name
            )
            end = len(row["text"])
            clause = Clause("c1", "", "", "operative", None, 0, end)
            label = {**row, "stratum": "written", "start": 0, "end": end}
            yield Contract(f"written:{row['id']}", row["text"], (clause,), parties, (label,))


def read_labels(*paths: Path, domain: str | None = GROUND) -> dict[str, list[dict[str, Any]]]:
    """Return stand-off labels by file, one domain or all, in the order of the text."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            if domain is None or row["domain"] == domain:
                rows[row["file"]].append(row)
    return {file: sorted(rows[file], key=lambda r: r["start"]) for file in sorted(rows)}


def read_source(texts: Path, file: str, sha256: object) -> tuple[Document, Segments]:
    """Return a labelled file and its segments; raises ``ValueError`` when it has changed."""
    data = (texts / file).read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"{file} is not the file that was labelled")
    document = read_document(data, name=file)
    return document, segment_document(document)


def load_stand_off(labels: Sequence[Path], texts: Path) -> Iterator[Contract]:
    """Yield the labelled contracts of other people that are of the product's ground."""
    for file, rows in read_labels(*labels).items():
        document, segments = read_source(texts, file, rows[0]["sha256"])
        parties = segments.parties or generic_parties(document.text)
        yield Contract(file, document.text, segments.clauses, parties, tuple(rows))


def read_tokens(contract: Contract) -> Tokens:
    """Return the tokens of a contract, as a review makes them."""
    furniture = [(c.start, c.end) for c in contract.clauses if c.kind == "furniture"]
    return Tokens(contract.text, contract.parties, skip=furniture)


def list_examples(contract: Contract) -> list[Example]:
    """Return the labelled spans of a contract, each as a review of the whole sees it."""
    tokens = read_tokens(contract)
    clauses = contract.clauses
    positions = {clause.id: i for i, clause in enumerate(clauses)}
    examples = []
    for row in contract.rows:
        place = _find_clause(clauses, row["start"], row["end"])
        if place is not None:
            forms = tokens.view(lead_spans(tokens, clauses, positions, place)).forms
            labels = {c["code"]: (c["burden"], c["severity"]) for c in row["codes"]}
            examples.append(
                Example(
                    str(row["id"]), contract.file, str(row["stratum"]), forms, labels,
                    float(row.get("stands_for", 1.0)), "stands_for" not in row,
                )
            )  # fmt: skip
    return examples


def _find_clause(clauses: Sequence[Clause], start: int, end: int) -> int | None:
    """Return the clause that holds most of a labelled span, ``None`` where none touches it."""
    shared = [
        min(c.end, end) - max(c.start, start) if c.kind != "furniture" else 0 for c in clauses
    ]
    best = max(range(len(clauses)), key=lambda i: shared[i], default=None)
    return best if best is not None and shared[best] > 0 else None
