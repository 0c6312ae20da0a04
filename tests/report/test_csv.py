from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausecheck.records import Review
from clausecheck.report.csv import COLUMNS, make_safe, write_csv
from clausecheck.report.layout import ReportOptions


def read(reviews: list[Review]) -> list[dict[str, str]]:
    text = "".join(write_csv(reviews, ReportOptions()))
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_golden(every_review: list[Review], check_golden: Callable[[str, str], None]) -> None:
    check_golden("findings.csv", "".join(write_csv(every_review, ReportOptions())))


def test_one_row_for_everything(review: Review, failed: Review) -> None:
    rows = read([review, failed])
    kinds = [row["kind"] for row in rows]
    assert kinds == ["finding"] * 4 + ["balanced"] + ["foundation"] * 10 + ["failed"]
    assert list(rows[0]) == list(COLUMNS)
    indemnity = next(row for row in rows if row["code"] == "RS101")
    assert indemnity["clause"] == "9 Risk > 9.1"
    assert indemnity["quotation"].startswith("Vendor shall indemnify Client")
    assert int(indemnity["end"]) > int(indemnity["start"])
    assert "The file is empty" in rows[-1]["message"]


def test_lines_end_as_the_standard_says_and_a_file_is_marked(review: Review) -> None:
    text = "".join(write_csv([review], ReportOptions(bom=True)))
    assert text.startswith("\ufeffdocument,")
    assert text.count("\n") == text.count("\r\n")
    assert text.endswith("\r\n")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\x00=", "＝", "|", "%"])
def test_no_cell_is_a_formula(review: Review, start: str) -> None:
    words = f'{start}HYPERLINK("http://a.example")'
    document = replace(review.document, name=words, text=words.ljust(2000))
    finding = replace(review.findings[0], start=0, end=len(words), party=words, message=words)
    for row in read([replace(review, document=document, findings=(finding,))]):
        for cell in row.values():
            assert cell[:1] not in ("=", "+", "-", "@", "＝", "|", "%", "\t", "\r")


@given(st.text(max_size=60))
def test_every_text_is_safe(text: str) -> None:
    shown = make_safe(text)
    assert shown.isprintable()
    assert not shown.startswith(("=", "+", "-", "@"))
