"""Gather labelled clauses: those written for the project, and stand-off labels with their texts.

In: ``corpora/clauses``, and optionally a folder of stand-off labels with the texts they point into.
Out: ``Example`` records: what both detectors see of each clause. Texts of others are read in
place and never copied.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from clausecheck.assess.mutuality import pair_mirrors
from clausecheck.detect.match import RuleMatcher, lead_spans
from clausecheck.detect.rules import load_rule_set
from clausecheck.detect.tokens import Tokens
from clausecheck.read import read_document
from clausecheck.records import Clause, Document, Party
from clausecheck.segment import Segments, generic_parties, segment_document

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = ROOT / "corpora" / "clauses"
SHARED = ROOT.parent / "shared"
GROUND = "commercial"


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled clause. ``group`` is its contract: no group stands on both sides of a split.

    ``forms`` is what the classifier reads of it in a review of its whole contract, lead-ins
    included; ``verdicts`` what the rules said there, mirrors paired. ``labels`` maps code to
    (burden, severity). ``stratum`` is ``random`` for uniform draws, the only ones that show natural
    base rates.
    """

    id: str
    group: str
    stratum: str
    forms: list[str]
    labels: dict[str, tuple[str, int]]
    verdicts: dict[str, str]


@cache
def _matcher() -> RuleMatcher:
    rule_set = load_rule_set()
    return RuleMatcher(rule_set.rules, rule_set.cues)


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
            clause = Clause("c1", "", "", "operative", None, 0, len(row["text"]))
            tokens = Tokens(row["text"], parties)
            yield Example(
                row["id"], f"written:{row['id']}", "written",
                [form for form in tokens.forms if form], labels,
                {hit.code: hit.verdict for hit in _matcher().find(tokens, [clause])},
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
    """Yield labelled spans of other people's contracts, each as a review of the whole sees it."""
    for file, rows in read_labels(labels).items():
        document, segments = read_source(texts, file, rows[0]["sha256"])
        clauses = [c for c in segments.clauses if c.kind != "furniture"]
        furniture = [(c.start, c.end) for c in segments.clauses if c.kind == "furniture"]
        parties = segments.parties or generic_parties(document.text)
        tokens = Tokens(document.text, parties, skip=furniture)
        positions = {clause.id: i for i, clause in enumerate(clauses)}
        said: dict[int, dict[str, str]] = defaultdict(dict)
        for mirror in pair_mirrors(_matcher().find(tokens, clauses), clauses, document.text):
            said[mirror.hit.clause][mirror.hit.code] = mirror.hit.verdict
        for row in rows:
            place = _find_clause(clauses, row["start"], row["end"])
            if place is None:
                continue
            yield Example(
                str(row["id"]), file, str(row["stratum"]),
                tokens.view(lead_spans(tokens, clauses, positions, place)).forms,
                {c["code"]: (c["burden"], c["severity"]) for c in row["codes"]},
                dict(said[place]),
            )  # fmt: skip


def _find_clause(clauses: Sequence[Clause], start: int, end: int) -> int | None:
    """Return the clause that holds most of a labelled span, ``None`` where none touches it."""
    shared = [min(c.end, end) - max(c.start, start) for c in clauses]
    best = max(range(len(clauses)), key=lambda i: shared[i], default=None)
    return best if best is not None and shared[best] > 0 else None
