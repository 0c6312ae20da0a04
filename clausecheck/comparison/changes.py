"""Describe what became of each group of clauses.

Comes in: the units of both drafts and their groups. Goes out: ``ClauseChange`` records.
"""

from __future__ import annotations

from collections.abc import Sequence

from clausecheck.comparison.align import Group, keep_order
from clausecheck.comparison.edits import list_edits
from clausecheck.records import ChangeKind, ClauseChange
from clausecheck.segment.words import Unit


def describe_groups(
    left: Sequence[Unit], right: Sequence[Unit], groups: Sequence[Group]
) -> tuple[ClauseChange, ...]:
    """Return one change per group: its kind, its edits, whether it moved or was renumbered."""
    paired = [group for group in groups if group.old and group.new]
    order = sorted((min(group.old), min(group.new)) for group in paired)
    kept = set(keep_order(order))
    renumbered = _list_renumbered(left, right, paired)
    return tuple(
        _describe(
            group,
            [left[i] for i in group.old],
            [right[j] for j in group.new],
            renumbered,
            moved=bool(group.old and group.new) and (min(group.old), min(group.new)) not in kept,
        )
        for group in groups
    )


def _list_renumbered(
    left: Sequence[Unit], right: Sequence[Unit], paired: Sequence[Group]
) -> dict[str, str]:
    """Map each old clause number to its new one; a number that stands for several is left out."""
    numbers: dict[str, str] = {}
    doubtful = set()
    for group in paired:
        if len(group.old) != 1 or len(group.new) != 1:
            continue
        one, two = left[group.old[0]].label, right[group.new[0]].label
        if one and two and numbers.setdefault(one, two) != two:
            doubtful.add(one)
    return {one: two for one, two in numbers.items() if one != two and one not in doubtful}


def _describe(
    group: Group,
    old: Sequence[Unit],
    new: Sequence[Unit],
    renumbered: dict[str, str],
    *,
    moved: bool,
) -> ClauseChange:
    ids = tuple(unit.clause.id for unit in old), tuple(unit.clause.id for unit in new)
    if not new or not old:
        return ClauseChange("removed" if old else "added", *ids, edits=())
    edits = list_edits(old, new, renumbered)
    labels = [u.label for u in old if u.label], [u.label for u in new if u.label]
    kind: ChangeKind = "reworded" if edits else "same"
    # Paragraphs that only one format breaks bring no numbers of their own.
    if len(labels[0]) != len(labels[1]) and len(group.old) != len(group.new):
        kind = "split" if len(group.old) < len(group.new) else "merged"
    changed = len(labels[0]) == len(labels[1]) and labels[0] != labels[1]
    return ClauseChange(kind, *ids, moved=moved, renumbered=changed, edits=edits)
