"""Records of what was read: the document and its places, and of its clauses, parties and terms."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from clausecheck.records.word import Comment, Link, Revision

Role = Literal["customer", "supplier", "unknown"]
KindName = Literal["services", "loan", "lease", "guaranty", "employment", "corporate"]
Kind = Literal["operative", "definition", "recital", "schedule", "signature", "furniture"]
Style = Literal["", "title", "heading", "toc", "list", "note", "textbox", "furniture"]


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A place in a text file: 1-based ``line`` and ``column``."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


@dataclass(frozen=True, slots=True)
class WordPlace:
    """A place in a Word file.

    ``part`` is the package part (``word/document.xml``); ``paragraph`` counts the ``w:p`` elements
    of that part in document order from 0; ``run`` counts the ``w:r`` elements below that paragraph
    from 0; ``offset`` is the character of the run's text at which the anchor starts.
    """

    part: str
    paragraph: int
    run: int
    offset: int = 0

    def __str__(self) -> str:
        return f"{self.part}, paragraph {self.paragraph + 1}, run {self.run + 1}"


@dataclass(frozen=True, slots=True)
class PdfPlace:
    """A place in a PDF: 1-based ``page`` and ``box`` (left, bottom, right, top) in points."""

    page: int
    box: tuple[float, float, float, float]

    def __str__(self) -> str:
        return f"page {self.page}"


Place = LinePlace | WordPlace | PdfPlace


@dataclass(frozen=True, slots=True)
class Anchor:
    """The stretch of ``Document.text`` that came from one ``place`` of the source."""

    start: int
    end: int
    place: Place


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph (Word, PDF) or one line (text), in reading order.

    ``label`` is a number that the program prints but the text does not hold (Word's automatic
    numbering, "12.2" or "(a)"); ``level`` its 0-based list level, or the outline level of a
    heading; ``cell`` is (table, row, column), all counted from 0, for text inside a table.
    """

    start: int
    end: int
    label: str = ""
    level: int | None = None
    style: Style = ""
    cell: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of the source that was not read: what, where, and what the user can do.

    ``essential`` tells that clauses may stand in it (a scanned page), so that the review is
    partial; a logo or a comment is named, but leaves the review complete.
    """

    what: str
    where: str
    advice: str = ""
    essential: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader took from one source. ``text`` is canonical and never altered.

    ``anchors`` are sorted by ``start`` and cover every character that came from the source;
    separators that a reader adds between blocks belong to no anchor. ``facts`` holds plain
    statements for the review's first page, such as ("pages", "20") or ("view", "final").
    ``changes``, ``comments`` and ``links`` (cross-references kept as fields) are in text order.
    """

    name: str
    media_type: str
    sha256: str
    text: str
    blocks: tuple[Block, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    unread: tuple[Unread, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    changes: tuple[Revision, ...] = ()
    comments: tuple[Comment, ...] = ()
    links: tuple[Link, ...] = ()

    def places(self, start: int, end: int) -> tuple[Anchor, ...]:
        """Return the anchors that overlap ``[start, end)``, in order.

        >>> d = Document("a.txt", "text/plain", "", "ab", anchors=(Anchor(0, 2, LinePlace(1, 1)),))
        >>> str(d.places(1, 2)[0].place)
        'line 1, column 1'
        """
        first = max(0, bisect_right(self.anchors, start, key=lambda a: a.start) - 1)
        found = []
        for anchor in self.anchors[first:]:
            if anchor.start >= end:
                break
            if anchor.end > start:
                found.append(anchor)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered paragraph, unnumbered paragraph or list item, with its own words only.

    The words of a clause run from ``start`` to ``end`` and stop before its first child; clauses do
    not overlap, but for ``furniture`` (page numbers, stamps) that may stand inside another clause.
    ``label`` is the number as printed ("8.1", "(a)", "ARTICLE IV"), ``heading`` its own heading,
    ``parent`` the id of the clause above it, ``level`` its depth from 0.
    """

    id: str
    label: str
    heading: str
    kind: Kind
    parent: str | None
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Party:
    """A party with every name the text uses for it, its role, and how the role was found."""

    name: str
    aliases: tuple[str, ...]
    role: Role
    how: str


@dataclass(frozen=True, slots=True)
class Term:
    """A defined term and the place of its definition."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """What sort of paper this is; ``within`` tells whether it is the product's ground.

    ``note`` says in words how it was told and, outside the ground, what that means for the review;
    ``start`` and ``end`` are the words that told, both 0 when no single place did.
    """

    name: KindName
    within: bool
    note: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """Words that name a clause of the same document, such as "clause 12.2(a)".

    ``target`` is the id of that clause; ``how`` is "field" when the file ties the words to it,
    "stale" when it does but the words still show another clause's number, and "label" when its
    printed number does.
    """

    start: int
    end: int
    target: str
    how: Literal["field", "stale", "label"]
