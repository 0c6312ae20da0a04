"""Which findings can be answered in the text itself, and with which words.

Comes in: a review. Goes out: per finding a ``Change`` that puts a complete suggestion in the place
of the sentence in which the flagged words stand. A sentence that leads into a list, stands in one,
or shares its number with other text is left alone: there new words would not read on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from clausecheck.records import (
    Change,
    Clause,
    Document,
    Finding,
    Insertion,
    Review,
    Suggestion,
)
from clausecheck.report.places import find_sentence, index_clauses, list_sentences, severity_order

_AFTER_LABEL = re.compile(r"[\s.):\u2013\u2014-]*")
_BEGINS = re.compile(r"[\"\u201c'\u2018(\[]?[A-Z]")
# A sentence with one of these takes something from someone, or gives it to one side alone.
_LIMITS = re.compile(
    r"\b(?:no|not|nor|never|neither|without|waives?|sole(?:ly)?|only|exclusive(?:ly)?|absolute|final|"
    r"whatever|whether or not|regardless|irrespective|automatically|in addition|at any time)\b",
    re.IGNORECASE,
)
_ENDS = (".", ".\u201d", '."', ".)")


def propose_changes(review: Review) -> Iterator[tuple[Finding, Suggestion, Change]]:
    """Yield the findings that a change answers, the most severe first, with that change.

    Two changes may overlap: whoever takes one has to pass those that overlap with it.
    """
    clauses = index_clauses(review)
    for finding in sorted(review.findings, key=severity_order):
        clause = clauses.get(finding.clause)
        if finding.family == "CO" or clause is None:
            continue
        suggestion = next((s for s in finding.suggestions if s.grade == "drop-in"), None)
        if suggestion is None:
            continue
        bounds = _bound_sentence(review.document, clause, finding)
        if bounds is not None:
            yield finding, suggestion, Change(*bounds, suggestion.text)


def find_opposed(review: Review, finding: Finding, changes: Sequence[Change]) -> tuple[str, ...]:
    """Return sentences of a finding's clause that no change touches and that limit someone.

    Beside new wording that treats the parties alike they may say the opposite of it.
    """
    clause = index_clauses(review)[finding.clause]
    text = review.document.text
    return tuple(
        text[start:end]
        for start, end in list_sentences(text, clause.start, clause.end)
        if _LIMITS.search(text, start, end)
        and not any(start < change.end and change.start < end for change in changes)
    )


def propose_foundations(
    review: Review, *, shareable: bool = False
) -> Iterator[tuple[str, Insertion | None]]:
    """Yield each foundation that has drafts, with its new paragraphs, or ``None`` without a place.

    They go behind the last words of the clause that they follow and of all clauses under it. The
    note on them is for the other side if ``shareable``: a question, no status.
    """
    overview = review.overview
    asked = {point.wording: point for point in overview.talk} if overview else {}
    for foundation in overview.foundations if overview else ():
        drafts = foundation.drafts
        if drafts is None:
            continue
        end = _find_end(review, drafts.after)
        if end is None:
            yield foundation.code, None
            continue
        lacks = f" Lacks: {'; '.join(foundation.lacks)}." if foundation.lacks else ""
        texts = tuple(clause.text for clause in drafts.clauses)
        head, why = f"{foundation.code} {foundation.name} ({foundation.status})", lacks
        if shareable:
            point = asked.get(texts)
            head = point.topic if point else drafts.title
            why = f" Question for both parties: {point.question}" if point else ""
        note = (
            head,
            f"Proposed for discussion as a tracked insertion.{why} It bears no number, so that "
            "no other clause is renumbered.",
        )
        yield foundation.code, Insertion(end - 1, (drafts.title, *texts), note)


def _find_end(review: Review, clause_id: str | None) -> int | None:
    """Return where the words of a clause and of those under it end."""
    family = {clause_id}
    end = None
    # Clauses come in the order of the text: those under one follow it.
    for clause in review.clauses:
        if clause.id == clause_id or clause.parent in family - {None}:
            family.add(clause.id)
            words = review.document.text[clause.start : clause.end].rstrip()
            if words:
                end = max(end or 0, clause.start + len(words))
    return end


def _bound_sentence(document: Document, clause: Clause, finding: Finding) -> tuple[int, int] | None:
    """Return the sentence that can be replaced, or ``None``."""
    text = document.text
    start, end = find_sentence(document, clause, finding)
    end = start + len(text[start:end].rstrip())
    start = _skip_number(text, clause, start)
    said = text[start:end]
    fits = _BEGINS.match(said) and said.endswith(_ENDS) and "\n" not in said and "\t" not in said
    if not fits or start > finding.start or end < finding.end:
        return None
    return start, end


def _skip_number(text: str, clause: Clause, start: int) -> int:
    """Return where the words begin behind a typed number and the heading in the same line."""
    if start != clause.start:
        return start
    for printed in (clause.label, clause.heading):
        if printed and text.startswith(printed, start):
            found = _AFTER_LABEL.match(text, start + len(printed))
            start = found.end() if found else start
    return start
