import shutil
from pathlib import Path

from click.testing import CliRunner

from training.data import ROOT
from training.diff import main

TEXT = (
    'This Agreement is made between Acme Ltd ("Client") and Borealis Ltd ("Vendor").\n\n'
    "1. Client may terminate this Agreement for convenience on ten days' notice.\n"
)


def test_what_a_changed_rule_gains_and_loses_is_listed(tmp_path: Path) -> None:
    texts, other = tmp_path / "texts", tmp_path / "other"
    texts.mkdir()
    (texts / "a.txt").write_text(TEXT, "utf-8")
    for name in ("clausecheck", "rules", "models"):
        shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    rule = other / "rules/win-lose/WL201.yaml"
    rule.write_text(rule.read_text("utf-8").replace("code: WL201", "code: WL299"), "utf-8")
    rule.rename(rule.with_name("WL299.yaml"))
    run = CliRunner().invoke(main, [str(ROOT), str(other), "--texts", str(texts), "--list"])
    assert run.exit_code == 0, run.output
    assert "| WL201 | 1 | 0 | 0 | 1 |" in run.output
    assert "| WL299 | 0 | 1 | 1 | 0 |" in run.output
    start = TEXT.index("Client may")
    assert f"- a.txt:{start}-" in run.output
    assert "terminate" not in run.output  # named by place, never quoted


def test_what_is_no_state_is_refused(tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["no-such-revision", str(ROOT), "--texts", str(tmp_path)])
    assert run.exit_code == 2
    assert "neither a folder nor a revision" in run.output
