"""Find mirrored pairs: what one clause asks of A, a neighbouring clause asks of B.

In: hits and clauses. Out: the hits, those of a mirrored pair turned from "flag" to "balanced";
where one half is far heavier, the heavier stays flagged with balance "partial".
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from clausecheck.detect.match import Hit
from clausecheck.records import Clause

# Siblings this far apart are still read together; beyond it only a cross-reference joins them.
_NEAR = 12
_NEXT = 2
_WORD = r"(?:clause|section|article|paragraph)s?"
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_AND = r"(?:,\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+)"
_REFERENCE = re.compile(rf"\b{_WORD}\s+(\d+(?:\.\d+)*(?:{_AND}\d+(?:\.\d+)*)*)", re.IGNORECASE)
_LABEL = re.compile(rf"(?:{_WORD}\s+)?(\d+(?:\.\d+)*)[.):]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mirror:
    """A hit after the search for its mirror; ``other`` is the place of the mirroring clause."""

    hit: Hit
    other: int | None = None


def pair_mirrors(hits: Sequence[Hit], clauses: Sequence[Clause], text: str) -> list[Mirror]:
    """Return every hit, judged against the same code on the other party nearby.

    A pair counts when the clauses are neighbours, when they share an article and stand close
    together, or when one refers to the other by number (taxonomy A.2, rulings 2). A schedule is
    a world of its own: its numbers begin again, and nothing in it mirrors what stands outside.
    """
    outline = _Outline(clauses, text)
    by_code: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        if _can_pair(hit):
            by_code[hit.code].append(hit)
    pools = {code: _Pool(found, outline) for code, found in by_code.items()}
    return [
        _judge_pair(hit, pools[hit.code].find_mirrors(hit)) if _can_pair(hit) else Mirror(hit)
        for hit in hits
    ]


def _can_pair(hit: Hit) -> bool:
    return hit.verdict == "flag" and hit.code[:2] in ("RS", "WL") and bool(_side(hit))


def _side(hit: Hit) -> str:
    """Return which party carries a hit, by role or else by symbol; empty when nobody is known."""
    if hit.burden in ("customer", "supplier"):
        return hit.burden
    return hit.symbol if hit.symbol.startswith("@p") else ""


class _Outline:
    """Where the clauses stand: article, schedule, number, and the numbers they refer to."""

    def __init__(self, clauses: Sequence[Clause], text: str) -> None:
        self._clauses, self._text = clauses, text

    @cached_property
    def _tops(self) -> tuple[list[int], list[int]]:
        """Return for each clause the place of its topmost topic, and of its schedule or -1."""
        places = {clause.id: i for i, clause in enumerate(self._clauses)}
        articles: list[int] = []
        schedules: list[int] = []
        for i, clause in enumerate(self._clauses):
            above = places.get(clause.parent) if clause.parent else None
            # A schedule or a document title is no topic: its children stand for themselves.
            headed = above is None or self._clauses[above].kind == "schedule"
            articles.append(i if above is None or headed else articles[above])
            outer = -1 if above is None else schedules[above]
            schedules.append(i if outer < 0 and clause.kind == "schedule" else outer)
        return articles, schedules

    def schedule(self, place: int) -> int:
        return self._tops[1][place]

    def are_close(self, one: int, two: int) -> bool:
        articles, schedules = self._tops
        if schedules[one] != schedules[two]:
            return False
        reach = _NEAR if articles[one] == articles[two] else _NEXT
        return abs(one - two) <= reach

    def number(self, place: int) -> str:
        """Return the number of a clause ("8.1"), empty for a letter, a word or none."""
        found = _LABEL.fullmatch(self._clauses[place].label.strip())
        return found[1] if found else ""

    def references(self, place: int) -> set[str]:
        clause = self._clauses[place]
        lists = _REFERENCE.findall(self._text, clause.start, clause.end)
        return {number for found in lists for number in _NUMBER.findall(found)}


class _Pool:
    """The hits of one code, indexed so that the search for a mirror does not compare all pairs."""

    def __init__(self, hits: Sequence[Hit], outline: _Outline) -> None:
        self._outline = outline
        self._hits = sorted(hits, key=lambda hit: hit.clause)
        self._places = [hit.clause for hit in self._hits]
        self._numbered: dict[tuple[int, str], list[Hit]] = defaultdict(list)
        self._referring: dict[tuple[int, str], list[Hit]] = defaultdict(list)
        for hit in self._hits:
            schedule = outline.schedule(hit.clause)
            if number := outline.number(hit.clause):
                self._numbered[schedule, number].append(hit)
            for number in outline.references(hit.clause):
                self._referring[schedule, number].append(hit)

    def find_mirrors(self, hit: Hit) -> list[Hit]:
        """Return the hits on another party that stand close or are joined by a reference."""
        outline, place = self._outline, hit.clause
        schedule = outline.schedule(place)
        first = bisect_left(self._places, place - _NEAR)
        last = bisect_right(self._places, place + _NEAR)
        joined = [h for h in self._hits[first:last] if outline.are_close(place, h.clause)]
        for number in sorted(outline.references(place)):
            joined += self._numbered.get((schedule, number), ())
        if number := outline.number(place):
            joined += self._referring.get((schedule, number), ())
        return [other for other in joined if _side(other) != _side(hit)]


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
