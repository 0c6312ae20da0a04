"""State of the walk through a Word part: the part itself, what surrounds an element, what is open.

Comes in: what the walk meets. Goes out: small mutable records that only the walk uses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clausecheck.read.word_names import FIELD_MARK, FIELD_TYPE, PARAGRAPH, VANISH

if TYPE_CHECKING:
    from lxml.etree import _Element

    from clausecheck.read.numbering import Counter
    from clausecheck.read.word_names import View
    from clausecheck.read.word_styles import ParagraphStyle
    from clausecheck.records import Place, Style


class Part:
    """A parsed part and the index of each of its paragraphs.

    Args:
        name: the part's name in the package.
        root: its root element.
        view: how its tracked changes are read.

    """

    def __init__(self, name: str, root: _Element, view: View) -> None:
        self.name, self.root = name, root
        # Holding the elements keeps their identity, by which they are looked up.
        self.paragraphs = {p: index for index, p in enumerate(root.iter(PARAGRAPH))}
        self.endless = _find_endless(root, view)
        # Most files hide nothing, and then no run has to be asked.
        self.hides = next(root.iter(VANISH), None) is not None


@dataclass(slots=True)
class OpenField:
    """A field: its code, whether its result has begun, whether it is a table of contents."""

    code: list[str] = field(default_factory=list)
    shown: bool = False
    contents: bool = False


@dataclass(slots=True)
class OpenFields:
    """Fields of a story that have begun and not ended, innermost last.

    ``coded`` counts those whose result has not begun, ``contents`` the tables of contents.
    """

    open: list[OpenField] = field(default_factory=list)
    coded: int = 0
    contents: int = 0

    def mark(self, kind: str) -> None:
        """Follow a field mark: begin, separate or end."""
        if kind == "begin":
            self.open.append(OpenField())
            self.coded += 1
        elif self.open and kind == "separate" and not self.open[-1].shown:
            top = self.open[-1]
            top.shown = True
            top.contents = "".join(top.code).split()[:1] == ["TOC"]
            self.coded -= 1
            self.contents += top.contents
        elif self.open and kind == "end":
            top = self.open.pop()
            self.coded -= not top.shown
            self.contents -= top.contents


@dataclass(slots=True)
class OpenTable:
    """A table: its index, the row and column now read, and the blocks before that row."""

    index: int
    row: int = -1
    column: int = 0
    blocks: int = 0


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds the element that is walked."""

    part: Part
    counter: Counter
    fields: OpenFields
    style: Style = ""
    table: OpenTable | None = None
    cell: tuple[int, int, int] | None = None
    contents: bool = False
    closing: bool = False


@dataclass(slots=True)
class ParagraphMark:
    """Properties that a paragraph's mark carries.

    ``gone``: the view does not hold it, so that the next paragraph goes on in this one;
    ``hidden``: the mark is not displayed; ``run_in``: it is a style separator, behind which the
    next paragraph goes on in the same line; ``section``: it is the end of a section.
    """

    style: ParagraphStyle
    number: str | None = None
    level: int | None = None
    outline: int | None = None
    gone: bool = False
    hidden: bool = False
    run_in: bool = False
    section: bool = False


@dataclass(slots=True)
class OpenBlock:
    """A block under construction, from one paragraph or several that run into one.

    ``paragraph`` is the first. ``mark`` gives style and number; once ``settled`` the marks that
    follow are only counted.
    """

    context: Context
    mark: ParagraphMark
    paragraph: _Element
    settled: bool = False
    contents: bool = False
    passed: list[ParagraphMark] = field(default_factory=list)
    pieces: list[tuple[str, Place]] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _find_endless(root: _Element, view: View) -> dict[_Element, None]:
    """Return field beginnings that no end answers: taken for fields, they would eat the text."""
    open_marks: list[_Element] = []
    for mark in root.iter(FIELD_MARK):
        if next(mark.iterancestors(*view.gone), None) is not None:
            continue
        kind = mark.get(FIELD_TYPE)
        if kind == "begin":
            open_marks.append(mark)
        elif kind == "end" and open_marks:
            open_marks.pop()
    return dict.fromkeys(open_marks)
