"""Writes a review into a copy of a PDF: a highlight with a note on the words of each finding.

Comes in: the file's bytes and its review. Goes out: the bytes of the copy. It is the old file with
an update behind it (ISO 32000-1, 7.5.6), so that not a byte of the original changes. pypdf writes
it: pure Python of 0.3 MB without dependencies, released every few weeks, and able to append;
pikepdf, ten times as large, always writes a file anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from clausecheck.errors import InputError
from clausecheck.markup.notes import list_points, write_note, write_point
from clausecheck.markup.word_copy import Author
from clausecheck.records import PdfPlace

if TYPE_CHECKING:
    from clausecheck.records import Anchor, Document, Note, Review

Box = tuple[float, float, float, float]
_COLOR = {"CO": "c8e6c9"}
_OTHER = "ffe082"


@dataclass(frozen=True, slots=True)
class AnnotatedPdf:
    """An annotated copy: its bytes, how many findings are noted, and how many have no place."""

    data: bytes
    notes: int
    unplaced: int


def annotate_pdf(
    data: bytes, review: Review, *, shareable: bool = False, author: Author | None = None
) -> AnnotatedPdf:
    """Return a copy of the PDF ``data`` with a highlight and a note per finding of its review.

    With ``shareable``, the copy is for the other side: its notes are the points for discussion, all
    in one colour. Raises ``InputError`` for a locked PDF (C151) and for one that cannot be written
    again (C152).
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    name = review.document.name
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted:
            raise InputError(
                "C151", "A locked PDF cannot be annotated.", name,
                "Save a copy without password and give that.",
            )  # fmt: skip
        writer = PdfWriter(reader, incremental=True)
        boxes = _Boxes(data, review.document)
        unplaced = 0
        if shareable:
            notes = [(write_point(point), _OTHER) for point in list_points(review)]
        else:
            notes = [(write_note(f), _COLOR.get(f.family, _OTHER)) for f in review.findings]
        for note, color in notes:
            placed = boxes.find(note.start, note.end)
            unplaced += not placed
            for index, (page, found) in enumerate(placed):
                made = _make_highlight(found, note, author or Author(), color, first=not index)
                writer.add_annotation(page - 1, made)
        out = BytesIO()
        writer.write(out)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            "C152", "The PDF is damaged so that no notes can be added.", name,
            "Print it to a new PDF and annotate that.",
        ) from error  # fmt: skip
    return AnnotatedPdf(out.getvalue(), len(notes) - unplaced, unplaced)


def _make_highlight(
    boxes: list[Box], note: Note, author: Author, color: str, *, first: bool
) -> Any:
    from pypdf.annotations import Highlight
    from pypdf.generic import ArrayObject, FloatObject, NameObject, TextStringObject

    quads = []
    for left, bottom, right, top in boxes:
        quads += [left, top, right, top, left, bottom, right, bottom]
    around = (
        min(b[0] for b in boxes), min(b[1] for b in boxes),
        max(b[2] for b in boxes), max(b[3] for b in boxes),
    )  # fmt: skip
    made = Highlight(
        rect=around,
        quad_points=ArrayObject([FloatObject(round(value, 2)) for value in quads]),
        highlight_color=color,
        printing=True,
    )
    made[NameObject("/T")] = TextStringObject(author.name)
    if first:
        made[NameObject("/Contents")] = TextStringObject("\n".join(note.paragraphs))
    if author.date:
        digits = "".join(c for c in author.date if c.isdigit())
        made[NameObject("/M")] = TextStringObject(f"D:{digits}Z")
    return made


class _Boxes:
    """Finds the boxes of words: of whole lines from their anchors, of parts from the letters'."""

    def __init__(self, data: bytes, document: Document) -> None:
        import pypdfium2

        self._pdf = pypdfium2.PdfDocument(data)
        self._document = document
        self._letters: dict[int, list[tuple[str, Box]]] = {}

    def find(self, start: int, end: int) -> list[tuple[int, list[Box]]]:
        """Return the boxes per page of the words ``[start, end)``."""
        pages: dict[int, list[Box]] = {}
        for anchor in self._document.places(start, end):
            if isinstance(anchor.place, PdfPlace):
                box = self._narrow(
                    anchor, anchor.place, max(start, anchor.start), min(end, anchor.end)
                )
                pages.setdefault(anchor.place.page, []).append(box)
        return sorted(pages.items())

    def _narrow(self, anchor: Anchor, place: PdfPlace, start: int, end: int) -> Box:
        """Return the box of a part of a line; the line's own where its letters are not clear."""
        text = self._document.text
        if not text[anchor.start : start].strip() and not text[end : anchor.end].strip():
            return place.box
        line = "".join(text[anchor.start : anchor.end].split())
        left, bottom, right, top = place.box
        inside = [
            (letter, box)
            for letter, box in self._list_letters(place.page)
            if left - 1 <= (box[0] + box[2]) / 2 <= right + 1
            and bottom - 1 <= (box[1] + box[3]) / 2 <= top + 1
        ]
        if "".join(letter for letter, _ in inside) != line:
            return place.box
        first = len("".join(text[anchor.start : start].split()))
        count = len("".join(text[start:end].split()))
        chosen = [box for _, box in inside[first : first + count]]
        if not chosen:
            return place.box
        turned = (right - left) < (top - bottom) and len(line) > 3
        if turned:
            return left, min(b[1] for b in chosen), right, max(b[3] for b in chosen)
        return min(b[0] for b in chosen), bottom, max(b[2] for b in chosen), top

    def _list_letters(self, page: int) -> list[tuple[str, Box]]:
        """Return the letters of a page, without spaces, in the order of its text."""
        found = self._letters.get(page)
        if found is None:
            import pypdfium2.raw as pdfium

            textpage = self._pdf[page - 1].get_textpage()
            found = []
            for index in range(textpage.count_chars()):
                letter = chr(pdfium.FPDFText_GetUnicode(textpage, index))
                if not letter.isspace():
                    found.append((letter, textpage.get_charbox(index, loose=True)))
            self._letters[page] = found
        return found
