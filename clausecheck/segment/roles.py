"""Decide which party pays (customer) and which performs (supplier).

Comes in: each party's names and its tally. Goes out: a role and a short reason for each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from clausecheck.records import Role
from clausecheck.segment.evidence import Tally
from clausecheck.segment.lexicon import role_weight

CERTAIN = 3
# A name of weight 2 counts as much as evidence that is all on one side; `_DOUBT` is the weight of
# evidence at which a party that only pays, or only performs, counts half.
_PRIOR = 0.3
_DOUBT = 4.0
_LEAST = 0.12
_LEAST_ALONE = 0.3
_JOINT_LEAST = 0.45
_PAYS = 3.0
_JOINT = re.compile(
    r"\b(?:joint\s+venture|alliance|joint\s+filing|collaboration|co-?operation|teaming"
    r"|shareholders|voting|co-?development"
    r"|merger|reorgani[sz]ation|non-?compet\w+|settlement)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A role and the reason for it."""

    role: Role
    why: str


def is_joint(title: str) -> bool:
    """Tell whether a title announces an undertaking in which neither party simply buys.

    >>> is_joint("JOINT VENTURE AGREEMENT"), is_joint("SUPPLY AGREEMENT")
    (True, False)
    """
    return _JOINT.search(title) is not None


def assign_roles(
    names: Sequence[Sequence[str]], tallies: Sequence[Tally], *, joint: bool
) -> list[Judgement]:
    """Return a judgement per party.

    ``names`` are the role words and aliases of each party, most used first; ``joint`` asks for
    stronger evidence (alliances, joint ventures).

    >>> tallies = [Tally(uses=9), Tally(uses=9)]
    >>> [j.role for j in assign_roles([["Client"], ["Company"]], tallies, joint=False)]
    ['customer', 'supplier']
    """
    priors = _weigh_names(names)
    mains = _find_mains(tallies)
    found: list[Judgement | None] = [_by_name(p, n) for p, n in zip(priors, names, strict=True)]
    if len(mains) == 2:
        _settle_pair(mains, found, priors, names, tallies, joint=joint)
    for i, tally in enumerate(tallies):
        if found[i] is None:
            found[i] = _by_self(priors[i], names[i], tally, joint=joint)
    return [j or Judgement("unknown", "") for j in found]


def _weigh_names(names: Sequence[Sequence[str]]) -> list[int]:
    weights = []
    for aliases in names:
        found = [role_weight(alias) for alias in aliases]
        weights.append(max(found, key=abs, default=0))
    words = [" ".join(aliases).lower() for aliases in names]
    if any("subcontractor" in w for w in words) and all(weight >= 0 for weight in weights):
        # A subcontract: the contractor is the one who pays.
        weights = [
            -CERTAIN if weight > 0 and "subcontractor" not in w else weight
            for weight, w in zip(weights, words, strict=True)
        ]
    return weights


def _find_mains(tallies: Sequence[Tally]) -> list[int]:
    ranked = sorted(range(len(tallies)), key=lambda i: (-tallies[i].uses, i))
    if len(ranked) > 2 and tallies[ranked[2]].uses > max(3, 0.4 * tallies[ranked[1]].uses):
        return []
    return ranked[:2]


def _by_name(weight: int, names: Sequence[str]) -> Judgement | None:
    if abs(weight) < CERTAIN:
        return None
    word = next(n for n in names if abs(role_weight(n)) or "ontractor" in n or "ONTRACTOR" in n)
    return Judgement("supplier" if weight > 0 else "customer", f'called "{word}"')


def _settle_pair(
    mains: Sequence[int],
    found: list[Judgement | None],
    priors: Sequence[int],
    names: Sequence[Sequence[str]],
    tallies: Sequence[Tally],
    *,
    joint: bool,
) -> None:
    """Fill in ``found`` for two main parties, of which one gives the other."""
    first, second = mains
    one, two = found[first], found[second]
    if one and two and one.role == two.role:
        found[first] = found[second] = None  # Buyer and Licensee: the names contradict each other
        one = two = None
        weights = {first: 0, second: 0}
    else:
        weights = {first: priors[first], second: priors[second]}
        if weights[first] * weights[second] > 0:
            weights = {first: 0, second: 0}
    for known, other in ((first, second), (second, first)):
        if found[known] is not None:
            if found[other] is None:
                told = found[known].role  # type: ignore[union-attr]
                found[other] = Judgement(_opposite(told), f"the other party is the {told}")
            return
    if abs(weights[first] - weights[second]) > CERTAIN:
        # Owner and Contractor, Sponsor and Agent: both names point the same way.
        for i in mains:
            role: Role = "supplier" if weights[i] > 0 else "customer"
            found[i] = Judgement(role, _reason(role, names[i], tallies[i], weights[i]))
        return
    gap = _compare(tallies[first], tallies[second])
    gap += _PRIOR * (weights[first] - weights[second])
    if abs(gap) < (_JOINT_LEAST if joint else _LEAST):
        found[first] = found[second] = Judgement("unknown", _weak_reason(tallies, mains))
        return
    supplier, customer = (first, second) if gap > 0 else (second, first)
    found[supplier] = Judgement(
        "supplier", _reason("supplier", names[supplier], tallies[supplier], weights[supplier])
    )
    found[customer] = Judgement(
        "customer", _reason("customer", names[customer], tallies[customer], weights[customer])
    )


def _compare(one: Tally, two: Tally) -> float:
    """Return how much more the first performs and less it pays than the second, from -1 to 1."""
    pays = (two.pays - one.pays) / (two.pays + one.pays + _DOUBT)
    performs = (one.performs - two.performs) / (one.performs + two.performs + _DOUBT)
    return 0.5 * pays + 0.5 * performs


def _by_self(weight: int, names: Sequence[str], tally: Tally, *, joint: bool) -> Judgement:
    score = tally.net / (tally.pays + tally.performs + _DOUBT) + _PRIOR * weight
    if abs(score) < (_JOINT_LEAST if joint else _LEAST_ALONE):
        return Judgement("unknown", "who pays and who performs is not clear")
    role: Role = "supplier" if score > 0 else "customer"
    return Judgement(role, _reason(role, names, tally, weight))


def _reason(role: Role, names: Sequence[str], tally: Tally, weight: int) -> str:
    word = next((n for n in names if role_weight(n)), "")
    if word and (weight > 0) == (role == "supplier"):
        return f'called "{word}"'
    if role == "supplier" and tally.services:
        return f"performs or supplies in {_places(tally.services)}"
    if role == "customer" and tally.payments:
        return f"pays or buys in {_places(tally.payments)}"
    return "the other party performs" if role == "customer" else "the other party pays"


def _weak_reason(tallies: Sequence[Tally], mains: Sequence[int]) -> str:
    if all(tallies[i].pays >= _PAYS for i in mains):
        return "both parties pay, so the role is left open"
    return "who pays and who performs is not clear"


def _places(count: int) -> str:
    return f"{count} place{'s' * (count != 1)}"


def _opposite(role: Role) -> Role:
    return "supplier" if role == "customer" else "customer"
