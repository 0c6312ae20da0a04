"""A review written into a copy of the Word file that was reviewed.

Comes in: the file's bytes and its review. Goes out: the bytes of a copy with a comment on each
finding and, where asked for, complete suggestions as tracked changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clausecheck.markup.notes import Answer, list_points, write_note, write_point
from clausecheck.markup.redline import find_opposed, propose_changes, propose_foundations
from clausecheck.markup.word import WordMarker
from clausecheck.records import Marks

if TYPE_CHECKING:
    from clausecheck.markup.word_copy import Author
    from clausecheck.records import Change, Finding, Review, Suggestion
    from clausecheck.settings import Limits


@dataclass(frozen=True, slots=True)
class MarkedWord:
    """A marked copy: its bytes, and the comments and tracked changes in it.

    ``outside`` counts the comments on words in notes and text boxes, which stand beside them;
    ``unplaced`` are the codes of foundations whose clauses found no place.
    """

    data: bytes
    marks: Marks
    outside: int
    unplaced: tuple[str, ...] = ()


def mark_word(
    data: bytes,
    review: Review,
    *,
    redline: bool = False,
    foundations: bool = False,
    shareable: bool = False,
    author: Author | None = None,
    limits: Limits | None = None,
) -> MarkedWord:
    """Return a copy of the Word file ``data`` with one comment per finding of its review.

    A finding whose very words have a comment of an earlier review already gets no second one.
    With ``redline``, complete suggestions are written as tracked changes, too; with
    ``foundations``, the clauses proposed for weak foundations as tracked insertions. With
    ``shareable``, the copy is for the other side: its comments are the points for discussion, and
    only these are answered by changes. Raises ``InputError`` as reading does.
    """
    marker = WordMarker(data, review.document, limits=limits)
    points = list_points(review) if shareable else ()
    spans = {(point.start, point.end) for point in points} if shareable else None
    changes = _choose_changes(review, marker, spans) if redline else {}
    made = tuple(change for _, change in changes.values())
    answers = {
        finding: Answer(suggestion, find_opposed(review, finding, made))
        for finding, (suggestion, _) in changes.items()
    }
    if shareable:
        places = {(finding.start, finding.end): answers[finding] for finding in answers}
        notes = tuple(write_point(p, places.get((p.start, p.end))) for p in points)
    else:
        told = _list_told(review)
        notes = tuple(
            write_note(f, answers.get(f))
            for f in review.findings
            if f in answers or (f.start, f.end, f.code) not in told
        )
    proposed = list(propose_foundations(review, shareable=shareable)) if foundations else []
    fitting = {code: item for code, item in proposed if item and marker.can_insert(item)}
    marks = Marks(notes, made, tuple(fitting.values()))
    outside = sum(1 for note in notes if marker.find_outside(note.start, note.end))
    unplaced = tuple(code for code, _ in proposed if code not in fitting)
    return MarkedWord(marker.write(marks, author), marks, outside, unplaced)


def _list_told(review: Review) -> set[tuple[int, int, str]]:
    """Return the words and the code of the comments of an earlier review in the same file."""
    return {
        (comment.start, comment.end, comment.text.split(None, 1)[0])
        for comment in review.document.comments
        if comment.text.strip()
    }


def _choose_changes(
    review: Review, marker: WordMarker, spans: set[tuple[int, int]] | None
) -> dict[Finding, tuple[Suggestion, Change]]:
    """Return the changes that are possible and do not overlap, by finding.

    ``spans`` are the words that may be answered at all; ``None`` allows every finding.
    """
    chosen: dict[Finding, tuple[Suggestion, Change]] = {}
    for finding, suggestion, change in propose_changes(review):
        if spans is not None and (finding.start, finding.end) not in spans:
            continue
        taken = (other for _, other in chosen.values())
        if any(change.start < other.end and other.start < change.end for other in taken):
            continue
        if marker.can_change(change):
            chosen[finding] = (suggestion, change)
    return chosen
