"""Count how often reviews agree with labels, and say how far the counts can be trusted.

In: ``Item`` records, one per labelled clause. Out: an ``Evaluation``: precision, recall, F1 and
base rates per group, burden and code, calibration, each with an interval by contract.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_RESAMPLES = 300
_BINS = 10
FAMILIES = {"RS": "risk-shifting", "WL": "win-lose", "AB": "activity-based", "CO": "collaborative"}
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled clause and what the review said of it; ``gold`` and ``seen`` map code to burden.

    ``sure`` maps every code that the review saw, what is only worth a look included, to its
    confidence.
    """

    group: str
    stratum: str
    gold: Mapping[str, str]
    seen: Mapping[str, str]
    sure: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """Precision, recall and F1 of one code, burden or group, with 95% intervals by contract."""

    name: str
    labelled: int
    flagged: int
    right: int
    base_rate: float
    precision_interval: Interval
    recall_interval: Interval
    f1_interval: Interval = (0.0, 0.0)

    @property
    def precision(self) -> float:
        """Share of flagged clauses that the readers flagged too."""
        return self.right / self.flagged if self.flagged else 0.0

    @property
    def recall(self) -> float:
        """Share of the readers' clauses that the review flagged."""
        return self.right / self.labelled if self.labelled else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _f1(self.labelled, self.flagged, self.right)


