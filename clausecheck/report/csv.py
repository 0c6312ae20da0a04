"""Write findings, balanced clauses and foundations as CSV that is safe to open in a spreadsheet.

Comes in: reviews. Goes out: CSV after RFC 4180 (CRLF, quoted where needed). No cell can act as a
formula, and no control character survives.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from clausecheck.records import Balanced, Clause, Finding, Foundation, Review
from clausecheck.report import wording
from clausecheck.report.layout import ReportOptions, fold
from clausecheck.report.places import (
    contract_order,
    describe_place,
    index_clauses,
    name_clause,
)

COLUMNS = (
    "document", "kind", "clause", "place", "start", "end", "code", "name", "family", "burden",
    "party", "severity", "confidence", "origin", "balance", "quotation", "message", "why",
    "suggestion", "grade", "norms", "caution",
)  # fmt: skip
# What a spreadsheet takes for the start of a formula, full-width forms included.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")
_BOM = "\ufeff"


def write_csv(reviews: Iterable[Review], options: ReportOptions) -> Iterator[str]:
    """Yield the head and a row per finding, less sure or accepted, balanced clause and foundation.

    With ``options.bom`` the text begins with a byte-order mark, by which Excel tells UTF-8.
    """
    yield (_BOM if options.bom else "") + _write_row(dict(zip(COLUMNS, COLUMNS, strict=True)))
    for review in reviews:
        clauses = index_clauses(review)
        if review.status == "failed":
            told = "; ".join(f"{p.message} {p.advice} [{p.code}]" for p in review.problems)
            yield _write_row({"document": review.document.name, "kind": "failed", "message": told})
        for finding in sorted(review.findings, key=contract_order):
            yield _write_finding(review, clauses, finding, "finding")
        for finding in sorted(review.worth_a_look, key=contract_order):
            yield _write_finding(review, clauses, finding, "worth a look")
        for finding in sorted(review.accepted, key=contract_order):
            yield _write_finding(review, clauses, finding, "accepted")
        for item in sorted(review.balanced, key=lambda b: (b.start, b.end, b.code, b.clause)):
            yield _write_balanced(review, clauses, item)
        for foundation in review.overview.foundations if review.overview else ():
            yield _write_foundation(review, clauses, foundation)


def make_safe(text: str) -> str:
    r"""Return text that a spreadsheet shows and never runs.

    >>> make_safe("=1+1"), make_safe(" \t-2"), make_safe("pay\x07 now")
    ("'=1+1", "'-2", 'pay<U+0007> now')
    """
    plain = fold(text)
    return "'" + plain if plain.startswith(_FORMULA) else plain


def _write_row(values: Mapping[str, object]) -> str:
    buffer = io.StringIO()
    row = [make_safe(str(values.get(column, ""))) for column in COLUMNS]
    csv.writer(buffer, lineterminator="\r\n").writerow(row)
    return buffer.getvalue()


def _write_finding(
    review: Review, clauses: Mapping[str, Clause], finding: Finding, kind: str
) -> str:
    suggestion = finding.suggestions[0] if finding.suggestions else None
    told = wording.describe_acceptance(finding.accepted) if finding.accepted else finding.why
    return _write_row(
        {
            **_locate(review, clauses, finding.clause, finding.start, finding.end),
            "kind": kind,
            "code": finding.code,
            "name": finding.name,
            "family": finding.family,
            "burden": finding.burden,
            "party": finding.party,
            "severity": finding.severity,
            "confidence": f"{finding.confidence:.3f}",
            "origin": finding.origin,
            "balance": finding.balance,
            "message": finding.message,
            "why": told,
            "suggestion": suggestion.text if suggestion else "",
            "grade": suggestion.grade if suggestion else "",
            "norms": ", ".join(suggestion.norms) if suggestion else "",
            "caution": suggestion.caution if suggestion else "",
        }
    )


def _write_balanced(review: Review, clauses: Mapping[str, Clause], item: Balanced) -> str:
    return _write_row(
        {
            **_locate(review, clauses, item.clause, item.start, item.end),
            "kind": "balanced",
            "code": item.code,
            "name": item.name,
            "family": item.code[:2],
            "balance": "mutual",
            "message": item.note,
        }
    )


def _write_foundation(review: Review, clauses: Mapping[str, Clause], foundation: Foundation) -> str:
    first = foundation.evidence[0] if foundation.evidence else None
    drafts = foundation.drafts
    place = _locate(review, clauses, first.clause, first.start, first.end) if first else {}
    return _write_row(
        {
            "document": review.document.name,
            **place,
            "kind": "foundation",
            "code": foundation.code,
            "name": foundation.name,
            "balance": foundation.status,
            "message": foundation.note,
            "why": "; ".join(foundation.lacks),
            "suggestion": " ".join(s.text for s in drafts.clauses) if drafts else "",
            "grade": drafts.clauses[0].grade if drafts and drafts.clauses else "",
        }
    )


def _locate(
    review: Review, clauses: Mapping[str, Clause], clause: str, start: int, end: int
) -> dict[str, object]:
    document = review.document
    return {
        "document": document.name,
        "clause": name_clause(clauses, clause),
        "place": describe_place(document, start, end),
        "start": start,
        "end": end,
        "quotation": document.text[start:end],
    }
