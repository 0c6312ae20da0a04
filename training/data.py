"""Gather labelled clauses: those written for the project, and stand-off labels with their texts.

In: ``corpora/clauses``, and optionally a folder of stand-off labels with the texts they point into.
Out: ``Example`` records with folded forms. Texts of others are read in place and never copied.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clausecheck.detect.tokens import Tokens
from clausecheck.read import read_document
from clausecheck.records import Clause, Document, Party
from clausecheck.segment import Segments, segment_document

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = ROOT / "corpora" / "clauses"
SHARED = ROOT.parent / "shared"
GROUND = "commercial"


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled clause. ``group`` is its contract: no group stands on both sides of a split.

    ``labels`` maps code to (burden, severity). ``mirrored`` says that the readers found it balanced
    by what stands beside it, which the span alone does not show. ``stratum`` is ``random`` for
    uniform draws, the only ones that show natural base rates.
    """

    id: str
    group: str
    stratum: str
    tokens: Tokens
    clause: Clause
    labels: dict[str, tuple[str, int]]
    mirrored: bool = False

    @property
    def forms(self) -> list[str]:
        """The folded forms that the classifier reads."""
        return [form for form in self.tokens.forms if form]


def _whole(text: str) -> Clause:
    return Clause("c1", "", "", "operative", None, 0, len(text))


def load_written(folder: Path = WRITTEN) -> Iterator[Example]:
    """Yield the clauses written for this project; each is its own group."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            parties = tuple(
                Party(name, (name,), "customer" if role == "customer" else "supplier", "given")
                for role, name in row["parties"].items()
                if name
            )
            labels = {c["code"]: (c["burden"], c["severity"]) for c in row["codes"]}
            yield Example(
                row["id"], f"written:{row['id']}", "written",
                Tokens(row["text"], parties), _whole(row["text"]), labels,
            )  # fmt: skip


def read_labels(path: Path, *, domain: str | None = GROUND) -> dict[str, list[dict[str, Any]]]:
    """Return stand-off labels by file, one domain or all, in the order of the text."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
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


def load_stand_off(labels: Path, texts: Path) -> Iterator[Example]:
    """Yield labelled spans of other people's contracts, with that contract's own parties."""
    for file, rows in read_labels(labels).items():
        document, segments = read_source(texts, file, rows[0]["sha256"])
        for row in rows:
            text = document.text[row["start"] : row["end"]]
            codes = {c["code"]: (c["burden"], c["severity"]) for c in row["codes"]}
            yield Example(
                str(row["id"]), file, str(row["stratum"]),
                Tokens(text, segments.parties), _whole(text), codes,
                row["balance"] in ("mutual", "partial"),
            )  # fmt: skip
