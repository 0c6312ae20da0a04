from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from clausecheck import Checker
from clausecheck.records import Review
from clausecheck.report.layout import ReportOptions
from clausecheck.report.markdown import write_markdown
from clausecheck.report.terminal import write_terminal

SAMPLES = Path(__file__).resolve().parents[2] / "corpora" / "samples"
OPTIONS = ReportOptions(edition="shareable", why=True)
WRITERS = {"terminal": write_terminal, "markdown": write_markdown}
# What a scorecard of the other side's sins would say.
FORBIDDEN = (
    r"severity|\bscores?\b|critical|confidence (?:high|medium|low)|one-sided|one-way|carried by|"
    r"burden|extraction|win-lose|risk-shifting|activity-based|balance index|\bstance|sourcing|"
    r"\bleans\b|\b(?:RS|WL|AB|CO)\d{3}\b"
)


@pytest.mark.parametrize(("kind", "ending"), [("terminal", "txt"), ("markdown", "md")])
def test_golden(
    every_review: list[Review], check_golden: Callable[[str, str], None], kind: str, ending: str
) -> None:
    check_golden(f"shareable.{ending}", "".join(WRITERS[kind](every_review, OPTIONS)))


@pytest.mark.parametrize("kind", list(WRITERS))
@pytest.mark.parametrize("name", ["hostile", "collaborative"])
def test_no_score_or_strategy_reaches_the_other_side(kind: str, name: str) -> None:
    made = Checker().check(SAMPLES / f"{name}-outsourcing.docx")
    # The contract's own words may say anything; what we add to them may not.
    assert made.overview is not None
    bare = tuple(replace(point, start=0, end=0) for point in made.overview.talk)
    document = replace(made.document, name="draft.docx")
    review = replace(made, document=document, overview=replace(made.overview, talk=bare))
    text = "".join(WRITERS[kind]([review], OPTIONS))
    assert re.findall(FORBIDDEN, text, re.IGNORECASE) == []
    assert text.count("?") >= len(bare)


def test_a_point_has_its_words_its_question_and_wording(review: Review) -> None:
    text = " ".join("".join(write_terminal([review], OPTIONS)).split())
    assert "What notice would let each party plan?" in text
    assert "“Client may end this Agreement at any time without notice” (10 Ending" in text
    assert "Each party may end this Agreement on [notice days: days] notice." in text
    assert "Larch Hotels Ltd and Brightroom Ltd to talk about" in text
    assert "legal advice" in text


def test_a_review_without_points_says_so(review: Review, failed: Review) -> None:
    assert review.overview is not None
    none = replace(review, overview=replace(review.overview, talk=()))
    assert "No point stands out" in "".join(write_terminal([none], OPTIONS))
    assert "could not be read" in "".join(write_terminal([failed], OPTIONS))
