"""Group lines into the pieces of text that may be clauses.

Comes in: lines with furniture marked. Goes out: pieces (paragraphs, or lines that may begin one),
each with the label at its start; the outline decides which of them are clauses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from clausecheck.segment.headings import is_heading, reads_on
from clausecheck.segment.labels import Label, Reading, read_label
from clausecheck.segment.lines import Line

PARAGRAPH, LINE, INLINE = 2, 1, 0

_CLOSED = re.compile(r"[.;:!?][\"”’)\]*_]{0,3}\Z")
_OPEN_WORD = re.compile(
    r"(?:,|-|\b(?:the|of|and|or|to|in|a|an|any|by|for|with|that|which|such|as|at|from|on|its|their"
    r"|all|this|shall|will|be|is|are|not|no|under|each|other|THE|OF|AND|OR|TO|IN|ANY|BY|FOR|WITH"
    r"|THAT|NOT|SUCH|ALL))\Z"
)
_GAP = re.compile(r"(?<=\S)[ \t\u00a0]{3,}(?=\S)")
# Each gap holds one of these; most lines hold none.
_GAP_MARKS = ("  ", "\t", "\u00a0")
_AFTER_GAP = re.compile(r"[\"“(\[A-Z0-9§]")
# Words in the middle of a sentence: the line after one of them goes on with it, blank line or not.
_MID_WORD = re.compile(
    r"\b(?:the|of|to|in|any|by|for|with|that|which|such|as|at|from|on|its|their|this|shall|will"
    r"|be|is|are|under|each|other|not|(?:of|to|in|by|for|with|as|at|from|on|is|or|and)\s+an?)\Z",
    re.IGNORECASE,
)
_UNDERLINE = re.compile(r"[\s_=-]{3,}\Z")
_RULED = re.compile(r"[-=_]{3,}\s+\w")
_EMPHASIS = re.compile(r"[*_]{1,3}(?=[\dA-Z(§])")
_MIN_WIDTH, _MAX_WIDTH = 24, 160
_SHORT_CELL = 120
_FOOT = re.compile(r"(?<=\S)\s+(Page\s\d{1,3}\sof\s\d{1,3})\Z")
_FOOTED = 60
# The number of a page before that of a clause ("2 2. TERM"); an entry of a contents list ends in
# the number of another page.
_HEADED = re.compile(r"(?:-\d{1,3}-\s+)?\d{1,3}\s+(?=\d{1,2}\.\s+[A-Z][A-Za-z]{2})")
_ENOUGH = 8


@dataclass(slots=True)
class Piece:
    """A stretch of text, as ranges between furniture, with the label that may open it.

    ``strength`` is PARAGRAPH, or LINE where only a line break speaks for a new clause; ``fresh``
    says that the line before is a heading or too short to have been wrapped, ``shifted`` that the
    line stands further in than the one before.
    """

    ranges: list[tuple[int, int]]
    strength: int
    line: Line
    label: Label | None
    auto: bool = False
    fresh: bool = False
    shifted: bool = False

    @property
    def start(self) -> int:
        """The first character."""
        return self.ranges[0][0]

    @property
    def end(self) -> int:
        """The end of the last range."""
        return self.ranges[-1][1]


def split_pages(text: str, lines: list[Line]) -> list[Line]:
    """Cut off page numbers that a converter ran together with a line.

    Those are "Page 2 of 13" at its end, and a bare number before the number of a clause.
    """
    kept: list[Line] = []
    for line in lines:
        found = None
        if not line.whole and not text[line.end - 1].isdigit():
            head = _HEADED.match(text, line.start, line.end)
            if head is not None:
                end = line.start + len(head[0].rstrip())
                kept.append(replace(line, end=end, furniture=True))
                line = replace(line, start=head.end(), gap=0)
        if not line.whole and line.end - line.start > _FOOTED and text[line.end - 1].isdigit():
            found = _FOOT.search(text, line.end - 24, line.end)
        if found is None:
            kept.append(line)
            continue
        kept.append(replace(line, end=found.start()))
        kept.append(replace(line, start=found.start(1), gap=1, label="", style=""))
    return kept


def split_gaps(text: str, lines: list[Line]) -> list[Line]:
    """Cut lines in which wide gaps stand where paragraph breaks were lost.

    Converters of filings put three or more spaces for a break; typists justified lines with the
    same. The gaps are taken for breaks only where nearly all of them follow a finished sentence.
    """
    width = measure_width(lines)
    if width <= _MAX_WIDTH or not any(not line.whole for line in lines):
        return lines
    kept: list[Line] = []
    cuts: dict[int, list[tuple[int, int]]] = {}
    good = total = 0
    for position, line in enumerate(lines):
        if line.whole or line.end - line.start < 60:
            continue
        if not any(mark in text[line.start : line.end] for mark in _GAP_MARKS):
            continue
        for found in _GAP.finditer(text, line.start, line.end):
            total += 1
            if _is_break(text, found.start(), found.end()):
                good += 1
                cuts.setdefault(position, []).append(found.span())
    if good < 3 or good < 0.6 * total:
        return lines
    for position, line in enumerate(lines):
        start = line.start
        for left, right in cuts.get(position, ()):
            # "1.   Term" keeps its number.
            if left - start >= 12 or (left - start >= 6 and text[left - 1] not in ".)"):
                first = start == line.start
                kept.append(replace(line, start=start, end=left, gap=line.gap if first else 1))
                start = right
        kept.append(replace(line, start=start, gap=line.gap if start == line.start else 1))
    return kept


def _is_break(text: str, left: int, right: int) -> bool:
    before = text[left - 1]
    if not _AFTER_GAP.match(text, right):
        return False
    return before in '.;:!?"”)]' or before.isupper() or before == "_" or text[right].isdigit()


def measure_width(lines: list[Line]) -> int:
    """Return the length that nine of ten physical lines do not exceed."""
    lengths = sorted(line.end - line.start for line in lines if not line.whole)
    return lengths[(len(lengths) * 9) // 10] if lengths else 0


def group_lines(text: str, lines: list[Line]) -> Iterator[Piece]:
    """Yield the pieces of the lines that are not furniture, in order."""
    layout = _see_layout(text, lines)
    piece: Piece | None = None
    last: Line | None = None
    interrupted = apart = False
    for line in lines:
        if line.furniture:
            interrupted = True
            # A row of dashes underlines the line above; it does not part two paragraphs.
            apart = apart or text[line.start] not in "-=_" or line.gap > 0
            continue
        label, auto = _label_of(text, line)
        joined = strength = None
        if piece is not None and last is not None:
            joined = _joins(text, piece, last, line, label, layout, apart)
            if label and not line.whole and not auto:
                # A number at the top of a page may be one that the sentence before refers to.
                torn = (apart or line.gap >= 3) and _is_torn(text, last, line)
                if (line.gap == 0 and not apart) or torn:
                    strength = LINE
        if joined and piece is not None:
            if interrupted:
                piece.ranges.append((line.start, line.end))
            else:
                piece.ranges[-1] = (piece.ranges[-1][0], line.end)
        else:
            if piece is not None:
                yield piece
            fresh = (
                strength == LINE
                and last is not None
                and (
                    last.end - last.start < 0.6 * layout.width
                    or is_heading(text, last.start, last.end)
                )
            )
            strength = PARAGRAPH if strength is None else strength
            shifted = not layout.wrapped or (last is not None and line.indent > last.indent + 3)
            piece = Piece([(line.start, line.end)], strength, line, label, auto, fresh, shifted)
        last, interrupted, apart = line, False, False
    if piece is not None:
        yield piece


class _Layout(NamedTuple):
    """How physical lines make paragraphs.

    ``width`` is the length that nine of ten lines do not exceed; ``wrapped`` says that paragraphs
    run over several lines, and ``parted`` that a blank line stands between any two.
    """

    width: int
    wrapped: bool
    parted: bool


def _see_layout(text: str, lines: list[Line]) -> _Layout:
    width = measure_width(lines)
    physical = sum(1 for line in lines if not line.whole)
    close = sum(1 for line in lines if not line.whole and line.gap == 0)
    wrapped = close >= 0.2 * physical
    parted = wrapped and width > _MAX_WIDTH and _parts_by_blanks(text, lines)
    return _Layout(width, wrapped and (parted or _MIN_WIDTH <= width <= _MAX_WIDTH), parted)


def _parts_by_blanks(text: str, lines: list[Line]) -> bool:
    """Tell whether all numbered paragraphs stand apart, so that a mere line break wraps."""
    numbered = [
        line for line in lines if not (line.whole or line.furniture) and text[line.start].isdigit()
    ]
    apart = [
        line for line in numbered if (label := _read_marked(text, line)) and label.family[0] == "d"
    ]
    return len(apart) >= _ENOUGH and all(line.gap for line in apart if line is not lines[0])


def _label_of(text: str, line: Line) -> tuple[Label | None, bool]:
    if line.style == "title":
        return None, False
    if line.label:
        found = read_label(line.label + " ", 0, len(line.label) + 1)
        readings = found.readings if found and line.label[0] != "#" else (Reading("bullet", (0,)),)
        return Label(line.label, line.start, readings), True
    if line.number is not None:
        return Label(
            text[line.start : line.end], line.end, (Reading("dec1", (line.number,)),)
        ), False
    if line.style == "list" and line.whole:
        # Word draws the bullet; the text does not hold it.
        return Label("", line.start, (Reading("bullet", (0,)),)), True
    return _read_marked(text, line), False


def _read_marked(text: str, line: Line) -> Label | None:
    """Return the label of a line, stepping over Markdown's marks of a heading or of bold type."""
    label = read_label(text, line.start, line.end)
    at = line.start
    if label is not None and label.family == "head":
        at = label.end
        while at < line.end and text[at].isspace():
            at += 1
    marks = _EMPHASIS.match(text, at, line.end)
    if marks:
        at = marks.end()
    if at == line.start:
        return label
    inner = read_label(text, at, line.end)
    return inner if inner is not None and inner.printed and inner.family != "bullet" else label


