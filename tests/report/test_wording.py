from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clausecheck.records import Finding, Review
from clausecheck.report import wording
from clausecheck.report.layout import ReportOptions
from clausecheck.report.terminal import draw_review

# Taxonomy D.2: words that judge or advise where a review may only point.
FORBIDDEN = re.compile(
    r"\b(illegal\w*|unfair\w*|void|unenforceable|market standard|privileged"
    r"|you (should|should not|must|must not) sign|proven to (?!lead))\b",
    re.IGNORECASE,
)


def fixed_texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.values() for text in fixed_texts(item))
    elif isinstance(value, tuple):
        yield from (text for item in value for text in fixed_texts(item))


def test_the_check_can_fail() -> None:
    assert FORBIDDEN.search("This clause is unfair.")
    assert FORBIDDEN.search("You should sign.")
    assert not FORBIDDEN.search("Avoid delay; it is fair.")


def test_fixed_texts_use_no_forbidden_word() -> None:
    texts = [
        t for name, value in vars(wording).items() if name.isupper() for t in fixed_texts(value)
    ]
    assert len(texts) > 40
    assert [text for text in texts if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize(
    "name", ["terminal.py", "layout.py", "places.py", "json.py", "schema-1.json"]
)
def test_report_sources_use_no_forbidden_word(name: str) -> None:
    source = Path(wording.__file__).with_name(name).read_text("utf-8")
    assert not FORBIDDEN.search(source)


def test_a_drawn_report_uses_no_forbidden_word(every_review: list[Review]) -> None:
    for review in every_review:
        assert not FORBIDDEN.search(draw_review(review, ReportOptions(why=True)))


def test_the_caveat_is_the_fixed_one() -> None:
    for words in (
        "It is not legal advice and does not create a lawyer-client relationship.",
        "A flag means 'talk about this', not 'this is wrong'.",
        "Absence of a flag is not approval.",
        "Do not treat a score as a measure of legal risk.",
    ):
        assert words in wording.CAVEAT


@pytest.mark.parametrize(
    ("burden", "party", "words"),
    [
        ("supplier", "Vendor", "Vendor (supplier)"),
        ("customer", "", "party not named (customer)"),
        ("both", "Vendor", "both parties"),
        ("unclear", "Vendor", "Vendor (role not resolved)"),
        ("unclear", "", "not resolved"),
    ],
)
def test_carrier(
    finding_factory: Callable[..., Finding], burden: str, party: str, words: str
) -> None:
    finding = finding_factory("RS101", "Vendor", "c1", burden=burden, party=party)
    assert wording.name_carrier(finding) == words
