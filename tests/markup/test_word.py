"""Marked copies of Word files: comments on the very words, and nothing else touched."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import word_walk as walk
from benchmarks.wordout import AUTHOR, Tally, check_copy, make_changes, make_notes
from clausecheck import Checker, cli
from clausecheck.markup.word import WordMarker
from clausecheck.markup.word_review import mark_word
from clausecheck.read import read_document
from clausecheck.records import Change, Marks, Note

SAMPLES = Path(__file__).resolve().parents[2] / "corpora" / "samples"
HOSTILE = SAMPLES / "hostile-outsourcing.docx"
SENTENCE = "Supplier shall indemnify Customer against any and all losses, however they arise."


def save(document: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def make_difficult_file() -> bytes:
    """Return a file with a link, a table, a revision, a content control and a comment in it."""
    document = docx.Document()
    plain = document.add_paragraph("The Supplier shall ")
    plain.add_run("keep ").bold = True
    last = plain.add_run("records of the Services.")
    document.add_comment(runs=[last], text="Since when?", author="A. Reader", initials="AR")
    ns = nsdecls("w")
    revised = document.add_paragraph("Customer may ")
    revised._p.append(
        parse_xml(
            f'<w:ins {ns} w:id="901" w:author="B" w:date="2026-01-01T00:00:00Z">'
            "<w:r><w:t>at any time </w:t></w:r></w:ins>"
        )
    )
    revised._p.append(
        parse_xml(
            f'<w:del {ns} w:id="902" w:author="B" w:date="2026-01-01T00:00:00Z">'
            "<w:r><w:delText>never </w:delText></w:r></w:del>"
        )
    )
    revised._p.append(parse_xml(f"<w:r {ns}><w:t>end this Agreement.</w:t></w:r>"))
    held = document.add_paragraph("Each party shall ")
    held._p.append(
        parse_xml(
            f"<w:sdt {ns}><w:sdtPr/><w:sdtContent><w:r><w:t>give notice</w:t></w:r>"
            "</w:sdtContent></w:sdt>"
        )
    )
    held._p.append(
        parse_xml(
            f'<w:hyperlink {ns} w:anchor="x"><w:r><w:t xml:space="preserve"> under clause 4'
            "</w:t></w:r></w:hyperlink>"
        )
    )
    held._p.append(parse_xml(f"<w:r {ns}><w:t>.</w:t></w:r>"))
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "Supplier shall pay a penalty."
    table.cell(0, 1).text = "Customer shall pay the fee."
    return save(document)


def check(data: bytes, marks: Marks) -> bytes:
    """Write marks, check the copy by the independent walk, and return it."""
    document = read_document(data, name="a.docx")
    made = WordMarker(data, document).write(marks, AUTHOR)
    tally = Tally()
    check_copy(tally, "a.docx", data, made, marks, document)
    assert not tally.failures
    assert sum(tally.counts.values()) >= 4
    return made


def test_notes_and_changes_at_every_border_of_a_difficult_file() -> None:
    data = make_difficult_file()
    document = read_document(data, name="a.docx")
    notes = make_notes(document)
    changes, _ = make_changes(document, WordMarker(data, document))
    assert len(notes) > 20
    assert changes
    check(data, Marks(tuple(notes)))
    check(data, Marks((), tuple(changes)))


@pytest.mark.parametrize("redline", [False, True])
@pytest.mark.parametrize("sample", ["hostile", "collaborative"])
def test_every_finding_has_one_comment_on_its_words(sample: str, redline: bool) -> None:
    data = (SAMPLES / f"{sample}-outsourcing.docx").read_bytes()
    review = Checker().check(data, name="a.docx")
    made = mark_word(data, review, redline=redline, author=AUTHOR)
    tally = Tally()
    check_copy(tally, "a.docx", data, made.data, made.marks, review.document)
    assert not tally.failures
    assert len(made.marks.notes) == len(review.findings) > 10
    assert bool(made.marks.changes) is (redline and sample == "hostile")


def test_sentences_that_stay_beside_a_change_are_named() -> None:
    data = HOSTILE.read_bytes()
    review = Checker().check(data, name="a.docx")
    made = mark_word(data, review, redline=True)
    text = review.document.text
    said = {}
    for note in made.marks.notes:
        said[note.paragraphs[0].split()[0], note.start] = " ".join(note.paragraphs)
    ending = next(f for f in review.findings if f.code == "WL201")
    told = said["WL201", ending.start]
    assert "Supplier has no right to terminate this Agreement for convenience." in told
    assert "No compensation, cost or loss of profit" in told
    # What the change itself replaces does not stay.
    assert "Customer may terminate this Agreement or any part" not in told
    for change in made.marks.changes:
        for words in said.values():
            quoted = words.partition("check that it agrees:")[2]
            assert text[change.start : change.end][:60] not in quoted
    plain = mark_word(data, review)
    assert not any("Stays in this clause" in p for n in plain.marks.notes for p in n.paragraphs)


def test_a_tracked_change_keeps_the_formatting_of_the_run() -> None:
    document = docx.Document()
    run = document.add_paragraph().add_run(SENTENCE)
    run.italic = True
    data = save(document)
    start = read_document(data, name="a.docx").text.index("Supplier")
    made = check(data, Marks((), (Change(start, start + len(SENTENCE), "Each bears its own."),)))
    xml = walk.open_parts(made)["word/document.xml"].decode()
    inserted = xml[xml.index("<w:ins ") : xml.index("</w:ins>")]
    deleted = xml[xml.index("<w:del ") : xml.index("</w:del>")]
    assert "<w:i/>" in inserted
    assert "<w:i/>" in deleted
    assert "Each bears its own." in inserted


PIECES = st.lists(st.sampled_from(["Supplier ", "shall ", "pay & ", "é", "all.", " "]), min_size=1)


@settings(max_examples=40, deadline=None)
@given(PIECES, st.data())
def test_words_are_found_however_the_runs_are_cut(pieces: list[str], data: st.DataObject) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Start. ")
    for at, piece in enumerate(pieces):
        paragraph.add_run(piece).bold = bool(at % 2)
    source = save(document)
    text = read_document(source, name="a.docx").text
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if text[start:end].strip():
        check(source, Marks((Note(start, end, ("A note", "Why")),)))


def test_a_comment_cannot_bring_markup_of_its_own() -> None:
    document = docx.Document()
    document.add_paragraph(SENTENCE)
    note = Note(0, 8, ("<w:p>&\x07", "]]><script>"))
    made = check(save(document), Marks((note,)))
    comments = walk.parse(walk.open_parts(made)["word/comments.xml"])
    assert "]]><script>" in "".join(comments.itertext())


def run(*arguments: str) -> int:
    return cli.run_command(list(arguments))


def test_the_command_writes_a_copy_and_leaves_the_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "reviewed.docx"
    before = HOSTILE.read_bytes()
    arguments = (str(HOSTILE), "--word", str(target), "--author", "A. Lawyer", "--initials", "AL")
    assert run(*arguments, "--redline") == 1
    told = capsys.readouterr().err
    assert "comments" in told
    assert "tracked change" in told
    assert HOSTILE.read_bytes() == before
    parts = walk.open_parts(target.read_bytes())
    assert b'w:author="A. Lawyer" w:initials="AL"' in parts["word/comments.xml"]
    again = read_document(target.read_bytes(), name="b.docx")
    assert "tracked change" not in again.text


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["{txt}", "--word", "{new}.docx"], 2, "marks Word files"),
        (["{docx}", "--word", "{docx}"], 2, "input file"),
        (["{docx}", "--word", "{new}.doc"], 2, "must be called .docx"),
        (["{docx}", "{txt}", "--word", "{new}.docx"], 2, "one FILE at a time"),
        (["{docx}", "--redline"], 2, "--word FILE"),
        (["{docx}", "--word", "{new}.docx", "--date", "tomorrow"], 2, "2026-03-31"),
        (["-", "--word", "{new}.docx"], 2, "standard input"),
    ],
)
def test_what_cannot_be_done_is_one_clear_error(
    arguments: list[str],
    code: int,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = {
        "txt": str(SAMPLES / "hostile-outsourcing.txt"),
        "docx": str(HOSTILE),
        "new": str(tmp_path / "new"),
    }
    assert run(*(argument.format(**names) for argument in arguments)) == code
    assert words in " ".join(capsys.readouterr().err.split())
    assert not list(tmp_path.iterdir())


def test_a_second_round_adds_no_comment_that_stands_there_already() -> None:
    data = (SAMPLES / "hostile-outsourcing.docx").read_bytes()
    first = mark_word(data, Checker().check(data, name="a.docx"))
    second = mark_word(first.data, Checker().check(first.data, name="a.docx"))
    assert first.marks.notes
    assert second.marks.notes == ()
