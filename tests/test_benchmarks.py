"""The benchmark modules import, and their helpers work on a tiny input; nothing is timed."""

import doctest
import importlib
import io
import os
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import (
    accuracy,
    blocks,
    boundaries,
    contract,
    files,
    formats,
    fuzz,
    html,
    lossless,
    speed,
    word_speed,
)
from clausecheck import Checker, Settings
from clausecheck.detect.patterns import make_pattern
from clausecheck.detect.rules import load_rule_set
from clausecheck.detect.tokens import Tokens
from clausecheck.evaluate import Item, summarise
from clausecheck.read import read_document
from clausecheck.records import Clause, Finding, Party
from clausecheck.segment import segment_document

CLAUSES = ["Supplier shall provide the services.", "Customer shall pay the charges in 30 days."]


@pytest.mark.parametrize(
    "name",
    [
        "accuracy",
        "archive",
        "archive_equal",
        "archive_faults",
        "archive_inputs",
        "archive_queries",
        "blocks",
        "boundaries",
        "contract",
        "drafts",
        "files",
        "formats",
        "fuzz",
        "html",
        "metamorphic",
        "mutate",
        "speed",
        "wordout",
        "lossless",
        "word_speed",
    ],
)
def test_examples_of_benchmarks(name: str) -> None:
    module = importlib.import_module(f"benchmarks.{name}")
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    "name",
    [
        "speed",
        "files",
        "formats",
        "fuzz-word",
        "fuzz-pdf",
        "fuzz-text",
        "boundaries",
        "html",
        "lossless",
        "word-speed",
        "accuracy",
        "drafts",
        "archive",
        "archive equal",
        "archive faults",
        "archive queries",
        "word output",
        "word speed",
    ],
)
def test_readme_keeps_a_place_for_each_table(name: str) -> None:
    text = blocks.README.read_text("utf-8")
    begin, end = blocks.markers_of(name)
    assert text.count(begin) == text.count(end) == 1
    assert text.index(begin) < text.index(end)


def test_marks_are_found_again_when_the_text_moves_and_wrong_clauses_count() -> None:
    text = "1. Fees\n\n1.1 Client shall pay Vendor.\n\n2. Law\n\n2.1 Local law governs.\n"
    places = [(0, "1.", None), (9, "1.1", 0), (38, "2.", None), (46, "2.1", 2)]
    entry = {
        "file": "made.txt",
        "set": "report",
        "stretches": [[[0, boundaries.key_of(text, 0)], None]],
        "marks": [[[at, boundaries.key_of(text, at)], *rest] for at, *rest in places],
    }
    document = read_document(("Acme draft\n\n" + text).encode(), name="made.txt")
    clauses = segment_document(document).clauses
    score = boundaries.score_document(entry, document, clauses)
    assert (score.marked, score.found, score.right, score.parents) == (4, 4, 4, 4)
    score = boundaries.score_document(entry, document, [c for c in clauses if c.label != "2."])
    assert (score.found, score.right, score.notes[0][:6]) == (3, 3, "missed")
    labels = [replace(c, label="9.") if c.label == "1.1" else c for c in clauses]
    assert boundaries.score_document(entry, document, labels).right == 3


def test_a_block_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("a\n<!-- x: begin -->\nold\n<!-- x: end -->\nb\n")
    blocks.replace_block("x", "new\n", readme=readme)
    blocks.replace_block("x", "new\n", readme=readme)
    assert readme.read_text() == "a\n<!-- x: begin -->\nnew\n<!-- x: end -->\nb\n"
    with pytest.raises(ValueError, match="no block"):
        blocks.replace_block("y", "new", readme=readme)


def test_the_contract_reads_the_same_in_every_format() -> None:
    paragraphs = contract.make_contract(CLAUSES, words=200)
    text = contract.write_text(paragraphs)
    assert len(text.split()) >= 200
    sources = {
        "a.txt": text.encode(),
        "a.docx": contract.write_word(paragraphs),
        "a.pdf": contract.write_pdf(text),
    }
    labels = {}
    for name, data in sources.items():
        clauses = segment_document(read_document(data, name=name)).clauses
        labels[name] = [c.label.rstrip(".") for c in clauses if c.label]
    assert "2.1" in labels["a.txt"]
    assert labels["a.txt"] == labels["a.docx"] == labels["a.pdf"]


def test_project_clauses_call_the_parties_by_one_name() -> None:
    clauses = contract.read_clauses()
    assert len(clauses) > 100
    assert sum("Customer" in text or "Supplier" in text for text in clauses) > len(clauses) / 2


