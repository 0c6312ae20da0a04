"""What is said in the margin: one note per finding, short enough to be read there.

Comes in: a review. Goes out: ``Note`` records, for a Word comment or a note in a PDF; for the other
side, one per point for discussion, with nothing of codes, severity, burden or reasons.
"""

from __future__ import annotations

from dataclasses import dataclass

from clausecheck.records import Finding, Note, Review, Suggestion, TalkPoint
from clausecheck.report.layout import cut_middle, fold
from clausecheck.report.wording import SEVERITY_WORDS, STRENGTH_WORDS, name_carrier

_MOST = 600
# Sentences beside a change that a note quotes, and how much of each.
_STAYS, _QUOTED = 2, 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What is proposed beside a note as a tracked change.

    ``stays`` are sentences of the clause that the change leaves and that may say the opposite.
    """

    suggestion: Suggestion
    stays: tuple[str, ...] = ()


def write_note(finding: Finding, answer: Answer | None = None) -> Note:
    """Return the note on one finding: code and name, who carries it, why, the alternative.

    >>> finding = Finding("RS101", "One-way indemnity", "RS", "c1", 0, 9, "both", "", 3, 1.0,
    ...     "rule", "na", why="It hides cost.")
    >>> write_note(finding).paragraphs
    ('RS101 One-way indemnity (medium)', 'Carried by: both parties. It hides cost.')
    """
    if finding.family == "CO":
        strength = STRENGTH_WORDS.get(finding.severity, str(finding.severity))
        head = f"{finding.code} {finding.name} (collaborative, {strength})"
        return Note(finding.start, finding.end, (head, f"To keep. {finding.why}".strip()))
    severity = SEVERITY_WORDS.get(finding.severity, str(finding.severity))
    head = f"{finding.code} {finding.name} ({severity})"
    carried = f"Carried by: {name_carrier(finding)}. {finding.why}".strip()
    return Note(finding.start, finding.end, (head, carried, *_write_alternative(finding, answer)))


def list_points(review: Review) -> tuple[TalkPoint, ...]:
    """Return the points for both parties that are about words of the text."""
    points = review.overview.talk if review.overview else ()
    return tuple(point for point in points if point.clause is not None)


def write_point(point: TalkPoint, answer: Answer | None = None) -> Note:
    """Return the note on one point for both parties: its topic, an open question, wording.

    >>> point = TalkPoint("Notice", "How long?", "c1", 0, 9, ("Ninety days.",))
    >>> write_point(point).paragraphs
    ('Notice', 'Question for both parties: How long?', 'Wording for discussion: Ninety days.')
    """
    asked = f"Question for both parties: {point.question}"
    said = tuple(f"Wording for discussion: {text}" for text in point.wording[:1])
    if answer is not None:
        said = _tell_answer("Wording for discussion", answer)
    return Note(point.start, point.end, (point.topic, asked, *said))


def _write_alternative(finding: Finding, answer: Answer | None) -> tuple[str, ...]:
    if answer is not None:
        return _tell_answer("An alternative for discussion", answer)
    if not finding.suggestions:
        return ()
    text = finding.suggestions[0].text
    if len(text) > _MOST:
        text = f"{text[:_MOST].rsplit(None, 1)[0]} \u2026 (in full in the report)"
    return (f"Alternative for discussion: {text}",)


def _tell_answer(what: str, answer: Answer) -> tuple[str, ...]:
    said = f"{what} is proposed here as a tracked change."
    if answer.suggestion.open:
        names = ", ".join(name.replace("_", " ") for name in answer.suggestion.open)
        said += f" To be filled in: {names}."
    if not answer.stays:
        return (said,)
    shown = (f"\u201c{cut_middle(fold(text), _QUOTED)}\u201d" for text in answer.stays[:_STAYS])
    more = len(answer.stays) - _STAYS
    rest = f" and {more} more" if more > 0 else ""
    return said, f"Stays in this clause; check that it agrees: {' '.join(shown)}{rest}"
