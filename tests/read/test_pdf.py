"""The PDF reader: reading order, places, furniture, and refusals."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausecheck.errors import InputError
from clausecheck.read.pdf import read_pdf
from clausecheck.read.pdf_join import join_lines
from clausecheck.read.pdf_layout import Line, order_lines
from clausecheck.records import Document, PdfPlace
from clausecheck.settings import Limits
from tests.read.pdfs import Page, lines, make_pdf

SHARED = Path(__file__).resolve().parents[3] / "shared"

WORDS = st.text(
    st.sampled_from("abcdefgh ABC().,;:-\u201c\u2019\u00e9\u00a7 123"), min_size=1, max_size=60
).filter(lambda t: t.strip())


def read(*pages: Page, limits: Limits | None = None, password: str | None = None) -> Document:
    return read_pdf(make_pdf(*pages), name="a.pdf", password=password, limits=limits or Limits())


def attempt(data: bytes) -> Document | InputError:
    try:
        return read_pdf(data, name="a.pdf", limits=Limits())
    except InputError as error:
        return error


def check_anchors(document: Document) -> None:
    """Anchors are sorted and disjoint, and cover everything but breaks that were added."""
    at = 0
    for anchor in document.anchors:
        assert anchor.start < anchor.end
        assert document.text[at : anchor.start] in ("", " ", "\n")
        assert isinstance(anchor.place, PdfPlace)
        left, bottom, right, top = anchor.place.box
        assert left <= right
        assert bottom <= top
        at = anchor.end
    assert at == len(document.text)
    assert [document.text[b.start : b.end] for b in document.blocks] == document.text.split("\n")


def find_box(document: Document, words: str) -> PdfPlace:
    start = document.text.index(words)
    (anchor,) = document.places(start, start + len(words))
    assert isinstance(anchor.place, PdfPlace)
    return anchor.place


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=1, max_size=3))
def test_anchors_cover_the_text_of_any_file(pages: list[list[str]]) -> None:
    found = attempt(make_pdf(*(Page(lines(*words)) for words in pages)))
    if isinstance(found, InputError):
        assert found.code == "C115"
    else:
        check_anchors(found)


@given(
    st.lists(
        st.tuples(WORDS.map(str.strip), st.integers(1, 3)),
        min_size=1,
        max_size=12,
    )
)
def test_joining_keeps_every_character_but_mended_hyphens(rows: list[tuple[str, int]]) -> None:
    lines = [
        Line(text, page, box, box, 9.0, False, base=box[1], word=90.0)
        for i, (text, page) in enumerate(rows)
        for box in [(0.0, 800.0 - 10 * i, 100.0, 809.0 - 10 * i)]
    ]
    joined = join_lines(lines, [100.0] * 3, {})
    check_anchors(Document("a", "", "", joined.text, joined.blocks, joined.anchors))
    kept = "".join(joined.text.split()).replace("-", "")
    assert kept == "".join("".join(text.split()) for text, _ in rows).replace("-", "")


def test_lines_have_their_page_and_box() -> None:
    document = read(Page(lines("First line", "Second line")), Page(lines("Third line", x=200)))
    assert document.text == "First line\nSecond line\nThird line"
    first, third = find_box(document, "First line"), find_box(document, "Third line")
    assert (first.page, third.page) == (1, 2)
    assert first.box == pytest.approx((72, 700, 108, 707), abs=1.5)
    assert third.box[0] == pytest.approx(200, abs=1)
    assert document.facts == (("pages", "2"),)


def test_a_sentence_runs_on_over_the_page_break_between_heads_and_numbers() -> None:
    pages = [
        Page(
            [
                (200, 800, "Services Agreement of the parties", 8, "F1"),
                *lines(f"clause {word} of this page begins and", f"goes on {word} to the next"),
                (290, 30, str(n), 8, "F1"),
                (72, 20, "Source: an exhibit of 2020", 8, "F1"),
            ]
        )
        for n, word in enumerate(("alpha", "beta", "gamma", "delta"), start=7)
    ]
    document = read(*pages)
    assert "goes on alpha to the next clause beta of this page" in document.text
    assert "Source" not in document.text
    (left_out,) = (value for key, value in document.facts if key == "left out")
    assert left_out == (
        '4 running heads ("Services Agreement of the parties"), 4 page numbers, '
        '4 stamps ("Source: an exhibit of 2020")'
    )
    check_anchors(document)


def test_numbers_that_do_not_count_pages_stay() -> None:
    document = read(
        *(Page([*lines(f"unlike text {w}"), (72, 40, "30", 10, "F1")]) for w in ("abc", "de", "f"))
    )
    assert document.text.count("30") == 3


@pytest.mark.parametrize("words", ["[***]", "By: Jane Roe, Director", "Schedule {n}"])
def test_text_that_recurs_at_the_edge_of_pages_stays(words: str) -> None:
    pages = [
        Page([(72, 780, words.format(n=n), 10, "F1"), *lines(f"body {w}", f"more {w}")])
        for n, w in enumerate(("abc", "def", "ghi", "jkl"), start=1)
    ]
    document = read(*pages)
    assert [words.format(n=n) in document.text for n in range(1, 5)] == [True] * 4
    assert document.text.count("body") == 4


def test_the_first_of_many_exhibit_heads_stays() -> None:
    pages = [
        Page([(72, 800, "EXHIBIT A", 10, "F1"), *lines(f"body of {w}")])
        for w in ("alpha", "beta", "gamma")
    ]
    assert read(*pages).text.startswith("EXHIBIT A\nbody of alpha")
    assert read(*pages).text.count("EXHIBIT A") == 1


def test_words_split_at_line_ends_are_made_whole_and_keep_both_places() -> None:
    document = read(
        Page(
            lines("The Supplier shall meet its obli-", "gations under this non-", "exclusive deal.")
        )
    )
    assert document.text == (
        "The Supplier shall meet its obligations under this non-exclusive deal."
    )
    upper, lower = find_box(document, "its obli"), find_box(document, "gations")
    assert upper.box[1] > lower.box[3] - 1
    assert find_box(document, "under this") == lower


def test_hyphens_that_the_file_shows_elsewhere_stay() -> None:
    document = read(Page(lines("A fixed-price deal.", "Each fixed-", "price order")))
    assert "Each fixed-price order" in document.text


def test_numbers_and_capitals_after_a_hyphen_are_left_alone() -> None:
    document = read(Page(lines("Years 2020-", "2021 and the A-", "Team")))
    assert document.text.replace("\n", "") == "Years 2020-2021 and the A-Team"


@pytest.mark.parametrize("interleaved", [True, False])
def test_two_columns_are_read_one_after_the_other(interleaved: bool) -> None:
    left = [f"left side clause number {n:02} goes on and on" for n in range(20)]
    right = [f"right side clause number {n:02} goes on and on" for n in range(20)]
    texts = lines(*left, x=60, size=9) + lines(*right, x=320, size=9)
    if interleaved:
        texts.sort(key=lambda t: (-t[1], t[0]))
    title = (60, 760, "A title that is wide enough to stand over both of the columns", 14, "F1")
    document = read(Page([title, *texts]))
    assert document.text.split("\n", 1)[1] == " ".join([*left, *right])
    assert find_box(document, left[3]).box[2] < find_box(document, right[3]).box[0]
    check_anchors(document)


def test_a_table_on_one_page_is_no_pair_of_columns() -> None:
    names = [f"service level item {n:02} is described here" for n in range(20)]
    values = [f"the value that belongs to the item {n:02}" for n in range(20)]
    texts = lines(*names, x=60, size=9) + lines(*values, x=320, size=9)
    texts.sort(key=lambda t: (-t[1], t[0]))
    document = read(Page(texts), Page(lines("Another page", "of plain text")))
    assert document.text.startswith(f"{names[0]}\n{values[0]}\n{names[1]}")
    assert [b.cell for b in document.blocks[:3]] == [(0, 0, 0), (0, 0, 1), (0, 1, 0)]


def test_a_footer_drawn_first_comes_last_and_numbers_join_their_text() -> None:
    document = read(
        Page(
            [
                (72, 30, "A remark at the foot", 10, "F1"),
                *lines("(a)", "(b)", x=60),
                *lines("fees and", "costs of the work", x=90),
            ]
        )
    )
    assert document.text == "(a) fees and\n(b) costs of the work\nA remark at the foot"


def test_lines_already_in_order_are_not_moved() -> None:
    box = (0.0, 0.0, 1.0, 1.0)
    rows = [Line("x", 1, box, (0.0, y, 9.0, y + 10), 9.0, False) for y in (100.0, 88.0, 76.0)]
    assert order_lines(rows) == rows
    assert order_lines([rows[2], *rows[:2]]) == rows


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_turned_pages_give_their_text_and_boxes_on_the_page(rotate: int) -> None:
    document = read(Page(lines("One line", "Another line"), rotate=rotate))
    assert document.text == "One line\nAnother line"
    assert find_box(document, "One line").box[0] == pytest.approx(72, abs=2)


def test_headings_stand_out_by_size_or_weight() -> None:
    body = lines(*(f"ordinary words of the body {n}" for n in range(6)), top=660)
    texts = [(72, 720, "Big Title", 18, "F1"), (72, 690, "1. Fees", 10, "F2"), *body]
    document = read(Page(texts))
    headings = [document.text[b.start : b.end] for b in document.blocks if b.style == "heading"]
    assert headings == ["Big Title", "1. Fees"]


def test_headings_of_two_sizes_stand_at_two_depths() -> None:
    texts: list[tuple] = []  # type: ignore[type-arg]
    for n in range(3):
        top = 780 - 240 * n
        texts += [(72, top, f"Part {'ABC'[n]}", 16, "F1"), (72, top - 80, "Fees", 13, "F1")]
        texts += lines(
            "Some plain text of the body that goes", "on in a second line.", top=top - 30
        )
        texts += lines(
            "Some plain text of the body that goes", "on in a second line.", top=top - 110
        )
    document = read(Page(texts))
    assert [b.level for b in document.blocks if b.style == "heading"] == [0, 1] * 3


def test_a_line_that_a_raised_figure_pushes_down_goes_on_with_its_sentence() -> None:
    full = "The Supplier keeps all of the records that the Customer may ask it for by the"
    texts = [(72, 700 - 12 * i, full, 10, "F1") for i in range(3)]
    texts += [
        (72, 660.5, "fifth (5", 10, "F1"),
        (102, 666, "th", 6, "F1"),
        (110, 660.5, ") day of", 10, "F1"),
    ]
    texts += [(72, 648.5 - 12 * i, full, 10, "F1") for i in range(3)]
    # The page is so narrow that the lines are full.
    data = make_pdf(Page(texts), width=450)
    assert "by the fifth (5" in read_pdf(data, name="a.pdf", limits=Limits()).text


def read_narrow(*words: str, fonts: str = "F1 F1 F1 F1") -> list[str]:
    """Return the blocks of lines on a page whose margin ends with the widest line."""
    texts = [(72, 700 - 12 * i, w, 10, f) for i, (w, f) in enumerate(zip(words, fonts.split()))]  # noqa: B905
    data = make_pdf(Page(texts), width=450)
    return read_pdf(data, name="a.pdf", limits=Limits()).text.split("\n")


FULL = "The Supplier keeps all of the records that the Customer may ask for by day"


def test_a_number_that_the_sentence_cites_opens_no_paragraph() -> None:
    cited = "The Customer may return all that was broken under and in line with Section"
    assert (
        len(read_narrow(cited, "9.1 in its original carton at the cost and the risk of all.")) == 1
    )


def test_an_item_goes_on_with_a_list_that_began_within_its_paragraph() -> None:
    first = "6.1 Mutual. Each of the parties represents that: (a) it has all of the power;"
    assert (
        len(read_narrow(first, "(b) it is organised well, and it will remain so for the term."))
        == 1
    )


def test_a_bold_line_after_a_sentence_is_a_paragraph_of_its_own() -> None:
    ended = "The Supplier keeps all of the records that the Customer may ask it for."
    assert len(read_narrow(ended, "Support and the people of the Customer", fonts="F1 F2")) == 2


def test_a_sentence_goes_on_to_an_address_that_had_no_room() -> None:
    words = "These framework terms incorporate the addendum of"
    address = "https://example.com/standards/ai-addendum/1.0/terms-of-use"
    assert len(read_narrow(FULL, words, f"{address}, which binds.")) == 1


def test_typographic_letters_are_kept() -> None:
    assert read(Page(lines("the \u201cServices\u201d \u2013 \u00a7 5"))).text == (
        "the \u201cServices\u201d \u2013 \u00a7 5"
    )


def test_what_is_not_read_is_named() -> None:
    document = read(
        Page(lines("Some words"), note="please check"),
        Page(image=True),
        Page(),
        Page(strokes=10),
        Page(strokes=900),
        Page(lines("A stamp"), image=True),
    )
    assert [(u.what, u.where) for u in document.unread] == [
        ("1 comment(s) or note(s)", "page 1"),
        ("image only, no text", "page 2"),
        ("drawing with hardly any text", "page 5"),
        ("image with hardly any text", "page 6"),
    ]
    assert all(u.advice for u in document.unread)


def check_refused(data: bytes, code: str, **options: object) -> InputError:
    with pytest.raises(InputError) as caught:
        read_pdf(data, **{"name": "a.pdf", "limits": Limits(), **options})  # type: ignore[arg-type]
    assert caught.value.code == code
    assert caught.value.advice
    return caught.value


def test_files_without_text_are_sent_to_text_recognition() -> None:
    assert "OCR" in check_refused(make_pdf(Page(image=True), Page()), "C115").advice


def test_locked_files_need_their_password() -> None:
    data = make_pdf(Page(lines("Locked words")), password="open sesame")
    assert "password option" in check_refused(data, "C112").advice
    check_refused(data, "C113", password="wrong")
    document = read_pdf(data, name="a.pdf", password="open sesame", limits=Limits())
    assert document.text == "Locked words"


def test_limits_on_pages_and_characters_hold() -> None:
    data = make_pdf(Page(lines("abcdef")), Page(lines("abcdef")))
    check_refused(data, "C116", limits=Limits(max_pages=1))
    check_refused(data, "C107", limits=Limits(max_chars=10))


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4 not really one", b"%PDF-" + b"\0" * 99])
def test_what_only_begins_like_a_pdf_is_refused(data: bytes) -> None:
    check_refused(data, "C114")


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_damaged_files_are_read_or_refused(data: st.DataObject) -> None:
    whole = make_pdf(Page(lines("Some words of a clause", "and more of it")), Page(image=True))
    cut = bytearray(whole[: data.draw(st.integers(5, len(whole)))])
    for _ in range(data.draw(st.integers(0, 8))):
        cut[data.draw(st.integers(5, len(cut) - 1)) if len(cut) > 5 else 0] = data.draw(
            st.integers(0, 255)
        )
    found = attempt(bytes(cut))
    if isinstance(found, InputError):
        assert found.code in {"C112", "C114", "C115"}
    else:
        check_anchors(found)


def test_a_file_cut_short_but_readable_says_so() -> None:
    data = make_pdf(Page(lines("Some words")))
    document = read_pdf(data[: data.rindex(b"%%EOF")], name="a.pdf", limits=Limits())
    assert [u.where for u in document.unread] == ["end of the file"]


@pytest.mark.shared
def test_real_files_keep_the_words_of_their_text_twins() -> None:
    folder = SHARED / "contracts" / "cuad"
    files = sorted((folder / "pdf").glob("*"))[::12]
    if not files:
        pytest.skip("the shared contracts are not beside this checkout")
    shares, pages, spent = [], 0, 0.0
    for file in files:
        twin = folder / "txt" / f"{file.stem}.txt"
        if not twin.exists():
            continue
        begin = time.process_time()
        document = read_pdf(file.read_bytes(), name=file.name, limits=Limits())
        spent += time.process_time() - begin
        pages += int(dict(document.facts)["pages"])
        check_anchors(document)
        found = set(document.text.split())
        words = [w for w in twin.read_text("utf-8").split() if w.isalpha()]
        shares.append(sum(w in found for w in words) / len(words))
    assert statistics.median(shares) > 0.99
    assert pages / spent > 60


def wrap(*words: str, x: float = 72, top: float = 700) -> list[tuple]:  # type: ignore[type-arg]
    """Return lines that fill the page from its left margin to its right one."""
    filler = (
        "and so it goes on over the whole line of the page without any end in sight as lines do"
    )
    return lines(*(f"{w} {filler}" for w in words), x=x, top=top)


def test_full_lines_make_a_paragraph_and_spacing_or_a_number_ends_it() -> None:
    texts = [
        *wrap("First", "second", "third"),
        *wrap("Spaced", "fifth", top=645),
        *wrap("(a) numbered", "seventh", top=621),
    ]
    document = read_pdf(make_pdf(Page(texts), width=520), name="a.pdf", limits=Limits())
    assert [p.split()[0] for p in document.text.split("\n")] == ["First", "Spaced", "(a)"]
    assert " second and so" in document.text
    check_anchors(document)


def rule(left: float, bottom: float, right: float, top: float) -> str:
    return f"{left} {bottom} m {right} {top} l S"


def test_the_cells_of_a_ruled_table_are_read_row_by_row() -> None:
    rules = [rule(70, y, 400, y) for y in (720, 690, 660)]
    rules += [rule(x, 660, x, 720) for x in (70, 200, 400)]
    page = Page(
        [
            (75, 708, "Service", 10, "F1"),
            (205, 708, "Level that is", 10, "F1"),
            (205, 696, "described", 10, "F1"),
            (75, 678, "Desk", 10, "F1"),
            (205, 678, "High", 10, "F1"),
        ],
        paths=rules,
    )
    document = read(page)
    found = [(document.text[b.start : b.end], b.cell) for b in document.blocks]
    assert found[0] == ("Service", (0, 0, 0))
    assert [cell for _, cell in found[-2:]] == [(0, 1, 0), (0, 1, 1)]
    assert [text for text, _ in found[-2:]] == ["Desk", "High"]
    check_anchors(document)


def test_a_footnote_follows_what_refers_to_it_and_its_mark_is_left_out() -> None:
    page = Page(
        [
            (72, 700, "The Fee", 10, "F1"),
            (105, 704, "1", 5.5, "F1"),
            (110, 700, "is due.", 10, "F1"),
            (72, 640, "Another paragraph of the body.", 10, "F1"),
            (72, 60, "1", 5.5, "F1"),
            (76, 56, "Without tax.", 8, "F1"),
        ]
    )
    document = read(page)
    blocks = [(document.text[b.start : b.end], b.style) for b in document.blocks]
    assert blocks == [
        ("The Fee is due.", ""),
        ("Without tax.", "note"),
        ("Another paragraph of the body.", ""),
    ]
    assert find_box(document, "Without tax").box[1] < 60


def test_words_across_the_page_are_a_stamp() -> None:
    page = Page(
        lines("Some words", "and more"),
        paths=["BT /F1 40 Tf .7 .7 -.7 .7 150 300 Tm (DRAFT) Tj ET"],
    )
    document = read(page)
    assert "DRAFT" not in document.text
    assert ("left out", '1 stamp ("DRAFT")') in document.facts


def test_sideways_text_is_read_as_the_reader_turns_the_page() -> None:
    turned = [
        f"BT /F1 10 Tf 0 1 -1 0 {200 + 12 * i} 100 Tm ({w}) Tj ET"
        for i, w in enumerate(("One", "Two"))
    ]
    assert read(Page(paths=turned)).text.split() == ["One", "Two"]


def test_the_outline_tells_headings_and_their_levels() -> None:
    data = make_pdf(Page(lines("Scope", "of the services")), outline=[("Scope", 0)])
    document = read_pdf(data, name="a.pdf", limits=Limits())
    (block,) = [b for b in document.blocks if b.style == "heading"]
    assert (document.text[block.start : block.end], block.level) == ("Scope", 0)


def test_text_recognition_must_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clausecheck.read.pdf_ocr._PARTS", ("no_such_package",))
    error = check_refused(make_pdf(Page(image=True)), "C118", ocr=True)
    assert "clausecheck[ocr]" in error.advice


def test_recognised_lines_stand_where_the_page_shows_them() -> None:
    from clausecheck.read.pdf_ocr import make_lines
    from clausecheck.read.pdf_rows import View, turn_box

    for rotation in (0, 90, 180, 270):
        view = View(rotation, 200, 100)
        corners = [[20, 20], [100, 20], [100, 40], [20, 40]]
        (line,) = make_lines([(corners, "Some  words")], 1, view, 2.0)
        assert (line.text, line.view) == ("Some words", (10, 80, 50, 90))
        assert turn_box(line.box, view) == line.view


@pytest.mark.parametrize("blocked", [True])
def test_text_recognition_reads_an_image_without_a_network(
    blocked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rapidocr", reason="the extra clausecheck[ocr] is not installed")
    pytest.importorskip("onnxruntime", reason="the extra clausecheck[ocr] is not installed")
    import io
    import socket
    import warnings

    import pypdfium2 as pdfium

    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("text recognition reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    source = pdfium.PdfDocument(make_pdf(Page(lines("Supplier shall deliver", size=20))))
    image, held = source[0].render(scale=1.5).to_pil(), io.BytesIO()
    image.save(held, format="PDF", resolution=108)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries
        document = read_pdf(held.getvalue(), name="a.pdf", ocr=True, limits=Limits())
    assert document.text == "Supplier shall deliver"
    assert ("text recognised on pages", "1") in document.facts
    assert [u.essential for u in document.unread] == [False]
    check_anchors(document)
