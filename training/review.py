"""See labelled contracts as a review sees them: whole, with what its later steps withdraw.

In: a labelled contract, and a classifier that has not seen it. Out:
``Sighting`` records: every code that either detector saw in a labelled span and that would stand
in a review if it were sure enough. Clauses seen one by one look better than they are in a review.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from clausecheck.assess.findings import Reading, make_finding, score_clauses
from clausecheck.assess.merge import FLOOR, Candidate
from clausecheck.assess.mutuality import pair_mirrors
from clausecheck.detect.classifier import Classifier
from clausecheck.detect.match import FIRED, RuleMatcher
from clausecheck.detect.rules import choose_rules, load_rule_set
from clausecheck.records import Finding
from training.data import Contract, read_tokens


@dataclass(frozen=True, slots=True)
class Sighting:
    """A code seen in a labelled span, however unsure.

    ``id`` is that of the labelled span, ``clause`` the place of the clause in its contract.
    ``verdict`` is the rule's, ``broad`` what its hints alone say, as on words that no pattern of
    the rule covers; ``withdrawn`` counts the other codes of the family that the rules withdrew in
    the clause. The probabilities are the classifier's. ``true``: readers gave the code.
    """

    id: str
    code: str
    clause: int
    verdict: str | None
    broad: str | None
    withdrawn: int
    p_code: float | None
    p_family: float
    true: bool


@cache
def _matchers() -> tuple[RuleMatcher, RuleMatcher]:
    """Return the matcher of a review, and one of the same rules with their hints alone."""
    rule_set = load_rule_set()
    rules = choose_rules(rule_set.rules, (), ())
    broad = [replace(rule, patterns=()) for rule in rules]
    return RuleMatcher(rules, rule_set.cues), RuleMatcher(broad, rule_set.cues)


def see_contract(contract: Contract, model: Classifier) -> list[Sighting]:
    """Return what a review of the whole contract sees in its labelled spans."""
    clauses = contract.clauses
    tokens = read_tokens(contract)
    matcher, hinter = _matchers()
    rules = {rule.code: rule for rule in matcher.rules}
    found, broad = (
        {
            (m.hit.clause, m.hit.code): m
            for m in pair_mirrors(these.find(tokens, clauses), clauses, contract.text)
        }
        for these in (matcher, hinter)
    )
    reading = Reading(tokens, clauses, contract.parties, rules, matcher.shared, model)
    forms, scores = score_clauses(reading)
    sightings = []
    for place, clause in enumerate(clauses):
        if not any(r["start"] < clause.end and clause.start < r["end"] for r in contract.rows):
            continue
        said = {code: found[place, code].hit.verdict for code in rules if (place, code) in found}
        row = scores.get(place, {})
        for code in rules:
            verdict = said.get(code)
            p_code = row.get(code)
            if verdict not in FIRED and (verdict or (p_code or 0.0) < FLOOR):
                continue
            wide = broad.get((place, code))
            finding = make_finding(
                reading,
                Candidate(place, code, 0.0, "rule", found.get((place, code))),
                forms, scores,
            )  # fmt: skip
            label = _find_label(contract, finding) if finding else None
            if finding is None or label is None:
                continue
            others = [v for c, v in said.items() if c != code and c[:2] == code[:2]]
            sightings.append(
                Sighting(
                    str(label["id"]), code, place, verdict, wide.hit.verdict if wide else None,
                    sum(v not in FIRED for v in others), p_code, row.get(code[:2], 0.0),
                    any(c["code"] == code for c in label["codes"]),
                )
            )  # fmt: skip
    return sightings


def _find_label(contract: Contract, finding: Finding) -> dict[str, Any] | None:
    """Return the labelled span that holds most of a finding's words."""

    def overlap(row: dict[str, Any]) -> int:
        return max(0, min(finding.end, int(row["end"])) - max(finding.start, int(row["start"])))

    best = max(contract.rows, key=overlap)
    return best if overlap(best) * 2 > finding.end - finding.start else None
