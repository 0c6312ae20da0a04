"""Draw the tracked changes and the comments that stand in a Word file already.

Comes in: a review. Goes out: two sections on a sheet, each left out when there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from clausecheck.records import Clause, Comment, Document, Review, Revision
from clausecheck.report.layout import Page, quote
from clausecheck.report.places import find_clause, name_clause

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN, _LIMIT = 10, 120


def draw_marks(
    page: Page, review: Review, clauses: Mapping[str, Clause], *, full: bool = False
) -> None:
    """Add who changed and who commented what, and in which clause; ten of each unless ``full``."""
    document = review.document
    view = dict(document.facts).get("view", "final")
    # Formatting is counted on the cover; what it changes is not what was agreed.
    changes = [change for change in document.changes if change.kind != "formatting"]
    listed = ((change, _describe_change(document, change)) for change in changes)
    _draw_list(page, review, clauses, f"Tracked changes (this is the {view} view)", listed, full)
    remarks = ((comment, _describe_comment(document, comment)) for comment in document.comments)
    _draw_list(page, review, clauses, "Comments in the file", remarks, full)


def _draw_list(
    page: Page,
    review: Review,
    clauses: Mapping[str, Clause],
    title: str,
    items: Iterable[tuple[Revision | Comment, str]],
    full: bool,
) -> None:
    rows = list(items)
    if not rows:
        return
    page.add_title(title)
    shown = rows if full else rows[:_SHOWN]
    for mark, text in shown:
        clause = find_clause(review, mark.start)
        where = "document" if clause is None else name_clause(clauses, clause.id)
        when = f", {mark.date[:10]}" if mark.date else ""
        who = f"{mark.author or 'unnamed author'}{when}"
        page.add_text(f"{who}: {text}", indent=2, label=f"{where}:")
    if len(shown) < len(rows):
        page.add_text(f"and {len(rows) - len(shown)} more; --why lists all.", indent=2)


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
