"""Find the ruled tables of a PDF page and the cells that its lines enclose.

Comes in: a page's drawn paths. Goes out: grids; merged cells are one cell. Tables without rules
are left to ``pdf_tables``.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

Box = tuple[float, float, float, float]

_THIN = 3.2
_NEAR = 3.0
_SHORTEST = 6.0
_STRIP = 7.0
_LEAD = 2.0  # from the edge of a column to its text
# A page of a real table has some hundred rules; a drawing or a hostile page has more.
_MAX_PATHS = 4000
_MAX_POINTS = 400
_MAX_CELLS = 6000


class Cell(NamedTuple):
    """A cell: its table on the page, its row and column, and the x at which it begins and ends."""

    table: int
    row: int
    column: int
    left: float
    right: float


class Rule(NamedTuple):
    """A drawn line: its place across (``at``) and where it begins and ends along."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Grid:
    """The cells of one table: ``roots`` gives for every basic cell the one that it is part of."""

    table: int
    xs: list[float]
    ys: list[float]
    roots: list[int]
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)

    def find(self, x: float, y: float) -> Cell | None:
        """Return the cell at a point of the page as shown, or ``None`` outside the table."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]):
            return None
        columns = len(self.xs) - 1
        column = min(columns - 1, bisect_right(self.xs, x) - 1)
        row = min(len(self.ys) - 2, bisect_right(self.ys, y) - 1)
        root = self.roots[row * columns + column]
        left, right = self.spans[root]
        # Rows count from the top, where y is greatest.
        top = len(self.ys) - 2 - root // columns
        return Cell(self.table, top, left, self.xs[left], self.xs[right + 1])


def find_cell(grids: Sequence[Grid], x: float, y: float) -> Cell | None:
    """Return the innermost cell at a point, or ``None``."""
    for grid in grids:
        cell = grid.find(x, y)
        if cell is not None:
            return cell
    return None


def find_grids(page: Any, turn: Callable[[Box], Box], words: Sequence[Box]) -> list[Grid]:
    """Return the ruled tables of a page, small ones first.

    ``turn`` maps a box to the page as shown; ``words`` are the boxes of its text without wide gaps:
    where only the rows are ruled, the empty strips between them part the columns.
    """
    across: list[Rule] = []
    down: list[Rule] = []
    for box, boxed in _walk_rules(page):
        left, bottom, right, top = turn(box)
        width, height = right - left, top - bottom
        if height <= _THIN and width >= _SHORTEST:
            across.append(Rule((top + bottom) / 2, left, right))
        elif width <= _THIN and height >= _SHORTEST:
            down.append(Rule((left + right) / 2, bottom, top))
        elif boxed and width > _THIN and height > _THIN:
            across += [Rule(bottom, left, right), Rule(top, left, right)]
            down += [Rule(left, bottom, top), Rule(right, bottom, top)]
    return build_grids(across, [*down, *find_strips(across, down, words)])


def find_strips(across: Sequence[Rule], down: Sequence[Rule], words: Sequence[Box]) -> list[Rule]:
    """Return rules for the columns of tables whose rows alone are ruled.

    A column begins where the words of two or more rows begin, beside others, and where those of
    most rows leave room.

    >>> rows = [Rule(y, 0, 200) for y in (0, 20, 40)]
    >>> words = [(1, 5, 30, 15), (90, 5, 130, 15), (1, 25, 30, 35), (90, 25, 130, 35)]
    >>> sorted({rule.at for rule in find_strips(rows, [], words)})
    [0, 89, 200]
    """
    alike: dict[tuple[int, int], list[Rule]] = {}
    for rule in across:
        alike.setdefault((round(rule.start / 4), round(rule.end / 4)), []).append(rule)
    found: list[Rule] = []
    for rules in alike.values():
        ys = _merge_places([rule.at for rule in rules])
        start, end = rules[0].start, rules[0].end
        if len(ys) < 3 or end - start < 100:
            continue
        walls = [d for d in down if start + _NEAR < d.at < end - _NEAR]
        if sum(min(d.end, ys[-1]) - max(d.start, ys[0]) for d in walls) > 0.5 * (ys[-1] - ys[0]):
            continue
        bands = [
            [b for b in words if low < (b[1] + b[3]) / 2 < high and start < b[2] and b[0] < end]
            for low, high in pairwise(ys)
        ]
        parted = _part_bands(bands)
        if not parted:
            continue
        # What the first column leaves free beside its text the others do too.
        pad = min([b[0] - start for band in bands for b in band if b[0] >= start], default=_LEAD)
        columns = [[x for x in parted if _begins(band, x)] for band in bands]
        first = next((i for i, places in enumerate(columns) if places), 0)
        last = max((i for i, places in enumerate(columns) if places), default=-1)
        for i in range(first, last + 1):
            places = [x - min(pad, 9.0) for x in parted if not _is_crossed(bands[i], x - _LEAD)]
            found += [Rule(x, ys[i], ys[i + 1]) for x in (start, *places, end)]
    return found


def _part_bands(bands: Sequence[Sequence[Box]]) -> list[float]:
    """Return where the columns of rows begin."""
    starts: list[float] = []
    for band in bands:
        own = {
            round(b[0], 1)
            for b in band
            if any(a[2] < b[0] - _STRIP for a in band) and not _is_crossed(band, b[0] - _LEAD)
        }
        starts += own
    filled = sum(bool(band) for band in bands)
    places: list[float] = []
    for x in sorted(starts):
        if places and x - places[-1] < 4 * _LEAD:
            continue
        count = sum(abs(other - x) < _NEAR for other in starts)
        free = sum(not _is_crossed(band, x - _LEAD) for band in bands if band)
        if count >= 2 and free >= 0.6 * filled:
            places.append(x)
    return places


def _begins(band: Sequence[Box], x: float) -> bool:
    """Tell whether a column at ``x`` has words in a row."""
    return any(abs(b[0] - x) < _NEAR for b in band) and not _is_crossed(band, x - _LEAD)


def _is_crossed(band: Sequence[Box], x: float) -> bool:
    return any(b[0] < x < b[2] for b in band)


def _walk_rules(page: Any) -> Iterator[tuple[Box, bool]]:
    """Yield the box of every straight path, and whether it is drawn as a frame."""
    import pypdfium2.raw as raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for i in range(min(raw.FPDFPage_CountObjects(page), _MAX_PATHS)):
        shape = raw.FPDFPage_GetObject(page, i)
        if raw.FPDFPageObj_GetType(shape) != raw.FPDF_PAGEOBJ_PATH:
            continue
        count = raw.FPDFPath_CountSegments(shape)
        if count > 5:
            if count <= _MAX_POINTS:
                yield from _walk_segments(shape, count)
            continue
        if raw.FPDFPageObj_GetBounds(shape, left, bottom, right, top):
            box = (left.value, bottom.value, right.value, top.value)
            yield box, count >= 4 and _is_stroked(shape)


def _is_stroked(shape: Any) -> bool:
    import pypdfium2.raw as raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(shape, fill, stroke) and stroke.value)


def _walk_segments(shape: Any, count: int) -> Iterator[tuple[Box, bool]]:
    """Yield the parts of a path that draws many rules at once."""
    import pypdfium2.raw as raw

    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(shape, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    last: tuple[float, float] | None = None
    for k in range(count):
        segment = raw.FPDFPath_GetPathSegment(shape, k)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_LINETO and last is not None:
            (x0, x1), (y0, y1) = sorted((last[0], point[0])), sorted((last[1], point[1]))
            yield (x0, y0, x1, y1), False
        last = point


def build_grids(across: Sequence[Rule], down: Sequence[Rule]) -> list[Grid]:
    """Return the grids that rules across and down the page make where they meet.

    >>> lines = [Rule(y, 0, 100) for y in (0, 20, 40)]
    >>> (grid,) = build_grids(lines, [Rule(x, 0, 40) for x in (0, 50, 100)])
    >>> grid.find(75, 30), grid.find(10, 10).row, grid.find(10, 50)
    (Cell(table=0, row=0, column=1, left=50, right=100), 1, None)
    """
    if len(across) < 2 or len(down) < 2 or len(across) * len(down) > 400_000:
        return []
    grids = []
    for part_across, part_down in _connect(across, down):
        xs = _merge_places([rule.at for rule in part_down])
        ys = _merge_places([rule.at for rule in part_across])
        count = (len(xs) - 1) * (len(ys) - 1)
        if 1 < count <= _MAX_CELLS:
            grids.append(_build_grid(xs, ys, part_across, part_down))
    grids = [grid for grid in grids if len(grid.spans) > 1]
    # A table inside another's cell is the smaller one and is asked first.
    grids.sort(key=lambda g: ((g.xs[-1] - g.xs[0]) * (g.ys[-1] - g.ys[0]), -g.ys[-1], g.xs[0]))
    order = sorted(grids, key=lambda g: (-g.ys[-1], g.xs[0]))
    for number, grid in enumerate(order):
        grid.table = number
    return grids


def _connect(
    across: Sequence[Rule], down: Sequence[Rule]
) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield the rules that touch one another, table by table."""
    parents = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parents[i] != i:
            parents[i] = parents[parents[i]]
            i = parents[i]
        return i

    for i, h in enumerate(across):
        for k, v in enumerate(down):
            if (
                h.start - _NEAR <= v.at <= h.end + _NEAR
                and v.start - _NEAR <= h.at <= v.end + _NEAR
            ):
                parents[root(i)] = root(len(across) + k)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, h in enumerate(across):
        groups.setdefault(root(i), ([], []))[0].append(h)
    for k, v in enumerate(down):
        groups.setdefault(root(len(across) + k), ([], []))[1].append(v)
    for part in groups.values():
        if len(part[0]) > 1 and len(part[1]) > 1:
            yield part


