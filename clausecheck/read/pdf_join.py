"""Join the paragraphs of a PDF to one text.

Comes in: the lines of all pages in order. Goes out: the canonical text with blocks and anchors.
Lines of a paragraph are parted by a space, paragraphs by a line break; neither has an anchor.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from clausecheck.read.looks import Look, is_upper, rank_looks
from clausecheck.read.pdf_layout import Line
from clausecheck.read.pdf_notes import Note, take_notes
from clausecheck.read.pdf_paragraphs import Measures, Paragraph, group_lines
from clausecheck.read.pdf_tables import number_cells
from clausecheck.records import Anchor, Block, PdfPlace, Style

_HYPHENS = "-\u2010\u00ad"
_LEFT_PART = re.compile(rf"([A-Za-z]?[a-z]+)[{_HYPHENS}]$")
_RIGHT_PART = re.compile(r"([a-z]+)")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
# First parts that contracts hyphenate when the rest of the file gives no sign.
_COMPOUNDING = frozenset(
    ("co", "cross", "ex", "long", "non", "post", "pre", "self", "short", "so", "third", "well")
)
# What can only be the end of a word.
_ENDING = re.compile(
    r"(?:[a-z]{0,4}(?:tion|sion|ment|ance|ence)s?|[a-z]{0,3}(?:ness|able|ible|ity|ities|ing|ings|ally"
    r"|ous|ive|ary|ory|ate|ates|ated)|als?|ly|ers?|ed|es|cy|cies|gations?|tions?|sions?)"
)
_WIDE = "\u2e7f"  # Chinese and Japanese put no space between words
_LONGEST_HEADING = 120
_MOST_LINES = 3
_NOT_TITLE = re.compile(r"[\W_]+")

# The titles of a file's outline: (page, title without marks) -> depth from 0.
Titles = Mapping[tuple[int, str], int]


class Joined(NamedTuple):
    """Lines joined to one text."""

    text: str
    blocks: tuple[Block, ...]
    anchors: tuple[Anchor, ...]


def join_lines(lines: Sequence[Line], widths: Sequence[float], titles: Titles) -> Joined:
    r"""Return one text with its blocks and anchors; notes follow what refers to them.

    A word that is split at the end of a line is made whole: its hyphen is left out unless the file
    writes the word with one, and each part keeps the anchor of the line where it is printed.
    ``widths`` are the pages', ``titles`` those of the file's outline (see ``title_key``).

    >>> boxes = [(0.0, y, 90.0, y + 9.0) for y in (30.0, 20.0)]
    >>> a, b = (
    ...     Line(t, 1, box, box, 9.0, False, base=box[1], word=60.0)
    ...     for t, box in zip(("the obli-", "gations of"), boxes)
    ... )
    >>> join_lines([a, b], [90.0], {}).text
    'the obligations of'
    """
    noted = take_notes(lines)
    measures = Measures(lines, widths)
    paragraphs = group_lines(noted.lines, measures)
    cells = number_cells([paragraph.first for paragraph in paragraphs])
    headings = _find_headings(paragraphs, titles)
    writer = _Writer(lines)
    at = 0
    for i, paragraph in enumerate(paragraphs):
        style: Style = "heading" if i in headings else ""
        writer.put(paragraph, style, headings.get(i), cells[i])
        for k in range(at, at + len(paragraph.lines)):
            for note in _group_notes(noted.notes.get(k, ()), measures):
                writer.put(note, "note", None, None)
        at += len(paragraph.lines)
    return writer.close()


def _group_notes(notes: Sequence[Note], measures: Measures) -> Iterator[Paragraph]:
    for note in notes:
        yield from group_lines(note.lines, measures)


class _Writer:
    """Holds the text as it grows."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._words: _Words | None = None
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._anchors: list[Anchor] = []
        self._at = 0

    def put(
        self,
        paragraph: Paragraph,
        style: Style,
        level: int | None,
        cell: tuple[int, int, int] | None,
    ) -> None:
        """Write a paragraph as a block."""
        if self._parts:
            self._add("\n")
        start = self._at
        lines = paragraph.lines
        for i, line in enumerate(lines):
            text, mark = line.text, " "
            if i + 1 == len(lines) or self._is_cut(line, lines[i + 1]):
                mark = ""
            elif text[-1] in _HYPHENS and text[-2:-1].isalnum():
                text, mark = self._mend(text, lines[i + 1].text), ""
            self._anchors.append(
                Anchor(self._at, self._at + len(text), PdfPlace(line.page, line.box))
            )
            self._add(text)
            if mark:
                self._add(mark)
        self._blocks.append(Block(start, self._at, level=level, style=style, cell=cell))

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._at += len(text)

    def _is_cut(self, line: Line, after: Line) -> bool:
        """Tell whether a line ends inside a word, without a hyphen."""
        text, rest = line.text, after.text
        if text[-1] > _WIDE and rest[0] > _WIDE:
            return True
        if line.cell is None or not (text[-1].isalnum() and rest[0].isalnum()):
            return False
        # A cell too narrow for a word cuts it anywhere; such a word begins its line.
        start, _, word = text.rpartition(" ")
        if "{" in word and "}" in rest.split()[0]:
            return True  # a name that is to be filled in holds no space
        room = 0.0 if line.cell.right == inf else line.cell.right - line.view[2]
        filled = room < 1.2 * line.size + line.view[0] - line.cell.left
        if not filled or len(start) > 1:
            return False
        return "_" in word or self._get_words().is_one(word, rest.split()[0])

    def _get_words(self) -> _Words:
        if self._words is None:
            self._words = _Words(self._lines)
        return self._words

    def _mend(self, text: str, after: str) -> str:
        return self._get_words().mend(text, after)

    def close(self) -> Joined:
        """Return what was written."""
        return Joined("".join(self._parts), tuple(self._blocks), tuple(self._anchors))


