"""The text reader: exact offsets in any encoding, and refusals that say what to do."""

from __future__ import annotations

import codecs
import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausecheck.errors import InputError
from clausecheck.read.text import read_text
from clausecheck.records import Document, LinePlace
from clausecheck.settings import Limits

SHARED = Path(__file__).resolve().parents[3] / "shared"

CONTRACT = "1. Services\r\n\r\nSupplier shall deliver \u201cDeliverables\u201d \u2013 on time.\r\n"

# Text that survives a trip through each encoding and cannot be taken for a mark or a binary file.
LATIN = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.sampled_from("\r\n\t\f\u2019\u201c\u2014\u00a7\u00e9"),
    ),
    min_size=1,
)


def read(data: bytes, *, name: str = "a.txt", limits: Limits | None = None) -> Document:
    return read_text(data, name=name, limits=limits or Limits())


def attempt(data: bytes) -> Document | InputError:
    try:
        return read(data)
    except InputError as error:
        return error


def read_lines(document: Document) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks]


def split_source(text: str) -> list[str]:
    """Split after CR LF, CR or LF, written in another way than the reader's own pattern."""
    lines, current = [], ""
    for i, char in enumerate(text):
        current += char
        if char == "\n" or (char == "\r" and text[i + 1 : i + 2] != "\n"):
            lines.append(current)
            current = ""
    return [*lines, current] if current else lines


def check_anchors(document: Document) -> None:
    source = split_source(document.text)
    assert [document.text[a.start : a.end] for a in document.anchors] == source
    assert [a.place for a in document.anchors] == [
        LinePlace(n, 1) for n in range(1, len(source) + 1)
    ]
    assert read_lines(document) == [x.rstrip("\r\n") for x in source if x.strip()]


@given(st.text(min_size=1).filter(lambda t: t.strip()))
def test_any_unicode_text_keeps_its_characters_and_every_anchor_is_its_line(text: str) -> None:
    text = text.lstrip("\ufeff")
    data = text.encode("utf-8", "replace")
    clean = data.decode("utf-8")
    found = attempt(data)
    if isinstance(found, InputError):
        controls = any(c < " " and c not in "\t\n\x0b\f\r\x1b" for c in clean)
        assert found.code == ("C108" if controls else "C105")
        assert controls or not clean.strip()
        return
    assert found.text == clean
    check_anchors(found)


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", codecs.BOM_UTF32_BE),
    ],
)
@given(text=LATIN.filter(lambda t: t.strip()))
def test_a_byte_order_mark_decides_and_is_removed(encoding: str, mark: bytes, text: str) -> None:
    document = read(mark + text.encode(encoding))
    assert document.text == text
    check_anchors(document)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp1252", "utf-8"])
def test_encodings_without_a_mark_are_told_from_the_bytes(encoding: str) -> None:
    text = CONTRACT * 3
    document = read(text.encode(encoding))
    assert document.text == text
    check_anchors(document)


@given(LATIN.filter(lambda t: t.strip() and not t.isascii() and "\u00e9" * 3 not in t))
def test_windows_1252_keeps_its_characters(text: str) -> None:
    # Some sequences of high bytes are sound UTF-8 and are rightly read as that.
    document = read(text.encode("cp1252"))
    if dict(document.facts)["encoding"] != "utf-8":
        assert document.text == text
    check_anchors(document)


def test_latin_1_letters_are_kept() -> None:
    text = "Le fournisseur s\u00e9lectionn\u00e9 shall notify the client \u00e0 temps.\n"
    assert read(text.encode("latin-1")).text == text


