"""Findings made from candidates, with rules of the test's own and a classifier of one word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clausecheck.assess.findings import Reading, list_balanced, make_findings, score_clauses
from clausecheck.assess.merge import Candidate
from clausecheck.assess.mutuality import Mirror
from clausecheck.detect.classifier import Classifier
from clausecheck.detect.rules import load_rule_set
from clausecheck.detect.tokens import Tokens
from clausecheck.records import Clause, Evidence, Finding, Party
from tests.assess.hits import make_clauses, make_hit
from tests.rule_files import write_rule

PARTIES = (
    Party("Client", ("Client",), "customer", ""),
    Party("Vendor", ("Vendor",), "supplier", ""),
)
STRANGERS = (Party("Oak", ("Oak",), "unknown", ""), Party("Elm", ("Elm",), "unknown", ""))


def make_model(code: str = "RS901") -> Classifier:
    """Return a classifier that sees ``code`` in clauses that say "loss", and no other word."""
    weights = np.array([[4.0, 4.0, 0.0]])
    return Classifier(
        labels=("RS", code, "burden:supplier"), terms=("loss",), vocabulary={"loss": 0},
        idf=np.ones(1), weights=weights, bias=np.array([-2.0, -2.0, 2.0]), slope=np.ones(3),
        offset=np.zeros(3), digest="",
    )  # fmt: skip


@pytest.fixture
def rule_folder(tmp_path: Path) -> str:
    write_rule(tmp_path, "RS901", "[A] shall carry", carries="A")
    write_rule(tmp_path, "RS902", "[A] shall carry", carries="customer")
    write_rule(tmp_path, "CO901", "[A] shall share", carries="both")
    return str(tmp_path)


def make_reading(
    folder: str,
    *rows: str,
    parties: Sequence[Party] = PARTIES,
    model: Classifier | None = None,
) -> Reading:
    clauses, text = make_clauses(*rows)
    rule_set = load_rule_set((folder,))
    rules = {rule.code: rule for rule in rule_set.rules}
    return Reading(Tokens(text, parties), clauses, parties, rules, rule_set.cues, model)


def make(
    reading: Reading, candidates: list[Candidate], scores: Mapping[int, Mapping[str, float]] = {}
) -> list[Finding]:
    forms, _ = score_clauses(reading)
    return make_findings(reading, candidates, forms, scores)


def flagged(code: str, place: int, burden: str = "supplier", **changed: Any) -> Candidate:
    return Candidate(place, code, 0.71234, "rule", Mirror(make_hit(code, place, burden, **changed)))


def test_a_hit_becomes_a_finding_with_all_it_found(rule_folder: str) -> None:
    reading = make_reading(rule_folder, "1||Vendor shall carry all loss.")
    evidence = (Evidence("pattern", 2, 8, "words"),)
    [got] = make(reading, [flagged("RS901", 0, start=2, end=19, severity=4, evidence=evidence)])
    assert (got.code, got.name, got.family, got.clause) == ("RS901", "Rule RS901", "RS", "c0")
    assert reading.tokens.text[got.start : got.end] == "Vendor shall carr"
    assert (got.burden, got.party, got.severity) == ("supplier", "Vendor", 4)
    assert (got.confidence, got.origin, got.balance) == (0.712, "rule", "one-sided")
    assert (got.evidence, got.suggestions) == (evidence, ())
    assert got.message == reading.rules["RS901"].message


def test_unknown_parties_are_named_but_get_no_role(rule_folder: str) -> None:
    reading = make_reading(rule_folder, "1||Elm shall carry all loss.", parties=STRANGERS)
    [got] = make(reading, [flagged("RS901", 0, "@p2")], {0: {"burden:supplier": 0.99}})
    assert (got.burden, got.party) == ("unclear", "Elm")


@pytest.mark.parametrize(("p", "burden", "party"), [(0.5, "supplier", "Vendor"),
                                                    (0.49, "customer", "Client")])  # fmt: skip
def test_the_classifier_settles_what_the_rule_leaves_open(
    rule_folder: str, p: float, burden: str, party: str
) -> None:
    reading = make_reading(rule_folder, "1||All loss shall be carried.")
    candidate = flagged("RS901", 0, "@")
    [got] = make(reading, [candidate], {0: {"burden:supplier": p}})
    assert (got.burden, got.party) == (burden, party)
    [alone] = make(reading, [candidate])
    assert (alone.burden, alone.party) == ("unclear", "")


def test_credit_is_for_both(rule_folder: str) -> None:
    reading = make_reading(rule_folder, "1||Vendor shall share its data.")
    [got] = make(reading, [flagged("CO901", 0)], {0: {"burden:supplier": 0.9}})
    assert (got.burden, got.party) == ("both", "")


def test_only_the_classifier_saw_it_so_its_best_sentence_is_quoted(rule_folder: str) -> None:
    words = "Vendor shall attend. All loss, loss and loss is its own. Client may leave."
    reading = make_reading(rule_folder, f"1||{words}", model=make_model())
    scores = {0: {"RS901": 0.8, "burden:supplier": 0.9}}
    [got] = make(reading, [Candidate(0, "RS901", 0.8, "model", None)], scores)
    quoted = reading.tokens.text[got.start : got.end]
    assert quoted.startswith("All loss, loss")
    assert "attend" not in quoted
    assert "leave" not in quoted
    term = got.evidence[-1]
    assert (term.kind, term.note, term.start, term.end) == ("term", "loss", 0, 0)
    assert term.weight == 4.0
    assert (got.origin, got.burden, got.party) == ("model", "supplier", "Vendor")


def test_a_rule_that_fixes_the_role_wins_over_the_classifier(rule_folder: str) -> None:
    reading = make_reading(rule_folder, "1||All loss is its own.", model=make_model("RS902"))
    scores = {0: {"RS902": 0.8, "burden:supplier": 0.99}}
    [got] = make(reading, [Candidate(0, "RS902", 0.8, "model", None)], scores)
    assert (got.burden, got.party) == ("customer", "Client")


def test_a_list_that_only_the_classifier_saw_counts_once(rule_folder: str) -> None:
    reading = make_reading(
        rule_folder,
        "1||Vendor shall carry the loss from",
        "(a)|0|every fire that breaks out;",
        "(b)|0|every flood that comes in; and",
        "2||Vendor shall carry all the rest.",
        model=make_model(),
    )
    seen = [Candidate(i, "RS901", c, "model", None) for i, c in ((1, 0.6), (2, 0.7), (3, 0.5))]
    assert [f.clause for f in make(reading, seen)] == ["c2", "c3"]
    by_rule = [flagged("RS901", 1, start=45, end=50), flagged("RS901", 2, start=75, end=80)]
    assert [f.clause for f in make(reading, by_rule)] == ["c1", "c2"]


def test_findings_come_in_the_order_of_the_text(rule_folder: str) -> None:
    reading = make_reading(rule_folder, "1||Vendor shall carry.", "2||Client shall carry.")
    given = [
        flagged("RS902", 1, start=30, end=40),
        flagged("RS901", 1, start=30, end=40),
        flagged("RS901", 0, start=2, end=9),
    ]
    assert [(f.start, f.code) for f in make(reading, given)] == [
        (2, "RS901"), (30, "RS901"), (30, "RS902"),
    ]  # fmt: skip


def test_the_classifier_reads_clauses_and_not_headings_or_definitions(rule_folder: str) -> None:
    reading = make_reading(
        rule_folder,
        "1||Vendor shall carry every loss of Client.",
        "2||Loss",
        "3||Loss means any loss whatever it is.",
        "Schedule 1||Vendor shall carry every further loss.",
        model=make_model(),
    )
    definition = replace(reading.clauses[2], kind="definition")
    clauses: list[Clause] = [*reading.clauses[:2], definition, reading.clauses[3]]
    forms, scores = score_clauses(replace(reading, clauses=clauses))
    assert sorted(forms) == sorted(scores) == [0, 3]
    assert set(scores[0]) == {"RS", "RS901", "burden:supplier"}
    assert scores[0]["RS901"] == pytest.approx(1 / (1 + np.exp(-2.0)))


def test_no_classifier_no_scores(rule_folder: str) -> None:
    assert score_clauses(make_reading(rule_folder, "1||Vendor shall carry loss.")) == ({}, {})


def test_balanced_clauses_name_their_mirror_and_credit_is_not_among_them(rule_folder: str) -> None:
    reading = make_reading(rule_folder, "1||Vendor shall carry.", "2||Client shall carry.")
    mirrors = [
        Mirror(make_hit("RS901", 0, verdict="balanced", note="mirrored"), 1),
        Mirror(make_hit("RS902", 1, verdict="balanced", note="both")),
        Mirror(make_hit("CO901", 1, verdict="balanced")),
        Mirror(make_hit("RS901", 1, verdict="cancelled")),
        Mirror(make_hit("RS901", 1)),
    ]
    got = list_balanced(reading, mirrors)
    assert [(b.code, b.clause, b.other, b.note) for b in got] == [
        ("RS901", "c0", "c1", "mirrored"),
        ("RS902", "c1", None, "both"),
    ]
