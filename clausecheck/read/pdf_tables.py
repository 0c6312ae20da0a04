"""Find the cells of tables without rules, by what stands side by side.

Comes in: the rows of a page with the boxes of their stretches. Goes out: areas with the places at
which their columns begin. Ruled tables are the concern of ``pdf_grid``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from clausecheck.read.pdf_layout import Line

Box = tuple[float, float, float, float]

_LABELS = re.compile(
    r"(?:(?:\(?[A-Za-z0-9]{1,4}[.)]|\d{1,2}(?:\.\d{1,2}){0,4}\.?|[\u2022\u00b7\u25aa\u25cf\u25cb"
    r"\ue000-\uf8ffo\u2013*-]|[\[(]\s?[xX]?\s?[\])])\s+){1,2}"
    r"|(?:Section|Article|Clause|Schedule|Exhibit)\s+\S+\s",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(r"\d{1,4}|[ivxl]{1,6}")
_APART = 1.15  # of a letter's height: wider than a word space, even of a justified line
_SAME_EDGE = 3.0
_WIDEST_NUMBER = 30.0
_MOST_ROWS = 400


class Start(NamedTuple):
    """Where a column begins, and the part of the page that shows it."""

    x: float
    bottom: float
    top: float


class Area(NamedTuple):
    """Part of a page whose text stands in columns; ``starts`` go from left to right."""

    bottom: float
    top: float
    starts: tuple[Start, ...]

    def column_of(self, x: float, y: float) -> int:
        """Return the column of a stretch that begins at ``x``, at the height ``y``."""
        found = 0
        for i, start in enumerate(self.starts):
            if start.x <= x + _SAME_EDGE and start.bottom <= y <= start.top:
                found = i
        return found


class Stretch(NamedTuple):
    """Words of a row without a wide gap between them."""

    left: float
    right: float
    bottom: float
    top: float
    row: int


def find_tab(text: str, spans: Sequence[tuple[float, float]], size: float) -> bool:
    """Tell whether a line opens with a number or bullet and then a gap wider than a space.

    >>> find_tab("1.1 Fees", [(70.0, 85.0), (105.0, 130.0)], 10.0)
    True
    """
    label = _LABELS.match(text)
    if label is None or len(spans) < 2:
        return False
    ordered = sorted(spans)
    gap = max(b[0] - a[1] for a, b in pairwise(ordered[:3]))
    return gap > 0.42 * size


def has_gap(text: str, boxes: Sequence[Box]) -> bool:
    """Tell whether a row has a gap between its words that is not the one after its number."""
    return len(part_row(text, boxes)) > 1


def find_areas(texts: Sequence[str], rows: Sequence[Sequence[Box]]) -> list[Area]:
    """Return the parts of a page that are tables without rules, from the top down.

    A column is told by two or more stretches that begin at the same place beside others.

    >>> left, right = (50.0, 0.0, 99.0, 9.0), (200.0, 0.0, 250.0, 9.0)
    >>> rows = [[(a, 20.0 * i, c, 20.0 * i + 9) for a, _, c, _ in (left, right)] for i in (2, 1)]
    >>> [[start.x for start in area.starts] for area in find_areas(["Fee 10", "Tax 20"], rows)]
    [[50.0, 200.0]]
    """
    if len(rows) > _MOST_ROWS:
        return []
    stretches = [s for i, boxes in enumerate(rows) for s in part_row(texts[i], boxes, i)]
    stretches.sort(key=lambda s: -s.top)
    beside: list[tuple[Stretch, Stretch]] = []
    for i, one in enumerate(stretches):
        for other in stretches[i + 1 :]:
            if other.top <= one.bottom:
                break
            left, right = (one, other) if one.left <= other.left else (other, one)
            if _stand_beside(left, right, texts):
                beside.append((left, right))
    if len(beside) < 2:
        return []
    return _merge_areas(beside, stretches, texts)


def part_row(text: str, boxes: Sequence[Box], row: int = 0) -> list[Stretch]:
    """Return the stretches of a row between gaps wider than a space; its number opens no column."""
    parts: list[Stretch] = []
    for left, bottom, right, top in sorted(boxes):
        if parts and left - parts[-1].right < _APART * max(top - bottom, 6.0):
            last = parts[-1]
            parts[-1] = Stretch(
                last.left, max(right, last.right), min(bottom, last.bottom), max(top, last.top), row
            )
        else:
            parts.append(Stretch(left, right, bottom, top, row))
    if len(parts) > 1 and _LABELS.match(text) and parts[0].right - parts[0].left < 60:
        first, second = parts[:2]
        parts[:2] = [
            Stretch(
                first.left,
                second.right,
                min(first.bottom, second.bottom),
                max(first.top, second.top),
                row,
            )
        ]
    return parts


def _stand_beside(left: Stretch, right: Stretch, texts: Sequence[str]) -> bool:
    shared = min(left.top, right.top) - max(left.bottom, right.bottom)
    low = min(left.top - left.bottom, right.top - right.bottom)
    if shared < 0.4 * low or right.left - left.right < _APART * max(low, 6.0):
        return False
    # A number and its paragraph, written apart.
    alone = left.row != right.row and left.right - left.left < 60
    return not (alone and _LABELS.fullmatch(texts[left.row] + " "))


def _merge_areas(
    beside: Sequence[tuple[Stretch, Stretch]],
    stretches: Sequence[Stretch],
    texts: Sequence[str],
) -> list[Area]:
    """Return areas in which the same columns go on and no stretch crosses them."""
    found: list[tuple[float, float, float]] = []
    for start in _cluster([right.left for _, right in beside]):
        pairs = [(a, b) for a, b in beside if abs(b.left - start) <= _SAME_EDGE]
        crossing = sorted(
            (s.top + s.bottom) / 2
            for s in stretches
            if s.left < start - _SAME_EDGE and s.right > start + _SAME_EDGE
        )
        runs: dict[int, list[tuple[Stretch, Stretch]]] = {}
        for pair in pairs:
            middle = (pair[1].top + pair[1].bottom) / 2
            runs.setdefault(bisect_right(crossing, middle), []).append(pair)
        for run in runs.values():
            if len({round(b.top) for _, b in run}) > 1 and not _count_pages(run, texts):
                low = min(min(a.bottom, b.bottom) for a, b in run)
                high = max(max(a.top, b.top) for a, b in run)
                found.append((low, high, start))
    found.sort(key=lambda f: (-f[1], f[2]))
    areas: list[Area] = []
    for low, high, start in found:
        if areas and min(areas[-1].top, high) - max(areas[-1].bottom, low) > 0:
            last = areas[-1]
            starts = tuple(sorted({*last.starts, Start(start, low, high)}))
            areas[-1] = Area(min(last.bottom, low), max(last.top, high), starts)
        else:
            areas.append(Area(low, high, (Start(start, low, high),)))
    return [_complete(area, stretches) for area in areas]


def _count_pages(run: Sequence[tuple[Stretch, Stretch]], texts: Sequence[str]) -> bool:
    """Tell the page numbers of a table of contents from a column."""
    if any(right.right - right.left > _WIDEST_NUMBER for _, right in run):
        return False
    ends = [texts[right.row].split()[-1] for _, right in run]
    if not all(_PAGE_NUMBER.fullmatch(end) for end in ends):
        return False
    values = [int(end) for end in ends if end.isdigit()]
    return len(ends) > 2 and values == sorted(values)


def _cluster(places: Sequence[float]) -> list[float]:
    clusters: list[list[float]] = []
    for place in sorted(places):
        if clusters and place - clusters[-1][0] <= _SAME_EDGE:
            clusters[-1].append(place)
        else:
            clusters.append([place])
    return [cluster[0] for cluster in clusters if len(cluster) > 1]


def _complete(area: Area, stretches: Sequence[Stretch]) -> Area:
    """Return ``area`` with the start of its first column."""
    inside = [s.left for s in stretches if area.bottom <= (s.top + s.bottom) / 2 <= area.top]
    first = min([*inside, area.starts[0].x])
    if first < area.starts[0].x - _SAME_EDGE:
        return area._replace(starts=(Start(first, area.bottom, area.top), *area.starts))
    return area


def number_cells(lines: Sequence[Line]) -> list[tuple[int, int, int] | None]:
    """Return (table, row, column) for each line that stands in a table, tables counted from 0."""
    tables: dict[tuple[int, int], int] = {}
    return [
        None
        if line.cell is None
        else (
            tables.setdefault((line.page, line.cell.table), len(tables)),
            line.cell.row,
            line.cell.column,
        )
        for line in lines
    ]
