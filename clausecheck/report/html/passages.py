"""Cut the text of a contract into rows, one a clause, and each row into pieces at exact offsets.

Comes in: a review. Goes out: rows that together hold every character of ``Document.text`` once,
each split where a finding or a page's furniture begins or ends. Words are never searched for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from clausecheck.records import Clause, Document, Review, WordPlace
from clausecheck.report.layout import visible

Span = tuple[int, int, int]
_BREAK = re.compile(r"[ \t\r\f\v]*\n(?:[ \t\r\f\v]*\n)+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with the numbers of the findings that cover it.

    ``text`` is what to show; ``kind`` is ``text``, ``mark`` (a character that does not print, shown
    by its code) or ``break`` (the end of a paragraph). ``aside`` tells of a page number or stamp.
    """

    start: int
    end: int
    text: str
    kind: str = "text"
    findings: tuple[int, ...] = ()
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One clause and the pieces of its own words; ``clause`` is ``None`` for what is no clause."""

    clause: Clause | None
    start: int
    end: int
    pieces: tuple[Piece, ...]


def cut_rows(review: Review, spans: Sequence[tuple[int, int]]) -> list[Row]:
    """Return the rows of a review in the order of the text; they hold all but outer white space.

    ``spans`` are the stretches to highlight; a piece names them by their position in ``spans``.
    """
    document = review.document
    text = document.text
    own = sorted(
        (c for c in review.clauses if c.kind != "furniture" and c.start < c.end),
        key=lambda c: (c.start, c.end, c.id),
    )
    asides = [(c.start, c.end) for c in review.clauses if c.kind == "furniture"]
    cutter = _Cutter(document, spans, asides)
    rows: list[Row] = []
    here = 0
    for clause in own:
        # Words between clauses (a table of contents) are no clause's, but stand in the text.
        rows += cutter.make_row(None, here, clause.start)
        here = max(here, clause.start)
        rows += cutter.make_row(clause, here, clause.end)
        here = max(here, clause.end)
    return rows + cutter.make_row(None, here, len(text))


class _Cutter:
    """Cuts stretches of one document; called with rising offsets, so that spans are met once."""

    def __init__(
        self,
        document: Document,
        spans: Iterable[tuple[int, int]],
        asides: Iterable[tuple[int, int]],
    ) -> None:
        self.text = document.text
        # A line of a text file or a PDF ends where the page ran out; one of Word is a paragraph.
        self.keeps_lines = any(isinstance(a.place, WordPlace) for a in document.anchors[:1])
        self.spans = sorted((start, end, n) for n, (start, end) in enumerate(spans) if end > start)
        self.asides = sorted((start, end, -1) for start, end in asides)
        self._open: dict[int, list[Span]] = {0: [], 1: []}
        self._next = {0: 0, 1: 0}

    def make_row(self, clause: Clause | None, start: int, end: int) -> list[Row]:
        """Return one row without the white space around its words; none for white space alone."""
        words = self.text[start:end]
        start, end = end - len(words.lstrip()), start + len(words.rstrip())
        if start >= end:
            return []
        return [Row(clause, start, end, self.cut(start, end))]

    def cut(self, start: int, end: int) -> tuple[Piece, ...]:
        marks = self._overlapping(0, self.spans, start, end)
        asides = self._overlapping(1, self.asides, start, end)
        edges = {start, end}
        for span_start, span_end, _ in (*marks, *asides):
            edges.update((max(start, span_start), min(end, span_end)))
        bounds = sorted(edges)
        pieces: list[Piece] = []
        for left, right in pairwise(bounds):
            covering = tuple(sorted(n for a, b, n in marks if a <= left and b >= right))
            aside = any(a <= left and b >= right for a, b, _ in asides)
            pieces += self._show(left, right, covering, aside)
        return tuple(pieces)

    def _overlapping(self, which: int, spans: Sequence[Span], start: int, end: int) -> list[Span]:
        """Return the spans that overlap ``[start, end)``, given that ``start`` never falls."""
        known = [span for span in self._open[which] if span[1] > start]
        place = self._next[which]
        while place < len(spans) and spans[place][0] < end:
            if spans[place][1] > start:
                known.append(spans[place])
            place += 1
        self._open[which], self._next[which] = known, place
        return known

    def _show(
        self, start: int, end: int, findings: tuple[int, ...], aside: bool
    ) -> Iterable[Piece]:
        """Yield pieces of ``[start, end)``: text, paragraph ends, and characters shown by code."""
        here = start
        for match in _BREAK.finditer(self.text, start, end):
            yield from self._show_line(here, match.start(), findings, aside)
            yield Piece(match.start(), match.end(), "\n", "break", findings, aside)
            here = match.end()
        yield from self._show_line(here, end, findings, aside)

    def _show_line(
        self, start: int, end: int, findings: tuple[int, ...], aside: bool
    ) -> Iterable[Piece]:
        raw = self.text[start:end]
        if not raw:
            return
        if raw.isprintable():
            yield Piece(start, end, raw, "text", findings, aside)
            return
        here = 0
        for place, character in enumerate(raw):
            if character.isprintable() or character in "\t\r\f\v\x85":
                continue
            shown = visible(character)
            breaks = character == "\n" and self.keeps_lines
            if shown == " " and not breaks:
                continue
            if place > here:
                yield Piece(
                    start + here, start + place, visible(raw[here:place]), "text", findings, aside
                )
            kind = "break" if breaks else "mark"
            yield Piece(
                start + place, start + place + 1, "\n" if breaks else shown[1:-1], kind,
                findings, aside,
            )  # fmt: skip
            here = place + 1
        if here < len(raw):
            yield Piece(start + here, end, visible(raw[here:]), "text", findings, aside)
