"""Find the rows of tables among the lines of a PDF.

Comes in: lines in reading order. Goes out: the table and row of each line that stands in a table.
Only rows with wide gaps are taken for rows, and the short lines of wrapped cells between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clausecheck.read.pdf_layout import Line

_LABELS = re.compile(
    r"(?:(?:\(?[A-Za-z0-9]{1,4}[.)]|\d{1,2}(?:\.\d{1,2}){0,4}\.?|[•·▪o–-])\s+){1,2}"
    r"|(?:Section|Article|Clause|Schedule|Exhibit)\s+\S+\s",
    re.IGNORECASE,
)
_GAP = 1.5
_SHORT_ROW = 60
_WRAPPED = 6


def count_gaps(text: str, spans: Sequence[tuple[float, float]], size: float) -> int:
    """Return how many wide gaps part the words of a line; the one after its number is none.

    ``spans`` are the (left, right) stretches that the line covers, ``size`` that of its letters.

    >>> count_gaps("Item Unit", [(70.0, 90.0), (270.0, 290.0)], 10.0)
    1
    >>> count_gaps("1.1 Fees", [(70.0, 85.0), (105.0, 130.0)], 10.0)
    0
    """
    gaps = [
        (after[0] - before[1], after[0])
        for before, after in pairwise(spans)
        if after[0] - before[1] > _GAP * size
    ]
    if gaps and _LABELS.match(text) and gaps[0][1] - spans[0][0] < 150:
        return len(gaps) - 1
    return len(gaps)


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


def find_tables(lines: Sequence[Line]) -> dict[int, tuple[int, int]]:
    """Return (table, row) for the index of each line in a table, both counted from 0."""
    rows = [
        i
        for i, line in enumerate(lines)
        if line.cell is None and (line.gaps > 1 or _is_short_row(line))
    ]
    found: dict[int, tuple[int, int]] = {}
    right = max((line.view[2] for line in lines), default=0.0)
    left = min((line.view[0] for line in lines), default=0.0)
    narrow = 0.45 * (right - left)
    table = -1
    last = -1
    for before, here in pairwise(rows):
        between = lines[before + 1 : here]
        near = len(between) <= _WRAPPED and lines[before].page == lines[here].page
        if not near or any(each.cell or each.view[2] - each.view[0] > narrow for each in between):
            continue
        if before != last:
            table += 1
            found[before] = (table, 0)
        for index in range(before + 1, here + 1):
            found[index] = (table, found[index - 1][1] + 1)
        last = here
    return found


def _is_short_row(line: Line) -> bool:
    return line.gaps == 1 and len(line.text) <= _SHORT_ROW


def number_cells(lines: Sequence[Line]) -> list[tuple[int, int, int] | None]:
    """Return (table, row, column) for each line that stands in a table, with or without rules."""
    found: list[tuple[int, int, int] | None] = []
    loose = find_tables(lines)
    tables: dict[tuple[str, int, int], int] = {}
    for i, line in enumerate(lines):
        if line.cell is not None:
            key = ("ruled", line.page, line.cell.table)
            table = tables.setdefault(key, len(tables))
            found.append((table, line.cell.row, line.cell.column))
        elif i in loose:
            table = tables.setdefault(("loose", 0, loose[i][0]), len(tables))
            found.append((table, loose[i][1], 0))
        else:
            found.append(None)
    return found
