"""What a Word file holds beside its text: tracked changes, comments, cross-references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Revision:
    """A tracked change of a Word file: what was done to what, by whom and when.

    ``what`` is "words", "paragraph mark", "row", "cell" or, for formatting, the thing formatted.
    ``start`` and ``end`` bound it in the text that was read. What this view does not hold (deleted
    words in the final view) stands in ``words``, and ``start`` is where it was taken out. ``date``
    is as the file gives it (ISO 8601), "" if it does not.
    """

    kind: Literal["insertion", "deletion", "moved from", "moved to", "formatting"]
    what: str
    author: str
    date: str
    start: int
    end: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that stands in the file already, and the words that it is about.

    ``start`` and ``end`` are 0 when the file does not say where it belongs. ``reply_to`` is the
    index in ``Document.comments`` of the comment that it answers.
    """

    author: str
    date: str
    text: str
    start: int
    end: int
    resolved: bool = False
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Words of the text that the file itself ties to the paragraph that begins at ``target``."""

    start: int
    end: int
    target: int
