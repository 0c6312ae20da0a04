"""Clauses: they partition the text, and follow the numbering of many kinds of contract."""

# ruff: noqa: E501 - the made contracts of the tables read better unbroken

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausecheck.read.text import read_text as read_source
from clausecheck.records import Block, Clause, Document
from clausecheck.segment.clauses import split_clauses
from clausecheck.settings import Limits

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHARED = Path(__file__).resolve().parents[3] / "shared"
LONG = "The Supplier shall keep the records that the Customer may reasonably ask for. "


def read_text(text: str) -> Document:
    blocks = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block(at, at + len(line)))
        at += len(line) + 1
    return Document("made.txt", "text/plain", "", text, tuple(blocks))


def build_word(*paragraphs: tuple[str, dict[str, object]]) -> Document:
    blocks, text = [], ""
    for words, facts in paragraphs:
        blocks.append(Block(len(text), len(text) + len(words), **facts))  # type: ignore[arg-type]
        text += words + "\n"
    return Document("made.docx", WORD, "", text, tuple(blocks))


def check_partition(document: Document, clauses: tuple[Clause, ...]) -> None:
    text = document.text
    owner = [0] * len(text)
    seen: set[str] = set()
    before = -1
    for number, clause in enumerate(clauses, 1):
        assert clause.id == f"c{number}"
        assert 0 <= clause.start < clause.end <= len(text)
        assert clause.start >= before
        assert text[clause.start : clause.end].strip() == text[clause.start : clause.end]
        assert clause.heading in text[clause.start : clause.end]
        assert clause.parent is None or clause.parent in seen
        if clause.parent is not None:
            above = clauses[int(clause.parent[1:]) - 1]
            assert clause.level == above.level + 1
            assert above.end <= clause.start or clause.kind == "furniture"
        else:
            assert clause.level == 0
        seen.add(clause.id)
        before = clause.start
        if clause.kind != "furniture":
            for at in range(clause.start, clause.end):
                owner[at] += 1
    for clause in clauses:
        if clause.kind == "furniture":
            inside = sum(owner[clause.start : clause.end])
            assert inside in (0, clause.end - clause.start)
            for at in range(clause.start, clause.end):
                owner[at] = max(owner[at], 1)
    assert all(
        count == 1 or (count == 0 and c.isspace()) for count, c in zip(owner, text, strict=True)
    )


def outline(text: str) -> list[tuple[str, str, int]]:
    document = read_text(text)
    clauses = split_clauses(document)
    check_partition(document, clauses)
    return [(c.label, c.heading, c.level) for c in clauses if c.kind != "furniture"]


