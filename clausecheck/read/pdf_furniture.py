"""Tell running heads, page numbers and stamps of a PDF from its text.

Comes in: the lines of every page. Goes out: the lines that are text, and a count of those that are
not, by kind, with examples.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from clausecheck.read.pdf_layout import Line

# Page edges hold at most this many lines of furniture (a legend may take several).
_EDGE_LINES = 6

# Spelt out: ignoring case would let the dotless i of Turkish pass for a roman number.
_NUMBER = re.compile(r"[0-9]+|(?<![^\W_])[ivxlIVXL]{1,7}(?![^\W_])")
_PAGE_ONLY = re.compile(
    r"\W*(?:p\s?a\s?g\s?e|p\.|pg\.?)?[\s|]*(?:[A-Za-z]{1,2}[-–. ]{1,3})?(?:\d{1,4}|[ivxl]{1,7})"
    r"(?:\s*(?:of|/)\s*\d{1,4})?[-–—\s\]|]*",
    re.IGNORECASE,
)
_PAGE_OF = re.compile(r"\W*page\s+\d{1,4}\s+of\s+\d{1,4}\W*", re.IGNORECASE)
_FILED = re.compile(r"Source:\s.{3,160}\d{1,2}/\d{1,2}/\d{4}\W*")
_STAMP = re.compile(
    r"source:|\bconfidential|\bproprietary|\bprivileged|\bdraft\b|\bexecution (?:copy|version)",
    re.IGNORECASE,
)
# Redactions ("[***]") and answers to be signed recur too, but they belong to the text.
_WORDING = re.compile(
    r"^(?!\W*(?:by|name|title|its|date)\s*:).*(?:[^\W\d_]{3}|[-_]{8})", re.IGNORECASE
)
_NUMBERED_PART = re.compile(
    r"\W*(?:article|section|part|schedule|exhibit|annex|appendix|attachment|addendum)\b",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_KINDS = ("running heads", "running feet", "page numbers", "stamps")


@dataclass(frozen=True, slots=True)
class Furniture:
    """Lines of page furniture by kind: how many, and up to three different wordings."""

    kind: str
    count: int
    examples: tuple[str, ...]


class _Edge(NamedTuple):
    line: Line
    top: bool
    gap: float
    keys: tuple[str, ...]


def split_furniture(
    pages: Sequence[tuple[Sequence[Line], float]],
) -> tuple[list[Line], list[Furniture]]:
    """Return the lines that are text, and the furniture that repeats from page to page.

    ``pages`` holds each page's lines in reading order and the page's height in points. A line is
    furniture when it stands among the outermost lines of its page and the same wording, in the same
    size, stands there on pages nearby too; a number in it may count the pages.
    """
    edges = [_find_edges(lines, height) for lines, height in pages]
    tally = _Tally(edges)
    # Words drawn across the page are a watermark.
    left_out = {id(line): "stamps" for lines, _ in pages for line in lines if line.slanted}
    for number, (page, (_, height)) in enumerate(zip(edges, pages, strict=True)):
        for top in (True, False):
            outermost = True
            for edge in page:
                if edge.top != top or id(edge.line) in left_out:
                    continue
                if _repeats(edge, tally, number, outermost, height):
                    left_out[id(edge.line)] = _name_kind(edge)
                else:
                    outermost = False
    kept: list[Line] = []
    dropped: dict[str, list[str]] = {}
    for lines, _ in pages:
        for line in lines:
            kind = left_out.get(id(line))
            if kind is None:
                kept.append(line)
            else:
                dropped.setdefault(kind, []).append(line.text)
    return kept, [
        Furniture(kind, len(dropped[kind]), tuple(dict.fromkeys(dropped[kind]))[:3])
        for kind in _KINDS
        if kind in dropped
    ]


class _Tally:
    """On how many pages, where, and at which height each wording stands."""

    def __init__(self, edges: Sequence[Sequence[_Edge]]) -> None:
        self.pages = len(edges)
        self._counts: Counter[str] = Counter()
        self._slots: Counter[tuple[str, int]] = Counter()
        self._where: set[tuple[str, int]] = set()
        for number, page in enumerate(edges):
            keys = {key for edge in page for key in edge.keys}
            self._counts.update(keys)
            self._slots.update({(key, _find_slot(edge)) for edge in page for key in edge.keys})
            self._where.update((key, number) for key in keys)

    def count(self, key: str) -> int:
        return self._counts[key]

    def count_level(self, key: str, slot: int) -> int:
        """Count the pages with ``key`` at about the same distance from the edge."""
        return sum(self._slots[key, slot + step] for step in (-1, 0, 1))

    def is_near(self, key: str, number: int, reach: int) -> bool:
        """Tell whether a page within ``reach`` pages has ``key`` too (left and right pages)."""
        return any(
            (key, number + sign * step) in self._where
            for step in range(1, reach + 1)
            for sign in (-1, 1)
        )

    def is_earlier(self, key: str, number: int) -> bool:
        """Tell whether one of the two pages before has ``key`` too."""
        return (key, number - 1) in self._where or (key, number - 2) in self._where


def _find_slot(edge: _Edge) -> int:
    return int(edge.gap // 3)


def _find_edges(lines: Sequence[Line], height: float) -> list[_Edge]:
    """Return the outermost lines of one page, from the edge inwards, top first."""
    by_top = sorted(lines, key=lambda line: -line.view[3])[:_EDGE_LINES]
    by_bottom = sorted(lines, key=lambda line: line.view[1])[:_EDGE_LINES]
    found = []
    for top, edge in ((True, by_top), (False, by_bottom)):
        for line in edge:
            gap = height - line.view[3] if top else line.view[1]
            found.append(_Edge(line, top, gap, _make_keys(line, top)))
    return found


def _make_keys(line: Line, top: bool) -> tuple[str, ...]:
    """Return what must recur: the wording, and the wording with a number counted from its page."""
    page_number = bool(_PAGE_ONLY.fullmatch(line.text))
    if len(line.text) > 200 or not (page_number or _WORDING.search(line.text)):
        return ()
    text = " ".join(line.text.casefold().split())
    stem = f"{'top' if top else 'bottom'} {line.size:.0f} "
    keys = [stem + text]
    if _NUMBERED_PART.match(text):
        return tuple(keys)
    # The page's own number comes first or last.
    numbers = list(_NUMBER.finditer(text))
    for match in numbers[:2] + numbers[2:][-2:]:
        offset = _count_value(match.group()) - line.page
        keys.append(f"{stem}{text[: match.start()]}<{offset}>{text[match.end() :]}")
    return tuple(keys)


def _count_value(number: str) -> int:
    if number.isdigit():
        return int(number[:9])
    values = [_ROMAN[c] for c in number.lower()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _repeats(edge: _Edge, tally: _Tally, number: int, outermost: bool, height: float) -> bool:
    if _PAGE_OF.fullmatch(edge.line.text) or _FILED.fullmatch(edge.line.text):
        return True
    page_number = bool(_PAGE_ONLY.fullmatch(edge.line.text))
    # Two pages prove little, so the lines of a short file must also keep to the margin.
    enough = 2 if page_number or (tally.pages < 4 and edge.gap < 0.08 * height) else 3
    # The same bare number on many pages is no page number: it has to count.
    for key in edge.keys[1:] if page_number else edge.keys:
        level = tally.count_level(key, _find_slot(edge)) >= enough and tally.is_near(key, number, 2)
        loose = outermost and tally.count(key) >= (2 if page_number else 3)
        if not (level or (loose and tally.is_near(key, number, 1))):
            continue
        # The first "Exhibit A" of a run of heads is the heading of that exhibit.
        opens = bool(_NUMBERED_PART.match(edge.line.text))
        return not opens or tally.is_earlier(key, number)
    return False


def _name_kind(edge: _Edge) -> str:
    if _PAGE_ONLY.fullmatch(edge.line.text):
        return "page numbers"
    if _STAMP.search(edge.line.text):
        return "stamps"
    return "running heads" if edge.top else "running feet"


def describe_furniture(furniture: Iterable[Furniture]) -> str:
    """Return one plain sentence part that counts and names what was left out.

    >>> kinds = [Furniture("page numbers", 20, ("1", "2")), Furniture("stamps", 1, ("X",))]
    >>> describe_furniture(kinds)
    '20 page numbers, 1 stamp ("X")'
    """
    said = []
    for each in furniture:
        kind, count, examples = each.kind, each.count, each.examples
        noun = kind if count != 1 else {"running feet": "running foot"}.get(kind, kind[:-1])
        quoted = "; ".join(f'"{e[:60]}"' for e in examples)
        said.append(f"{count} {noun}" + ("" if kind == "page numbers" else f" ({quoted})"))
    return ", ".join(said)
