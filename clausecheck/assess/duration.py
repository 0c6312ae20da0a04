"""Work out from the text how long the agreement runs and how long help at exit lasts.

In: text and clauses. Out: years or months with the words that say so, or ``None``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from clausecheck.records import Clause, Quotation

_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_NUMBERS = {word: number for number, word in enumerate(_WORDS.split(), 1)}
_NUMBERS |= {"twenty-four": 24, "thirty": 30, "thirty-six": 36, "forty-eight": 48, "sixty": 60}
_SPAN = re.compile(
    rf"\b(\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
    r"\s*(?:\(\s*\d+\s*\)\s*)?[\s-]*(?:calendar\s+|consecutive\s+)?(year|month)s?\b",
    re.IGNORECASE,
)
# Where a term is stated; the period that follows in the sentence is its length.
_OPENING = re.compile(
    r"\b(?:(?:term|period|duration)\s+of\s+(?:this|the)\s+(?:agreement|contract)"
    r"|(?:initial|primary|base)\s+term"
    r"|term\s+(?:shall|will|is|of)\b"
    r"|this\s+(?:agreement|contract)\b[^.;]{0,200}?\b"
    r"(?:continues?|remains?|lasts?|runs?|in\s+effect|in\s+force|effective))\b",
    re.IGNORECASE,
)
_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
# "... and end on November 30, 2014": the length is told from the year in which the text begins.
_LAST_DAY = re.compile(
    rf"\b(?:until|through|ends?\s+on|expires?\s+on|terminates?\s+on)\s+(?:\d{{1,2}}\s+)?"
    rf"(?:{_MONTH})\s+(?:\d{{1,2}},?\s+)?((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NAMED = re.compile(r"\(\s*(?:the\s+)?[\"“']?(?:Initial\s+)?Term[\"”']?\s*\)")
_BEFORE, _LEAD = 160, 30
_SENTENCE = re.compile(r"[^.;]{0,200}")
# The term itself, not a survival, a renewal or a period that is counted from its end.
_OTHER = re.compile(
    r"\b(?:surviv\w+|confidential\w*|warrant\w+|renew\w*|thereafter|after\s+the\s+(?:term|expir\w+"
    r"|termination)|following\s+(?:the\s+)?(?:termination|expir\w+)|compet\w+|notice)\b",
    re.IGNORECASE,
)


def _months(number: str, unit: str) -> int:
    count = int(number) if number.isdecimal() else _NUMBERS[number.lower()]
    return count * 12 if unit.lower() == "year" else count


def find_term(text: str, clauses: Sequence[Clause]) -> tuple[int, Quotation] | None:
    """Return the term in months and the words that state it, ``None`` when none was recognised.

    >>> text = "This Agreement begins on 1 May and lasts for five years."
    >>> find_term(text, [Clause("c1", "", "", "operative", None, 0, len(text))])[0]
    60
    """
    for clause in clauses:
        if clause.kind not in ("operative", "schedule", "definition"):
            continue
        for opening in _OPENING.finditer(text, clause.start, clause.end):
            sentence = _SENTENCE.match(text, opening.end(), clause.end)
            span = _SPAN.search(sentence[0]) if sentence else None
            if sentence is None or span is None:
                continue
            end = sentence.start() + span.end()
            # "The obligations survive the term of this Agreement for ...": the verb stands before.
            begin = max(clause.start, opening.start() - _LEAD)
            if not _OTHER.search(text, begin, end):
                quotation = Quotation(clause.id, opening.start(), end, "the term of the agreement")
                return _months(span[1], span[2]), quotation
        dated = _read_dates(text, clause)
        if dated:
            return dated
    return None


def _read_dates(text: str, clause: Clause) -> tuple[int, Quotation] | None:
    """Return the term that a clause states as its last day, or as a period named "Term"."""
    for named in _NAMED.finditer(text, clause.start, clause.end):
        start = max(clause.start, named.start() - _BEFORE)
        before = text[start : named.start()]
        spans, days = list(_SPAN.finditer(before)), list(_LAST_DAY.finditer(before))
        first_year = _YEAR.search(text, 0, clause.start)
        if spans:
            at, months = start + spans[-1].start(), _months(spans[-1][1], spans[-1][2])
        elif days and first_year:
            at, months = start + days[-1].start(), 12 * (int(days[-1][1]) - int(first_year[0]))
        else:
            continue
        if months > 0:
            return months, Quotation(clause.id, at, named.end(), "the term of the agreement")
    return None


def list_longer(
    text: str, quotations: Iterable[Quotation], clauses: dict[str, Clause], months: float
) -> list[Quotation]:
    """Return those quotations whose clause names a period of at least so many months."""
    return [
        quotation
        for quotation in quotations
        if any(
            _months(found[1], found[2]) >= months
            for found in _SPAN.finditer(
                text, clauses[quotation.clause].start, clauses[quotation.clause].end
            )
        )
    ]
