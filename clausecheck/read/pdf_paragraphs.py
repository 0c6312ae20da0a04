"""Group the lines of a PDF into paragraphs by where they stand on the page.

Comes in: lines in reading order, page furniture and notes taken out. Goes out: paragraphs. A line
goes on with the paragraph above when its first word had no room there; spacing, indents and
numbers decide the rest. The words themselves only tell at the end of a page.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import median

from clausecheck.read.pdf_grid import Cell
from clausecheck.read.pdf_layout import Line

_SPACE = 0.22  # of the letters' size: a narrow word space
_OFF = 2.6  # points by which two edges that are meant to be one may differ
_SINGLE = 1.25  # times the letters' size, when nothing shows it
_SLACK = 2.0  # points that a converter's rounding may take from a line
_WIDEST_INDENT = 90.0
_LONG_WORD = 10.0  # times the letters' size
_TALLEST = 0.8  # of the letters' size: what letters rise above their base line
_TRAILING = ".,;:)]"
_HYPHENS = "-\u2010\u2011\u00ad"

_CLOSED = re.compile(r"[.;:!?][\"\u201d\u2019)\]*_]{0,3}\Z")
_BULLET = re.compile(
    r"[\u2022\u00b7\u25aa\u25cf\u25cb\u25e6\u2023\u2043\u25a0\u25a1\u2610-\u2612o\u2013\u2014*-]\s"
)
_LABEL = re.compile(
    r"(?:\(?(?:[A-Za-z]|[ivxlIVXL]{1,6}|[a-z]{2}|\d{1,3})[.)]|\d{1,3}(?:\.\d{1,3}){1,5}[.)]?"
    r"|\d{1,2}(?=\s+[A-Z\"\u201c]))(?=\s|\Z)"
)
_ITEM = re.compile(r"\(([a-z]{1,4})\)\s")
_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_PART = re.compile(
    r"(?:ARTICLE|Article|SECTION|Section|SCHEDULE|Schedule|EXHIBIT|Exhibit|ANNEX|Annex|APPENDIX"
    r"|Appendix|ATTACHMENT|Attachment|PART|Part)\s+(?:\d{1,3}(?:\.\d{1,3})*|[IVXL]{1,6}|[A-Z])\b"
)
_LEADER = re.compile(r"(?:\.\s?){5,}|\u2026{2,}|_{6,}\s*\d{1,3}\Z")
# What a number at the start of the next line belongs to.
_CITING = re.compile(
    r"\b(?:(?:sub)?(?:section|clause|paragraph)|article|exhibit|schedule|annex|appendix)s?\Z",
    re.IGNORECASE,
)
_OPEN_WORD = re.compile(
    r"(?:,|-|\b(?:the|of|and|or|to|in|a|an|any|by|for|with|that|which|such|as|at|from|on|its|their"
    r"|all|this|shall|will|be|is|are|not|no|under|each|other))\Z",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Paragraph:
    """The lines of one paragraph, in order."""

    lines: list[Line]

    @property
    def first(self) -> Line:
        """The line that opens it."""
        return self.lines[0]

    @property
    def last(self) -> Line:
        """The line that ends it."""
        return self.lines[-1]


def group_lines(lines: Sequence[Line], measures: Measures) -> list[Paragraph]:
    """Return the paragraphs that ``lines`` make."""
    rooms, spacing = measures.rooms, measures.spacing
    paragraphs: list[Paragraph] = []
    for i, line in enumerate(lines):
        if paragraphs:
            after = lines[i + 1] if i + 1 < len(lines) else None
            if _goes_on(paragraphs[-1], line, after, rooms, spacing):
                paragraphs[-1].lines.append(line)
                continue
        paragraphs.append(Paragraph([line]))
    return paragraphs


class Measures:
    """What the lines of a document show of its margins and spacing; ``widths`` are its pages'."""

    def __init__(self, lines: Sequence[Line], widths: Sequence[float]) -> None:
        self.rooms = _Rooms(lines, widths)
        self.spacing = _Spacing(lines, self.rooms)


