"""Say in words which tracked changes and comments stand in a Word file already.

Comes in: a review. Goes out: one line for each, with who, when and in which clause.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from clausecheck.records import Clause, Comment, Document, Review, Revision
from clausecheck.report.layout import quote
from clausecheck.report.places import find_clause, name_clause

_LIMIT = 120


class Mark(NamedTuple):
    """A change or a comment: the clause it stands in, who made it and when, what it is."""

    place: str
    who: str
    words: str


def name_changes(document: Document) -> str:
    """Return the title of the list of changes, which says in which view the file was read."""
    return f"Tracked changes (this is the {dict(document.facts).get('view', 'final')} view)"


def list_changes(review: Review, clauses: Mapping[str, Clause]) -> list[Mark]:
    """Return the tracked changes but those of formatting, which change nothing that was agreed."""
    document = review.document
    changes = [change for change in document.changes if change.kind != "formatting"]
    return [_put(review, clauses, c, _describe_change(document, c)) for c in changes]


def list_comments(review: Review, clauses: Mapping[str, Clause]) -> list[Mark]:
    """Return the comments in the order of the file."""
    document = review.document
    return [_put(review, clauses, c, _describe_comment(document, c)) for c in document.comments]


def _put(
    review: Review, clauses: Mapping[str, Clause], mark: Revision | Comment, words: str
) -> Mark:
    clause = find_clause(review, mark.start)
    place = "document" if clause is None else name_clause(clauses, clause.id)
    when = f", {mark.date[:10]}" if mark.date else ""
    return Mark(place, f"{mark.author or 'unnamed author'}{when}", words)


def _describe_change(document: Document, change: Revision) -> str:
    kind = f"{change.kind}" if change.what == "words" else f"{change.kind} of a {change.what}"
    words = document.text[change.start : change.end] or change.words
    return f"{kind} {quote(words, _LIMIT)}" if words.strip() else kind


def _describe_comment(document: Document, comment: Comment) -> str:
    about = document.text[comment.start : comment.end]
    state = "reply, " if comment.reply_to is not None else ""
    state += "resolved, " if comment.resolved else ""
    at = f"on {quote(about, _LIMIT)}: " if about.strip() else ""
    return f"{state}{at}{quote(comment.text, 2 * _LIMIT)}"
