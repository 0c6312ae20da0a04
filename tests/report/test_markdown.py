from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from clausecheck.records import Document, Review
from clausecheck.report.layout import ReportOptions
from clausecheck.report.markdown import escape, write_markdown


def test_golden(every_review: list[Review], check_golden: Callable[[str, str], None]) -> None:
    check_golden("report.md", "".join(write_markdown(every_review, ReportOptions(why=True))))


def test_titles_and_items(review: Review) -> None:
    text = "".join(write_markdown([review], ReportOptions()))
    assert text.startswith("# Review of draft.txt\n\n")
    assert "\n## Bottom line\n" in text
    assert text.index("## Foundations") < text.index("## Findings to discuss")
    assert "\n- **Vendor" not in text
    assert "\n\n\n" not in text


def test_contract_text_cannot_become_markup(review: Review) -> None:
    hostile = (
        "<script>alert(1)</script> [click](javascript:alert(1)) ![x](http://a.example/b) `code` "
        "# title | cell | **bold** https://a.example www.a.example\n\n- item\n1. one\x1b[31m"
    )
    document = replace(review.document, name="<b>x</b>.txt", text=hostile.ljust(2000))
    text = "".join(write_markdown([replace(review, document=document)], ReportOptions()))
    assert "<script" not in text
    assert "<b>" not in text
    assert "](" not in text.replace("\\](", "").replace("\\]\\(", "")
    assert "https://a" not in text
    assert "\x1b" not in text


@given(st.text(max_size=80))
def test_every_text_stays_text(text: str) -> None:
    shown = escape(text)
    assert "\n" not in shown
    assert "<" not in shown
    for mark in "*_`[]#|":
        assert shown.count(mark) == shown.count("\\" + mark)


def test_a_failed_review_says_why(failed: Review) -> None:
    text = "".join(write_markdown([failed], ReportOptions()))
    assert "The file is empty" in text
    assert Document("b.txt", "", "", "").name in text
