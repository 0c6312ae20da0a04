from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausecheck.records import Clause, Document
from clausecheck.segment import segment_document
from clausecheck.segment.definitions import find_governing_law, find_terms

SHARED = Path(__file__).resolve().parents[3] / "shared"


def make(text: str) -> Document:
    return Document("a.txt", "text/plain", "", text)


def names(text: str, *clauses: Clause) -> list[str]:
    return [term.name for term in find_terms(make(text), clauses)]


def law(text: str) -> str | None:
    span = find_governing_law(make(text), ())
    return span and text[span[0] : span[1]]


@pytest.mark.parametrize(
    "text",
    [
        '"Service Level" means a level.',
        "“Service Level” means a level.",
        '"Service Level" shall mean a level.',
        '"Service Level" has the meaning given in Schedule 2.',
        '"Service Level": a level.',
        'The term "Service Level" refers to a level.',
        'a level (the "Service Level") is set.',
        "a level (hereinafter the “Service Level”) is set.",
        'a level (each, a "Service Level") is set.',
        'levels (collectively, the "Service Level") are set.',
        'a level, hereinafter referred to as the "Service Level", is set.',
        'a level ("Service Level") is set.',
        'a level (as set out in Schedule 1, the "Service Level") is set.',
        '"Service\n  Level" means a level.',
        "''Service Level'' means a level.",
    ],
)
def test_one_term(text: str) -> None:
    terms = find_terms(make(text), ())
    assert [t.name for t in terms] == ["Service Level"]
    assert " ".join(text[terms[0].start : terms[0].end].split()) == "Service Level"


@pytest.mark.parametrize(
    "text",
    [
        'He said "Good Morning" to us.',
        'The words "Service Level" stand on the door.',
        "Service Level of the means.",
        '"" means nothing.',
        'the phrase "without limitation" is understood.',
    ],
)
def test_quotations_that_define_nothing(text: str) -> None:
    assert names(text) == []


def test_two_names_in_one_bracket_and_order() -> None:
    text = 'work (the "Services" or the "Work") for a price (the "Fees").'
    assert names(text) == ["Services", "Work", "Fees"]


def test_unquoted_terms_only_inside_definitions() -> None:
    text = "Business Day means a day.\nThe Supplier says what it means."
    clause = Clause("c1", "", "", "definition", None, 0, len(text))
    assert names(text, clause) == ["Business Day"]
    assert names(text) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "This Agreement shall be governed by and construed under the laws of the State of Ohio.",
        "This Agreement is governed by English law.",
        "This contract is governed by and read in accordance with the Laws in the State of Ohio.",
        "This Agreement is interpreted under the laws of France, without its conflict rules.",
        "The laws of the Province of Ontario shall govern this Agreement.",
        "THIS AGREEMENT SHALL BE GOVERNED BY THE LAWS OF TEXAS.",
        "The law of Scotland applies to this contract.",
    ],
)
def test_governing_law(sentence: str) -> None:
    text = f"9.1 Notices go by post. {sentence} 9.2 Nothing else."
    assert law(text) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Supplier shall comply with all applicable laws.",
        "This Agreement is subject to the export Laws of France.",
        "Supplier warrants that it is duly organised under the laws of Delaware.",
        "Acme Inc., a company existing under the laws of Texas, sells paint.",
    ],
)
def test_no_governing_law(text: str) -> None:
    assert law(text) is None


def test_the_choice_for_this_agreement_wins_over_asides() -> None:
    text = (
        "Acme is incorporated under the laws of Delaware. Wage claims are subject to the laws of "
        "Ohio. "
        "This Agreement shall be governed by the laws of Vermont."
    )
    assert law(text) == "This Agreement shall be governed by the laws of Vermont."


def test_abbreviations_do_not_end_the_sentence() -> None:
    sentence = (
        "This Agreement with Acme Inc. and Zeta Co. shall be governed by the laws of the U.S. "
        "State of Utah."
    )
    assert law(f"Notices go by post. {sentence} The end.") == sentence


def test_long_white_space_costs_no_more_than_its_length() -> None:
    text = ('"A"' + " " * 300) * 600
    started = time.process_time()
    assert names(text) == []
    assert time.process_time() - started < 2


def test_segment_document_brings_all_together() -> None:
    text = (
        'Agreement between Acme Ltd ("Supplier") and Zeta plc ("Client").\n\n'
        '1. Fees. Client shall pay Supplier the agreed price (the "Fees").\n\n'
        "2. Law. This Agreement is governed by the laws of Utah.\n"
    )
    segments = segment_document(make(text))
    assert [p.role for p in segments.parties] == ["supplier", "customer"]
    assert [t.name for t in segments.terms] == ["Supplier", "Client", "Fees"]
    assert segments.governing_law is not None
    assert segments.clauses


PIECES = st.sampled_from(
    ['"', "“", "”", "''", "(the ", ")", "Term", " means ", "laws of", " Utah", ". ",
     "\n\n", " governed by ", "this Agreement ", ": ", "é"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_offsets_hold_for_any_text(text: str) -> None:
    terms = find_terms(make(text), ())
    assert list(terms) == sorted(terms, key=lambda t: t.start)
    for term in terms:
        assert 0 <= term.start < term.end <= len(text)
        assert term.name == " ".join(text[term.start : term.end].split())
    span = find_governing_law(make(text), ())
    if span:
        assert 0 <= span[0] < span[1] <= len(text)
        assert text[span[0] : span[1]] == text[span[0] : span[1]].strip()


@pytest.mark.shared
def test_most_real_contracts_choose_a_law() -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared contracts are not beside the checkout")
    files = sorted((SHARED / "contracts" / "cuad" / "txt").glob("*.txt"))[::6]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in files]
    assert sum(law(text) is not None for text in texts) / len(texts) > 0.7
    assert sum(len(names(text)) > 2 for text in texts) / len(texts) > 0.8
