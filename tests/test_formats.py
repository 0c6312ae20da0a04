"""The same contract as Word, PDF and text has the same clauses in the same places."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from clausecheck.read import read_document
from clausecheck.records import Clause, Document
from clausecheck.segment import split_clauses

SAMPLES = Path(__file__).resolve().parents[1] / "corpora" / "samples"
NAMES = ("hostile-outsourcing", "collaborative-outsourcing")


@cache
def cut(name: str) -> tuple[Document, tuple[Clause, ...]]:
    document = read_document(SAMPLES / name)
    return document, split_clauses(document)


def list_paths(name: str) -> list[str]:
    _, clauses = cut(name)
    known = {clause.id: clause for clause in clauses}
    paths = []
    for clause in clauses:
        if not clause.label or clause.kind == "furniture":
            continue
        path, above = [clause.label], clause.parent
        while above is not None:
            path.append(known[above].label or known[above].heading)
            above = known[above].parent
        paths.append(" / ".join(reversed(path)))
    return paths


def list_words(name: str) -> dict[str, str]:
    document, clauses = cut(name)
    paths = iter(list_paths(name))
    found = {}
    for clause in clauses:
        if not clause.label or clause.kind == "furniture":
            continue
        words = document.text[clause.start : clause.end].split()
        # Word prints an automatic number that its text does not hold.
        found[next(paths)] = " ".join(words[words[:1] == [clause.label] :])
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["pdf", "txt"])
def test_labels_and_parents_are_those_of_word(name: str, form: str) -> None:
    assert list_paths(f"{name}.{form}") == list_paths(f"{name}.docx")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["pdf", "txt"])
def test_headings_are_those_of_word(name: str, form: str) -> None:
    def headings(file: str) -> list[tuple[str, str]]:
        return [(c.label, c.heading) for c in cut(file)[1] if c.label[:1].isdigit()]

    assert headings(f"{name}.{form}") == headings(f"{name}.docx")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["pdf", "txt"])
def test_clauses_hold_the_words_of_word(name: str, form: str) -> None:
    expected = list_words(f"{name}.docx")
    found = list_words(f"{name}.{form}")
    differ = [path for path, words in expected.items() if found.get(path) != words]
    # Lines of a PDF may carry a table or a heading's style otherwise than Word does.
    assert len(differ) <= len(expected) // 20, differ


@pytest.mark.parametrize("name", [f"{n}.{form}" for n in NAMES for form in ("docx", "pdf", "txt")])
def test_no_term_of_a_sample_is_furniture(name: str) -> None:
    document, clauses = cut(name)
    for clause in clauses:
        if clause.kind == "furniture":
            words = document.text[clause.start : clause.end].split()
            assert not {"shall", "must", "may", "agrees"} & set(words), clause
