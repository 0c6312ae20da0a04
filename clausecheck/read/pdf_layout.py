"""Put the lines of a PDF page in reading order.

Comes in: lines with boxes. Goes out: the same lines in order, column by column and cell by cell.
Nothing here knows how a PDF is opened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from clausecheck.read.pdf_grid import Cell

Box = tuple[float, float, float, float]

_MIN_COLUMN_LINES = 12
_MIN_GUTTER = 8.0
_WIDEST_PAGE = 14_400.0  # points: PDF 32000-1, annex C.2
_BIN = 2.0
_LABEL = re.compile(r"\(?[A-Za-z0-9]{1,4}[.)]|\d{1,2}(?:\.\d{1,2}){1,4}|[•·▪o]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page.

    ``box`` is (left, bottom, right, top) in points of the page; ``view`` is the same after the
    page's rotation, as a reader sees it; ``size`` is the height of its letters' font. ``base``
    is the height of its base line and ``word`` the width of its first word, both as seen; ``tab``
    tells that its number is followed by more than a space; ``cell`` is its place in a table
    and ``column`` its column of prose; ``marks`` are the ranges of raised figures in ``text``;
    ``slanted`` tells of text across the page, as of watermarks.
    """

    text: str
    page: int
    box: Box
    view: Box
    size: float
    bold: bool
    base: float = 0.0
    word: float = 0.0
    tab: bool = False
    cell: Cell | None = None
    column: int = 0
    marks: tuple[tuple[int, int], ...] = ()
    slanted: bool = False


def find_gutter(spans: Sequence[Sequence[tuple[float, float]]]) -> float | None:
    """Return the x of the empty strip between two columns of prose, or ``None``.

    ``spans`` holds, for every line of a page, the (left, right) stretches that it covers.

    >>> left, right = [(50.0, 280.0)], [(310.0, 540.0)]
    >>> find_gutter([left] * 20 + [right] * 20)
    296.0
    >>> find_gutter([[(50.0, 540.0)]] * 40) is None
    True
    """
    count = len(spans)
    if count < _MIN_COLUMN_LINES:
        return None
    low = min(s[0] for line in spans for s in line)
    high = max(s[1] for line in spans for s in line)
    extent = high - low
    wide = sum(_is_wide(line, extent) for line in spans)
    if not 200 <= extent <= _WIDEST_PAGE or wide > 0.4 * count:
        return None
    gutter = _find_empty_strip(spans, low, extent, allowed=wide + 0.04 * count)
    if gutter is None:
        return None
    lefts = [_clip(line, low, gutter) for line in spans]
    rights = [_clip(line, gutter, high) for line in spans]
    full = [_measure_prose([width for width in side if width]) for side in (lefts, rights)]
    return gutter if min(full) > 0.6 * max(full) > 0 else None


def find_lone_gutters(gutters: Sequence[float | None]) -> list[int]:
    """Return the 1-based pages whose gutter no other page shares: those are tables.

    >>> find_lone_gutters([298.0, 316.0, None, 400.0])
    [4]
    """
    if len(gutters) == 1:
        return []
    found = sorted((x, page) for page, x in enumerate(gutters, start=1) if x is not None)
    shared: set[int] = set()
    for (x, page), (after, other) in pairwise(found):
        # The columns of left and right pages differ by the binding margin.
        if after - x < 20:
            shared |= {page, other}
    return sorted(page for _, page in found if page not in shared)


def _is_wide(line: Sequence[tuple[float, float]], extent: float) -> bool:
    return sum(right - left for left, right in line) > 0.7 * extent and len(line) == 1


def _find_empty_strip(
    spans: Sequence[Sequence[tuple[float, float]]], low: float, extent: float, *, allowed: float
) -> float | None:
    """Return the middle of the widest strip in the central third that few lines cross."""
    bins = int(extent / _BIN) + 2
    change = [0] * (bins + 1)
    for line in spans:
        for left, right in line:
            change[int((left - low) / _BIN)] += 1
            change[int((right - low) / _BIN) + 1] -= 1
    crossing, best, best_start, run = 0, 0, 0, 0
    for i in range(bins):
        crossing += change[i]
        if crossing <= allowed and 0.33 * bins < i < 0.67 * bins:
            run += 1
            if run > best:
                best, best_start = run, i - run + 1
        else:
            run = 0
    if best * _BIN < _MIN_GUTTER:
        return None
    return low + (best_start + best / 2) * _BIN


