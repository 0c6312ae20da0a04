"""Turn a document's blocks into lines that can be grouped.

Comes in: a Document. Goes out: Line objects that cover all its text, with what the reader knew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from clausecheck.records import Block, Document, PdfPlace, Style

_LINE = re.compile(r"[^\n\r\f\x0b\x1c-\x1e\x85\u2028\u2029]+")
_PHYSICAL = ("text/",)


@dataclass(slots=True)
class Line:
    """One line or Word paragraph without its outer white space; ``gap`` is the blank lines above.

    ``page`` is that of a PDF, 0 elsewhere; ``indent`` counts characters.

    ``whole`` says that the source gave a whole paragraph, not a physical line.
    """

    start: int
    end: int
    gap: int
    indent: int
    whole: bool
    label: str = ""
    level: int | None = None
    style: Style = ""
    cell: tuple[int, int, int] | None = None
    furniture: bool = False
    number: int | None = None
    page: int = 0


def collect_lines(document: Document) -> list[Line]:
    r"""Return the lines of ``document``, one for each block or, without blocks, each line of text.

    Text that no block covers becomes lines of its own, so that nothing is lost.

    >>> [line.gap for line in collect_lines(Document("a", "text/plain", "", "One\n\nTwo"))]
    [0, 1]
    """
    text = document.text
    whole = not document.media_type.startswith(_PHYSICAL)
    lines: list[Line] = []
    at = 0
    for block in sorted(document.blocks, key=lambda b: (b.start, b.end)):
        if block.start > at:
            _cut_lines(text, at, block.start, lines)
        if block.end > at:
            _add_block(text, block, max(at, block.start), lines, whole=whole)
            at = block.end
    _cut_lines(text, at, len(text), lines)
    _measure_gaps(document, lines)
    return lines


def _cut_lines(text: str, start: int, end: int, lines: list[Line]) -> None:
    if not text[start:end].strip():
        return
    for found in _LINE.finditer(text, start, end):
        _add(text, found.start(), found.end(), lines, whole=False)


def _add_block(text: str, block: Block, start: int, lines: list[Line], *, whole: bool) -> None:
    line = _add(text, start, block.end, lines, whole=whole)
    if line is not None:
        line.label, line.level = block.label.strip(), block.level
        line.style, line.cell = block.style, block.cell


def _add(text: str, start: int, end: int, lines: list[Line], *, whole: bool) -> Line | None:
    piece = text[start:end]
    kept = piece.strip()
    if not kept:
        return None
    indent = len(piece) - len(piece.lstrip())
    line = Line(start + indent, start + indent + len(kept), 0, indent, whole)
    lines.append(line)
    return line


def _measure_gaps(document: Document, lines: list[Line]) -> None:
    text = document.text
    before = 0
    for line in lines:
        between = text[before : line.start]
        # "\r\n" is one break; a form feed starts a page.
        breaks = between.count("\n") or between.count("\r")
        line.gap = max(0, breaks - 1) + (3 if "\f" in between else 0) if before else 0
        before = line.end
    if document.media_type == "application/pdf":
        _measure_pdf(document, lines)


def _measure_pdf(document: Document, lines: list[Line]) -> None:
    """Take blank space between the boxes of PDF lines as blank lines, a new page as a page gap."""
    anchors = document.anchors
    at, last = 0, len(anchors)
    earlier: PdfPlace | None = None
    for line in lines:
        while at < last - 1 and anchors[at].end <= line.start:
            at += 1
        place = anchors[at].place if at < last else None
        if not isinstance(place, PdfPlace):
            continue
        if earlier is not None:
            height = max(1.0, earlier.box[3] - earlier.box[1])
            if place.page != earlier.page:
                line.gap = max(line.gap, 3)
            elif earlier.box[1] - place.box[3] > 0.75 * height:
                line.gap = max(line.gap, 1)
        line.page = place.page
        earlier = place
