"""The command line: options in, reports on standard output, one line per error, an exit code.

Comes in: arguments. Goes out: 0 nothing at or above the threshold, 1 findings, 2 usage, 3 something
could not be checked. Heavy steps are imported inside the commands, so that help starts at once.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Literal

import click

from clausecheck.commands.accept import make_accept, make_baseline
from clausecheck.commands.archive import make_archive
from clausecheck.commands.compare import make_compare
from clausecheck.commands.project import config_options, make_settings, project_options
from clausecheck.commands.settings import make_show_settings
from clausecheck.copies import CopyOptions, CopyWriter, author_options
from clausecheck.errors import ClausecheckError, InputError
from clausecheck.output import (
    BUG_CODE,
    EXIT_FINDINGS,
    EXIT_UNCHECKED,
    STDIN,
    describe_bug,
    drop_output,
    guess_format,
    open_output,
    print_error,
    print_text,
    report_options,
    use_color,
)
from clausecheck.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

_DETECTORS = ("rules", "model")
# Written here too, so that help starts without the reports; a test compares them.
_FORMATS = ("terminal", "html", "markdown", "json", "csv")


class ReviewGroup(click.Group):
    """Commands, of which ``review`` is the default: what is no command is a file to review."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command in front of a first argument that is no command."""
        own = {"--help", "-h", "--version"}
        if args and args[0] not in own and args[0] not in self.commands:
            args = ["review", *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write both forms: files to review, and a command."""
        formatter.write_usage(ctx.command_path, "[OPTIONS] FILE...")
        formatter.write_usage(ctx.command_path, "COMMAND ...", prefix="       ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the default command, which are what a user looks for."""
        shown = [*self.commands["review"].params, *self.get_params(ctx)]
        options = [param for param in shown if isinstance(param, click.Option)]
        records = [record for p in options if (record := p.get_help_record(ctx)) is not None]
        with formatter.section("Options"):
            formatter.write_dl(records)
        self.format_commands(ctx, formatter)


def _print_version(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from clausecheck.pipeline import VERSION

        print_text(f"clausecheck {VERSION}\n")
        ctx.exit()


@click.group(
    cls=ReviewGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
def cli() -> None:
    """Review services contracts and propose wording for discussion.

    Finds terms that shift risk, win at the other side's cost or buy activity instead of results.
    Each FILE is a Word, PDF or text file; - is standard input. Nothing is sent anywhere and no
    input is changed. Write ./NAME for a file that is named like a command.

    Exit codes: 0 nothing at or above the threshold, 1 findings, 2 wrong usage, 3 something could
    not be checked.
    """


def _split(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (value or "").split(",") if part.strip())


def _split_detectors(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> tuple[str, ...]:
    names = _split(ctx, param, value)
    for name in names:
        if name not in _DETECTORS:
            raise click.BadParameter(f"{name!r} is not one of {', '.join(_DETECTORS)}.")
    if not names:
        raise click.BadParameter("name at least one of rules, model.")
    return tuple(name for name in _DETECTORS if name in names)


_rules_option = click.option(
    "--rules",
    "rule_dirs",
    metavar="DIR",
    multiple=True,
    help="Add a folder of rules; may be given again.",
)


@cli.command()
@click.option(
    "--format",
    "format_name",
    type=click.Choice([*_FORMATS]),
    help="How to write the report; told by the ending of FILE of --output, else terminal.",
)
@click.option(
    "--cautions/--no-cautions",
    default=True,
    show_default=True,
    help="Add enforceability cautions for counsel to check.",
)
@click.option("-o", "--output", metavar="FILE", help="Write the report to FILE.")
@click.option(
    "--edition",
    type=click.Choice(["full", "shareable"]),
    default="full",
    show_default=True,
    help="What to write: all, or for the other side open questions and balanced wording alone.",
)
@click.option(
    "--for",
    "perspective",
    type=click.Choice(["customer", "supplier", "both"]),
    default="both",
    show_default=True,
    help="Keep the findings that this side carries.",
)
@click.option(
    "--select", metavar="CODES", callback=_split, help="Only these codes or prefixes: RS,WL201."
)
@click.option("--ignore", metavar="CODES", callback=_split, help="Not these codes or prefixes.")
@click.option(
    "--min-severity",
    type=click.IntRange(1, 5),
    default=1,
    show_default=True,
    help="Leave out findings below this severity.",
)
@click.option(
    "--sensitivity",
    type=click.Choice(["precise", "balanced", "thorough"]),
    default="precise",
    show_default=True,
    help="How sure a finding must be; less sure ones are counted as worth a look.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["1", "2", "3", "4", "5", "never"]),
    default="1",
    show_default=True,
    help="Exit 1 when a finding has at least this severity.",
)
@click.option("--why", is_flag=True, help="Show the evidence behind each finding.")
@click.option(
    "--word",
    metavar="FILE",
    help="Write a copy of the Word file with a comment on each finding to FILE.",
)
@click.option(
    "--redline", is_flag=True, help="With --word: complete suggestions as tracked changes, too."
)
@click.option(
    "--add-foundations",
    is_flag=True,
    help="With --word: clauses for missing foundations as tracked insertions, too.",
)
@click.option(
    "--annotate",
    metavar="FILE",
    help="Write a copy of the PDF with a highlight and a note on each finding to FILE.",
)
@author_options
@_rules_option
@click.option("--preview", is_flag=True, help="Run the rules that are still on trial, too.")
@click.option(
    "--view",
    type=click.Choice(["final", "original"]),
    default="final",
    show_default=True,
    help="Read a Word file after or before its tracked changes.",
)
@click.option(
    "--password",
    envvar="CLAUSECHECK_PASSWORD",
    help="Password of a locked PDF, also read from CLAUSECHECK_PASSWORD; asked for if needed.",
)
@click.option(
    "--ocr",
    is_flag=True,
    help="Read pages of a PDF that are images by text recognition (needs clausecheck[ocr]).",
)
@click.option(
    "--detectors",
    metavar="NAMES",
    default="rules,model",
    show_default=True,
    callback=_split_detectors,
    help="Which detectors run.",
)
@click.option("--color/--no-color", default=None, help="Colour on or off. [default: on a terminal]")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only; the exit code tells.")
@project_options
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.pass_context
def review(
    ctx: click.Context,
    /,
    files: tuple[str, ...],
    format_name: str | None,
    output: str | None,
    fail_on: str,
    edition: Literal["full", "shareable"],
    why: bool,
    color: bool | None,
    quiet: bool,
    word: str | None,
    redline: bool,
    add_foundations: bool,
    annotate: str | None,
    author: str,
    initials: str,
    date: str,
    baseline: str | None,
    **chosen: Any,
) -> None:
    """Review each FILE: the default command."""
    if files.count(STDIN) > 1:
        raise click.UsageError("Standard input (-) can be read only once.")
    _catch_misspelt_command(files)
    # Who asks for a marked copy alone wants no report around it.
    only_copies = bool(word or annotate) and not (output or format_name or why)
    if format_name is None:
        format_name = guess_format(output)
    copy = CopyOptions(
        *(word, redline, add_foundations, annotate, author, initials, date),
        shareable=edition == "shareable",
    )
    copies = CopyWriter(copy, files, output=output)
    settings = make_settings(ctx, chosen, baseline=baseline, quiet=quiet)
    if settings.select or settings.ignore:
        _check_codes(settings)
    from clausecheck.runner import Runner

    runner = Runner(settings, threshold=6 if fail_on == "never" else int(fail_on))
    from clausecheck.report import FORMATS, SHAREABLE

    if edition == "shareable" and format_name not in SHAREABLE:
        raise click.UsageError(
            f"--edition shareable is not written as {format_name}. Name a page, -o points.html, or "
            "give --format html."
        )
    options = report_options(
        output=output, why=why, color=use_color(color, output), edition=edition
    )
    with open_output(output, files) as write:
        show_bar = len(files) > 1 and not quiet and (output or not sys.stdout.isatty())
        reviews = runner.run(files, show_bar=bool(show_bar))
        reviews = copies.follow(reviews, limits=settings.limits, quiet=quiet)
        if format_name == "terminal" and output is None:
            # The line on standard error has said all there is to say about a failed file.
            reviews = (item for item in reviews if item.status != "failed")
        for text in FORMATS[format_name](reviews, options):
            if output is not None or not (quiet or only_copies):
                write(text)
    runner.tell_unused()
    ctx.exit(runner.exit_code)


def _settings_params(command: click.Command) -> list[click.Parameter]:
    """Return the options of a command that choose how a document is reviewed."""
    return [param for param in command.params if param.name in Settings.__dataclass_fields__]


def _catch_misspelt_command(files: Sequence[str]) -> None:
    from pathlib import Path

    if Path(files[0]).exists():
        return
    near = _find_nearest(files[0], list(cli.commands), likeness=0.75)
    if near is not None:
        raise click.UsageError(f"There is no file {files[0]!r}. Did you mean {near!r}?")


def _find_nearest(word: str, known: Sequence[str], *, likeness: float = 0.5) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, known, 1, likeness)), None)


def _check_codes(settings: Settings) -> None:
    """Raise a usage error for a code that is no rule's and no prefix of one."""
    from clausecheck.detect.rules import load_rules

    known = [rule.code for rule in load_rules(settings.rule_dirs)]
    for option, codes in (("--select", settings.select), ("--ignore", settings.ignore)):
        for code in codes:
            if not any(rule.startswith(code.upper()) for rule in known):
                raise click.BadParameter(_unknown_code(code, known), param_hint=option)


def _unknown_code(code: str, known: Sequence[str]) -> str:
    # A letter that looks like a figure is the likeliest slip.
    spelt = code[:2].upper() + code[2:].upper().translate(str.maketrans("OIL", "011"))
    near = spelt if spelt in known else _find_nearest(code.upper(), known)
    hint = f" Did you mean {near}?" if near else " 'clausecheck rules' lists the codes."
    return f"There is no code {code!r}.{hint}"


@cli.command()
@click.argument("code")
@_rules_option
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["terminal", "json"]),
    default="terminal",
    show_default=True,
    help="How to write the rule.",
)
@click.option("--color/--no-color", default=None, help="Colour on or off. [default: on a terminal]")
@config_options
def explain(code: str, rule_dirs: tuple[str, ...], format_name: str, color: bool | None) -> None:
    """Explain one CODE: what it is, when it is flagged, why, and what to consider instead."""
    from clausecheck.detect.rules import load_rules
    from clausecheck.explain import draw_rule, encode_rule

    rules = {rule.code: rule for rule in load_rules(rule_dirs)}
    rule = rules.get(code.upper())
    if rule is None:
        raise click.BadParameter(_unknown_code(code, list(rules)), param_hint="CODE")
    if format_name == "json":
        _print_json(encode_rule(rule))
    else:
        print_text(draw_rule(rule, report_options(color=use_color(color, None))))


