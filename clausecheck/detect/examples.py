"""Run every rule on its own examples: what it must flag or hint at, exactly, and what it must pass.

In: a rule set. Out: one ``ExampleResult`` per example, for ``clausecheck test-rules`` and tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from clausecheck.detect.match import FIRED, Hit, RuleMatcher
from clausecheck.detect.rules import Example, Rule, RuleSet, load_rule_set
from clausecheck.detect.tokens import Tokens
from clausecheck.records import Clause
from clausecheck.segment import generic_parties


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """Whether one example came out as its rule says; ``message`` tells what happened if not."""

    code: str
    path: str
    text: str
    ok: bool
    message: str


def check_examples(rule_set: RuleSet, rules: Sequence[Rule] | None = None) -> list[ExampleResult]:
    """Return the results for the rules' examples, each rule run alone on its own.

    Parties are told from role words (Customer, Vendor, ...), as for a single clause.
    """
    results = []
    for rule in rules if rules is not None else rule_set.rules:
        matcher = RuleMatcher([rule], rule_set.cues)
        marked = [(e, "flag") for e in rule.examples_flag]
        marked += [(e, "hint") for e in rule.examples_hint]
        for example, wanted in marked:
            message = _judge_marked(example, wanted, _run(matcher, example.text))
            results.append(ExampleResult(rule.code, rule.path, example.text, not message, message))
        for example in rule.examples_pass:
            hit = _run(matcher, example.text)
            flagged = hit is not None and hit.verdict == "flag"
            message = f"flagged {example.text[hit.start : hit.end]!r}" if hit and flagged else ""
            results.append(ExampleResult(rule.code, rule.path, example.text, not message, message))
    return results


def check_folders(folders: tuple[str, ...]) -> list[ExampleResult]:
    """Return the results for the rules that stand in these folders; see ``check_examples``."""
    rule_set = load_rule_set(folders)
    codes = {path.stem for folder in folders for path in Path(folder).rglob("*.yaml")}
    return check_examples(rule_set, [rule for rule in rule_set.rules if rule.code in codes])


def _run(matcher: RuleMatcher, text: str) -> Hit | None:
    clause = Clause("c1", "", "", matcher.rules[0].kinds[0], None, 0, len(text))  # type: ignore[arg-type]
    hits = matcher.find(Tokens(text, generic_parties(text)), [clause])
    return hits[0] if hits else None


def _judge_marked(example: Example, wanted: str, hit: Hit | None) -> str:
    if hit is None:
        return "no pattern matched (do the anchors hold a word of this example?)"
    if hit.verdict in FIRED and hit.verdict != wanted:
        return f"a {hit.verdict}, not a {wanted}"
    if hit.verdict != wanted:
        return f"{hit.verdict}: {hit.note}"
    if (hit.start, hit.end) != (example.start, example.end):
        return f"flagged {example.text[hit.start : hit.end]!r}"
    if example.burden and hit.burden != example.burden:
        return f"burden is {hit.burden}, not {example.burden}"
    return ""
