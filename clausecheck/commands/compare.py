"""The command ``clausecheck compare OLD NEW``.

Comes in: two files and the options of a review. Goes out: the comparison as a report, and an exit
code that tells whether the new draft brought or hardened a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from clausecheck.commands.project import make_settings, project_options
from clausecheck.copies import ComparisonCopy, CopyOptions, author_options
from clausecheck.output import (
    EXIT_FINDINGS,
    EXIT_UNCHECKED,
    STDIN,
    guess_format,
    open_output,
    print_error,
    report_options,
    use_color,
)
from clausecheck.settings import Settings

if TYPE_CHECKING:
    from clausecheck.records import Comparison
    from clausecheck.report.layout import ReportOptions

_FORMATS = ("terminal", "html", "json")


def make_compare(settings_params: Sequence[click.Parameter]) -> click.Command:
    """Return the command, with the options that choose how each draft is reviewed."""

    @click.command()
    @click.argument("old")
    @click.argument("new")
    @click.option(
        "--format",
        "format_name",
        type=click.Choice(_FORMATS),
        help="How to write the report; told by the ending of FILE of --output, else terminal.",
    )
    @click.option("-o", "--output", metavar="FILE", help="Write the report to FILE.")
    @click.option(
        "--word",
        metavar="FILE",
        help="Write a copy of NEW, a Word file, with comments on what changed to FILE.",
    )
    @author_options
    @click.option(
        "--fail-on",
        type=click.Choice(["1", "2", "3", "4", "5", "never"]),
        default="1",
        show_default=True,
        help="Exit 1 when a new or hardened finding has at least this severity.",
    )
    @click.option(
        "--color/--no-color", default=None, help="Colour on or off. [default: on a terminal]"
    )
    @click.option("-q", "--quiet", is_flag=True, help="Print errors only; the exit code tells.")
    @project_options
    @click.pass_context
    def compare(
        ctx: click.Context,
        /,
        old: str,
        new: str,
        format_name: str | None,
        output: str | None,
        fail_on: str,
        color: bool | None,
        quiet: bool,
        baseline: str | None,
        word: str | None,
        author: str,
        initials: str,
        date: str,
        **chosen: Any,
    ) -> None:
        """Compare two drafts of a contract, in any formats.

        Shows which clauses moved, were renumbered, reworded, split, merged, added or removed, and
        which findings are resolved, new, softened or hardened. Between two Word files it also lists
        what was changed without tracking, and with --word comments on all of it in a copy of NEW.
        """
        settings = make_settings(ctx, chosen, baseline=baseline, quiet=quiet)
        if format_name is None:
            format_name = _guess_format(output)
        copy = CopyOptions(word, author=author, initials=initials, date=date)
        copies = ComparisonCopy(copy, old, new, output=output)
        comparison = _compare(settings, old, new)
        copies.write(comparison, limits=settings.limits, quiet=quiet)
        options = report_options(output=output, color=use_color(color, output))
        with open_output(output, (old, new)) as write:
            for text in _write(format_name, comparison, options):
                if output is not None or not quiet:
                    write(text)
        ctx.exit(_tell_exit(comparison, fail_on))

    compare.params += settings_params
    return compare


def _compare(settings: Settings, old: str, new: str) -> Comparison:
    from clausecheck.pipeline import Checker

    if STDIN in (old, new):
        raise click.UsageError("compare reads two files; save what comes on standard input first.")
    comparison = Checker(settings).compare(old, new)
    for review in (comparison.old, comparison.new):
        for gap in review.problems:
            print_error(
                f"{review.document.name}: {gap.where}: {gap.message} {gap.advice} [{gap.code}]"
            )
    return comparison


def _guess_format(output: str | None) -> str:
    name = guess_format(output)
    if name not in _FORMATS:
        raise click.UsageError(
            f"A comparison is not written as {name}. Name FILE .html or .json, or give --format."
        )
    return name


def _write(format_name: str, comparison: Comparison, options: ReportOptions) -> Iterator[str]:
    if format_name == "json":
        from clausecheck.report.comparison_json import write_comparison_json

        return write_comparison_json(comparison, options)
    if format_name == "html":
        from clausecheck.report.html.comparison import write_comparison_page

        return write_comparison_page(comparison, options)
    from clausecheck.report.comparison import write_comparison

    return write_comparison(comparison, options)


def _tell_exit(comparison: Comparison, fail_on: str) -> int:
    if any(review.status != "complete" for review in (comparison.old, comparison.new)):
        return EXIT_UNCHECKED
    least = 6 if fail_on == "never" else int(fail_on)
    worse = any(
        change.status in ("new", "hardened")
        and change.new is not None
        and change.new.family != "CO"
        and change.new.severity >= least
        for change in comparison.findings
    )
    return EXIT_FINDINGS if worse else 0
