"""Records of what is to be written into a copy of a source: notes, changes, new paragraphs.

They speak in offsets of ``Document.text``; whoever knows what to say makes them (a review, a
comparison of drafts), and a writer of the format carries them out.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """A note on the words ``[start, end)``; its first paragraph is shown as a heading."""

    start: int
    end: int
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """New ``text`` in the place of the words ``[start, end)``, within one paragraph."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Insertion:
    """New paragraphs behind the paragraph that holds the character at ``after``.

    The first is shown as a heading; ``note`` explains them in a note of its own, if not empty.
    """

    after: int
    paragraphs: tuple[str, ...]
    note: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marks:
    """Everything to write into one copy, each kind in any order."""

    notes: tuple[Note, ...] = ()
    changes: tuple[Change, ...] = ()
    insertions: tuple[Insertion, ...] = ()