def kinds(text: str) -> list[str]:
    document = read_text(text)
    clauses = split_clauses(document)
    check_partition(document, clauses)
    return [c.kind for c in clauses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "1. Fees. Customer pays.\n\n1.1 Rates. As listed.\n\n1.2 Tax. Is extra.\n\n2. Term. One year.",
            [("1.", "Fees", 0), ("1.1", "Rates", 1), ("1.2", "Tax", 1), ("2.", "Term", 0)],
            id="decimal",
        ),
        pytest.param(
            "8. INDEMNITY\n\n8.1 The Supplier indemnifies the Customer:\n\n(a) always; and\n\n(b) fully.\n\n"
            "8.2 No more.\n\n9. NOTICES\n\n9.1 By post.",
            [("8.", "INDEMNITY", 0), ("8.1", "", 1), ("(a)", "", 2), ("(b)", "", 2), ("8.2", "", 1),
             ("9.", "NOTICES", 0), ("9.1", "", 1)],
            id="heading-only",
        ),
        pytest.param(
            "ARTICLE I\n\nDEFINITIONS\n\nSection 1.1 Terms. They bind.\n\n(a) one\n\n(b) two\n\n"
            "ARTICLE II\n\nSERVICES\n\nSection 2.1 Scope. All of it.",
            [("ARTICLE I", "DEFINITIONS", 0), ("Section 1.1", "Terms", 1), ("(a)", "", 2),
             ("(b)", "", 2), ("ARTICLE II", "SERVICES", 0), ("Section 2.1", "Scope", 1)],
            id="articles",
        ),
        pytest.param(
            "1. Duties\n\n(g) one;\n\n(h) two;\n\n(i) three;\n\n(j) four.",
            [("1.", "Duties", 0), ("(g)", "", 1), ("(h)", "", 1), ("(i)", "", 1), ("(j)", "", 1)],
            id="letter-i",
        ),
        pytest.param(
            "1. Duties\n\n(a) these:\n\n(i) one;\n\n(ii) two;\n\n(b) those.",
            [("1.", "Duties", 0), ("(a)", "", 1), ("(i)", "", 2), ("(ii)", "", 2), ("(b)", "", 1)],
            id="roman-i",
        ),
        pytest.param(
            "1. Duties\n\n(h) these:\n\n(i) one;\n\n(ii) two;\n\n(i) those:\n\n(i) three;\n\n(ii) four.",
            [("1.", "Duties", 0), ("(h)", "", 1), ("(i)", "", 2), ("(ii)", "", 2), ("(i)", "", 1),
             ("(i)", "", 2), ("(ii)", "", 2)],
            id="roman-under-h",
        ),
        pytest.param(
            "§ 5 Audit\n\n1) The Customer may audit.\n\n2) It pays.\n\n§ 6 Law\n\n1) Local law governs.",
            [("§ 5", "Audit", 0), ("1)", "", 1), ("2)", "", 1), ("§ 6", "Law", 0), ("1)", "", 1)],
            id="paragraph-sign",
        ),
        pytest.param(
            "1. One. This is one.\n\n2. Two. This is two.\n\nSchedule 1\n\nPrices\n\n1. Rates. As below.\n\n"
            "2. Tax. Is extra.\n\nSchedule 2 - Service Levels\n\n1. Uptime. Always.",
            [("1.", "One", 0), ("2.", "Two", 0), ("Schedule 1", "Prices", 0), ("1.", "Rates", 1),
             ("2.", "Tax", 1), ("Schedule 2", "Service Levels", 0), ("1.", "Uptime", 1)],
            id="schedules-restart",
        ),
        pytest.param(
            "1. Fees. Customer pays the fees. 2. Term. The term is one year. 3. Law. Local law governs.\n\n"
            "4. End. It ends.",
            [("1.", "Fees", 0), ("2.", "Term", 0), ("3.", "Law", 0), ("4.", "End", 0)],
            id="run-together",
        ),
        pytest.param(
            "1. Fees. Supplier may (a) charge; (b) invoice; and (c) collect.\n\n2. Term. See Section 3. It ends.",
            [("1.", "Fees", 0), ("2.", "Term", 0)],
            id="inline-list-stays",
        ),
        pytest.param(
            "1. Term and End. (a) The term is one year. (b) Either party may end it: (i) at once; or (ii) later.\n\n"
            "2. Use. (a) Client may use it.",
            [("1.", "Term and End", 0), ("(a)", "", 1), ("(b)", "", 1), ("2.", "Use", 0), ("(a)", "", 1)],
            id="run-together-items",
        ),
        pytest.param(
            f"SECTION 1. FEES Section 1.1 Client shall pay. {LONG * 3}Section 1.2 Vendor shall bill under "
            "Section 1.1 of this Agreement. Section 1.3 Tax is extra.",
            [("SECTION 1.", "FEES", 0), ("Section 1.1", "", 1), ("Section 1.2", "", 1), ("Section 1.3", "", 1)],
            id="run-together-sections",
        ),
        pytest.param(
            f"1.0 Services 1.1 Vendor shall serve. {LONG * 3}1.2 Client shall help. 2.0 Fees 2.1 Client shall pay.",
            [("1.0", "Services", 0), ("1.1", "", 1), ("1.2", "", 1), ("2.0", "Fees", 0), ("2.1", "", 1)],
            id="run-together-decimals",
        ),
        pytest.param(
            "SECTION I\n\nClause 1\n\nPurpose and scope\n\n(a) This binds.\n\nClause 2\n\nHierarchy\n\n"
            "These prevail.\n\nSECTION II\n\nClause 3\n\nLaw\n\n3.1 Local law governs.",
            [("SECTION I", "", 0), ("Clause 1", "Purpose and scope", 1), ("(a)", "", 2),
             ("Clause 2", "Hierarchy", 1), ("", "", 2), ("SECTION II", "", 0), ("Clause 3", "Law", 1),
             ("3.1", "", 2)],
            id="clauses-in-sections",
        ),
        pytest.param(
            "Schedule 2\n\nParagraph 3 Fees\n\nParagraph 4 Tax\n\nThe tax is extra.",
            [("Schedule 2", "", 0), ("Paragraph 3", "Fees", 1), ("Paragraph 4", "Tax", 1), ("", "", 2)],
            id="schedule-paragraph",
        ),
        pytest.param(
            "1. Fees\n\n(a) Client shall pay the sums:\n\n(i) monthly; and\n\n(ii) in full.\n\nLate sums bear "
            "interest.\n\n(b) Tax is extra.\n\nIN WITNESS WHEREOF, the parties have signed.",
            [("1.", "Fees", 0), ("(a)", "", 1), ("(i)", "", 2), ("(ii)", "", 2), ("", "", 2), ("(b)", "", 1),
             ("", "", 0)],
            id="owner-of-a-paragraph",
        ),
        pytest.param(
            "1. Scope. It covers:\n\n\u2022 this:\n\n\u25cb first\n\n\u25cb second\n\n\u2022 that",
            [("1.", "Scope", 0), ("\u2022", "", 1), ("\u25cb", "", 2), ("\u25cb", "", 2), ("\u2022", "", 1)],
            id="bullets-by-look",
        ),
        pytest.param(
            "(a) Fees are due. (b) Tax is extra. (c) Costs are not.\n\n(d) All is paid late.",
            [("(a)", "", 0), ("(b)", "", 0), ("(c)", "", 0), ("(d)", "", 0)],
            id="run-together-letters",
        ),
        pytest.param(
            "1. Reserved. [Reserved]\n\n2. [Intentionally omitted]\n\n3. Law. Local law.",
            [("1.", "Reserved", 0), ("2.", "", 0), ("3.", "Law", 0)],
            id="reserved",
        ),
        pytest.param(
            "PAYMENT\n\nThe Customer shall pay within 30 days of receipt of a correct invoice from Supplier.\n\n"
            "DELIVERY\n\nThe Supplier shall deliver.",
            [("", "PAYMENT", 0), ("", "", 0), ("", "DELIVERY", 0), ("", "", 1)],
            id="unnumbered-headings",
        ),
    ],
)  # fmt: skip
def test_outline(text: str, expected: list[tuple[str, str, int]]) -> None:
    assert outline(text) == expected


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("8.1 Indemnity. The Supplier pays.", "Indemnity"),
        ("8.1 INDEMNITY The Supplier pays.", "INDEMNITY"),
        ("8.1 Governing law. This Agreement is local.", "Governing law"),
        ("8.1 Limits of Liability: The Supplier pays.", "Limits of Liability"),
        ("8.1 _Indemnity_. The Supplier pays.", "Indemnity"),
        ("8.1 Term and Termination – This Agreement ends.", "Term and Termination"),
        ("8.1 The Supplier shall pay. It shall pay soon.", ""),
        ("8.1 ACME shall pay the Customer.", ""),
        ("8.1 Acme Inc. shall pay the Customer.", ""),
    ],
)
def test_run_in_heading(text: str, heading: str) -> None:
    assert outline(text) == [("8.1", heading, 0)]