def _joins(
    text: str,
    piece: Piece,
    last: Line,
    line: Line,
    label: Label | None,
    layout: _Layout,
    interrupted: bool,
) -> bool:
    """Tell whether ``line`` goes on with the paragraph that ends with ``last``."""
    if line.cell is not None or last.cell is not None:
        return _joins_cell(piece, last, line, label)
    if label:
        return False
    if line.whole or last.whole:
        return bool(line.page) and _joins_pages(text, piece, last, line, interrupted)
    if line.style or last.style:
        return _joins_styled(text, last, line, layout.width)
    if last.number is not None or (piece.label and piece.label.end >= piece.end):
        return False
    length = last.end - last.start
    tail = text[max(last.start, last.end - 12) : last.end]
    if tail.endswith("---"):
        # The rule that underlines a word of the line stands after the line's own words.
        ruled = text[max(last.start, last.end - 200) : last.end]
        tail = _UNDERLINE.sub("", ruled)[-12:]
    closed = _CLOSED.search(tail) is not None
    lower = text[line.start].islower() or _RULED.match(text, line.start, line.end) is not None
    if line.gap == 0 and not interrupted:
        if not layout.wrapped:
            return lower and not closed
        if layout.parted or (lower and not closed):
            return True
        if length + _first_word(text, line) < 0.72 * layout.width and (
            closed or is_heading(text, piece.start if piece.label else last.start, last.end)
        ):
            return False
        if closed and _is_caps_heading(text, line):
            return text[last.start : last.end].isupper()
        return True
    if closed or (text[line.start] in "•-*" and not lower):
        return False
    if _MID_WORD.search(tail):
        return True
    if lower:
        first = piece.label.end if piece.label else piece.start
        # The last line of a sentence may look like a heading; a paragraph of one line may be one.
        return not _ends_list(tail) and not (
            first >= last.start and is_heading(text, first, last.end)
        )
    if not (interrupted or line.gap >= 3):
        return False
    if _OPEN_WORD.search(tail):
        return not is_heading(text, piece.start, piece.end)
    # A paragraph in capitals is no heading, though its last line looks like one.
    titled = is_heading(text, piece.start, piece.end)
    full = length >= min(60, 0.8 * layout.width)
    return full and not titled and not tail.endswith("_")