def _merge_places(places: list[float]) -> list[float]:
    merged: list[float] = []
    for place in sorted(places):
        if not merged or place - merged[-1] > _NEAR:
            merged.append(place)
    return merged


def _build_grid(
    xs: list[float], ys: list[float], across: Sequence[Rule], down: Sequence[Rule]
) -> Grid:
    """Join basic cells that no rule parts."""
    columns, rows = len(xs) - 1, len(ys) - 1
    walls = _cover(xs, ys, down)
    floors = _cover(ys, xs, across)
    roots = list(range(columns * rows))

    def root(i: int) -> int:
        while roots[i] != i:
            roots[i] = roots[roots[i]]
            i = roots[i]
        return i

    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            if column + 1 < columns and (column + 1, row) not in walls:
                roots[root(here + 1)] = root(here)
            if row + 1 < rows and (row + 1, column) not in floors:
                roots[root(here + columns)] = root(here)
    # The root of a cell is its top left basic cell: y grows upwards.
    best: dict[int, int] = {}
    spans: dict[int, tuple[int, int]] = {}
    for i in range(columns * rows):
        at = root(i)
        key = (-(i // columns), i % columns)
        if at not in best or key < (-(best[at] // columns), best[at] % columns):
            best[at] = i
    for i in range(columns * rows):
        top = best[root(i)]
        left, right = spans.get(top, (i % columns, i % columns))
        spans[top] = (min(left, i % columns), max(right, i % columns))
    return Grid(0, xs, ys, [best[root(i)] for i in range(columns * rows)], spans)


def _cover(places: list[float], along: list[float], rules: Sequence[Rule]) -> set[tuple[int, int]]:
    """Return (place, stretch) for every stretch between two of ``along`` that a rule covers."""
    covered: set[tuple[int, int]] = set()
    for rule in rules:
        at = min(range(len(places)), key=lambda i: abs(places[i] - rule.at))
        first = bisect_right(along, rule.start - _NEAR)
        for k in range(max(0, first - 1), len(along) - 1):
            middle = (along[k] + along[k + 1]) / 2
            if middle > rule.end:
                break
            if middle >= rule.start:
                covered.add((at, k))
    return covered
