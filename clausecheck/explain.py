"""Explain rules from their own files: one rule in full, or a table of all.

Comes in: ``Rule`` records. Goes out: text for the terminal, or plain data for JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from clausecheck.report import wording
from clausecheck.report.layout import ReportOptions, Sheet

if TYPE_CHECKING:
    from clausecheck.detect.rules import Rule

RULE_SCHEMA = "clausecheck-rule/1"


def draw_rule(rule: Rule, options: ReportOptions) -> str:
    """Return one rule in words: what it is, when it flags and when not, why, what instead.

    >>> from clausecheck.detect.rules import load_rules
    >>> print(draw_rule(load_rules()[0], ReportOptions()).split()[0])
    AB301
    """
    sheet = Sheet(options)
    add = sheet.add_text
    sheet.add_title(f"{rule.code} {rule.name}")
    base = f"{rule.base} of 5 ({wording.SEVERITY_WORDS[rule.base]})"
    if rule.family == "CO":
        base = f"strength {rule.base} of 3 ({wording.STRENGTH_WORDS[rule.base]})"
    sheet.add_table(
        [
            ("Family", wording.FAMILY_WORDS[rule.family]),
            ("Usually carried by", rule.burden),
            ("Base", base),
            ("Severity moves", rule.severity_note or "by the six C's alone"),
            ("Lifecycle", wording.LIFECYCLE_WORDS[rule.lifecycle]),
            ("File", rule.path),
        ],
        indent=0,
    )
    for title, text in (
        ("What it is", rule.definition),
        ("Flagged when", rule.flag_when),
        ("Not flagged when", rule.do_not_flag),
        ("Why it matters", rule.why),
    ):
        if text:
            sheet.add_title(text=title)
            add(text)
    if rule.alternatives:
        sheet.add_title("Consider instead")
        add(wording.SUGGESTED)
    for number, choice in enumerate(rule.alternatives, 1):
        sheet.add_gap()
        grade = f"{choice.grade}: {wording.GRADE_WORDS[choice.grade]}"
        add(choice.text, label=f"{number}. ({grade})")
        norms = f" (serves {', '.join(choice.norms)})" if choice.norms else ""
        add(choice.rationale + norms, indent=3, label="Reason:")
        if choice.caution:
            add(choice.caution, indent=3, label="Caution, to be checked by counsel:")
    for title, examples in (
        ("Examples that are flagged", rule.examples_flag),
        ("Examples that are not flagged", rule.examples_pass),
    ):
        if examples:
            sheet.add_title(title)
        for example in examples:
            add(example.text, label="-")
    return sheet.as_text()


def encode_rule(rule: Rule) -> dict[str, Any]:
    """Return one rule as plain data, schema ``clausecheck-rule/1``."""
    return {
        "schema": RULE_SCHEMA,
        "code": rule.code,
        "name": rule.name,
        "family": rule.family,
        "burden": rule.burden,
        "base": rule.base,
        "lifecycle": rule.lifecycle,
        "definition": rule.definition,
        "flag_when": rule.flag_when,
        "do_not_flag": rule.do_not_flag,
        "why": rule.why,
        "severity_note": rule.severity_note,
        "message": rule.message,
        "alternatives": [
            {
                "text": choice.text,
                "grade": choice.grade,
                "rationale": choice.rationale,
                "norms": list(choice.norms),
                "caution": choice.caution,
            }
            for choice in rule.alternatives
        ],
        "examples_flag": [example.text for example in rule.examples_flag],
        "examples_pass": [example.text for example in rule.examples_pass],
        "path": rule.path,
    }


def draw_rule_table(rules: Sequence[Rule]) -> str:
    """Return one line per rule: code, name, family, usual burden, base, lifecycle."""
    head = ("code", "name", "family", "burden", "base", "lifecycle")
    rows = [head] + [
        (r.code, r.name, wording.FAMILY_WORDS[r.family], r.burden, str(r.base), r.lifecycle)
        for r in rules
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "".join(line + "\n" for line in lines)
