"""The sample contracts: whole, numbered by Word, equal in three formats, labelled truly."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

SAMPLES = Path(__file__).resolve().parents[1] / "corpora" / "samples"
NAMES = ("collaborative-outsourcing", "hostile-outsourcing")
LABEL = re.compile(r"^(\d+\.|\d+\.\d+|\([a-zA-Z0-9]+\)|Schedule \d)[\t ]", re.MULTILINE)
CODE = re.compile(r"(RS1|WL2|AB3|CO4)\d\d")
HOSTILE_CODES = [
    *(f"RS{number}" for number in (101, 102, 103, 104, 105, 107, 111, 115, 119)),
    *(f"WL{number}" for number in (201, 202, 203, 204, 205, 208, 210, 211, 212, 214, 218, 219)),
    *(f"AB{number}" for number in (301, 302, 303, 305, 308, 310)),
]
COLLABORATIVE_CODES = [f"CO{number}" for number in range(401, 419)]

each_sample = pytest.mark.parametrize("name", NAMES)


def read_text(name: str) -> str:
    return (SAMPLES / f"{name}.txt").read_text(encoding="utf-8")


def read_expected(name: str) -> list[dict[str, Any]]:
    expected: dict[str, list[dict[str, Any]]] = json.loads(
        (SAMPLES / "expected.json").read_text(encoding="utf-8")
    )
    return expected[name]


def list_paragraphs(document: Any) -> Iterator[Paragraph]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    yield from cell.paragraphs
        else:
            yield block


def is_contents(paragraph: Paragraph) -> bool:
    return paragraph.style is not None and str(paragraph.style.name).startswith("TOC")


def find_list(paragraph: Paragraph) -> tuple[int, int] | None:
    """Return the list and level that the paragraph's style gives it."""
    assert paragraph.style is not None
    found = paragraph.style.element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    if found is None:
        return None
    return tuple(int(found.find(qn(f"w:{tag}")).get(qn("w:val"))) for tag in ("numId", "ilvl"))  # type: ignore[return-value]


def count_labels(document: Any) -> list[str]:
    """Return the label of each numbered paragraph, by the rules of the numbering part."""
    forms: dict[tuple[int, int], tuple[str, str]] = {}
    for abstract in document.part.numbering_part.element.findall(qn("w:abstractNum")):
        for level in abstract.findall(qn("w:lvl")):
            key = (int(abstract.get(qn("w:abstractNumId"))), int(level.get(qn("w:ilvl"))))
            values = [level.find(qn(tag)).get(qn("w:val")) for tag in ("w:numFmt", "w:lvlText")]
            forms[key] = (values[0], values[1])
    counts: dict[tuple[int, int], int] = {}
    labels = []
    for paragraph in list_paragraphs(document):
        key_found = find_list(paragraph)
        if key_found is None:
            continue
        number, level = key_found
        counts[key_found] = counts.get(key_found, 0) + 1
        for deeper in range(level + 1, 9):
            counts.pop((number, deeper), None)
        label = forms[key_found][1]
        for i in range(level + 1):
            shown = show_number(counts.get((number, i), 0), forms[(number, i)][0])
            label = label.replace(f"%{i + 1}", shown)
        labels.append(label)
    return labels


def show_number(count: int, form: str) -> str:
    if form == "lowerRoman":
        return ("", "i", "ii", "iii", "iv", "v")[count]
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + count - 1)
        return letter if form == "lowerLetter" else letter.upper()
    return str(count)


def split_words(text: str) -> list[str]:
    """Return the words of ``text``; a hyphen or dots at a line's end do not matter."""
    text = re.sub("[\x02\ufffe]|-\\s*", "-", text)
    return re.findall(r"[^\s._-]+", text)