class _Words:
    """The words of a file, and whether it divides words at line ends."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._known = _collect_words(lines)
        self._divides = any(
            self._judge(line.text, after.text) is False
            for line, after in pairwise(lines)
            if line.text[-1] in _HYPHENS
        )

    def _judge(self, text: str, after: str) -> bool | None:
        """Tell whether the file writes the word at a line end with its hyphen, if it shows it."""
        left, right = _LEFT_PART.search(text), _RIGHT_PART.match(after)
        if left is None or right is None:
            return True
        first, second = left.group(1).lower(), right.group(1)
        if f"{first}-{second}" in self._known:
            return True
        if first + second in self._known:
            return False
        both = len(first) > 2 and len(second) > 2
        both = both and first in self._known and second in self._known
        return True if both or first in _COMPOUNDING else None

    def is_one(self, first: str, second: str) -> bool:
        """Tell whether the file has a word that is made of these two."""
        second = second.rstrip(".,;:)")
        return f"{first}{second}".lower() in self._known

    def mend(self, text: str, after: str) -> str:
        """Return ``text`` as it must end to be continued by ``after``."""
        kept = self._judge(text, after)
        if kept is None:
            right = _RIGHT_PART.match(after)
            kept = not (self._divides or (right and _ENDING.fullmatch(right.group(1))))
        if not kept:
            return text[:-1]
        return text if _LEFT_PART.search(text) is None else text[:-1] + "-"


def _collect_words(lines: Sequence[Line]) -> frozenset[str]:
    """Return the words of all lines without those that a line end may have cut."""
    found: set[str] = set()
    cut = False
    for line in lines:
        words = _WORD.findall(line.text.lower())
        before, cut = cut, line.text[-1] in _HYPHENS
        found.update(words[1 if before else 0 : -1 if cut else None])
    return frozenset(found)


def title_key(title: str) -> str:
    """Return a heading as it is compared with an outline, without marks and spaces.

    >>> title_key("12.1  Term & Termination") == title_key("12.1 TERM & TERMINATION")
    True
    """
    return _NOT_TITLE.sub("", title).casefold()


def _find_headings(paragraphs: Sequence[Paragraph], titles: Titles) -> dict[int, int | None]:
    """Return the depth, if it can be told, of each paragraph that is a heading.

    The file's own outline tells; without one size and weight do.
    """
    standing = _find_standing_out(paragraphs)
    if not titles:
        return rank_looks({i: _look_at(paragraphs[i]) for i in standing})
    found: dict[int, int | None] = dict.fromkeys(standing)
    bare = {(page, key.lstrip("0123456789")): level for (page, key), level in titles.items()}
    for i, paragraph in enumerate(paragraphs):
        if len(paragraph.lines) > _MOST_LINES:
            continue
        key = title_key(" ".join(line.text for line in paragraph.lines))
        page = paragraph.first.page
        level = titles.get((page, key))
        if level is None and key:
            level = bare.get((page, key.lstrip("0123456789")))
        if level is not None:
            found[i] = level
    return found


def _look_at(paragraph: Paragraph) -> Look:
    lines = paragraph.lines
    upper = is_upper(" ".join(line.text for line in lines))
    return Look(min(line.size for line in lines), all(line.bold for line in lines), upper)


def _find_standing_out(paragraphs: Sequence[Paragraph]) -> list[int]:
    sizes: Counter[float] = Counter()
    bold = count = 0
    for paragraph in paragraphs:
        for line in paragraph.lines:
            sizes[round(line.size, 1)] += len(line.text)
            bold += line.bold
            count += 1
    if not sizes:
        return []
    body = max(sizes.items(), key=lambda item: (item[1], -item[0]))[0]
    weight_tells = bold < 0.5 * count
    found: list[int] = []
    run: list[int] = []
    for i in range(len(paragraphs) + 1):
        if i < len(paragraphs) and _stands_out(paragraphs[i], body, weight_tells):
            run.append(i)
            continue
        # Bold capitals over many lines are a disclaimer, not a heading.
        if sum(len(paragraphs[k].lines) for k in run) <= _MOST_LINES:
            found += run
        run = []
    return found


def _stands_out(paragraph: Paragraph, body: float, weight_tells: bool) -> bool:
    length = sum(len(line.text) for line in paragraph.lines)
    if paragraph.first.cell is not None or paragraph.first.text[0] in '"\u201c[':
        return False
    if length > _LONGEST_HEADING or not any(c.isalpha() for c in paragraph.first.text):
        return False
    larger = all(line.size > 1.12 * body for line in paragraph.lines)
    return larger or (weight_tells and all(line.bold for line in paragraph.lines))