def test_hard_wrapped_lines_make_one_clause() -> None:
    text = (
        "1. Services. The Supplier shall provide the services that are described in\n"
        "Schedule 1 and shall do so within 30 days, as set out in Section\n"
        "2. of this Agreement, with the care of a good supplier.\n"
        "2. Fees. The Customer shall pay the fees within\n"
        "30 days of the invoice, and:\n"
        "(a) shall pay the tax that is due on them under any law that is in force; and\n"
        "(b) shall not withhold.\n"
    )
    labels = [label for label, _, _ in outline(text)]
    assert labels == ["1.", "2.", "(a)", "(b)"]


def test_one_line_paragraphs_stay_apart() -> None:
    text = "\n".join(LONG * 4 for _ in range(5))
    assert len(outline(text)) == 5


def test_markdown_headings_hold_their_numbers() -> None:
    text = b"# Terms of Service\n\n## 1.0 Fees\n\nAll pay.\n\n### 1.1 Tax\n\n**1.2 Costs.** As listed.\n"
    clauses = split_clauses(read_source(text, name="a.md", limits=Limits()))
    assert [(c.label, c.heading, c.level) for c in clauses] == [
        ("", "Terms of Service", 0), ("1.0", "Fees", 0), ("", "", 1), ("1.1", "Tax", 1),
        ("1.2", "Costs", 1),
    ]  # fmt: skip


