"""Say who carries the risk and power terms of a document (taxonomy B.3)."""

from __future__ import annotations

from collections.abc import Sequence

from clausecheck.records import BalanceIndex, Balanced, Finding

# Keeps a document with few findings near zero; about the weight of two clear findings.
_PRIOR = 6.0
EVEN, LEANS = 0.15, 0.40


def measure_balance(findings: Sequence[Finding], balanced: Sequence[Balanced]) -> BalanceIndex:
    """Return the balance index of a document's risk-shifting and win-lose findings.

    Each finding weighs severity x confidence on the party that carries it, half on each when
    both do; unresolved burdens count for nobody. Performance duties are not counted: a supplier
    naturally has more of them.

    >>> measure_balance([], []).words
    'about even'
    """
    weights = {"supplier": 0.0, "customer": 0.0}
    one_sided = 0
    for finding in findings:
        if finding.family not in ("RS", "WL"):
            continue
        one_sided += 1
        weight = finding.severity * finding.confidence
        if finding.burden == "both":
            weights["supplier"] += weight / 2
            weights["customer"] += weight / 2
        elif finding.burden in weights:
            weights[finding.burden] += weight
    supplier, customer = weights["supplier"], weights["customer"]
    index = (supplier - customer) / (supplier + customer + _PRIOR)
    mutual = len({(b.clause, b.code) for b in balanced})
    total = mutual + one_sided
    return BalanceIndex(
        round(index, 3),
        round(supplier, 2),
        round(customer, 2),
        _describe(index),
        round(mutual / total, 3) if total else None,
    )


def _describe(index: float) -> str:
    if abs(index) < EVEN:
        return "about even"
    carrier = "supplier" if index > 0 else "customer"
    strength = "leans: the" if abs(index) <= LEANS else "one-sided: the"
    return f"{strength} {carrier} carries more"
