"""What the command line shares with the world: streams, files, colour, and lines for errors.

Comes in: text. Goes out: text on standard output or in one file, in an encoding that fits.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TextIO

import click

from clausecheck.report.layout import MAX_WIDTH, ReportOptions, fit_encoding, visible

EXIT_FINDINGS, EXIT_UNCHECKED = 1, 3
STDIN = "-"
BUG_CODE = "C900"
PLAIN_COLUMNS = 80
_SUFFIXES = {
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".md": "markdown",
    ".markdown": "markdown",
    ".csv": "csv",
}
# Files of these endings are opened by programs that would refuse a text.
_FOREIGN = frozenset(
    (".doc", ".docm", ".docx", ".odt", ".parquet", ".pdf", ".rtf", ".xls", ".xlsx", ".zip")
)
_PACKAGE = Path(__file__).resolve().parent


def report_options(
    *,
    output: str | None = None,
    why: bool = False,
    color: bool = False,
    edition: Literal["full", "shareable"] = "full",
) -> ReportOptions:
    """Return options that fit the terminal: its width, or 80 columns for a file or a pipe.

    A file is opened by a spreadsheet and gets a mark of its encoding; a pipe is read by a program.
    """
    import shutil

    size = shutil.get_terminal_size((PLAIN_COLUMNS, 24)).columns
    width = PLAIN_COLUMNS if output is not None else min(size, MAX_WIDTH)
    bom = output is not None and output != STDIN
    return ReportOptions(width=width, why=why, color=color, edition=edition, bom=bom)


def guess_format(output: str | None) -> str:
    """Return the format that the name of the output file asks for.

    >>> guess_format("a.HTML"), guess_format("a.json"), guess_format("a.txt"), guess_format(None)
    ('html', 'json', 'terminal', 'terminal')
    """
    suffix = Path(output).suffix.lower() if output else ""
    if suffix in _FOREIGN:
        raise click.UsageError(
            f"A report is not written as {suffix}. Name FILE .html, .md, .json, .csv or .txt, or "
            "give --format; --word and --annotate mark copies of Word and PDF files."
        )
    return _SUFFIXES.get(suffix, "terminal")


def use_color(asked: bool | None, output: str | None) -> bool:
    """Tell whether to colour: as asked, else only on a terminal that does not refuse it."""
    if asked is not None:
        return asked
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return output is None and sys.stdout.isatty()


def print_text(text: str) -> None:
    """Write report text on standard output; what its encoding lacks becomes visible marks."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    # Colour was decided when the text was drawn; click must not strip it.
    click.echo(fit_encoding(text, encoding), nl=False, color=True)


def print_error(text: str) -> None:
    """Write one line on standard error, with nothing in it that could act on a terminal."""
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    click.echo(fit_encoding(" ".join(visible(text).split()), encoding), err=True)


def drop_output() -> None:
    """Send what is still buffered nowhere: the reader of a pipe has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def describe_bug(error: Exception) -> str:
    """Return what to report about an unexpected error: its type and place, no contract text.

    >>> try:
    ...     [][0]
    ... except IndexError as error:
    ...     describe_bug(error).split(";")[0]
    'Please report it with this line: IndexError'
    """
    place = ""
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(_PACKAGE):
            place = f"; {path.relative_to(_PACKAGE.parent).as_posix()}:{frame.lineno}"
    return f"Please report it with this line: {type(error).__name__}{place}"


@contextmanager
def open_output(output: str | None, inputs: Sequence[str]) -> Iterator[Callable[[str], None]]:
    """Give a function that writes report text: to standard output, or to the file ``output``.

    The file appears only when all is written; an error leaves what was there. Raises a usage
    error when ``output`` is one of ``inputs``, a folder, or in a folder that does not exist.
    """
    if output is None or output == "-":
        yield print_text
        return
    target = Path(output)
    refuse_target("--output", target, inputs)
    if target.exists() and not target.is_file():
        with target.open("w", encoding="utf-8", newline="\n") as stream:
            yield _writer(stream)
        return
    # Replace the file that a link points to, not the link.
    target = target.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with draft.open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            yield _writer(stream)
        draft.replace(target)
    except OSError as error:
        raise click.UsageError(f"Cannot write {output}: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)


def _writer(stream: TextIO) -> Callable[[str], None]:
    def write(text: str) -> None:
        stream.write(text)

    return write


def save_bytes(option: str, output: str, data: bytes) -> None:
    """Write ``data`` to the file ``output``, all or nothing. ``option`` is named in errors."""
    target = Path(output).resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(data)
        draft.replace(target)
    except OSError as error:
        raise click.UsageError(f"{option} {output}: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)


def refuse_target(option: str, target: Path, inputs: Sequence[str]) -> None:
    """Raise a usage error for an output that is an input, a folder, or in no folder."""
    if target.is_dir():
        raise click.UsageError(f"{option} {target} is a folder.")
    if not target.parent.is_dir():
        raise click.UsageError(f"{option} {target}: there is no folder {target.parent}.")
    for name in inputs:
        source = Path(name)
        if target.exists() and source.exists() and target.samefile(source):
            raise click.UsageError(f"{option} {target} is an input file; name another file.")
