import time

import pytest

from clausecheck.assess.mutuality import Mirror, pair_mirrors
from clausecheck.detect.match import Hit
from clausecheck.records import Clause
from tests.assess.hits import make_clauses, make_hit

FILLER = "||Words that nobody flags."


def pair(hits: list[Hit], rows: list[str]) -> list[Mirror]:
    clauses, text = make_clauses(*rows)
    return pair_mirrors(hits, clauses, text)


def verdicts(mirrors: list[Mirror]) -> list[tuple[str, str, int | None]]:
    return [(m.hit.verdict, m.hit.balance, m.other) for m in mirrors]


def two_hits(one: int, two: int, *, code: str = "RS101") -> list[Hit]:
    return [make_hit(code, one, "supplier"), make_hit(code, two, "customer")]


PAIRED = [("balanced", "mutual"), ("balanced", "mutual")]
APART = [("flag", "one-sided"), ("flag", "one-sided")]


def outcome(hits: list[Hit], rows: list[str]) -> list[tuple[str, str]]:
    return [(m.hit.verdict, m.hit.balance) for m in pair(hits, rows)]


@pytest.mark.parametrize(("gap", "expected"), [(1, PAIRED), (2, PAIRED), (3, APART)])
def test_neighbours_pair_whatever_stands_above_them(
    gap: int, expected: list[tuple[str, str]]
) -> None:
    rows = [f"{i + 1}||Some words." for i in range(5)]
    assert outcome(two_hits(0, gap), rows) == expected


@pytest.mark.parametrize(("gap", "expected"), [(12, PAIRED), (13, APART)])
def test_one_article_is_read_together_as_far_as_twelve_clauses(
    gap: int, expected: list[tuple[str, str]]
) -> None:
    rows = ["8||Indemnities", *(f"8.{i}|0|Some words." for i in range(1, 20))]
    assert outcome(two_hits(1, 1 + gap), rows) == expected


def test_grandchildren_belong_to_the_article() -> None:
    rows = ["8||Indemnities", "8.1|0|First.", "(a)|1|x", "(b)|1|y", "8.2|0|Second.", "(a)|4|z"]
    assert outcome(two_hits(2, 5), rows) == PAIRED


@pytest.mark.parametrize(
    "words",
    [
        "Subject to clause 9.1, it pays.",
        "Subject to Clauses 3 and 9.1 it pays.",
        "See sections 2.1, 3.4, or 9.1.",
        "As paragraph\n9.1. says.",
    ],
)
@pytest.mark.parametrize("label", ["9.1", "9.1.", "Section 9.1"])
@pytest.mark.parametrize("first", [True, False])
def test_a_reference_joins_clauses_far_apart(words: str, label: str, *, first: bool) -> None:
    rows = [f"2.1||{words}", *[FILLER] * 30, f"{label}||Some words."]
    assert outcome(two_hits(0, 31) if first else two_hits(31, 0), rows) == PAIRED


@pytest.mark.parametrize(
    "words",
    ["Subject to clause 9.10.", "Subject to clause 19.1.", "Within 9.1 days.", "No number."],
)
def test_another_number_joins_nothing(words: str) -> None:
    rows = [f"2.1||{words}", *[FILLER] * 30, "9.1||Some words."]
    assert outcome(two_hits(0, 31), rows) == APART


def test_letters_are_no_number_to_refer_to() -> None:
    rows = ["2.1||See clause 9.1.", *[FILLER] * 30, "(a)||Some words.", "||Unnumbered words."]
    assert outcome(two_hits(0, 31), rows) == APART
    assert outcome(two_hits(0, 32), rows) == APART


def test_different_codes_never_pair() -> None:
    hits = [make_hit("RS101", 0, "supplier"), make_hit("RS102", 1, "customer")]
    assert outcome(hits, ["1||a", "2||b"]) == APART


def test_the_same_party_twice_is_no_pair() -> None:
    hits = [make_hit("RS101", 0, "supplier"), make_hit("RS101", 1, "supplier")]
    assert outcome(hits, ["1||a", "2||b"]) == APART


@pytest.mark.parametrize("code", ["AB301", "CO401"])
def test_only_risk_and_power_have_mirrors(code: str) -> None:
    assert outcome(two_hits(0, 1, code=code), ["1||a", "2||b"]) == APART


@pytest.mark.parametrize("verdict", ["balanced", "cancelled"])
def test_what_was_withdrawn_mirrors_nothing(verdict: str) -> None:
    hits = [make_hit("RS101", 0, "supplier"), make_hit("RS101", 1, "customer", verdict=verdict)]
    mirrors = pair(hits, ["1||a", "2||b"])
    assert [m.hit for m in mirrors] == hits
    assert [m.other for m in mirrors] == [None, None]


