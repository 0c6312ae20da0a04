"""Work out the geometry of the pictures: the strip, the articles, the bars, the lights.

Comes in: rows, notes and records. Goes out: numbers and words for the templates. Every picture is
drawn from the same numbers that its text alternative states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from clausecheck.records import BalanceIndex, Clause, Finding, Review
from clausecheck.report import wording
from clausecheck.report.html.passages import Row
from clausecheck.report.places import name_clause

WIDTH = 1000
FAMILIES = ("RS", "WL", "AB", "CO")
_LANE, _GAP, _LEAST = 26, 6, 5.0
STRIP_HEIGHT = len(FAMILIES) * (_LANE + _GAP) - _GAP
# The continuum of sourcing models, from buying transactions to investing together.
MODEL_ZONES = (
    ("Transactional", ("basic provider", "approved provider")),
    ("Relational", ("preferred provider", "performance-based", "outcome partnership")),
    ("Investment-based", ("shared services", "equity partnership")),
)
STANCE_ORDER = ("extraction", "exchange", "creation")


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding on the strip: where it stands, how high it is, where it leads, what it says."""

    x: float
    width: float
    y: float
    height: float
    lane: float
    family: str
    level: int
    finding: Finding
    row: str
    title: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The whole contract from left to right, one lane a family."""

    marks: tuple[Mark, ...]
    articles: tuple[tuple[float, float], ...]
    lanes: tuple[tuple[str, float], ...]
    height: int = STRIP_HEIGHT
    lane_height: int = _LANE


def draw_strip(review: Review, rows: Sequence[Row], findings: Sequence[Finding]) -> Strip:
    """Return the strip; a mark's height is its severity, so that it reads without colour."""
    total = max(len(review.document.text), 1)
    clauses = {clause.id: clause for clause in review.clauses}
    lanes = {family: n * (_LANE + _GAP) for n, family in enumerate(FAMILIES)}
    known = {row.clause.id for row in rows if row.clause is not None}
    marks = []
    for finding in findings:
        if finding.clause not in known or finding.family not in lanes:
            continue
        clause = clauses[finding.clause]
        width = max(WIDTH * (clause.end - clause.start) / total, _LEAST)
        x = min(WIDTH * clause.start / total, WIDTH - width)
        steps = 3 if finding.family == "CO" else 5
        height = _LANE * min(max(finding.severity, 1), steps) / steps
        lane = lanes[finding.family]
        marks.append(
            Mark(
                round(x, 1), round(width, 1), round(lane + _LANE - height, 1), round(height, 1),
                lane, finding.family, finding.severity, finding, finding.clause,
                f"{name_clause(clauses, finding.clause)}: {finding.name} "
                f"({wording.FAMILY_WORDS[finding.family]}, {name_level(finding)})",
            )
        )  # fmt: skip
    return Strip(tuple(marks), _shade_articles(rows, total), tuple(lanes.items()))


def _shade_articles(rows: Sequence[Row], total: int) -> tuple[tuple[float, float], ...]:
    """Return every second article as (x, width), so that a reader can see where articles end."""
    starts = [r.start for r in rows if r.clause is not None and is_article(r.clause)]
    edges = [*starts, total]
    return tuple(
        (round(WIDTH * left / total, 1), round(WIDTH * (right - left) / total, 1))
        for left, right in list(pairwise(edges))[::2]
    )


def is_article(clause: Clause) -> bool:
    """Tell whether a clause stands at the top of the contract and has a name to be called by."""
    return clause.parent is None and bool(clause.heading or clause.label)


def name_level(finding: Finding) -> str:
    """Return the severity of a finding, or the strength of a collaborative one, in words.

    >>> name_level(Finding("CO405", "", "CO", "c", 0, 1, "both", "", 3, 1.0, "rule", "na"))
    'strong'
    """
    if finding.family == "CO":
        return wording.STRENGTH_WORDS.get(finding.severity, "strong")
    return wording.SEVERITY_WORDS[finding.severity]


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the contract and how many findings of each family it holds."""

    row: str
    name: str
    counts: tuple[tuple[str, int], ...]
    worst: int


def count_articles(clauses: Mapping[str, Clause], findings: Sequence[Finding]) -> list[Article]:
    """Return the articles that hold findings, in contract order, with counts by family."""
    counts: dict[str, dict[str, int]] = {}
    worst: dict[str, int] = {}
    for finding in findings:
        clause = clauses.get(finding.clause)
        while clause is not None and clause.parent is not None and clause.parent in clauses:
            clause = clauses[clause.parent]
        top = clause.id if clause is not None and is_article(clause) else ""
        family = counts.setdefault(top, dict.fromkeys(FAMILIES, 0))
        family[finding.family] = family.get(finding.family, 0) + 1
        if finding.family != "CO":
            worst[top] = max(worst.get(top, 0), finding.severity)
    order = sorted(counts, key=lambda top: (clauses[top].start if top else -1, top))
    return [
        Article(
            top,
            name_clause(clauses, top) if top else "Paragraphs outside any article",
            tuple(counts[top].items()),
            worst.get(top, 0),
        )
        for top in order
    ]


@dataclass(frozen=True, slots=True)
class BalanceBar:
    """The balance index on a line from -1 to +1: its point and its interval."""

    x: float
    low: float
    high: float
    bands: tuple[tuple[str, float, float], ...]
    weights: tuple[tuple[str, float, float], ...]


_BANDS = (
    ("one-sided", -1.0, -0.4),
    ("leans", -0.4, -0.15),
    ("even", -0.15, 0.15),
    ("leans", 0.15, 0.4),
    ("one-sided", 0.4, 1.0),
)


def draw_balance(balance: BalanceIndex) -> BalanceBar:
    """Return the places of the index, its interval, the bands and each side's weight."""

    def place(value: float) -> float:
        return round(WIDTH * (min(max(value, -1.0), 1.0) + 1) / 2, 1)

    top = max(balance.customer, balance.supplier, 1.0)
    return BalanceBar(
        place(balance.index),
        place(balance.low),
        place(balance.high),
        tuple((name, place(a), round(place(b) - place(a), 1)) for name, a, b in _BANDS),
        tuple(
            (side, weight, round(WIDTH * weight / top, 1))
            for side, weight in (("customer", balance.customer), ("supplier", balance.supplier))
        ),
    )


def round_shares(shares: Mapping[str, float]) -> dict[str, int]:
    """Return shares as whole per cent that add up to 100 (the largest remainders get the rest).

    >>> round_shares({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})
    {'a': 34, 'b': 33, 'c': 33}
    """
    total = sum(shares.values())
    if total <= 0:
        return dict.fromkeys(shares, 0)
    exact = {name: 100 * value / total for name, value in shares.items()}
    whole = {name: int(value) for name, value in exact.items()}
    rest = 100 - sum(whole.values())
    for name in sorted(exact, key=lambda n: (whole[n] - exact[n], list(exact).index(n)))[:rest]:
        whole[name] += 1
    return whole