def test_word_levels_decide_where_equal_numbers_stand() -> None:
    rows = [(0, "1."), (1, "1."), (2, "1."), (2, "2."), (1, "2."), (0, "2."), (1, "1.")]
    document = build_word(*[("It binds.", {"label": n, "level": level}) for level, n in rows])
    assert [c.level for c in split_clauses(document)] == [level for level, _ in rows]


def test_page_of_pages_at_the_end_of_a_line_is_furniture() -> None:
    text = f"1. Fees\n\n1.1 {LONG}and the Customer may Page 3 of 13\n\n\nask for more.\n"
    clauses = split_clauses(read_text(text))
    assert [text[c.start : c.end] for c in clauses if c.kind == "furniture"] == ["Page 3 of 13"]
    assert [c.label for c in clauses if c.kind != "furniture"] == ["1.", "1.1"]


def test_page_number_nests_in_its_clause() -> None:
    text = (
        "1. Records. The Supplier shall keep the records that the Customer may reasonably\n\n"
        "Page 3 of 20\n\nask for.\n\n2. Law. Local law governs."
    )
    clauses = split_clauses(read_text(text))
    check_partition(read_text(text), clauses)
    assert [(c.label, c.kind, c.parent) for c in clauses] == [
        ("1.", "operative", None),
        ("", "furniture", "c1"),
        ("2.", "operative", None),
    ]
    assert text[clauses[0].start : clauses[0].end].endswith("ask for.")


@pytest.mark.parametrize("foot", ["2 ", "2      ", "-1-    2 "])
def test_the_number_of_a_page_before_that_of_a_clause_is_furniture(foot: str) -> None:
    text = (
        "1.  SERVICES\n\nThe Supplier provides the Services.\n\n"
        f"{foot}2.  TERM\n\n(a) The term is one year.\n\n3.  FEES\n\nThe Customer pays the fees.\n"
    )
    clauses = split_clauses(read_text(text))
    check_partition(read_text(text), clauses)
    shown = [(c.label, c.heading) for c in clauses if c.kind != "furniture" and c.heading]
    assert shown == [("1.", "SERVICES"), ("2.", "TERM"), ("3.", "FEES")]
    ids = {c.id: c.label for c in clauses}
    assert [ids[c.parent] for c in clauses if c.label == "(a)" and c.parent] == ["2."]
    assert [text[c.start : c.end] for c in clauses if c.kind == "furniture"] == [foot.strip()]


def test_number_alone_is_a_clause_number_when_the_sequence_says_so() -> None:
    text = "1\n\nDEFINITIONS\n\nWords bind.\n\n2\n\nSERVICES\n\nThe Supplier serves.\n\n57\n\n3\n\nFEES\n\nAll pay."
    clauses = split_clauses(read_text(text))
    check_partition(read_text(text), clauses)
    assert [(c.label, c.heading) for c in clauses if c.label] == [
        ("1", "DEFINITIONS"),
        ("2", "SERVICES"),
        ("3", "FEES"),
    ]
    assert [text[c.start : c.end] for c in clauses if c.kind == "furniture"] == ["57"]


def test_contents_are_no_clauses() -> None:
    body = "\n\n".join(
        f"{n}. {name}. {LONG}" for n, name in enumerate(["Services", "Fees", "Law"], 1)
    )
    for rows in (
        "1. Services ........ 3\n2. Fees ........ 4\n3. Law ........ 9",
        "1. Services\n3\n2. Fees\n4\n3. Law\n9",
        "1. Services\n\n2. Fees\n\n3. Law",
    ):
        text = f"TABLE OF CONTENTS\n\n{rows}\n\n{body}"
        assert [label for label, _, _ in outline(text)] == ["1.", "2.", "3."]
        assert "furniture" in kinds(text)


