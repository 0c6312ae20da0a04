"""The page of a comparison, drawn from drafts made by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from clausecheck.comparison import compare_reviews
from clausecheck.records import (
    BalanceIndex,
    Clause,
    Comparison,
    Document,
    Problem,
    Review,
    Suggestion,
    Versions,
)
from clausecheck.report.html.comparison import write_comparison_page
from tests.report.conftest import make_overview, make_review
from tests.report.test_html import skip_fixed, words_of

OLD = (
    ("1", "Services", "Vendor shall clean the hotels of Client every day of the year."),
    ("2", "Price", "Vendor shall match the lowest price that it offers to any other client."),
    ("3", "Ending", "Client may end this Agreement for convenience on ninety days' notice."),
    ("4", "Savings", "Vendor shall pass on all savings that it makes to Client at once."),
    ("5", "Notices", "Each notice is given in writing to the address on the first page."),
)
NEW = (
    ("1", "Services", "Vendor shall clean the hotels of Client every day of the year."),
    ("2", "Ending", "Client may end this Agreement for convenience on two days' notice."),
    ("3", "Savings", "The parties share all savings that Vendor makes, half and half."),
    ("4", "Say", "Client decides in its sole discretion whether the Services are good."),
    ("5", "Notices", "Each notice is given in writing to the address on the first page."),
)


def make_draft(
    name: str, clauses: Sequence[tuple[str, str, str]], findings: Sequence[dict[str, Any]] = ()
) -> Review:
    """Return a review of a draft with these clauses; findings quote words of its text."""
    text, made = "", []
    for number, (label, heading, words) in enumerate(clauses):
        start = len(text)
        text += f"{label} {heading}. {words}\n"
        made.append(Clause(f"c{number}", label, heading, "operative", None, start, len(text) - 1))
    base = make_review().findings[0]
    found = []
    for given in findings:
        changed = dict(given)
        start = text.index(changed["words"])
        end = start + len(changed.pop("words"))
        clause = next(c.id for c in made if c.start <= start < c.end)
        kept = {"suggestions": (), "tests": (), "evidence": (), **changed}
        found.append(replace(base, clause=clause, start=start, end=end, **kept))
    return Review(
        Document(name, "text/plain", name[0] * 64, text),
        "complete",
        clauses=tuple(made),
        findings=tuple(found),
        balance=BalanceIndex(0.4, 4.0, 1.0, "one-sided: the supplier carries more", 0.2),
        versions=Versions("0.1.0", "aaaa", "bbbb"),
        overview=make_overview(),
    )


@pytest.fixture
def comparison() -> Comparison:
    exit_ = {"code": "WL201", "name": "One-way exit", "family": "WL"}
    old = make_draft(
        "drafts/old.docx",
        OLD,
        [
            {"words": "match the lowest price", "code": "WL205", "name": "Best price"},
            {"words": "Client may end this Agreement", "severity": 2, **exit_},
        ],
    )
    wording = Suggestion("Agree [measure: how it is told].", "redraft", "Plain.", ("equity",))
    new = make_draft(
        "new.docx",
        NEW,
        [
            {"words": "Client may end this Agreement", "severity": 4, **exit_},
            {"words": "sole discretion", "code": "WL204", "suggestions": (wording,)},
            {
                "words": "share all savings", "code": "CO405", "name": "Shared gains",
                "family": "CO", "severity": 2,
            },
        ],
    )  # fmt: skip
    assert new.balance is not None
    assert new.overview is not None
    laid = replace(new.overview.foundations[4], score=3, status="working")
    foundations = (*new.overview.foundations[:4], laid, *new.overview.foundations[5:])
    new = replace(
        new,
        balance=replace(new.balance, index=-0.1, words="about even"),
        overview=replace(new.overview, foundations=foundations),
        problems=(Problem("C140", "not read: a picture.", "line 3", "Read it yourself."),),
    )
    # With all tracked changes rejected, only the clause on ending still differs.
    untouched = make_draft("new.docx", (*OLD[:2], ("3", *NEW[1][1:]), *OLD[3:]))
    return compare_reviews(old, new, untouched=untouched)


def draw(comparison: Comparison) -> str:
    return "".join(write_comparison_page(comparison))


def test_golden(comparison: Comparison, check_golden: Callable[[str, str], None]) -> None:
    check_golden("comparison.html", skip_fixed(draw(comparison)))


def test_what_was_not_tracked_stands_first(comparison: Comparison) -> None:
    tree = html.document_fromstring(draw(comparison))
    heads = [words_of(h) for h in tree.iter("h2")]
    assert heads == [
        "Changed without tracking",
        "Bottom line",
        "Balance and foundations",
        "Findings that changed",
        "Changed clauses",
        "Not read, not assessed",
    ]
    assert [a.get("href")[1:] for a in tree.xpath("//nav//a")] == tree.xpath("//h2/@id")
    [section] = tree.xpath("//section[h2/@id='untracked']")
    assert [words_of(e) for e in section.iter("del", "ins")] == ["ninety", "two"]
    assert len(section.xpath(".//article")) == 1


def test_words_of_a_changed_clause_can_be_read_in_both_drafts(comparison: Comparison) -> None:
    tree = html.document_fromstring(draw(comparison))
    [clause] = tree.xpath("//section[h2/@id='clauses']//article[.//h3//text()[contains(., 'End')]]")
    [words] = clause.xpath("./p[@class='words']")

    def read(dropped: str) -> str:
        kept = words.xpath(f".//text()[not(ancestor::{dropped})]")
        return " ".join("".join(kept).split())

    # The old clause under its new number, and the new one.
    assert read("ins") == f"2 Ending. {OLD[2][2]}"
    assert read("del") == f"2 Ending. {NEW[1][2]}"


def test_findings_say_what_became_of_them_the_gravest_first(comparison: Comparison) -> None:
    tree = html.document_fromstring(draw(comparison))
    notes = tree.xpath("//article[contains(@class, 'note')]")
    assert [words_of(n.find("h3")).split()[0] for n in notes] == [
        "New", "Hardened", "Resolved", "Gained",
    ]  # fmt: skip
    said = words_of(notes[1])
    assert "low → became high" in said
    assert "Because: severity 2 to 4." in said
    assert "[measure: how it is told]" in words_of(notes[0])
    assert "in the old draft" in words_of(notes[2])


def test_every_link_and_name_leads_to_a_place(comparison: Comparison) -> None:
    page = draw(comparison)
    tree = html.document_fromstring(page)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {t[1:] for t in tree.xpath("//@href")} <= set(ids)
    assert set(tree.xpath("//@aria-labelledby")) <= set(ids)
    assert page.isascii()
    assert "None" not in words_of(tree)


def test_markup_in_a_contract_stays_text(comparison: Comparison) -> None:
    bad = ("9", "<b>x</b>", "<script>alert(1)</script> Client may {{ 7 * 7 }} \u202e end it.")
    old = make_draft("<old>.docx", OLD)
    new = make_draft("<new>.docx", (*OLD, bad))
    page = draw(compare_reviews(old, new))
    tree = html.document_fromstring(page)
    assert len(list(tree.iter("script"))) == 1
    assert not tree.xpath("//h3//b")
    assert "{{ 7 * 7 }}" in page
    assert "\u202e" not in page
    assert "U+202E" in page


def test_equal_drafts_say_so() -> None:
    one = make_draft("a.txt", OLD)
    page = words_of(html.document_fromstring(draw(compare_reviews(one, one))))
    assert page.count("The words of the two drafts are the same") == 2
    assert "No finding is new, resolved, softened or hardened." in page
