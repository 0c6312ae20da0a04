"""Comments that stand in a Word file already, with the words that they are about.

Comes in: the comments part, its extension, the parts that were read and where their runs stand.
Goes out: ``Comment`` records in the order of the text.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from clausecheck.read.word_names import AUTHOR, ID, PARAGRAPH, RUN, W, read_run
from clausecheck.records import Comment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from clausecheck.read.word_places import RunPlaces, Span
    from clausecheck.read.word_state import Part

_BEGIN, _END = f"{W}commentRangeStart", f"{W}commentRangeEnd"
_MARK = f"{W}commentReference"
_PARAGRAPH_ID = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"
_EXTENDED = "{http://schemas.microsoft.com/office/word/2012/wordml}"


def list_comments(
    root: _Element, extended: _Element | None, parts: Sequence[Part], places: RunPlaces
) -> tuple[Comment, ...]:
    """Return the comments in ``root``, the root of the comments part, in the order of the text.

    Args:
        root: the root of the comments part.
        extended: the root of the part that says which comment is done and which answers which.
        parts: the parts that comments may be anchored in.
        places: where the runs of these parts stand.

    """
    spans = _find_spans(parts, places)
    states = {} if extended is None else _read_states(extended)
    found: list[tuple[Comment, str, str]] = []
    for element in root.iterchildren(f"{W}comment"):
        paragraphs = list(element.iter(PARAGRAPH))
        lines = ["".join(map(read_run, p.iter(RUN))) for p in paragraphs]
        own = paragraphs[-1].get(_PARAGRAPH_ID, "") if paragraphs else ""
        parent, done = states.get(own, ("", False))
        start, end = spans.get(element.get(ID, ""), (0, 0))
        made = Comment(
            author=element.get(AUTHOR, ""),
            date=element.get(f"{W}date", ""),
            text="\n".join(lines).strip(),
            start=start,
            end=end,
            resolved=done,
        )
        found.append((made, own, parent))
    found.sort(key=lambda item: (item[0].start, item[0].end))
    index = {own: at for at, (_, own, _) in enumerate(found) if own}
    return tuple(replace(made, reply_to=index.get(parent)) for made, _, parent in found)


def _find_spans(parts: Sequence[Part], places: RunPlaces) -> dict[str, Span]:
    """Return what each comment is about: the words in its range, or the place of its mark."""
    spans: dict[str, Span] = {}
    for part in parts:
        at = 0
        begun: dict[str, int | None] = {}
        for element in part.root.iter(RUN, _BEGIN, _END, _MARK):
            key = element.get(ID, "")
            if element.tag == RUN:
                span = places.find(element)
                if span is not None:
                    begun = {k: span[0] if v is None else v for k, v in begun.items()}
                    at = span[1]
            elif element.tag == _BEGIN:
                begun[key] = None
            elif element.tag == _END and key in begun:
                start = begun.pop(key)
                spans[key] = (at if start is None else start, at)
            elif element.tag == _MARK:
                spans.setdefault(key, (at, at))
    return spans


def _read_states(extended: _Element) -> dict[str, tuple[str, bool]]:
    """Return per paragraph id of a comment the id that it answers and whether it is done."""
    return {
        entry.get(f"{_EXTENDED}paraId", ""): (
            entry.get(f"{_EXTENDED}paraIdParent", ""),
            entry.get(f"{_EXTENDED}done", "0") in ("1", "true"),
        )
        for entry in extended.iterchildren(f"{_EXTENDED}commentEx")
    }


def sum_up_comments(comments: Sequence[Comment]) -> str:
    """Return how many comments there are and whose.

    >>> sum_up_comments([Comment("A. Lee", "", "Why?", 0, 0), Comment("", "", "So.", 0, 0)])
    '2 (A. Lee 1, unnamed 1)'
    """
    counts = Counter(comment.author or "unnamed" for comment in comments)
    done = sum(comment.resolved for comment in comments)
    named = ", ".join(f"{author} {count}" for author, count in sorted(counts.items()))
    return f"{len(comments)} ({named})" + (f", {done} resolved" if done else "")
