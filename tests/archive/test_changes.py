"""What a later run tells against an earlier dataset."""

from pathlib import Path

import pytest

from clausecheck.archive.dataset import Dataset
from clausecheck.cli import run_command
from tests.archive.archives import ask, contract, run_here

HARSH = "4. Price. Customer may change the prices at any time in its sole discretion."


@pytest.fixture
def changed(folder: Path, tmp_path: Path) -> Path:
    """An archive after two runs: one file new, changed, gone and moved each."""
    out = tmp_path / "out"
    (folder / "broken.pdf").unlink()
    run_here(folder, out=out)
    (folder / "new.txt").write_text(contract(9))
    (folder / "c.txt").write_text(contract(3, more=HARSH))
    (folder / "old" / "copy of a.txt").unlink()
    (folder / "old" / "b.txt").rename(folder / "moved.txt")
    run_here(folder, out=out)
    return out


def test_files_and_findings(changed: Path) -> None:
    since = (Dataset.open(changed), 1)
    rows = ask(changed, "SELECT change, path FROM changed_files", since=since)
    assert [(change, path.rpartition("/")[2]) for change, path in rows] == [
        ("changed", "c.txt"), ("moved away", "b.txt"), ("moved away", "copy of a.txt"),
        ("moved here", "moved.txt"), ("new", "new.txt"),
    ]  # fmt: skip
    rows = ask(changed, "SELECT change, path, quotation FROM changed_findings", since=since)
    told = {(change, path.rpartition("/")[2]) for change, path, _ in rows}
    assert told == {("new", "c.txt"), ("new", "new.txt")}
    assert all("prices" in words for _, path, words in rows if path.endswith("c.txt"))


def test_nothing_changed_against_itself(changed: Path) -> None:
    since = (Dataset.open(changed), 0)
    assert ask(changed, "FROM changed_files", since=since) == []
    assert ask(changed, "FROM changed_findings", since=since) == []


def test_the_run_reports(folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out, other = str(tmp_path / "out"), str(tmp_path / "other")
    run = ["archive", "run", str(folder), "--workers", "1", "--exclude", "*.pdf"]
    assert run_command([*run, "--out", out, "--since", other]) == 2
    assert "holds no archive dataset" in capfd.readouterr().err
    assert run_command([*run, "--out", out]) == 0
    (folder / "c.txt").write_text(contract(3, more=HARSH))
    capfd.readouterr()
    assert run_command([*run, "--out", other, "--since", out]) == 0
    told = capfd.readouterr().out.splitlines()
    assert told[1] == "Since then: files 0 new, 1 changed, 0 gone, 0 moved."
    assert told[2].startswith("Findings: ")
    assert told[3].startswith("  changed: ")
    # The same folder: against the run before.
    assert run_command([*run, "--out", other, "--since", other]) == 0
    assert "0 new, 0 changed" in capfd.readouterr().out
    code = run_command(["archive", "query", other, "FROM changed_files", "--since", out])
    assert code == 0
    assert "c.txt" in capfd.readouterr().out
