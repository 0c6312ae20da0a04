"""Read the text of a PDF with the page and box of every line.

Comes in: bytes and, for a locked file, a password. Goes out: a ``Document``; pages and parts
without readable text are named in ``unread``, page furniture left out is counted in ``facts``.
"""

from __future__ import annotations

import ctypes
import hashlib
import math
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from clausecheck.errors import InputError
from clausecheck.read.pdf_furniture import describe_furniture, split_furniture
from clausecheck.read.pdf_layout import (
    Box,
    Line,
    attach_labels,
    find_gutter,
    find_lone_gutters,
    join_lines,
    order_columns,
    order_lines,
)
from clausecheck.read.pdf_tables import count_gaps
from clausecheck.read.pdf_unread import find_annotations, find_hidden_parts, judge_page
from clausecheck.records import Document, Unread
from clausecheck.settings import Limits

# PDFium keeps global state and is not safe to call from two threads at once.
_PDFIUM = threading.Lock()

_PASSWORD_ERROR = 4
_BOLD_FLAG = 1 << 18  # PDF 32000-1, table 123: ForceBold
_BOLD_NAME = re.compile(rb"bold|black|heavy", re.IGNORECASE)

# PDFium joins a word over a line end and marks the place: U+FFFE now, U+0002 in older builds.
_BREAK = re.compile("\r\n|\r|\n|(?<=[\ufffe\x02])")
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


class _Row(NamedTuple):
    """A line of PDFium's text: its first character, its length, and the boxes that it covers."""

    text: str
    first: int
    rects: list[Box]


class _View(NamedTuple):
    """How a page is shown: turned clockwise by ``rotation`` degrees, then so wide and high."""

    rotation: int
    width: float
    height: float


class _Page(NamedTuple):
    """One page: its lines in reading order, its height as shown, what was not read."""

    lines: list[Line]
    height: float
    unread: list[Unread]
    gutter: float | None = None


def read_pdf(data: bytes, *, name: str, password: str | None = None, limits: Limits) -> Document:
    """Return the document that a PDF holds.

    Lines stand in reading order, column by column on pages with two columns, with a line break
    between them. Raises ``InputError``: C107 too many characters, C112 a password is needed, C113
    the password is wrong, C114 damaged, C115 no text, C116 too many pages.
    """
    with _PDFIUM, _open_pdf(data, name, password) as pdf:
        count = len(pdf)
        if count > limits.max_pages:
            raise InputError(
                "C116",
                f"The PDF has {count:,} pages; the limit is {limits.max_pages:,}.",
                name,
                "Split it, or raise the limit.",
            )
        unread = find_hidden_parts(pdf, data)
        pages = []
        room = limits.max_chars
        for number in range(1, count + 1):
            page = _read_page(pdf, number, room)
            if page is None:
                raise InputError(
                    "C107",
                    f"The text has more than {limits.max_chars:,} characters.",
                    name,
                    "Split it, or raise the limit.",
                )
            pages.append(page)
            room -= sum(len(line.text) + 1 for line in page.lines)
        for number in find_lone_gutters([page.gutter for page in pages]):
            again = _read_page(pdf, number, limits.max_chars, columns=False)
            pages[number - 1] = again or pages[number - 1]
    for page in pages:
        unread += page.unread
    lines, furniture = split_furniture([(page.lines, page.height) for page in pages])
    if not lines:
        raise InputError(
            "C115",
            f"None of the {count} pages has text that can be read."
            if count != 1
            else "Its one page has no text that can be read.",
            name,
            "Run text recognition (OCR) on it first, then review the result.",
        )
    joined = join_lines(lines)
    facts = [("pages", str(count))]
    if furniture:
        facts.append(("left out", describe_furniture(furniture)))
    return Document(
        name=name,
        media_type="application/pdf",
        sha256=hashlib.sha256(data).hexdigest(),
        text=joined.text,
        blocks=joined.blocks,
        anchors=joined.anchors,
        unread=tuple(unread),
        facts=tuple(facts),
    )


@contextmanager
def _open_pdf(data: bytes, name: str, password: str | None) -> Iterator[Any]:
    import pypdfium2 as pdfium

    try:
        pdf = pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_ERROR or "password" in str(error).lower():
            raise _refuse_password(name, password) from error
        raise _refuse_damage(name) from error
    try:
        if len(pdf) < 1:
            raise _refuse_damage(name)
        yield pdf
    finally:
        pdf.close()


def _refuse_password(name: str, password: str | None) -> InputError:
    if password:
        return InputError(
            "C113",
            "The password does not open this PDF.",
            name,
            "Check the password, or save a copy without one.",
        )
    return InputError(
        "C112",
        "This PDF is locked with a password.",
        name,
        "Give it with the password option, or save a copy without one.",
    )


def _refuse_damage(name: str) -> InputError:
    return InputError(
        "C114",
        "This begins like a PDF but is damaged, cut short or not really one.",
        name,
        "Open it in a PDF viewer and save it again, or get a fresh copy.",
    )


