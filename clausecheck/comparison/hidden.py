"""Find what was changed in a Word file without tracking.

Comes in: the clauses of the old draft, of the new one, and of the new one with every tracked change
rejected. Goes out: the changes, each marked as hidden or not, and how much of all is tracked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clausecheck.comparison.align import align_units, measure_likeness
from clausecheck.comparison.changes import describe_groups
from clausecheck.records import ClauseChange, Tracking
from clausecheck.segment.words import Unit

_SAME_CLAUSE = 0.8


def mark_hidden(
    old: Sequence[Unit],
    new: Sequence[Unit],
    changes: Sequence[ClauseChange],
    untouched: Sequence[Unit],
) -> tuple[tuple[ClauseChange, ...], Tracking]:
    """Return the changes with ``hidden`` told, and the tracking of the whole draft."""
    quiet = describe_groups(old, untouched, align_units(old, untouched))
    # Old clauses whose words or place differ although every tracked change is rejected.
    altered = {i for change in quiet if _differs(change) for i in change.old}
    extra = {i for change in quiet if change.kind == "added" for i in change.new}
    slipped_in = [unit.words for unit in untouched if unit.clause.id in extra]
    words = {unit.clause.id: unit.words for unit in new}
    spans = [(edit.old_start, edit.old_end) for change in quiet for edit in change.edits]
    marked = tuple(
        _mark(change, spans, hidden=_is_hidden(change, altered, slipped_in, words))
        for change in changes
    )
    differing = [change.hidden for change in marked if _differs(change)]
    if not differing or not any(differing):
        return marked, "all"
    return marked, "none" if all(differing) else "some"


def _mark(change: ClauseChange, spans: Sequence[tuple[int, int]], *, hidden: bool) -> ClauseChange:
    """Return a change with what is told of it and of each of its edits.

    ``spans`` are the old words that differ although every tracked change is rejected.
    """
    edits = tuple(
        replace(
            edit,
            hidden=hidden and any(a <= edit.old_end and edit.old_start <= b for a, b in spans),
        )
        for edit in change.edits
    )
    return replace(change, hidden=hidden, edits=edits)


def _differs(change: ClauseChange) -> bool:
    return change.kind != "same" or change.moved


def _is_hidden(
    change: ClauseChange,
    altered: set[str],
    slipped_in: Sequence[tuple[str, ...]],
    words: dict[str, tuple[str, ...]],
) -> bool:
    if not _differs(change):
        return False
    if change.old:
        return any(clause in altered for clause in change.old)
    return any(
        measure_likeness(words[clause], other) >= _SAME_CLAUSE
        for clause in change.new
        for other in slipped_in
    )
