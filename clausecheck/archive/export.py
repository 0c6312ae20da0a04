"""Write the answer to a query: as text for a terminal, CSV, JSON lines, Parquet or Excel.

Comes in: a DuckDB relation. Goes out: a file or text, batch by batch. No cell can act as a formula
in a spreadsheet, and no character can act on a terminal.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from clausecheck.errors import ArchiveError
from clausecheck.report.csv import make_safe
from clausecheck.report.layout import cut_middle, fold

if TYPE_CHECKING:
    import duckdb

FORMATS = ("table", "csv", "json", "parquet", "xlsx")
BINARY = ("parquet", "xlsx")
_BATCH = 10_000
_MOST_EXCEL_ROWS, _MOST_EXCEL_CHARACTERS = 1_048_575, 32_767
_CELL, _SHOWN_ROWS = 64, 1_000
_BOM = "\ufeff"


def write_answer(
    answer: duckdb.DuckDBPyRelation, form: str, target: IO[bytes], *, bom: bool = False
) -> int:
    """Write an answer to a stream; return how many rows it has. ``form`` is one of ``FORMATS``.

    Raises ``ArchiveError`` when the rows do not fit into an Excel sheet.
    """
    if form == "parquet":
        return _write_parquet(answer, target)
    if form == "xlsx":
        return _write_excel(answer, target)
    if form == "table":
        return _write_table(answer, target)
    rows = 0
    encode = _csv_line if form == "csv" else _json_line
    if form == "csv":
        head = _csv_line(answer.columns, answer.columns)
        target.write(((_BOM if bom else "") + head).encode("utf-8"))
    for row in _rows(answer):
        target.write(encode(answer.columns, row).encode("utf-8", "backslashreplace"))
        rows += 1
    return rows


def _rows(answer: duckdb.DuckDBPyRelation) -> Iterator[Sequence[Any]]:
    for batch in answer.to_arrow_reader(_BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _csv_line(_columns: Sequence[str], row: Sequence[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([_flat(value, safe=True) for value in row])
    return buffer.getvalue()


def _json_line(columns: Sequence[str], row: Sequence[Any]) -> str:
    return json.dumps(dict(zip(columns, map(_plain, row), strict=True))) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def _flat(value: Any, *, safe: bool) -> Any:
    """Return a value as one cell: numbers as they are, lists joined, text made harmless."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, list):
        value = "; ".join(str(_plain(item)) for item in value)
    text = str(_plain(value))
    return make_safe(text) if safe else fold(text)


def _write_parquet(answer: duckdb.DuckDBPyRelation, target: IO[bytes]) -> int:
    import pyarrow.parquet as pq

    reader = answer.to_arrow_reader(_BATCH)
    rows = 0
    with pq.ParquetWriter(target, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def _write_excel(answer: duckdb.DuckDBPyRelation, target: IO[bytes]) -> int:
    import xlsxwriter

    # Strings stay strings: no formula, no link is made of what a contract says.
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False, "nan_inf_to_errors": True,
    }  # fmt: skip
    rows = 0
    with xlsxwriter.Workbook(target, options) as book:
        # The same rows give the same bytes.
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - no time at all
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("answer")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, list(answer.columns), bold)
        for row in _rows(answer):
            rows += 1
            if rows > _MOST_EXCEL_ROWS:
                raise ArchiveError(
                    "C518",
                    f"An Excel sheet holds {_MOST_EXCEL_ROWS:,} rows, and there are more.",
                    "export",
                    "Narrow the query, or write CSV or Parquet.",
                )
            for column, value in enumerate(row):
                cell = _flat(value, safe=False)
                if isinstance(cell, str):
                    sheet.write_string(rows, column, cell[:_MOST_EXCEL_CHARACTERS])
                else:
                    sheet.write_number(rows, column, cell)
        sheet.autofilter(0, 0, rows, len(answer.columns) - 1)
    return rows


def _write_table(answer: duckdb.DuckDBPyRelation, target: IO[bytes]) -> int:
    """Write columns for reading; long texts are cut, and so is a long answer, which is said."""
    rows = [[_show(value) for value in row] for row in islice(_rows(answer), _SHOWN_ROWS + 1)]
    cut, rows = len(rows) > _SHOWN_ROWS, rows[:_SHOWN_ROWS]
    heads = [fold(name) for name in answer.columns]
    widths = [
        max(len(head), *(len(row[i]) for row in rows), 0) if rows else len(head)
        for i, head in enumerate(heads)
    ]
    lines = [heads, ["-" * width for width in widths], *rows]
    for line in lines:
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        target.write((text.rstrip() + "\n").encode("utf-8", "backslashreplace"))
    told = f"first {_SHOWN_ROWS:,} rows; -o FILE.csv writes all" if cut else f"{len(rows):,} rows"
    target.write(f"({told})\n".encode())
    return len(rows)


def _show(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return cut_middle(str(_flat(value, safe=False)), _CELL)