def test_doubled_rules_load_and_match_what_the_originals_match(tmp_path: Path) -> None:
    count = speed.double_rules(tmp_path)
    shipped, doubled = load_rule_set(), load_rule_set((str(tmp_path),))
    assert len(doubled.rules) == len(shipped.rules) + count == 2 * len(shipped.rules)
    old, new = doubled.rule("RS101"), doubled.rule("RS601")
    assert old is not None
    assert new is not None
    assert old.anchors == new.anchors
    assert {p.source for p in old.patterns} != {p.source for p in new.patterns}
    text = "Supplier shall indemnify and hold harmless Customer against all losses."
    parties = [
        Party(n, (n,), r, "") for n, r in (("Supplier", "supplier"), ("Customer", "customer"))
    ]  # type: ignore[arg-type]
    view = Tokens(text, parties).view([(0, len(text))])
    assert [bool(list(p.find(view))) for p in old.patterns] == [
        bool(list(p.find(view))) for p in new.patterns
    ]
    assert any(list(p.find(view)) for p in new.patterns)
    varied = speed.vary_pattern("pay|settle {duty}", {"duty": ["shall"]})
    assert make_pattern(varied, {}).source == "settle|pay (shall)"


def test_calls_are_timed_in_turn() -> None:
    order: list[str] = []
    times = speed.time_calls({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 2)
    assert order == ["a", "b"] * 3
    assert set(times) == {"a", "b"}


def test_a_figure_says_whether_it_met_its_target() -> None:
    assert speed.Figure("x", 1.6, "1.6", 1.5, "at most 1.5").row[-1] == "**no**"
    assert speed.Figure("x", 1.4, "1.4", 1.5, "at most 1.5").row[-1] == "yes"


def test_files_are_reviewed_checked_and_counted(tmp_path: Path) -> None:
    text = contract.write_text(contract.make_contract(contract.read_clauses(), words=400))
    (tmp_path / "good.txt").write_text(text, "utf-8")
    (tmp_path / "BAD.PDF").write_bytes(b"%PDF-1.4 nothing")
    checker = Checker(Settings(preview=True))
    outcomes = [files.review_file(checker, path) for path in files.list_files(tmp_path)]
    assert [(o.path.name, bool(o.code), o.faults) for o in outcomes] == [
        ("BAD.PDF", True, []),
        ("good.txt", False, []),
    ]
    report = files.write_report(outcomes, tmp_path)
    assert f"- {outcomes[0].code}: `BAD.PDF`" in report
    assert "| . .txt | 1 | 1 |" in report


def test_a_finding_without_a_place_is_a_fault() -> None:
    text = "1. Term\n\n1.1 Customer may end this Agreement. Supplier may not.\n"
    review = Checker().check_text(text)
    clause = next(c for c in review.clauses if c.label == "1.1")
    finding = Finding(
        "WL201", "", "WL", clause.id, clause.start, clause.end, "supplier", "", 3, 0.9, "rule",
        "one-sided",
    )  # fmt: skip
    found = replace(review, findings=(finding,))
    assert files.list_faults(found) == []
    lost = replace(found, document=replace(review.document, anchors=()))
    assert any("no place" in fault for fault in files.list_faults(lost))
    blank = replace(finding, start=7, end=9)
    faults = " ".join(files.list_faults(replace(review, findings=(blank,))))
    assert "quotes nothing" in faults
    assert "not inside its clause" in faults


def test_the_page_of_a_short_contract_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html.shutil, "which", lambda name: None)
    about, figures = html.measure(pages=1, runs=1)
    assert "words" in about
    assert [figure.name.split()[0] for figure in figures] == ["size", "drawing"]


def test_a_file_that_takes_too_long_is_a_fault(tmp_path: Path) -> None:
    class Sleeper(Checker):
        def check(self, *_args: object, **_options: object):  # type: ignore[no-untyped-def]
            while True:
                pass

    outcome = files.review_file(Sleeper(), tmp_path / "slow.txt", deadline=0.05)
    assert outcome.faults == ["not done in 0.05 s"]


def test_accuracy_rows_count_exact_codes_alike() -> None:
    items = [
        Item("a", "", {"RS101": "supplier"}, {"RS101": "supplier", "RS102": "supplier"}),
        Item("b", "", {}, {}),
    ]
    rows = accuracy.list_rows("rules", summarise(items))
    assert rows[0][1] == "any tension"
    assert rows[0][-4:] == ["0.0%", "-", "100% of 1", "-"]
    assert rows[-1][1:6] == ["exact codes", "1", "50.0%", "2", "0.50 (0.00-0.50)"]
    assert all(len(row) == len(accuracy.HEAD) for row in rows)


def test_a_clause_is_compared_without_its_label_and_furniture() -> None:
    text = "1. Supplier shall Page 3 pay."
    clause = Clause("c1", "1.", "", "operative", None, 0, len(text))
    passage = formats.make_passage(text, clause, [(18, 24)])
    assert passage == formats.Passage("1.", ("supplier", "shall", "pay"))
    printed = replace(clause, label="\u2022")
    assert formats.make_passage(text, printed, []).label == ""


