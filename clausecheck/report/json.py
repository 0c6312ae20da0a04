"""Write reviews as JSON, schema ``clausecheck-review/1`` (``schema-1.json`` beside this file).

Comes in: reviews. Goes out: ASCII text with a fixed order of keys and sorted lists, so that equal
reviews give equal bytes and no contract character can act on a terminal or an encoding.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from clausecheck.records import (
    Acceptance,
    Anchor,
    Clause,
    Document,
    Evidence,
    Finding,
    LinePlace,
    PdfPlace,
    Review,
    Suggestion,
    WordPlace,
)
from clausecheck.report.json_overview import encode_overview, round_number
from clausecheck.report.layout import PLAIN_OPTIONS, ReportOptions
from clausecheck.report.places import contract_order, index_clauses, trace_path

SCHEMA = "clausecheck-review/1"
SCHEMA_FILE = "schema-1.json"


def load_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that every written document satisfies.

    >>> load_schema()["properties"]["schema"]["const"]
    'clausecheck-review/1'
    """
    source = Path(__file__).with_name(SCHEMA_FILE).read_text("utf-8")
    return cast("dict[str, Any]", json.loads(source))


def write_json(reviews: Iterable[Review], options: ReportOptions = PLAIN_OPTIONS) -> Iterator[str]:
    """Yield one JSON object for all reviews, piece by piece; the options change nothing.

    >>> print("".join(write_json([])), end="")
    {
      "schema": "clausecheck-review/1",
      "reviews": []
    }
    """
    del options
    yield f'{{\n  "schema": "{SCHEMA}",\n  "reviews": ['
    lead = "\n"
    for review in reviews:
        body = json.dumps(encode_review(review), indent=2, allow_nan=False)
        yield lead + "\n".join("    " + line for line in body.split("\n"))
        lead = ",\n"
    yield "]\n}\n" if lead == "\n" else "\n  ]\n}\n"


def encode_review(review: Review) -> dict[str, Any]:
    """Return one review as plain data: everything but the full text, its blocks and anchors."""
    document, clauses = review.document, index_clauses(review)
    law = review.governing_law
    return {
        "status": review.status,
        "document": {
            "name": document.name,
            "media_type": document.media_type,
            "sha256": document.sha256,
            "characters": len(document.text),
            "facts": [{"name": name, "value": value} for name, value in document.facts],
            "unread": [
                {
                    "what": gap.what,
                    "where": gap.where,
                    "advice": gap.advice,
                    "essential": gap.essential,
                }
                for gap in document.unread
            ],
            "changes": [
                {
                    "kind": change.kind,
                    "what": change.what,
                    "author": change.author,
                    "date": change.date,
                    **_encode_span(document, change.start, change.end),
                    "words": change.words,
                }
                for change in document.changes
            ],
            "comments": [
                {
                    "author": comment.author,
                    "date": comment.date,
                    "text": comment.text,
                    **_encode_span(document, comment.start, comment.end),
                    "resolved": comment.resolved,
                    "reply_to": comment.reply_to,
                }
                for comment in document.comments
            ],
        },
        "parties": [
            {
                "name": party.name,
                "aliases": list(party.aliases),
                "role": party.role,
                "how": party.how,
            }
            for party in review.parties
        ],
        "kind": _encode_kind(document, review),
        "governing_law": None if law is None else _encode_span(document, *law),
        "balance": _encode_balance(review),
        "overview": encode_overview(
            review.overview,
            lambda start, end: _encode_span(document, start, end),
            lambda clause: list(trace_path(clauses, clause)),
        ),
        "findings": [
            _encode_finding(document, clauses, finding)
            for finding in sorted(review.findings, key=contract_order)
        ],
        "worth_a_look": [
            _encode_finding(document, clauses, finding)
            for finding in sorted(review.worth_a_look, key=contract_order)
        ],
        "accepted": [
            _encode_finding(document, clauses, finding)
            for finding in sorted(review.accepted, key=contract_order)
        ],
        "unused": [
            {"acceptance": _encode_acceptance(item.acceptance), "why": item.why}
            for item in review.unused
        ],
        "balanced": [
            {
                "code": item.code,
                "name": item.name,
                "clause": item.clause,
                "path": list(trace_path(clauses, item.clause)),
                **_encode_span(document, item.start, item.end),
                "note": item.note,
                "other": item.other,
            }
            for item in sorted(
                review.balanced, key=lambda b: (b.start, b.end, b.code, b.clause, b.note)
            )
        ],
        "clauses": [_encode_clause(clause) for clause in review.clauses],
        "terms": [
            {"name": term.name, "start": term.start, "end": term.end}
            for term in sorted(review.terms, key=lambda t: (t.start, t.end, t.name))
        ],
        "references": [
            {"start": r.start, "end": r.end, "target": r.target, "how": r.how}
            for r in sorted(review.references, key=lambda r: (r.start, r.end, r.target, r.how))
        ],
        "problems": [
            {"code": p.code, "message": p.message, "where": p.where, "advice": p.advice}
            for p in review.problems
        ],
        "versions": {
            "tool": review.versions.tool,
            "rules": review.versions.rules,
            "model": review.versions.model,
        },
    }


