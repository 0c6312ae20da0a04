"""Measure whether a comparison of two drafts says what was changed, and what it costs.

Each edit of ``corpora/edits.yaml`` is made to a sample contract; the clauses and findings that the
comparison reports must be the listed ones, no more and no fewer.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from benchmarks.blocks import format_table, replace_block
from benchmarks.contract import make_contract, read_clauses, write_word
from benchmarks.speed import time_calls
from clausecheck import Checker
from clausecheck.comparison import compare_reviews
from clausecheck.records import Comparison, Review

ROOT = Path(__file__).resolve().parents[1]
EDITS = ROOT / "corpora" / "edits.yaml"
SAMPLES = ROOT / "corpora" / "samples"
LONG_WORDS = 50_000
MOST_RATIO = 2.5
RUNS = 5


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


def make_long_drafts() -> tuple[bytes, bytes]:
    """Return two Word drafts of about a hundred pages that differ in every twentieth paragraph."""
    paragraphs = make_contract(read_clauses(), words=LONG_WORDS)
    # The clauses repeat in a long contract; a mark of its own makes each one a clause by itself.
    told = [
        replace(p, words=f"{p.words} (item {at})") if p.level == 1 else p
        for at, p in enumerate(paragraphs)
    ]
    new = [
        replace(p, words=p.words.replace(" shall ", " will ").replace("30", "60") + " Agreed.")
        if at % 20 == 0
        else p
        for at, p in enumerate(told)
        if at % 53
    ]
    return write_word(told), write_word(new)


def measure_speed() -> list[tuple[str, str, str, str]]:
    """Return the time of comparing two long drafts against one review of the old one."""
    old, new = make_long_drafts()
    checker = Checker()
    times = time_calls(
        {
            "one review": lambda: checker.check(old, name="old.docx"),
            "compare": lambda: checker.compare(old, new),
        },
        RUNS,
    )
    ratio = times["compare"] / times["one review"]
    measure = f"compare two drafts of {LONG_WORDS:,} words / review one"
    shown = f"{ratio:.2f} ({times['compare']:.2f} s / {times['one review']:.2f} s)"
    return [(measure, shown, f"at most {MOST_RATIO}", "yes" if ratio <= MOST_RATIO else "no")]


def measure_all() -> str:
    """Return the tables of this benchmark."""
    outcomes = judge_edits()
    rows = []
    for name, side in (("clauses", 0), ("findings", 1)):
        right = sum(o.expected[side] == o.reported[side] for o in outcomes)
        rows.append((name, f"{right} of {len(outcomes)}", f"{right / len(outcomes):.1%}"))
    right = sum(o.right for o in outcomes)
    rows.append(("both", f"{right} of {len(outcomes)}", f"{right / len(outcomes):.1%}"))
    wrong = [f"- {o.name}: expected {_show(o.expected)}; reported {_show(o.reported)}"
             for o in outcomes if not o.right]  # fmt: skip
    return "\n\n".join(
        (
            format_table(("edits reported exactly", "number", "share"), rows),
            "\n".join(["Not as expected:", "", *wrong]) if wrong else "All as expected.",
            format_table(("measure", "median", "target", "met"), measure_speed()),
        )
    )


def _show(told: tuple[Counter[str], Counter[str]]) -> str:
    words = [f"{number} {what}" for counter in told for what, number in sorted(counter.items())]
    return ", ".join(words) or "nothing"


def main(arguments: Sequence[str]) -> int:
    """Measure and print; with ``--write``, put the tables into README.md too."""
    report = measure_all()
    sys.stdout.write(report + "\n")
    if "--write" in arguments:
        replace_block("drafts", report)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
