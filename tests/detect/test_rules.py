import json
import re
from pathlib import Path

import pytest

from clausecheck import shipped
from clausecheck.detect.examples import check_examples
from clausecheck.detect.patterns import Later
from clausecheck.detect.rules import choose_rules, load_rule_set, load_rules
from clausecheck.errors import RuleError
from clausecheck.shipped import shipped_folder

RULES = load_rule_set()
TIER_ONE = """
RS101 RS102 RS103 RS104 RS105 RS107 RS111 RS115 RS119
WL201 WL202 WL203 WL204 WL205 WL208 WL210 WL211 WL212 WL214 WL218 WL219
AB301 AB302 AB303 AB305 AB308 AB310
CO401 CO402 CO403 CO404 CO405 CO407 CO409 CO413 CO416
"""


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda r: r.code)
def test_every_rule_flags_and_passes_its_own_examples(rule) -> None:
    assert [f"{r.text}: {r.message}" for r in check_examples(RULES, [rule]) if not r.ok] == []


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda r: r.code)
def test_every_rule_can_explain_itself(rule) -> None:
    assert len(rule.examples_flag) >= 2
    assert len(rule.examples_pass) >= 2
    assert rule.why
    assert rule.alternatives
    assert all(a.norms and a.rationale for a in rule.alternatives)


def test_the_first_release_codes_are_all_there() -> None:
    stable = {rule.code for rule in RULES.rules if rule.lifecycle == "stable"}
    assert set(TIER_ONE.split()) <= stable


def test_packed_rules_are_the_rules(monkeypatch, tmp_path) -> None:
    packed = json.loads(shipped.pack_tables(shipped_folder("rules")))
    assert {f"{rule.path}" for rule in RULES.rules} < set(packed)
    monkeypatch.setattr(shipped, "_load_pack", lambda: packed)
    with monkeypatch.context() as patch:
        patch.setattr(shipped, "parse_yaml", None)  # no YAML is read
        loaded = load_rule_set.__wrapped__()
    assert loaded.digest == RULES.digest

    def show(value) -> str:
        parts = list(value) if isinstance(value, Later | tuple) else value
        return re.sub(r" at 0x\w+", "", repr(parts))

    assert show(loaded.cues) == show(RULES.cues)
    for mine, its in zip(
        (*loaded.rules, *loaded.signals), (*RULES.rules, *RULES.signals), strict=True
    ):
        for name in type(its).__dataclass_fields__:
            assert show(getattr(mine, name)) == show(getattr(its, name))


def test_a_rule_that_was_edited_is_not_read_from_the_pack(monkeypatch) -> None:
    path = shipped_folder("rules") / "risk-shifting" / "RS101.yaml"
    packed = {"risk-shifting/RS101.yaml": (shipped._digest(path.read_text("utf-8")), {"a": 1})}
    monkeypatch.setattr(shipped, "_load_pack", lambda: packed)
    assert shipped.find_packed(path, path.read_text("utf-8")) == {"a": 1}
    assert shipped.find_packed(path, path.read_text("utf-8") + "#") is None
    assert shipped.find_packed(Path("RS101.yaml"), "") is None


def write_rule(folder: Path, change=lambda text: text) -> Path:
    source = (shipped_folder("rules") / "risk-shifting" / "RS101.yaml").read_text("utf-8")
    path = folder / "RS101.yaml"
    path.write_text(change(source), "utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.replace("anchors:", "ancors:", 1), "Did you mean 'anchors'"),
        (lambda s: s.replace("{duty}", "{dutty}", 1), "no list {dutty}"),
        (lambda s: re.sub(r"(?m)^hints:\n(- .*\n)+", "", s), "no 'hints'"),
        (lambda s: s.replace("raise:", "hints: ['{dutty}']\nraise:", 1), "no list {dutty}"),
        (lambda s: s.replace("code: RS101", "code: XX101"), "is not RS, WL, AB or CO"),
        (lambda s: s.replace("code: RS101", "code: RS102"), "Name the file RS102.yaml"),
        (lambda s: s.replace("base: 2", "base: 9"), "from 1 to 5"),
        (lambda s: s.replace("[[", "", 1), "double brackets"),
        (lambda s: s.replace("grade: ", "grade: very ", 1), "drop-in, redraft, discuss"),
        (lambda s: s + "\n  bad: [", "not valid YAML"),
        (lambda s: s.replace("norms: [", "norms: [kindness, ", 1), "unknown norm"),
    ],
)
def test_a_wrong_rule_is_refused_with_file_line_and_advice(tmp_path, change, message) -> None:
    write_rule(tmp_path, change)
    with pytest.raises(RuleError) as caught:
        load_rules((str(tmp_path),))
    assert message in str(caught.value)
    name, line = caught.value.where.rsplit(":", 1)
    assert name.endswith("RS101.yaml")
    assert int(line) >= 1


def test_a_users_rule_replaces_the_shipped_one(tmp_path) -> None:
    write_rule(tmp_path, lambda s: s.replace("One-way indemnity", "House indemnity rule"))
    rules = {r.code: r for r in load_rules((str(tmp_path),))}
    assert rules["RS101"].name == "House indemnity rule"
    assert len(rules) == len(RULES.rules)


def test_the_longest_prefix_decides() -> None:
    chosen = choose_rules(RULES.rules, ["RS"], ["RS101"])
    assert "RS101" not in {r.code for r in chosen}
    assert {r.code[:2] for r in chosen} == {"RS"}
    assert [r.code for r in choose_rules(RULES.rules, ["RS101"], ["RS"])] == ["RS101"]


def test_an_unknown_folder_is_an_error() -> None:
    with pytest.raises(RuleError, match="no such folder"):
        load_rules(("no-such-folder",))
