"""Find the places at which a clause may begin.

Comes in: pieces. Goes out: cuts, in order, each with its candidate label and what comes after it in
the same series; the outline decides which of them stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from clausecheck.segment.labels import read_label
from clausecheck.segment.outline import Candidate
from clausecheck.segment.pieces import INLINE, LINE, Piece

_INLINE = re.compile(
    r"(?P<before>[.;:!?])(?:[\"”’)\]]{0,2})\s{1,60}(?:(?:and|or|AND|OR)\s{1,4})?"
    r"(?=(?P<word>WHEREAS[,:]|NOW,?\s+THEREFORE|IN\s+WITNESS\s+WHEREOF)"
    r"|\([a-zA-Z]{1,5}\)|\(\d{1,3}\)|\d{1,3}[.)]|[A-Za-z]{1,4}[.)]\s|ARTICLE\s|Article\s|S(?:ection|ECTION)\s|§)"
)
_REFERRED = re.compile(
    r"\b(?:Sec|Secs|Art|No|Nos|Cl|Para|Par|Ex|Fig|Vol|Inc|Corp|Ltd|Co|approx)\.\s*\Z", re.IGNORECASE
)


class Cut:
    """A place at which a clause may begin: a candidate, a plain paragraph or a fixed word."""

    __slots__ = ("ahead", "candidate", "end", "fixed", "piece", "start")

    def __init__(
        self, start: int, end: int, piece: Piece, candidate: Candidate | None, *, fixed: bool
    ) -> None:
        self.start, self.end, self.piece = start, end, piece
        self.candidate, self.fixed = candidate, fixed
        self.ahead: dict[str, Candidate | None] = {}


def find_cuts(text: str, piece: Piece) -> Iterator[Cut]:
    """Yield the start of a piece and the places inside it where a clause may begin.

    Inside a paragraph that is a label, or "WHEREAS" and its like, after the end of a sentence.
    """
    label, line = piece.label, piece.line
    candidate = None
    if label is not None:
        before = text[max(0, piece.start - 80) : piece.start].rstrip()[-1:]
        if piece.fresh and before not in ".;:":
            before = ":"
        candidate = Candidate(piece.start, label, piece.strength, before, piece.auto, line.level)
    end = piece.end
    found = [Cut(piece.start, end, piece, candidate, fixed=False)]
    if label is not None and not piece.auto:
        inner = skip_space(text, label.end, piece.ranges[0][1])
        second = read_label(text, inner, piece.ranges[0][1])
        # Two labels of one series in a row are a person's initials.
        if second and second.printed and second.family not in ("bullet", label.family):
            found.append(Cut(inner, end, piece, Candidate(inner, second, INLINE, ":"), fixed=False))
    for start, stop in piece.ranges:
        for match in _INLINE.finditer(text, start, stop):
            at = match.end()
            if match["word"]:
                found.append(Cut(at, end, piece, None, fixed=True))
                continue
            if text[at].isdigit() and _REFERRED.search(text, max(start, match.start() - 8), at):
                continue
            inside = read_label(text, at, stop)
            if inside is not None and at > found[-1].start:
                strength = LINE if "\n" in text[match.start() : at] and line.whole else INLINE
                maybe = Candidate(at, inside, strength, match["before"])
                found.append(Cut(at, end, piece, maybe, fixed=False))
    yield from found


def skip_space(text: str, start: int, end: int) -> int:
    """Return the first position from ``start`` on that holds no white space, or ``end``."""
    while start < end and text[start].isspace():
        start += 1
    return start


def look_ahead(cuts: list[Cut]) -> None:
    """Give every candidate, for each way to read it, the next one of that series."""
    strong: dict[tuple[str, tuple[int, ...]], Candidate] = {}
    every: dict[tuple[str, tuple[int, ...]], Candidate] = {}
    for cut in reversed(cuts):
        candidate = cut.candidate
        if candidate is None:
            continue
        known = strong if candidate.strength >= LINE else every
        for scheme, path in candidate.label.readings:
            key = (scheme, path[:-1])
            cut.ahead[scheme] = known.get(key)
            every[key] = candidate
            if candidate.strength >= LINE:
                strong[key] = candidate
