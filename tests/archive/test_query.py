"""Questions about a dataset: views, safety, and every way of writing an answer."""

import csv
import io
import json
import zipfile
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from clausecheck.archive.dataset import Dataset
from clausecheck.archive.export import FORMATS, write_answer
from clausecheck.archive.query import connect, run_query
from clausecheck.archive.views import VIEWS
from clausecheck.commands.archive_ask import ENDINGS
from clausecheck.commands.archive_ask import FORMATS as OFFERED
from clausecheck.errors import ArchiveError
from tests.archive.archives import ask, contract, run_here


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("query")
    (root / "in").mkdir()
    for number in range(6):
        text = contract(number, supplier=f"Supplier {number % 2} Ltd", year=2014 + number % 3)
        (root / "in" / f"{number}.txt").write_text(text)
    (root / "in" / "=cmd|x.txt").write_text(
        contract(7, more="9. Law. =HYPERLINK(1) is governed by the law of England.")
    )
    (root / "in" / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    run_here(root / "in", out=root / "out")
    return root / "out"


def answer(out: Path, sql: str, form: str) -> bytes:
    target = io.BytesIO()
    with connect(Dataset.open(out)) as connection:
        write_answer(run_query(connection, sql), form, target)
    return target.getvalue()


def test_views_answer(out: Path) -> None:
    [(points, gravest)] = ask(out, "SELECT points, gravest FROM worst_contracts LIMIT 1")
    assert points > 0
    assert gravest[0] in {code for (code,) in ask(out, "SELECT DISTINCT code FROM findings")}
    rows = ask(
        out, "SELECT year, documents FROM codes_by_party_year WHERE code = 'WL201' "
        "AND party = 'SUPPLIER 1 LTD' ORDER BY year"
    )  # fmt: skip
    assert rows == [(2014, 1), (2015, 1), (2016, 1)]
    shares = ask(out, "SELECT share FROM codes_by_type_year WHERE code = 'WL201'")
    assert {share for (share,) in shares} == {1.0}
    assert len(ask(out, "FROM missing_foundations")) == 10
    rare = ask(out, "SELECT unusual FROM unusual_clauses")
    assert rare == sorted(rare, reverse=True)
    assert ask(out, "SELECT DISTINCT documents FROM near_copies WHERE documents > 2")
    assert [row[0].rpartition("/")[2] for row in ask(out, "FROM unchecked")] == ["bad.pdf"]
    assert ask(out, "FROM duplicates") == []


def test_points_are_what_the_documents_say(out: Path) -> None:
    for row in ask(
        out,
        "SELECT points, fives, fours, threes, balance, foundations_missing FROM worst_contracts",
    ):
        points, fives, fours, threes, balance, missing = row
        tension = 3 * fives + 2 * fours + threes
        assert points == tension + round(10 * abs(balance or 0)) + missing


def test_a_query_reads_the_dataset_alone(out: Path) -> None:
    with connect(Dataset.open(out)) as connection:
        for sql in (
            "COPY documents TO 'x.csv'", "DROP VIEW documents", "ATTACH 'x.db'", "SET threads = 1",
            "INSTALL httpfs", "LOAD httpfs", "PRAGMA version", "EXPORT DATABASE 'x'",
            "CALL pragma_version()", "SELECT 1; SELECT 2", "", "CREATE TABLE x (y int)",
            "nonsense", "SELECT nonsense", "SELECT * FROM read_csv('/etc/passwd')",
            "SELECT * FROM '/etc/passwd'", "SELECT * FROM glob('/*')",
            "SELECT * FROM read_text('/etc/hostname')",
            "SELECT * FROM read_parquet('https://example.com/x.parquet')",
        ):  # fmt: skip
            with pytest.raises((ArchiveError, duckdb.Error)):
                run_query(connection, sql).fetchall()
        with pytest.raises(duckdb.Error):
            connection.execute("COPY (SELECT 1) TO '" + str(out / "archive.json") + "'")


@pytest.mark.parametrize("form", FORMATS)
def test_every_view_is_written_in_every_format(out: Path, form: str) -> None:
    with connect(Dataset.open(out)) as connection:
        for name in ("documents", "findings", *(view.name for view in VIEWS)):
            written = []
            for _ in range(2):
                target = io.BytesIO()
                rows = write_answer(run_query(connection, name), form, target)
                written.append(target.getvalue())
            assert written[0] == written[1]
            assert written[0] or not rows


def test_numbers_and_texts_arrive(out: Path) -> None:
    sql = "SELECT code, severity, confidence, quotation FROM findings ORDER BY document, number"
    expected = ask(out, sql)
    assert pq.read_table(io.BytesIO(answer(out, sql, "parquet"))).num_rows == len(expected)
    lines = [json.loads(line) for line in answer(out, sql, "json").splitlines()]
    assert [tuple(line.values()) for line in lines] == expected
    rows = list(csv.reader(io.StringIO(answer(out, sql, "csv").decode())))
    assert [(row[0], int(row[1]), float(row[2])) for row in rows[1:]] == [r[:3] for r in expected]


def test_no_cell_acts_as_a_formula(out: Path) -> None:
    sql = "SELECT regexp_extract(text, '=HYP.*') AS x FROM clauses WHERE text LIKE '%=HYPER%'"
    assert ask(out, sql)[0][0].startswith("=HYPERLINK")
    assert answer(out, sql, "csv").decode().splitlines()[1].startswith("'=HYPERLINK")
    with zipfile.ZipFile(io.BytesIO(answer(out, sql, "xlsx"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"HYPERLINK" in sheet
    assert b"<f>" not in sheet


def test_the_terminal_gets_nothing_that_acts(out: Path) -> None:
    text = answer(out, "SELECT chr(27) || '[2J' || chr(8238) AS x", "table").decode()
    assert text.splitlines()[2] == "<U+001B>[2J<U+202E>"


def test_formats_of_the_command_are_those_of_the_export() -> None:
    assert OFFERED == FORMATS
    assert set(ENDINGS.values()) == set(FORMATS) - {"table"}