def _joins_pages(text: str, piece: Piece, last: Line, line: Line, interrupted: bool) -> bool:
    """Tell whether a paragraph of a PDF goes on with the one before a page's end or number."""
    if last.number is not None or last.style or not (interrupted or line.page != last.page):
        return False
    tail = text[max(last.start, last.end - 12) : last.end]
    if _CLOSED.search(tail):
        return False
    first = piece.label.end if piece.label else piece.start
    # The last line of a sentence may look like a heading; a paragraph of one line may be one.
    goes_on = text[line.start].islower() and not _ends_list(tail)
    goes_on = goes_on and not (first >= last.start and is_heading(text, first, last.end))
    return goes_on or tail.endswith(",") or _MID_WORD.search(tail) is not None


def _joins_styled(text: str, last: Line, line: Line, width: int) -> bool:
    """Tell whether a heading, or a sentence that begins in bold, goes on in the next line."""
    if "heading" not in (line.style, last.style) or last.number is not None:
        return False
    if line.gap:
        # A term in bold may be all that a page break leaves of a sentence for the next page.
        tail = text[max(last.start, last.end - 12) : last.end]
        return not last.style and line.gap >= 3 and _MID_WORD.search(tail) is not None
    if line.style not in ("", "heading") or last.style not in ("", "heading"):
        return False
    tail = text[max(last.start, last.end - 12) : last.end]
    if _CLOSED.search(tail):
        return False
    filled = last.end - last.start + _first_word(text, line) >= 0.72 * width
    # A bold term may fill a line of its sentence, or open a sentence in capitals.
    goes_on = line.style == last.style or not last.style or _OPEN_WORD.search(tail) is not None
    goes_on = goes_on or reads_on(text, last.start, last.end)
    if line.style == last.style and _OPEN_WORD.search(tail):
        return True
    lower = text[line.start].islower() and (line.style == last.style or not last.style)
    return lower or (filled and goes_on)


