import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausecheck.assess.merge import (
    BANDS,
    FLOOR,
    SUREST,
    Candidate,
    Combination,
    combine_features,
    group_of,
    load_combination,
    merge_detections,
)
from clausecheck.assess.mutuality import Mirror
from clausecheck.detect.rules import load_rules
from clausecheck.errors import InputError
from clausecheck.settings import Sensitivity
from tests.assess.hits import make_hit

FAMILIES = ("RS", "WL", "AB", "CO")
WEIGHTS = {"bias": -1.0, "rule": 0.5, "reliability": 1.0, "withdrawn": -2.0, "code": 0.4,
           "no_code": -0.3, "family": 0.2}  # fmt: skip


def bands(least: float) -> dict[Sensitivity, dict[str, float]]:
    """Return one threshold for every sensitivity and family."""
    return dict.fromkeys(BANDS, dict.fromkeys(FAMILIES, least))


COMBINATION = Combination(
    reliability={"RS101": 0.9, "CO401": 0.6},
    weights={"tension": WEIGHTS, "collaborative": {"bias": 3.0}},
    thresholds={
        "precise": {"RS": 0.5, "CO": 0.9},
        "balanced": {"RS": 0.4, "CO": 0.9},
        "thorough": {"RS": 0.3, "CO": 0.9},
    },
    alone=0.4,
)
CODES = ["CO401", "RS101", "RS102"]


def merge(
    hits: dict[tuple[int, str], str], scores: dict[int, dict[str, float]] | None = None
) -> list[Candidate]:
    mirrors = [Mirror(make_hit(code, place, verdict=v)) for (place, code), v in hits.items()]
    return merge_detections(mirrors, scores or {}, CODES, COMBINATION)


def test_features_of_a_flag_a_silence_and_a_withdrawal() -> None:
    flag = combine_features(0.9, "flag", 0.2, 0.5)
    assert flag == {
        "bias": 1.0, "rule": 1.0, "reliability": pytest.approx(math.log(9)), "withdrawn": 0.0,
        "hint": 0.0, "hint_reliability": 0.0, "sibling": 0.0,
        "code": pytest.approx(-math.log(4)), "no_code": 0.0, "family": pytest.approx(0.0),
    }  # fmt: skip
    hint = combine_features(0.9, "hint", 0.2, 0.5)
    assert (hint["hint"], hint["hint_reliability"]) == (1.0, pytest.approx(math.log(9)))
    assert (hint["rule"], hint["reliability"], hint["withdrawn"]) == (0.0, 0.0, 0.0)
    silent = combine_features(None, None, None, 0.5)
    assert (silent["rule"], silent["reliability"], silent["code"]) == (0.0, 0.0, 0.0)
    assert (silent["withdrawn"], silent["no_code"]) == (0.0, 1.0)
    for verdict in ("balanced", "cancelled"):
        beside = combine_features(None, None, 0.2, 0.5, [verdict])
        assert (beside["withdrawn"], beside["sibling"]) == (1.0, 0.0)
    beside = combine_features(None, None, 0.2, 0.5, ["flag", "hint"])
    assert (beside["withdrawn"], beside["sibling"]) == (0.0, 1.0)


def test_certainty_stays_finite() -> None:
    sure = combine_features(1.0, "flag", 0.0, 1.0)
    assert all(math.isfinite(value) for value in sure.values())
    assert sure["reliability"] == pytest.approx(math.log(999))
    assert sure["code"] == pytest.approx(-math.log(999))


def test_confidence_is_the_weighted_sum_and_never_surer_than_measured() -> None:
    x = -1.0 + 0.5 + math.log(9) + 0.4 * math.log(1 / 3) + 0.2 * math.log(1 / 4)
    got = COMBINATION.confidence("RS101", "flag", 0.25, 0.2)
    assert got == pytest.approx(1 / (1 + math.exp(-x)))
    assert COMBINATION.confidence("RS101", "flag", 0.99, 0.99) == SUREST


@given(
    st.sampled_from(["flag", "hint", "balanced", "cancelled", None]),
    st.none() | st.floats(0, 1),
    st.none() | st.floats(0, 1),
    st.sampled_from(["RS101", "RS999", "CO401"]),
)
def test_confidence_is_a_probability(
    verdict: str | None, p_code: float | None, p_family: float | None, code: str
) -> None:
    assert 0.0 <= COMBINATION.confidence(code, verdict, p_code, p_family) <= 1.0


