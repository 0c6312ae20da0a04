from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausecheck.report.layout import (
    ReportOptions,
    Sheet,
    cut_middle,
    fit_encoding,
    fold,
    quote,
    visible,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
HOSTILE = st.text(
    st.sampled_from(
        "a \x1b[31m\x00\x07\x9b\u202e\u2066\u200b\ufeff\xad\ud800\U000e0041\ue000\u2028"
    ),
    max_size=60,
)


@given(ANY_TEXT | HOSTILE)
def test_visible_leaves_nothing_that_does_not_print(text: str) -> None:
    shown = visible(text)
    assert not [c for c in shown if unicodedata.category(c)[0] == "C" or c in "\u2028\u2029"]
    assert shown.isprintable()
    assert visible(shown) == shown


@given(st.text(st.characters(categories=("L", "N", "P", "S")), max_size=100))
def test_visible_keeps_what_prints(text: str) -> None:
    assert visible(text) == text


def test_visible_marks_an_escape_sequence_and_a_bidirectional_override() -> None:
    assert visible("\x1b]0;x\x07 \u202etxet") == "<U+001B>]0;x<U+0007> <U+202E>txet"


def test_fold_joins_every_kind_of_space() -> None:
    assert fold("a\u00a0 b\r\n\tc\u2028d") == "a b c d"


@given(st.lists(st.text("abc", min_size=1, max_size=30), max_size=60), st.integers(12, 200))
def test_a_cut_text_keeps_both_ends_and_is_marked(words: list[str], limit: int) -> None:
    text = " ".join(words)
    cut = cut_middle(text, limit)
    if len(text) <= limit:
        assert cut == text
        return
    head, mark, tail = cut.partition(" […] ")
    assert mark
    assert text.startswith(head)
    assert text.endswith(tail)
    assert len(cut) <= limit + 2
    assert len(head) + len(tail) < len(text)


def test_a_cut_falls_between_words() -> None:
    text = "alpha beta gamma delta epsilon zeta eta theta"
    head, _, tail = cut_middle(text, 30).partition(" […] ")
    assert set(head.split()) | set(tail.split()) <= set(text.split())


def test_a_quotation_is_folded_and_quoted() -> None:
    assert quote(" pay\n\x1b at once ", 100) == "“pay <U+001B> at once”"


@given(ANY_TEXT)
def test_text_for_an_ascii_stream_is_ascii(text: str) -> None:
    fit_encoding(visible(text), "ascii").encode("ascii")


def test_text_that_fits_is_not_changed() -> None:
    assert fit_encoding("“§ 3 – ok”", "utf-8") == "“§ 3 – ok”"
    assert fit_encoding("“§ 3 – ok”", "ascii") == '"Sec.  3 - ok"'


@given(ANY_TEXT, ANY_TEXT, st.integers(10, 200), st.booleans())
def test_sheet_lines_never_exceed_the_width(text: str, label: str, width: int, color: bool) -> None:
    sheet = Sheet(ReportOptions(width=width))
    sheet.add_title(text[:40])
    sheet.add_text(text, indent=3, label=label)
    sheet.add_table([(label[:20], text), ("name", label)])
    lines = sheet.as_text().split("\n")
    assert max(map(len, lines)) <= sheet.width
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize(("asked", "got"), [(1, 60), (80, 80), (500, 100)])
def test_width_has_bounds(asked: int, got: int) -> None:
    assert Sheet(ReportOptions(width=asked)).width == got


def test_colour_changes_no_letter() -> None:
    drawn = []
    for color in (False, True):
        sheet = Sheet(ReportOptions(color=color))
        sheet.add_title("Bottom line")
        sheet.add_text("words " * 30, indent=2, label="Label:")
        sheet.add_text("red words", style="red")
        sheet.add_table([("Name", "value")])
        drawn.append(sheet.as_text())
    assert "\x1b[1m" in drawn[1]
    plain = drawn[1]
    for code in ("0", "1", "1;31"):
        plain = plain.replace(f"\x1b[{code}m", "")
    assert plain == drawn[0]
