"""What changed between two drafts, written into a copy of the new Word file as comments.

Comes in: the new file's bytes and the comparison. Goes out: the bytes of a copy with a comment on
each finding that is new, harder, softer or gone, and on each change that the file does not track.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from clausecheck.markup.notes import write_note
from clausecheck.markup.word import WordMarker
from clausecheck.markup.word_review import MarkedWord
from clausecheck.records import (
    ClauseChange,
    Comparison,
    Edit,
    Finding,
    FindingChange,
    Marks,
    Note,
    Review,
)
from clausecheck.report.comparison import list_changed, take, tell_credit_status
from clausecheck.report.layout import cut_middle, fold
from clausecheck.report.places import index_clauses, name_clause

if TYPE_CHECKING:
    from clausecheck.markup.word_copy import Author
    from clausecheck.settings import Limits

_QUOTED = 300
_WORD = re.compile(r"\w+")


def mark_comparison(
    data: bytes,
    comparison: Comparison,
    *,
    author: Author | None = None,
    limits: Limits | None = None,
) -> MarkedWord:
    """Return a copy of the new Word file ``data`` with comments on what changed, and only there.

    ``MarkedWord.unplaced`` names the findings that are gone together with their clause: no words of
    the new draft are left for them. Raises ``InputError`` as reading does.
    """
    marker = WordMarker(data, comparison.new.document, limits=limits)
    found, unplaced = _write_findings(comparison)
    notes = tuple(dict.fromkeys((*found, *_write_changes(comparison))))
    outside = sum(1 for note in notes if marker.find_outside(note.start, note.end))
    marks = Marks(notes)
    return MarkedWord(marker.write(marks, author), marks, outside, unplaced)


def _write_findings(comparison: Comparison) -> tuple[list[Note], tuple[str, ...]]:
    """Return a note per finding that changed, and the codes of those without a place."""
    lives = {clause: change for change in comparison.clauses for clause in change.old if change.new}
    notes, unplaced = [], []
    for change in comparison.findings:
        finding = take(change)
        status = tell_credit_status(change.status) if finding.family == "CO" else change.status
        if change.new is not None:
            if change.status != "persisting":
                notes.append(_tell_finding(change, change.new, status))
        elif finding.clause in lives:
            notes.append(_tell_gone(comparison, lives[finding.clause], change, finding, status))
        else:
            unplaced.append(finding.code)
    return notes, tuple(unplaced)


def _tell_finding(change: FindingChange, finding: Finding, status: str) -> Note:
    note = write_note(finding)
    head, carried, *rest = note.paragraphs
    because = f"Because: {change.because}."
    # What became softer needs no alternative; the report has it all the same.
    said = (because, carried, *rest) if status != "softened" else (because,)
    return replace(note, paragraphs=(f"{status.capitalize()}: {head}", *said))


def _tell_gone(
    comparison: Comparison, clause: ClauseChange, change: FindingChange, gone: Finding, status: str
) -> Note:
    """Return a note where a finding stood: on the words that took their place, or the clause."""
    come = [edit for edit in clause.edits if edit.new_start < edit.new_end]
    near = [edit for edit in come if edit.old_start < gone.end and gone.start < edit.old_end]
    best = next(iter(near or come), None)
    start, end = (
        (best.new_start, best.new_end) if best else _find_clause(comparison.new, clause.new[0])
    )
    words = _quote(comparison.old, gone.start, gone.end)
    because = f"Because: {change.because}. The words were: {words}"
    return Note(start, end, (f"{status.capitalize()}: {gone.code} {gone.name}", because))


def _write_changes(comparison: Comparison) -> Iterator[Note]:
    """Yield notes on the clauses whose changes the new file does not show, in its order."""
    for change in list_changed(comparison):
        if change.hidden is False or (change.kind == "same" and not change.moved):
            continue
        how = " without tracking" if change.hidden else ""
        if change.kind == "removed":
            yield _tell_removed(comparison, change, how)
            continue
        span = _find_clause(comparison.new, change.new[0])
        if change.kind == "added":
            yield Note(*span, (f"Added{how}", "The old draft has no such clause."))
            continue
        if change.moved or change.kind in ("split", "merged"):
            told = "Moved" if change.moved else change.kind.capitalize()
            yield Note(
                *span, (f"{told}{how}", f"In the old draft: {_name_old(comparison, change)}")
            )
        for edit in change.edits:
            if edit.hidden is not False:
                yield _tell_edit(comparison, edit, span, how)


def _tell_edit(comparison: Comparison, edit: Edit, span: tuple[int, int], how: str) -> Note:
    if edit.new_start == edit.new_end:
        start, end = _find_word(comparison.new.document.text, edit.new_start, span)
        gone = _quote(comparison.old, edit.old_start, edit.old_end)
        return Note(start, end, (f"Taken out{how}", f"The old draft goes on here: {gone}"))
    was = (
        f"The old draft says: {_quote(comparison.old, edit.old_start, edit.old_end)}"
        if edit.old_start < edit.old_end
        else "The old draft has no such words."
    )
    return Note(edit.new_start, edit.new_end, (f"Changed{how}", was))


def _tell_removed(comparison: Comparison, change: ClauseChange, how: str) -> Note:
    """Return a note at the end of what stands before a clause that is gone."""
    at = comparison.clauses.index(change)
    before = [c for c in comparison.clauses[:at] if c.new]
    behind = [c for c in comparison.clauses[at:] if c.new]
    text = comparison.new.document.text
    where = "here"
    if before:
        start, end = _find_clause(comparison.new, before[-1].new[-1])
        start, end = _find_word(text, end, (start, end))
        where = "behind these words"
    else:
        start, end = _find_clause(comparison.new, behind[0].new[0])
        where = "before these words"
    spans = [_find_clause(comparison.old, clause) for clause in change.old]
    words = " ".join(_quote(comparison.old, *span) for span in spans)
    return Note(start, end, (f"Clause taken out{how}", f"The old draft has, {where}: {words}"))


def _find_clause(review: Review, clause_id: str) -> tuple[int, int]:
    """Return the span of a clause without the white space around it."""
    clause = index_clauses(review)[clause_id]
    words = review.document.text[clause.start : clause.end]
    return clause.end - len(words.lstrip()), clause.start + len(words.rstrip())


def _find_word(text: str, at: int, span: tuple[int, int]) -> tuple[int, int]:
    """Return the last word of a clause that ends at or before ``at``, else its first word."""
    found = None
    for word in _WORD.finditer(text, *span):
        if found is not None and word.end() > at:
            break
        found = word
    return span if found is None else found.span()


def _name_old(comparison: Comparison, change: ClauseChange) -> str:
    clauses = index_clauses(comparison.old)
    return "; ".join(name_clause(clauses, clause) for clause in change.old)


def _quote(review: Review, start: int, end: int) -> str:
    return f"\u201c{cut_middle(fold(review.document.text[start:end]), _QUOTED)}\u201d"
