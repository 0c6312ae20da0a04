"""The unit of work: one document in, its rows for every table out.

Comes in: bytes. Goes out: plain rows. A pure function of the bytes and the checker, whichever
engine calls it; nothing in the rows tells where the document lay or when it was read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from clausecheck.archive.facts import gather_facts
from clausecheck.archive.likeness import sign_text
from clausecheck.archive.schema import DOCUMENTS, Row, Rows, empty_rows
from clausecheck.errors import ClausecheckError
from clausecheck.output import BUG_CODE, describe_bug
from clausecheck.pipeline import Checker
from clausecheck.records import Clause, Document, Finding, Party, Problem, Review
from clausecheck.report.layout import cut_middle, fold
from clausecheck.report.places import contract_order, describe_place, index_clauses, name_clause

# The name under which a document is reviewed; it is stored under its hash alone.
_NAME = "document"
_GRAVE = 4
_NO_NAME = re.compile(r"[\W_]+")
_LAW_LIMIT = 300


class Task(NamedTuple):
    """One document to review: its SHA-256 in hex, and its bytes."""

    document: str
    data: bytes


def review_document(checker: Checker, task: Task) -> Rows:
    """Review one document; what cannot be checked is a row of ``problems`` and never an error."""
    try:
        review = checker.check(task.data, name=_NAME)
    except ClausecheckError as error:
        return fail_document(task, error.problem)
    except MemoryError:
        raise
    except Exception as error:  # a bug of ours costs one document
        bug = Problem(BUG_CODE, "This is a bug in clausecheck.", "", describe_bug(error))
        return fail_document(task, bug)
    return make_rows(task, review)


def fail_document(task: Task, problem: Problem) -> Rows:
    """Return the rows of a document that could not be checked."""
    rows = empty_rows()
    known = {"document": task.document, "status": "failed", "bytes": len(task.data)}
    rows["documents"].append(tuple(known.get(column.name) for column in DOCUMENTS))
    rows["problems"].append(_problem(task.document, "failed", problem))
    return rows


def make_rows(task: Task, review: Review) -> Rows:
    """Return the rows of a reviewed document."""
    rows = empty_rows()
    clauses = index_clauses(review)
    rows["documents"].append(_document(task, review))
    rows["clauses"] = _clauses(task.document, review, clauses)
    found = sorted(review.findings, key=contract_order)
    less_sure = sorted(review.worth_a_look, key=contract_order)
    may_stand = sorted(review.accepted, key=contract_order)
    banded = [(f, f.band) for f in (*found, *less_sure)] + [(f, "accepted") for f in may_stand]
    rows["findings"] = [
        _finding(task.document, number, banded_finding, review.document, clauses)
        for number, banded_finding in enumerate(banded)
    ]
    for item in review.overview.foundations if review.overview else ():
        rows["foundations"].append(
            (task.document, item.code, item.name, item.status, item.score, len(item.evidence))
        )
    rows["problems"] = [_problem(task.document, "partial", gap) for gap in review.problems]
    return rows


def _document(task: Task, review: Review) -> Row:
    text, facts = review.document.text, gather_facts(review)
    tensions = [finding for finding in review.findings if finding.family != "CO"]
    names = [_full_name(party) for party in review.parties]
    balance, overview, kind = review.balance, review.overview, review.kind
    values = {
        "document": task.document,
        "status": review.status,
        "media_type": review.document.media_type,
        "bytes": len(task.data),
        "characters": len(text),
        "words": len(text.split()),
        "clauses": sum(clause.kind != "furniture" for clause in review.clauses),
        "title": facts.title,
        "contract_type": facts.contract_type,
        "kind": kind.name if kind else None,
        "within": kind.within if kind else None,
        "effective_date": facts.date,
        "year": facts.year,
        "customer": _name_side(review, "customer"),
        "supplier": _name_side(review, "supplier"),
        "parties": names,
        "party_keys": [key for name in names if (key := _NO_NAME.sub(" ", name.upper()).strip())],
        "codes": _count_codes(review.findings),
        "findings": len(tensions),
        "grave": sum(finding.severity >= _GRAVE for finding in tensions),
        "worst": max((finding.severity for finding in tensions), default=None),
        "collaborative": len(review.findings) - len(tensions),
        "balanced": len(review.balanced),
        "worth_a_look": len(review.worth_a_look),
        "signature": sign_text(text),
    }
    if review.governing_law:
        start, end = review.governing_law
        values["governing_law"] = cut_middle(fold(text[start:end]), _LAW_LIMIT)
    if balance:
        values |= {
            "balance": balance.index,
            "balance_low": balance.low,
            "balance_high": balance.high,
            "supplier_weight": balance.supplier,
            "customer_weight": balance.customer,
            "reciprocity": balance.reciprocity,
        }
    if overview:
        values |= {
            "completeness": overview.completeness,
            "foundations_missing": sum(
                item.status in ("absent", "words only") for item in overview.foundations
            ),
            "sourcing_model": overview.sourcing.label,
            "stance": overview.stance.label,
            "dependency": overview.sourcing.dependency,
        }
    return tuple(values.get(column.name) for column in DOCUMENTS)


def _count_codes(findings: Sequence[Finding]) -> list[dict[str, object]]:
    held: dict[str, list[Finding]] = {}
    for finding in findings:
        held.setdefault(finding.code, []).append(finding)
    return [
        {
            "code": code,
            "family": same[0].family,
            "findings": len(same),
            "worst": max(finding.severity for finding in same),
        }
        for code, same in sorted(held.items())
    ]


def _name_side(review: Review, role: str) -> str | None:
    names = [_full_name(party) for party in review.parties if party.role == role]
    return " / ".join(names) or None


def _full_name(party: Party) -> str:
    """Return the name as the preamble gives it, rather than "Customer" or an abbreviation."""
    return fold(party.aliases[0] if party.aliases else party.name)


def _clauses(document: str, review: Review, clauses: Mapping[str, Clause]) -> list[Row]:
    text = review.document.text
    kept: Sequence[Clause] = [c for c in review.clauses if c.kind != "furniture"]
    return [
        (
            document, clause.id, position, clause.label, name_clause(clauses, clause.id),
            clause.heading, clause.kind, clause.level, clause.start, clause.end,
            text[clause.start : clause.end],
        )
        for position, clause in enumerate(kept)
    ]  # fmt: skip


def _finding(
    document: str, number: int, banded: tuple[Finding, str], source: Document,
    clauses: Mapping[str, Clause],
) -> Row:  # fmt: skip
    found, band = banded
    return (
        document, number, band, found.code, found.name, found.family, found.clause,
        name_clause(clauses, found.clause), describe_place(source, found.start, found.end),
        found.start, found.end, found.burden, found.party,
        found.severity, found.confidence, found.origin, found.balance,
        source.text[found.start : found.end], found.message,
    )  # fmt: skip


def _problem(document: str, outcome: str, problem: Problem) -> Row:
    place = "" if problem.where == _NAME else problem.where
    return (document, outcome, problem.code, problem.message, place, problem.advice)