def test_repeated_head_is_furniture_but_wrapped_words_are_not() -> None:
    page = "\n\n".join(LONG * 3 for _ in range(6))
    text = "\n\n".join(f"Acme Draft No 4\n\n{page}" for _ in range(4))
    assert kinds(text).count("furniture") == 4
    lines = f"{LONG * 12}as set out in this paragraph of the\nthis Agreement.\n\n" * 5
    assert "furniture" not in kinds(lines)


def test_kinds_of_a_whole_contract() -> None:
    text = (
        "SERVICES AGREEMENT\n\nThis Agreement is made on 1 May between Acme Ltd and Beta Ltd.\n\n"
        "Background\n\n(A) Acme sells services.\n\n(B) Beta buys them.\n\n"
        "NOW, THEREFORE, the parties agree as follows:\n\n"
        '1. Definitions\n\n1.1 "Fees" means the sums in Schedule 1.\n\n1.2 Term has the meaning in Schedule 1.\n\n'
        "2. Services. Acme shall serve.\n\nIN WITNESS WHEREOF, the parties have signed.\n\nBy: ______\n\n"
        "Name: ______\n\nSchedule 1\n\nRates\n\n1. The rate is 5."
    )
    found = kinds(text)
    assert found == (
        ["recital"] * 6
        + ["operative", "definition", "definition", "operative"]
        + ["signature"] * 3
        + ["schedule", "operative"]
    )


def test_quoted_terms_without_numbers_are_definitions() -> None:
    text = '1. Definitions\n\n"Fees" means the sums due.\n\n"Term" shall mean one year.\n\n2. Fees. All pay.'
    assert kinds(text) == ["operative", "definition", "definition", "operative"]


def test_terms_after_recitals_are_operative() -> None:
    text = "Recitals\n\nA. Acme sells.\n\nB. Beta buys.\n\n1. Fees\n\n1.1 Beta shall pay.\n\nNothing else is due."
    assert kinds(text) == ["recital"] * 3 + ["operative"] * 3
    assert outline(text)[3] == ("1.", "Fees", 0)


def test_paragraph_that_goes_on_after_the_operative_words_is_operative() -> None:
    text = f"WHEREAS Acme sells.\n\nNOW, THEREFORE, the parties agree as follows: {LONG * 12}"
    assert kinds(text) == ["recital", "operative"]


def test_word_labels_take_precedence() -> None:
    document = build_word(
        ("Payment", {"label": "1.", "level": 0, "style": "heading"}),
        ("The Customer shall pay:", {"label": "1.1", "level": 1}),
        ("the price;", {"label": "(h)", "level": 2}),
        ("the tax:", {"label": "(i)", "level": 2}),
        ("at once", {"label": "(i)", "level": 3}),
        ("in full", {"label": "(ii)", "level": 3}),
        ("It may not set off.", {"label": "1.2", "level": 1}),
        ("12 months after signature it ends.", {}),
        ("Term", {"label": "2.", "level": 0, "style": "heading"}),
    )
    clauses = split_clauses(document)
    check_partition(document, clauses)
    assert [(c.label, c.heading, c.level) for c in clauses] == [
        ("1.", "Payment", 0), ("1.1", "", 1), ("(h)", "", 2), ("(i)", "", 2), ("(i)", "", 3),
        ("(ii)", "", 3), ("1.2", "", 1), ("", "", 2), ("2.", "Term", 0),
    ]  # fmt: skip


def test_word_headings_open_levels() -> None:
    document = build_word(
        ("Service Terms", {"style": "title"}),
        ("Payment", {"level": 0, "style": "heading"}),
        ("Invoices", {"level": 1, "style": "heading"}),
        ("The Supplier sends invoices.", {}),
        ("Term", {"level": 0, "style": "heading"}),
        ("It ends.", {}),
    )
    assert [(c.heading, c.level) for c in split_clauses(document)] == [
        ("Service Terms", 0), ("Payment", 0), ("Invoices", 1), ("", 2), ("Term", 0), ("", 1),
    ]  # fmt: skip


def test_cells_of_a_row_make_one_clause() -> None:
    document = build_word(
        ("1. Rates. They are:", {}),
        ("Engineer", {"cell": (0, 0, 0)}),
        ("100 an hour", {"cell": (0, 0, 1)}),
        ("Manager", {"cell": (0, 1, 0)}),
        ("150 an hour", {"cell": (0, 1, 1)}),
    )
    clauses = split_clauses(document)
    check_partition(document, clauses)
    texts = [document.text[c.start : c.end] for c in clauses]
    assert texts[1:] == ["Engineer\n100 an hour", "Manager\n150 an hour"]


