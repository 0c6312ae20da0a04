"""Measure reviews against labelled clauses: precision, recall, base rates, with intervals.

In: labels, one JSON object per line, either stand-off (``file``, ``sha256``, ``start``, ``end``)
with the folder that holds the texts, or with the clause's ``text``. Out: an ``Evaluation``.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from clausecheck.errors import InputError
from clausecheck.figures import Evaluation, Figure, Item, summarise
from clausecheck.pipeline import Checker
from clausecheck.records import Finding, Party, Role
from clausecheck.settings import Settings

__all__ = ["Evaluation", "Figure", "Item", "evaluate_labels", "summarise"]


def evaluate_labels(
    labels: Path,
    texts: Path | None = None,
    settings: Settings | None = None,
    *,
    alone: bool = False,
) -> Evaluation:
    """Review every labelled clause, or every contract that holds one, and compare.

    A finding belongs to the labelled span that holds most of its words. With ``alone``, a clause
    that is labelled in a text is reviewed by itself, with the parties of that text, so that
    nothing beside it counts. Raises ``InputError`` when
    the labels cannot be read, a text is missing, or a text is not the one that was labelled.
    """
    checker = Checker(settings)
    rows = _read_rows(labels)
    inline = [r for r in rows if "file" not in r]
    items = [_judge_inline(checker, row) for row in inline]
    by_file: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if "file" in row:
            by_file[row["file"]].append(row)
    for file in sorted(by_file):
        items += _judge_file(checker, texts, file, by_file[file], labels, alone=alone)
    return summarise(items)


def _read_rows(labels: Path) -> list[dict[str, Any]]:
    try:
        # Not splitlines: a text may hold U+2028, which ends no line of JSON.
        lines = labels.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise _refuse_labels(error.strerror or "input error", str(labels)) from None
    except UnicodeDecodeError:
        raise _refuse_labels("it is not UTF-8", str(labels)) from None
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        fault = None
        try:
            row = json.loads(line)
            fault = _find_fault(row)
        except json.JSONDecodeError as error:
            fault = f"not valid JSON: {error.msg} at column {error.colno}"
        if fault:
            raise _refuse_labels(fault, f"{labels}:{number}")
        rows.append({"id": str(number), **row})
    if not rows:
        raise _refuse_labels("there are none", str(labels))
    return rows


def _refuse_labels(fault: str, where: str) -> InputError:
    return InputError(
        "C160", f"the labels cannot be read ({fault}).", where, "See docs/evaluate.md."
    )


def _find_fault(row: object) -> str | None:
    """Return what is wrong with one line of labels, without its text."""
    if not isinstance(row, dict):
        return "not an object"
    texts, numbers = ("file", "sha256") if "file" in row else ("text",), ("start", "end")
    for name in texts:
        if not isinstance(row.get(name), str) or not row[name].strip():
            return f"{name!r} must be text"
    if "file" in row:
        if not all(type(row.get(name)) is int for name in numbers):
            return "'start' and 'end' must be whole numbers"
        if not 0 <= row["start"] < row["end"]:
            return "'start' must lie before 'end'"
    codes = row.get("codes")
    if not isinstance(codes, list):
        return "'codes' must be a list; it is empty for a neutral clause"
    for item in codes:
        if not isinstance(item, dict) or not all(
            isinstance(item.get(name), str) for name in ("code", "burden")
        ):
            return "each of 'codes' must hold 'code' and 'burden'"
    if not isinstance(row.get("parties") or {}, dict):
        return "'parties' must hold 'customer' and 'supplier'"
    return None


def _gold(row: dict[str, Any]) -> dict[str, str]:
    return {c["code"]: c["burden"] for c in row["codes"]}


def _judge_inline(checker: Checker, row: dict[str, Any]) -> Item:
    parties = row.get("parties") or {}
    roles: tuple[Role, ...] = ("customer", "supplier")
    named = [Party(parties[r], (parties[r],), r, "given") for r in roles if parties.get(r)]
    findings = checker.look_at(row["text"], named)
    return _make_item(str(row["id"]), row, findings)


def _make_item(group: str, row: dict[str, Any], findings: Iterable[Finding]) -> Item:
    """Return one labelled clause with what was found; a code counts once, at its first place."""
    seen: dict[str, str] = {}
    sure: dict[str, float] = {}
    for finding in findings:
        sure[finding.code] = max(finding.confidence, sure.get(finding.code, 0.0))
        if finding.band == "finding":
            seen.setdefault(finding.code, finding.burden)
    return Item(group, row.get("stratum", ""), _gold(row), seen, sure)


def _judge_file(
    checker: Checker,
    texts: Path | None,
    file: str,
    rows: list[dict[str, Any]],
    labels: Path,
    *,
    alone: bool,
) -> list[Item]:
    if texts is None:
        raise InputError("C161", "these labels point into files.", str(labels), "Give --texts DIR.")
    try:
        data = (texts / file).read_bytes()
    except OSError:
        raise InputError("C161", "a labelled text is missing.", file, "Check --texts.") from None
    digest = hashlib.sha256(data).hexdigest()
    if any(row["sha256"] != digest for row in rows):
        raise InputError(
            "C162", "this is not the text that was labelled.", file, "Get the same file."
        )
    review = checker.check(data, name=file)
    if alone:
        text = review.document.text
        return [
            _make_item(file, row, checker.look_at(text[row["start"] : row["end"]], review.parties))
            for row in rows
        ]
    found: list[list[Finding]] = [[] for _ in rows]
    for finding in (*review.findings, *review.worth_a_look):
        overlaps = [_overlap(finding, row) for row in rows]
        best = max(range(len(rows)), key=lambda i: overlaps[i])
        if overlaps[best] * 2 > finding.end - finding.start:
            found[best].append(finding)
    return [_make_item(file, row, these) for row, these in zip(rows, found, strict=True)]


def _overlap(finding: Finding, row: dict[str, Any]) -> int:
    start, end = int(row["start"]), int(row["end"])
    return max(0, min(finding.end, end) - max(finding.start, start))
