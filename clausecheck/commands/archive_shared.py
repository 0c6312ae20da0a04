"""What the commands on archives share: the option --since, files for answers, what has to be there.

Comes in: names from the command line. Goes out: datasets, streams, or errors that say what to do.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, cast

import click

from clausecheck.output import refuse_target

if TYPE_CHECKING:
    from clausecheck.archive.dataset import Dataset

since_option = click.option(
    "--since",
    metavar="LAST",
    help="Compare with an earlier dataset; DIR itself stands for the run before its last.",
)


def need(*modules: str) -> None:
    """Raise a usage error when what the extra brings is not there."""
    from importlib.util import find_spec

    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise click.UsageError(
            f'This needs {", ".join(missing)}: pip install "clausecheck[archive]".'
        )


def open_earlier(since: str, folder: str) -> tuple[Dataset, int]:
    """Return an earlier dataset; the same folder stands for its run before the last."""
    from clausecheck.archive.dataset import Dataset

    same = Path(since).resolve() == Path(folder).resolve()
    return Dataset.open(since), int(same)


@contextmanager
def open_target(output: str | None) -> Iterator[IO[bytes]]:
    """Give the stream for an answer; a file appears only when all is written."""
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
