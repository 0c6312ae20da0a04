"""The words of a clause: what is the same whatever file and number it came under.

Comes in: a review's text and clauses. Goes out: ``Unit`` per clause: folded words with offsets, its
printed number, and a fingerprint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from clausecheck.records import Clause, Review

# A word, a number with its decimals, or a sign that changes a number's meaning. Punctuation is left
# out: formats differ in it, and it is compared apart where both drafts come in the same format.
_WORD = re.compile(r"\w+(?:[.,’']\w+)*|[%$€£₹]")
_FOLD = str.maketrans({"’": "'", "‘": "'", "\u00ad": "", "\u2011": "-"})
_LABEL_EDGE = " .:;)(–—-"
_FINGERPRINT_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Unit:
    """One clause as compared: its own words, folded, with the span of each in the text."""

    clause: Clause
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def label(self) -> str:
        """The printed number without the marks around it.

        >>> Unit(Clause("c1", "(a).", "", "operative", None, 0, 0), (), ()).label
        'a'
        """
        return " ".join(self.clause.label.split()).strip(_LABEL_EDGE).casefold()


def list_units(review: Review) -> tuple[Unit, ...]:
    """Return the clauses of a review that hold words of their own, in order; no page furniture."""
    text = review.document.text
    furniture = [(c.start, c.end) for c in review.clauses if c.kind == "furniture"]
    units = []
    for clause in review.clauses:
        if clause.kind == "furniture":
            continue
        inside = [f for f in furniture if f[0] < clause.end and f[1] > clause.start]
        unit = read_unit(text, clause, inside)
        if unit.words:
            units.append(unit)
    return tuple(units)


def join_furniture(review: Review) -> str:
    """Return the folded words of contents lists, running heads and page numbers, in one string."""
    text = review.document.text
    units = [read_unit(text, c) for c in review.clauses if c.kind == "furniture"]
    return f" {' '.join(word for unit in units for word in unit.words)} "


def read_unit(text: str, clause: Clause, skip: list[tuple[int, int]] | None = None) -> Unit:
    """Return one clause's words, without its printed number and without the stretches in ``skip``.

    >>> unit = read_unit("8.1 The Vendor’s fee", Clause("c", "8.1", "", "operative", None, 0, 20))
    >>> unit.words, unit.spans[0]
    (('the', "vendor's", 'fee'), (4, 7))
    """
    start = clause.start
    if clause.label and text.startswith(clause.label, start):
        start += len(clause.label)
    if not skip:
        spans = [found.span() for found in _WORD.finditer(text, start, clause.end)]
        folded = " ".join(text[a:b] for a, b in spans).translate(_FOLD).casefold()
        return Unit(clause, tuple(folded.split(" ")) if spans else (), tuple(spans))
    words, spans = [], []
    for found in _WORD.finditer(text, start, clause.end):
        if any(found.start() < end and found.end() > begin for begin, end in skip):
            continue
        words.append(found[0].translate(_FOLD).casefold())
        spans.append(found.span())
    return Unit(clause, tuple(words), tuple(spans))


def take_fingerprint(words: tuple[str, ...]) -> str:
    """Return a short name for these very words, the same in every format and under any number.

    >>> take_fingerprint(("pay", "now")) == take_fingerprint(("pay", "now"))
    True
    """
    return sha256("\x1f".join(words).encode("utf-8", "replace")).hexdigest()[:_FINGERPRINT_DIGITS]
