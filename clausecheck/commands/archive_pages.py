"""The commands that draw pages of an archive: ``summary``, and ``report`` for one contract.

Comes in: the folder of a dataset. Goes out: HTML files that need nothing but themselves.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausecheck.commands.archive_shared import need, open_target
from clausecheck.commands.project import make_settings, project_options
from clausecheck.output import print_error, report_options
from clausecheck.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from clausecheck.archive.figures import Summary
    from clausecheck.pipeline import Checker


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("-o", "--output", metavar="FILE", required=True, help="Write the page to FILE.")
@click.option(
    "--top",
    type=click.IntRange(0, 5_000),
    default=300,
    show_default=True,
    help="How many contracts the ranked list shows.",
)
@click.option(
    "--reports",
    type=click.IntRange(0, 5_000),
    default=0,
    show_default=True,
    help="Draw the full reports of so many of them beside FILE, and link to them.",
)
@project_options
@click.pass_context
def summary(
    ctx: click.Context,
    /,
    folder: str,
    output: str,
    top: int,
    reports: int,
    baseline: str | None,
    **chosen: Any,
) -> None:
    """Draw the summary of the dataset DIR as one HTML page.

    Counts, codes by contract type and year, balance, what is missing, what was not checked, and a
    ranked list of the contracts to talk about first, each with its gravest findings.
    """
    need("pyarrow", "duckdb")
    from dataclasses import replace

    from clausecheck.archive.dataset import Dataset
    from clausecheck.archive.figures import gather_summary
    from clausecheck.archive.query import connect
    from clausecheck.archive.summary import write_summary

    dataset = Dataset.open(folder)
    with connect(dataset) as connection, open_target(output) as target:
        figures = gather_summary(connection, max(top, reports))
        if reports:
            settings = make_settings(ctx, chosen, baseline=baseline, quiet=True)
            links = _draw_reports(connection, figures, settings, Path(output), reports)
            ranked = tuple(replace(r, report=links.get(r.document, "")) for r in figures.ranked)
            figures = replace(figures, ranked=ranked)
        page = write_summary(figures, folder=folder, versions=dataset.describe_versions())
        target.write(page.encode("ascii"))


def _draw_reports(
    connection: DuckDBPyConnection, figures: Summary, settings: Settings, page: Path, count: int
) -> dict[str, str]:
    """Draw the reports of the first contracts; return a link for each that could be drawn."""
    from clausecheck.archive.source import find_document, load_document
    from clausecheck.errors import ClausecheckError
    from clausecheck.pipeline import Checker

    beside = page.with_name(page.stem + "-reports")
    beside.mkdir(mode=0o700, exist_ok=True)
    checker, links = Checker(settings), {}
    for item in figures.ranked[:count]:
        try:
            found = find_document(connection, item.document)
            path, data = load_document(found, settings.limits.max_bytes)
            name = f"{item.document[:16]}.html"
            _write_report(checker, path, data, str(beside / name))
        except ClausecheckError as error:
            print_error(str(error))
            continue
        links[item.document] = f"{quote_path(beside.name)}/{name}"
    return links


def quote_path(name: str) -> str:
    """Return a file name as a relative link: nothing in it can be a scheme or a query."""
    from urllib.parse import quote

    return "./" + quote(name)


def _write_report(checker: Checker, path: str, data: bytes, output: str) -> None:
    from clausecheck.report import FORMATS

    review = checker.check(data, name=path)
    with open_target(output) as target:
        for text in FORMATS["html"]([review], report_options(output=output)):
            target.write(text.encode("utf-8", "backslashreplace"))


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("document", metavar="PATH")
@click.option("-o", "--output", metavar="FILE", required=True, help="Write the page to FILE.")
@project_options
@click.pass_context
def report(
    ctx: click.Context, /, folder: str, document: str, output: str, baseline: str | None,
    **chosen: Any,
) -> None:  # fmt: skip
    """Draw the full HTML report of one document of the dataset DIR.

    PATH is the file as the dataset lists it, the end of its path, or its SHA-256. The file is read
    again where it lies, also inside a zip file or a mail.
    """
    need("pyarrow", "duckdb")
    from clausecheck.archive.dataset import Dataset
    from clausecheck.archive.query import connect
    from clausecheck.archive.source import find_document, load_document
    from clausecheck.pipeline import Checker

    settings = make_settings(ctx, chosen, baseline=baseline, quiet=True)
    with connect(Dataset.open(folder)) as connection:
        found = find_document(connection, document)
    path, data = load_document(found, settings.limits.max_bytes)
    _write_report(Checker(settings), path, data, output)
