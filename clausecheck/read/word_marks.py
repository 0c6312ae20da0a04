"""What a Word file holds beside its text: tracked changes, comments, cross-references.

Comes in: the parts that were read, the anchors of the text, the comments. Goes out: ``Marks``. Most
files hold none of these, and then the places of runs are not worked out at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clausecheck.read.word_changes import has_changes, list_changes
from clausecheck.read.word_comments import list_comments
from clausecheck.read.word_links import has_links, list_links
from clausecheck.read.word_places import RunPlaces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from clausecheck.read.word_state import Part
    from clausecheck.records import Anchor, Comment, Link, Revision


@dataclass(frozen=True, slots=True)
class Marks:
    """Changes, comments and links, each in the order of the text."""

    changes: tuple[Revision, ...] = ()
    comments: tuple[Comment, ...] = ()
    links: tuple[Link, ...] = ()


def read_marks(
    parts: Sequence[Part],
    anchors: Sequence[Anchor],
    comments: _Element | None,
    extended: _Element | None,
) -> Marks:
    """Return the marks of ``parts``.

    Args:
        parts: the parts that were read into the text.
        anchors: the anchors of the text.
        comments: the root of the comments part, if there is one.
        extended: the root of the part that extends it, if there is one.

    """
    changed = [part for part in parts if has_changes(part)]
    linked = any(map(has_links, parts))
    if not changed and not linked and comments is None:
        return Marks()
    places = RunPlaces(parts, anchors)
    return Marks(
        list_changes(changed, places),
        () if comments is None else list_comments(comments, extended, parts, places),
        list_links(parts, places) if linked else (),
    )
