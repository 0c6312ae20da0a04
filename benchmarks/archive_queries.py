"""Measure queries, search and the summary page on a dataset made large by repeating real rows.

In: the dataset of a run over real contracts. Out: Markdown;
``python -m benchmarks.archive_queries DATASET [--copies 140] [--write]``. Each copy of a document
has its own hash, party names and year; clauses are repeated for fewer documents, for their size.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.blocks import format_table, replace_block
from clausecheck.archive.dataset import Dataset
from clausecheck.archive.figures import gather_summary
from clausecheck.archive.query import connect
from clausecheck.archive.schema import LISTING, TABLES
from clausecheck.archive.search import parse_terms, search_clauses
from clausecheck.archive.store import EDITION_FILE, make_folder
from clausecheck.archive.summary import write_summary
from clausecheck.archive.views import VIEWS

_EDITION, _RUNS, _LIMIT = "0" * 16, 5, 1.0
_PAGE_LIMIT = 5_000_000
_CLAUSE_COPIES = 28
_QUESTIONS = {
    "findings by code and severity": (
        "SELECT code, severity, count(*) FROM findings GROUP BY ALL ORDER BY 3 DESC"
    ),
    "one contract's findings": (
        "SELECT * FROM findings WHERE document = (SELECT max(document) FROM documents)"
    ),
    "quotations that hold 'sole discretion'": (
        "SELECT document, quotation FROM findings WHERE quotation ILIKE '%sole discretion%'"
        " LIMIT 50"
    ),
    "grave findings by supplier": (
        "SELECT supplier, count(*) FROM findings JOIN documents USING (document)"
        " WHERE severity >= 4 GROUP BY 1 ORDER BY 2 DESC LIMIT 20"
    ),
    "balance by type": (
        "SELECT contract_type, count(*), median(balance) FROM documents GROUP BY 1"
    ),
}


def enlarge(source: Path, target: Path, copies: int) -> None:
    """Write a dataset with every document ``copies`` times."""
    part = target / "reviews" / _EDITION / "00000001-00000001.0"
    listing = target / "listing" / "00000001"
    for folder in (part, listing):
        make_folder(folder)
    (target / "archive.json").write_text((source / "archive.json").read_text())
    (listing / EDITION_FILE).write_text(_EDITION)
    (target / "runs.jsonl").write_text("")
    given = Dataset.open(source)
    last = given.finished()
    edition = given.edition_of(last)
    work = duckdb.connect()
    for name in (*TABLES, *LISTING):
        paths = given.files_of(name, edition) if name in TABLES else [last / f"{name}.parquet"]
        read = ", ".join(f"'{path}'" for path in paths)
        changes = ["sha256(document || n) AS document"]
        if name == "documents":
            changes += [
                "1990 + (coalesce(year, 2000) + n) % 35 AS year",
                "supplier || ' ' || n % 50 AS supplier",
                "[p || ' ' || n % 50 FOR p IN party_keys] AS party_keys",
            ]
        if name == "files":
            changes.append("path || '.' || n AS path")
        if name == "present":
            changes += ["path || '.' || n AS path", """sha256("group" || n) AS "group" """]
        count = min(copies, _CLAUSE_COPIES) if name == "clauses" else copies
        folder = part if name in TABLES else listing
        work.execute(
            f"COPY (SELECT * REPLACE ({', '.join(changes)}) FROM read_parquet([{read}]),"
            f" range({count}) AS r(n)) TO '{folder / name}.parquet'"
            " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000)"
        )


def time_call(call: Callable[[], object]) -> tuple[float, float]:
    """Return the median seconds of a call after a first one, and its seconds of all cores."""
    call()
    times, cores = [], []
    for _ in range(_RUNS):
        began, busy = time.perf_counter(), time.process_time()
        call()
        times.append(time.perf_counter() - began)
        cores.append(time.process_time() - busy)
    return median(times), median(cores)


def measure(folder: Path) -> tuple[str, list[tuple[str, ...]]]:
    """Return what the dataset holds, and a row for each question."""
    rows: list[tuple[str, ...]] = []

    def add(name: str, taken: tuple[float, float], limit: float | None = _LIMIT) -> None:
        met = "" if limit is None else "yes" if taken[0] < limit else "**no**"
        target = f"under {limit:g} s" if limit else ""
        rows.append((name, f"{taken[0]:.2f} s", f"{taken[1]:.2f} s", target, met))

    dataset = Dataset.open(folder)
    with connect(dataset) as connection:
        count = {
            name: connection.sql(f"SELECT count(*) FROM {name}").fetchall()[0][0]
            for name in ("documents", "findings", "clauses")
        }
        told = (
            f"{count['documents']:,} documents, {count['findings']:,} findings, "
            f"{count['clauses']:,} clauses"
        )
        for name, sql in _QUESTIONS.items():
            add(name, time_call(lambda sql=sql: connection.sql(sql).fetchall()))
        for view in VIEWS:
            answer = connection.sql(f"FROM {view.name}").limit(100)
            add(f"view {view.name}, first 100", time_call(answer.fetchall))
        for words in ("liquidated damages", '"gross negligence"', "indemn* consequential"):
            terms = parse_terms(words)
            found = time_call(lambda t=terms: search_clauses(connection, t, limit=20).fetchall())
            add(f"search {words}", found, None)
        began, busy = time.perf_counter(), time.process_time()
        page = write_summary(gather_summary(connection, 300), folder="DIR", versions="")
        taken = time.perf_counter() - began, time.process_time() - busy
        add("summary page", taken, None)
        fits = "yes" if len(page) < _PAGE_LIMIT else "**no**"
        rows.append(("size of the page", f"{len(page) / 1e6:.2f} MB", "", "under 5 MB", fits))

    def open_it() -> None:
        with connect(dataset):
            pass

    add("open the dataset", time_call(open_it))
    return told, rows


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", help="dataset of a run over real contracts")
    parser.add_argument("--copies", type=int, default=140)
    parser.add_argument("--work", help="folder for the large dataset")
    parser.add_argument("--write", action="store_true", help="replace the block in README.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.work) as name:
        enlarge(Path(given.dataset), Path(name) / "large", given.copies)
        load = os.getloadavg()[0]
        told, rows = measure(Path(name) / "large")
    table = format_table(("question", "median", "core time", "target", "met"), rows)
    body = f"{told}; load {load:.1f} when measured.\n\n{table}"
    print(body)
    if given.write:
        replace_block("archive queries", body)


if __name__ == "__main__":
    main()