def _is_torn(text: str, last: Line, line: Line) -> bool:
    """Tell whether the words before a page break are no finished sentence or heading."""
    tail = text[max(last.start, last.end - 12) : last.end]
    # A dash may close a page number ("-2-").
    open_word = _OPEN_WORD.search(tail) is not None and not tail.endswith("-")
    return open_word and not line.style and not last.style


def _ends_list(tail: str) -> bool:
    return tail.endswith((";", ":"))


def _first_word(text: str, line: Line) -> int:
    space = text.find(" ", line.start, line.end)
    return (space if space > 0 else line.end) - line.start


def _is_caps_heading(text: str, line: Line) -> bool:
    first = text[line.start : min(line.end, line.start + 80)]
    return first.isupper() and is_heading(text, line.start, line.end)


def _joins_cell(piece: Piece, last: Line, line: Line, label: Label | None) -> bool:
    """Join the cells of a row while the earlier ones are as short as a caption or a number."""
    if last.cell is None or line.cell is None or line.style == "heading":
        return False
    if line.label or (label and label.printed[-1:] in (".", ")")):
        return False
    same_row = last.cell[:2] == line.cell[:2] and last.cell[2] != line.cell[2]
    return same_row and piece.end - piece.start <= _SHORT_CELL


def resolve_numbers(text: str, lines: list[Line]) -> None:
    """Decide which numbers alone on a line are clause numbers; the others become furniture.

    A clause number follows the clause before it and stands above a heading or a new sentence; a
    page number follows the page before it or cuts a sentence in two.
    """
    kept = [line for line in lines if not line.furniture]
    # A number above a mark of the filing is that of the page; above a page break it surely is.
    topped = {
        line.start for line, below in pairwise(lines) if line.number is not None and below.furniture
    }
    paged = {line.start for line, below in pairwise(lines) if text[below.start] == "<"}
    clause = page = 0
    before: Line | None = None
    for position, line in enumerate(kept):
        if line.number is None:
            label, _ = _label_of(text, line) if text[line.start].isdigit() else (None, False)
            if (
                label
                and label.readings[0].scheme == "dec1"
                and label.readings[0].path[0] <= clause + 3
            ):
                clause = max(clause, label.readings[0].path[0])
            before = line
            continue
        after = kept[position + 1] if position + 1 < len(kept) else None
        early = before is None or before.number is not None
        marked = line.start in topped and (early or line.start in paged)
        if not marked and _is_clause_number(text, line, before, after, clause, page):
            clause, before = line.number, line
        else:
            page = line.number
            line.furniture, line.number = True, None


def _is_clause_number(
    text: str, line: Line, before: Line | None, after: Line | None, clause: int, page: int
) -> bool:
    if line.number != clause + 1 or after is None or after.number is not None or line.cell:
        return line.cell is not None
    heading = is_heading(text, after.start, after.end)
    if after.gap >= 3 or not (heading or text[after.start].isupper()):
        return False
    if before is not None and not before.number:
        tail = text[max(before.start, before.end - 12) : before.end]
        if not _CLOSED.search(tail) and not is_heading(text, before.start, before.end):
            return False
    return heading or line.number != page + 1
