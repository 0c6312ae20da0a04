"""Numbers that Word prints before paragraphs but does not store in their text.

Comes in: the root of the numbering part, then (list, level) of each numbered paragraph in order.
Goes out: the label exactly as printed, such as "1.", "(a)", "Article I" or "8.1".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from clausecheck.read.number_formats import print_number
from clausecheck.read.word_names import MC, W, is_on, read_int, read_val

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml.etree import _Element

_PLACEHOLDER = re.compile(r"%([1-9])")
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label: its ``text`` ("" for a bullet), its 0-based ``level``, a bullet or not."""

    text: str
    level: int
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str
    restart: int | None
    legal: bool
    style: str | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class _List:
    """One ``w:num``: ``key`` names the abstract list, whose count all its lists share."""

    key: str
    levels: dict[int, _Level]
    starts: dict[int, int]


class Numbering:
    """List definitions of one Word file (ECMA-376 part 1, 17.9).

    A ``w:num`` points at an abstract list of up to nine levels, may replace levels or their start,
    and the abstract list may stand for the one that a list style names.

    Args:
        root: the root of the numbering part, or ``None`` if the file has none.
        style_links: list style id -> id of the ``w:num`` that the style names.

    >>> from lxml import etree
    >>> xml = '''<w:numbering xmlns:w="%s"><w:abstractNum w:abstractNumId="0">
    ... <w:lvl w:ilvl="0"><w:start w:val="8"/><w:lvlText w:val="%%1."/></w:lvl>
    ... <w:lvl w:ilvl="1"><w:start w:val="1"/><w:lvlText w:val="%%1.%%2"/></w:lvl></w:abstractNum>
    ... <w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num></w:numbering>''' % W[1:-1]
    >>> counter = Numbering(etree.fromstring(xml)).start_counter()
    >>> [counter.count("3", level).text for level in (0, 1, 1, 0)]
    ['8.', '8.1', '8.2', '9.']

    """

    def __init__(
        self, root: _Element | None, *, style_links: Mapping[str, str] | None = None
    ) -> None:
        self._links = dict(style_links or {})
        self._abstracts: dict[str, _Element] = {}
        self._nums: dict[str, _Element] = {}
        self._lists: dict[str, _List | None] = {}
        if root is not None:
            for abstract in root.iterchildren(f"{W}abstractNum"):
                self._abstracts.setdefault(abstract.get(f"{W}abstractNumId", ""), abstract)
            for num in root.iterchildren(f"{W}num"):
                self._nums.setdefault(num.get(f"{W}numId", ""), num)

    def start_counter(self) -> Counter:
        """Return a new count. Body, notes and each text box count on their own, as in Word."""
        return Counter(self)

    def find_level(self, number: str, style_ids: Iterable[str]) -> int | None:
        """Return the level of list ``number`` that is linked to the first of ``style_ids``.

        Word takes the level of a numbered style from this link and not from the style's own
        ``w:ilvl`` (17.9.23).
        """
        found = self.find_list(number)
        if found is None:
            return None
        linked = {level.style: depth for depth, level in found.levels.items() if level.style}
        return next((linked[style] for style in style_ids if style in linked), None)

    def find_list(self, number: str) -> _List | None:
        """Return the list ``number`` with overrides applied, or ``None`` if it is not defined."""
        if number not in self._lists:
            self._lists[number] = self._resolve(number)
        return self._lists[number]

    def _resolve(self, number: str) -> _List | None:
        chain: list[_Element] = []
        key = ""
        abstract = None
        # A list style may name a list whose definition names a list style again.
        while (num := self._nums.get(number)) is not None and num not in chain:
            chain.append(num)
            key = read_val(num, f"{W}abstractNumId") or ""
            abstract = self._abstracts.get(key)
            link = read_val(abstract, f"{W}numStyleLink")
            if link is None or link not in self._links:
                break
            number = self._links[link]
        if abstract is None:
            return None
        levels = {}
        for level in abstract.iterchildren(f"{W}lvl"):
            levels[_read_depth(level)] = _read_level(level)
        starts: dict[int, int] = {}
        for num in reversed(chain):
            for override in num.iterchildren(f"{W}lvlOverride"):
                depth = _read_depth(override)
                own = override.find(f"{W}lvl")
                if own is not None:
                    levels[depth] = _read_level(own)
                start = read_int(read_val(override, f"{W}startOverride"))
                if start is not None:
                    starts[depth] = start
        for depth, start in starts.items():
            if depth in levels:
                levels[depth] = replace(levels[depth], start=start)
        return _List(key, levels, starts)


