"""Lay two reviews side by side: what became of each clause and of each finding.

Comes in: the reviews of an old and a new draft, in any formats. Goes out: a ``Comparison``.
"""

from __future__ import annotations

from collections.abc import Sequence

from clausecheck.comparison.align import align_units
from clausecheck.comparison.changes import describe_groups
from clausecheck.comparison.findings import compare_findings
from clausecheck.comparison.hidden import mark_hidden
from clausecheck.records import Comparison, Review, Tracking
from clausecheck.segment.words import Unit, join_furniture, list_units

__all__ = ["compare_reviews"]


def compare_reviews(old: Review, new: Review, *, untouched: Review | None = None) -> Comparison:
    """Return what changed from ``old`` to ``new``.

    ``untouched`` is the new Word file as it reads with every tracked change rejected (document and
    clauses suffice); what differs between it and ``old`` was changed without tracking. Clauses are
    compared by their words alone: fonts, lines, pages and the format of the file do not count, and
    neither does a cross-reference that only follows its clause to a new number.
    """
    left, right = list_units(old), list_units(new)
    old_edge, new_edge = join_furniture(old), join_furniture(new)
    groups = [
        group
        for group in align_units(left, right)
        if (group.new or not _stands_in(new_edge, left, group.old))
        and (group.old or not _stands_in(old_edge, right, group.new))
    ]
    changes = describe_groups(left, right, groups)
    tracking: Tracking = "unknown"
    if untouched is not None:
        changes, tracking = mark_hidden(left, right, changes, list_units(untouched))
    return Comparison(old, new, changes, compare_findings(old, new, changes), tracking)


def _stands_in(furniture: str, units: Sequence[Unit], positions: Sequence[int]) -> bool:
    """Tell whether words that only one draft counts as a clause are page furniture in the other."""
    return all(f" {' '.join(units[at].words)} " in furniture for at in positions)
