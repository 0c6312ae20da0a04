"""Say who carries the risk and power terms of a document (taxonomy B.3).

In: findings, and the clauses found balanced. Out: one ``BalanceIndex`` with its interval and words.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from clausecheck.records import Balanced, BalanceIndex, Finding

# Keeps a document with few findings near zero; about the weight of two clear findings.
_PRIOR = 6.0
EVEN, LEANS = 0.15, 0.40
_RESAMPLES = 500
_TAIL = 0.05


def measure_balance(findings: Sequence[Finding], balanced: Sequence[Balanced]) -> BalanceIndex:
    """Return the balance index of a document's risk-shifting and win-lose findings.

    Each finding weighs severity x confidence on the party that carries it, half on each when
    both do; unresolved burdens count for nobody. Performance duties are not counted: a supplier
    naturally has more of them. The interval comes from resampling the findings; it tells how much
    the index hangs on a few of them, not whether they are right.

    >>> measure_balance([], []).words
    'about even'
    """
    weights = [_weigh(finding) for finding in findings if finding.family in ("RS", "WL")]
    supplier, customer = sum((w[0] for w in weights), 0.0), sum((w[1] for w in weights), 0.0)
    index = _index(weights)
    low, high = _resample(weights)
    mutual = len({(b.clause, b.code) for b in balanced})
    mutual += sum(finding.code == "CO407" for finding in findings)
    total = mutual + len(weights)
    return BalanceIndex(
        round(index, 3),
        round(supplier, 2),
        round(customer, 2),
        _describe(min(low, index), max(high, index)),
        round(mutual / total, 3) if total else None,
        round(low, 3),
        round(high, 3),
    )


def _weigh(finding: Finding) -> tuple[float, float]:
    """Return the weight that a finding puts on the supplier and on the customer."""
    weight = finding.severity * finding.confidence
    if finding.burden == "both":
        return weight / 2, weight / 2
    return (
        weight if finding.burden == "supplier" else 0.0,
        weight if finding.burden == "customer" else 0.0,
    )


def _index(weights: Iterable[tuple[float, float]]) -> float:
    supplier = customer = 0.0
    for one, two in weights:
        supplier, customer = supplier + one, customer + two
    return (supplier - customer) / (supplier + customer + _PRIOR)


def _resample(weights: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the 90% bootstrap interval of the index, the same on every run."""
    if not weights:
        return 0.0, 0.0
    rng = random.Random(0)  # noqa: S311 - resampling, not secrets; seeded so that runs agree
    drawn = sorted(_index(rng.choices(weights, k=len(weights))) for _ in range(_RESAMPLES))
    skipped = int(_TAIL * _RESAMPLES)
    return drawn[skipped], drawn[-1 - skipped]


def _band(index: float) -> int:
    """Return 0 for about even, 1 for leaning, 2 for one-sided; negative towards the customer."""
    size = 0 if abs(index) < EVEN else 1 if abs(index) <= LEANS else 2
    return size if index > 0 else -size


def _describe(low: float, high: float) -> str:
    """Return the band of an interval in words, or both bands when it spans an edge.

    >>> _describe(0.2, 0.3), _describe(0.1, 0.5)
    ('leans: the supplier carries more', 'about even to one-sided: the supplier carries more')
    >>> _describe(-0.5, 0.2)
    'not settled: between one-sided to the customer and leaning to the supplier'
    """
    first, last = _band(low), _band(high)
    if first < 0 < last:
        strength = {1: "leaning", 2: "one-sided"}
        return (
            f"not settled: between {strength[-first]} to the customer "
            f"and {strength[last]} to the supplier"
        )
    near, far = sorted((abs(first), abs(last)))
    carrier = "supplier" if last > 0 else "customer"
    names = ("about even", "leans", "one-sided")
    band = names[near] if near == far else f"{names[near]} to {names[far]}"
    return f"{band}: the {carrier} carries more" if far else band
