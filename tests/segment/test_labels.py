"""Labels: what is a number, how it can be read, and that nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausecheck.segment.labels import read_label, read_roman


@pytest.mark.parametrize(
    ("text", "printed", "scheme", "path"),
    [
        ("1. Fees", "1.", "dec1", (1,)),
        ("12 Notices", "12", "dec1", (12,)),
        ("1.1 Term", "1.1", "dec2", (1, 1)),
        ("1.1Term", "1.1", "dec2", (1, 1)),
        ("3.10. Audit", "3.10.", "dec2", (3, 10)),
        ("1.1.1 Scope", "1.1.1", "dec3", (1, 1, 1)),
        ("3.0 Payment", "3.0", "dec1", (3,)),
        ("8.1(b) Indemnity", "8.1(b)", "dec3", (8, 1, 2)),
        ("5A. Records", "5A.", "dec1", (5,)),
        ("L.2.1 Quotes", "L.2.1", "letter3", (12, 2, 1)),
        ("1) the price", "1)", "1)", (1,)),
        ("(1) the price", "(1)", "(1)", (1,)),
        ("(a) the price", "(a)", "(a)", (1,)),
        ("a) the price", "a)", "a)", (1,)),
        ("(A) The parties", "(A)", "(A)", (1,)),
        ("A. The parties", "A.", "A.", (1,)),
        ("(ii) tax", "(ii)", "(a)", (35,)),
        ("ARTICLE IV PAYMENT", "ARTICLE IV", "article", (4,)),
        ("Article 4. Payment", "Article 4.", "article", (4,)),
        ("ARTICLE FIVE", "ARTICLE FIVE", "article", (5,)),
        ("Section 5.3 Audit", "Section 5.3", "section2", (5, 3)),
        ("§ 5 Audit", "§ 5", "section", (5,)),
        ("Clause 7: Audit", "Clause 7:", "clause", (7,)),
        ("paragraph 4. Audit", "paragraph 4.", "paragraph", (4,)),
        ("Schedule 2", "Schedule 2", "schedule", (2,)),
        ('EXHIBIT "A"', 'EXHIBIT "A"', "schedule", (1,)),
        ("Annex B-1", "Annex B-1", "schedule", (2, 1)),
        ("Appendix C - Prices", "Appendix C", "schedule", (3,)),
        ("Attachment 3", "Attachment 3", "schedule", (3,)),
        ("PART II", "PART II", "part", (2,)),
        ("• travel", "•", "bullet", (2,)),
        ("- travel", "-", "bullet", (1,)),
    ],
)
def test_reads_label(text: str, printed: str, scheme: str, path: tuple[int, ...]) -> None:
    label = read_label(text, 0, len(text))
    assert label is not None
    assert label.printed == printed
    assert label.readings[0] == (scheme, path)
    assert text[: label.end].rstrip() == printed


@pytest.mark.parametrize(
    "text",
    ["Supplier shall", "12 May 2020", "212.555.1212", "1,000 units", "1.5% of", "2nd floor",
     "$5 each", "Section headings", "Schedule of works",
     "SCHEDULE OF WORKS", "Exhibits A",
     "Mr. Smith", "", "-1-"],
)  # fmt: skip
def test_reads_no_label(text: str) -> None:
    assert read_label(text, 0, len(text)) is None


def test_ambiguous_letters_keep_both_readings() -> None:
    label = read_label("(i) x", 0, 5)
    assert label is not None
    assert label.readings == (("(a)", (9,)), ("(i)", (1,)))


@given(st.integers(1, 49))
def test_roman_numbers_round_trip(value: int) -> None:
    tens = ["", "x", "xx", "xxx", "xl"][value // 10]
    ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][value % 10]
    assert read_roman(tens + ones) == read_roman((tens + ones).upper()) == value


@given(st.text(alphabet="ivxlIVXLabc1.() ", max_size=12))
def test_label_stays_inside_its_range(text: str) -> None:
    for end in range(len(text) + 1):
        label = read_label(text, 0, end)
        assert label is None or (0 < label.end <= end and label.readings)