class _Rooms:
    """How far to the right the text of a page, column or cell reaches."""

    def __init__(self, lines: Sequence[Line], widths: Sequence[float]) -> None:
        rights: dict[tuple[int, int], list[float]] = defaultdict(list)
        pads: dict[tuple[int, int, int], float] = {}
        for line in lines:
            if line.cell is None:
                rights[line.page, line.column].append(line.view[2])
            else:
                place = (line.page, line.cell.table, line.cell.column)
                pad = line.view[0] - line.cell.left
                pads[place] = min(pads.get(place, 9.0), max(pad, 1.0))
        self._pads = pads
        own = {key: _find_margin(found) for key, found in rights.items()}
        usual: dict[tuple[float, int], list[float]] = defaultdict(list)
        for (page, column), right in own.items():
            if len(rights[page, column]) > 9:
                usual[round(widths[page - 1]), column].append(right)
        # A page of a few short lines does not show where its margin is: other pages do, or else the
        # left margin, which is as wide as a rule.
        lefts: dict[tuple[int, int], float] = {}
        for line in lines:
            key = (line.page, line.column)
            lefts[key] = min(lefts.get(key, inf), line.view[0])
        self._own = {}
        for (page, column), right in own.items():
            told = _usual_of(usual, widths[page - 1], column)
            if not told and len(rights[page, column]) < 10 and column == 0:
                told = [widths[page - 1] - lefts[page, column]]
            self._own[page, column] = max([right, *told])
        self._narrow: dict[tuple[int, int], float] = {}
        self._narrow = self._find_narrow(lines)

    def _find_narrow(self, lines: Sequence[Line]) -> dict[tuple[int, int], float]:
        """Return the least room in which words that plainly flow on had none, by column."""
        needed: dict[tuple[int, int], float] = {}
        reached: dict[tuple[int, int], float] = {}
        for line in lines:
            if line.cell is not None:
                key = _column_key(line.cell)
                reached[key] = max(reached.get(key, 0.0), line.view[2])
        for line, after in pairwise(lines):
            if line.cell is None or line.cell != after.cell or line.page != after.page:
                continue
            if not _flows(line, after) or line.base - after.base > 1.7 * line.size:
                continue
            key = _column_key(line.cell)
            need = self._need(line, after)
            if need >= reached[key]:
                needed[key] = min(needed.get(key, inf), need)
        return needed

    @staticmethod
    def _need(line: Line, after: Line) -> float:
        space = 0.0 if line.text[-1] in _HYPHENS else _SPACE * line.size
        return line.view[2] + space + after.word

    def right_of(self, line: Line) -> float:
        """Return the right edge of the room that a line stands in."""
        if line.cell is None:
            return self._own[line.page, line.column]
        right = line.cell.right
        if right == inf:
            right = self._own.get((line.page, line.column), line.view[2])
        else:
            right -= self._pads[line.page, line.cell.table, line.cell.column]
        return min(right, self._narrow.get(_column_key(line.cell), inf))

    def fits(self, line: Line, after: Line) -> bool:
        """Tell whether the first word of ``after`` had room at the end of ``line``."""
        if line.text[-1] in _HYPHENS and line.text[-2:-1].isalpha() and after.text[0].islower():
            return False  # the word that the line end cut had no room
        return self._need(line, after) < self.right_of(line) - _SLACK


def _column_key(cell: Cell) -> tuple[int, int]:
    """Return what the cells of a column have in common, on all pages."""
    return round(cell.left / 4), 0 if cell.right == inf else round(cell.right / 4)


def _flows(line: Line, after: Line) -> bool:
    """Tell by the words that ``after`` goes on with the sentence of ``line``."""
    if after.text[0].isdigit():
        return _CITING.search(line.text) is not None
    return after.text[0].islower() and not _CLOSED.search(line.text)


def _usual_of(
    usual: Mapping[tuple[float, int], list[float]], width: float, column: int
) -> list[float]:
    found = usual.get((round(width), column))
    return [median(found)] if found else []


def _find_margin(rights: list[float]) -> float:
    """Return the edge that several lines reach; one may overshoot it."""
    ordered = sorted(rights, reverse=True)
    for here, after in pairwise(ordered):
        if here - after < 15:
            return here
    return ordered[0]