def test_text_outside_blocks_is_not_lost() -> None:
    document = Document("x", "text/plain", "", "1. One is.\n\nleft out", (Block(0, 10),))
    clauses = split_clauses(document)
    check_partition(document, clauses)
    assert clauses[-1].end == len(document.text)


_WORDS = st.sampled_from(
    ["1.", "1.1", "2.", "2.1", "(a)", "(b)", "(i)", "(ii)", "ARTICLE I", "Schedule 1", "12", "Page 2",
     "Services", "FEES", "shall pay.", "The Supplier", "Term.", ":", ";", "and", '"Fees" means',
     "WHEREAS", "IN WITNESS WHEREOF", "By:", "....", "\t", "   ", "\n", "\n\n", "\n\n\n\n", "\f",
     "TABLE OF CONTENTS", "agree as follows:", "-----", "§ 4", "• x", "Source: ACME, 8-K, 1/1/2001"]
)  # fmt: skip


@given(st.lists(_WORDS, max_size=40))
@settings(max_examples=300, deadline=None)
def test_partition_of_contract_like_text(words: list[str]) -> None:
    text = " ".join(words)
    for document in (read_text(text), Document("x", "text/plain", "", text)):
        check_partition(document, split_clauses(document))


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_partition_of_any_text(text: str) -> None:
    document = Document("x", "text/plain", "", text)
    check_partition(document, split_clauses(document))


@given(
    st.lists(
        st.tuples(
            st.text(alphabet="aB.;: \n1()", max_size=12),
            st.sampled_from(["", "1.", "1.1", "(a)", "(i)", "•", "Article 1"]),
            st.sampled_from([None, 0, 1, 2]),
            st.sampled_from(["", "title", "heading", "toc", "list", "note", "furniture"]),
            st.sampled_from([None, (0, 0, 0), (0, 0, 1), (0, 1, 0)]),
        ),
        max_size=20,
    )
)
@settings(max_examples=200, deadline=None)
def test_partition_of_word_documents(
    rows: list[tuple[str, str, int | None, str, tuple[int, int, int] | None]],
) -> None:
    document = build_word(
        *((t, {"label": n, "level": v, "style": s, "cell": c}) for t, n, v, s, c in rows)
    )
    check_partition(document, split_clauses(document))