def _clip(line: Sequence[tuple[float, float]], low: float, high: float) -> float:
    """Return how much of ``[low, high]`` a line spans."""
    inside = [(max(left, low), min(right, high)) for left, right in line]
    inside = [(left, right) for left, right in inside if right > left]
    return inside[-1][1] - inside[0][0] if inside else 0.0


def _measure_prose(widths: list[float]) -> float:
    """Return the width of a column of text, 0 for page numbers, signatures and table cells."""
    if len(widths) < _MIN_COLUMN_LINES:
        return 0.0
    full = sorted(widths)[int(0.9 * len(widths))]
    return full if full > 100 and median(widths) > 0.7 * full else 0.0


def order_columns(lines: Sequence[Line], gutter: float) -> list[Line]:
    """Return ``lines`` column by column, between the lines that cross ``gutter``."""
    ordered: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in sorted(lines, key=lambda each: (-each.view[3], each.view[0])):
        if line.view[2] <= gutter + _BIN:
            left.append(replace(line, column=1))
        elif line.view[0] >= gutter - _BIN:
            right.append(replace(line, column=2))
        else:
            ordered += [*left, *right, line]
            left, right = [], []
    return [*ordered, *left, *right]


_RAISED = re.compile(r"\d{1,3}|[*\u2020\u2021\u00a7]+")


def mend_rows(lines: Sequence[Line]) -> list[Line]:
    """Return ``lines`` with those made one that a raised mark or a change of font tore apart.

    >>> box = (50.0, 100.0, 80.0, 110.0)
    >>> a = Line("the Fee", 1, box, box, 10.0, False, base=102.0)
    >>> next_to_it = (82.0, 100.0, 99.0, 110.0)
    >>> b = Line("is due", 1, next_to_it, next_to_it, 10.0, False, base=102.0)
    >>> [line.text for line in mend_rows([a, b])]
    ['the Fee is due']
    """
    mended: list[Line] = []
    for line in lines:
        if mended and _is_torn(mended[-1], line):
            mended[-1] = _append(mended[-1], line)
        else:
            mended.append(line)
    return mended


def _is_torn(line: Line, after: Line) -> bool:
    if line.cell != after.cell or line.slanted or after.slanted:
        return False
    size = max(line.size, after.size)
    gap = after.view[0] - line.view[2]
    if not -0.3 * size < gap < (4.5 if _is_raised(line, after) else 0.9) * size:
        return False
    raised = _is_raised(after, line) or _is_raised(line, after)
    return abs(line.base - after.base) < (0.6 if raised else 0.25) * size


def _is_raised(mark: Line, line: Line) -> bool:
    return mark.size < 0.8 * line.size and _RAISED.fullmatch(mark.text) is not None


def _append(line: Line, after: Line) -> Line:
    close = after.view[0] - line.view[2] < 0.1 * max(line.size, after.size)
    at = len(line.text) + (not close)
    marks = ((0, len(after.text)),) if _is_raised(after, line) else after.marks
    opening = ((0, len(line.text)),) if _is_raised(line, after) else line.marks
    return replace(
        line,
        text=f"{line.text}{'' if close else ' '}{after.text}",
        box=_unite(line.box, after.box),
        view=_unite(line.view, after.view),
        size=line.size if len(line.text) > 3 else max(line.size, after.size),
        bold=line.bold and after.bold,
        base=after.base if len(line.text) <= 3 else line.base,
        marks=(*opening, *((at + begin, at + end) for begin, end in marks)),
    )


