"""Read the text of a PDF with the page and box of every line.

Comes in: bytes and, for a locked file, a password. Goes out: a ``Document``; pages and parts
without readable text are named in ``unread``, page furniture left out is counted in ``facts``.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple

from clausecheck.errors import InputError
from clausecheck.read.pdf_furniture import describe_furniture, split_furniture
from clausecheck.read.pdf_join import join_lines, title_key
from clausecheck.read.pdf_layout import Line, find_lone_gutters
from clausecheck.read.pdf_page import read_lines
from clausecheck.read.pdf_rows import View
from clausecheck.read.pdf_unread import (
    OCR_ADVICE,
    find_annotations,
    find_hidden_parts,
    judge_page,
    lacks_text,
)
from clausecheck.records import Document, Unread
from clausecheck.settings import Limits

# PDFium keeps global state and is not safe to call from two threads at once.
_PDFIUM = threading.Lock()

_PASSWORD_ERROR = 4
_DEEPEST, _MAX_TITLES = 9, 5000


class _Page(NamedTuple):
    """One page: its lines in reading order, its size as shown, what was not read."""

    lines: list[Line]
    width: float
    height: float
    unread: list[Unread]
    gutter: float | None = None
    recognised: bool = False


def read_pdf(
    data: bytes, *, name: str, password: str | None = None, ocr: bool = False, limits: Limits
) -> Document:
    """Return the document that a PDF holds.

    Paragraphs stand in reading order, column by column and cell by cell, with a line break between
    them; notes follow the paragraph that refers to them. ``ocr`` reads pages without text by
    recognition. Raises ``InputError``: C107 too many characters, C112 a password is needed, C113
    the password is wrong, C114 damaged, C115 no text, C116 too many pages, C118 ``ocr`` is not
    installed.
    """
    if ocr:
        _check_ocr(name)
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
        titles = _read_outline(pdf)
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
        if ocr:
            pages = [_recognise(pdf, i, page) for i, page in enumerate(pages, start=1)]
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
            "Its pages were searched by text recognition too; get a copy with text."
            if ocr
            else OCR_ADVICE,
        )
    joined = join_lines(lines, [page.width for page in pages], titles)
    facts = [("pages", str(count))]
    recognised = [str(i) for i, page in enumerate(pages, start=1) if page.recognised]
    if recognised:
        facts.append(("text recognised on pages", ", ".join(recognised)))
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
    damaged = _Page(
        [], 0.0, 0.0, [Unread("a damaged page", where, "Get a fresh copy of the file.")]
    )
    try:
        page = pdf[number - 1]
    except pdfium.PdfiumError:
        return damaged
    try:
        textpage = page.get_textpage()
        chars = raw.FPDFText_CountChars(textpage)
        if chars > room:
            return None
        view = View(page.get_rotation(), *page.get_size())
        lines, view, gutter = read_lines(page, textpage, chars, number, view, columns=columns)
        unread = judge_page(page, lines, where) + find_annotations(page, where)
        return _Page(lines, view.width, view.height, unread, gutter)
    except pdfium.PdfiumError:
        return damaged
    finally:
        page.close()


def _check_ocr(name: str) -> None:
    from clausecheck.read.pdf_ocr import is_installed

    if not is_installed():
        raise InputError(
            "C118",
            "Text recognition (OCR) was asked for, but it is not installed.",
            name,
            "Install it: python -m pip install 'clausecheck[ocr]'.",
        )


def _recognise(pdf: Any, number: int, page: _Page) -> _Page:
    """Return a page without text as text recognition reads it, or as it was."""
    from clausecheck.read.pdf_ocr import recognise_page

    if not any(lacks_text(unread) for unread in page.unread):
        return page
    shown = pdf[number - 1]
    try:
        lines = recognise_page(shown, number)
    finally:
        shown.close()
    if sum(len(line.text) for line in lines) <= sum(len(line.text) for line in page.lines):
        return page
    told = Unread(
        "text that was recognised on an image",
        f"page {number}",
        "Check the words that matter against the page.",
        essential=False,
    )
    others = [unread for unread in page.unread if not lacks_text(unread)]
    return page._replace(lines=lines, unread=[told, *others], recognised=True)


def _read_outline(pdf: Any) -> dict[tuple[int, str], int]:
    """Return the titles of the file's outline with their pages and depths."""
    titles: dict[tuple[int, str], int] = {}
    try:
        for item in islice(pdf.get_toc(max_depth=_DEEPEST), _MAX_TITLES):
            key = title_key(item.get_title())
            place = item.get_dest()
            page = place.get_index() if place else None
            if key and page is not None:
                titles.setdefault((page + 1, key), item.level)
    except (UnicodeDecodeError, ValueError):
        pass  # a damaged outline helps no further; the text is read all the same
    return titles
