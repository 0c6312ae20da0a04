import json
import re
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from clausecheck.detect.classifier import list_terms, load_classifier, save_classifier
from clausecheck.detect.rules import load_rule_set
from clausecheck.errors import InputError
from training.data import SHARED, Contract, list_examples, load_stand_off, load_written
from training.fit import (
    BURDEN,
    fit_calibration,
    fit_classifier,
    label_target,
    weigh_examples,
)
from training.review import Sighting, see_contract
from training.weigh import (
    Outcomes,
    choose_threshold,
    choose_thresholds,
    fit_combination,
    list_beside,
    measure_reliability,
    thin_verdicts,
)

LABELS = ["RS", "CO", "AB301", "CO409", BURDEN]


@pytest.fixture(scope="module")
def examples():
    return [e for contract in load_written() for e in list_examples(contract)]


@pytest.fixture(scope="module")
def fitted(examples):
    slopes, offsets = np.linspace(0.5, 2, len(LABELS)), np.linspace(-1, 1, len(LABELS))
    return fit_classifier(examples, LABELS, slopes, offsets)


def test_the_shipped_scorer_equals_scikit_learn(examples, fitted) -> None:
    classifier, vectoriser, models = fitted
    forms = [e.forms for e in examples[::5]]
    vectors = vectoriser.transform(forms)
    decisions = np.stack([m.decision_function(vectors) for m in models], axis=1)
    expected = 1 / (1 + np.exp(-(classifier.slope * decisions + classifier.offset)))
    assert np.abs(classifier.score(forms) - expected).max() < 1e-6


def test_a_model_survives_being_stored_without_pickle(examples, fitted, tmp_path: Path) -> None:
    classifier = fitted[0]
    save_classifier(classifier, tmp_path)
    assert {p.suffix for p in tmp_path.iterdir()} == {".npz", ".json"}
    again = load_classifier(tmp_path)
    forms = [e.forms for e in examples[::20]]
    assert np.array_equal(classifier.score(forms), again.score(forms))


def test_a_score_is_explained_by_the_terms_that_made_it(examples, fitted) -> None:
    classifier = fitted[0]
    forms = next(e.forms for e in examples if "AB301" in e.labels)
    told = classifier.explain(forms, "AB301")
    assert told == sorted(told, key=lambda t: -t[1])
    assert {term for term, _ in told} <= set(list_terms(forms))
    without = [f for f in forms if f not in told[0][0].split()]
    column = LABELS.index("AB301")
    assert classifier.score([without])[0, column] < classifier.score([forms])[0, column]


def test_nothing_known_scores_the_same_as_nothing(fitted) -> None:
    classifier = fitted[0]
    assert np.array_equal(classifier.score([["zzqq"]]), classifier.score([[]]))


def test_a_missing_or_broken_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Reinstall"):
        load_classifier(tmp_path / "none")
    (tmp_path / "classifier.json").write_text('{"format": 999, "labels": []}', "utf-8")
    (tmp_path / "classifier.npz").write_bytes(b"")
    with pytest.raises(InputError, match="another format"):
        load_classifier(tmp_path)


def test_the_burden_column_sees_only_one_sided_tension(examples) -> None:
    target, part = label_target(examples, BURDEN)
    either = {r.code for r in load_rule_set().rules if r.carries in ("A", "B", "other")}
    for example, true, takes_part in zip(examples, target, part, strict=True):
        sides = {b for c, (b, _) in example.labels.items() if c in either}
        assert takes_part == (sides in ({"customer"}, {"supplier"}))
        assert bool(true) == (sides == {"supplier"})


def test_calibration_recovers_a_known_sigmoid() -> None:
    rng = np.random.default_rng(0)
    decisions = rng.normal(size=20_000)
    target = (rng.random(20_000) < 1 / (1 + np.exp(-(2 * decisions - 1)))).astype(float)
    slope, offset = fit_calibration(decisions, target, np.ones(20_000))
    assert slope == pytest.approx(2, abs=0.15)
    assert offset == pytest.approx(-1, abs=0.1)


def test_the_threshold_keeps_the_wanted_precision() -> None:
    right = [(0.9, True, 1.0), (0.8, True, 1.0), (0.6, True, 1.0)]
    scored = [*right, (0.7, False, 1.0), (0.5, False, 3.0)]
    assert choose_threshold(scored, 0.7) == 0.6
    assert choose_threshold(scored, 1.0) == 0.8


def sight(name: str, code: str, verdict: str | None, *, true: bool, p: float = 0.5) -> Sighting:
    return Sighting(name, code, 0, verdict, None, 0, p, p, true)