@cli.command("rules")
@_rules_option
@config_options
def list_rules(rule_dirs: tuple[str, ...]) -> None:
    """List all rules: code, name, family, usual burden, base severity, lifecycle."""
    from clausecheck.detect.rules import load_rules
    from clausecheck.explain import draw_rule_table

    print_text(draw_rule_table(load_rules(rule_dirs)))


@cli.command("test-rules")
@click.argument("rule_dirs", nargs=-1, required=True, metavar="DIR...")
@click.pass_context
def run_rule_tests(ctx: click.Context, rule_dirs: tuple[str, ...]) -> None:
    """Test the rules in each DIR on their own examples; exit 1 when one fails."""
    from clausecheck.detect.examples import check_folders

    results = check_folders(rule_dirs)
    failed = [result for result in results if not result.ok]
    for result in failed:
        print_text(f"{result.path}: {result.code}: {result.message}\n")
    print_text(f"{len(results)} tested, {len(failed)} failed\n")
    if not results:
        print_error(f"{', '.join(rule_dirs)}: no rule was found to test. Check the folder.")
    ctx.exit(EXIT_FINDINGS if failed else 0 if results else EXIT_UNCHECKED)


@cli.command()
@click.argument("labels", metavar="LABELS.jsonl")
@click.option(
    "--texts", metavar="DIR", help="Folder of the labelled texts, for labels that point into files."
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@_rules_option
@click.option(
    "--detectors",
    metavar="NAMES",
    default="rules,model",
    show_default=True,
    callback=_split_detectors,
    help="Which detectors run.",
)
@click.option(
    "--sensitivity",
    type=click.Choice(["precise", "balanced", "thorough"]),
    default="precise",
    show_default=True,
    help="How sure a finding must be to count.",
)
@click.option(
    "--alone",
    is_flag=True,
    help="Review each labelled clause by itself instead of its whole contract.",
)
@click.option("--preview", is_flag=True, help="Run the rules that are still on trial, too.")
def evaluate(labels: str, texts: str | None, as_json: bool, alone: bool, **chosen: Any) -> None:
    """Measure the detectors against the labels in LABELS.jsonl."""
    from pathlib import Path

    from clausecheck.evaluate import evaluate_labels

    settings = Settings(**chosen)
    folder = Path(texts) if texts else None
    result = evaluate_labels(Path(labels), folder, settings, alone=alone)
    if as_json:
        _print_json(result.as_dict())
    else:
        print_text(result.as_text().rstrip("\n") + "\n")


cli.add_command(make_compare(_settings_params(review)))
cli.add_command(make_accept(_settings_params(review)))
cli.add_command(make_baseline(_settings_params(review)))
cli.add_command(make_show_settings(review.params))
cli.add_command(make_archive(_settings_params(review)))


def _print_json(data: object) -> None:
    import json

    print_text(json.dumps(data, indent=2, allow_nan=False) + "\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code; never shows a traceback."""
    sys.exit(run_command(arguments))


def run_command(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    >>> run_command(["--select"])
    2
    """
    try:
        code = cli.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="clausecheck",
            standalone_mode=False,
        )
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 130
    except ClausecheckError as error:
        print_error(str(error))
        return EXIT_UNCHECKED if isinstance(error, InputError) else 2
    except (BrokenPipeError, SystemExit):
        # The reader of a pipe has gone; click tells so by leaving with 1, our code for findings.
        drop_output()
        return 141
    except OSError as error:
        print_error(f"{error.filename or 'clausecheck'}: {error.strerror}.")
        return EXIT_UNCHECKED
    except Exception as error:
        print_error(
            f"clausecheck: This is a bug in clausecheck. {describe_bug(error)} [{BUG_CODE}]"
        )
        return EXIT_UNCHECKED
    return code if isinstance(code, int) else 0
