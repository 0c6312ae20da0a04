"""Words that name another clause of the same document, and the clause that they name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clausecheck.read import read_document
from clausecheck.records import Document, Link
from clausecheck.segment import find_references, split_clauses, tell_stale

CONTRACT = """1. Services
1.1 Supplier shall provide the services.
1.2 Supplier shall:
(a) plan; and
(b) report.
2. Charges
2.1 {words}
2.2 Client shall pay on the following terms:
(a) early; or
(b) late.

SCHEDULE 1 Service levels

1. Each service is measured.

2. Reports follow {inner}.
"""


def resolve(words: str, inner: str = "monthly") -> list[tuple[str, str]]:
    """Return each reference with the path of labels of the clause that it names."""
    document = read_document(CONTRACT.format(words=words, inner=inner).encode(), name="a.txt")
    clauses = split_clauses(document)
    by_id = {clause.id: clause for clause in clauses}
    found = []
    for reference in find_references(document, clauses):
        clause = by_id[reference.target]
        path = [clause.label]
        while clause.parent:
            clause = by_id[clause.parent]
            path.insert(0, clause.label)
        found.append((document.text[reference.start : reference.end], ">".join(path)))
    return found


def test_a_full_number_names_a_clause() -> None:
    assert resolve("It is subject to clause 1.1 and Section 1.2(b).") == [
        ("clause 1.1", "1.>1.1"),
        ("Section 1.2(b)", "1.>1.2>(b)"),
    ]


def test_each_number_of_a_list_is_a_reference() -> None:
    assert resolve("See clauses 1.1, 1.2(a) and 2.2.") == [
        ("clauses 1.1", "1.>1.1"),
        ("1.2(a)", "1.>1.2>(a)"),
        ("2.2", "2.>2.2"),
    ]


def test_a_letter_alone_is_looked_for_near_by_first() -> None:
    text = (
        "1. Fees. Client shall pay:\n(a) half; and\n(b) the rest, less the half in paragraph (a)."
    )
    document = read_document(text.encode(), name="a.txt")
    clauses = split_clauses(document)
    (only,) = find_references(document, clauses)
    assert [c.label for c in clauses if c.id == only.target] == ["(a)"]


def test_schedules_and_their_paragraphs() -> None:
    assert resolve("See Schedule 1 and paragraph 2 of Schedule 1.") == [
        ("Schedule 1", "SCHEDULE 1"),
        ("paragraph 2", "SCHEDULE 1>2."),
        ("Schedule 1", "SCHEDULE 1"),
    ]
    assert resolve("x", "paragraph 1") == [("paragraph 1", "SCHEDULE 1>1.")]
    assert resolve("x", "clause 2.2 of this Agreement") == [("clause 2.2", "2.>2.2")]


def test_other_papers_and_unknown_numbers_are_left_alone() -> None:
    for words in (
        "It follows section 1 of the Late Payment Act.",
        "It follows clause 2 of the Master Agreement.",
        "It follows clause 9.9.",
        "It takes part 1 time in ten.",
        "Clause by clause, a section of the works.",
    ):
        assert resolve(words) == [], words


def test_articles_in_roman_numbers() -> None:
    text = (
        "ARTICLE I\nFEES\nSection 1.1 Client shall pay.\nARTICLE II\nTERM\n"
        "Section 2.1 Subject to Article I and Section 1.1 it lasts a year.\n"
    )
    document = read_document(text.encode(), name="a.txt")
    clauses = split_clauses(document)
    labels = {c.id: c.label for c in clauses}
    assert [labels[r.target] for r in find_references(document, clauses)] == [
        "ARTICLE I", "Section 1.1",
    ]  # fmt: skip


def test_what_the_file_ties_together_goes_before_the_printed_number() -> None:
    text = "1. Fees. See clause 3.\n2. Term.\n3. End.\n"
    document = Document(
        "a.docx", "", "", text, links=(Link(text.index("3."), text.index("3.") + 1, 23),)
    )
    clauses = split_clauses(document)
    (only,) = find_references(document, clauses)
    assert (only.how, only.target) == ("stale", clauses[1].id)
    assert text[only.start : only.end] == "3"


def test_a_field_that_shows_the_number_of_another_clause_is_told() -> None:
    text = (
        "1. Fees follow clause 2.\n2. Term is short.\n3. Law is old; see clause 1 and clause 3.\n"
    )
    target = text.index("3. Law")
    links = tuple(Link(text.index(w), text.index(w) + 8, target) for w in ("clause 2", "clause 3"))
    document = Document("a.docx", "text/plain", "", text, links=links)
    references = find_references(document, split_clauses(document))
    shown = [(text[r.start : r.end], r.target, r.how) for r in references]
    assert shown == [
        ("clause 2", "c3", "stale"),
        ("clause 1", "c1", "label"),
        ("clause 3", "c3", "field"),
    ]
    (problem,) = tell_stale(document, references)
    assert problem.code == "C142"
    assert '"clause 2"' in problem.message
    assert tell_stale(document, references[1:]) == ()


def test_a_table_of_contents_refers_to_nothing() -> None:
    contents = "CONTENTS\nSection 1 Fees ....... 3\nSection 2 Term ....... 4\n\n"
    text = f"{contents}1. Fees. Pay.\n2. Term. Stay.\n"
    document = read_document(text.encode(), name="a.txt")
    assert find_references(document, split_clauses(document)) == ()


@given(st.text("cClause sSection12.()aiIV,and \n§-", max_size=300))
def test_references_stay_in_the_text_and_name_clauses(text: str) -> None:
    document = Document("a.txt", "text/plain", "", text)
    clauses = split_clauses(document)
    ids = {clause.id for clause in clauses}
    reached = 0
    for reference in find_references(document, clauses):
        assert reached <= reference.start < reference.end <= len(text)
        assert reference.target in ids
        reached = reference.start