def test_thresholds_weigh_misses_against_false_alarms() -> None:
    seen = [
        sight("a", "RS101", "flag", true=True),
        sight("b", "RS101", "flag", true=False),
        sight("c", "RS101", "flag", true=True),
        sight("d", "WL201", "flag", true=True),
    ]
    gold = {"a": ["RS101"], "b": [], "c": ["RS101"], "d": ["WL201"], "e": ["CO401"]}
    sure = [0.5, 0.4, 0.3, 0.2]
    alike = dict.fromkeys(gold, 1.0)
    outcomes = Outcomes(seen, sure, gold, alike, alike)
    [risk, win, _, _], _ = outcomes.choose_balanced([0.9] * 4)
    assert risk <= 0.3
    assert win <= 0.2
    # A false alarm that stands for many in a plain contract is worth more misses.
    plain = Outcomes(seen, sure, gold, alike, alike | {"b": 30.0})
    assert plain.choose_balanced([0.9] * 4)[0][0] > 0.4
    assert plain.choose_balanced([0.25] * 4)[0][0] <= 0.25


def test_the_measure_counts_each_span_once_and_a_second_code_apart() -> None:
    seen = [
        sight("a", "RS101", "flag", true=True),
        sight("a", "RS102", "flag", true=False),
        sight("b", "RS101", "flag", true=False),
    ]
    gold = {"a": ["RS101"], "b": []}
    outcomes = Outcomes(seen, [0.6, 0.5, 0.4], gold, {"a": 1.0, "b": 1.0}, {"a": 1.0, "b": 3.0})
    drawn, natural = outcomes.measure([0.3] * 4, 0.3)[:6], outcomes.measure([0.3] * 4, 0.3)[6:]
    assert drawn[:2] == [pytest.approx(2 / 3)] * 2  # any tension, risk-shifting
    assert drawn[5] == pytest.approx(2 / 4)  # exact codes: one right of three
    assert natural[0] == pytest.approx(2 / 5)
    assert outcomes.measure([0.3] * 4, 0.55)[5] == pytest.approx(2 / 3)
    assert outcomes.score_groups("tension") == [(0.6, True, 1.0), (0.4, False, 3.0)]


def test_what_hides_a_flag_leaves_its_hint() -> None:
    seen = [replace(sight(str(i), "RS101", "flag", true=True), broad="hint") for i in range(200)]
    seen += [sight("w", "RS101", "flag", true=False)]
    known = {s.id for s in seen}
    thinned = thin_verdicts(seen, known)
    hinted = sum(s.verdict == "hint" for s in thinned)
    flagged = sum(s.verdict == "flag" for s in thinned[:-1])
    assert len(thinned) == len(seen)
    assert 0.5 < flagged / 200 < 0.8
    assert 0.15 < hinted / 200 < 0.35
    assert thinned[-1].verdict == "flag"
    assert measure_reliability(thinned, "flag")["RS101"] < 1.0
    assert thin_verdicts(seen, known=()) == seen


def test_a_review_of_written_clauses_is_weighed_as_a_review_weighs_them() -> None:
    contracts = list(islice(load_written(), 0, None, 10))
    model = load_classifier()
    sightings = [s for c in contracts for s in see_contract(c, model)]
    assert sum(s.true for s in sightings) > 60
    beside = list_beside(sightings)
    combination = fit_combination(sightings, beside, np.ones(len(sightings)))
    sure = [
        combination.confidence(s.code, s.verdict, s.p_code, s.p_family, near)
        for s, near in zip(sightings, beside, strict=True)
    ]
    true = [c for s, c in zip(sightings, sure, strict=True) if s.true]
    false = [c for s, c in zip(sightings, sure, strict=True) if not s.true]
    assert sum(true) / len(true) > 2 * sum(false) / len(false)
    gold = {r["id"]: [c["code"] for c in r["codes"]] for c in contracts for r in c.rows}
    found = [s for s in sightings if s.id in gold]
    alike = dict.fromkeys(gold, 1.0)
    chosen = choose_thresholds(Outcomes(found, sure, gold, alike, alike), combination).thresholds
    for family in chosen["precise"]:
        assert chosen["thorough"][family] <= chosen["balanced"][family]
        assert chosen["balanced"][family] <= chosen["precise"][family]


def test_written_clauses_stand_for_nothing_in_nature(examples) -> None:
    assert all(set(w) == {1.0} for w in weigh_examples(examples))
    some = [
        examples[0],
        replace(examples[1], stratum="cue:term"),
        replace(examples[2], stratum="window", stands_for=3.0, found=False),
    ]
    drawn, natural = weigh_examples(some)
    assert drawn.tolist() == [0.0, 3.0, 0.0]
    assert natural.tolist() == [0.0, 0.75, 2.25]


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the labels kept outside the repository")
def test_stand_off_labels_join_their_texts() -> None:
    labels = SHARED / "labels/train.jsonl"
    rows = {row["id"]: row for row in map(json.loads, labels.read_text("utf-8").splitlines())}
    for contract in islice(load_stand_off([labels], SHARED / "contracts"), 3):
        assert isinstance(contract, Contract)
        for example in list_examples(contract):
            words = set(re.findall("[a-z]{4,}", str(rows[example.id]["text"]).lower()))
            # A party's name is folded, and a heading left out; most else is there.
            assert len(words & set(example.forms)) >= 0.5 * len(words)