@pytest.mark.parametrize(
    "unit",
    ["1. x:\n1.1 x:\n(a) x:\n(i) x:\n(A) x:\n(1) x:\n", "(a) x:\n\n", "; (a) b", "a ", "A .... 5\n",
     " ", '"', "(", "1.", "; WHEREAS, ", "Head Line\n\nBody shall be.\n\n", "7\n"],
)  # fmt: skip
def test_hostile_text_costs_linear_time(unit: str) -> None:
    def spend(size: int) -> float:
        document = Document("x", "text/plain", "", (unit * (size // len(unit) + 1))[:size])
        begun = time.process_time()
        split_clauses(document)
        return time.process_time() - begun

    spend(10_000)
    # Four times the text in well under sixteen times the time; the constant absorbs noise.
    assert spend(80_000) < 9 * spend(20_000) + 0.5


def test_deep_nesting_stays_shallow() -> None:
    units = ["1. x:", "1.1 x:", "(a) x:", "(i) x:", "(A) x:", "(1) x:"]
    text = "\n".join(units[i % 6] for i in range(3_000))
    document = Document("x", "text/plain", "", text)
    clauses = split_clauses(document)
    assert len(clauses) == 3_000
    assert max(c.level for c in clauses) < 30


@pytest.mark.shared
def test_real_contracts_are_partitioned() -> None:
    folder = SHARED / "contracts" / "cuad" / "txt"
    if not folder.is_dir():
        pytest.skip("the shared contracts are not beside the checkout")
    for path in sorted(folder.glob("*.txt"))[::20]:
        document = read_text(path.read_bytes().decode("utf-8", "replace"))
        clauses = split_clauses(document)
        check_partition(document, clauses)
        assert sum(c.kind == "operative" for c in clauses) >= 3


def test_a_caption_inside_a_clause_does_not_end_its_series() -> None:
    document = build_word(
        ("2. Service levels", {}),
        ("2.1 The table gives the levels.", {}),
        ("Level And Credit", {"style": "heading"}),
        ("2.2 The Supplier shall report each month.", {}),
        ("3. Reports", {"style": "heading"}),
        ("Form Of Report", {"style": "heading"}),
        ("3.1 Reports are short.", {}),
    )
    clauses = split_clauses(document)
    named = {clause.id: clause.label for clause in clauses}
    above = {c.label: named.get(c.parent or "") for c in clauses if c.label}
    assert (above["2.1"], above["2.2"], above["3.1"]) == ("2.", "2.", "3.")


def test_schedules_in_sentence_case_start_their_own_numbers() -> None:
    text = "1. Fees\n\n1.1 Fees are due.\n\nSchedule 1 Scope and limits\n\n1. Scope\n\n1.1 It is wide.\n"
    clauses = split_clauses(read_text(text))
    found = [(c.label, c.kind, c.level) for c in clauses]
    assert found[2:] == [
        ("Schedule 1", "schedule", 0),
        ("1.", "operative", 1),
        ("1.1", "operative", 2),
    ]


def test_numbers_of_table_rows_are_no_clauses() -> None:
    text = (
        "1. Fees\n\n1.1 Fees are due.\n\n2. Rates\n\n2.1 The rates are these:\n\n"
        "1\tManager\tDay\t90\n\n2\tAgent\tDay\t30\n\n3\tClerk\tDay\t25\n\n2.2 They rise each year.\n"
    )
    clauses = split_clauses(read_text(text))
    assert [c.label for c in clauses if c.label] == ["1.", "1.1", "2.", "2.1", "2.2"]
    assert clauses[-1].level == 1


def test_a_sentence_goes_on_over_a_page_break() -> None:
    text = (
        f"1. Data\n\n1.1 {LONG}Records and Reports of the Services\n\f\nare kept for six years.\n"
    )
    clauses = split_clauses(read_text(text))
    assert [c.label for c in clauses] == ["1.", "1.1"]


def test_a_heading_may_hold_a_relative_clause() -> None:
    clauses = split_clauses(read_text("1.1 Liability that is not limited. Nothing limits fraud.\n"))
    assert clauses[0].heading == "Liability that is not limited"


def name_parents(clauses: tuple[Clause, ...]) -> dict[str, str]:
    """Return for each clause, by label or heading, that of the clause it stands below."""
    named = {clause.id: clause.label or clause.heading for clause in clauses}
    return {named[c.id]: named.get(c.parent or "", "") for c in clauses if named[c.id]}


def test_an_unnumbered_heading_stands_below_a_numbered_one_that_is_set_larger() -> None:
    document = build_word(
        ("5. Deliverables", {"style": "heading", "level": 0}),
        ("Acceptance", {"style": "heading", "level": 1}),
        (LONG, {}),
        ("Defects", {"style": "heading", "level": 1}),
        (LONG, {}),
        ("6. Fees", {"style": "heading", "level": 0}),
        ("Invoices", {"style": "heading", "level": 1}),
        (LONG, {}),
    )
    above = name_parents(split_clauses(document))
    assert (above["Acceptance"], above["Defects"], above["Invoices"]) == ("5.", "5.", "6.")
    assert above["6."] == ""


def test_headings_that_open_a_document_and_recur_nowhere_name_it() -> None:
    document = build_word(
        ("Conditions", {"style": "heading"}),
        ("General Part", {"style": "heading"}),
        ("Parties", {"label": "1.", "level": 0, "style": "heading"}),
        (LONG, {"label": "1.1", "level": 1}),
    )
    above = name_parents(split_clauses(document))
    assert (above["1."], above["1.1"]) == ("", "1.")


def test_a_number_that_goes_on_with_a_closed_series_ends_what_began_since() -> None:
    text = (
        "I. Scope\n\n1. It is wide.\n\nII. Safety\n\n1. The site is safe.\n\nNOTICES ON SITE\n\n"
        "1. They are large.\n\n2. They are red.\n\nIII. Breach\n\n1. Breach is bad.\n"
    )
    clauses = split_clauses(read_text(text))
    above = name_parents(clauses)
    assert above["III."] == "NOTICES ON SITE"
    assert [c.level for c in clauses if c.label == "1."] == [1, 1, 1, 2]


def test_sections_of_a_tender_are_named_by_letter_and_number() -> None:
    text = "L.1 General\n\nL.1.1 Quotes are short.\n\nL.1.2 Quotes are signed.\n\nL.2 Phases\n"
    above = name_parents(split_clauses(read_text(text)))
    assert above == {"L.1": "", "L.1.1": "L.1", "L.1.2": "L.1", "L.2": ""}


def test_the_name_above_a_line_to_sign_on_is_no_heading() -> None:
    text = "1. Term\n\nIt is short.\n\nACME BUILDING LIMITED\n\nBy: ______________\n"
    clauses = split_clauses(read_text(text))
    assert [(c.kind, c.heading) for c in clauses[2:]] == [("signature", "")] * 2


def test_a_rule_of_dashes_is_read_in_time_with_its_length() -> None:
    began = time.perf_counter()
    split_clauses(read_text("1. Fees\n\n" + "-" * 60_000 + "\n\n2. Term\n"))
    assert time.perf_counter() - began < 2


def test_agreed_terms_do_not_stand_below_the_words_that_open_them() -> None:
    text = "Each party has data.\n\nNOW IT IS THEREBY AGREED as to them:\n\n1. Data are kept.\n\n2. Fees are due.\n"
    assert [c.level for c in split_clauses(read_text(text))] == [0, 0, 0, 0]


def test_the_number_under_which_a_filing_keeps_a_contract_is_no_schedule() -> None:
    text = "Exhibit 10.4 SUPPLY AGREEMENT\n\nTEL NO.:\n\nIt is made in Hull.\n\n1. Goods\n\n1.1 Goods are good.\n"
    clauses = split_clauses(read_text(text))
    assert [(c.label, c.level) for c in clauses] == [
        ("", 0),
        ("", 0),
        ("", 0),
        ("1.", 0),
        ("1.1", 1),
    ]


def test_a_caption_that_recurs_below_headings_set_alike_stands_below_them() -> None:
    heading = {"style": "heading", "level": 1}
    paragraphs = [
        (words, facts)
        for name in ("Supplier", "Customer", "Both")
        for words, facts in ((name, heading), ("Duties:", heading), (LONG, {}))
    ]
    clauses = split_clauses(build_word(("ROLES", {"style": "heading", "level": 0}), *paragraphs))
    assert [(c.heading, c.level) for c in clauses if c.heading][1:] == [
        ("Supplier", 0),
        ("Duties", 1),
        ("Customer", 0),
        ("Duties", 1),
        ("Both", 0),
        ("Duties", 1),
    ]


def test_a_paragraph_stands_below_the_item_that_is_its_heading() -> None:
    text = (
        "3.1 Payments. The Customer pays:\n\n(a) a fee; and\n\n(b) costs under Section 2.\n\n"
        "(c) Special compounds\n\nThe Supplier offers them at cost.\n"
    )
    clauses = split_clauses(read_text(text))
    assert clauses[-1].parent == clauses[-2].id
    assert clauses[-2].label == "(c)"


def test_where_blank_lines_part_all_paragraphs_a_line_break_is_a_wrap() -> None:
    numbered = [
        f"{n}. Fees of kind {n}.\n\n{n}.1 The Customer pays them in the amounts of the Order\n"
        f"Form, {'whatever they are, ' * 10}\nCustomer Data and its own costs aside.\n"
        for n in range(1, 9)
    ]
    clauses = split_clauses(read_text("\n".join(numbered)))
    assert [c.label for c in clauses] == [f"{n}.{end}" for n in range(1, 9) for end in ("", "1")]


def test_an_excerpt_may_begin_with_a_bare_number_and_a_heading_in_capitals() -> None:
    text = "It goes on.\n\n3 FEES AND COSTS\n\n3.1 Fees are due.\n\n4 TERM\n\n4.1 It is long.\n"
    found = [(c.label, c.level) for c in split_clauses(read_text(text))]
    assert found == [("", 0), ("3", 0), ("3.1", 1), ("4", 0), ("4.1", 1)]
    assert [c.label for c in split_clauses(read_text("It goes on.\n\n3 MONTHS LATER\n"))] == [
        "",
        "",
    ]
