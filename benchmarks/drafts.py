"""Measure whether a comparison of two drafts says what was changed, and what it costs.

Each edit of ``corpora/edits.yaml`` is made to a sample contract; the clauses and findings that the
comparison reports must be the listed ones, no more and no fewer.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from clausecheck import Checker
from clausecheck.comparison import compare_reviews
from clausecheck.records import Comparison, Review

ROOT = Path(__file__).resolve().parents[1]
EDITS = ROOT / "corpora" / "edits.yaml"
SAMPLES = ROOT / "corpora" / "samples"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One edit, what was expected of the comparison, and what it said."""

    name: str
    expected: tuple[Counter[str], Counter[str]]
    reported: tuple[Counter[str], Counter[str]]

    @property
    def right(self) -> bool:
        """Whether exactly the expected changes were reported."""
        return self.expected == self.reported


def load_edits() -> list[dict[str, Any]]:
    """Return the edits as they are written."""
    edits: list[dict[str, Any]] = yaml.safe_load(EDITS.read_text("utf-8"))["edits"]
    return edits


def apply_steps(text: str, steps: list[dict[str, Any]]) -> str:
    """Return the text with the steps made; each must find its place exactly once."""
    for step in steps:
        if "everywhere" in step:
            text = text.replace(step["everywhere"], step["put"])
        elif "renumber" in step:
            for old, new in reversed(step["renumber"].items()):
                start, end = _find_paragraph(text, old if "\t" in old else old + "\t")
                text = text[:start] + new + text[start + len(old) :]
        elif "in" in step:
            start, end = _find_paragraph(text, step["in"])
            end = len(text) if step.get("whole") else end
            at = text.index(step["find"], start, end)
            text = text[:at] + step["put"] + text[at + len(step["find"]) :]
        elif "drop" in step:
            start, end = _find_paragraph(text, step["drop"])
            text = text[:start] + text[end:].lstrip("\n")
        elif "move" in step:
            start, end = _find_paragraph(text, step["move"])
            paragraph = text[start:end]
            text = text[:start] + text[end:].lstrip("\n")
            number, _, words = paragraph.partition("\t")
            text = _insert_after(text, step["after"], f"{step.get('as', number)}\t{words}")
        else:
            text = _insert_after(text, step["after"], step["add"])
    return text


def _find_paragraph(text: str, beginning: str) -> tuple[int, int]:
    places = [m.start() for m in re.finditer(rf"^{re.escape(beginning)}", text, re.MULTILINE)]
    # A contents list repeats the heads of articles; the paragraph itself comes last.
    if not places:
        raise ValueError(f"no paragraph begins with {beginning!r}")
    start = places[-1] if "\t" in beginning else places[0]
    end = text.find("\n\n", start)
    return start, len(text) if end < 0 else end


def _insert_after(text: str, beginning: str, paragraph: str) -> str:
    _, end = _find_paragraph(text, beginning)
    return f"{text[:end]}\n\n{paragraph}{text[end:]}"


def count_changes(comparison: Comparison) -> tuple[Counter[str], Counter[str]]:
    """Return the changed clauses by status, and the changed findings by code and status."""
    clauses: Counter[str] = Counter()
    for change in comparison.clauses:
        words = [] if change.kind == "same" else [change.kind]
        # Parts of a split clause bring new numbers of their own.
        words += ["moved"] * change.moved + ["renumbered"] * change.renumbered
        if words:
            clauses[" ".join(words)] += 1
    findings = Counter(
        f"{(change.new or change.old).code} {change.status}"  # type: ignore[union-attr]
        for change in comparison.findings
        if change.status != "persisting"
    )
    return clauses, findings


def judge_edits() -> list[Outcome]:
    """Make every edit and compare; nothing is timed."""
    checker = Checker()
    before: dict[str, tuple[str, Review]] = {}
    outcomes = []
    for edit in load_edits():
        name = edit["sample"]
        if name not in before:
            text = (SAMPLES / f"{name}-outsourcing.txt").read_text("utf-8")
            before[name] = text, checker.check_text(text)
        text, old = before[name]
        new = checker.check_text(apply_steps(text, edit["steps"]))
        expected = (
            Counter(edit["clauses"]),
            Counter(f"{code} {s}" for code, listed in edit["findings"].items() for s in listed),
        )
        outcomes.append(Outcome(edit["name"], expected, count_changes(compare_reviews(old, new))))
    return outcomes