class _Spacing:
    """How far apart the base lines of one paragraph stand, by the size of its letters."""

    def __init__(self, lines: Sequence[Line], rooms: _Rooms) -> None:
        found: dict[tuple[float, bool], list[float]] = defaultdict(list)
        every: dict[bool, list[float]] = defaultdict(list)
        for line, after in pairwise(lines):
            step = line.base - after.base
            if (
                line.page == after.page
                and line.cell == after.cell
                and abs(line.size - after.size) < 0.2
                and 0.8 * line.size < step < 3.2 * line.size
                and _flows(line, after)
                and not rooms.fits(line, after)
            ):
                found[round(line.size), line.cell is None].append(step / line.size)
                every[line.cell is None].append(step / line.size)
        self._usual = {key: _find_usual(steps) for key, steps in found.items()}
        self._default = {plain: _find_usual(steps) for plain, steps in every.items()}
        self.parted = self._is_parted(lines, rooms)

    def _is_parted(self, lines: Sequence[Line], rooms: _Rooms) -> bool:
        """Tell whether the file leaves more room between paragraphs than between lines."""
        ends = parted = 0
        for line, after in pairwise(lines):
            step = line.base - after.base
            same = line.page == after.page and line.cell is None and after.cell is None
            if same and step > 0.8 * line.size and rooms.fits(line, after):
                ends += 1
                parted += step > 1.17 * self.of(line) + 0.5
        return ends > 4 and parted >= 0.8 * ends

    def of(self, line: Line) -> float:
        """Return the usual step in points below a line; table cells are set closer than text."""
        plain, size = line.cell is None, round(line.size)
        usual = self._usual.get((size, plain)) or self._default.get(plain)
        if usual is None and not plain:
            usual = self._usual.get((size, True))
        return (usual or _SINGLE) * line.size


def _find_usual(steps: Sequence[float]) -> float:
    """Return the widest step that is common."""
    counts = Counter(round(step, 1) for step in steps)
    common = [step for step, count in counts.items() if count >= 0.12 * len(steps)]
    return max(common, default=median(steps))


def _goes_on(
    paragraph: Paragraph, line: Line, after: Line | None, rooms: _Rooms, spacing: _Spacing
) -> bool:
    """Tell whether ``line`` goes on with ``paragraph``."""
    last = paragraph.last
    if line.text[0] in _TRAILING and line.cell == last.cell:
        # Half of a sentence that the converter put on a new line, as after a run-in heading.
        return True
    if (line.cell is None) != (last.cell is None):
        return False
    if line.cell is not None and last.cell is not None and line.page == last.page:
        if line.cell != last.cell:
            return False
    elif line.page != last.page or line.column != last.column:
        return _goes_over(paragraph, line, rooms)
    if not 0.88 < line.size / (last.size or 1.0) < 1.14 and not _flows(last, line):
        return False
    step = last.base - line.base
    if step < 0.35 * line.size:
        # Pieces of one line, or the top of a column that was not told apart.
        return False
    if _flows(last, line):
        # A raised figure ("5th") pushes its line down.
        step -= max(0.0, line.view[3] - line.base - _TALLEST * line.size)
    unfinished = (
        line.cell is None
        and line.word < _LONG_WORD * line.size  # an address had no room, whatever it belongs to
        and not _CLOSED.search(last.text)
        and not rooms.fits(last, line)
    )
    if _is_spaced(paragraph, line, after, step, spacing, unfinished=unfinished):
        return False
    if _LEADER.search(last.text):
        return False
    if rooms.fits(last, line):
        return False
    return not _opens(paragraph, line, flows=_flows(last, line), parted=spacing.parted)


