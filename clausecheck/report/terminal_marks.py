"""Draw the tracked changes and the comments that stand in a Word file already.

Comes in: a review. Goes out: two sections on a sheet, each left out when there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clausecheck.records import Clause, Review
from clausecheck.report.layout import Page
from clausecheck.report.marks import Mark, list_changes, list_comments, name_changes

_SHOWN = 10


def draw_marks(
    page: Page, review: Review, clauses: Mapping[str, Clause], *, full: bool = False
) -> None:
    """Add who changed and who commented what, and in which clause; ten of each unless ``full``."""
    _draw_list(page, name_changes(review.document), list_changes(review, clauses), full)
    _draw_list(page, "Comments in the file", list_comments(review, clauses), full)


def _draw_list(page: Page, title: str, marks: Sequence[Mark], full: bool) -> None:
    if not marks:
        return
    page.add_title(title)
    shown = marks if full else marks[:_SHOWN]
    for mark in shown:
        page.add_text(f"{mark.who}: {mark.words}", indent=2, label=f"{mark.place}:")
    if len(shown) < len(marks):
        page.add_text(f"and {len(marks) - len(shown)} more; --why lists all.", indent=2)
