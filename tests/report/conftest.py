"""Reviews made by hand, so that the reports are tested without the steps before them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clausecheck.records import (
    Anchor,
    Balanced,
    BalanceIndex,
    Clause,
    Document,
    Evidence,
    Finding,
    LinePlace,
    Party,
    PdfPlace,
    Problem,
    Review,
    Suggestion,
    Term,
    Unread,
    Versions,
    WordPlace,
)
from clausecheck.records import Test as BalanceTest

TEXT = """CLEANING AGREEMENT between Larch Hotels Ltd ("Client") and Brightroom Ltd ("Vendor").
9 Risk
9.1 Vendor shall indemnify   Client against any and all
losses, whatever their cause.
9.2 Each party shall insure its own property.
10 Ending
Client may end this Agreement at any time without notice.
11 Shared gains
11.1 The parties shall share audited savings equally for two years.
12 Invoices are paid sixty days after receipt.
13 The law of Freedonia governs this Agreement.
"""
GOLDEN = Path(__file__).with_name("golden")
REGENERATE = "CLAUSECHECK_REGENERATE"


def span(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def make_finding(code: str, words: str, clause: str, **changed: Any) -> Finding:
    start, end = span(words)
    given: dict[str, Any] = {
        "code": code,
        "name": "One-way indemnity",
        "family": code[:2],
        "clause": clause,
        "start": start,
        "end": end,
        "burden": "supplier",
        "party": "Vendor",
        "severity": 4,
        "confidence": 0.9,
        "origin": "both",
        "balance": "one-sided",
    }
    return Finding(**{**given, **changed})


def make_clauses() -> tuple[Clause, ...]:
    rows = [
        ("c1", "9", "Risk", None, "9 Risk", 0),
        ("c2", "9.1", "", "c1", TEXT[slice(TEXT.index("9.1"), TEXT.index("9.2") - 1)], 1),
        ("c3", "9.2", "", "c1", "9.2 Each party shall insure its own property.", 1),
        ("c4", "10", "Ending", None, "10 Ending", 0),
        ("c5", "", "", "c4", "Client may end this Agreement at any time without notice.", 1),
        ("c6", "11", "Shared gains", None, "11 Shared gains", 0),
        ("c7", "11.1", "", "c6", TEXT[slice(TEXT.index("11.1"), TEXT.index("12 Inv") - 1)], 1),
        ("c8", "12", "", None, "12 Invoices are paid sixty days after receipt.", 0),
        ("c9", "13", "", None, "13 The law of Freedonia governs this Agreement.", 0),
    ]
    return tuple(
        Clause(key, label, heading, "operative", parent, *span(words), level)
        for key, label, heading, parent, words, level in rows
    )


def make_anchors() -> tuple[Anchor, ...]:
    anchors, start = [], 0
    for number, line in enumerate(TEXT.splitlines(), 1):
        anchors.append(Anchor(start, start + len(line), LinePlace(number, 1)))
        start += len(line) + 1
    return tuple(anchors)


def make_review(**changed: Any) -> Review:
    first, _ = span("any and all")
    indemnity = make_finding(
        "RS101",
        "Vendor shall indemnify   Client against any and all\nlosses",
        "c2",
        tests=(
            BalanceTest("counterpart", 2, "only Vendor indemnifies"),
            BalanceTest("control", 2, "whatever their cause"),
            BalanceTest("cap", 1, ""),
            BalanceTest("conversation", 0, "claims are notified first"),
        ),
        evidence=(
            Evidence("pattern", *span("Vendor shall indemnify"), "a promise to indemnify"),
            Evidence("widens", first, first + 11, "without limit", 1.0),
            Evidence("term", 0, 0, "shall indemnify", 1.234567891),
        ),
        message="Vendor alone covers losses, including those it does not cause.",
        why="The party that cannot prevent a loss prices it, or hopes.",
        suggestions=(
            Suggestion(
                "Each party shall cover losses to the extent that it causes them, up to "
                "[cap_amount: money limit] in a year.",
                "redraft",
                "Puts each risk where it can be prevented.",
                ("reciprocity", "equity"),
                ("cap_amount",),
                "Limits on negligence differ by law.",
            ),
        ),
    )
    ending = make_finding(
        "WL201",
        "Client may end this Agreement at any time without notice",
        "c5",
        name="One-way termination for convenience",
        severity=5,
        confidence=0.7,
        origin="rule",
        message="Client may end the whole agreement without notice.",
    )
    slow = make_finding(
        "WL209",
        "Invoices are paid sixty days after receipt",
        "c8",
        name="Stretched payment terms",
        severity=2,
        confidence=0.5,
        origin="model",
        balance="na",
    )
    gain = make_finding(
        "CO405",
        "The parties shall share audited savings equally for two years",
        "c7",
        name="Shared gains",
        severity=2,
        burden="both",
        party="",
        balance="mutual",
    )
    given: dict[str, Any] = {
        "document": Document(
            "draft.txt",
            "text/plain",
            "0123456789abcdef" * 4,
            TEXT,
            anchors=make_anchors(),
            unread=(Unread("a picture", "line 3", "Read it yourself."),),
            facts=(("pages", "2"), ("view", "final")),
        ),
        "status": "partial",
        "parties": (
            Party("Larch Hotels Ltd", ("Client",), "customer", "it pays"),
            Party("Brightroom Ltd", ("Vendor",), "supplier", "it is paid"),
        ),
        "terms": (Term("Client", *span("Client")),),
        "clauses": make_clauses(),
        "findings": (slow, indemnity, gain, ending),
        "balanced": (
            Balanced(
                "RS113",
                "Insurance overreach",
                "c3",
                *span("Each party shall insure its own property"),
                "the same duty for both parties",
            ),
        ),
        "balance": BalanceIndex(
            0.42, 7.1, 0.0, "one-sided: the supplier carries more", 0.25, 0.21, 0.63
        ),
        "governing_law": span("The law of Freedonia governs this Agreement."),
        "problems": (Problem("C140", "not read: a picture.", "line 3", "Read it yourself."),),
        "versions": Versions("0.1.0", "aaaa", "bbbb"),
    }
    return Review(**{**given, **changed})


def make_word_review() -> Review:
    review = make_review()
    anchors = tuple(
        Anchor(a.start, a.end, WordPlace("word/document.xml", number, 0))
        for number, a in enumerate(make_anchors())
    )
    return replace(review, document=replace(review.document, name="draft.docx", anchors=anchors))


def make_pdf_review() -> Review:
    review = make_review()
    anchors = tuple(
        Anchor(a.start, a.end, PdfPlace(1 + number // 3, (72.0, 700.0, 300.123456789, 712.0)))
        for number, a in enumerate(make_anchors())
    )
    return replace(review, document=replace(review.document, name="draft.pdf", anchors=anchors))


@pytest.fixture
def review() -> Review:
    return make_review()


@pytest.fixture
def failed() -> Review:
    problem = Problem("C104", "The file is empty.", "b.txt", "Check the path.")
    return Review(Document("b.txt", "", "", ""), "failed", problems=(problem,))


@pytest.fixture
def every_review(review: Review, failed: Review) -> list[Review]:
    return [review, make_word_review(), make_pdf_review(), failed]


@pytest.fixture
def finding_factory() -> Callable[..., Finding]:
    return make_finding


@pytest.fixture
def review_factory() -> Callable[..., Review]:
    return make_review


@pytest.fixture
def check_golden() -> Callable[[str, str], None]:
    """Compare text with a golden file; with CLAUSECHECK_REGENERATE set, write it first."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get(REGENERATE):
            path.write_bytes(text.encode())
        assert path.read_bytes().decode() == text

    return check