def _read_page(pdf: Any, number: int, room: int, *, columns: bool = True) -> _Page | None:
    """Return one page, or ``None`` when it has more than ``room`` characters."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    where = f"page {number}"
    damaged = _Page([], 0.0, [Unread("a damaged page", where, "Get a fresh copy of the file.")])
    try:
        page = pdf[number - 1]
    except pdfium.PdfiumError:
        return damaged
    try:
        textpage = page.get_textpage()
        chars = raw.FPDFText_CountChars(textpage)
        if chars > room:
            return None
        view = _View(page.get_rotation(), *page.get_size())
        lines, gutter = _read_lines(textpage, chars, number, view, columns=columns)
        unread = judge_page(page, lines, where) + find_annotations(page, where)
        return _Page(lines, view.height, unread, gutter)
    except pdfium.PdfiumError:
        return damaged
    finally:
        page.close()


def _read_lines(
    textpage: Any, chars: int, number: int, view: _View, *, columns: bool
) -> tuple[list[Line], float | None]:
    """Return the lines of a page in reading order, and the gutter between its columns if any."""
    rows = _read_rows(textpage, chars)
    spans = [[_span(_turn(rect, view)) for rect in row.rects] for row in rows]
    gutter = find_gutter([_merge(line) for line in spans]) if columns else None
    if gutter is not None:
        rows = [
            part
            for row, line in zip(rows, spans, strict=True)
            for part in _cut_row(textpage, row, line, gutter, view)
        ]
    lines = []
    for row in rows:
        text = _part_label(textpage, row).translate(_LETTERS).strip()
        if text:
            box = _bound(row.rects)
            size, bold = _measure_font(textpage, row)
            spans_here = _merge([_span(_turn(rect, view)) for rect in row.rects])
            gaps = count_gaps(text, spans_here, size) if gutter is None else 0
            lines.append(Line(text, number, box, _turn(box, view), size, bold, gaps))
    lines = attach_labels(lines)
    return order_lines(lines) if gutter is None else order_columns(lines, gutter), gutter


def _read_rows(textpage: Any, chars: int) -> list[_Row]:
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
        rows.append(_Row(words, first, rects or [_find_char_box(textpage, first)]))
    return rows


def _find_char_box(textpage: Any, index: int) -> Box:
    import pypdfium2.raw as raw

    rect = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(textpage, index, rect)
    return (rect.left, rect.bottom, rect.right, rect.top)


def _measure_font(textpage: Any, row: _Row) -> tuple[float, bool]:
    """Return the height of the row's font and whether its letters are bold (three of them)."""
    import pypdfium2.raw as raw

    text, last = row.text, len(row.text) - 1
    first = next((i for i, c in enumerate(text) if c.isalpha()), None)
    if first is None:
        _, bottom, _, top = _find_char_box(textpage, row.first)
        return top - bottom, False
    middle = next((i for i in range(last // 2, last) if text[i].isalpha()), first)
    end = next(i for i in range(last, -1, -1) if text[i].isalpha())
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    bold = True
    for i in sorted({first, middle, end}):
        raw.FPDFText_GetFontInfo(textpage, row.first + i, name, 128, flags)
        bold = bold and bool(flags.value & _BOLD_FLAG or _BOLD_NAME.search(name.value))
    # The box of a letter is as tall as its strokes in some fonts ("p" taller than "a"), so the
    # nominal size is taken, scaled as the page scales it.
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(textpage, row.first + first, matrix)
    scale = math.hypot(matrix.c, matrix.d)
    return raw.FPDFText_GetFontSize(textpage, row.first + first) * (scale or 1.0), bold


def _part_label(textpage: Any, row: _Row) -> str:
    """Return the row's text with a space after its number when the page shows a gap there."""
    glued = _GLUED_LABEL.match(row.text)
    if glued is None:
        return row.text
    at = glued.end()
    before = _find_char_box(textpage, row.first + at - 1)
    after = _find_char_box(textpage, row.first + at)
    if after[0] - before[2] < 0.05 * (after[3] - after[1]):
        return row.text
    return f"{row.text[:at]} {row.text[at:]}"


def _cut_row(
    textpage: Any,
    row: _Row,
    spans: list[tuple[float, float]],
    gutter: float,
    view: _View,
) -> list[_Row]:
    """Return a row in two when it stands on both sides of the gutter and does not cross it."""
    if any(left < gutter < right for left, right in spans):
        return [row]
    sides = [left >= gutter for left, _ in spans]
    if all(sides) or not any(sides):
        return [row]
    parts: list[tuple[bool, int, int]] = []
    for i, char in enumerate(row.text):
        if char.isspace():
            continue
        box = _turn(_find_char_box(textpage, row.first + i), view)
        side = (box[0] + box[2]) / 2 >= gutter
        if parts and parts[-1][0] == side:
            parts[-1] = (side, parts[-1][1], i + 1)
        else:
            parts.append((side, i, i + 1))
    return [
        _Row(
            row.text[begin:end],
            row.first + begin,
            [rect for rect, right in zip(row.rects, sides, strict=True) if right == side],
        )
        for side, begin, end in parts
    ]


def _turn(box: Box, view: _View) -> Box:
    """Return ``box`` as a reader sees it."""
    left, bottom, right, top = box
    if view.rotation == 90:
        return (bottom, view.height - right, top, view.height - left)
    if view.rotation == 180:
        return (view.width - right, view.height - top, view.width - left, view.height - bottom)
    if view.rotation == 270:
        return (view.width - top, left, view.width - bottom, right)
    return box


def _span(box: Box) -> tuple[float, float]:
    return box[0], box[2]


def _merge(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Close the gaps between the words of a line, but not the one between columns."""
    merged: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if merged and left - merged[-1][1] < 7:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return merged


def _bound(rects: list[Box]) -> Box:
    return (
        round(min(r[0] for r in rects), 1),
        round(min(r[1] for r in rects), 1),
        round(max(r[2] for r in rects), 1),
        round(max(r[3] for r in rects), 1),
    )
