"""Draw the findings that someone decided to let stand, and the decisions that met no finding.

Comes in: a review. Goes out: one section on a sheet, left out when there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Mapping

from clausecheck.records import Clause, Review
from clausecheck.report import wording
from clausecheck.report.layout import Page
from clausecheck.report.places import contract_order, list_lapsed, name_clause


def draw_accepted(page: Page, review: Review, clauses: Mapping[str, Clause]) -> None:
    """Add what was accepted, by whom and why, and which acceptances to look at again."""
    lapsed = list_lapsed(review)
    if not review.accepted and not lapsed:
        return
    page.add_title(f"Accepted ({len(review.accepted)})")
    page.add_text(wording.ACCEPTED)
    for finding in sorted(review.accepted, key=contract_order):
        assert finding.accepted is not None
        severity = wording.SEVERITY_WORDS[finding.severity]
        page.add_text(
            f"{finding.code} {finding.name}; {severity}; carried by "
            f"{wording.name_carrier(finding)}; {wording.describe_acceptance(finding.accepted)}",
            indent=2,
            label=f"{name_clause(clauses, finding.clause)}:",
        )
    for item in lapsed:
        page.add_text(
            f"{item.acceptance.rule} on clause {item.acceptance.clause}: "
            f"{wording.UNUSED_WORDS[item.why]}; "
            f"{wording.describe_acceptance(item.acceptance)}",
            indent=2,
            label="Not used:",
        )
