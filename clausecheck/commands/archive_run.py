"""The command ``clausecheck archive run``.

Comes in: inputs, the folder of a dataset, bounds. Goes out: the dataset, and exit code 3 when
anything was not checked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausecheck.commands.archive_shared import need, open_earlier, since_option
from clausecheck.commands.project import make_settings, project_options
from clausecheck.errors import ArchiveError
from clausecheck.output import EXIT_UNCHECKED, print_error, print_text

if TYPE_CHECKING:
    from clausecheck.archive.jobs import Engine
    from clausecheck.archive.run import Tally


@click.command()
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
@since_option
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
    need("pyarrow", "psutil", "tqdm")
    from clausecheck.archive.inputs import Choice
    from clausecheck.archive.run import run_archive
    from clausecheck.archive.worker import Bounds

    _refuse_own_folder(inputs, out)
    bounds = Bounds(timeout, memory)
    if since is not None:
        need("duckdb")
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
        except KeyboardInterrupt:
            print_error(f"{out}: Stopped; what was reviewed is kept. Run again to go on.")
            raise click.Abort from None
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
    dataset, back = open_earlier(since, out)
    if dataset.finished(max(back - 1, 0)) is None:
        raise ArchiveError(
            "C515", "It holds no finished run to compare with.", since, "Leave out --since."
        )


def _print_changes(out: str, since: str) -> None:
    from clausecheck.archive.changes import report_changes
    from clausecheck.archive.dataset import Dataset
    from clausecheck.archive.query import connect

    with connect(Dataset.open(out), since=open_earlier(since, out)) as connection:
        print_text(report_changes(connection))


def _tell_reason(error: OSError) -> str:
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