def test_without_the_classifier_a_rule_is_as_sure_as_it_was_measured() -> None:
    assert COMBINATION.confidence("RS101", "flag", None, None) == 0.9
    assert COMBINATION.confidence("RS101", "balanced", None, None) == 0.0
    assert COMBINATION.confidence("RS101", None, None, None) == 0.0


def test_a_users_rule_is_trusted_whatever_the_classifier_thinks() -> None:
    assert COMBINATION.confidence("RS999", "flag", None, None) == 0.8
    assert COMBINATION.confidence("RS999", "flag", None, 0.001) == 0.8
    assert COMBINATION.confidence("RS999", "flag", None, 0.999) > 0.8
    assert COMBINATION.confidence("RS999", None, None, 0.001) < 0.1


@pytest.mark.parametrize(("bias", "count"), [(0.0, 1), (-0.001, 0)])
@pytest.mark.parametrize(("code", "family"), [("RS101", "RS"), ("CO401", "CO")])
def test_a_flag_that_both_judged_needs_its_groups_threshold(
    bias: float, count: int, code: str, family: str
) -> None:
    own, other = group_of(code), group_of("CO401" if family == "RS" else "RS101")
    made = Combination({code: 0.9}, {own: {"bias": bias}, other: {"bias": -9.0}}, bands(0.5), 0.4)
    mirrors = [Mirror(make_hit(code, 0))]
    assert len(merge_detections(mirrors, {0: {family: 0.5}}, CODES, made)) == count


def test_a_weaker_signal_is_worth_a_look_until_the_next_sensitivity() -> None:
    rows = {0: {"RS": 0.5}}
    mirrors = [Mirror(make_hit("RS101", 0))]
    for confidence, shown in (
        (0.5, ["finding", "finding", "finding"]),
        (0.4, ["look", "finding", "finding"]),
        (0.3, [None, "look", "finding"]),
        (0.2, [None, None, None]),
    ):
        bias = math.log(confidence / (1 - confidence)) + 1e-9
        made = Combination({"RS101": 0.9}, {"tension": {"bias": bias}}, COMBINATION.thresholds, 0.4)
        got = [
            next((c.band for c in merge_detections(mirrors, rows, CODES, made, band)), None)
            for band in BANDS
        ]
        assert got == shown


def test_a_rule_that_runs_alone_reports_what_it_sees() -> None:
    weak = Combination({"RS101": 0.2}, {"tension": WEIGHTS}, bands(0.5), 0.4)
    [got] = merge_detections([Mirror(make_hit("RS101", 0))], {}, CODES, weak)
    assert (got.confidence, got.origin) == (0.2, "rule")


@pytest.mark.parametrize("verdict", ["balanced", "cancelled"])
def test_what_the_rules_withdrew_the_classifier_cannot_bring_back(verdict: str) -> None:
    assert merge({(0, "RS101"): verdict}, {0: {"RS": 0.999, "RS101": 0.999}}) == []


def test_the_origin_says_who_saw_it() -> None:
    sure, unsure = {"RS": 0.95, "RS101": 0.95}, {"RS": 0.9, "RS101": 0.3}
    assert [c.origin for c in merge({(0, "RS101"): "flag"}, {0: sure})] == ["both"]
    assert [c.origin for c in merge({(0, "RS101"): "flag"}, {0: unsure})] == ["rule"]
    assert [c.origin for c in merge({(0, "RS101"): "flag"})] == ["rule"]
    [alone] = merge({}, {0: sure})
    assert (alone.origin, alone.mirror) == ("model", None)
    # "RS102" is no label of this classifier: the family alone proves nothing about the code.
    assert [c.origin for c in merge({(0, "RS102"): "flag"}, {0: {"RS": 0.9}})] == ["rule"]


def test_a_score_below_the_floor_is_no_opinion() -> None:
    loud = Combination({}, {"tension": {"bias": 5.0}}, bands(0.5), 0.4)
    for p, count in ((FLOOR, 1), (FLOOR * 0.99, 0)):
        got = merge_detections([], {0: {"RS": 0.9, "RS101": p}}, CODES, loud)
        assert len(got) == count