def attach_labels(lines: Sequence[Line]) -> list[Line]:
    """Return ``lines`` with each number or bullet that stands alone put before its own text.

    Some converters write all the numbers of a list first, then all its paragraphs.

    >>> a = Line("(a)", 1, (50.0, 100.0, 60.0, 110.0), (50.0, 100.0, 60.0, 110.0), 9.0, False)
    >>> b = Line("Fees", 1, (80.0, 100.0, 99.0, 110.0), (80.0, 100.0, 99.0, 110.0), 9.0, False)
    >>> [line.text for line in attach_labels([a, b])]
    ['(a) Fees']
    """
    labels = [i for i, line in enumerate(lines) if _LABEL.fullmatch(line.text)]
    if not labels or len(labels) == len(lines):
        return list(lines)
    levels: dict[int, list[int]] = {}
    for i, line in enumerate(lines):
        levels.setdefault(int(line.view[1] // 4), []).append(i)
    merged = dict(enumerate(lines))
    for i in labels:
        label = lines[i]
        middle = (label.view[1] + label.view[3]) / 2
        slot = int(label.view[1] // 4)
        beside = [
            (lines[k].view[0], k)
            for step in (-2, -1, 0, 1)
            for k in levels.get(slot + step, ())
            if k != i
            and k in merged
            and lines[k].cell == label.cell
            and lines[k].view[1] - 1 <= middle <= lines[k].view[3] + 1
            and -1 <= lines[k].view[0] - label.view[2] < 60
        ]
        if beside:
            k = min(beside)[1]
            if not _LABEL.fullmatch(lines[k].text):
                merged[k] = _put_before(label, merged[k])
                del merged[i]
    return list(merged.values())


def _put_before(label: Line, line: Line) -> Line:
    return replace(
        line,
        text=f"{label.text} {line.text}",
        box=_unite(label.box, line.box),
        view=_unite(label.view, line.view),
    )


def _unite(a: Box, b: Box) -> Box:
    return (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))


def order_lines(lines: Sequence[Line]) -> list[Line]:
    """Return ``lines`` from top to bottom without tearing cells and columns apart.

    The file's own order is kept, but for stretches that stand wholly above or below others: a
    footer that the file draws first moves to the end, table cells side by side stay as they are.
    """
    runs: list[list[Line]] = []
    for line in lines:
        if runs:
            before = runs[-1][-1].view
            if (line.view[1] + line.view[3]) / 2 <= before[3]:
                runs[-1].append(line)
                continue
        runs.append([line])
    if len(runs) < 2:
        return list(lines)
    placed = [
        (max(x.view[3] for x in run), min(x.view[1] for x in run), index)
        for index, run in enumerate(runs)
    ]
    placed.sort(key=lambda p: (-p[0], p[2]))
    clusters: list[list[int]] = []
    ceiling = floor = 0.0
    for top, bottom, index in placed:
        shared = top - max(bottom, floor)
        if clusters and shared > 0.3 * min(top - bottom, ceiling - floor):
            clusters[-1].append(index)
            floor = min(floor, bottom)
        else:
            clusters.append([index])
            ceiling, floor = top, bottom
    return [line for cluster in clusters for index in sorted(cluster) for line in runs[index]]


def order_page(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a page without columns in order, each table cell by cell."""
    if not any(line.cell for line in lines):
        return order_lines(lines)
    tables: dict[int, list[Line]] = {}
    units: list[Line] = []
    held: dict[int, list[Line]] = {}
    for line in lines:
        if line.cell is None:
            units.append(line)
            continue
        inside = tables.setdefault(line.cell.table, [])
        inside.append(line)
        if len(inside) == 1:
            # The table moves as one line as high as all of its rows.
            units.append(line)
            held[id(line)] = inside
    whole = [
        replace(unit, view=_unite_all([each.view for each in held[id(unit)]]))
        if id(unit) in held
        else unit
        for unit in units
    ]
    inside_of = {id(w): held[id(u)] for w, u in zip(whole, units, strict=True) if id(u) in held}
    ordered: list[Line] = []
    for unit in order_lines(whole):
        ordered += _order_cells(inside_of[id(unit)]) if id(unit) in inside_of else [unit]
    return ordered


def _order_cells(lines: Sequence[Line]) -> list[Line]:
    cells: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        if line.cell is not None:
            cells.setdefault((line.cell.row, line.cell.column), []).append(line)
    return [line for key in sorted(cells) for line in order_lines(cells[key])]


def _unite_all(boxes: Sequence[Box]) -> Box:
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