@dataclass(frozen=True, slots=True)
class Bin:
    """The codes of one stretch of confidence: how many, how sure on average, how many right."""

    low: float
    high: float
    count: int
    confidence: float
    right: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one run.

    ``neutral_flagged`` and ``natural_flagged`` are (flagged, of): neutral clauses with a tension
    flag, among all labels and among uniform draws (stratum ``random``) or whole contracts
    (``whole``). ``bins`` compare confidence with truth; ``calibration_error`` is their mean
    distance, weighed by size.
    """

    clauses: int
    contracts: int
    figures: tuple[Figure, ...]
    burden_right: tuple[int, int]
    neutral_flagged: tuple[int, int]
    natural_flagged: tuple[int, int] = (0, 0)
    bins: tuple[Bin, ...] = ()

    @property
    def calibration_error(self) -> float:
        """Expected calibration error: how far confidence lies from the share that is right."""
        total = sum(b.count for b in self.bins)
        if not total:
            return 0.0
        return sum(abs(b.count * b.confidence - b.right) for b in self.bins) / total

    def as_dict(self) -> dict[str, Any]:
        """Return the evaluation as plain data, shares rounded to four places."""
        return {
            "clauses": self.clauses,
            "contracts": self.contracts,
            "burden": {"right": self.burden_right[0], "of": self.burden_right[1]},
            "neutral": {"flagged": self.neutral_flagged[0], "of": self.neutral_flagged[1]},
            "natural": {"flagged": self.natural_flagged[0], "of": self.natural_flagged[1]},
            "calibration": {
                "error": round(self.calibration_error, 4),
                "bins": [
                    {
                        "low": b.low,
                        "high": b.high,
                        "count": b.count,
                        "confidence": round(b.confidence, 4),
                        "right": b.right,
                    }
                    for b in self.bins
                ],
            },
            "figures": [
                {
                    "name": f.name,
                    "labelled": f.labelled,
                    "flagged": f.flagged,
                    "right": f.right,
                    "base_rate": round(f.base_rate, 4),
                    "precision": round(f.precision, 4),
                    "precision_interval": [round(x, 4) for x in f.precision_interval],
                    "recall": round(f.recall, 4),
                    "recall_interval": [round(x, 4) for x in f.recall_interval],
                    "f1": round(f.f1, 4),
                    "f1_interval": [round(x, 4) for x in f.f1_interval],
                }
                for f in self.figures
            ],
        }

    def as_text(self) -> str:
        """Return the evaluation as a table for the terminal."""
        head = f"{'':<18}{'labelled':>9}{'base':>7}{'flagged':>9}  {'precision':<18}{'recall':<18}"
        lines = [
            f"{self.clauses} labelled clauses of {self.contracts} contracts",
            "",
            f"{head}F1",
        ]
        lines += [
            f"{f.name:<18}{f.labelled:>9}{f.base_rate:>7.1%}{f.flagged:>9}  "
            f"{_show(f.precision, f.precision_interval):<18}"
            f"{_show(f.recall, f.recall_interval):<18}{_show(f.f1, f.f1_interval)}"
            for f in self.figures
        ]
        right, of = self.burden_right
        flagged, neutral = self.neutral_flagged
        lines += [
            "",
            f"burdened party right in {right} of {of} true tension findings"
            + (f" ({right / of:.0%})" if of else ""),
            f"neutral clauses with a tension flag: {flagged} of {neutral}"
            + (f" ({flagged / neutral:.1%})" if neutral else ""),
        ]
        flagged, neutral = self.natural_flagged
        if neutral:
            lines.append(
                f"of them from uniform draws and whole contracts: {flagged} of {neutral} "
                f"({flagged / neutral:.1%})"
            )
        if self.bins:
            lines += ["", f"{'confidence':<18}{'codes':>9}{'mean':>7}{'right':>9}"]
            lines += [
                f"{f'{b.low:.1f} to {b.high:.1f}':<18}{b.count:>9}{b.confidence:>7.2f}"
                f"{b.right / b.count:>9.2f}"
                for b in self.bins
            ]
            lines.append(f"expected calibration error: {self.calibration_error:.3f}")
        lines.append("intervals: 95%, contracts resampled")
        return "\n".join(lines)


def _show(value: float, interval: Interval) -> str:
    return f"{value:.2f} ({interval[0]:.2f}-{interval[1]:.2f})"


def _f1(labelled: int, flagged: int, right: int) -> float:
    return 2 * right / (labelled + flagged) if labelled + flagged else 0.0


def summarise(items: Sequence[Item]) -> Evaluation:
    """Return the figures for any tension, each family, burden and code, and all codes together."""
    figures = [_measure(items, "any tension", lambda code, _: not code.startswith("CO"))]
    for family, name in FAMILIES.items():
        figures.append(_measure(items, name, lambda code, _, f=family: code.startswith(f)))  # type: ignore[misc]
    figures += [
        _measure(items, f"on the {side}", lambda _, burden, s=side: burden == s)  # type: ignore[misc]
        for side in ("customer", "supplier")
    ]
    figures.append(_measure_codes(items))
    codes = sorted({c for item in items for c in (*item.gold, *item.seen)})
    figures += [_measure(items, code, lambda c, _, k=code: c == k) for code in codes]  # type: ignore[misc]
    both = [
        item.gold[c] == item.seen[c]
        for item in items
        for c in item.gold
        if c in item.seen and not c.startswith("CO")
    ]
    neutral = [item for item in items if not item.gold]
    return Evaluation(
        len(items),
        len({item.group for item in items}),
        tuple(figures),
        (sum(both), len(both)),
        _count_flagged(neutral),
        _count_flagged([item for item in neutral if item.stratum in ("random", "whole")]),
        _fill_bins(items),
    )


def _count_flagged(neutral: Sequence[Item]) -> tuple[int, int]:
    return sum(any(not c.startswith("CO") for c in item.seen) for item in neutral), len(neutral)


def _fill_bins(items: Sequence[Item]) -> tuple[Bin, ...]:
    told = sorted((sure, code in item.gold) for item in items for code, sure in item.sure.items())
    bins = []
    for number in range(_BINS):
        low, high = number / _BINS, (number + 1) / _BINS
        here = [t for t in told if low <= t[0] < high or (t[0] == high == 1.0)]
        if here:
            mean = sum(sure for sure, _ in here) / len(here)
            bins.append(Bin(low, high, len(here), mean, sum(right for _, right in here)))
    return tuple(bins)


def _measure(items: Sequence[Item], name: str, test: Callable[[str, str], bool]) -> Figure:
    counts: dict[str, list[int]] = {}
    for item in items:
        gold = any(test(*pair) for pair in item.gold.items())
        seen = any(test(*pair) for pair in item.seen.items())
        row = counts.setdefault(item.group, [0, 0, 0])
        row[0] += gold
        row[1] += seen
        row[2] += gold and seen
    return _make_figure(name, counts, len(items))


def _measure_codes(items: Sequence[Item]) -> Figure:
    """Return the figure in which every code of every clause counts by itself."""
    counts: dict[str, list[int]] = {}
    for item in items:
        row = counts.setdefault(item.group, [0, 0, 0])
        row[0] += len(item.gold)
        row[1] += len(item.seen)
        row[2] += len(item.gold.keys() & item.seen.keys())
    return _make_figure("exact codes", counts, len(items))


def _make_figure(name: str, counts: Mapping[str, Sequence[int]], size: int) -> Figure:
    labelled, flagged, right = _add(counts.values())
    precision, recall, f1 = [], [], []
    rng = random.Random(0)  # noqa: S311 - resampling, not secrets; seeded so that runs agree
    groups = [counts[g] for g in sorted(counts)]
    if labelled + flagged:
        for _ in range(_RESAMPLES):
            g, f, r = _add(rng.choices(groups, k=len(groups)))
            precision.append(r / f if f else 0.0)
            recall.append(r / g if g else 0.0)
            f1.append(_f1(g, f, r))
    return Figure(
        name, labelled, flagged, right, labelled / size,
        _interval(precision), _interval(recall), _interval(f1),
    )  # fmt: skip


def _add(rows: Iterable[Sequence[int]]) -> tuple[int, int, int]:
    a = b = c = 0
    for row in rows:
        a, b, c = a + row[0], b + row[1], c + row[2]
    return a, b, c


def _interval(values: list[float]) -> Interval:
    if not values:
        return 0.0, 0.0
    values.sort()
    return values[int(0.025 * len(values))], values[min(len(values) - 1, int(0.975 * len(values)))]
