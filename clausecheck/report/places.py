"""Say where something stands: its clause in the contract, and its place in the source file.

Comes in: a review's document and clauses. Goes out: short texts and the order of findings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from clausecheck.records import (
    Clause,
    Document,
    Finding,
    LinePlace,
    PdfPlace,
    Quotation,
    Review,
    Unused,
    WordPlace,
)

MAIN_PART = "word/document.xml"


def index_clauses(review: Review) -> Mapping[str, Clause]:
    """Return the clauses of a review by id."""
    return {clause.id: clause for clause in review.clauses}


def trace_path(clauses: Mapping[str, Clause], clause_id: str) -> tuple[str, ...]:
    """Return the label and heading of a clause and of each clause above it, the highest first.

    >>> two = Clause("b", "8.1", "", "operative", "a", 0, 1, 1)
    >>> trace_path({"a": Clause("a", "8", "Liability", "operative", None, 0, 0), "b": two}, "b")
    ('8 Liability', '8.1')
    """
    steps: list[str] = []
    clause = clauses.get(clause_id)
    while clause is not None:
        step = f"{clause.label} {clause.heading}".strip()
        if step:
            steps.append(step)
        clause = clauses.get(clause.parent) if clause.parent is not None else None
    return tuple(reversed(steps))


def name_clause(clauses: Mapping[str, Clause], clause_id: str) -> str:
    """Return a clause's path in one line; a clause without a number says so."""
    steps = trace_path(clauses, clause_id)
    clause = clauses.get(clause_id)
    if clause is None or not (clause.label or clause.heading):
        steps = (*steps, "unnumbered paragraph")
    return " > ".join(steps)


def find_clause(review: Review, at: int) -> Clause | None:
    """Return the clause in which, or right behind which, the character ``at`` stands."""
    found = None
    for clause in review.clauses:
        if clause.start > at:
            break
        if clause.kind != "furniture":
            found = clause
    return found


def describe_place(document: Document, start: int, end: int) -> str:
    """Return where ``[start, end)`` stands in the source: pages, lines or paragraphs.

    Falls back to offsets when a reader gave no anchors, so that no finding lacks a place.
    """
    found = [anchor.place for anchor in document.places(start, end)]
    if not found:
        return f"characters {start} to {end}"
    first, last = found[0], found[-1]
    if isinstance(first, PdfPlace) and isinstance(last, PdfPlace):
        return _span("page", first.page, last.page)
    if isinstance(first, LinePlace) and isinstance(last, LinePlace):
        return _span("line", first.line, last.line)
    if isinstance(first, WordPlace) and isinstance(last, WordPlace) and first.part == last.part:
        part = "" if first.part == MAIN_PART else f"{first.part}, "
        return part + _span("paragraph", first.paragraph + 1, last.paragraph + 1)
    return f"{first} to {last}"


_BOUNDARY = re.compile(r"[.;:]\s+(?=[A-Z(\[“\"])")


def find_sentence(
    document: Document, clause: Clause | None, finding: Finding | Quotation
) -> tuple[int, int]:
    """Return the bounds of the sentence, within its clause, in which the words stand.

    >>> d = Document("a.txt", "text/plain", "", "One. Two is flagged here. Three.")
    >>> c = Clause("c1", "", "", "operative", None, 0, 32)
    >>> f = Finding("RS101", "", "RS", "c1", 9, 19, "both", "", 1, 0.9, "rule", "na")
    >>> d.text[slice(*find_sentence(d, c, f))]
    'Two is flagged here.'
    """
    if clause is None:
        return finding.start, finding.end
    start, end = min(clause.start, finding.start), clause.end
    for mark in _BOUNDARY.finditer(document.text, clause.start, clause.end):
        if mark.end() <= finding.start:
            start = mark.end()
        elif mark.end() >= finding.end:
            end = mark.end()
            break
    return start, max(finding.end, start + len(document.text[start:end].rstrip()))


def list_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the bounds of the sentences in ``[start, end)``, without the space behind each.

    >>> text = "Delay. Supplier pays. That is all."
    >>> [text[slice(*bounds)] for bounds in list_sentences(text, 0, len(text))]
    ['Delay.', 'Supplier pays.', 'That is all.']
    """
    edges = [start, *(mark.end() for mark in _BOUNDARY.finditer(text, start, end)), end]
    bounds = ((a, a + len(text[a:b].rstrip())) for a, b in pairwise(edges))
    return [(a, b) for a, b in bounds if a < b]


def _span(noun: str, first: int, last: int) -> str:
    return f"{noun} {first}" if first == last else f"{noun}s {first} to {last}"


def contract_order(finding: Finding) -> tuple[int, int, str, str, str, str]:
    """Return a total sort key: place first, then code, burden, clause and origin."""
    return (
        finding.start,
        finding.end,
        finding.code,
        finding.burden,
        finding.clause,
        finding.origin,
    )


def severity_order(finding: Finding) -> tuple[int, tuple[int, int, str, str, str, str]]:
    """Return a total sort key: the most severe first, then contract order."""
    return (-finding.severity, contract_order(finding))


def is_tension(finding: Finding) -> bool:
    """Tell whether a finding is a tension (not a collaborative term that earns credit)."""
    return finding.family != "CO"


def list_lapsed(review: Review) -> tuple[Unused, ...]:
    """Return the acceptances that once met this document and need a second look.

    What no clause's words answer to may be meant for another file; the command line tells of it
    when no file of a run used it. A baseline lists what was there, so that less is no news.
    """
    return tuple(
        item
        for item in review.unused
        if item.acceptance.source == "reply"
        or (item.acceptance.source == "project" and item.why != "changed")
    )
