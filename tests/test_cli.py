"""The command line, with a made-up checker in place of the real one."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest

from clausecheck import cli, output, pipeline, runner
from clausecheck.detect.rules import Rule
from clausecheck.errors import InputError
from clausecheck.records import Clause, Document, Finding, Problem, Review, Unread
from clausecheck.report.layout import fold
from clausecheck.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
Run = Callable[..., tuple[int, str, str]]


def make_rule(code: str, **changed: Any) -> Rule:
    given: dict[str, Any] = dict.fromkeys(Rule.__dataclass_fields__, ())
    texts = ("definition", "flag_when", "do_not_flag", "why", "severity_note", "message")
    given.update({name: f"the {name}" for name in texts})
    given.update(
        code=code,
        name=f"Name of {code}",
        family=code[:2],
        burden="supplier",
        carries="supplier",
        base=2,
        lifecycle="stable",
        path=f"risk-shifting/{code}.yaml",
        alternatives=(
            SimpleNamespace(
                text="Each party shall pay {cap_amount}.",
                grade="redraft",
                rationale="Fairer.",
                norms=("equity",),
                caution="Ask.",
            ),
        ),
        examples_flag=(SimpleNamespace(text="Vendor shall pay all."),),
        examples_pass=(SimpleNamespace(text="Each shall pay half."),),
    )
    return Rule(**{**given, **changed})


RULES = (make_rule("CO405"), make_rule("RS101"), make_rule("RS102"), make_rule("WL201"))


def make_review(name: str, text: str) -> Review:
    """Return a review with a finding of severity N for a text that says ``severity N``."""
    document = Document(name, "text/plain", "ab" * 32, text)
    findings: tuple[Finding, ...] = ()
    if "severity" in text:
        family = "CO" if "credit" in text else "RS"
        severity = int(text.partition("severity ")[2][0])
        findings = (
            Finding(
                f"{family}101", "One-way indemnity", family, "c1", 0, len(text), "supplier",
                "Vendor", severity, 0.9, "rule", "one-sided",
            ),
        )  # fmt: skip
    unread = (Unread("a picture", "page 2", "Read it."),) if "picture" in text else ()
    return Review(
        replace(document, unread=unread),
        "partial" if unread else "complete",
        clauses=(Clause("c1", "1", "", "operative", None, 0, len(text)),),
        findings=findings,
        problems=tuple(Problem("C140", f"not read: {u.what}.", u.where, u.advice) for u in unread),
    )


@dataclass
class FakeChecker:
    settings: Settings
    rules = RULES

    def check(self, source: Any, *, name: str | None = None) -> Review:
        seen.append((self.settings, name))
        where = name or str(source)
        if hasattr(source, "read"):
            text = source.read().decode()
        elif not Path(source).exists():
            raise InputError("C101", "There is no such file.", where, "Check the path.")
        else:
            text = Path(source).read_text("utf-8")
        if "locked" in text and self.settings.password != "open sesame":
            raise InputError("C112", "A password is needed.", where, "Give --password.")
        if "crash" in text:
            raise ZeroDivisionError(text)
        return make_review(where, text)


seen: list[tuple[Settings, str | None]] = []


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.setattr(runner, "Checker", FakeChecker)
    monkeypatch.setattr("clausecheck.detect.rules.load_rules", lambda dirs=(): RULES)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "CLAUSECHECK_PASSWORD", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    seen.clear()

    def run_it(*arguments: str) -> tuple[int, str, str]:
        code = cli.run_command(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return run_it


def write(name: str, text: str) -> str:
    Path(name).write_text(text, "utf-8")
    return name


def test_a_file_is_reviewed_by_default(run: Run) -> None:
    code, out, err = run(write("a.txt", "Vendor pays, severity 3."))
    assert (code, err) == (1, "")
    assert "Review of a.txt" in out
    assert "“Vendor pays, severity 3.”" in out
    assert "\x1b" not in out


def test_a_file_named_like_a_command_needs_a_path(run: Run) -> None:
    write("rules", "calm text")
    assert "RS101" in run("rules")[1]
    assert "Review of ./rules" in run("./rules")[1]
    assert "Review of rules" in run("review", "rules")[1]


@pytest.mark.parametrize(
    ("fail_on", "code"), [("1", 1), ("3", 1), ("4", 0), ("5", 0), ("never", 0)]
)
def test_the_threshold_decides_the_exit_code(run: Run, fail_on: str, code: int) -> None:
    name = write("a.txt", "severity 3")
    assert run("--fail-on", fail_on, name)[0] == code


def test_credit_is_no_finding(run: Run) -> None:
    assert run(write("a.txt", "credit of severity 3"))[0] == 0


def test_a_file_that_cannot_be_checked_wins_over_findings(run: Run) -> None:
    found, calm = write("a.txt", "severity 5"), write("b.txt", "calm")
    code, out, err = run(found, "missing.txt", calm)
    assert code == 3
    assert err == "missing.txt: There is no such file. Check the path. [C101]\n"
    assert "Review of a.txt" in out
    assert "Review of b.txt" in out
    assert "missing.txt" not in out


def test_a_part_that_was_not_read_is_said_and_counts(run: Run) -> None:
    code, _, err = run(write("a.txt", "a picture"))
    assert (code, err) == (3, "a.txt: page 2: not read: a picture. Read it. [C140]\n")


def test_a_bug_costs_one_file_and_tells_no_contract_text(run: Run) -> None:
    code, out, err = run(write("a.txt", "crash SECRET"), write("b.txt", "calm"))
    assert code == 3
    assert err.startswith("a.txt: This is a bug in clausecheck. Please report it")
    assert "ZeroDivisionError; clausecheck/runner.py:" in err
    assert err.count("\n") == 1
    assert "SECRET" not in err + out
    assert "Review of b.txt" in out


def test_a_bug_elsewhere_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("SECRET")

    monkeypatch.setattr("clausecheck.explain.draw_rule_table", fail)
    code, out, err = run("rules")
    assert (code, out) == (3, "")
    assert err.startswith("clausecheck: This is a bug in clausecheck.")
    assert "SECRET" not in err
    assert err.count("\n") == 1


def test_an_error_line_cannot_act_on_the_terminal(run: Run) -> None:
    err = run("no\x1b[2J\nsuch.txt")[2]
    assert err == "no<U+001B>[2J such.txt: There is no such file. Check the path. [C101]\n"


def test_json_is_one_object_for_any_number_of_files(run: Run) -> None:
    one, two = write("a.txt", "severity 2"), "missing.txt"
    for files in ([one], [one, two]):
        data = json.loads(run("--format", "json", *files)[1])
        assert data["schema"] == "clausecheck-review/1"
        assert [review["document"]["name"] for review in data["reviews"]] == files
    assert data["reviews"][1]["status"] == "failed"
    assert data["reviews"][1]["problems"][0]["code"] == "C101"


def test_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    stream = io.TextIOWrapper(io.BytesIO(b"Vendor pays, severity 2."))
    monkeypatch.setattr("sys.stdin", stream)
    code, out, _ = run("-")
    assert code == 1
    assert "Review of standard input" in out
    assert run("-", "-")[0] == 2


def test_options_become_settings(run: Run) -> None:
    name = write("a.txt", "calm")
    run(
        "--select", "rs, WL201", "--ignore", "RS102", "--for", "supplier", "--min-severity", "2",
        "--detectors", "model,rules", "--preview", "--rules", "more", "--password", "x", name,
    )  # fmt: skip
    assert seen[0][0] == Settings(
        select=("rs", "WL201"),
        ignore=("RS102",),
        min_severity=2,
        perspective="supplier",
        detectors=("rules", "model"),
        rule_dirs=("more",),
        preview=True,
        password="x",
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--select", "RS1O1"], "There is no code 'RS1O1'. Did you mean RS101?"),
        (["--ignore", "zzz"], "'clausecheck rules' lists the codes."),
        (["--min-severity", "6"], "6 is not in the range"),
        (["--detectors", "rules,magic"], "'magic' is not one of rules, model."),
        (["--detectors", ","], "name at least one"),
        (["--fail-on", "9"], "'9' is not one of"),
        (["-o", "."], "is a folder"),
        (["-o", "no/where.txt"], "there is no folder no"),
        (["-o", "a.txt"], "is an input file"),
        (["-o", "./link.txt"], "is an input file"),
    ],
)
def test_wrong_usage(run: Run, arguments: list[str], words: str) -> None:
    name = write("a.txt", "calm")
    Path("link.txt").symlink_to("a.txt")
    code, out, err = run(*arguments, name)
    assert (code, out) == (2, "")
    assert words in err
    assert Path("a.txt").read_text("utf-8") == "calm"


def test_no_rule_left_is_wrong_usage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeChecker, "rules", ())
    code, _, err = run(write("a.txt", "calm"))
    assert code == 2
    assert "nothing would be checked" in err


def test_nothing_given_is_wrong_usage(run: Run) -> None:
    code, _, err = run()
    assert code == 2
    assert "Usage: clausecheck" in err


def test_a_misspelt_command_is_named(run: Run) -> None:
    code, _, err = run("explian", "RS101")
    assert code == 2
    assert "Did you mean 'explain'?" in err


def test_a_file_named_json_gets_json(run: Run) -> None:
    name = write("a.txt", "severity 3")
    assert run("-o", "report.json", name)[0] == 1
    assert json.loads(Path("report.json").read_text("utf-8"))["reviews"]
    assert run("-o", "plain.json", "--format", "terminal", name)[0] == 1
    assert Path("plain.json").read_text("utf-8").startswith("Review of")


def test_a_file_named_html_gets_a_page(run: Run) -> None:
    name = write("a.txt", "Vendor pays, severity 3.")
    assert run("-o", "report.HTML", name) == (1, "", "")
    page = Path("report.HTML").read_text("ascii")
    assert page.startswith("<!DOCTYPE html>")
    assert "Vendor pays, severity 3." in page
    code, out, _ = run("--format", "html", name)
    assert (code, out) == (1, page)


def test_the_shareable_edition_is_for_reading_or_nothing(run: Run) -> None:
    name = write("a.txt", "Vendor pays, severity 3.")
    assert run("--edition", "shareable", "-o", "points.html", name) == (1, "", "")
    assert "Points for discussion" in Path("points.html").read_text("ascii")
    assert "Points to talk about" in run("--edition", "shareable", name)[1]
    for more in (("-o", "points.json"), ("--format", "csv", "-o", "points.html")):
        code, out, err = run("--edition", "shareable", *more, name)
        assert (code, out) == (2, "")
        assert "-o points.html" in err
    assert not Path("points.json").exists()


def test_output_goes_to_a_file_whole_or_not_at_all(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = write("a.txt", "severity 3 “quoted”")
    code, out, _ = run("-o", "report.txt", name)
    assert (code, out) == (1, "")
    assert "“severity 3 “quoted””" in Path("report.txt").read_text("utf-8")

    def fail(*_: object) -> Iterator[str]:
        yield "half"
        raise KeyboardInterrupt

    monkeypatch.setattr("clausecheck.report.FORMATS", {"terminal": fail})
    before = Path("report.txt").read_bytes()
    assert run("-o", "report.txt", name)[0] == 130
    assert Path("report.txt").read_bytes() == before
    assert sorted(p.name for p in Path().iterdir()) == ["a.txt", "report.txt"]


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_an_output_file_gets_the_usual_mode(run: Run) -> None:
    run("-o", "report.txt", write("a.txt", "calm"))
    old = os.umask(0)
    os.umask(old)
    assert stat.S_IMODE(Path("report.txt").stat().st_mode) == 0o666 & ~old


def test_a_failed_file_is_in_the_report_of_a_run_to_a_file(run: Run) -> None:
    assert run("-o", "report.txt", "missing.txt")[0] == 3
    assert "There is no such file." in Path("report.txt").read_text("utf-8")


def test_quiet_prints_errors_only(run: Run) -> None:
    code, out, err = run("-q", write("a.txt", "severity 3"), "missing.txt")
    assert (code, out) == (3, "")
    assert err.startswith("missing.txt: ")


def test_colour_is_off_unless_asked_for_or_on_a_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = write("a.txt", "severity 5")
    assert "\x1b[" not in run(name)[1]
    assert "\x1b[" in run("--color", name)[1]
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert output.use_color(None, None)
    assert not output.use_color(None, "report.txt")
    assert not output.use_color(False, None)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not output.use_color(None, None)


def test_a_password_is_asked_for_on_a_terminal_only(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = write("a.txt", "locked")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert run(name)[0] == 3
    assert run("--password", "open sesame", name)[0] == 0
    monkeypatch.setenv("CLAUSECHECK_PASSWORD", "open sesame")
    assert run(name)[0] == 0
    monkeypatch.delenv("CLAUSECHECK_PASSWORD")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(click, "prompt", lambda *_, **__: "open sesame")
    assert run(name)[0] == 0


def test_explain_shows_the_rule(run: Run) -> None:
    code, out, _ = run("explain", "rs101")
    assert code == 0
    for words in (
        "RS101 Name of RS101",
        "the definition",
        "the flag_when",
        "the do_not_flag",
        "the why",
        "1. (redraft: needs redrafting to fit this contract) Each party shall pay {cap_amount}.",
        "Vendor shall pay all.",
        "Each shall pay half.",
    ):
        assert words in fold(out)
    data = json.loads(run("explain", "RS101", "--format", "json")[1])
    assert data["schema"] == "clausecheck-rule/1"
    assert data["alternatives"][0]["norms"] == ["equity"]


def test_explain_suggests_the_nearest_code(run: Run) -> None:
    code, _, err = run("explain", "WL210")
    assert code == 2
    assert "Did you mean WL201?" in err


def test_rules_are_listed(run: Run) -> None:
    lines = run("rules")[1].splitlines()
    assert lines[0].split() == ["code", "name", "family", "burden", "base", "lifecycle"]
    assert [line.split()[0] for line in lines[1:]] == [rule.code for rule in RULES]


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (False, 1), (None, 3)])
def test_rules_are_tested(
    run: Run, monkeypatch: pytest.MonkeyPatch, ok: bool | None, code: int
) -> None:
    result = SimpleNamespace(code="RS101", path="x/RS101.yaml", ok=ok, message="no match")
    results = () if ok is None else (result,)
    monkeypatch.setattr("clausecheck.detect.examples.check_folders", lambda dirs: results)
    got, out, _ = run("test-rules", "more")
    assert got == code
    assert ("x/RS101.yaml: RS101: no match" in out) is (ok is False)


def test_evaluation_as_text_and_json(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made = SimpleNamespace(as_text=lambda: "F1 0.5", as_dict=lambda: {"f1": 0.5})
    module = SimpleNamespace(evaluate_labels=lambda labels, texts, settings, *, alone: made)
    monkeypatch.setitem(sys.modules, "clausecheck.evaluate", module)
    assert run("evaluate", "l.jsonl", "--texts", "d") == (0, "F1 0.5\n", "")
    assert json.loads(run("evaluate", "l.jsonl", "--texts", "d", "--json")[1]) == {"f1": 0.5}


def test_a_missing_file_outside_a_review_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(labels: Path, texts: Path, settings: Settings, *, alone: bool) -> None:
        labels.read_text("utf-8")

    monkeypatch.setitem(sys.modules, "clausecheck.evaluate", SimpleNamespace(evaluate_labels=fail))
    got = run("evaluate", "l.jsonl", "--texts", "d")
    assert got == (3, "", "l.jsonl: No such file or directory.\n")


def test_text_that_the_stream_cannot_hold_is_shown_in_ascii(tmp_path: Path) -> None:
    script = "from clausecheck.output import print_text; print_text('“§ 3 – €”\\n')"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    assert done.stdout.split() == [b'"Sec.', b"3", b"-", b'<U+20AC>"']


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "clausecheck", "--help"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


HEAVY = ("spacy", "numpy", "sklearn", "lxml", "docx", "pypdfium2", "pdfplumber")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["explain", "RS101"], ["rules"]], ids=" ".join
)
def test_light_commands_import_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys; from clausecheck.cli import run_command; "
        f"code = run_command({arguments!r}); "
        f"print('HEAVY', code, [m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "HEAVY 0 []"


@pytest.mark.parametrize("name", ["out.pdf", "review.docx", "table.XLSX"])
def test_a_report_is_not_written_under_a_foreign_ending(run: Run, name: str) -> None:
    code, out, err = run(write("a.txt", "calm"), "-o", name)
    assert (code, out) == (2, "")
    assert "--word and --annotate" in err
    assert not Path(name).exists()


def test_a_letter_in_place_of_a_figure_is_seen(run: Run) -> None:
    assert "Did you mean RS101?" in run("explain", "rs1O1")[2]


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"clausecheck {pipeline.VERSION}\n", "")


def make_reference() -> str:
    """Return docs/cli.md: the help of every command."""
    parts = [
        "# The command line",
        "This page is made from `--help`; a test compares them.",
    ]
    commands: list[tuple[str, click.Command]] = [
        ("clausecheck", cli.cli),
        *((f"clausecheck {name}", cli.cli.commands[name]) for name in sorted(cli.cli.commands)),
    ]
    for path, command in commands:
        if isinstance(command, click.Group) and command is not cli.cli:
            commands += [(f"{path} {name}", command.commands[name]) for name in command.commands]
        # click keeps the help option that it made first; a command alone would make another one.
        context = click.Context(
            command, info_name=path, terminal_width=80, **cli.cli.context_settings
        )
        parts.append(f"## {path}\n\n```text\n{command.get_help(context)}\n```")
    return "\n\n".join(parts) + "\n"


def test_the_page_on_the_command_line_is_the_help() -> None:
    page = ROOT / "docs" / "cli.md"
    if os.environ.get("CLAUSECHECK_REGENERATE"):
        page.write_bytes(make_reference().encode())
    assert page.read_bytes().decode() == make_reference()