def _is_spaced(
    paragraph: Paragraph,
    line: Line,
    after: Line | None,
    step: float,
    spacing: _Spacing,
    *,
    unfinished: bool,
) -> bool:
    """Tell whether the space above a line is that between paragraphs.

    ``unfinished`` tells that the line above is full and ends within a sentence.
    """
    lines = paragraph.lines
    own = lines[-2].base - lines[-1].base if len(lines) > 1 else 0.0
    if own > 0 and lines[-1].page == lines[-2].page:
        return step > 1.17 * own + 0.5
    below = 0.0
    if after is not None and after.page == line.page and after.cell == line.cell:
        below = line.base - after.base
    if step > 1.17 * spacing.of(line) + 0.5:
        # Some paragraphs are set wider than the others; then more room follows them, or their
        # own lines do at the same step.
        wider = below > 1.1 * step or (unfinished and abs(below - step) < 0.12 * step)
        return not (line.size < step < 2.1 * line.size and wider)
    alike = after is not None and abs(after.size - line.size) < 1 and below > 0.8 * line.size
    return alike and step > 1.17 * below + 0.5


def _opens(paragraph: Paragraph, line: Line, *, flows: bool, parted: bool) -> bool:
    """Tell by number and indent whether a line that had no room above opens a paragraph."""
    last, first = paragraph.last, paragraph.first
    closed = _CLOSED.search(last.text) is not None
    left = line.view[0]
    cited = flows and line.text[0].isdigit()
    labelled = _LABEL.match(line.text) is not None and not cited
    if (labelled or _BULLET.match(line.text)) and line.tab:
        return True
    if line.bold and not last.bold and closed:
        return True
    if labelled and _follows_inline(paragraph, line):
        return False
    inline = labelled and line.text[0] == "(" and ((parted and line.cell is None) or not closed)
    if inline and abs(left - last.view[0]) <= _OFF:
        # "(ii) ..." of a list that runs on inside its sentence.
        return False
    if _is_centred(last, line):
        return closed
    if len(paragraph.lines) > 1:
        edge = last.view[0]
        if abs(left - edge) > _OFF:
            return not (flows and abs(left - edge) < _WIDEST_INDENT and left < edge)
        return labelled and closed and abs(left - first.view[0]) <= _OFF
    if (labelled or _BULLET.match(line.text)) and (closed or not flows):
        aligned = abs(left - first.view[0]) <= _OFF
        if aligned and (_LABEL.match(first.text) or _BULLET.match(first.text)):
            return True
        if closed:
            return True
    shift = left - first.view[0]
    if shift > _OFF:
        hangs = first.tab or _LABEL.match(first.text) or _BULLET.match(first.text)
        if hangs:
            return shift > _WIDEST_INDENT
        return closed and not flows
    return False


def _follows_inline(paragraph: Paragraph, line: Line) -> bool:
    """Tell whether "(b)" opens the line by chance, as "(a)" stands within one above it."""
    item = _ITEM.match(line.text)
    if item is None:
        return False
    own = item[1]
    before = [_ROMANS[_ROMANS.index(own) - 1]] if own in _ROMANS[1:] else []
    if len(own) == 1 and own != "a":
        before.append(chr(ord(own) - 1))
    return any(above.text.find(f"({mark})") > 0 for mark in before for above in paragraph.lines)


def _is_centred(last: Line, line: Line) -> bool:
    ours, theirs = line.view[0] + line.view[2], last.view[0] + last.view[2]
    return abs(ours - theirs) < 2 * _OFF and abs(line.view[0] - last.view[0]) > _OFF


def _goes_over(paragraph: Paragraph, line: Line, rooms: _Rooms) -> bool:
    """Tell whether a paragraph goes on at the top of the next page or column."""
    last, first = paragraph.last, paragraph.first
    if not 0.95 < line.size / (last.size or 1.0) < 1.06 or _LEADER.search(last.text):
        return False
    closed = _CLOSED.search(last.text) is not None
    flows = _flows(last, line)
    if rooms.fits(last, line) and not flows:
        return False
    labelled = _LABEL.match(line.text) or _BULLET.match(line.text) or _PART.match(line.text)
    if labelled and (line.tab or closed or not _OPEN_WORD.search(last.text)):
        return False
    if flows:
        return True
    if closed:
        if line.cell is not None:
            return False
        edge = paragraph.lines[1].view[0] if len(paragraph.lines) > 1 else first.view[0]
        told = len(paragraph.lines) > 1 and line.bold == last.bold
        return told and abs(line.view[0] - edge) <= _OFF and line.column == last.column
    if last.bold != line.bold:
        return False
    return bool(_OPEN_WORD.search(last.text)) or len(paragraph.lines) > 1
