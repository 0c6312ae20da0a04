"""read_document: the content decides, and every refusal has a code and advice."""

from __future__ import annotations

import io
import os
import sys
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausecheck.errors import InputError
from clausecheck.read import read_document
from clausecheck.records import Document
from clausecheck.settings import Limits
from tests.read.pdfs import Page, lines, make_pdf

OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)


def make_zip(**parts: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for name, words in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), words)
    return held.getvalue()


def attempt(data: bytes) -> Document | InputError:
    try:
        return read_document(data)
    except InputError as error:
        return error


def refuse(source: object, code: str, **options: object) -> InputError:
    with pytest.raises(InputError) as caught:
        read_document(source, **options)  # type: ignore[arg-type]
    error = caught.value
    assert (error.code, bool(error.advice), bool(error.where)) == (code, True, True)
    return error


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".txt", ".xlsx", ""])
def test_the_suffix_does_not_matter(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"draft{suffix}"
    path.write_bytes(b"1. Supplier shall deliver.")
    assert read_document(path).media_type == "text/plain"
    path.write_bytes(make_pdf(Page(lines("Some words"))))
    document = read_document(str(path))
    assert (document.media_type, document.name) == ("application/pdf", str(path))


def test_junk_before_a_pdf_is_passed_over_but_a_mention_of_one_is_text() -> None:
    assert read_document(b"junk\r\n" + make_pdf(Page(lines("Some words")))).text == "Some words"
    assert read_document(b"Files begin with %PDF-1.7 here.").media_type == "text/plain"


def test_paths_bytes_and_streams_give_the_same_document(tmp_path: Path) -> None:
    data = "1. Fees \u2013 none.\n".encode()
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with path.open("rb") as binary, path.open(encoding="utf-8", newline="") as text:
        documents = [
            read_document(source, name="a.txt")
            for source in (path, str(path), data, io.BytesIO(data), binary, text)
        ]
    assert documents == [documents[0]] * 6


def test_names_come_from_the_option_the_stream_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"# Title")
    with path.open("rb") as stream:
        assert read_document(stream).name == str(path)
    assert read_document(b"Text").name == "document"
    assert read_document(io.StringIO("Text"), name="b.txt").name == "b.txt"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (make_zip(xl__workbook_xml="x"), "Excel workbook"),
        (make_zip(ppt__presentation_xml="x"), "PowerPoint"),
        (make_zip(mimetype="application/vnd.oasis.opendocument.text"), "OpenDocument text"),
        (make_zip(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument file"),
        (make_zip(mimetype="application/epub+zip"), "EPUB"),
        (make_zip(readme="x"), "zip archive"),
        (OLE + "WordDocument".encode("utf-16-le"), ".doc"),
        (OLE + "Workbook".encode("utf-16-le"), "Excel 97"),
        (OLE, "older Office"),
        (b"{\\rtf1\\ansi Text}", "RTF"),
        (b"\xef\xbb\xbf{\\rtf1 Text}", "RTF"),
        (b"<!DOCTYPE html><p>Text", "HTML"),
        (b"  <!-- x --><HTML lang='en'>", "HTML"),
        ("\ufeff<html><body>".encode("utf-16-le"), "HTML"),
        (b"<?xml version='1.0'?><?mso-application progid='Word.Document'?>", "Word XML"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"II*\0", "TIFF"),
        (b"\x1f\x8b\x08", "gzip"),
    ],
)
def test_other_formats_are_called_by_their_names(data: bytes, words: str) -> None:
    assert words in refuse(data, "C109").message


def test_a_locked_word_document_gets_other_advice_than_an_old_one() -> None:
    locked = refuse(OLE + "EncryptedPackage".encode("utf-16-le"), "C111")
    old = refuse(OLE + "WordDocument".encode("utf-16-le"), "C109")
    assert "password" in locked.advice
    assert ".docx" in old.advice


@pytest.mark.parametrize("text", ["<DOCUMENT>\n<TYPE>EX-10\nText", "<!-- note -->\n# Title", "PK"])
def test_text_that_looks_a_little_like_markup_stays_text(text: str) -> None:
    assert read_document(text.encode()).text == text


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    refuse(tmp_path / "none.docx", "C101")
    refuse(tmp_path, "C102")
    refuse("a\0b", "C101")
    (tmp_path / "empty").touch()
    refuse(tmp_path / "empty", "C104")
    refuse(tmp_path / "empty" / "below", "C101")
    refuse("Supplier shall " * 400, "C103")
    assert "second" not in refuse("First line\nsecond line", "C101").where


@pytest.mark.skipif(
    sys.platform == "win32" or (hasattr(os, "geteuid") and os.geteuid() == 0),
    reason="permissions do not bind this user",
)
def test_files_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"Text")
    path.chmod(0)
    refuse(path, "C103")


def test_permission_errors_are_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "stat", deny)
    refuse("a.txt", "C103")


def test_damaged_packages_and_binaries() -> None:
    whole = make_zip(word__document_xml="<w:document/>")
    refuse(whole[: len(whole) // 2], "C117")
    refuse(b"PK\x03\x04", "C117")
    refuse(b"Text\0Text", "C108")
    refuse(b"", "C104")
    refuse(b" \n", "C105")


def test_large_inputs_are_refused_before_they_are_held(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)

    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return b"a" * size

    tracemalloc.start()
    try:
        refuse(path, "C106")
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
        refuse(Endless(), "C106", limits=Limits(max_bytes=3_000_000))
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()
    refuse(b"abcd", "C106", limits=Limits(max_bytes=3))
    refuse(b"abcd", "C107", limits=Limits(max_chars=3))


def test_a_text_stream_with_the_wrong_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"caf\xe9 \xff")
    with path.open(encoding="utf-8") as stream:
        refuse(stream, "C110")


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", OLE[:8], b"\xff\xfe", b"{\\rtf", b"<html"]),
    st.binary(max_size=200),
)
def test_any_bytes_are_read_or_refused_with_a_code(start: bytes, rest: bytes) -> None:
    found = attempt(start + rest)
    assert isinstance(found, Document) or found.code.startswith("C1")