def test_other_alphabets_are_told_by_statistics() -> None:
    text = (
        "Исполнитель обязуется оказать услуги, а Заказчик обязуется принять и оплатить их.\n"
        "Стороны несут ответственность за неисполнение обязательств по настоящему договору.\n"
    )
    assert read(text.encode("cp1251")).text == text


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        ("koi8_r", "Исполнитель обязуется оказать услуги, а Заказчик обязуется их оплатить."),
        ("cp932", "甲は乙に対し、本契約に基づく業務を委託し、乙はこれを受託する。"),
        ("euc_jp", "甲は乙に対し、本契約に基づく業務を委託し、乙はこれを受託する。"),
        ("gb18030", "甲方委托乙方提供服务，乙方同意按照本合同的约定提供服务。"),
        ("cp1253", "Ο Ανάδοχος υποχρεούται να παρέχει τις υπηρεσίες στον Πελάτη."),
        ("cp1250", "Wykonawca świadczy usługi, a Zamawiający płaci w ciągu trzydziestu dni."),
        ("iso8859_2", "Wykonawca świadczy usługi, a Zamawiający płaci w ciągu trzydziestu dni."),
        ("cp1250", "Dodavatel se zavazuje poskytovat služby a objednatel je povinen zaplatit."),
        (
            "cp1250",
            "A vállalkozó a szolgáltatásokat a megrendelő részére különböző díjért nyújtja.",
        ),
        ("cp1254", "Yüklenici hizmetleri müşteriye sağlar; ücret otuz gün içinde ödenir."),
        ("cp1254", "The Supplier, Türkiye Şişe Fabrikaları, shall provide the services."),
        ("cp1250", "The Supplier, Spółka Akcyjna Łódź, shall provide the services."),
        ("cp1252", "The Supplier, São João Café, pays £5 – that is, €6 – for 3 m² of façade."),
        ("cp1252", "Auftraggeber und Auftragnehmer kündigen gemäß diesem Vertrag schriftlich."),
    ],
)
def test_common_encodings_of_other_alphabets(encoding: str, line: str) -> None:
    text = f"{line}\n" * 20
    assert read(text.encode(encoding)).text == text


def test_damaged_utf_8_keeps_the_offsets_of_replacement_and_says_so() -> None:
    data = CONTRACT.encode() * 3 + b"cut \xe2\x80 here\n"
    document = read(data)
    assert document.text == data.decode("utf-8", "replace")
    assert dict(document.facts)["characters lost in decoding"] == "1"


def test_form_feeds_and_unicode_separators_do_not_count_as_lines() -> None:
    document = read("One\f\n\f\nTwo\u2028half\x85\x0bTwo\nThree".encode())
    assert [a.place.line for a in document.anchors if isinstance(a.place, LinePlace)] == [
        1,
        2,
        3,
        4,
    ]
    assert read_lines(document) == ["One\f", "Two\u2028half\x85\x0bTwo", "Three"]


def test_markdown_headings_are_marked_and_the_text_stays() -> None:
    document = read(b"# Master terms\n\n### Fees\n#hash\n    # code\n", name="Terms.MD")
    assert document.media_type == "text/markdown"
    assert [(b.style, b.level) for b in document.blocks] == [
        ("heading", 0),
        ("heading", 2),
        ("", None),
        ("", None),
    ]
    assert read_lines(document)[0] == "# Master terms"


def test_the_digest_is_of_the_bytes() -> None:
    data = codecs.BOM_UTF8 + b"Text"
    assert read(data).sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "C104"),
        (b" \r\n\t\f", "C105"),
        (codecs.BOM_UTF8, "C105"),
        (codecs.BOM_UTF16_LE + "\r\n ".encode("utf-16-le"), "C105"),
        (b"Text with a zero \0 in it", "C108"),
        (bytes(range(1, 32)) * 40, "C108"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read(data)
    assert caught.value.code == code
    assert caught.value.advice
    assert caught.value.where == "a.txt"


def test_limits_hold_to_the_character() -> None:
    assert read(b"abcd", limits=Limits(max_chars=4)).text == "abcd"
    assert read("\u20ac\u20ac".encode(), limits=Limits(max_chars=2)).text == "\u20ac\u20ac"
    for limits, code in ((Limits(max_chars=3), "C107"), (Limits(max_bytes=3), "C106")):
        with pytest.raises(InputError) as caught:
            read(b"abcd", limits=limits)
        assert caught.value.code == code


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    found = attempt(data)
    if isinstance(found, InputError):
        assert re.fullmatch(r"C1\d\d", found.code)
    else:
        check_anchors(found)


@pytest.mark.shared
def test_real_texts_have_the_offsets_that_labels_use() -> None:
    files = sorted((SHARED / "contracts" / "cuad" / "txt").glob("*.txt"))[:40]
    if not files:
        pytest.skip("the shared contracts are not beside this checkout")
    for file in files:
        data = file.read_bytes()
        document = read(data, name=file.name)
        assert document.text == data.decode("utf-8", "replace").removeprefix("\ufeff")
        check_anchors(document)
