"""Write a comparison as JSON, schema ``clausecheck-comparison/1``.

Comes in: a ``Comparison``. Goes out: both reviews as ``report.json`` writes them, what became of
every clause, and what became of every finding by its place in the two lists of findings.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from clausecheck.records import ClauseChange, Comparison, Document, Edit, Finding, FindingChange
from clausecheck.report.json import encode_review
from clausecheck.report.layout import PLAIN_OPTIONS, ReportOptions
from clausecheck.report.places import contract_order

SCHEMA = "clausecheck-comparison/1"
SCHEMA_FILE = "schema-comparison-1.json"


def load_comparison_schema() -> dict[str, Any]:
    """Return the JSON Schema; its reviews are those of ``report.json.load_schema``.

    >>> load_comparison_schema()["properties"]["schema"]["const"]
    'clausecheck-comparison/1'
    """
    source = Path(__file__).with_name(SCHEMA_FILE).read_text("utf-8")
    return cast("dict[str, Any]", json.loads(source))


def write_comparison_json(
    comparison: Comparison, options: ReportOptions = PLAIN_OPTIONS
) -> Iterator[str]:
    """Yield one JSON object; the options change nothing."""
    del options
    yield json.dumps(encode_comparison(comparison), indent=2, allow_nan=False) + "\n"


def encode_comparison(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data, in a fixed order."""
    old, new = comparison.old, comparison.new
    places = tuple(
        {finding: at for at, finding in enumerate(sorted(review.findings, key=contract_order))}
        for review in (old, new)
    )
    return {
        "schema": SCHEMA,
        "tracking": comparison.tracking,
        "old": encode_review(old),
        "new": encode_review(new),
        "clauses": [
            _encode_clause(old.document, new.document, change) for change in comparison.clauses
        ],
        "findings": [_encode_finding(change, *places) for change in comparison.findings],
    }


def _encode_clause(old: Document, new: Document, change: ClauseChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "old": list(change.old),
        "new": list(change.new),
        "moved": change.moved,
        "renumbered": change.renumbered,
        "hidden": change.hidden,
        "edits": [_encode_edit(old, new, edit) for edit in change.edits],
    }


def _encode_edit(old: Document, new: Document, edit: Edit) -> dict[str, Any]:
    return {
        "old": _encode_words(old, edit.old_start, edit.old_end),
        "new": _encode_words(new, edit.new_start, edit.new_end),
        "hidden": edit.hidden,
    }


def _encode_words(document: Document, start: int, end: int) -> dict[str, Any]:
    return {"start": start, "end": end, "words": document.text[start:end]}


def _encode_finding(
    change: FindingChange, old: dict[Finding, int], new: dict[Finding, int]
) -> dict[str, Any]:
    return {
        "status": change.status,
        "because": change.because,
        "old": None if change.old is None else old[change.old],
        "new": None if change.new is None else new[change.new],
    }
