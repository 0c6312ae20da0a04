"""Say what became of each finding: resolved, new, persisting, softened, hardened.

Comes in: findings of both reviews and the clauses that belong together. Goes out: ``FindingChange``
records, each with the reason in a few words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clausecheck.comparison.edits import compare_numbers
from clausecheck.records import (
    ChangeKind,
    ClauseChange,
    Finding,
    FindingChange,
    FindingStatus,
    Review,
)

# More days, or a higher limit, ease these for the party that carries them ...
_MORE_SOFTENS = frozenset({"RS116", "RS118", "WL201", "WL202", "WL203", "WL213", "WL214", "WL217"})
# ... and press harder in these.
_MORE_HARDENS = frozenset(
    {"RS105", "AB308", "WL205", "WL208", "WL209", "WL211", "WL212", "WL215", "WL219"}
)
# Below the first a finding is more likely wrong than right; from the second it is as sure as most.
_DOUBTFUL, _SURE = 0.5, 0.75
_BALANCE_RANK = {"one-sided": 2, "partial": 1, "mutual": 0, "na": 2}


@dataclass(frozen=True, slots=True)
class _Side:
    review: Review
    findings: dict[str, list[Finding]]

    @classmethod
    def of(cls, review: Review) -> _Side:
        found: dict[str, list[Finding]] = {}
        for finding in review.findings:
            found.setdefault(finding.clause, []).append(finding)
        return cls(review, {clause: _leave_echoes(listed) for clause, listed in found.items()})

    def at(self, clauses: Sequence[str]) -> list[Finding]:
        listed = [finding for clause in clauses for finding in self.findings.get(clause, ())]
        return sorted(listed, key=lambda f: (f.code, f.start, f.end, f.burden))


def _leave_echoes(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of one clause without doubtful ones beside a sure one of their family.

    Such a neighbour comes and goes with few words; it says nothing of its own on what changed.
    """
    sure = {finding.family for finding in findings if finding.confidence >= _SURE}
    return [f for f in findings if f.confidence >= _DOUBTFUL or f.family not in sure]


def compare_findings(
    old: Review, new: Review, changes: Sequence[ClauseChange]
) -> tuple[FindingChange, ...]:
    """Return one change per finding of either draft, in the order of ``changes``.

    Left out is what would only be noise: a doubtful finding beside a sure one of its family, and
    one that comes or goes on words that did not change.
    """
    left, right = _Side.of(old), _Side.of(new)
    balanced = {item.clause: item.note for item in new.balanced}
    result: list[FindingChange] = []
    for change in changes:
        before, after = left.at(change.old), right.at(change.new)
        for one, two in _pair(before, after, change.kind):
            if change.kind == "same" and _flickers(one, two):
                continue
            if one is not None and two is not None:
                result.append(_weigh(left.review, right.review, change, one, two))
            elif one is not None:
                because = _why_gone(change, one, after, balanced)
                result.append(FindingChange("resolved", one, None, because))
            elif two is not None:
                result.append(FindingChange("new", None, two, _why_here(change, two, before)))
    return tuple(result)


def _flickers(one: Finding | None, two: Finding | None) -> bool:
    """Tell whether a doubtful finding is in one draft alone."""
    single = two if one is None else one if two is None else None
    return single is not None and single.confidence < _DOUBTFUL


def _pair(
    before: Sequence[Finding], after: Sequence[Finding], kind: ChangeKind
) -> list[tuple[Finding | None, Finding | None]]:
    """Pair findings of one code and carrier, first to first; a carrier left open fits any.

    What a split clause says in two places now, or a merged one in one, is no new finding.
    """
    spare = list(after)
    pairs: list[tuple[Finding | None, Finding | None]] = []
    for one in before:
        match = next((f for f in spare if (f.code, f.burden) == (one.code, one.burden)), None)
        if match is None:
            match = next(
                (
                    f
                    for f in spare
                    if f.code == one.code and ({"unclear", "both"} & {f.burden, one.burden})
                ),
                None,
            )
        if match is not None:
            spare.remove(match)
        elif kind == "merged":
            match = next((f for f in after if f.code == one.code), None)
        pairs.append((one, match))
    for two in spare:
        same = next((f for f in before if f.code == two.code), None) if kind == "split" else None
        pairs.append((same, two))
    return pairs


def _weigh(
    old: Review, new: Review, change: ClauseChange, one: Finding, two: Finding
) -> FindingChange:
    """Compare one finding with itself in the next draft."""
    # A part of a split clause presses less by itself; what counts is whether words were lost.
    lost = any(edit.old_start < edit.old_end for edit in change.edits)
    if change.kind in ("split", "merged") and not lost:
        because = f"the clause was {change.kind}; the words stand elsewhere"
        return FindingChange("persisting", one, two, because)
    steps = (
        (two.severity - one.severity, f"severity {one.severity} to {two.severity}"),
        (_weight(two) - _weight(one), _name_tests(one, two)),
        (_number_step(old, new, change, one), "a number was changed"),
    )
    for step, because in steps:
        if step:
            credit = one.family == "CO"
            harder: FindingStatus = "softened" if credit else "hardened"
            easier: FindingStatus = "hardened" if credit else "softened"
            return FindingChange(harder if step > 0 else easier, one, two, because)
    because = "the words are the same" if change.kind == "same" else "reworded to the same effect"
    return FindingChange("persisting", one, two, because)


def _weight(finding: Finding) -> int:
    """Return how hard the wording presses below the severity: the six C's and the balance."""
    return sum(test.value for test in finding.tests) + _BALANCE_RANK[finding.balance]


def _name_tests(one: Finding, two: Finding) -> str:
    before = {test.name: test.value for test in one.tests}
    moved = [t.name for t in two.tests if before.get(t.name, t.value) != t.value]
    return f"changed: {', '.join(moved)}" if moved else "more or less mutual than before"


def _number_step(old: Review, new: Review, change: ClauseChange, finding: Finding) -> int:
    sign = (finding.code in _MORE_HARDENS) - (finding.code in _MORE_SOFTENS)
    if not sign or not change.edits:
        return 0
    return sign * compare_numbers(old.document.text, new.document.text, change.edits)


def _why_gone(
    change: ClauseChange, gone: Finding, after: Sequence[Finding], balanced: dict[str, str]
) -> str:
    if change.kind == "removed":
        return "the clause is gone"
    if any(f.code == gone.code for f in after):
        return "it is now carried by another party"
    if any(clause in balanced for clause in change.new) or any(f.code == "CO407" for f in after):
        return "the clause now treats both parties alike"
    if change.kind == "same":
        return "the words are the same; another clause now answers them"
    return "reworded"


def _why_here(change: ClauseChange, here: Finding, before: Sequence[Finding]) -> str:
    if change.kind == "added":
        return "the clause is new"
    if any(f.code == here.code for f in before):
        return "it was carried by another party"
    if change.kind == "same":
        return "the words are the same; what answered them elsewhere is gone"
    return "reworded"
