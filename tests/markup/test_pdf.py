"""Annotated copies of PDFs: highlights on the words, and not a byte of the original changed."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter

from clausecheck import Checker
from clausecheck.cli import run_command
from clausecheck.errors import InputError
from clausecheck.markup.pdf import annotate_pdf
from clausecheck.markup.word_copy import Author
from clausecheck.records import Review

SAMPLE = Path(__file__).resolve().parents[2] / "corpora" / "samples" / "hostile-outsourcing.pdf"


@pytest.fixture(scope="module")
def review() -> Review:
    return Checker().check(SAMPLE)


def test_highlights_lie_on_the_quoted_words(review: Review) -> None:
    data = SAMPLE.read_bytes()
    made = annotate_pdf(data, review, author=Author("Ann Lee", "AL", "2026-03-31T00:00:00Z"))
    assert made.data.startswith(data)
    assert (made.notes, made.unplaced) == (len(review.findings), 0)
    assert made == annotate_pdf(
        data, review, author=Author("Ann Lee", "AL", "2026-03-31T00:00:00Z")
    )
    shown = pypdfium2.PdfDocument(made.data)
    under = set()
    for number, page in enumerate(PdfReader(io.BytesIO(made.data)).pages):
        textpage = shown[number].get_textpage()
        for reference in page.get("/Annots", []):
            note = reference.get_object()
            if note["/Subtype"] != "/Highlight":
                continue
            assert note["/T"] == "Ann Lee"
            assert note["/M"] == "D:20260331000000Z"
            quads = [float(value) for value in note["/QuadPoints"]]
            words = ""
            for at in range(0, len(quads), 8):
                left, top, right, bottom = quads[at], quads[at + 1], quads[at + 2], quads[at + 5]
                words += textpage.get_text_bounded(left, bottom, right, top)
            under.add("".join(words.split()))
    text = review.document.text
    whole = {"".join(text[f.start : f.end].split()) for f in review.findings}
    pages = [
        {anchor.place.page for anchor in review.document.places(f.start, f.end)}
        for f in review.findings
    ]
    across = [found for found in pages if len(found) > 1]
    assert len(whole - under) <= len(across) < 5


def test_a_locked_pdf_is_refused(review: Review) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(SAMPLE.read_bytes()))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(InputError, match="C151"):
        annotate_pdf(out.getvalue(), review)


def test_the_command_annotates_pdf_files_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "noted.pdf"
    assert run_command([str(SAMPLE), "-q", "--annotate", str(out)]) == 1
    assert out.read_bytes().startswith(SAMPLE.read_bytes())
    word = str(SAMPLE.with_suffix(".docx"))
    assert run_command([word, "-q", "--annotate", str(out)]) == 2
    assert "use --word FILE" in capsys.readouterr().err
    assert run_command([str(SAMPLE), "-q", "--word", str(tmp_path / "a.docx")]) == 2
    assert "use --annotate FILE" in capsys.readouterr().err
