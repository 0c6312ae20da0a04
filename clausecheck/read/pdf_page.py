"""Read the lines of one PDF page from PDFium's text, with boxes and fonts.

Comes in: an open page. Goes out: its lines in reading order. What the lines mean (paragraphs,
tables, notes, page furniture) is decided by the modules that get them.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import Any, NamedTuple

from clausecheck.read.pdf_grid import Cell, Grid, find_grids
from clausecheck.read.pdf_layout import (
    Box,
    Line,
    attach_labels,
    find_gutter,
    mend_rows,
    order_columns,
    order_page,
)
from clausecheck.read.pdf_rows import (
    Row,
    View,
    area_of,
    bound,
    cell_of,
    cut_area,
    cut_cells,
    cut_row,
    find_char_box,
    read_rows,
    span,
    turn_box,
)
from clausecheck.read.pdf_tables import Area, find_areas, find_tab, has_gap, part_row

_BOLD_FLAG = 1 << 18  # PDF 32000-1, table 123: ForceBold
_BOLD_NAME = re.compile(rb"bold|black|heavy", re.IGNORECASE)

_CONTROLS = dict.fromkeys([*range(0x20), 0x7F], " ")
_LETTERS = str.maketrans(
    {
        **{chr(code): space for code, space in _CONTROLS.items()},
        "\ufffe": "-",
        "\x02": "-",
        "\u00ad": "-",  # fonts draw a soft hyphen, so the page shows one
        "\u037e": ";",  # canonically equal; some converters write the Greek question mark
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\ufb05": "st",
        "\ufb06": "st",
        "\uf0a7": "\u2022",  # bullets of the Symbol and Wingdings fonts
        "\uf0b7": "\u2022",
        "\uf0d8": "\u2022",
        "\ufeff": "",
        "\u200b": "",
    }
)
# "(a)The", "1.1Scope": some converters place the words by a jump and write no space.
_GLUED_LABEL = re.compile(r"(?:\([A-Za-z0-9]{1,4}\)|\d{1,2}(?:\.\d{1,2})*\.?)(?=[A-Za-z\"\u201c])")
_FIRST_WORD = re.compile(r"(?:https?://|www\.)\S+|\S[^\s-]*-?")
# Tables without rules are counted from here, so that none is taken for a ruled one.
_LOOSE = 1000
_CELL_GAP = 9.0
_SLANT = 0.05  # the sine of some three degrees
_MARK = re.compile(r"\d{1,3}|[*\u2020\u2021\u00a7]+")


class PageLines(NamedTuple):
    """The lines of a page in reading order, how it is viewed, and the gutter of its columns."""

    lines: list[Line]
    view: View
    gutter: float | None


class _Font(NamedTuple):
    size: float
    bold: bool
    base: float
    slope: float


def read_lines(
    page: Any, textpage: Any, chars: int, number: int, view: View, *, columns: bool
) -> PageLines:
    """Return the lines of page ``number``, column by column when it has two.

    ``columns`` says whether two columns are looked for; a page whose columns no other page shares
    is read again without, as a table.
    """
    rows = read_rows(textpage, chars)
    view = _turn_view(textpage, rows, view)
    rows_shown = [[turn_box(rect, view) for rect in row.rects] for row in rows]
    spans = [[span(box) for box in boxes] for boxes in rows_shown]
    gutter = find_gutter([_merge(line) for line in spans]) if columns else None
    grids: Sequence[Grid] = ()
    areas: Sequence[Area] = ()
    if gutter is not None:
        rows = [
            part
            for row, line in zip(rows, spans, strict=True)
            for part in cut_row(textpage, row, line, gutter, view)
        ]
    elif _hints_at_table(rows, rows_shown):
        words = [
            (s.left, s.bottom, s.right, s.top)
            for row, boxes in zip(rows, rows_shown, strict=True)
            for s in part_row(row.text, boxes)
        ]
        grids = find_grids(page, lambda box: turn_box(box, view), words)
        loose = [i for i, boxes in enumerate(rows_shown) if cell_of(boxes[0], grids) is None]
        areas = find_areas([rows[i].text for i in loose], [rows_shown[i] for i in loose])
    if areas:
        rows = [part for row in rows for part in cut_area(textpage, row, areas, grids, view)]
    if grids:
        rows = [part for row in rows for part in cut_cells(textpage, row, grids, view)]
    lines = []
    for row in rows:
        line = _make_line(textpage, row, number, view)
        if line is not None:
            lines.append(replace(line, cell=cell_of(line.view, grids)) if grids else line)
    if areas:
        lines = _place_loose(lines, areas)
    lines = attach_labels(mend_rows(lines))
    ordered = order_page(lines) if gutter is None else order_columns(lines, gutter)
    return PageLines(ordered, view, gutter)


def _turn_view(textpage: Any, rows: Sequence[Row], view: View) -> View:
    """Return the view in which the page's text stands upright, as a reader turns the page."""
    import pypdfium2.raw as raw

    matrix = raw.FS_MATRIX()
    upright = {0: 0, 90: 0, 180: 0, 270: 0}
    step = max(1, len(rows) // 5)
    for row in rows[step // 2 :: step]:
        raw.FPDFText_GetMatrix(textpage, row.first, matrix)
        if matrix.a or matrix.b:
            angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
            upright[round(angle / 90) % 4 * 90] += abs((angle + 45) % 90 - 45) < 3
    best = max(upright, key=lambda turn: (upright[turn], turn == view.rotation))
    if best == view.rotation or not upright[best]:
        return view
    sideways = (best - view.rotation) % 180 != 0
    width, height = (view.height, view.width) if sideways else (view.width, view.height)
    return View(best, width, height)


def _make_line(textpage: Any, row: Row, number: int, view: View) -> Line | None:
    raw_text = _part_label(textpage, row)
    text = raw_text.translate(_LETTERS).strip()
    if not text:
        return None
    if text[1:2] == " " and "\ue000" <= text[0] <= "\uf8ff":
        text = f"\u2022{text[1:]}"  # a sign of a font of its own before a list item
    box = bound(row.rects)
    shown = turn_box(box, view)
    font = _measure_font(textpage, row, view)
    tab = False
    marks: tuple[tuple[int, int], ...] = ()
    if len(row.rects) > 1:
        tab = find_tab(text, [span(turn_box(rect, view)) for rect in row.rects], font.size)
        marks = _find_marks(textpage, row, font, view) if raw_text == row.text == text else ()
    if tab and text[:2] == "o ":
        text = f"\u2022{text[1:]}"  # the letter serves as a hollow bullet
    return Line(
        text,
        number,
        box,
        shown,
        font.size,
        font.bold,
        base=font.base,
        word=_measure_word(textpage, row, view, shown),
        tab=tab,
        marks=marks,
        slanted=_SLANT < abs(font.slope) < 1 - _SLANT,
    )


def _hints_at_table(rows: Sequence[Row], shown: Sequence[Sequence[Box]]) -> bool:
    """Tell whether a page may hold a table: looking for its rules takes time."""
    above: Box | None = None
    for row, boxes in zip(rows, shown, strict=True):
        first = boxes[0]
        if above is not None and first[3] > above[1] + 0.6 * (first[3] - first[1]):
            # It stands beside the line before, or above it.
            return True
        above = first
        if len(boxes) > 1 and has_gap(row.text, boxes):
            return True
    return False


def _place_loose(lines: Sequence[Line], areas: Sequence[Area]) -> list[Line]:
    """Give the lines in tables without rules their cells; going back to the left opens a row."""
    placed = []
    rows: dict[int, tuple[int, int]] = {}
    for line in lines:
        number = area_of(line.view, areas) if line.cell is None else None
        if number is None:
            placed.append(line)
            continue
        starts = areas[number].starts
        column = areas[number].column_of(line.view[0], (line.view[1] + line.view[3]) / 2)
        row, before = rows.get(number, (0, -1))
        if column < before:
            row += 1
        rows[number] = (row, column)
        right = starts[column + 1].x - _CELL_GAP if column + 1 < len(starts) else inf
        cell = Cell(_LOOSE + number, row, column, starts[column].x, right)
        placed.append(replace(line, cell=cell))
    return placed


def _measure_font(textpage: Any, row: Row, view: View) -> _Font:
    """Return the font of a row: its size, weight (three letters tell), base line and slope."""
    import pypdfium2.raw as raw

    text, last = row.text, len(row.text) - 1
    first = next((i for i, c in enumerate(text) if c.isalpha()), None)
    index = row.first + (first or 0)
    # The box of a letter is as tall as its strokes in some fonts ("p" taller than "a"), so the
    # nominal size is taken, scaled as the page scales it.
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(textpage, index, matrix)
    scale = math.hypot(matrix.c, matrix.d) or 1.0
    size = raw.FPDFText_GetFontSize(textpage, index) * scale
    base = turn_box((matrix.e, matrix.f, matrix.e, matrix.f), view)[1]
    turned = math.radians(view.rotation)
    slope = math.sin(math.atan2(matrix.b, matrix.a) - turned) if matrix.a or matrix.b else 0.0
    if first is None:
        return _Font(size, False, base, slope)
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()

    def is_bold(i: int) -> bool:
        raw.FPDFText_GetFontInfo(textpage, row.first + i, name, 128, flags)
        return bool(flags.value & _BOLD_FLAG or _BOLD_NAME.search(name.value))

    bold = is_bold(first)
    if bold and last > first:
        end = next(i for i in range(last, -1, -1) if text[i].isalpha())
        middle = next((i for i in range(last // 2, last) if text[i].isalpha()), first)
        bold = is_bold(end) and is_bold(middle)
    return _Font(size, bold, base, slope)


def _measure_word(textpage: Any, row: Row, view: View, shown: Box) -> float:
    """Return how much room the row's first word takes: the least that a line above it lacked."""
    found = _FIRST_WORD.match(row.text)
    if found is None or found.end() >= len(row.text):
        return shown[2] - shown[0]
    end = turn_box(find_char_box(textpage, row.first + found.end() - 1), view)[2]
    return max(0.0, end - shown[0])


def _find_marks(textpage: Any, row: Row, font: _Font, view: View) -> tuple[tuple[int, int], ...]:
    """Return where raised small figures stand in a row: the marks of notes, or exponents."""
    import pypdfium2.raw as raw

    raised = [
        box
        for box in (turn_box(rect, view) for rect in row.rects)
        if box[3] - box[1] < 0.62 * font.size
        and box[2] - box[0] < 2.2 * font.size
        and box[1] > font.base + 0.12 * font.size
    ]
    if not raised:
        return ()
    whole = raw.FPDFText_GetFontSize(textpage, row.first + _first_letter(row.text))
    found = []
    for match in _MARK.finditer(row.text):
        small = raw.FPDFText_GetFontSize(textpage, row.first + match.start())
        if small < 0.8 * whole:
            found.append(match.span())
            continue
        box = turn_box(find_char_box(textpage, row.first + match.start()), view)
        middle = (box[0] + box[2]) / 2
        if box[3] - box[1] < 0.8 * font.size and any(r[0] <= middle <= r[2] for r in raised):
            found.append(match.span())
    return tuple(found)


def _first_letter(text: str) -> int:
    return next((i for i, c in enumerate(text) if c.isalpha()), 0)


def _part_label(textpage: Any, row: Row) -> str:
    """Return the row's text with a space after its number when the page shows a gap there."""
    glued = _GLUED_LABEL.match(row.text)
    if glued is None:
        return row.text
    at = glued.end()
    before = find_char_box(textpage, row.first + at - 1)
    after = find_char_box(textpage, row.first + at)
    if after[0] - before[2] < 0.05 * (after[3] - after[1]):
        return row.text
    return f"{row.text[:at]} {row.text[at:]}"


def _merge(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Close the gaps between the words of a line, but not the one between columns."""
    merged: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if merged and left - merged[-1][1] < 7:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return merged