LIKE = "shall indemnify the other against every loss, cost or claim that arises from its breach"


@pytest.mark.parametrize(
    ("words", "balance"),
    [(f"{LIKE} or infringement", "mutual"), ("shall defend claims of infringement", "partial")],
)
def test_an_ordinary_promise_of_the_other_party_is_a_mirror(words: str, balance: str) -> None:
    hits = [
        make_hit("RS101", 0, "supplier"),
        make_hit("RS101", 1, "customer", verdict="cancelled", binds=True),
    ]
    first, second = pair(hits, [f"1||{LIKE}", f"2||{words}"])
    assert (first.hit.balance, first.other) == (balance, 1)
    assert second.hit == hits[1]


def test_the_far_heavier_half_stays_flagged() -> None:
    def judge(one: int, two: int) -> list[tuple[str, str, int | None]]:
        hits = [
            make_hit("RS101", 0, "supplier", severity=one),
            make_hit("RS101", 1, "customer", severity=two),
        ]
        return verdicts(pair(hits, ["1||a", "2||b"]))

    assert judge(4, 3) == [("balanced", "mutual", 1), ("balanced", "mutual", 0)]
    assert judge(4, 2) == [("flag", "partial", 1), ("balanced", "mutual", 0)]
    assert judge(1, 5) == [("balanced", "mutual", 1), ("flag", "partial", 0)]


def test_the_nearest_mirror_is_named_and_then_the_heaviest() -> None:
    rows = ["8||Top", *(f"8.{i}|0|x" for i in range(1, 8))]
    near = [
        make_hit("RS101", 1, "customer"),
        make_hit("RS101", 4, "supplier"),
        make_hit("RS101", 6, "customer"),
    ]
    assert pair(near, rows)[1].other == 6
    tied = [near[0], make_hit("RS101", 3, "supplier"), make_hit("RS101", 5, "customer", severity=4)]
    assert pair(tied, rows)[1].other == 5


def test_a_schedule_is_a_world_of_its_own() -> None:
    rows = [
        "1||Subject to clause 2, it pays.", "2||Some words.",
        "Schedule 1||", "1|2|Subject to clause 2, it pays.", *["3|2|Filler."] * 20, "2|2|Words.",
    ]  # fmt: skip
    last = len(rows) - 1
    assert outcome(two_hits(1, 3), rows) == APART  # two apart, across the boundary
    assert outcome(two_hits(0, last), rows) == APART  # "clause 2" is the one of the body
    assert outcome(two_hits(3, last), rows) == PAIRED  # and in the schedule, its own
    assert outcome(two_hits(3, 8), rows) == APART  # children of a schedule are no one topic
    assert outcome(two_hits(3, 5), rows) == PAIRED


def test_children_of_a_numbered_paragraph_in_a_schedule_share_it() -> None:
    rows = ["Schedule 1||", "1|0|Top", *(f"1.{i}|1|x" for i in range(1, 9))]
    assert outcome(two_hits(2, 9), rows) == PAIRED


def test_unknown_parties_pair_by_symbol() -> None:
    rows = ["1||a", "2||b"]
    hits = [make_hit("WL201", 0, "@p1"), make_hit("WL201", 1, "@p2")]
    assert outcome(hits, rows) == PAIRED
    assert outcome([hits[0], make_hit("WL201", 1, "@p1")], rows) == APART


@pytest.mark.parametrize("symbol", ["@", "@other", "@both"])
def test_nobody_in_particular_is_no_other_party(symbol: str) -> None:
    hits = [make_hit("WL201", 0, symbol), make_hit("WL201", 1, "supplier")]
    assert outcome(hits, ["1||a", "2||b"]) == APART


def test_hits_come_back_in_their_order() -> None:
    hits = [make_hit("RS101", 1), make_hit("WL201", 0), make_hit("RS101", 0, "customer")]
    assert [(m.hit.code, m.hit.clause) for m in pair(hits, ["1||a", "2||b"])] == [
        ("RS101", 1),
        ("WL201", 0),
        ("RS101", 0),
    ]
    assert pair([], ["1||a"]) == []


def test_many_hits_cost_no_more_than_their_number() -> None:
    def measure(count: int) -> float:
        words = "it pays subject to clause 3. " * 20
        clauses = [
            Clause(f"c{i}", f"{i}", "", "operative", None, i * len(words), (i + 1) * len(words))
            for i in range(count)
        ]
        hits = [make_hit("RS101", i, "supplier") for i in range(count)]
        begun = time.process_time()
        assert len(pair_mirrors(hits, clauses, words * count)) == count
        return time.process_time() - begun

    measure(100)
    assert measure(4000) < 60 * max(measure(400), 0.01)
