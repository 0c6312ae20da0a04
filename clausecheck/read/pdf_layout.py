"""Put the lines of a PDF page in reading order, and join the lines of all pages to one text.

Comes in: lines with boxes. Goes out: the same lines in reading order, or the canonical text with
its blocks and anchors. Nothing here knows how a PDF is opened.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from clausecheck.read.pdf_tables import find_tables
from clausecheck.records import Anchor, Block, PdfPlace

Box = tuple[float, float, float, float]

_MIN_COLUMN_LINES = 12
_MIN_GUTTER = 8.0
_BIN = 2.0
_LABEL = re.compile(r"\(?[A-Za-z0-9]{1,4}[.)]|\d{1,2}(?:\.\d{1,2}){1,4}|[•·▪o]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page.

    ``box`` is (left, bottom, right, top) in points of the page; ``view`` is the same after the
    page's rotation, as a reader sees it; ``size`` is the height of its letters' font; ``gaps``
    counts the wide gaps between its words, as between the cells of a table.
    """

    text: str
    page: int
    box: Box
    view: Box
    size: float
    bold: bool
    gaps: int = 0


class Joined(NamedTuple):
    """Lines joined to one text."""

    text: str
    blocks: tuple[Block, ...]
    anchors: tuple[Anchor, ...]


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
    if extent < 200 or wide > 0.4 * count:
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
            left.append(line)
        elif line.view[0] >= gutter - _BIN:
            right.append(line)
        else:
            ordered += [*left, *right, line]
            left, right = [], []
    return [*ordered, *left, *right]


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


_HYPHENS = "-\u2010\u00ad"
_LEFT_PART = re.compile(rf"([A-Za-z]?[a-z]+)[{_HYPHENS}]$")
_RIGHT_PART = re.compile(r"([a-z]+)")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_TOKEN = re.compile(r"\S+")
# First parts that contracts hyphenate when the rest of the file gives no sign.
_COMPOUNDING = frozenset(
    ("co", "cross", "ex", "long", "non", "post", "pre", "self", "short", "so", "third", "well")
)


def join_lines(lines: Sequence[Line]) -> Joined:
    r"""Return one text with a line break between lines, and its blocks and anchors.

    A word that is split at the end of a line is made whole on the first of the two lines; its
    second part keeps the anchor of the line where it is printed.

    >>> box = (0.0, 0.0, 9.0, 9.0)
    >>> a, b = (Line(t, 1, box, box, 9.0, False) for t in ("the obli-", "gations of"))
    >>> join_lines([a, b]).text
    'the obligations\nof'
    """
    headings = _find_headings(lines)
    tables = find_tables(lines)
    words: frozenset[str] | None = None
    parts: list[str] = []
    blocks: list[Block] = []
    anchors: list[Anchor] = []
    at = 0
    start = 0
    skip = 0

    def put(text: str, line: Line) -> None:
        nonlocal at
        parts.append(text)
        anchors.append(Anchor(at, at + len(text), PdfPlace(line.page, line.box)))
        at += len(text)

    for i, line in enumerate(lines):
        text = line.text[skip:].lstrip()
        skip = 0
        if not text:
            continue
        if parts:
            parts.append("\n")
            at += 1
        start = at
        after = lines[i + 1] if i + 1 < len(lines) else None
        tail = None
        if after is not None and text[-1] in _HYPHENS:
            if words is None:
                words = _collect_words(lines)
            kept = _mend_hyphen(text, after.text, words)
            tail = _TOKEN.match(after.text) if kept is not None else None
            text = kept or text
        put(text, line)
        if tail is not None and after is not None:
            put(tail.group(), after)
            skip = tail.end()
        if i in tables:
            blocks.append(Block(start, at, cell=(*tables[i], 0)))
        else:
            blocks.append(Block(start, at, style="heading" if i in headings else ""))
    return Joined("".join(parts), tuple(blocks), tuple(anchors))


def _mend_hyphen(text: str, after: str, words: frozenset[str]) -> str | None:
    """Return ``text`` as it must end to be continued by ``after``, or ``None`` to leave both."""
    left, right = _LEFT_PART.search(text), _RIGHT_PART.match(after)
    if left is None or right is None:
        return None
    first, second = left.group(1).lower(), right.group(1)
    compound = text[:-1] + "-"
    if f"{first}-{second}" in words:
        return compound
    if first + second in words:
        return text[:-1]
    both_words = len(first) > 2 and len(second) > 2 and first in words and second in words
    return compound if both_words or first in _COMPOUNDING else text[:-1]


def _collect_words(lines: Sequence[Line]) -> frozenset[str]:
    """Return the words of all lines without those that a line end may have cut."""
    found: set[str] = set()
    cut = False
    for line in lines:
        words = _WORD.findall(line.text.lower())
        before, cut = cut, line.text[-1] in _HYPHENS
        found.update(words[1 if before else 0 : -1 if cut else None])
    return frozenset(found)


def _find_headings(lines: Sequence[Line]) -> frozenset[int]:
    """Return the indexes of lines that stand out by size or weight."""
    sizes: Counter[float] = Counter()
    bold = 0
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
        bold += line.bold
    if not sizes:
        return frozenset()
    body = max(sizes.items(), key=lambda item: (item[1], -item[0]))[0]
    weight_tells = bold < 0.5 * len(lines)
    found: list[int] = []
    run: list[int] = []
    for i in range(len(lines) + 1):
        if i < len(lines) and _stands_out(lines[i], body, weight_tells):
            run.append(i)
            continue
        # Bold capitals over many lines are a disclaimer, not a heading.
        if len(run) <= 3:
            found += run
        run = []
    return frozenset(found)


def _stands_out(line: Line, body: float, weight_tells: bool) -> bool:
    if len(line.text) > 120 or not any(c.isalpha() for c in line.text):
        return False
    return line.size > 1.12 * body or (weight_tells and line.bold)
