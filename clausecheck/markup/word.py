"""Writes notes and tracked changes into a copy of a Word file.

Comes in: the file's bytes, the ``Document`` read from them, and ``Marks``. Goes out: the bytes of
the copy. Words are found by their anchors, never by searching; parts that need no change keep
their bytes, and so does all of the document that no mark touches.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clausecheck.markup.word_changes import TrackedChange, plan_change
from clausecheck.markup.word_copy import Author, Spot, WordCopy
from clausecheck.markup.word_parts import copy_package
from clausecheck.markup.word_places import Places
from clausecheck.markup.word_story import Story
from clausecheck.read.word_names import PARAGRAPH, W
from clausecheck.read.word_package import Package
from clausecheck.settings import Limits

if TYPE_CHECKING:
    from clausecheck.records import Change, Document, Insertion, Marks, Note

_GATHERED = "In {what} of this place: \u201c{words}\u201d"
_PARTLY = "The words go on in a note or text box."
_MOST_QUOTED = 300
_CELL = f"{W}tc"


class WordMarker:
    """Marks copies of one Word file.

    Args:
        data: the file's bytes.
        document: the document read from them.
        limits: bounds of unpacked parts.

    Raises ``InputError`` as ``read_docx`` does.

    """

    def __init__(self, data: bytes, document: Document, *, limits: Limits | None = None) -> None:
        self._data, self._document = data, document
        self._package = Package(data, name=document.name, limits=limits or Limits())
        self._story = Story(self._package)
        self._places = Places(self._story, self._package, document)

    def can_change(self, change: Change) -> bool:
        """Tell whether ``change`` can be written as a tracked change."""
        return self._plan(change) is not None

    def can_insert(self, insertion: Insertion) -> bool:
        """Tell whether new paragraphs can follow the words at ``insertion.after``.

        In cells, notes and text boxes they cannot: what is meant is the text around those. Nor can
        they before a table or at the very end: rejected, they would leave an empty paragraph there.
        """
        pieces = self._places.find_pieces(insertion.after, insertion.after + 1)
        if not pieces:
            return False
        element = pieces[0].paragraph.element
        following = element.getnext()
        return (
            following is not None
            and following.tag == PARAGRAPH
            and next(element.iterancestors(_CELL), None) is None
        )

    def find_outside(self, start: int, end: int) -> str:
        """Return what holds words that no comment can be anchored on, such as "a footnote"."""
        if self._places.find_pieces(start, end):
            return ""
        host = self._places.find_host(start, end)
        return host[2] if host else ""

    def write(self, marks: Marks, author: Author | None = None) -> bytes:
        """Return a copy of the file with everything in ``marks``.

        Raises ``ValueError`` for a change that ``can_change`` denies and for a note on no words.
        """
        copy = WordCopy(self._story, self._package, author or Author())
        for change in sorted(marks.changes, key=lambda item: item.start):
            planned = self._plan(change)
            if planned is None:
                raise ValueError(f"no tracked change is possible at {change.start}")
            copy.change(planned, change.text)
        for note in sorted(marks.notes, key=lambda item: (item.start, item.end, item.paragraphs)):
            copy.comment(*self._place_note(note))
        for insertion in sorted(marks.insertions, key=lambda item: item.after):
            pieces = self._places.find_pieces(insertion.after, insertion.after + 1)
            if not pieces:
                raise ValueError(f"no paragraph can follow {insertion.after}")
            copy.insert(pieces[0], insertion)
        parts = copy.finish()
        return copy_package(self._data, parts) if parts else self._data

    def _plan(self, change: Change) -> TrackedChange | None:
        pieces = self._places.find_pieces(change.start, change.end)
        if not self._places.is_whole(change.start, change.end, pieces):
            return None
        return plan_change(pieces)

    def _place_note(self, note: Note) -> tuple[Note, Spot]:
        pieces = self._places.find_pieces(note.start, note.end)
        if pieces:
            if not self._places.is_whole(note.start, note.end, pieces):
                note = replace(note, paragraphs=(*note.paragraphs, _PARTLY))
            return note, Spot(tuple(pieces))
        host = self._places.find_host(note.start, note.end)
        if host is None:
            raise ValueError(f"no words of the document stand at {note.start}")
        paragraph, run, what = host
        words = " ".join(self._document.text[note.start : note.end].split())
        if len(words) > _MOST_QUOTED:
            words = words[:_MOST_QUOTED].rsplit(None, 1)[0] + " \u2026"
        first, *rest = note.paragraphs
        said = _GATHERED.format(what=what, words=words)
        return replace(note, paragraphs=(first, said, *rest)), Spot(host=(paragraph, run))
