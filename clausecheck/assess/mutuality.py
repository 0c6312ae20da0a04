"""Find mirrored pairs: what one clause asks of A, a neighbouring clause asks of B.

In: hits and clauses. Out: the hits, those of a mirrored pair turned from "flag" to "balanced"; where
one half is far heavier, the heavier stays flagged with balance "partial".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from clausecheck.detect.match import Hit
from clausecheck.records import Clause

# Siblings this far apart are still read together; beyond it only a cross-reference joins them.
_NEAR = 12
_REFERENCE = re.compile(
    r"(?:clauses?|sections?|articles?|paragraphs?)\s+(\d+(?:\.\d+)*)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Mirror:
    """A hit after the search for its mirror; ``other`` is the place of the mirroring clause."""

    hit: Hit
    other: int | None = None


def pair_mirrors(hits: Sequence[Hit], clauses: Sequence[Clause], text: str) -> list[Mirror]:
    """Return every hit, judged against the same code on the other party nearby.

    A pair counts when both clauses share a parent or an article and stand close together, or when
    one refers to the other by number (taxonomy A.2, rulings 2).
    """
    articles = _articles(clauses)
    by_code: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        if hit.verdict == "flag" and hit.code[:2] in ("RS", "WL") and _side(hit):
            by_code[hit.code].append(hit)
    mirrored = []
    for hit in hits:
        candidates = [
            other
            for other in by_code.get(hit.code, ())
            if hit.verdict == "flag" and _side(hit) and _side(other) != _side(hit)
            and _joined(hit.clause, other.clause, clauses, articles, text)
        ]  # fmt: skip
        mirrored.append(_judge_pair(hit, candidates))
    return mirrored


def _side(hit: Hit) -> str:
    """Return which party carries a hit, by role or else by symbol; empty when nobody is known."""
    return hit.burden if hit.burden in ("customer", "supplier") else hit.symbol


def _articles(clauses: Sequence[Clause]) -> list[int]:
    """Return for each clause the position of its topmost numbered or headed ancestor."""
    positions = {clause.id: i for i, clause in enumerate(clauses)}
    tops: list[int] = []
    for i, clause in enumerate(clauses):
        above = positions.get(clause.parent) if clause.parent else None
        # A schedule or a document title is no topic: its children stand for themselves.
        top = i if above is None or clauses[above].kind == "schedule" else tops[above]
        tops.append(top)
    return tops


def _joined(
    one: int, two: int, clauses: Sequence[Clause], articles: Sequence[int], text: str
) -> bool:
    if abs(one - two) <= 2:
        return True
    if articles[one] == articles[two] and abs(one - two) <= _NEAR:
        return True
    return _refers(one, two, clauses, text) or _refers(two, one, clauses, text)


def _refers(source: int, target: int, clauses: Sequence[Clause], text: str) -> bool:
    label = clauses[target].label.strip("(). ").lower()
    if not label or not label[0].isdigit():
        return False
    words = text[clauses[source].start : clauses[source].end]
    return any(found == label for found in _REFERENCE.findall(words))


def _judge_pair(hit: Hit, candidates: Sequence[Hit]) -> Mirror:
    if not candidates:
        return Mirror(hit)
    other = min(candidates, key=lambda h: (abs(h.clause - hit.clause), -h.severity, h.clause))
    gap = hit.severity - other.severity
    if gap >= 2:
        return Mirror(
            replace(hit, balance="partial", note="the other party's promise is narrower"),
            other.clause,
        )
    return Mirror(
        replace(
            hit, verdict="balanced", balance="mutual", note="mirrored by the other party's clause"
        ),
        other.clause,
    )
