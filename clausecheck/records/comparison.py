"""Records of two reviews laid side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from clausecheck.records.finding import Finding
from clausecheck.records.review import Review

ChangeKind = Literal["same", "reworded", "split", "merged", "added", "removed"]
FindingStatus = Literal["resolved", "new", "persisting", "softened", "hardened"]
Tracking = Literal["unknown", "none", "some", "all"]


@dataclass(frozen=True, slots=True)
class Edit:
    """Words replaced between two drafts; an empty range on one side is an insertion or deletion.

    Offsets are those of each draft's own ``Document.text``. ``hidden`` tells that the new Word file
    does not show it as a tracked change; it is ``None`` where that cannot be told.
    """

    old_start: int
    old_end: int
    new_start: int
    new_end: int
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """What became of a clause, or of clauses that were split or merged.

    ``old`` and ``new`` hold clause ids; one side is empty for ``added`` and ``removed``. ``same``
    tells that the words are equal; it may still have ``moved`` (its order among the others
    changed) or been ``renumbered``. ``hidden`` tells that the new Word file does not show all of it
    as tracked changes; it is ``None`` where that cannot be told.
    """

    kind: ChangeKind
    old: tuple[str, ...]
    new: tuple[str, ...]
    moved: bool = False
    renumbered: bool = False
    edits: tuple[Edit, ...] = ()
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class FindingChange:
    """What became of a finding, and ``because`` of what; a side that has none is ``None``."""

    status: FindingStatus
    old: Finding | None
    new: Finding | None
    because: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two reviews laid side by side; clauses in the order of the new draft.

    ``tracking`` says what the new Word file shows as tracked changes: ``none`` of what changed,
    ``some``, ``all``, or ``unknown`` when the two are not both Word files.
    """

    old: Review
    new: Review
    clauses: tuple[ClauseChange, ...]
    findings: tuple[FindingChange, ...]
    tracking: Tracking = "unknown"
