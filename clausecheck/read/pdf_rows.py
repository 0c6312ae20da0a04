"""The rows of PDFium's text with their boxes, and how they are cut at columns and cells.

Comes in: an open page's text. Goes out: rows, whole or in parts; a part keeps the place of its
first character, by which PDFium is asked for more about it.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from clausecheck.read.pdf_grid import Cell, Grid, find_cell
from clausecheck.read.pdf_layout import Box
from clausecheck.read.pdf_tables import Area

# PDFium joins a word over a line end and marks the place: U+FFFE now, U+0002 in older builds.
_BREAK = re.compile("\r\n|\r|\n|(?<=[\ufffe\x02])")


class Row(NamedTuple):
    """A line of PDFium's text: its first character, and the boxes that it covers."""

    text: str
    first: int
    rects: list[Box]


class View(NamedTuple):
    """How a page is shown: turned clockwise by ``rotation`` degrees, then so wide and high."""

    rotation: int
    width: float
    height: float


def read_rows(textpage: Any, chars: int) -> list[Row]:
    """Return PDFium's lines with the boxes of their stretches."""
    import pypdfium2.raw as raw

    if chars < 1:
        return []
    buffer = (ctypes.c_ushort * (2 * chars + 2))()
    written = raw.FPDFText_GetText(textpage, 0, chars, buffer)
    # The count includes the closing zero.
    text = bytes(buffer)[: 2 * max(0, written - 1)].decode("utf-16-le", "replace")
    rows = []
    at = 0
    left, top, right, bottom = (ctypes.c_double() for _ in range(4))
    for piece in _BREAK.split(text):
        where = text.find(piece, at) if piece else at
        at = where + len(piece)
        words = piece.strip()
        if not words:
            continue
        begin = where + piece.index(words[0])
        first = raw.FPDFText_GetCharIndexFromTextIndex(textpage, begin)
        if first < 0:
            first = begin
        rects = [
            (left.value, bottom.value, right.value, top.value)
            for i in range(raw.FPDFText_CountRects(textpage, first, len(words)))
            if raw.FPDFText_GetRect(textpage, i, left, top, right, bottom)
        ]
        rows.append(Row(words, first, rects or [find_char_box(textpage, first)]))
    return rows


def find_char_box(textpage: Any, index: int) -> Box:
    """Return the box of one character, with the room that its font gives it."""
    import pypdfium2.raw as raw

    rect = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(textpage, index, rect)
    return (rect.left, rect.bottom, rect.right, rect.top)


def turn_box(box: Box, view: View) -> Box:
    """Return ``box`` as a reader sees it."""
    left, bottom, right, top = box
    if view.rotation == 90:
        return (bottom, view.height - right, top, view.height - left)
    if view.rotation == 180:
        return (view.width - right, view.height - top, view.width - left, view.height - bottom)
    if view.rotation == 270:
        return (view.width - top, left, view.width - bottom, right)
    return box


def bound(rects: Sequence[Box]) -> Box:
    """Return the box around all of ``rects``."""
    return (
        round(min(r[0] for r in rects), 1),
        round(min(r[1] for r in rects), 1),
        round(max(r[2] for r in rects), 1),
        round(max(r[3] for r in rects), 1),
    )


def span(box: Box) -> tuple[float, float]:
    """Return how far a box reaches to the left and to the right."""
    return box[0], box[2]


def cell_of(shown: Box, grids: Sequence[Grid]) -> Cell | None:
    """Return the cell of a ruled table in which a line stands."""
    if not grids:
        return None
    # The first letter tells: words may run over the rule of a narrow cell.
    x = min(shown[0] + 2.0, (shown[0] + shown[2]) / 2)
    return find_cell(grids, x, (shown[1] + shown[3]) / 2)


def area_of(box: Box, areas: Sequence[Area]) -> int | None:
    """Return the number of the table without rules in which a line stands."""
    middle = (box[1] + box[3]) / 2
    return next((i for i, a in enumerate(areas) if a.bottom <= middle <= a.top), None)


def cut_row(
    textpage: Any, row: Row, spans: list[tuple[float, float]], gutter: float, view: View
) -> list[Row]:
    """Return a row in two when it stands on both sides of the gutter and does not cross it."""
    if any(left < gutter < right for left, right in spans):
        return [row]
    sides = [left >= gutter for left, _ in spans]
    if all(sides) or not any(sides):
        return [row]
    return _split_row(textpage, row, view, lambda x, _: x >= gutter)


def cut_area(
    textpage: Any, row: Row, areas: Sequence[Area], grids: Sequence[Grid], view: View
) -> list[Row]:
    """Return a row in as many parts as it has columns of a table without rules."""
    boxes = [turn_box(rect, view) for rect in row.rects]
    number = area_of(boxes[0], areas)
    if number is None or cell_of(boxes[0], grids) is not None:
        return [row]
    area = areas[number]
    middle = (boxes[0][1] + boxes[0][3]) / 2
    if len({area.column_of(x, middle) for box in boxes for x in (box[0], box[2])}) < 2:
        return [row]
    return _split_row(textpage, row, view, lambda x, _: area.column_of(x, middle))


def cut_cells(textpage: Any, row: Row, grids: Sequence[Grid], view: View) -> list[Row]:
    """Return a row in as many parts as it has cells."""
    boxes = [turn_box(rect, view) for rect in row.rects]
    ends = {
        find_cell(grids, x, (box[1] + box[3]) / 2)
        for box in boxes
        for middle in ((box[0] + box[2]) / 2,)
        for x in (min(box[0] + 1.0, middle), max(box[2] - 1.0, middle))
    }
    if len(ends) < 2:
        return [row]
    middle = (boxes[0][1] + boxes[0][3]) / 2
    return _split_row(textpage, row, view, lambda x, _: find_cell(grids, x, middle))


def _split_row(
    textpage: Any, row: Row, view: View, side_of: Callable[[float, float], object]
) -> list[Row]:
    """Return the parts of a row between which ``side_of`` the middle of a letter changes."""
    parts: list[tuple[object, int, int, list[Box]]] = []
    for i, char in enumerate(row.text):
        if char.isspace():
            continue
        box = find_char_box(textpage, row.first + i)
        shown = turn_box(box, view)
        side = side_of((shown[0] + shown[2]) / 2, (shown[1] + shown[3]) / 2)
        if parts and parts[-1][0] == side:
            begin, boxes = parts[-1][1], parts[-1][3]
            boxes.append(box)
            parts[-1] = (side, begin, i + 1, boxes)
        else:
            parts.append((side, i, i + 1, [box]))
    return [
        Row(row.text[begin:end], row.first + begin, _own_rects(row.rects, boxes))
        for _, begin, end, boxes in parts
    ]


def _own_rects(rects: Sequence[Box], boxes: Sequence[Box]) -> list[Box]:
    """Return the boxes of a row that belong to one part of it, or those of its letters."""
    whole = bound(boxes)
    own = [r for r in rects if r[0] >= whole[0] - 2 and r[2] <= whole[2] + 2]
    return own or [whole]
