"""Assess the document as a whole, once its clauses are assessed: the order of the parts.

In: the findings of a document and the signs read beside them. Out: an ``Overview`` without drafts
and points to talk about, which the next step adds; and activity-based findings weighed by how much
the parties depend on each other (taxonomy A.5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from clausecheck.assess.cautions import list_cautions
from clausecheck.assess.duration import find_term, list_longer
from clausecheck.assess.foundations import (
    advise_meeting,
    lay_foundations,
    light_norms,
    measure_completeness,
)
from clausecheck.assess.grounds import Grounds
from clausecheck.assess.knowledge import read_threshold
from clausecheck.assess.lines import draw_lines
from clausecheck.assess.profiles import profile_parties
from clausecheck.assess.questions import ask_questions
from clausecheck.assess.schedules import find_missing
from clausecheck.assess.sourcing import count_ties, imply_model
from clausecheck.assess.stance import take_stance
from clausecheck.detect.signals import Sign
from clausecheck.detect.tokens import Tokens
from clausecheck.records import (
    Balanced,
    BalanceIndex,
    Clause,
    Document,
    Evidence,
    Finding,
    Overview,
    Party,
    Quotation,
)

_GATED = (
    "few ties between the parties: paying by unit or activity can be the efficient choice for a "
    "simple, plentiful service"
)


@dataclass(frozen=True, slots=True)
class Whole:
    """One document with its clauses, parties and the words read in them."""

    document: Document
    clauses: Sequence[Clause]
    parties: Sequence[Party]
    tokens: Tokens
    signs: Sequence[Sign]
    governing_law: tuple[int, int] | None


def assess_whole(
    whole: Whole,
    findings: Sequence[Finding],
    balanced: Sequence[Balanced],
    balance: BalanceIndex | None,
    *,
    settle: Callable[[Sequence[Finding]], tuple[Finding, ...]],
    choose: Callable[[Sequence[Finding]], Sequence[Finding]],
    cautions: bool = True,
) -> tuple[tuple[Finding, ...], Overview]:
    """Return the findings, weighed by how much the parties depend on each other, and the overview.

    ``findings`` are all that were found; ``settle`` gives them the severities of the house, which
    the value stance does not heed, and ``choose`` picks those that the settings ask for, which the
    clauses to discuss first and the cautions are taken from.
    """
    text = whole.document.text
    grounds = _gather(whole, findings, balanced, balance)
    ties = count_ties(grounds)
    weighed = _gate_activity(findings, len(ties))
    settled = settle(weighed)
    shown = choose(settled)
    missing = find_missing(whole.document, whole.clauses)
    foundations = lay_foundations(grounds, missing)
    laid = read_threshold("sourcing", "laid")
    for foundation in foundations:
        if foundation.code in ("F1", "F2") and foundation.score >= laid:
            grounds.add("laid_intent", foundation.evidence)
    completeness = measure_completeness(foundations)
    sourcing = imply_model(grounds, foundations, ties)
    law = text[slice(*whole.governing_law)] if whole.governing_law else ""
    least = read_threshold("grounds", "confidence")
    codes = {finding.code for finding in shown if finding.confidence >= least}
    return settled, Overview(
        lines=draw_lines(grounds.clauses, shown, balanced, balance, foundations, sourcing),
        foundations=foundations,
        norms=light_norms(grounds),
        completeness=completeness,
        meeting=advise_meeting(foundations),
        sourcing=sourcing,
        stance=take_stance(weighed, foundations, completeness, grounds),
        profiles=profile_parties(whole.tokens, whole.parties),
        missing=missing,
        cautions=list_cautions(codes, law) if cautions else (),
        questions=ask_questions(grounds, missing),
    )


def _gate_activity(findings: Iterable[Finding], ties: int) -> tuple[Finding, ...]:
    """Return the findings, activity-based ones a band lower where little ties the parties."""
    if ties > read_threshold("dependency", "low"):
        return tuple(findings)
    reason = Evidence("softens", 0, 0, _GATED, -1.0)
    return tuple(
        replace(f, severity=f.severity - 1, evidence=(*f.evidence, reason))
        if f.family == "AB" and f.severity > 1
        else f
        for f in findings
    )


def _gather(
    whole: Whole,
    findings: Iterable[Finding],
    balanced: Sequence[Balanced],
    balance: BalanceIndex | None,
) -> Grounds:
    """Return the grounds of a document, with those that are worked out rather than read."""
    text = whole.document.text
    grounds = Grounds(whole.clauses, findings, whole.signs)
    ratio = balance.reciprocity if balance else None
    if (
        len(balanced) >= read_threshold("grounds", "mutual_least")
        and ratio is not None
        and ratio >= read_threshold("grounds", "mutual_ratio")
    ):
        grounds.add(
            "mutual_terms",
            [Quotation(b.clause, b.start, b.end, "binds both parties", b.code) for b in balanced],
        )
    term = find_term(text, whole.clauses)
    months, stated = term or (None, None)
    if stated and months is not None and months >= 12 * read_threshold("dependency", "long_years"):
        grounds.add("multi_year", [stated])
    brief = months is not None and months <= 12 * read_threshold("sourcing", "short_years")
    # An order is a short form only where no longer term is stated.
    orders = [] if months is not None else grounds.quote("purchase_order")
    if len(text.split()) < read_threshold("sourcing", "short_words") and (brief or orders):
        grounds.add("short_form", [stated] if brief and stated else orders[:1])
    helps = [q for name in ("exit_help", "exit_paid", "exit_plan") for q in grounds.quote(name)]
    least = read_threshold("dependency", "exit_months")
    grounds.add("long_exit", list_longer(text, helps, grounds.clauses, least))
    return grounds
