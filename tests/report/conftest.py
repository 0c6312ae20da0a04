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
    Caution,
    Clause,
    ClauseSet,
    Comment,
    Document,
    Evidence,
    Feature,
    Finding,
    Flag,
    Foundation,
    Line,
    LinePlace,
    Missing,
    NormLight,
    Overview,
    Party,
    PdfPlace,
    Problem,
    Profile,
    Question,
    Quotation,
    Reference,
    Review,
    Revision,
    Share,
    Sourcing,
    Stance,
    Suggestion,
    TalkPoint,
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


def make_quotation(words: str, clause: str, note: str, code: str = "") -> Quotation:
    return Quotation(clause, *span(words), note, code)


def make_foundations() -> tuple[Foundation, ...]:
    gain = make_quotation(
        "The parties shall share audited savings equally", "c7", "a share of savings", "CO405"
    )
    intent = ClauseSet(
        "Statement of intent",
        (
            Suggestion(
                "Client and Vendor share the aim of [outcome: named desired outcome].",
                "discuss",
                "Says what both want before the clauses divide it.",
                ("loyalty", "reciprocity"),
                ("outcome",),
            ),
        ),
        "before 9 Risk",
    )
    names = (
        "Statement of intent", "Guiding principles", "Desired outcomes with measures",
        "Pricing model with incentives", "Joint risk management", "Governance",
        "Change and transformation", "Exit plan", "Business model stated", "Special concerns",
    )  # fmt: skip
    rows: list[Foundation] = []
    for number, name in enumerate(names, 1):
        code = f"F{number}"
        if code == "F4":
            rows.append(
                Foundation(code, name, "partial", 2, (gain,), ("a baseline for the savings",))
            )
        elif code in ("F3", "F8"):
            rows.append(
                Foundation(code, name, "cannot tell", 0, (), (), "Two schedules are missing.")
            )
        else:
            note = "Not found in the text supplied."
            drafts = intent if code == "F1" else None
            rows.append(Foundation(code, name, "absent", 0, (), ("a clause",), note, drafts))
    return tuple(rows)


def make_overview() -> Overview:
    slow = make_quotation("Invoices are paid sixty days", "c8", "paid on invoice")
    gain = make_quotation("share audited savings equally", "c7", "a share of savings", "CO405")
    end = make_quotation("Client may end this Agreement", "c5", "a one-way exit", "WL201")
    law = make_quotation("The law of Freedonia", "c9", "the governing law")
    norms = ("reciprocity", "autonomy", "honesty", "loyalty", "equity", "integrity")
    return Overview(
        lines=(
            Line("model", "On its face the text pays like a preferred provider.", (slow,)),
            Line("foundations", "One of ten foundations is laid in part.", (gain,)),
            Line("balance", "Risk and power terms lean on the supplier.", (end,)),
            Line("first", "10 Ending: One-way termination for convenience.", (end,)),
            Line("credit", "11.1 shares savings.", (gain,)),
        ),
        foundations=make_foundations(),
        norms=tuple(
            NormLight(norm, norm == "equity", (gain,) if norm == "equity" else ())  # type: ignore[arg-type]
            for norm in norms
        ),
        completeness=0.1621621621,
        meeting="Before a redline, meet: agree what both want and how both will act.",
        sourcing=Sourcing(
            "preferred provider",
            "basic provider",
            (
                Share("preferred provider", 0.5123456789),
                Share("basic provider", 0.3),
                Share("approved provider", 0.1876543211),
            ),
            (Feature("paid on invoice", (Share("preferred provider", 2.0),), (slow,)),),
            1,
            (gain,),
            "The text asks for shared gains but pays on invoice.",
            (gain, slow),
            "A limit applied.",
        ),
        stance=Stance(
            "extraction",
            "exchange",
            (Share("extraction", 0.6), Share("exchange", 0.35), Share("creation", 0.05)),
            (Flag("Words without a mechanism", "The words are here; the powers are not.", (end,)),),
        ),
        profiles=(
            Profile("Larch Hotels Ltd", "customer", 0, 1, 0, 0, 12.3456789),
            Profile("Brightroom Ltd", "supplier", 1, 0, 0, 0, 0.0),
        ),
        missing=(Missing("Schedule 4", (law,)),),
        cautions=(
            Caution(
                "Termination for convenience", "Check what pay the law adds.", ("WL201",),
                "general", "2026-11-22", "WL201 is present",
            ),
        ),
        questions=(
            Question("Insurance", "Is the indemnity insured?", "An indemnity was found", (end,)),
        ),
        talk=(
            TalkPoint(
                "Intent", "What do both parties want to achieve?", None, 0, 0,
                ("Client and Vendor share the aim of [outcome: named desired outcome].",),
                "before 9 Risk",
            ),
            TalkPoint(
                "Ending early", "What notice would let each party plan?", "c5",
                *span("Client may end this Agreement at any time without notice"),
                ("Each party may end this Agreement on [notice days: days] notice.",),
            ),
        ),
    )  # fmt: skip


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
        "overview": make_overview(),
    }
    return Review(**{**given, **changed})


def make_word_review() -> Review:
    review = make_review()
    anchors = tuple(
        Anchor(a.start, a.end, WordPlace("word/document.xml", number, 0))
        for number, a in enumerate(make_anchors())
    )
    first, last = span("without notice")
    document = replace(
        review.document,
        name="draft.docx",
        anchors=anchors,
        facts=(("format", "Word"), ("view", "final"), ("tracked changes", "A. Lee: 1 deletion")),
        changes=(
            Revision(
                "deletion", "words", "A. Lee", "2026-01-02T03:04:05Z", first, first, "at least "
            ),
            Revision("insertion", "words", "", "", first, last),
            Revision("deletion", "row", "A. Lee", "", last, last, "Fees\t10"),
            Revision("formatting", "words", "A. Lee", "", first, last),
        ),
        comments=(
            Comment("B. Cruz", "2026-01-03T00:00:00Z", "Thirty days?", first, last),
            Comment("A. Lee", "", "Agreed.", first, last, resolved=True, reply_to=0),
        ),
    )
    references = (Reference(*span("Client"), "c2", "field"),)
    return replace(review, document=document, references=references)


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
