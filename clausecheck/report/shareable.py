"""Draw the shareable edition: for the other side, so that both can talk about the same points.

Comes in: a review with its overview, and a page. Goes out: topics, open questions and balanced
wording. No score, severity, burden, code or strategy enters it.
"""

from __future__ import annotations

from collections.abc import Mapping

from clausecheck.records import Clause, Review, TalkPoint
from clausecheck.report import wording
from clausecheck.report.layout import Page, quote
from clausecheck.report.places import describe_place, index_clauses, name_clause

_SHOWN = 600


def draw_shareable(page: Page, review: Review) -> None:
    """Draw one review's points for both parties."""
    clauses = index_clauses(review)
    page.add_title(f"Points to talk about: {review.document.name}")
    if review.overview is None:
        page.add_text(wording.NOT_REVIEWED)
        return
    names = " and ".join(party.name for party in review.parties)
    page.add_text(wording.SHAREABLE_START.format(names=names or "the parties"))
    points = review.overview.talk
    general = [point for point in points if point.clause is None]
    special = [point for point in points if point.clause is not None]
    if general:
        page.add_title("What the relationship rests on")
        for number, point in enumerate(general, 1):
            _draw_point(page, review, clauses, point, number)
    if special:
        page.add_title("Clauses to look at together, in the order of the contract")
        for number, point in enumerate(special, len(general) + 1):
            _draw_point(page, review, clauses, point, number)
    if not points:
        page.add_text(wording.NO_POINTS)
    page.add_title("About these points")
    page.add_text(wording.SHAREABLE_END)


def _draw_point(
    page: Page, review: Review, clauses: Mapping[str, Clause], point: TalkPoint, number: int
) -> None:
    page.add_gap()
    page.add_text(f"{number}. {point.topic}", style="bold")
    if point.clause is not None:
        where = name_clause(clauses, point.clause)
        place = describe_place(review.document, point.start, point.end)
        words = quote(review.document.text[point.start : point.end], _SHOWN)
        page.add_text(f"{words} ({where}; {place})", indent=3, label="Text:")
    page.add_text(point.question, indent=3, label="Question:")
    for wording_text in point.wording:
        where = f" ({point.where})" if point.where else ""
        page.add_text(wording_text, indent=3, label=f"Wording to start from{where}:")
