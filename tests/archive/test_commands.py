"""The commands as a user types them."""

import subprocess
import sys
from pathlib import Path

import pytest

from clausecheck.cli import run_command


def test_run_and_query(folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "out")
    assert run_command(["archive", "run", str(folder), "--out", out, "--workers", "1"]) == 3
    told = capfd.readouterr()
    assert told.out.startswith("5 files, 4 different documents; 4 reviewed now in ")
    assert told.err.startswith("Not checked: 1 documents and 0 files")
    assert "\r" not in told.err
    command = ["archive", "run", str(folder), "--out", out, "--exclude", "*.pdf", "--workers", "1"]
    assert run_command(command) == 0
    assert "0 reviewed now" in capfd.readouterr().out
    assert run_command(["archive", "query", out, "SELECT count(*) AS n FROM documents"]) == 0
    assert capfd.readouterr().out == "n\n-\n3\n(1 rows)\n"
    target = tmp_path / "worst.xlsx"
    assert run_command(["archive", "query", out, "worst_contracts", "-o", str(target)]) == 0
    assert target.read_bytes()[:2] == b"PK"
    assert target.stat().st_mode & 0o077 == 0
    # An error that shows only when rows are read.
    assert run_command(["archive", "query", out, "SELECT title::int FROM documents"]) == 2
    assert capfd.readouterr().err.startswith("query: Conversion Error: ")
    assert run_command(["archive", "tables", out]) == 0
    assert "worst_contracts: contracts to talk about first" in capfd.readouterr().out


def test_who_stops_a_run_is_told_how_to_go_on(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("clausecheck.archive.run.run_archive", stop)
    assert run_command(["archive", "run", str(folder), "--out", str(tmp_path / "out")]) == 130
    assert "Run again to go on" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["run", "IN", "--out", "IN/out"], 2, "lies inside the input"),
        (["run", "missing", "--out", "OUT"], 3, "There is no such file or folder"),
        (["run", "IN", "--out", "IN/old"], 2, "lies inside"),
        (["query", "IN", "documents"], 2, "holds no archive dataset"),
        (["query", "IN", "documents", "--format", "xlsx"], 2, "-o answer.xlsx"),
        (["run", "IN", "--out", "OUT", "--address", "head:6379"], 2, "--address is for --engine"),
        (["run", "IN", "--out", "OUT", "--select", "XX"], 2, "C301"),
    ],
)
def test_wrong_usage_says_what_to_do(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], arguments: list[str],
    code: int, said: str,
) -> None:  # fmt: skip
    names = {"IN": str(folder), "OUT": str(tmp_path / "out")}
    given = [names.get(part, part.replace("IN/", names["IN"] + "/")) for part in arguments]
    assert run_command(["archive", *given]) == code
    assert said in " ".join(capfd.readouterr().err.split())


def test_help_does_not_load_what_an_archive_needs() -> None:
    code = (
        "import sys; from clausecheck.cli import run_command;"
        "run_command(['archive', 'run', '--help']);"
        "print([m for m in ('pyarrow', 'duckdb', 'numpy', 'spacy', 'psutil') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
