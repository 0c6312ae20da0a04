"""Copies for the other side: questions and wording, nothing of what the review thinks."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from benchmarks import word_walk as walk
from benchmarks.wordout import AUTHOR, Tally, check_copy
from clausecheck import Checker, cli
from clausecheck.markup.pdf import annotate_pdf
from clausecheck.markup.word_review import mark_word
from clausecheck.read import read_document
from tests.report.test_shareable import FORBIDDEN, SAMPLES


@pytest.mark.parametrize("sample", ["hostile", "collaborative"])
def test_a_word_copy_tells_nothing_of_severity_burden_or_strategy(sample: str) -> None:
    data = (SAMPLES / f"{sample}-outsourcing.docx").read_bytes()
    review = Checker().check(data, name="draft.docx")
    plain = mark_word(data, review, redline=True, shareable=True, author=AUTHOR)
    tally = Tally()
    check_copy(tally, "draft.docx", data, plain.data, plain.marks, review.document)
    assert tally.failures == []
    made = mark_word(data, review, redline=True, foundations=True, shareable=True, author=AUTHOR)
    document = read_document(made.data, name="draft.docx")
    said = [c.text for c in document.comments if c.author == AUTHOR.name]
    said += [c.words or document.text[c.start : c.end] for c in document.changes
             if c.author == AUTHOR.name and c.kind == "insertion"]  # fmt: skip
    assert re.findall(FORBIDDEN, "\n".join(said), re.IGNORECASE) == []
    assert review.overview is not None
    points = [p for p in review.overview.talk if p.clause is not None]
    assert len(made.marks.notes) == len(points)
    assert all("Question for both parties" in n.paragraphs[1] for n in made.marks.notes)
    # Not a word is proposed where there is no point for discussion.
    places = [(p.start, p.end) for p in points]
    for change in made.marks.changes:
        assert any(change.start <= start and end <= change.end for start, end in places)
    assert bool(made.marks.changes) is (sample == "hostile")


def test_a_pdf_copy_holds_the_same_points() -> None:
    data = (SAMPLES / "hostile-outsourcing.pdf").read_bytes()
    review = Checker().check(data, name="draft.pdf")
    made = annotate_pdf(data, review, shareable=True)
    notes = [
        str(note.get_object().get("/Contents", ""))
        for page in PdfReader(BytesIO(made.data)).pages
        for note in page.get("/Annots") or ()
    ]
    # The contents list of the file has links of its own.
    said = [note for note in notes if "Question for both parties" in note]
    assert review.overview is not None
    assert len(said) == made.notes == sum(p.clause is not None for p in review.overview.talk)
    assert re.findall(FORBIDDEN, "\n".join(said), re.IGNORECASE) == []


def test_the_command_line_honours_the_edition(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "points.docx"
    source = str(SAMPLES / "hostile-outsourcing.docx")
    cli.run_command([source, "--edition", "shareable", "--word", str(out)])
    assert capsys.readouterr().out == ""  # a copy alone was asked for
    cli.run_command([source, "--edition", "shareable", "--format", "terminal", "--word", str(out)])
    assert "to talk about" in capsys.readouterr().out
    comments = walk.open_parts(out.read_bytes())["word/comments.xml"].decode()
    assert "Question for both parties" in comments
    assert not re.search(r"\bRS\d{3}\b|Carried by", comments)
