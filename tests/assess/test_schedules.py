from __future__ import annotations

import pytest

from clausecheck import Checker
from clausecheck.assess.cautions import name_laws
from clausecheck.assess.duration import find_term
from clausecheck.assess.foundations import lay_foundations, measure_completeness
from clausecheck.assess.grounds import Grounds, Requirement, pick
from clausecheck.assess.knowledge import load_table
from clausecheck.assess.schedules import find_missing
from clausecheck.detect.rules import load_rule_set
from clausecheck.records import Clause, Document, Quotation


def list_missing(text: str) -> list[str]:
    clause = Clause("c1", "", "", "operative", None, 0, len(text))
    return [m.name for m in find_missing(Document("a", "", "", text), [clause])]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("The fees are in Schedule 2.", ["Schedule 2"]),
        ("The fees are in Schedule 2.\nSchedule 2\nFees", []),
        ("The fees are in Schedule 2.\nSchedule 2 Fees .......... 12\n", ["Schedule 2"]),
        ("See Exhibit A and Exhibit B.\nEXHIBIT A\nPrices", ["Exhibit B"]),
        ("See Exhibit A-1.\nEXHIBIT A\nPrices", []),
        ("Schedule 2 to the Lease applies.", []),
        ("as filed under Schedule 14A and Exhibit 10.3", []),
        ("as set out in the schedule to follow", []),
        ("Text wraps as set out in\nSchedule 3 shall apply.", ["Schedule 3"]),
    ],
)
def test_what_is_referred_to_and_not_there(text: str, missing: list[str]) -> None:
    assert list_missing(text) == missing


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("This Agreement shall continue for a period of three (3) years.", 36),
        ("The initial term of this Agreement is eighteen months.", 18),
        ("The Initial Term shall be 5 years from the Effective Date.", 60),
        ('for ten years from the date hereof (the "Term")', 120),
        ('Dated 1 May 2020. This runs until November 30, 2024 (the "Term").', 48),
        ("The obligations survive the term of this Agreement for five years.", None),
        ("This Agreement shall remain in effect until terminated.", None),
        ("This Agreement shall automatically renew for successive terms of two years.", None),
    ],
)
def test_the_term(text: str, months: int | None) -> None:
    start = text.index("This runs") if "This runs" in text else 0
    found = find_term(text, [Clause("c1", "", "", "operative", None, start, len(text))])
    assert (found[0] if found else None) == months


@pytest.mark.parametrize(
    ("words", "laws"),
    [
        ("governed by the laws of the State of New York", ["New York", "United States"]),
        ("governed by English law", ["England and Wales", "United Kingdom"]),
        ("the laws of the Province of Ontario and the laws of Canada", ["Canada"]),
        ("the laws of Germany; the courts of New York decide", ["Germany", "European Union"]),
        ("subject to the exclusive jurisdiction of the courts of Delaware", []),
        ("the laws of Freedonia", []),
        ("", []),
    ],
)
def test_laws_are_read_from_the_clause(words: str, laws: list[str]) -> None:
    assert list(name_laws(words)) == laws


def quotation(clause: str, start: int) -> Quotation:
    return Quotation(clause, start, start + 1, "")


def test_pick_takes_the_best_of_each_and_one_a_clause() -> None:
    groups = [[quotation("a", 9), quotation("b", 5)], [quotation("a", 9), quotation("c", 1)]]
    assert [q.clause for q in pick(groups, 2)] == ["b", "a"]
    assert [q.clause for q in pick(groups, 9)] == ["c", "b", "a"]
    assert pick([], 3) == ()


def test_a_requirement_counts_different_grounds() -> None:
    grounds = Grounds([Clause("a", "", "", "recital", None, 0, 9)], [], [])
    grounds.add("one", [quotation("a", 1), quotation("a", 2)])
    assert Requirement(("one", "two")).is_met(grounds)
    assert not Requirement(("one", "two"), least=2).is_met(grounds)
    assert Requirement(("two|one",)).is_met(grounds)
    assert not Requirement(("one",), body=True).is_met(grounds)


def test_nothing_at_all_is_absent() -> None:
    foundations = lay_foundations(Grounds([], [], []), ())
    assert [f.status for f in foundations] == ["absent"] * 10
    assert measure_completeness(foundations) == 0
    assert all(f.note == "Not found in the text supplied." for f in foundations)
    assert all(f.lacks for f in foundations)


COMPUTED = {"mutual_terms", "multi_year", "short_form", "long_exit", "laid_intent"}


def list_grounds() -> set[str]:
    names: set[str] = set()
    for entry in load_table("foundations").values():
        names |= set(entry["words"])
        for level in ("partial", "working"):
            names |= {g for requirement in entry[level] for g in requirement["any"]}
    for grounds in load_table("norms").values():
        names |= set(grounds)
    sourcing = load_table("sourcing")
    for entry in (*sourcing["decisive"], *sourcing["features"], *sourcing["ties"]):
        names |= {*entry["any"], *entry.get("also", ())}
    names |= {*sourcing["aims"], *sourcing["activity"]}
    for check in load_table("checks"):
        names |= {*check["all"], *check["any"], *check.get("none", ())}
    for question in load_table("questions"):
        names |= set(question.get("any", ()))
    return {part.partition("+")[0] for name in names for part in name.split("|")}


def test_every_ground_in_the_tables_is_known() -> None:
    signals = {signal.name for signal in load_rule_set().signals}
    unknown = {
        name
        for name in list_grounds() - signals - COMPUTED
        if not (name[:2] in ("RS", "WL", "AB", "CO") and name[2:].isdigit())
    }
    assert unknown == set()
    idle = signals - list_grounds() - {"purchase_order"}
    assert idle == set()


def test_every_code_has_a_point_to_talk_about() -> None:
    talk = load_table("talk")
    for rule in load_rule_set().rules:
        if rule.family != "CO":
            assert talk[rule.code]["question"].endswith("?")
    assert set(load_table("foundations")) <= set(talk)


def test_cautions_say_nothing_that_a_lawyer_would_not() -> None:
    said = str([load_table(t) for t in ("cautions", "talk", "questions", "foundations", "checks")])
    for word in ("illegal", "unenforceable", "you should", "proven", "market standard", " unfair "):
        assert word not in said.lower()
    for mark in ("vested", "CaT"):
        assert mark not in said


def test_a_sign_is_withdrawn_by_its_sentence() -> None:
    checker = Checker()
    text = (
        'SERVICES AGREEMENT between Acme Ltd ("Customer") and Bolt Ltd ("Supplier").\n\n'
        "1. Work. Supplier shall perform the services and Customer shall pay the fees.\n\n"
        "2. Status. {}\n"
    )
    real = "The parties have formed a strategic partnership."
    denial = "Nothing here is a strategic partnership or limited partnership, and no agency arises."
    scores = []
    for words in (real, denial):
        made = checker.check_text(text.format(words)).overview
        assert made is not None
        scores.append(made.foundations[0].score)
    assert scores == [1, 0]
