"""The document as a whole, on the sample contracts and on what is left when parts are taken out."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from clausecheck import Checker, Settings
from clausecheck.records import Overview, Review

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "corpora" / "samples"
CHECKER = Checker()
# Everything that does something: all but the parties, recitals, definitions, good faith and law.
MECHANISMS = r"(?:2\.|3\.|5\.|6\.[1-5]|7\.|8\.|9\.|10\.|12\.|13\.[2-6])\S*"


def read_sample(name: str) -> str:
    return (SAMPLES / f"{name}-outsourcing.txt").read_text("utf-8")


def without(text: str, labels: str, *, schedules: bool = True) -> str:
    """Return the text without the paragraphs whose labels match, and without the schedules."""
    body, mark, rest = text.partition("\nSchedule 1 Scope and limits\n")
    kept = [p for p in body.split("\n\n") if not re.match(rf"{labels}\t", p)]
    return "\n\n".join(kept) + (mark + rest if schedules else "")


@cache
def review(name: str) -> Review:
    return CHECKER.check(SAMPLES / f"{name}-outsourcing.docx")


def overview(made: Review) -> Overview:
    assert made.overview is not None
    return made.overview


def scores(made: Review) -> dict[str, int]:
    return {f.code: f.score for f in overview(made).foundations}


def test_the_hostile_sample_extracts_on_missing_foundations() -> None:
    made = overview(review("hostile"))
    assert made.stance.label == "extraction"
    assert [f.code for f in made.foundations if f.status == "absent"] == [
        "F1", "F2", "F5", "F6", "F9",
    ]  # fmt: skip
    assert max(scores(review("hostile"))[f"F{n}"] for n in range(1, 10)) <= 1
    assert made.meeting
    assert "pays by" in made.sourcing.mismatch
    assert not any(light.lit for light in made.norms)
    assert {flag.name for flag in made.stance.flags} >= {
        "Improvement wanted, not paid for", "Locked in",
    }  # fmt: skip


def test_the_collaborative_sample_creates_on_laid_foundations() -> None:
    made = overview(review("collaborative"))
    assert made.stance.label == "creation"
    assert made.sourcing.label == "outcome partnership"
    assert [f.code for f in made.foundations if f.status == "working"] == [
        f"F{n}" for n in range(1, 9)
    ]
    assert all(light.lit for light in made.norms)
    assert made.completeness > 0.9
    assert made.meeting == ""
    assert made.missing == ()


@pytest.mark.parametrize("name", ["hostile", "collaborative"])
def test_the_three_formats_of_a_sample_read_alike(name: str) -> None:
    word = review(name)
    for ending in ("pdf", "txt"):
        other = CHECKER.check(SAMPLES / f"{name}-outsourcing.{ending}")
        assert scores(other) == scores(word), ending
        assert overview(other).stance.label == overview(word).stance.label
        assert overview(other).sourcing.label == overview(word).sourcing.label
        assert overview(other).missing == ()


def test_without_its_mechanisms_only_words_are_left() -> None:
    bare = CHECKER.check_text(without(read_sample("collaborative"), MECHANISMS, schedules=False))
    status = {f.code: f.status for f in overview(bare).foundations}
    assert status["F1"] == status["F2"] == "words only"
    assert max(scores(bare)[f"F{n}"] for n in range(1, 10)) <= 1
    assert overview(bare).stance.label != "creation"
    assert overview(bare).sourcing.label != "outcome partnership"
    assert "words only" in overview(bare).meeting


def test_without_intent_and_principles_a_meeting_comes_first() -> None:
    text = without(read_sample("collaborative"), r"(?:2|3|4)\.\S*")
    made = CHECKER.check_text(text)
    assert scores(made)["F1"] + scores(made)["F2"] <= 2
    assert overview(made).meeting.startswith("Before a redline, meet")
    # An outcome partnership rests on both.
    assert overview(made).sourcing.label == "performance-based"
    assert "not all of the foundations" in overview(made).sourcing.note


def test_words_of_partnership_on_hostile_terms_are_doubted() -> None:
    text = read_sample("hostile").replace(
        "3.2\tStandard.",
        "3.2\tSpirit. The parties share the aim of lower cost. Each party shall act in good faith "
        "and in a spirit of mutual trust in performing this Agreement.\n\n3.3\tStandard.",
    )
    flags = {flag.name: flag for flag in overview(CHECKER.check_text(text)).stance.flags}
    assert flags["Words of partnership"].evidence


@pytest.mark.parametrize("name", ["hostile", "collaborative"])
def test_every_statement_is_backed_by_words_of_its_clause(name: str) -> None:
    made = review(name)
    whole, text = overview(made), made.document.text
    clauses = {clause.id: clause for clause in made.clauses}
    backed = [
        *(line.evidence for line in whole.lines),
        *(f.evidence for f in whole.foundations if f.score),
        *(light.evidence for light in whole.norms if light.lit),
        *(feature.evidence for feature in whole.sourcing.features),
        *(flag.evidence for flag in whole.stance.flags),
    ]
    assert len(backed) > 15
    for evidence in backed:
        for quotation in evidence:
            clause = clauses[quotation.clause]
            assert clause.start <= quotation.start < quotation.end <= clause.end
            assert text[quotation.start : quotation.end].strip()
    told = {line.topic: line for line in whole.lines}
    assert list(told) == ["model", "foundations", "balance", "first", "credit"]
    assert told["model"].evidence
    assert told["balance"].evidence


@pytest.mark.parametrize("name", ["hostile", "collaborative"])
def test_weak_foundations_get_clauses_with_names_and_a_place(name: str) -> None:
    made = review(name)
    known = {clause.id for clause in made.clauses}
    for foundation in overview(made).foundations:
        if foundation.status == "working":
            assert foundation.drafts is None
            continue
        drafts = foundation.drafts
        assert drafts is not None
        assert drafts.clauses
        assert drafts.where
        assert drafts.after in known
        for suggestion in drafts.clauses:
            assert "{" not in suggestion.text
    if name == "hostile":
        first = overview(made).foundations[0].drafts
        assert first is not None
        assert first.where == "after 1 Definitions and interpretation"
        assert first.clauses[0].text.startswith("Customer and Supplier have entered")


def test_cautions_hold_for_the_law_that_the_clause_names() -> None:
    made = overview(review("hostile")).cautions
    laws = {caution.jurisdiction for caution in made}
    assert laws == {"general", "England and Wales", "United Kingdom"}
    assert {caution.as_of for caution in made} == {"2026-11-22"}
    found = {finding.code for finding in review("hostile").findings}
    assert all(set(caution.codes) <= found for caution in made)
    silent = Checker(Settings(cautions=False)).check(SAMPLES / "hostile-outsourcing.txt")
    assert overview(silent).cautions == ()


def test_an_address_is_no_governing_law() -> None:
    text = re.sub(r"25\.[12]\t[^\n]*\n", "", read_sample("hostile"))
    assert "incorporated in England and Wales" in text
    made = overview(CHECKER.check_text(text)).cautions
    assert {caution.jurisdiction for caution in made} == {"general"}
    assert "ask which law applies" in made[0].because


def test_activity_pay_weighs_less_where_little_ties_the_parties() -> None:
    terms = (
        'SERVICES AGREEMENT between Acme Ltd (the "Customer") and Bolt Ltd (the "Supplier").\n\n'
        "1. Services. Supplier shall clean the windows of Customer.\n\n"
        "2. Charges. Customer shall pay Supplier on a time and materials basis at the hourly "
        "rates in the price list.\n\n"
    )
    ties = (
        "3. Term. This Agreement shall continue for five years.\n\n"
        "4. Source. Supplier is the exclusive supplier of window cleaning to Customer.\n\n"
    )
    loose = [f for f in CHECKER.check_text(terms).findings if f.code == "AB301"]
    tied = [f for f in CHECKER.check_text(terms + ties).findings if f.code == "AB301"]
    assert tied[0].severity == loose[0].severity + 1
    assert "efficient choice" in loose[0].evidence[-1].note


def test_two_missing_schedules_leave_three_foundations_open() -> None:
    text = without(read_sample("hostile"), "x", schedules=True).partition(
        "\nSchedule 1 Services and Service Levels\n"
    )[0]
    made = CHECKER.check_text(text)
    assert {item.name for item in overview(made).missing} == {
        "Schedule 1",
        "Schedule 2",
        "Schedule 3",
    }
    status = {f.code: f.status for f in overview(made).foundations}
    assert status["F3"] == status["F4"] == status["F8"] == "cannot tell"
    assert status["F1"] == "absent"
    assert overview(made).questions[0].topic == "Missing documents"


def test_points_for_both_parties_hold_no_blame() -> None:
    made = review("hostile")
    points = overview(made).talk
    assert [p.clause for p in points][:9] == [None] * 9
    assert any(p.clause is not None for p in points)
    shown = " ".join(f"{p.topic} {p.question}" for p in points).lower()
    for word in ("severity", "one-way", "one-sided", "win", "rs1", "wl2", "hostile", "burden"):
        assert not re.search(rf"\b{word}", shown), word


def test_the_overview_does_not_hang_on_what_is_chosen() -> None:
    some = Checker(Settings(select=("WL",), perspective="customer"))
    made = overview(some.check(SAMPLES / "hostile-outsourcing.docx"))
    whole = overview(review("hostile"))
    assert made.stance == whole.stance
    assert made.foundations == whole.foundations
    assert all(set(c.codes) <= {f"WL{n}" for n in range(201, 220)} for c in made.cautions)
