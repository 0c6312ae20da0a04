"""What is said in the margin: one note per finding, short enough to be read there.

Comes in: a review. Goes out: ``Note`` records, for a Word comment or a note in a PDF.
"""

from __future__ import annotations

from clausecheck.records import Finding, Note, Suggestion
from clausecheck.report.wording import SEVERITY_WORDS, STRENGTH_WORDS, name_carrier

_MOST = 600


def write_note(finding: Finding, *, tracked: Suggestion | None = None) -> Note:
    """Return the note on one finding: code and name, who carries it, why, the alternative.

    ``tracked`` is the suggestion that is proposed beside the note as a tracked change, if any.

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
    return Note(finding.start, finding.end, (head, carried, *_write_alternative(finding, tracked)))


def _write_alternative(finding: Finding, tracked: Suggestion | None) -> tuple[str, ...]:
    if tracked is not None:
        said = "An alternative for discussion is proposed here as a tracked change."
        if tracked.open:
            names = ", ".join(name.replace("_", " ") for name in tracked.open)
            said += f" To be filled in: {names}."
        return (said,)
    if not finding.suggestions:
        return ()
    suggestion = finding.suggestions[0]
    text = suggestion.text
    if len(text) > _MOST:
        text = f"{text[:_MOST].rsplit(None, 1)[0]} \u2026 (in full in the report)"
    return (f"Alternative for discussion: {text}",)