def measure_likeness(one: list[str], other: list[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def read_pdf(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as pdf:
        pages = []
        for page in pdf:
            text_page = page.get_textpage()
            pages.append(text_page.get_text_bounded())
            text_page.close()
            page.close()
    return pages


@each_sample
@pytest.mark.parametrize("suffix", ["docx", "pdf", "txt"])
def test_file_is_small_and_has_content(name: str, suffix: str) -> None:
    size = (SAMPLES / f"{name}.{suffix}").stat().st_size
    assert 10_000 < size < 300_000


@pytest.mark.parametrize(
    ("name", "fewest", "most"),
    [("hostile-outsourcing", 9, 12), ("collaborative-outsourcing", 7, 10)],
)
def test_pdf_length_head_and_foot(name: str, fewest: int, most: int) -> None:
    pages = read_pdf(SAMPLES / f"{name}.pdf")
    assert fewest <= len(pages) <= most
    for number, page in enumerate(pages[1:], 2):
        assert "Confidential" in page
        assert f"Page {number} of {len(pages)}" in page


@each_sample
def test_every_number_is_automatic(name: str) -> None:
    document = docx.Document(str(SAMPLES / f"{name}.docx"))
    labels = count_labels(document)
    assert {"(1)", "(A)", "1.", "1.1", "(a)", "(i)", "Schedule 3"} <= set(labels)
    assert labels.count("1.1") == 4  # the body and each of three schedules
    for paragraph in document.paragraphs:
        if not is_contents(paragraph):
            assert not LABEL.match(paragraph.text), paragraph.text[:30]


@each_sample
def test_printed_numbers_are_those_word_counts(name: str) -> None:
    document = docx.Document(str(SAMPLES / f"{name}.docx"))
    contents = sum(map(is_contents, document.paragraphs))
    printed = [found[1] for found in LABEL.finditer(read_text(name))]
    assert printed[contents:] == count_labels(document)


@each_sample
def test_word_and_text_hold_the_same_words(name: str) -> None:
    document = docx.Document(str(SAMPLES / f"{name}.docx"))
    in_word = "\n".join(LABEL.sub("", p.text) for p in list_paragraphs(document))
    in_text = LABEL.sub("", read_text(name))
    assert measure_likeness(split_words(in_word), split_words(in_text)) >= 0.999


@each_sample
def test_pdf_and_text_hold_the_same_words_and_numbers(name: str) -> None:
    furniture = re.compile(r"^(Page \d+ of \d+|.*\bConfidential)\s*$", re.MULTILINE)
    in_pdf = "\n".join(furniture.sub("", page) for page in read_pdf(SAMPLES / f"{name}.pdf"))
    assert measure_likeness(split_words(in_pdf), split_words(read_text(name))) >= 0.99


@each_sample
def test_no_placeholder_or_markup_is_left(name: str) -> None:
    text = read_text(name)
    assert not re.search(r"[\[\]{}<>]|\*\*|TBC|TODO|lorem", text)


@each_sample
def test_cross_references_name_clauses_that_exist(name: str) -> None:
    text = read_text(name)
    sections = set(re.findall(r"^(\d+(?:\.\d+)?)\.?\t", text, re.MULTILINE))
    cited = re.findall(r"\b[Cc]lause (\d+(?:\.\d+)?)", text)
    assert len(cited) >= 9
    assert set(cited) <= sections


@each_sample
def test_contents_list_gives_the_pages_of_the_pdf(name: str) -> None:
    pages = read_pdf(SAMPLES / f"{name}.pdf")
    entries = re.findall(
        r"^(\d+\.\t|Schedule \d )([^\t\n]+)\t(\d+)$", read_text(name), re.MULTILINE
    )
    assert len(entries) >= 17
    for number, heading, page in entries:
        assert re.search(
            rf"^{re.escape(number.strip())}\s*{re.escape(heading)}\s*$",
            pages[int(page) - 1],
            re.MULTILINE,
        ), (number, heading, page)


@each_sample
def test_author_and_dates_are_fixed(name: str) -> None:
    path = SAMPLES / f"{name}.docx"
    properties = docx.Document(str(path)).core_properties
    assert (properties.author, properties.last_modified_by) == ("clausecheck", "clausecheck")
    assert properties.created == properties.modified
    with zipfile.ZipFile(path) as package:
        assert {info.date_time[:3] for info in package.infolist()} == {(2025, 3, 3)}
    with pypdfium2.PdfDocument(path.with_suffix(".pdf")) as pdf:
        assert pdf.get_metadata_value("Author") == "clausecheck"
        assert pdf.get_metadata_value("CreationDate").startswith("D:20250303")


@each_sample
def test_expected_labels_occur_in_the_text(name: str) -> None:
    text = read_text(name).partition("Agreed terms\n")[2]
    front = read_text(name).partition("Agreed terms\n")[0]
    for entry in read_expected(name):
        schedule, label = re.fullmatch(r"(Schedule \d)? ?(.+)", entry["label"]).groups()  # type: ignore[union-attr]
        where = front if re.fullmatch(r"\([A-Z]\)", label) else text
        at = 0
        if schedule:
            at = re.search(rf"^{schedule} ", where, re.MULTILINE).end()  # type: ignore[union-attr]
        for part in re.findall(r"\d+\.\d+|\(\w+\)", label):
            found = re.compile(rf"^{re.escape(part)}\t", re.MULTILINE).search(where, at)
            assert found, entry["label"]
            at = found.end()
        words = where[at : where.index("\n", at)]
        assert words.startswith(entry["opening"]), entry["label"]


@each_sample
def test_expected_entries_are_well_formed(name: str) -> None:
    entries = read_expected(name)
    labels = [entry["label"] for entry in entries]
    assert len(labels) == len(set(labels))
    for entry in entries:
        assert set(entry) == {"label", "heading", "opening", "codes", "allowed", "balanced"}
        assert entry["heading"]
        assert entry["codes"] or entry["allowed"] or entry["balanced"]
        assert not (entry["codes"] and entry["balanced"])
        for label in entry["codes"] + entry["allowed"]:
            assert CODE.fullmatch(label["code"])
            joint = label["code"].startswith("CO")
            assert label["burden"] in (("both",) if joint else ("customer", "supplier"))


@pytest.mark.parametrize(
    ("name", "codes"),
    [("hostile-outsourcing", HOSTILE_CODES), ("collaborative-outsourcing", COLLABORATIVE_CODES)],
)
def test_samples_carry_the_codes_they_were_written_for(name: str, codes: list[str]) -> None:
    carried = {label["code"] for entry in read_expected(name) for label in entry["codes"]}
    assert sorted(carried) == sorted(codes)
    assert sum(entry["balanced"] for entry in read_expected(name)) >= 8


def test_building_again_changes_nothing(tmp_path: Path) -> None:
    build = [sys.executable, str(SAMPLES / "build.py"), "--out", str(tmp_path)]
    subprocess.run(build, check=True, capture_output=True)
    for name in NAMES:
        assert (tmp_path / f"{name}.txt").read_text(encoding="utf-8") == read_text(name)
        with (
            zipfile.ZipFile(tmp_path / f"{name}.docx") as new,
            zipfile.ZipFile(SAMPLES / f"{name}.docx") as old,
        ):
            # Compressed bytes differ between zlib versions; contents must not.
            assert {n: new.read(n) for n in new.namelist()} == {
                n: old.read(n) for n in old.namelist()
            }
    for file in ("expected.json", "pages.json"):
        assert (tmp_path / file).read_bytes() == (SAMPLES / file).read_bytes()
