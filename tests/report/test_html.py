"""The HTML page: what it says, that it says it safely, and that its text is the contract's."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from clausecheck.records import (
    Balanced,
    Clause,
    Comment,
    Document,
    Evidence,
    Finding,
    Party,
    Review,
    Revision,
    Unread,
)
from clausecheck.report import ReportOptions, wording
from clausecheck.report.html import write_page
from clausecheck.report.html.passages import cut_rows
from clausecheck.report.html.pictures import round_shares
from clausecheck.report.layout import fold
from clausecheck.report.places import name_clause

HERE = Path(__file__).parent
SOURCES = HERE.parents[1] / "clausecheck" / "report" / "html"


def draw(*reviews: Review, **options: Any) -> str:
    return "".join(write_page(reviews, ReportOptions(**options)))


def skip_fixed(page: str) -> str:
    """Return a page without the style and script, which have files of their own."""
    page = re.sub(r"(<(style|script)>).*?(</\2>)", r"\1...\3", page, flags=re.DOTALL)
    return re.sub(r"sha256-[^']+", "sha256-...", page)


def parse(page: str) -> Any:
    return html.document_fromstring(page)


def words_of(element: Any) -> str:
    """Return the text of an element, parted where elements are."""
    return " ".join(
        " ".join(element.xpath(".//text()[not(parent::style | parent::script)]")).split()
    )


def test_golden(review: Review, failed: Review, check_golden: Callable[[str, str], None]) -> None:
    check_golden("reviews.html", skip_fixed(draw(review, failed, why=True)))


def test_golden_of_one(review: Review, check_golden: Callable[[str, str], None]) -> None:
    check_golden("review.html", skip_fixed(draw(review)))


def test_sections_stand_in_a_lawyers_order(review: Review) -> None:
    tree = parse(draw(review))
    assert [words_of(h) for h in tree.iter("h2")] == [
        "Bottom line",
        "Foundations",
        "To discuss first",
        "Balance, value and sourcing model",
        "The contract and all findings, in contract order",
        "Reviewed and found balanced",
        "Not read, not assessed",
        "Questions for the business",
        "Appendix",
    ]
    linked = [a.get("href")[1:] for a in tree.xpath("//nav//a")]
    assert linked == [h.get("id") for h in tree.iter("h2")]


def test_changes_and_comments_that_stand_in_the_file_are_listed(review: Review) -> None:
    change = Revision("insertion", "words", "Ann <b>", "2026-01-05T08:00:00Z", 0, 5)
    formatted = replace(change, kind="formatting", what="run")
    comment = Comment("Bob", "", "Is this right?", 0, 5, resolved=True)
    document = replace(review.document, changes=(change,) * 12 + (formatted,), comments=(comment,))
    page = draw(replace(review, document=document))
    (section,) = parse(page).xpath("//section[h2[text()='In the file already']]")
    words = words_of(section)
    assert "Tracked changes (this is the final view)" in words
    assert len(section.xpath(".//li")) == 13
    assert "Ann <b>, 2026-01-05" in words
    assert "resolved, on" in words
    assert "2 more" in words
    assert "In the file already" not in draw(review)


def test_every_link_leads_to_a_place_on_the_page(every_review: list[Review]) -> None:
    tree = parse(draw(*every_review))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = set(tree.xpath("//@href"))
    assert targets
    for target in targets:
        assert target.startswith("#")
        assert target[1:] in ids, target
    for name in ("aria-labelledby", "for"):
        assert set(tree.xpath(f"//@{name}")) <= set(ids)


def test_nothing_is_loaded_and_the_policy_allows_only_what_is_there(review: Review) -> None:
    page = draw(review)
    tree = parse(page)
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag, kind in (("style", "style-src"), ("script", "script-src")):
        [element] = tree.iter(tag)
        digest = b64encode(sha256(element.text.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy
    assert not tree.xpath("//@src | //@style | //link | //iframe | //object | //img | //base")
    assert not [name for e in tree.iter() for name in e.attrib if name.startswith("on")]
    assert "url(" not in page
    assert "@import" not in page
    assert "http:" not in page.replace("http://www.w3.org/", "")
    assert "https:" not in page


def test_a_finding_says_all_that_a_lawyer_needs(review: Review) -> None:
    [card] = parse(draw(review)).xpath("//article[contains(@class, 'card')][.//abbr='RS101']")
    said = words_of(card)
    for words in (
        "One-way indemnity RS101",
        "high carried by Vendor (supplier) confidence high",
        "9 Risk > 9.1 , lines 3 to 4",
        "Vendor shall indemnify Client against any and all losses , whatever their cause.",
        "On its face: Vendor alone covers losses",
        "Why it matters: The party that cannot prevent a loss prices it",
        "Counterpart Adds weight the other party is expressly left out of the same "
        "(only Vendor indemnifies)",
        "Conversation Softens notice, cure or talks come first (claims are notified first)",
        "Others Not noted nothing was recognised on cap",
        "Consider instead redraft",
        "up to [cap_amount: money limit] in a year.",
        "Still to fill: cap amount.",
        "Serves: reciprocity equity",
        "Caution, for counsel to check: Limits on negligence differ by law.",
        "Seen by a rule and the classifier; confidence high (0.90); lines 3 to 4.",
    ):
        assert words in said, words
    assert [words_of(m) for m in card.iter("mark")] == [
        "Vendor shall indemnify Client against any and all losses"
    ]


def test_every_finding_stands_beside_its_clause(review: Review) -> None:
    tree = parse(draw(review))
    notes = tree.xpath("//article[contains(@class, 'note')]")
    assert [n.xpath(".//abbr/text()")[0] for n in notes] == ["RS101", "WL201", "CO405", "WL209"]
    for note, finding in zip(notes, sorted(review.findings, key=lambda f: f.start), strict=True):
        row = note.xpath("ancestor::div[starts-with(@class, 'row ')]")[0]
        assert row.get("id") == finding.clause
        [mark] = row.xpath(".//div[contains(@class, 'words')]//mark")
        assert words_of(mark) == fold(review.document.text[finding.start : finding.end])
        [ref] = row.xpath(".//a[contains(@class, 'ref')]")
        assert ref.get("href") == "#" + note.get("id")


def test_evidence_is_shown_only_when_asked_for(review: Review) -> None:
    assert "Evidence:" not in draw(review)
    said = words_of(parse(draw(review, why=True)))
    assert "widens: any and all without limit (+1.00)" in said


def test_many_words_behind_a_statement_are_folded_away(review: Review) -> None:
    overview = review.overview
    assert overview is not None
    [light] = [norm for norm in overview.norms if norm.lit]
    line = replace(overview.lines[0], evidence=light.evidence * 5)
    page = parse(draw(replace(review, overview=replace(overview, lines=(line,)))))
    [more] = page.xpath("//dl[@class='lines']//details")
    assert words_of(more.find("summary")) == "4 more"
    assert len(page.xpath("//dl[@class='lines']//li")) == 5


def test_the_strip_shows_each_finding_once_with_its_words(review: Review) -> None:
    tree = parse(draw(review))
    marks = tree.xpath("//*[contains(@class, 'lanes')]//a")
    clauses = {c.id: c for c in review.clauses}
    assert len(marks) == len(review.findings)
    for mark in marks:
        clause = mark.get("href")[1:]
        assert mark.get("aria-label").startswith(name_clause(clauses, clause))


def test_the_balance_never_stands_without_its_sentence(review: Review) -> None:
    assert wording.BALANCE_SENTENCE in words_of(parse(draw(review)))
    bare = words_of(parse(draw(replace(review, balance=None))))
    assert wording.NO_BALANCE in bare
    assert "Index" not in bare


def test_a_review_without_findings_says_what_that_means(review: Review) -> None:
    bare = replace(review, findings=(), balanced=(), balance=None, overview=None, parties=())
    said = words_of(parse(draw(bare)))
    assert wording.NO_FINDINGS in said
    assert wording.NO_PARTIES in said
    assert "says nothing about the clauses that were not recognised" in said


def test_a_failed_review_says_why(failed: Review) -> None:
    said = words_of(parse(draw(failed)))
    assert "b.txt: The file is empty [C104]. Check the path." in said
    assert "Bottom line" not in said


def test_several_documents_get_an_index(every_review: list[Review]) -> None:
    tree = parse(draw(*every_review))
    rows = tree.xpath("//section[contains(@class, 'index')]//tbody/tr")
    assert [words_of(row) for row in rows] == [
        "draft.txt partial 2 1 1 1",
        "draft.docx partial 2 1 1 1",
        "draft.pdf partial 2 1 1 1",
        "b.txt failed 0 0 0 0",
    ]


def test_no_template_uses_a_forbidden_word(review: Review) -> None:
    from tests.report.test_wording import FORBIDDEN

    sources = [*(SOURCES / "templates").iterdir(), *SOURCES.glob("*.py"), SOURCES / "report.js"]
    for path in sources:
        assert not FORBIDDEN.search(path.read_text("utf-8")), path
    assert not FORBIDDEN.search(words_of(parse(draw(review, why=True))))


def test_the_style_and_script_are_ascii_and_close_nothing() -> None:
    for name in ("report.css", "report.js"):
        source = (SOURCES / name).read_bytes().decode("ascii")
        assert "</" not in source


def test_the_templates_engine_is_not_loaded_for_other_reports() -> None:
    import subprocess
    import sys

    code = "import sys, clausecheck.cli, clausecheck.report; print('jinja2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_shares_add_up_to_a_hundred() -> None:
    assert round_shares({"a": 0.0, "b": 0.0}) == {"a": 0, "b": 0}
    assert round_shares({"a": 0.335, "b": 0.335, "c": 0.33}) == {"a": 34, "b": 33, "c": 33}


# What a contract could hold to break out of the page, and characters that hide.
HOSTILE = st.text(
    st.sampled_from(
        "ab \n\t\x00\x1b\x9b\u202e\u2067\u200b\ud800\u2028\ue001<>&\"'`{}%#;/-!\xe9\u20ac"
    ),
    min_size=1,
    max_size=40,
)
ATTACKS = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "</style><script>alert(1)</script>",
        "</script><img src=x onerror=alert(1)>",
        '"><svg onload=alert(1)>',
        "javascript:alert(1)",
        "<!-- -->",
        "{{ 7 * 7 }}{% raw %}",
        "&lt;b&gt;",
        "]]><a href='javascript:alert(1)'>",
    ]
)


def make_hostile(words: str) -> Review:
    document = Document(
        words, words, words, words,
        unread=(Unread(words, words, words),), facts=((words, words),),
    )  # fmt: skip
    finding = Finding(
        "RS101", words, "RS", "c1", 0, len(words), "supplier", words, 4, 0.5, "rule", "na",
        evidence=(Evidence(words, 0, len(words), words),), message=words, why=words,
    )  # fmt: skip
    return Review(
        document, "complete", parties=(Party(words, (words,), "supplier", words),),
        clauses=(Clause("c1", words, words, "operative", None, 0, len(words)),),
        findings=(
            finding, replace(finding, severity=1), replace(finding, code="CO401", family="CO"),
        ),
        balanced=(Balanced("RS101", words, "c1", 0, len(words), words),),
        governing_law=(0, len(words)),
    )  # fmt: skip


@settings(max_examples=60)
@given(st.one_of(HOSTILE, st.tuples(HOSTILE, ATTACKS, HOSTILE).map("".join)))
def test_no_text_becomes_markup(words: str) -> None:
    page = draw(make_hostile(words), why=True)
    assert page.isascii()
    assert page.replace("\n", "").isprintable()
    plain, tree = parse(draw(make_hostile("plain"), why=True)), parse(page)
    count = lambda t: {tag: len(list(t.iter(tag))) for tag in ("script", "style", "img", "form")}  # noqa: E731
    assert count(tree) == count(plain)
    known = {a for e in plain.iter() for a in e.attrib}
    # A paragraph's end is the one thing that the text itself can add, as an empty line break.
    assert {a for e in tree.iter() for a in e.attrib} <= known | {"title"}
    assert not [h for h in tree.xpath("//@href") if not h.startswith("#")]
    reference = re.compile(r"&#(\d+);")
    shown = {chr(int(n)) for n in reference.findall(page)}
    assert all(character.isprintable() or character == "\xa0" for character in shown)


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted), max_size=6)


@given(
    st.text(st.sampled_from("ab .\n\t\u202e\u200b"), max_size=60),
    SPANS,
    st.lists(st.integers(0, 60), max_size=6).map(sorted),
)
def test_rows_hold_every_word_once_and_pieces_end_where_findings_end(
    text: str, spans: list[list[int]], cuts: list[int]
) -> None:
    edges = sorted({0, *(min(c, len(text)) for c in cuts), len(text)})
    clauses = tuple(
        Clause(f"c{n}", "", "", "furniture" if n % 4 == 3 else "operative", None, a, b)
        for n, (a, b) in enumerate(zip(edges[::2], edges[1::2], strict=False))
    )
    review = Review(Document("a", "text/plain", "", text), "complete", clauses=clauses)
    wanted = [(min(a, len(text)), min(b, len(text))) for a, b in spans]
    rows = cut_rows(review, wanted)
    pieces = [piece for row in rows for piece in row.pieces]
    covered: list[int] = []
    for row in rows:
        assert [row.start, row.end] == [row.pieces[0].start, row.pieces[-1].end]
    for piece in pieces:
        covered += range(piece.start, piece.end)
        for number, (start, end) in enumerate(wanted):
            inside = start <= piece.start and piece.end <= end
            outside = end <= piece.start or piece.end <= start
            assert inside or outside
            assert (number in piece.findings) == (inside and start < end)
    assert covered == sorted(set(covered))
    assert not "".join(text[n] for n in range(len(text)) if n not in set(covered)).strip()
    shown = fold("".join(p.text if p.kind != "mark" else f"<{p.text}>" for p in pieces))
    assert shown.replace(" ", "") == fold(text).replace(" ", "")


@pytest.mark.parametrize("name", ["hostile-outsourcing", "collaborative-outsourcing"])
def test_the_text_on_the_page_is_the_contract(name: str) -> None:
    from clausecheck import check

    review = check(HERE.parents[1] / "corpora" / "samples" / f"{name}.txt")
    tree = parse(draw(review))
    rows = tree.xpath("//div[contains(@class, 'words')]")
    shown = "".join(row.text_content() for row in rows)
    assert "".join(shown.split()) == "".join(fold(review.document.text).split())


def test_the_shareable_edition_tells_no_score_no_severity_and_no_strategy(
    review: Review, check_golden: Callable[[str, str], None]
) -> None:
    page = draw(review, edition="shareable")
    check_golden("shareable.html", skip_fixed(page))
    body = parse(page).find("body")
    said = words_of(body)
    assert "What notice would let each party plan?" in said
    assert "Each party may end this Agreement on [notice days: days] notice." in said
    assert "10 Ending" in said
    words = (
        r"severity|carried by|confidence|risk-shifting|win-lose|one-sided|balance index|RS\d|WL\d"
    )
    assert not re.search(words, said, re.IGNORECASE)
    for finding in review.findings:
        for hidden in (finding.message, finding.why):
            assert not hidden or hidden not in said


def test_a_shareable_edition_without_points_says_so(failed: Review, review: Review) -> None:
    for empty in (failed, replace(review, overview=None)):
        assert wording.NO_POINTS in words_of(parse(draw(empty, edition="shareable")))
