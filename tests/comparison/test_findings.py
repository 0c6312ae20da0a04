"""What became of findings, and the reports of a comparison."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import docx
import jsonschema
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from referencing import Registry, Resource

from benchmarks.drafts import SAMPLES, apply_steps, judge_edits, load_edits
from clausecheck import Checker, cli, compare
from clausecheck.comparison.edits import compare_numbers
from clausecheck.records import Comparison, Edit
from clausecheck.report.comparison import count_statuses, write_comparison
from clausecheck.report.comparison_json import load_comparison_schema, write_comparison_json
from clausecheck.report.json import load_schema

HOSTILE = SAMPLES / "hostile-outsourcing.txt"
# Findings hang on the detectors, which see a neighbouring code now and then; clauses do not.
LEAST_RIGHT = 0.95


def edited(*names: str) -> str:
    steps = {edit["name"]: edit["steps"] for edit in load_edits()}
    text = HOSTILE.read_text("utf-8")
    for name in names:
        text = apply_steps(text, steps[name])
    return text


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    checker = Checker()
    new = edited(
        "notice of convenience exit lengthened",
        "sole discretion hidden in a neutral clause",
        "best price promise taken out",
        "delay payment doubled",
        "improvement shared",
    )
    return checker.compare(HOSTILE, new.encode())


def test_each_edit_is_reported_as_what_it_is() -> None:
    outcomes = judge_edits()
    assert len(outcomes) >= 60
    assert [o.name for o in outcomes if o.expected[0] != o.reported[0]] == []
    wrong = [o.name for o in outcomes if not o.right]
    assert len(wrong) <= (1 - LEAST_RIGHT) * len(outcomes), wrong


def test_statuses_and_reasons(comparison: Comparison) -> None:
    told = {
        (c.new or c.old).code: (c.status, c.because)  # type: ignore[union-attr]
        for c in comparison.findings
        if c.status != "persisting"
    }
    assert told["WL201"][0] == "softened"
    assert told["RS105"] == ("hardened", "a number was changed")
    assert told["WL204"] == ("new", "reworded")
    assert told["WL205"] == ("resolved", "the clause is gone")
    assert told["CO405"][0] == "new"
    assert count_statuses(comparison)["persisting"] > 20


@pytest.mark.parametrize("kind", ["docx", "pdf"])
@pytest.mark.parametrize("sample", ["hostile", "collaborative"])
def test_one_draft_in_two_formats_does_not_differ(sample: str, kind: str) -> None:
    both = compare(SAMPLES / f"{sample}-outsourcing.txt", SAMPLES / f"{sample}-outsourcing.{kind}")
    assert all(c.kind == "same" and not c.moved and not c.renumbered for c in both.clauses)
    assert {c.status for c in both.findings} == {"persisting"}


def test_json_satisfies_its_schema(comparison: Comparison) -> None:
    data = json.loads("".join(write_comparison_json(comparison)))
    registry = Registry().with_resource("schema-1.json", Resource.from_contents(load_schema()))
    schema = load_comparison_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema, registry=registry).validate(data)
    for change in data["findings"]:
        for side in ("old", "new"):
            assert change[side] is None or data[side]["findings"][change[side]]


def test_terminal_report_shows_what_a_lawyer_looks_for(comparison: Comparison) -> None:
    report = "".join(write_comparison(comparison))
    for words in ("New (1)", "Hardened (1)", "Softened (1)", "Resolved", "[-15,000-]{+30,000+}"):
        assert words in report


def make_word_draft(*paragraphs: str) -> bytes:
    """Return a Word file; {-words-} are tracked as deleted, {+words+} as inserted."""
    document = docx.Document()
    for words in paragraphs:
        paragraph = document.add_paragraph()
        for piece in re.split(r"(\{[-+].*?[-+]\})", words):
            run = paragraph.add_run(piece.strip("{}+-"))
            if not piece.startswith("{"):
                continue
            tag = "ins" if piece[1] == "+" else "del"
            mark = parse_xml(f'<w:{tag} {nsdecls("w")} w:id="1" w:author="B"/>')
            paragraph._p.replace(run._r, mark)
            mark.append(run._r)
            if tag == "del":
                text = run._r.find(qn("w:t"))
                text.tag = qn("w:delText")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_change_that_word_does_not_track_is_told() -> None:
    pay = "1. Customer shall pay each invoice within {} days after it is received."
    end = "2. Either party may end this Agreement on {} days' notice to the other."
    old = make_word_draft(pay.format("thirty"), end.format("ninety"))
    new = make_word_draft(pay.format("{-thirty-}{+sixty+}"), end.format("ten"))
    both = compare(old, io.BytesIO(new))
    assert [(c.kind, c.hidden) for c in both.clauses] == [("reworded", False), ("reworded", True)]
    assert both.tracking == "some"
    assert "Changed without tracking" in "".join(write_comparison(both))
    assert compare(old, make_word_draft(pay.format("sixty"), end.format("ten"))).tracking == "none"


def test_numbers_that_rise_and_fall_are_no_step() -> None:
    old, new = "ten days and 50 hours", "five days and 60 hours"
    edits = [Edit(0, 3, 0, 4), Edit(13, 15, 14, 16)]
    assert compare_numbers(old, new, edits) == 0
    assert compare_numbers(old, new, edits[:1]) == -1


@pytest.mark.parametrize(
    ("edit", "code"),
    [("best price promise taken out", 0), ("delay payment doubled", 1)],
)
def test_exit_code_tells_of_new_and_hardened_findings(
    edit: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new.txt"
    new.write_text(edited(edit), "utf-8")
    assert cli.run_command(["compare", str(HOSTILE), str(new)]) == code
    assert "Bottom line" in capsys.readouterr().out
    out = tmp_path / "changes.json"
    assert cli.run_command(["compare", str(HOSTILE), str(new), "-o", str(out)]) == code
    assert json.loads(out.read_text("utf-8"))["schema"] == "clausecheck-comparison/1"


def test_an_unreadable_draft_is_one_clear_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run_command(["compare", str(HOSTILE), str(tmp_path / "gone.docx")]) == 3
    assert "gone.docx" in capsys.readouterr().err
