"""The commands that ask an archive's dataset: ``query``, ``search`` and ``tables``.

Comes in: the folder of a dataset and a question. Goes out: the answer, as text or in a file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from clausecheck.commands.archive_shared import need, open_earlier, open_target, since_option
from clausecheck.output import guess_format, print_text

_Command = Callable[..., Any]
# Written here too, so that help starts without the rest; a test compares them.
FORMATS = ("table", "csv", "json", "parquet", "xlsx")
ENDINGS = {
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}
_SNIPPET = 400
_output_option = click.option(
    "-o", "--output", metavar="FILE", help="Write to FILE; its ending tells the format."
)


def _format_option(otherwise: str) -> Callable[[_Command], _Command]:
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        help=f"How to write the answer; by the ending of --output, else {otherwise}.",
    )


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("sql")
@_output_option
@_format_option("table")
@since_option
def query(folder: str, sql: str, output: str | None, form: str | None, since: str | None) -> None:
    """Ask the dataset DIR a question in SQL, or show a table or view by its name.

    'clausecheck archive tables DIR' lists what there is. A query reads the dataset and nothing
    else; it changes nothing. With --since, changed_files and changed_findings tell what changed.
    """
    need("pyarrow", "duckdb")
    from clausecheck.archive.dataset import Dataset
    from clausecheck.archive.export import write_answer
    from clausecheck.archive.query import connect, explain_errors, run_query

    form = choose_format(form, output)
    dataset = Dataset.open(folder)
    earlier = open_earlier(since, folder) if since else None
    with (
        connect(dataset, since=earlier) as connection,
        open_target(output) as target,
        explain_errors(),
    ):
        write_answer(run_query(connection, sql), form, target, bom=output is not None)


def choose_format(form: str | None, output: str | None) -> str:
    """Return the format of an answer; raises a usage error for one that needs a file."""
    from clausecheck.archive.export import BINARY

    chosen = form or ENDINGS.get(Path(output or "").suffix.lower())
    if chosen is None:
        guess_format(output)  # refuses an ending that another program owns
        chosen = "table"
    if output is None and chosen in BINARY:
        raise click.UsageError(f"Name a file for {chosen}: -o answer.{chosen}.")
    return chosen


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("words", nargs=-1, required=True)
@click.option("--any", "some", is_flag=True, help="Clauses with some of the words, not all.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@_output_option
@_format_option("a list")
def search(
    folder: str,
    words: tuple[str, ...],
    some: bool,
    limit: int,
    output: str | None,
    form: str | None,
) -> None:
    """Find the clauses of the dataset DIR that hold WORDS, the most telling first.

    A "phrase in quotes" must stand as it is; indemn* finds every word that begins so. Case and
    line breaks do not count.
    """
    need("pyarrow", "duckdb")
    from clausecheck.archive.dataset import Dataset
    from clausecheck.archive.export import write_answer
    from clausecheck.archive.query import connect
    from clausecheck.archive.search import parse_terms, search_clauses

    # What the shell took the quotes from is a phrase all the same.
    given = " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words)
    with connect(Dataset.open(folder)) as connection, open_target(output) as target:
        answer = search_clauses(connection, parse_terms(given), limit=limit, some=some)
        if form is None and output is None:
            print_text(_list_clauses(answer.fetchall()))
        else:
            write_answer(answer, choose_format(form, output), target, bom=output is not None)


def _list_clauses(rows: Sequence[tuple[Any, ...]]) -> str:
    from clausecheck.report.layout import cut_middle, fold

    lines = [
        f"{score:6.2f}  {fold(path or document)}\n        {fold(clause)}\n"
        f"        {cut_middle(fold(text), _SNIPPET)}\n"
        for score, path, clause, text, document, _ in rows
    ]
    return "".join(lines) + f"({len(rows)} clauses)\n"


@click.command()
@click.argument("folder", metavar="DIR")
def tables(folder: str) -> None:
    """List the tables and views of the dataset DIR, with their columns."""
    need("pyarrow", "duckdb")
    from clausecheck.archive.dataset import Dataset
    from clausecheck.archive.query import connect, list_tables

    with connect(Dataset.open(folder)) as connection:
        print_text(list_tables(connection))