def _encode_span(document: Document, start: int, end: int) -> dict[str, Any]:
    return {
        "start": start,
        "end": end,
        "quotation": document.text[start:end],
        "places": [_encode_place(anchor) for anchor in document.places(start, end)],
    }


def _encode_place(anchor: Anchor) -> dict[str, Any]:
    place, span = anchor.place, {"start": anchor.start, "end": anchor.end}
    if isinstance(place, LinePlace):
        return {"kind": "line", **span, "line": place.line, "column": place.column}
    if isinstance(place, PdfPlace):
        box = [round_number(edge) for edge in place.box]
        return {"kind": "pdf", **span, "page": place.page, "box": box}
    assert isinstance(place, WordPlace)
    return {
        "kind": "word",
        **span,
        "part": place.part,
        "paragraph": place.paragraph,
        "run": place.run,
        "offset": place.offset,
    }


def _encode_kind(document: Document, review: Review) -> dict[str, Any] | None:
    kind = review.kind
    if kind is None:
        return None
    words = kind.end > kind.start
    return {
        "name": kind.name,
        "within": kind.within,
        "note": kind.note,
        "words": _encode_span(document, kind.start, kind.end) if words else None,
    }


def _encode_balance(review: Review) -> dict[str, Any] | None:
    balance = review.balance
    if balance is None:
        return None
    return {
        "index": round_number(balance.index),
        "low": round_number(balance.low),
        "high": round_number(balance.high),
        "supplier": round_number(balance.supplier),
        "customer": round_number(balance.customer),
        "words": balance.words,
        "reciprocity": None if balance.reciprocity is None else round_number(balance.reciprocity),
    }


def _encode_clause(clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "label": clause.label,
        "heading": clause.heading,
        "kind": clause.kind,
        "parent": clause.parent,
        "start": clause.start,
        "end": clause.end,
        "level": clause.level,
    }


def _encode_finding(
    document: Document, clauses: Mapping[str, Clause], finding: Finding
) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "family": finding.family,
        "clause": finding.clause,
        "fingerprint": finding.fingerprint,
        "path": list(trace_path(clauses, finding.clause)),
        **_encode_span(document, finding.start, finding.end),
        "burden": finding.burden,
        "party": finding.party,
        "severity": finding.severity,
        "confidence": round_number(finding.confidence),
        "origin": finding.origin,
        "band": finding.band,
        "balance": finding.balance,
        "tests": [{"name": t.name, "value": t.value, "note": t.note} for t in finding.tests],
        "evidence": [_encode_evidence(document, item) for item in finding.evidence],
        "message": finding.message,
        "why": finding.why,
        "suggestions": [_encode_suggestion(item) for item in finding.suggestions],
        "accepted": None if finding.accepted is None else _encode_acceptance(finding.accepted),
    }


def _encode_acceptance(acceptance: Acceptance) -> dict[str, Any]:
    return {
        "rule": acceptance.rule,
        "clause": acceptance.clause,
        "reason": acceptance.reason,
        "who": acceptance.who,
        "until": acceptance.until,
        "document": acceptance.document,
        "source": acceptance.source,
    }


def _encode_evidence(document: Document, item: Evidence) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "start": item.start,
        "end": item.end,
        "words": document.text[item.start : item.end],
        "note": item.note,
        "weight": round_number(item.weight),
    }


def _encode_suggestion(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "text": suggestion.text,
        "grade": suggestion.grade,
        "rationale": suggestion.rationale,
        "norms": list(suggestion.norms),
        "open": list(suggestion.open),
        "caution": suggestion.caution,
    }