class Counter:
    """The running count of all lists in one story, fed with its paragraphs in order."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._values: dict[str, dict[int, int]] = {}
        self._restarted: dict[tuple[str, int], bool] = {}

    def count(self, number: str, level: int) -> Label | None:
        """Count one paragraph and return its label, or ``None`` if it is in no list.

        Args:
            number: the paragraph's list, the ``w:numId``; "0" takes it out of any list.
            level: its 0-based level.

        """
        depth = min(max(level, 0), _DEEPEST)
        found = None if number == "0" else self._numbering.find_list(number)
        if found is None or depth not in found.levels:
            return None
        values = self._values.setdefault(found.key, {})
        if depth in found.starts and not self._restarted.get((number, depth)):
            # A start override takes effect once, when its list first reaches that level; from then
            # on the list shares the count of the abstract list again.
            self._restarted[number, depth] = True
            values.pop(depth, None)
        for upper in range(depth):
            # A level that was passed over counts as begun: the first 1.1 may come before any 1.
            if upper in found.levels and upper not in values:
                values[upper] = found.levels[upper].start
        own = found.levels[depth]
        values[depth] = values[depth] + 1 if depth in values else own.start
        for lower in [deep for deep in values if deep > depth]:
            definition = found.levels.get(lower)
            restart = None if definition is None else definition.restart
            # By default any higher level restarts it; w:lvlRestart names the lowest that does,
            # counted from 1, and 0 none (17.9.10).
            if restart is None or depth < restart:
                del values[lower]
        return Label(_print_label(found, depth, values), depth, own.format == "bullet")


def _print_label(found: _List, depth: int, values: Mapping[int, int]) -> str:
    own = found.levels[depth]
    if own.format == "bullet" or own.hidden:
        return ""

    def fill(match: re.Match[str]) -> str:
        at = int(match.group(1)) - 1
        if at > depth or at not in found.levels:
            return ""
        style = found.levels[at].format
        # "Legal" levels print the levels above them in digits, and themselves as 01 if so defined.
        if own.legal and style not in ("none", "bullet") and (at < depth or style != "decimalZero"):
            style = "decimal"
        return print_number(values[at], style)

    return _PLACEHOLDER.sub(fill, own.text).strip()


def _read_depth(element: _Element) -> int:
    return min(max(read_int(element.get(f"{W}ilvl")) or 0, 0), _DEEPEST)


def _read_level(level: _Element) -> _Level:
    return _Level(
        # A level that names no start begins at 0 (17.9.25).
        start=read_int(read_val(level, f"{W}start")) or 0,
        format=_read_format(level),
        text=read_val(level, f"{W}lvlText") or "",
        restart=read_int(read_val(level, f"{W}lvlRestart")),
        legal=bool(is_on(level, f"{W}isLgl")),
        style=read_val(level, f"{W}pStyle"),
        hidden=bool(is_on(level.find(f"{W}rPr"), f"{W}vanish")),
    )


def _read_format(level: _Element) -> str:
    if level.find(f"{W}lvlPicBulletId") is not None:
        return "bullet"
    found = level.find(f"{W}numFmt")
    if found is None:
        # Formats that old programs do not know are wrapped: the first branch is the true one.
        found = level.find(f"{MC}AlternateContent/{MC}Choice/{W}numFmt")
    if found is None:
        return "decimal"
    style = found.get(f"{W}val", "decimal")
    if style == "custom":
        first = found.get(f"{W}format", "").partition(",")[0].strip()
        return f"zeros{len(first)}" if first.isdigit() and len(first) < 10 else "decimal"
    return style
