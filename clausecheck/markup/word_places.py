"""From words of the text to the runs that hold them, by the anchors that the reader left.

Comes in: offsets of ``Document.text``. Goes out: pieces of runs in the main story; for words in
notes and text boxes, where Word allows no comment, the run of the main story that they hang on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clausecheck.markup.word_runs import measure_run
from clausecheck.markup.word_story import Paragraph, Piece, Story, leave_box, leave_runs
from clausecheck.read.word_names import ID, PARAGRAPH, W
from clausecheck.records import WordPlace

if TYPE_CHECKING:
    from lxml.etree import _Element

    from clausecheck.read.word_package import Package
    from clausecheck.records import Document

_NOTES = {f"{W}footnote": f"{W}footnoteReference", f"{W}endnote": f"{W}endnoteReference"}
_NAMES = {f"{W}footnote": "a footnote", f"{W}endnote": "an endnote"}
_BOXED = "a text box"


class Places:
    """Finds the runs of one document."""

    def __init__(self, story: Story, package: Package, document: Document) -> None:
        self._story, self._package, self._document = story, package, document
        self._notes: dict[str, list[_Element]] = {}

    def find_pieces(self, start: int, end: int) -> list[Piece]:
        """Return the pieces of runs of the main story that hold the words, in their order."""
        pieces: list[Piece] = []
        for place, first, last in self._list_places(start, end):
            if place.part != self._story.part:
                continue
            paragraph, run = self._story.find_run(place)
            if leave_box(run) is not run:
                continue
            whole = leave_runs(run)
            if whole is not run:
                # The words of a ruby cannot be cut: it is taken as a whole, once.
                if not pieces or pieces[-1].run is not whole:
                    pieces.append(Piece(paragraph, whole, 0, measure_run(whole)))
                continue
            pieces.append(Piece(paragraph, run, first, last))
        return pieces

    def find_host(self, start: int, end: int) -> tuple[Paragraph, _Element, str] | None:
        """Return the run of the main story that words outside it hang on, and what holds them."""
        for place, _, _ in self._list_places(start, end):
            if place.part == self._story.part:
                run, what = self._story.find_run(place)[1], _BOXED
            else:
                sign = self._find_sign(place)
                if sign is None:
                    continue
                run, what = sign
            host = leave_runs(leave_box(run))
            paragraph = self._story.surround(host)
            if paragraph is not None:
                return paragraph, host, what
        return None

    def is_whole(self, start: int, end: int, pieces: list[Piece]) -> bool:
        """Tell whether the pieces hold all the words between two offsets."""
        wanted = sum(last - first for _, first, last in self._list_places(start, end))
        return sum(piece.end - piece.start for piece in pieces) >= wanted

    def _list_places(self, start: int, end: int) -> list[tuple[WordPlace, int, int]]:
        """Return the places of the words with the characters of their runs."""
        found = []
        for anchor in self._document.places(start, end):
            if isinstance(anchor.place, WordPlace):
                shift = anchor.place.offset - anchor.start
                first, last = max(start, anchor.start), min(end, anchor.end)
                found.append((anchor.place, first + shift, last + shift))
        return found

    def _find_sign(self, place: WordPlace) -> tuple[_Element, str] | None:
        """Return the run with the sign of the footnote or endnote at ``place``."""
        paragraphs = self._notes.get(place.part)
        if paragraphs is None:
            root = self._package.parse(place.part)
            paragraphs = self._notes[place.part] = list(root.iter(PARAGRAPH))
        note = next(paragraphs[place.paragraph].iterancestors(*_NOTES), None)
        if note is None:
            return None
        tag = str(note.tag)
        for sign in self._story.root.iter(_NOTES[tag]):
            parent = sign.getparent()
            if sign.get(ID) == note.get(ID) and parent is not None:
                return parent, _NAMES[tag]
        return None
