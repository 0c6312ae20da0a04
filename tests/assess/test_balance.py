from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausecheck.assess.balance import measure_balance
from clausecheck.records import Balanced, Finding

FLIP = {"supplier": "customer", "customer": "supplier", "both": "both", "unclear": "unclear"}


def make_finding(code: str, severity: int, confidence: float, burden: str) -> Finding:
    return Finding(
        code, "", code[:2], "c1", 0, 1, burden, "", severity, confidence, "rule", "one-sided"  # type: ignore[arg-type]
    )  # fmt: skip


# The worked example of taxonomy B.3.
WORKED = [
    make_finding("RS101", 4, 0.90, "supplier"),
    make_finding("RS103", 3, 0.80, "customer"),
    make_finding("WL201", 5, 0.95, "supplier"),
    make_finding("WL203", 4, 0.85, "supplier"),
    make_finding("WL205", 2, 0.90, "supplier"),
    make_finding("WL219", 3, 0.80, "customer"),
    make_finding("RS116", 3, 0.70, "supplier"),
]
MIXES = st.lists(
    st.builds(
        make_finding,
        st.sampled_from(["RS101", "WL201"]),
        st.integers(1, 5),
        st.floats(0.1, 1.0),
        st.sampled_from(list(FLIP)),
    ),
    max_size=12,
)


def evenly(supplier: int, customer: int, severity: int = 5) -> list[Finding]:
    sides = ["supplier"] * supplier + ["customer"] * customer
    return [make_finding("RS101", severity, 1.0, side) for side in sides]


def test_the_worked_example() -> None:
    got = measure_balance(WORKED, [])
    assert (got.supplier, got.customer, got.index) == (15.65, 4.8, 0.41)
    # Seven findings do not settle a band, so the words name where the interval begins and ends.
    assert got.low < 0.15 < 0.40 < got.high
    assert got.words == "about even to one-sided: the supplier carries more"


def test_nothing_is_about_even() -> None:
    got = measure_balance([], [])
    assert (got.index, got.low, got.high, got.words) == (0.0, 0.0, 0.0, "about even")
    assert got.reciprocity is None


@pytest.mark.parametrize(
    ("supplier", "customer", "words"),
    [
        (600, 600, "about even"),
        (640, 360, "leans: the supplier carries more"),
        (360, 640, "leans: the customer carries more"),
        (180, 20, "one-sided: the supplier carries more"),
        (20, 180, "one-sided: the customer carries more"),
        (1, 0, "one-sided: the supplier carries more"),
        (70, 65, "about even to leans: the supplier carries more"),
        (300, 700, "leans to one-sided: the customer carries more"),
        (6, 2, "about even to one-sided: the supplier carries more"),
        (2, 6, "about even to one-sided: the customer carries more"),
        (4, 4, "not settled: between one-sided to the customer and one-sided to the supplier"),
    ],
)
def test_bands(supplier: int, customer: int, words: str) -> None:
    got = measure_balance(evenly(supplier, customer), [])
    assert got.words == words
    assert got.low <= got.index <= got.high


def test_the_interval_narrows_with_the_number_of_findings() -> None:
    few, many = measure_balance(evenly(6, 3), []), measure_balance(evenly(120, 60), [])
    assert many.high - many.low < (few.high - few.low) / 2


def test_a_burden_on_both_counts_half_on_each() -> None:
    got = measure_balance([make_finding("RS101", 4, 0.5, "both")], [])
    assert (got.supplier, got.customer, got.index) == (1.0, 1.0, 0.0)


def test_an_unresolved_burden_counts_for_nobody_but_is_one_sided() -> None:
    same = Balanced("RS102", "", "c2", 0, 1, "")
    got = measure_balance([make_finding("RS101", 4, 0.5, "unclear")], [same])
    assert (got.supplier, got.customer, got.index, got.reciprocity) == (0.0, 0.0, 0.0, 0.5)


@pytest.mark.parametrize("code", ["AB301", "CO401"])
def test_duties_and_credit_are_not_weighed(code: str) -> None:
    extra = make_finding(code, 5, 1.0, "supplier")
    assert measure_balance([*WORKED, extra], []) == measure_balance(WORKED, [])


def test_reciprocity_counts_each_balanced_clause_once() -> None:
    same = Balanced("RS101", "", "c2", 0, 1, "")
    found = [make_finding("RS101", 3, 1.0, "supplier")]
    assert measure_balance(found, [same, same]).reciprocity == 0.5
    assert measure_balance(found, [same, replace(same, code="WL201")]).reciprocity == 0.667
    assert measure_balance(found, []).reciprocity == 0.0
    assert measure_balance([], [same]).reciprocity == 1.0


@given(MIXES)
def test_swapping_the_parties_mirrors_everything(findings: list[Finding]) -> None:
    one = measure_balance(findings, [])
    two = measure_balance([replace(f, burden=FLIP[f.burden]) for f in findings], [])  # type: ignore[arg-type]
    assert (one.index, one.low, one.high) == pytest.approx((-two.index, -two.high, -two.low))
    assert (one.supplier, one.customer) == (two.customer, two.supplier)


@given(MIXES)
def test_bounds_and_repeatability(findings: list[Finding]) -> None:
    got = measure_balance(findings, [])
    assert got == measure_balance(findings, [])
    assert -1.0 <= got.low <= got.high <= 1.0
    assert got.words
