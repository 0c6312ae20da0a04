"""Take the footnotes of a PDF from the feet of its pages to the places that refer to them.

Comes in: the lines of all pages without page furniture. Goes out: the lines of the body, with the
marks taken out, and the lines of every note. A note is one only when a raised mark refers to it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from clausecheck.read.pdf_layout import Line

_OPENS = re.compile(r"(\d{1,3}|[*\u2020\u2021\u00a7]{1,3})[.)]?\s*(?=\S)")
_SMALLER = 0.96


@dataclass(slots=True)
class Note:
    """A footnote: its mark and its lines, without the mark."""

    mark: str
    lines: list[Line]


@dataclass(slots=True)
class Noted:
    """The lines of the body, and the notes by the index of the line that refers to them."""

    lines: list[Line]
    notes: dict[int, list[Note]]


@dataclass(slots=True)
class _Page:
    """The body of a page and the notes at its foot that nothing refers to yet."""

    body: list[Line]
    notes: list[Note]

    def take(self, mark: str) -> Note | None:
        """Return the note with ``mark`` and take it from the page."""
        for i, note in enumerate(self.notes):
            if note.mark == mark:
                return self.notes.pop(i)
        return None


def take_notes(lines: Sequence[Line]) -> Noted:
    """Return the body without notes and marks, and each note with the line that refers to it."""
    if not any(line.marks for line in lines):
        return Noted(list(lines), {})
    size = _find_body_size(lines)
    pages = []
    latest: Note | None = None
    waiting: frozenset[str] = frozenset()
    for _, group in groupby(lines, key=lambda line: line.page):
        page = _split_page(list(group), size, latest, waiting)
        latest = page.notes[-1] if page.notes else None
        # A note that found no room stands on a later page, and endnotes on the last ones.
        waiting = (waiting | _list_marks(page.body)) - {note.mark for note in page.notes}
        pages.append(page)
    return _attach(pages)


def _split_page(
    page: list[Line], size: float, latest: Note | None, waiting: frozenset[str]
) -> _Page:
    """Part a page into its body and its notes; the rest of the last note goes to that note."""
    start = _find_start(page, size, waiting)
    head = len(page) if start is None else start
    if latest is not None:
        begin = _find_rest(page, head, latest, size)
        latest.lines += page[begin:head]
        head, rest = begin, page[head:]
    else:
        rest = page[head:]
    return _Page(page[:head], _split_notes(rest))


def _list_marks(lines: Sequence[Line]) -> frozenset[str]:
    return frozenset(line.text[begin:end] for line in lines for begin, end in line.marks)


def _attach(pages: Sequence[_Page]) -> Noted:
    """Take out the marks of the notes that were found and say where each note belongs."""
    kept: list[Line] = []
    notes: dict[int, list[Note]] = {}
    for i, page in enumerate(pages):
        for line in page.body:
            text, at = line.text, 0
            pieces = []
            for begin, end in line.marks:
                found = (later.take(text[begin:end]) for later in pages[i:])
                note = next((note for note in found if note is not None), None)
                if note is not None:
                    notes.setdefault(len(kept), []).append(note)
                    pieces.append(text[at:begin])
                    at = end
            pieces.append(text[at:])
            whole = "".join(pieces).strip()
            if whole:
                kept.append(line if at == 0 else replace(line, text=whole, marks=()))
        if page.notes:
            # Nothing that was read refers to them: they end their page.
            notes.setdefault(max(0, len(kept) - 1), []).extend(page.notes)
    return Noted(kept, notes)


def _find_body_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return max(sizes.items(), key=lambda item: (item[1], -item[0]))[0]


def _find_start(page: Sequence[Line], body: float, waiting: frozenset[str]) -> int | None:
    """Return the index of the first line of a page's notes."""
    referred, own = set(waiting), set()
    for i, line in enumerate(page):
        opens = _OPENS.match(line.text)
        if opens and opens[1] in referred and line.cell is None:
            raised = bool(line.marks) and line.marks[0][0] == 0
            small = line.size < _SMALLER * body and opens[1] in own
            rest = page[i:]
            if (raised or small) and all(each.size <= 1.06 * line.size for each in rest):
                return i
        here = {line.text[b:e] for b, e in line.marks if b > 0}
        own |= here
        referred |= here
    return None


def _find_rest(page: Sequence[Line], head: int, note: Note, body: float) -> int:
    """Return where the rest of the last page's note begins among the lines before ``head``."""
    size = note.lines[-1].size
    if size >= _SMALLER * body:
        return head
    while head and page[head - 1].cell is None and abs(page[head - 1].size - size) < 0.3:
        head -= 1
    return head


def _split_notes(lines: Sequence[Line]) -> list[Note]:
    notes: list[Note] = []
    for line in lines:
        opens = _OPENS.match(line.text)
        raised = bool(line.marks) and line.marks[0][0] == 0
        if opens and (not notes or raised or _follows(notes[-1].mark, opens[1], line, notes)):
            text = line.text[opens.end() :]
            notes.append(Note(opens[1], [replace(line, text=text, marks=(), word=0.0)]))
        elif notes:
            notes[-1].lines.append(line)
    return notes


def _follows(before: str, mark: str, line: Line, notes: Sequence[Note]) -> bool:
    """Tell whether a number at the start of a line of notes opens the next one."""
    if not (before.isdigit() and mark.isdigit()) or int(mark) != int(before) + 1:
        return False
    return line.view[0] <= notes[0].lines[0].view[0] + 3.0