def test_changed_clauses_are_paired_and_moved_ones_found() -> None:
    words = ("the", "supplier", "shall", "pay", "all", "of", "the", "costs", "that", "it", "has")
    word = [
        formats.Passage("1.", words),
        formats.Passage("", ("a", "note")),
        formats.Passage("2.", ("b",)),
    ]
    pdf = [
        formats.Passage("(1)", words),
        formats.Passage("2.", ("b",)),
        formats.Passage("", ("a", "note")),
    ]
    pairs = formats.align(word, pdf)
    assert [(p.labelled, p.worded) for p in pairs] == [(False, True), (True, True), (True, True)]
    assert formats.share_right(pairs) == pytest.approx(2 / 3)


def test_word_is_printed_in_its_final_view_with_stored_fields() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("word/", "")
        package.writestr("word/settings.xml", "<w:settings x='1'><w:zoom/><w:compat/></w:settings>")
        package.writestr("word/document.xml", "<w:r><w:instrText>REF a</w:instrText></w:r>1")
    with zipfile.ZipFile(io.BytesIO(formats.prepare(held.getvalue()))) as package:
        assert package.namelist() == ["word/settings.xml", "word/document.xml"]
        assert b'<w:revisionView w:markup="0" w:insDel="0"/><w:compat/>' in package.read(
            "word/settings.xml"
        )
        assert package.read("word/document.xml") == b"<w:r></w:r>1"


@pytest.mark.parametrize("name", sorted(fuzz.FORMATS))
def test_damaged_files_can_be_made_again_and_do_no_harm(name: str) -> None:
    paths = fuzz.list_seeds(name, (fuzz.SAMPLES,))
    assert len(paths) >= 2
    for number in range(20):
        data = fuzz.make_input(name, 7, number, paths)
        assert data == fuzz.make_input(name, 7, number, paths)
        assert not fuzz.try_input(name, data, number).fault
    assert fuzz.make_input(name, 7, 0, paths) != fuzz.make_input(name, 8, 0, paths)


def test_a_worker_that_hangs_or_dies_is_a_fault_and_the_run_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def misbehave(_name: str, _data: bytes, number: int) -> fuzz.Outcome:
        if number == 0:
            time.sleep(60)
        if number == 1:
            os._exit(9)
        return fuzz.Outcome(number, "read")

    monkeypatch.setattr(fuzz, "try_input", misbehave)
    paths = fuzz.list_seeds("text", (fuzz.SAMPLES,))
    outcomes = fuzz.run_inputs("text", [0, 1, 2], seed=1, paths=paths, deadline=0.5)
    assert [(o.kind, o.fault) for o in outcomes] == [
        ("hang", True),
        ("crash", True),
        ("read", False),
    ]
    assert "1 |" in fuzz.write_report({"text": outcomes}, {"text": len(paths)}, 1)


def test_characters_of_word_files_are_counted_without_the_reader(tmp_path: Path) -> None:
    from tests.read.test_docx import box, make_docx, para, run, table

    change = 'w:author="A"'
    body = (
        para(run("kept "), f"<w:del {change}><w:r><w:delText>gone</w:delText></w:r></w:del>")
        + para(f"<w:moveFrom {change}>{run('from')}</w:moveFrom>", box(para(run("box"))))
        + table([para(run("cell")), para(run("two"))])
        + f"<w:tbl><w:tr><w:trPr><w:del {change}/></w:trPr>"
        + f"<w:tc>{para(run('row'))}</w:tc></w:tr></w:tbl>"
        + para('<w:r><w:noBreakHyphen/><w:footnoteReference w:id="2"/></w:r>', run("end"))
    )
    note = f'<w:footnote w:id="2">{para(run("note"))}</w:footnote>'
    other = f'<w:footnote w:id="3">{para(run("unused"))}</w:footnote>'
    path = tmp_path / "a.docx"
    path.write_bytes(make_docx(body, footnotes=note + other))
    assert lossless.count_file(path.read_bytes()) == ("keptcelltwo-end", "boxnote")
    assert lossless.compare(path) == lossless.Balance(path, expected=22)
    for sample in sorted(fuzz.SAMPLES.glob("*.docx")):
        balance = lossless.compare(sample)
        assert (balance.missing, balance.extra, balance.ordered) == (0, 0, True)
        assert balance.expected > 10_000


def test_lost_and_doubled_characters_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.read.test_docx import make_docx, para, run

    path = tmp_path / "a.docx"
    path.write_bytes(make_docx(para(run("abc"))))
    monkeypatch.setattr(lossless, "count_file", lambda _data: ("abd", ""))
    balance = lossless.compare(path)
    assert (balance.missing, balance.extra, balance.ordered) == (1, 1, False)
    assert "1 missing, 1 too many" in lossless.write_report([balance])


def test_word_reading_is_timed_against_the_same_files() -> None:
    paths = sorted(fuzz.SAMPLES.glob("*.docx"))[:1]
    times = word_speed.measure(paths, rounds=1)
    assert len(times) == 1
    assert all(seconds > 0 for seconds in times[0])
    assert "1 of 1 files" in word_speed.write_report(times, 1)
