"""Measuring against labels: formats, the overlap rule, the figures and their intervals."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from clausecheck.cli import cli
from clausecheck.errors import InputError
from clausecheck.evaluate import Evaluation, Figure, Item, evaluate_labels, summarise
from clausecheck.settings import Settings
from tests.rule_files import write_rule

HIT = "Vendor shall carry all of the loss."
MISS = "Client shall keep the minutes of the meetings."
OPENING = 'This Agreement is made between Acme Ltd ("Client") and Borealis Ltd ("Vendor").\n'
GOLD = [{"code": "RS901", "burden": "supplier", "severity": 3}]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "rules"
    folder.mkdir()
    write_rule(folder, "RS901", "[A] shall carry")
    return Settings(select=("RS901",), rule_dirs=(str(folder),), detectors=("rules",))


def write_labels(folder: Path, *rows: dict[str, Any] | str) -> Path:
    path = folder / "labels.jsonl"
    lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def point(folder: Path, text: str, *spans: tuple[str, list[Any]], name: str = "a.txt") -> list[Any]:
    """Write a text and return stand-off rows for stretches of it."""
    (folder / name).write_bytes(text.encode())
    digest = hashlib.sha256(text.encode()).hexdigest()
    return [
        {"file": name, "sha256": digest, "start": text.index(words),
         "end": text.index(words) + len(words), "codes": codes, "stratum": "random"}
        for words, codes in spans
    ]  # fmt: skip


def figure(result: Evaluation, name: str) -> Figure:
    return next(f for f in result.figures if f.name == name)


def counts(result: Evaluation, name: str) -> tuple[int, int, int]:
    got = figure(result, name)
    return got.labelled, got.flagged, got.right


def test_inline_labels(tmp_path: Path, settings: Settings) -> None:
    labels = write_labels(
        tmp_path,
        {"text": HIT, "codes": GOLD},
        {"text": HIT, "codes": []},
        "",
        {"text": MISS, "codes": GOLD},
        {"text": MISS + "\u2028Then\u0085more.", "codes": []},
    )
    result = evaluate_labels(labels, settings=settings)
    assert (result.clauses, result.contracts) == (4, 4)
    assert counts(result, "RS901") == (2, 2, 1)
    assert result.neutral_flagged == (1, 2)
    assert result.burden_right == (1, 1)


def test_parties_of_an_inline_label_are_used(tmp_path: Path, settings: Settings) -> None:
    row = {"text": "Globex shall carry all loss of Initech.", "codes": GOLD}
    named = {**row, "parties": {"customer": "Initech", "supplier": "Globex"}}
    swapped = {**row, "parties": {"customer": "Globex", "supplier": "Initech"}}
    assert evaluate_labels(write_labels(tmp_path, named), settings=settings).burden_right == (1, 1)
    assert evaluate_labels(write_labels(tmp_path, swapped), settings=settings).burden_right == (
        0,
        1,
    )


def test_stand_off_labels(tmp_path: Path, settings: Settings) -> None:
    text = f"{OPENING}1. {HIT}\n2. {MISS}\n3. {HIT.replace('loss', 'cost')}\n"
    rows = point(tmp_path, text, (HIT, GOLD), (MISS, []))
    result = evaluate_labels(write_labels(tmp_path, *rows), tmp_path, settings)
    assert (result.clauses, result.contracts) == (2, 1)
    assert counts(result, "RS901") == (1, 1, 1)  # the third clause is not labelled, so not judged
    assert result.neutral_flagged == (0, 1)


def test_both_kinds_of_label_in_one_file(tmp_path: Path, settings: Settings) -> None:
    rows = point(tmp_path, f"{OPENING}1. {HIT}\n", (HIT, GOLD))
    labels = write_labels(tmp_path, *rows, {"text": HIT, "codes": GOLD})
    assert counts(evaluate_labels(labels, tmp_path, settings), "RS901") == (2, 2, 2)


def test_a_finding_belongs_to_the_span_that_holds_most_of_it(
    tmp_path: Path, settings: Settings
) -> None:
    text = f"{OPENING}1. {MISS} {HIT}\n"
    found = "Vendor shall carry"
    cases = {
        "Vendor sh": (1, 0, 0),  # exactly half is not most
        "Vendor sha": (1, 1, 1),
        " carry all of the loss.": (1, 0, 0),
        found: (1, 1, 1),
        text[len(OPENING) :].strip(): (1, 1, 1),
    }
    assert len("Vendor sh") * 2 == len(found)
    for words, expected in cases.items():
        rows = point(tmp_path, text, (words, GOLD))
        result = evaluate_labels(write_labels(tmp_path, *rows), tmp_path, settings)
        assert counts(result, "RS901") == expected, words


def test_of_two_spans_only_the_better_gets_the_finding(tmp_path: Path, settings: Settings) -> None:
    text = f"{OPENING}1. {MISS} {HIT}\n"
    rows = point(tmp_path, text, ("meetings. Vendor sha", []), ("ll carry all", GOLD))
    result = evaluate_labels(write_labels(tmp_path, *rows), tmp_path, settings)
    assert counts(result, "RS901") == (1, 1, 0)
    assert result.neutral_flagged == (1, 1)


def test_a_clause_can_be_judged_alone(tmp_path: Path, settings: Settings) -> None:
    text = (
        f"{OPENING}1. Vendor shall:\n(a) carry all of the loss; and\n(b) keep minutes.\n2. {HIT}\n"
    )
    rows = point(tmp_path, text, ("(a) carry all of the loss", GOLD), (HIT, GOLD))
    labels = write_labels(tmp_path, *rows)
    write_rule(Path(settings.rule_dirs[0]), "RS901", "[A] shall .. carry")
    whole = evaluate_labels(labels, tmp_path, settings)
    alone = evaluate_labels(labels, tmp_path, settings, alone=True)
    # The lead-in stands outside the item; the parties of the text are known all the same.
    assert (counts(whole, "RS901"), whole.burden_right) == ((2, 2, 2), (2, 2))
    assert (counts(alone, "RS901"), alone.burden_right) == ((2, 1, 1), (1, 1))


def test_another_text_is_refused(tmp_path: Path, settings: Settings) -> None:
    rows = point(tmp_path, f"{OPENING}1. {HIT}\n2. {MISS}\n", (HIT, GOLD), (MISS, []))
    for wrong in (0, 1):  # any row may be the one that was made for another text
        changed = [dict(row) for row in rows]
        changed[wrong]["sha256"] = "0" * 64
        with pytest.raises(InputError) as caught:
            evaluate_labels(write_labels(tmp_path, *changed), tmp_path, settings)
        assert (caught.value.code, caught.value.where) == ("C162", "a.txt")


def test_a_missing_text_is_named(tmp_path: Path, settings: Settings) -> None:
    labels = write_labels(tmp_path, *point(tmp_path, HIT, (HIT, GOLD)))
    (tmp_path / "a.txt").unlink()
    with pytest.raises(InputError) as caught:
        evaluate_labels(labels, tmp_path, settings)
    assert (caught.value.code, caught.value.where) == ("C161", "a.txt")
    with pytest.raises(InputError, match="--texts") as caught:
        evaluate_labels(labels, None, settings)
    assert caught.value.code == "C161"


SPAN = {"file": "a.txt", "sha256": "0", "start": 0, "end": 4, "codes": []}


@pytest.mark.parametrize(
    "row",
    [
        "{broken",
        "[]",
        "3",
        {"text": HIT},
        {"text": HIT, "codes": "RS101"},
        {"text": HIT, "codes": [{"code": "RS101"}]},
        {"text": HIT, "codes": ["RS101"]},
        {"codes": []},
        {"text": " ", "codes": []},
        {"text": HIT, "codes": [], "parties": "Client"},
        {**SPAN, "sha256": None},
        {**SPAN, "start": "0"},
        {**SPAN, "start": True},
        {**SPAN, "start": 4},
        {**SPAN, "start": -1},
        {"file": "a.txt", "codes": []},
    ],
)
def test_a_broken_line_is_named_by_its_number_and_not_quoted(
    tmp_path: Path, settings: Settings, row: Any
) -> None:
    labels = write_labels(tmp_path, {"text": HIT, "codes": []}, "", row)
    with pytest.raises(InputError) as caught:
        evaluate_labels(labels, tmp_path, settings)
    assert (caught.value.code, caught.value.where) == ("C160", f"{labels}:3")
    assert "Vendor" not in str(caught.value).replace(str(labels), "")


def test_labels_that_are_not_there(tmp_path: Path, settings: Settings) -> None:
    for labels in (tmp_path / "none.jsonl", write_labels(tmp_path, ""), tmp_path):
        with pytest.raises(InputError) as caught:
            evaluate_labels(labels, None, settings)
        assert caught.value.code == "C160"
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(InputError, match="UTF-8"):
        evaluate_labels(bad, None, settings)


ITEMS = [
    Item("a", "", {"RS101": "supplier", "WL201": "customer"}, {"RS101": "supplier"}),
    Item("a", "", {"RS101": "supplier"}, {"RS101": "customer", "WL201": "supplier"}),
    Item("b", "", {}, {"RS101": "supplier"}),
    Item("b", "", {}, {"CO401": "both"}),
    Item("c", "", {"CO401": "both"}, {"CO401": "both"}),
    Item("c", "", {"RS101": "customer"}, {}),
]


def test_figures_of_a_tiny_case() -> None:
    result = summarise(ITEMS)
    assert (result.clauses, result.contracts) == (6, 3)
    assert [f.name for f in result.figures] == [
        "any tension", "risk-shifting", "win-lose", "activity-based", "collaborative",
        "on the customer", "on the supplier", "exact codes", "CO401", "RS101", "WL201",
    ]  # fmt: skip
    tension = figure(result, "any tension")
    assert (tension.labelled, tension.flagged, tension.right) == (3, 3, 2)
    assert (tension.base_rate, tension.precision, tension.recall) == (0.5, 2 / 3, 2 / 3)
    assert tension.f1 == pytest.approx(2 / 3)
    assert counts(result, "RS101") == (3, 3, 2)
    assert counts(result, "WL201") == (1, 1, 0)
    assert counts(result, "CO401") == (1, 2, 1)
    nothing = figure(result, "activity-based")
    assert (nothing.precision, nothing.recall, nothing.f1, nothing.base_rate) == (0, 0, 0, 0)
    assert nothing.precision_interval == nothing.recall_interval == (0.0, 0.0)
    # RS101 twice, once on the right party; a collaborative clause has no burdened party.
    assert result.burden_right == (1, 2)
    # Of the two neutral clauses one carries a tension flag; credit is no tension.
    assert result.neutral_flagged == (1, 2)


def test_burdens_and_exact_codes_have_figures_of_their_own() -> None:
    result = summarise(ITEMS)
    assert counts(result, "on the supplier") == (2, 3, 2)  # right: the clause, on any code
    assert counts(result, "on the customer") == (2, 1, 0)
    assert counts(result, "exact codes") == (5, 6, 3)


def test_confidence_is_compared_with_truth() -> None:
    items = [
        Item("a", "", {"RS101": "supplier"}, {}, {"RS101": 0.95, "WL201": 0.25}),
        Item("b", "", {}, {}, {"RS101": 0.93, "WL201": 0.2}),
    ]
    result = summarise(items)
    assert [(b.low, b.count, b.right) for b in result.bins] == [(0.2, 2, 0), (0.9, 2, 1)]
    assert result.bins[1].confidence == pytest.approx(0.94)
    # Two are 0.225 too sure, two 0.44.
    assert result.calibration_error == pytest.approx((0.225 + 0.44) / 2)
    assert "expected calibration error: 0.332" in result.as_text()
    assert summarise(ITEMS).calibration_error == 0.0


def test_uniform_draws_and_whole_contracts_show_natural_false_alarms() -> None:
    flag = {"RS101": "supplier"}
    items = [
        Item("a", "random", {}, flag),
        Item("a", "whole", {}, {}),
        Item("b", "enriched", {}, flag),
        Item("b", "random", flag, flag),
    ]
    result = summarise(items)
    assert (result.neutral_flagged, result.natural_flagged) == ((2, 3), (1, 2))
    assert "1 of 2 (50.0%)" in result.as_text()


def test_intervals_are_the_same_on_every_run_and_in_any_order() -> None:
    result = summarise(ITEMS)
    assert result == summarise(ITEMS) == summarise(list(reversed(ITEMS)))
    for f in result.figures:
        for low, high in (f.precision_interval, f.recall_interval):
            assert 0.0 <= low <= high <= 1.0
    tension = figure(result, "any tension")
    assert tension.precision_interval[0] < tension.precision < tension.precision_interval[1]


def test_intervals_resample_contracts_and_not_clauses() -> None:
    right = Item("", "", {"RS101": "supplier"}, {"RS101": "supplier"})
    wrong = Item("", "", {}, {"RS101": "supplier"})
    one = [Item("a", "", i.gold, i.seen) for i in (right, wrong) * 20]
    assert figure(summarise(one), "RS101").precision_interval == (0.5, 0.5)
    many = [Item(str(n), "", i.gold, i.seen) for n, i in enumerate((right, wrong) * 20)]
    low, high = figure(summarise(many), "RS101").precision_interval
    assert low < 0.5 < high


def test_the_table_and_the_data_say_the_same() -> None:
    result = summarise(ITEMS)
    data, text = result.as_dict(), result.as_text()
    assert json.loads(json.dumps(data)) == data
    assert [f["name"] for f in data["figures"]] == [f.name for f in result.figures]
    assert data["burden"] == {"right": 1, "of": 2}
    assert data["neutral"] == {"flagged": 1, "of": 2}
    assert "6 labelled clauses of 3 contracts" in text
    assert "burdened party right in 1 of 2 true tension findings (50%)" in text
    assert "neutral clauses with a tension flag: 1 of 2 (50.0%)" in text
    row = next(line for line in text.splitlines() if line.startswith("any tension"))
    assert row.split()[2:5] == ["3", "50.0%", "3"]
    assert row.split()[-2] == "0.67"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["evaluate", *arguments])
    if isinstance(result.exception, InputError):
        return -1, str(result.exception)
    return result.exit_code, result.output


def test_the_command_needs_texts_only_for_labels_that_point_into_them(
    tmp_path: Path, settings: Settings
) -> None:
    rules = ("--rules", settings.rule_dirs[0], "--detectors", "rules")
    inline = write_labels(tmp_path, {"text": HIT, "codes": GOLD})
    code, out = run(str(inline), "--json", *rules)
    assert code == 0
    figures = {f["name"]: f["right"] for f in json.loads(out)["figures"]}
    assert figures["RS901"] == 1
    code, out = run(str(inline), *rules)
    assert (code, out.splitlines()[0]) == (0, "1 labelled clauses of 1 contracts")
    pointing = write_labels(tmp_path, *point(tmp_path, f"{OPENING}1. {HIT}\n", (HIT, GOLD)))
    code, out = run(str(pointing), "--texts", str(tmp_path), *rules)
    assert code == 0
    code, out = run(str(pointing), *rules)
    assert code == -1
    assert "Give --texts DIR." in out
