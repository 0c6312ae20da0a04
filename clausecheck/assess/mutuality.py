"""Find mirrored pairs: what one clause asks of A, a neighbouring clause asks of B.

In: hits and clauses. Out: the hits, those of a mirrored pair turned to "balanced";
where one half is far heavier, the heavier stays flagged with balance "partial".
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from clausecheck.detect.match import FIRED, Hit
from clausecheck.records import Clause

# Siblings this far apart are still read together; beyond it only a cross-reference joins them.
_NEAR = 12
_NEXT = 2
# Beyond so many hits of one code a document is searched no further for clauses in like words.
_FEW = 60
_ALIKE, _ENOUGH = 0.7, 12
_WORDS = re.compile(r"[a-z]{2,}")
_MONEY = re.compile(r"[$£€]\s?(\d[\d,]*(?:\.\d+)?)")
# Sums more than this many times apart are no mirror; they are looked for this far after the words.
_FAR, _BESIDE = 2.0, 160
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
        if _can_pair(hit) or _is_promise(hit):
            by_code[hit.code].append(hit)
    twins = _Twins(text, clauses)
    pools = {code: _Pool(found, outline) for code, found in by_code.items()}
    return [
        _judge_pair(hit, pools[hit.code].find_mirrors(hit, twins), twins)
        if _can_pair(hit)
        else Mirror(hit)
        for hit in hits
    ]


def _can_pair(hit: Hit) -> bool:
    return hit.verdict in FIRED and hit.code[:2] in ("RS", "WL") and bool(_side(hit))


def _is_promise(hit: Hit) -> bool:
    """Tell whether a withdrawn hit binds its party all the same."""
    return hit.binds and hit.verdict == "cancelled" and bool(_side(hit))


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

    def find_mirrors(self, hit: Hit, twins: _Twins) -> list[Hit]:
        """Return the hits on another party that are near, referred to, or in the same words."""
        outline, place = self._outline, hit.clause
        schedule = outline.schedule(place)
        first = bisect_left(self._places, place - _NEAR)
        last = bisect_right(self._places, place + _NEAR)
        joined = [h for h in self._hits[first:last] if outline.are_close(place, h.clause)]
        for number in sorted(outline.references(place)):
            joined += self._numbered.get((schedule, number), ())
        if number := outline.number(place):
            joined += self._referring.get((schedule, number), ())
        others = [other for other in joined if _side(other) != _side(hit)]
        if not others and len(self._hits) <= _FEW:
            others = [
                other
                for other in self._hits
                if _side(other) != _side(hit) and twins.are_alike(hit.clause, other.clause)
            ]
        return others


class _Twins:
    """Compares the words and the sums of two clauses."""

    def __init__(self, text: str, clauses: Sequence[Clause]) -> None:
        self._text, self._clauses = text, clauses
        self._words: dict[int, frozenset[str]] = {}

    def _read(self, place: int) -> frozenset[str]:
        if place not in self._words:
            clause = self._clauses[place]
            words = _WORDS.findall(self._text[clause.start : clause.end].lower())
            self._words[place] = frozenset(words)
        return self._words[place]

    def are_alike(self, one: int, two: int) -> bool:
        """Tell whether two clauses use nearly the same words, wherever they stand."""
        first, second = self._read(one), self._read(two)
        together = len(first | second)
        return together >= _ENOUGH and len(first & second) >= _ALIKE * together

    def differ_in_amount(self, one: Hit, two: Hit) -> bool:
        """Tell whether the smallest sums named beside two hits are far apart."""
        sums = [self._amount(hit) for hit in (one, two)]
        return bool(sums[0] and sums[1]) and max(sums) > _FAR * min(sums)

    def _amount(self, hit: Hit) -> float:
        clause = self._clauses[hit.clause]
        found = _MONEY.findall(self._text, hit.start, min(clause.end, hit.end + _BESIDE))
        return min((float(f.replace(",", "")) for f in found), default=0.0)

    def is_harsher(self, one: Hit, two: Hit) -> bool:
        """Tell whether the sum beside ``one`` leaves its burdened party the worse off."""
        return self._amount(one) <= self._amount(two)


def _judge_pair(hit: Hit, candidates: Sequence[Hit], twins: _Twins) -> Mirror:
    if not candidates:
        return Mirror(hit)
    other = min(
        candidates,
        key=lambda h: (h.verdict not in FIRED, abs(h.clause - hit.clause), -h.severity, h.clause),
    )
    if hit.code == "RS103" and twins.differ_in_amount(hit, other) and twins.is_harsher(hit, other):
        note = "the other party's limit is far higher"
        return Mirror(replace(hit, balance="partial", note=note), other.clause)
    gap = hit.severity - other.severity
    narrow = other.verdict not in FIRED and not twins.are_alike(hit.clause, other.clause)
    if gap >= 2 or narrow:
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
