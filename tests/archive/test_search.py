"""Full-text search, against BM25 computed by hand."""

import math
import re
from pathlib import Path

import pytest

from clausecheck.archive.dataset import Dataset
from clausecheck.archive.query import connect
from clausecheck.archive.search import parse_terms, search_clauses
from clausecheck.cli import run_command
from clausecheck.errors import ArchiveError
from tests.archive.archives import ask, contract, run_here

EXTRA = (
    "4. Damages. Supplier shall pay liquidated damages, and Liquidated\n   Damages again.",
    "4. Sums. Any liquidated amount and any damages are due; damages exclude interest.",
    "4. Résumé. The Supplier's résumé ('x') is 100% correct_as \\d+ says.",
)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("search")
    (root / "in").mkdir()
    for number, more in enumerate(EXTRA):
        (root / "in" / f"{number}.txt").write_text(contract(number, more=more))
    run_here(root / "in", out=root / "out")
    return root / "out"


def find(out: Path, text: str, *, some: bool = False) -> list[tuple[float, str, str]]:
    with connect(Dataset.open(out)) as connection:
        rows = search_clauses(connection, parse_terms(text), limit=50, some=some).fetchall()
    return [(row[0], row[1].rpartition("/")[2], row[3]) for row in rows]


def files(out: Path, text: str, **options: bool) -> list[str]:
    return [row[1] for row in find(out, text, **options)]


def test_words_phrases_and_beginnings(out: Path) -> None:
    assert sorted(files(out, "liquidated damages")) == ["0.txt", "1.txt"]
    assert files(out, '"liquidated damages"') == ["0.txt"]
    assert files(out, "LIQUID* interest") == ["1.txt"]
    assert files(out, "liquid damages") == []
    assert files(out, "résumé") == ["2.txt"]
    assert files(out, "sum") == []
    assert sorted(files(out, "interest résumé", some=True)) == ["1.txt", "2.txt"]
    assert len(files(out, "indemn*")) == 3


@pytest.mark.parametrize("text", ["%", "_", "' OR 1=1 --", "\\d+", '"', "(", "*"])
def test_signs_have_no_meaning(out: Path, text: str) -> None:
    if re.search(r"\w", text.replace("_", "")):
        files(out, text)
    else:
        with pytest.raises(ArchiveError, match="C530"):
            files(out, text)


def test_scores_are_those_of_bm25(out: Path) -> None:
    clauses = [text.lower() for (text,) in ask(out, "SELECT text FROM clauses")]
    words = ("liquidated", "damages")
    counts = [[len(re.findall(rf"\b{word}\b", text)) for word in words] for text in clauses]
    mean = sum(map(len, clauses)) / len(clauses)
    expected = []
    for count, text in zip(counts, clauses, strict=True):
        if not all(count):
            continue
        score, length = 0.0, len(text)
        for place, n in enumerate(count):
            holding = sum(c[place] > 0 for c in counts)
            rarity = math.log(1 + (len(clauses) - holding + 0.5) / (holding + 0.5))
            score += rarity * n * 2.2 / (n + 1.2 * (0.25 + 0.75 * length / mean))
        expected.append(round(score, 3))
    assert [row[0] for row in find(out, "liquidated damages")] == sorted(expected, reverse=True)


def test_the_macro_for_queries(out: Path) -> None:
    sql = "SELECT count(*) FROM clauses WHERE mentions(text, 'liquidated damages')"
    assert ask(out, sql) == [(1,)]
    assert ask(out, "SELECT mentions('a (b) c', 'b c'), mentions('xb c', 'b c')") == [(True, False)]


def test_the_command(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run_command(["archive", "search", str(out), "liquidated damages"]) == 0
    told = capfd.readouterr().out
    assert "0.txt" in told
    assert "1.txt" not in told
    assert told.endswith("(1 clauses)\n")
    assert run_command(["archive", "search", str(out), "damages", "--format", "csv"]) == 0
    assert capfd.readouterr().out.startswith("score,path,clause,text,document,id\r\n")
