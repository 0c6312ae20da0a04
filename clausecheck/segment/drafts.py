"""Make clauses of the drafts that the outline was built with.

Comes in: drafts in reading order and the ranges of furniture. Goes out: numbered Clause records.
"""

from __future__ import annotations

from dataclasses import dataclass

from clausecheck.records import Clause, Kind
from clausecheck.segment.lines import Line


@dataclass(slots=True)
class Draft:
    """A clause in the making.

    ``styled`` tells that its heading is set as one, ``depth`` how deep that look or style stands.
    """

    start: int
    end: int
    label: str
    heading: tuple[int, int]
    kind: Kind
    parent: int | None
    level: int
    defining: bool
    scheme: str = ""
    depth: int | None = None
    styled: bool = False


def merge_furniture(text: str, lines: list[Line]) -> list[tuple[int, int]]:
    """Return the ranges of furniture; lines with nothing between them make one range."""
    merged: list[tuple[int, int]] = []
    for line in lines:
        if not line.furniture:
            continue
        if merged and text[merged[-1][1] : line.start].isspace():
            merged[-1] = (merged[-1][0], line.end)
        else:
            merged.append((line.start, line.end))
    return merged


def number_clauses(
    text: str, drafts: list[Draft], furniture: list[tuple[int, int]]
) -> tuple[Clause, ...]:
    """Merge clauses and furniture in order of position and give them ids."""
    ids: list[str] = []
    clauses: list[Clause] = []
    waiting = 0

    def add_furniture(limit: int | None) -> None:
        nonlocal waiting
        while waiting < len(furniture) and (limit is None or furniture[waiting][0] < limit):
            start, end = furniture[waiting]
            inside = bool(ids) and drafts[len(ids) - 1].end > start
            parent = ids[-1] if inside else None
            level = drafts[len(ids) - 1].level + 1 if inside else 0
            number = f"c{len(clauses) + 1}"
            clauses.append(Clause(number, "", "", "furniture", parent, start, end, level))
            waiting += 1

    for draft in drafts:
        add_furniture(draft.start)
        ids.append(f"c{len(clauses) + 1}")
        parent = ids[draft.parent] if draft.parent is not None else None
        clauses.append(
            Clause(
                ids[-1],
                draft.label,
                text[slice(*draft.heading)],
                draft.kind,
                parent,
                draft.start,
                draft.end,
                draft.level,
            )
        )
    add_furniture(None)
    return tuple(clauses)
