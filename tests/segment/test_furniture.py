"""What belongs to the page is furniture; what binds a party never is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausecheck.records import Block, Document
from clausecheck.segment.clauses import split_clauses

ROWS = ("1. Definitions .......... 1", "2. Fees .......... 2", "3. Liability .......... 4")
BODY = "1. Definitions\n\nWords have their usual meaning.\n\n2. Fees\n\nThe Client shall pay.\n"

subjects = st.sampled_from(["The Supplier", "Each party", "index in Schedule 2", "No fee", "Page"])
modals = st.sampled_from(["shall", "must", "may", "will", "agrees to"])
actions = st.sampled_from(
    ["pay the sum in clause 12", "act under Schedule 3", "keep the contents safe", "meet on page 4"]
)
ends = st.sampled_from([".", ";", "", " 12", "\t30", " and"])
sentences = st.builds(lambda a, b, c, d: f"{a} {b} {c}{d}", subjects, modals, actions, ends)
titles = st.sampled_from(["", "Contents", "TABLE OF CONTENTS", "Index", "Contents Page"])
breaks = st.sampled_from(["\n", "\n\n", "\n\f\n"])


def find_furniture(text: str) -> list[str]:
    blocks = []
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            blocks.append(Block(at, at + len(line.rstrip("\n\f"))))
        at += len(line)
    document = Document("a.txt", "text/plain", "", text, tuple(blocks))
    return [text[c.start : c.end] for c in split_clauses(document) if c.kind == "furniture"]


@pytest.mark.parametrize("title", ["Contents", "TABLE OF CONTENTS", "INDEX", "Table of Contents"])
def test_contents_under_their_title_are_furniture(title: str) -> None:
    found = "\n".join(find_furniture("\n".join((title, *ROWS)) + "\n\n" + BODY))
    assert all(row in found for row in (title, *ROWS))
    assert "usual meaning" not in found
    assert "shall pay" not in found


def test_contents_without_a_title_are_furniture() -> None:
    rows = (*ROWS, "4. General .......... 5")
    assert find_furniture("\n".join(rows) + "\n\n" + BODY) == ["\n".join(rows)]


@pytest.mark.parametrize(
    "line",
    [
        "index in Schedule 2, limited to 5% in either direction",
        "contents of the shipment remain with the carrier until 12",
        "Index-linked charges rise each year by the rate in clause 7",
        "Contents insurance is taken out by the owner of the goods",
        "Index",
    ],
)
def test_a_line_that_only_begins_like_a_title_is_none(line: str) -> None:
    text = (
        f"1. Fees\n\n1.1 The fee follows the\n{line}\nand nothing else.\n\n1.2 It is paid late.\n"
    )
    assert find_furniture(text) == []


def test_a_price_list_is_no_table_of_contents() -> None:
    rows = "\n".join(
        f"{name}\t{price}"
        for name, price in [("Manager", 90), ("Agent", 30), ("Clerk", 25), ("Driver", 28)]
    )
    assert find_furniture(f"1. Rates\n\n1.1 These rates apply:\n{rows}\n") == []


@settings(max_examples=150, deadline=None)
@given(titles, st.lists(sentences, min_size=1, max_size=6), breaks, st.booleans())
def test_a_sentence_that_binds_is_never_furniture(
    title: str, terms: list[str], gap: str, listed: bool
) -> None:
    rows = ROWS if listed else ()
    text = gap.join((title, *rows, *terms, *terms, *terms)).strip() + "\n"
    for furniture in find_furniture(text):
        assert not any(term.strip() in furniture for term in terms)


@settings(max_examples=60, deadline=None)
@given(sentences, st.integers(3, 6))
def test_a_term_that_recurs_far_apart_is_never_furniture(term: str, times: int) -> None:
    between = "\n\n" + "Nothing in this part is of weight to any reader of it. " * 25 + "\n\n"
    text = between.join([term] * times)
    assert not any(term in furniture for furniture in find_furniture(text))
