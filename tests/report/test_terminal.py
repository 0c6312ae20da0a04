from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from clausecheck.records import Document, Evidence, Finding, Party, Review, Unread
from clausecheck.report import wording
from clausecheck.report.layout import ReportOptions, fold
from clausecheck.report.terminal import draw_review, write_terminal

SECTIONS = [
    "Review of draft.txt",
    "Read this first:",
    "Bottom line",
    "Discuss first:",
    "Already done well:",
    "First step:",
    "Foundations of the relationship",
    "Findings to discuss",
    "Balance, value and sourcing model",
    "All findings, in contract order",
    "Collaborative terms credited",
    "Reviewed and found balanced",
    "Not read, not assessed",
    "Questions for the business",
    "Enforceability cautions",
    "About this report",
    "Made by:",
]


def flat(review: Review, **options: bool) -> str:
    return fold(draw_review(review, ReportOptions(**options)))


def test_golden(every_review: list[Review], check_golden: Callable[[str, str], None]) -> None:
    check_golden("terminal.txt", "".join(write_terminal(every_review, ReportOptions())))


def test_golden_with_evidence(review: Review, check_golden: Callable[[str, str], None]) -> None:
    check_golden("terminal-why.txt", draw_review(review, ReportOptions(width=100, why=True)))


def test_sections_stand_in_a_lawyers_order(review: Review) -> None:
    text = draw_review(review)
    places = [text.index(title) for title in SECTIONS]
    assert places == sorted(places)


def test_the_most_severe_finding_comes_first_and_others_in_contract_order(review: Review) -> None:
    main = draw_review(review).partition("Findings to discuss")[2]
    assert main.index("WL201") < main.index("RS101") < main.index("WL209")


def test_a_finding_says_all_a_lawyer_needs(review: Review) -> None:
    text = flat(review)
    for words in (
        "2. 9 Risk > 9.1 [HIGH] RS101 One-way indemnity",
        "severity 4 of 5 (high); confidence high (0.90); risk-shifting",
        "Carried by: Vendor (supplier)",
        "Flagged words: “Vendor shall indemnify Client against any and all losses”",
        "Place: lines 3 to 4",
        "On its face: Vendor alone covers losses",
        "Counterpart: the other party is expressly left out of the same (only Vendor indemnifies)",
        "Not noted: cap.",
        "Consider instead (redraft: needs redrafting to fit this contract): Each party",
        "[cap_amount: money limit]",
        "Still to fill: cap amount",
        "Caution, to be checked by counsel: Limits on negligence differ by law.",
    ):
        assert words in text


def test_evidence_is_shown_only_when_asked_for(review: Review) -> None:
    assert "Evidence:" not in flat(review)
    text = flat(review, why=True)
    assert "words matched: “Vendor shall indemnify” a promise to indemnify" in text
    assert "widens: “any and all” without limit (+1.00)" in text
    assert "classifier: shall indemnify (+1.23)" in text


def test_the_balance_never_stands_without_its_sentence(review: Review) -> None:
    assert wording.BALANCE_SENTENCE in flat(review)
    bare = flat(replace(review, balance=None))
    assert wording.NO_BALANCE in bare
    assert "Index" not in bare


def test_ten_findings_are_drawn_in_full_and_the_rest_on_demand(
    review: Review, finding_factory: Callable[..., Finding]
) -> None:
    findings = tuple(
        finding_factory("RS101", "Vendor shall indemnify", f"c{number}", severity=4)
        for number in range(1, 13)
    )
    many = replace(review, findings=findings)
    assert flat(many).count("Flagged words:") <= flat(many).count("Carried by:") == 10
    assert "2 more of this severity stand below" in flat(many)
    assert flat(many, why=True).count("Carried by:") == 12


def test_every_statement_stands_with_its_words(review: Review) -> None:
    text = flat(review)
    for words in (
        "Sourcing model: On its face the text pays like a preferred provider.",
        "First step: Before a redline, meet",
        "F4 Pricing model with incentives: partial.",
        "a share of savings (CO405): “11.1 The parties shall share audited savings equally",
        "F3 Desired outcomes with measures: cannot tell. Two schedules are missing.",
        "equity: lit",
        "Value stance: extraction, leaning to exchange (extraction 60%",
        "Words without a mechanism: The words are here",
        "Not supplied: Schedule 4;",
        "Insurance: Is the indemnity insured?",
        "As of 2026-11-22.",
        "Termination for convenience (general): Check what pay the law adds. [WL201 is present]",
    ):
        assert words in text, words
    assert "Consider (discuss" not in text
    assert "Client and Vendor share the aim" in flat(review, why=True)


def test_without_an_overview_the_clauses_still_stand(review: Review) -> None:
    text = flat(replace(review, overview=None, findings=()))
    assert "Foundations" not in text
    assert wording.NO_FINDINGS in text


def test_an_unread_part_is_said_once(review: Review) -> None:
    assert flat(review).count("Read it yourself.") == 1


def test_a_long_quotation_is_cut_in_the_middle_and_marked(review: Review) -> None:
    words = "Vendor shall " + "carry and bear " * 200 + "all loss"
    document = Document("a.txt", "text/plain", "", words)
    finding = replace(review.findings[1], start=0, end=len(words), evidence=())
    text = flat(
        replace(review, document=document, findings=(finding,), governing_law=None, balanced=())
    )
    quotation = text.partition("Text: “")[2].partition("”")[0]
    assert quotation.startswith("Vendor shall carry")
    assert quotation.endswith("all loss")
    assert " […] " in quotation
    assert len(quotation) < 1000


def test_a_failed_review_says_why(failed: Review) -> None:
    text = flat(failed)
    assert "b.txt: The file is empty. Check the path. [C104]" in text
    assert "Bottom line" not in text


HOSTILE = st.text(
    st.sampled_from("ab \n\x1b[2J\x00\x9b\u202e\u2067\u200b\ud800\u2028\ue001"),
    min_size=1,
    max_size=40,
)


@given(HOSTILE)
def test_no_text_acts_on_the_terminal(hostile: str) -> None:
    document = Document(
        hostile, hostile, hostile, hostile,
        unread=(Unread(hostile, hostile, hostile),), facts=((hostile, hostile),),
    )  # fmt: skip
    finding = Finding(
        "RS101", hostile, "RS", hostile, 0, len(hostile), "supplier", hostile, 4, 0.5, "rule", "na",
        evidence=(Evidence(hostile, 0, len(hostile), hostile),), message=hostile, why=hostile,
    )  # fmt: skip
    review = Review(
        document, "complete", parties=(Party(hostile, (hostile,), "supplier", hostile),),
        findings=(finding, replace(finding, severity=1), replace(finding, family="CO")),
        governing_law=(0, len(hostile)),
    )  # fmt: skip
    text = draw_review(review, ReportOptions(why=True))
    assert text.replace("\n", "").isprintable()
    assert max(map(len, text.split("\n"))) <= 80
