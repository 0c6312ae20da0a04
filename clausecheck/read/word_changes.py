"""Tracked changes: who changed what, when and where.

Comes in: the parts that were read and where their runs stand. Goes out: ``Revision`` records in the
order of the text, neighbours of one kind, author and time joined, and facts that sum them up.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from clausecheck.read.word_names import (
    AUTHOR,
    DELETED_TEXT,
    PARAGRAPH,
    PROPERTIES,
    RUN,
    RUN_PROPERTIES,
    TEXT,
    W,
)
from clausecheck.records import Revision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element

    from clausecheck.read.word_places import RunPlaces
    from clausecheck.read.word_state import Part

    Kind = Literal["insertion", "deletion", "moved from", "moved to", "formatting"]

_DATE = f"{W}date"
_KINDS: dict[str, Kind] = {
    f"{W}ins": "insertion",
    f"{W}del": "deletion",
    f"{W}moveFrom": "moved from",
    f"{W}moveTo": "moved to",
    f"{W}cellIns": "insertion",
    f"{W}cellDel": "deletion",
}
_CELLS = (f"{W}cellIns", f"{W}cellDel")
_FORMATS = {
    f"{W}rPrChange": "words",
    f"{W}pPrChange": "paragraph",
    f"{W}numberingChange": "numbering",
    f"{W}cellMerge": "cell",
    f"{W}tcPrChange": "cell",
    f"{W}trPrChange": "row",
    f"{W}tblPrExChange": "row",
    f"{W}tblPrChange": "table",
    f"{W}sectPrChange": "section",
}
CHANGES = (*_KINDS, *_FORMATS)
_HOLDERS = {
    "words": RUN,
    "paragraph": PARAGRAPH,
    "paragraph mark": PARAGRAPH,
    "numbering": PARAGRAPH,
    "section": PARAGRAPH,
    "row": f"{W}tr",
    "cell": f"{W}tc",
    "table": f"{W}tbl",
}


def has_changes(part: Part) -> bool:
    """Return whether anything in ``part`` was changed under tracking."""
    return next(part.root.iter(*CHANGES), None) is not None


def list_changes(parts: Sequence[Part], places: RunPlaces) -> tuple[Revision, ...]:
    """Return the tracked changes of ``parts`` in the order of the text."""
    changes: list[Revision] = []
    for part in parts:
        for change in _walk(part, places):
            joined = _join(changes[-1], change) if changes else None
            if joined is None:
                changes.append(change)
            else:
                changes[-1] = joined
    return tuple(sorted(changes, key=lambda change: change.start))


def _walk(part: Part, places: RunPlaces) -> Iterator[Revision]:
    """Yield the changes of a part in its order.

    What the view does not hold stands where the words before it in its paragraph end, or else where
    the first words after it begin.
    """
    waiting: list[Revision] = []
    at, fresh = 0, True
    for element in part.root.iter(PARAGRAPH, RUN, *CHANGES):
        tag = str(element.tag)
        if tag == PARAGRAPH:
            fresh = True
        elif tag == RUN:
            span = places.find(element)
            if span is None:
                continue
            for change in waiting:
                yield replace(change, start=span[0], end=span[0])
            waiting.clear()
            at, fresh = span[1], False
        else:
            made = _read_change(element, tag, places, at)
            if made is None:
                continue
            if made.start < made.end or not fresh:
                # Still in order: what waits is before these words.
                for change in waiting:
                    yield replace(change, start=made.start, end=made.start)
                waiting.clear()
                yield made
            else:
                waiting.append(made)
    yield from waiting


def _read_change(element: _Element, tag: str, places: RunPlaces, at: int) -> Revision | None:
    what = _FORMATS.get(tag) or _name_changed(element, tag)
    if what is None:
        return None
    holder: _Element | None = element
    if what != "words" or tag in _FORMATS:
        holder = next(element.iterancestors(_HOLDERS[what]), None)
    span = None if holder is None else places.cover(holder.iter(RUN))
    words = ""
    if what == "paragraph mark":
        # The mark stands behind the words of its paragraph.
        span = None if span is None else (span[1], span[1])
    elif span is None and holder is not None and tag in _KINDS:
        words = "".join(text.text or "" for text in holder.iter(TEXT, DELETED_TEXT))
        if not words and what == "words":
            return None
    start, end = span or (at, at)
    kind = _KINDS.get(tag, "formatting")
    return Revision(kind, what, element.get(AUTHOR, ""), element.get(_DATE, ""), start, end, words)


def _name_changed(element: _Element, tag: str) -> str | None:
    """Return what an insertion, deletion or move was made to; ``None`` if to nothing readable."""
    if tag in _CELLS:
        return "cell"
    parent = element.getparent()
    above = "" if parent is None else str(parent.tag)
    if above == f"{W}trPr":
        return "row"
    if above == f"{W}numPr":
        return "numbering"
    if above == RUN_PROPERTIES:
        assert parent is not None
        holder = parent.getparent()
        return "paragraph mark" if holder is not None and holder.tag == PROPERTIES else None
    return "words"


def _join(one: Revision, other: Revision) -> Revision | None:
    """Return both changes as one, if the second only goes on where the first ends."""
    same = (one.kind, one.what, one.author, one.date) == (
        other.kind, other.what, other.author, other.date,
    )  # fmt: skip
    if not same or other.start != one.end or bool(one.words) != bool(other.words):
        return None
    return replace(one, end=other.end, words=one.words + other.words)


def sum_up(changes: Sequence[Revision]) -> list[tuple[str, str]]:
    """Return one fact per author: how many changes of each kind, and from when to when.

    >>> change = Revision("deletion", "words", "A. Lee", "2026-01-02T03:04:05Z", 0, 0, "best ")
    >>> sum_up([change, change])
    [('tracked changes', 'A. Lee: 2 deletions; 2026-01-02')]
    """
    facts = []
    for author in sorted({change.author for change in changes}):
        counts: dict[str, int] = {}
        days = sorted({c.date[:10] for c in changes if c.author == author and c.date})
        for change in changes:
            if change.author == author:
                kind = "move" if change.kind.startswith("moved") else change.kind
                # A move is kept twice, where it was and where it is.
                counts[kind] = counts.get(kind, 0) + (change.kind != "moved from")
        named = [_count(kind, counts[kind]) for kind in _ORDER if counts.get(kind)]
        when = f"; {' to '.join(dict.fromkeys((days[0], days[-1])))}" if days else ""
        who = author or "unnamed author"
        facts.append(("tracked changes", f"{who}: {', '.join(named)}{when}"))
    return facts


_ORDER = ("insertion", "deletion", "move", "formatting")


def _count(kind: str, count: int) -> str:
    if kind == "formatting":
        return f"{count} of formatting"
    return f"{count} {kind}{'' if count == 1 else 's'}"