def test_only_chosen_codes_are_reported() -> None:
    mirrors = [Mirror(make_hit("RS101", 0))]
    scores = {1: {"RS": 0.99, "RS101": 0.99}}
    assert merge_detections(mirrors, scores, ["RS102"], COMBINATION) == []


def test_one_candidate_per_clause_and_code_in_order() -> None:
    sure = {"RS": 0.95, "RS101": 0.95}
    flags = {(2, "RS102"): "flag", (2, "RS101"): "flag", (0, "RS102"): "flag"}
    got = [(c.clause, c.code) for c in merge(flags, {2: sure, 1: sure})]
    assert got == [(0, "RS102"), (1, "RS101"), (2, "RS101"), (2, "RS102")]


def test_groups() -> None:
    assert [group_of(code) for code in ("RS101", "WL2", "AB301", "CO401")] == [
        "tension", "tension", "tension", "collaborative",
    ]  # fmt: skip


def test_the_shipped_combination_is_whole() -> None:
    shipped = load_combination()
    for group in ("tension", "collaborative"):
        assert set(shipped.weights[group]) == set(combine_features(0.5, "flag", 0.5, 0.5))
    for family in FAMILIES:
        precise, balanced, thorough = (shipped.thresholds[band][family] for band in BANDS)
        # A user's own rule is reported even when the classifier is off.
        assert 0.0 < thorough <= balanced <= precise <= 0.8
    assert set(shipped.further) == set(BANDS)
    assert {r.code for r in load_rules() if r.hints} <= set(shipped.hints)
    assert all(0.0 < value < 1.0 for value in shipped.reliability.values())
    assert 0.0 < shipped.alone < 1.0


@pytest.mark.parametrize("text", [None, "{", "{}", "[]", json.dumps({"reliability": {}})])
def test_a_damaged_model_says_what_to_do(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "combination.json").write_text(text, "utf-8")
    with pytest.raises(InputError, match="Reinstall clausecheck") as caught:
        load_combination(tmp_path)
    assert caught.value.code == "C150"


def test_a_second_code_of_a_family_must_be_surer() -> None:
    evens = {"tension": {"bias": 0.0, "code": 1.0}}
    made = Combination({}, evens, COMBINATION.thresholds, 0.4, {"precise": 0.65, "balanced": 0.6})
    rows = {0: {"RS": 0.6, "RS101": 0.62, "RS102": 0.7}, 1: {"RS": 0.4, "RS101": 0.45}}
    shown = [
        [(c.clause, c.code, c.band) for c in merge_detections([], rows, CODES, made, band)]
        for band in BANDS
    ]
    first, second = (0, "RS101"), (0, "RS102")
    assert shown == [
        [(*first, "look"), (*second, "finding"), (1, "RS101", "look")],
        [(*first, "finding"), (*second, "finding"), (1, "RS101", "finding")],
        [(*first, "finding"), (*second, "finding"), (1, "RS101", "finding")],
    ]


def test_a_hint_of_rules_that_run_alone_is_worth_a_look() -> None:
    hinting = replace(COMBINATION, hints={"RS101": 0.45})
    mirrors = [Mirror(make_hit("RS101", 0, verdict="hint"))]
    for band in BANDS:
        [got] = merge_detections(mirrors, {}, CODES, hinting, band)
        assert (got.confidence, got.band, got.origin) == (0.45, "look", "rule")


def test_a_hint_that_stands_alone_decides_nothing_at_the_precise_sensitivity() -> None:
    sure = {"tension": {"bias": 2.0}}
    made = Combination({}, sure, COMBINATION.thresholds, 0.4)
    mirrors = [Mirror(make_hit("RS101", 0, verdict="hint"))]

    def shown(p: float) -> list[str]:
        rows = {0: {"RS": 0.5, "RS101": p}}
        return [
            c.band for band in BANDS for c in merge_detections(mirrors, rows, CODES, made, band)
        ]

    assert shown(0.1) == ["look", "finding", "finding"]
    assert shown(0.5) == ["finding", "finding", "finding"]
