"""The commands ``clausecheck archive ...``: review whole archives and ask questions about them.

Comes in: inputs, a dataset's folder, options. Goes out: the dataset, answers, and an exit code: 3
when anything was not checked. What these commands need beside a review is an extra.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

import click

from clausecheck.commands.project import make_settings, project_options
from clausecheck.errors import ArchiveError
from clausecheck.output import (
    EXIT_UNCHECKED,
    guess_format,
    print_error,
    print_text,
    refuse_target,
    report_options,
)
from clausecheck.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from clausecheck.archive.dataset import Dataset
    from clausecheck.archive.figures import Summary
    from clausecheck.archive.jobs import Engine
    from clausecheck.archive.run import Tally
    from clausecheck.pipeline import Checker

# Written here too, so that help starts without the rest; a test compares them.
_FORMATS = ("table", "csv", "json", "parquet", "xlsx")
_SNIPPET = 400
_ENDINGS = {
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}


def make_archive(settings_params: Sequence[click.Parameter]) -> click.Group:
    """Return the group of commands, with the options that choose how documents are reviewed."""
    for command in (run, summary, report):
        known = {param.name for param in command.params}
        command.params += [param for param in settings_params if param.name not in known]
    return archive


_since_option = click.option(
    "--since",
    metavar="LAST",
    help="Compare with an earlier dataset; DIR itself stands for the run before its last.",
)


@click.group(no_args_is_help=True)
def archive() -> None:
    """Review whole archives, and ask questions about them.

    Needs the extra: pip install "clausecheck[archive]".
    """


@archive.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--out", metavar="DIR", required=True, help="Folder of the dataset, new or known.")
@click.option(
    "--workers", type=click.IntRange(1, 512), help="Processes. [default: what the machine bears]"
)
@click.option(
    "--timeout",
    type=click.FloatRange(1, 86_400),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="How long one document may take.",
)
@click.option(
    "--memory",
    type=click.IntRange(300, 1_000_000),
    default=2_000,
    show_default=True,
    metavar="MB",
    help="How much memory the process of one document may use.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="What runs the processes: this machine, or Ray (needs clausecheck[ray]).",
)
@click.option("--address", metavar="HOST:PORT", help="A Ray cluster. [default: one made here]")
@click.option("--include", multiple=True, metavar="PATTERN", help="Only such files: '*.docx'.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Not such files: '*.jpg'.")
@click.option("--retry-failed", is_flag=True, help="Review again what could not be checked before.")
@_since_option
@click.option("-q", "--quiet", is_flag=True, help="Print errors only; the exit code tells.")
@project_options
@click.pass_context
def run(
    ctx: click.Context,
    /,
    inputs: tuple[str, ...],
    out: str,
    workers: int | None,
    timeout: float,
    memory: int,
    engine: str,
    address: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    retry_failed: bool,
    since: str | None,
    quiet: bool,
    baseline: str | None,
    **chosen: Any,
) -> None:
    """Review every INPUT into the dataset DIR; go on where an earlier run ended.

    An INPUT is a file, folder or pattern, a zip or tar file, a mail (.eml, .msg), or the address
    of an object store (s3://bucket/folder). The dataset shows the inputs of its last finished run:
    name all of them again next time; what is known by content is not reviewed again.

    Exit codes: 0 everything was checked, 2 wrong usage, 3 something was not checked.
    """
    _need("pyarrow", "psutil", "tqdm")
    from clausecheck.archive.inputs import Choice
    from clausecheck.archive.run import run_archive
    from clausecheck.archive.worker import Bounds

    _refuse_own_folder(inputs, out)
    bounds = Bounds(timeout, memory)
    if since is not None:
        _need("duckdb")
        _check_earlier(since, out)
    settings = make_settings(ctx, chosen, baseline=baseline, quiet=quiet)
    with _show_progress(quiet=quiet) as progress:
        try:
            tally = run_archive(
                inputs, Path(out), settings, _choose_engine(engine, address, workers),
                bounds=bounds, progress=progress, choice=Choice(include, exclude),
                retry_failed=retry_failed,
            )  # fmt: skip
        except ArchiveError as error:
            if error.code != "C512":
                raise
            print_error(str(error))
            ctx.exit(EXIT_UNCHECKED)
        except OSError as error:
            print_error(
                f"{out}: The dataset cannot be written ({_tell_reason(error)}). What was published "
                "is kept; make room and run again. [C519]"
            )
            ctx.exit(EXIT_UNCHECKED)
    if not quiet:
        _print_tally(tally)
        if since is not None:
            _print_changes(out, since)
        _print_unchecked(out, tally)
    ctx.exit(EXIT_UNCHECKED if tally.unchecked or not tally.files else 0)


def _check_earlier(since: str, out: str) -> None:
    """Raise an error at once when there is nothing to compare with after the run."""
    dataset, back = _open_earlier(since, out)
    if dataset.finished(max(back - 1, 0)) is None:
        raise ArchiveError(
            "C515", "It holds no finished run to compare with.", since, "Leave out --since."
        )


def _print_changes(out: str, since: str) -> None:
    from clausecheck.archive.changes import report_changes
    from clausecheck.archive.dataset import Dataset
    from clausecheck.archive.query import connect

    with connect(Dataset.open(out), since=_open_earlier(since, out)) as connection:
        print_text(report_changes(connection))


def _tell_reason(error: OSError) -> str:
    import os

    return os.strerror(error.errno) if error.errno else str(error).split(":")[0]


def _choose_engine(name: str, address: str | None, workers: int | None) -> Engine:
    """Return the engine of that name; raises a usage error when what it needs is not there."""
    from functools import partial

    if name == "local":
        from clausecheck.archive.local import count_workers, run_local

        if address is not None:
            raise click.UsageError("--address is for --engine ray.")
        return partial(run_local, workers=workers or count_workers())
    from importlib.util import find_spec

    if find_spec("ray") is None:
        raise click.UsageError('This needs ray: pip install "clausecheck[ray]".')
    from clausecheck.archive.cluster import run_ray

    return partial(run_ray, address=address, workers=workers)


def _refuse_own_folder(inputs: Sequence[str], out: str) -> None:
    """Refuse a dataset inside an input: the next run would review it."""
    target = Path(out).resolve()
    for name in inputs:
        source = Path(name)
        if "://" not in name and source.is_dir() and target.is_relative_to(source.resolve()):
            raise click.UsageError(f"--out {out} lies inside the input {name}; choose another.")


class _Progress:
    """A bar with rate and time left on a terminal, nothing elsewhere."""

    def __init__(self, bar: Any) -> None:
        self._bar, self._failed = bar, 0

    def expect(self, files: int) -> None:
        """Tell how many files there are."""
        self._bar.total = files
        self._bar.refresh()

    def advance(self, files: int, reviewed: int, failed: int) -> None:
        """Count files that are through."""
        del reviewed
        self._failed += failed
        if failed:
            self._bar.set_postfix(failed=self._failed, refresh=False)
        self._bar.update(files)


@contextmanager
def _show_progress(*, quiet: bool) -> Iterator[_Progress]:
    from tqdm import tqdm

    # ``disable=None`` is tqdm's word for: only on a terminal.
    off = True if quiet else None
    with tqdm(unit="file", desc="Reviewing", disable=off, smoothing=0.05, file=sys.stderr) as bar:
        yield _Progress(bar)


def _print_tally(tally: Tally) -> None:
    rate = f", {tally.reviewed / tally.seconds:.1f} a second" if tally.reviewed else ""
    print_text(
        f"{tally.files:,} files, {tally.documents:,} different documents; "
        f"{tally.reviewed:,} reviewed now in {tally.seconds:,.0f} s{rate}.\n"
    )


def _print_unchecked(out: str, tally: Tally) -> None:
    if not tally.files:
        print_error("No file was found to check. Name a folder, or look at --include.")
    if not tally.unchecked:
        return
    print_error(
        f"Not checked: {tally.failed:,} documents and {tally.unreadable:,} files that could not be "
        f"read; {tally.partial:,} documents in part. 'clausecheck archive query {out} unchecked' "
        "tells why."
    )


@archive.command()
@click.argument("folder", metavar="DIR")
@click.argument("sql")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE; its ending tells the format.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="How to write the answer; by the ending of --output, else table.",
)
@_since_option
def query(folder: str, sql: str, output: str | None, form: str | None, since: str | None) -> None:
    """Ask the dataset DIR a question in SQL, or show a table or view by its name.

    'clausecheck archive tables DIR' lists what there is. A query reads the dataset and nothing
    else; it changes nothing. With --since, changed_files and changed_findings tell what changed.
    """
    _need("pyarrow", "duckdb")
    from clausecheck.archive.dataset import Dataset
    from clausecheck.archive.export import write_answer
    from clausecheck.archive.query import connect, run_query

    form = form or _guess_form(output)
    form = _fit_format(form, output)
    dataset = Dataset.open(folder)
    earlier = _open_earlier(since, folder) if since else None
    with connect(dataset, since=earlier) as connection, _open_target(output) as target:
        write_answer(run_query(connection, sql), form, target, bom=output is not None)


def _guess_form(output: str | None) -> str:
    """Return the form that the name of a file asks for; refuse one that other programs own."""
    form = _ENDINGS.get(Path(output or "").suffix.lower())
    if form is None:
        guess_format(output)
    return form or "table"


def _fit_format(form: str, output: str | None) -> str:
    from clausecheck.archive.export import BINARY

    if output is None and form in BINARY:
        raise click.UsageError(f"Name a file for {form}: -o answer.{form}.")
    return form


def _open_earlier(since: str, folder: str) -> tuple[Dataset, int]:
    """Return an earlier dataset; the same folder stands for its run before the last."""
    from clausecheck.archive.dataset import Dataset

    same = Path(since).resolve() == Path(folder).resolve()
    return Dataset.open(since), int(same)


@archive.command()
@click.argument("folder", metavar="DIR")
@click.argument("words", nargs=-1, required=True)
@click.option("--any", "some", is_flag=True, help="Clauses with some of the words, not all.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE; its ending tells the format.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="How to write the answer; by the ending of --output, else a list.",
)
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
    _need("pyarrow", "duckdb")
    from clausecheck.archive.dataset import Dataset
    from clausecheck.archive.export import write_answer
    from clausecheck.archive.query import connect
    from clausecheck.archive.search import parse_terms, search_clauses

    # What the shell took the quotes from is a phrase all the same.
    given = " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words)
    with connect(Dataset.open(folder)) as connection, _open_target(output) as target:
        answer = search_clauses(connection, parse_terms(given), limit=limit, some=some)
        if form is None and output is None:
            print_text(_list_clauses(answer.fetchall()))
        else:
            form = form or _guess_form(output)
            write_answer(answer, _fit_format(form, output), target, bom=output is not None)


def _list_clauses(rows: Sequence[tuple[Any, ...]]) -> str:
    from clausecheck.report.layout import cut_middle, fold

    lines = [
        f"{score:6.2f}  {fold(path or document)}\n        {fold(clause)}\n"
        f"        {cut_middle(fold(text), _SNIPPET)}\n"
        for score, path, clause, text, document, _ in rows
    ]
    return "".join(lines) + f"({len(rows)} clauses)\n"


@archive.command()
@click.argument("folder", metavar="DIR")
def tables(folder: str) -> None:
    """List the tables and views of the dataset DIR, with their columns."""
    _need("pyarrow", "duckdb")
    from clausecheck.archive.dataset import Dataset
    from clausecheck.archive.query import connect, list_tables

    with connect(Dataset.open(folder)) as connection:
        print_text(list_tables(connection))


@archive.command()
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
    _need("pyarrow", "duckdb")
    from dataclasses import replace

    from clausecheck.archive.dataset import Dataset
    from clausecheck.archive.figures import gather_summary
    from clausecheck.archive.query import connect
    from clausecheck.archive.summary import write_summary

    dataset = Dataset.open(folder)
    with connect(dataset) as connection, _open_target(output) as target:
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
    with _open_target(output) as target:
        for text in FORMATS["html"]([review], report_options(output=output)):
            target.write(text.encode("utf-8", "backslashreplace"))


@archive.command()
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
    _need("pyarrow", "duckdb")
    from clausecheck.archive.dataset import Dataset
    from clausecheck.archive.query import connect
    from clausecheck.archive.source import find_document, load_document
    from clausecheck.pipeline import Checker

    settings = make_settings(ctx, chosen, baseline=baseline, quiet=True)
    with connect(Dataset.open(folder)) as connection:
        found = find_document(connection, document)
    path, data = load_document(found, settings.limits.max_bytes)
    _write_report(Checker(settings), path, data, output)


@contextmanager
def _open_target(output: str | None) -> Iterator[IO[bytes]]:
    """Give the stream for an answer; a file appears only when all is written."""
    import os

    if output is None or output == "-":
        sys.stdout.flush()
        yield cast("BinaryIO", sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    target = Path(output)
    refuse_target("--output", target, ())
    target = target.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with draft.open("xb") as stream:
            draft.chmod(0o600)
            yield stream
        draft.replace(target)
    except OSError as error:
        raise click.UsageError(f"Cannot write {output}: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)


def _need(*modules: str) -> None:
    """Raise a usage error when what the extra brings is not there."""
    from importlib.util import find_spec

    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise click.UsageError(
            f'This needs {", ".join(missing)}: pip install "clausecheck[archive]".'
        )
