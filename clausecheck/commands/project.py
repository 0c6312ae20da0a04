"""The project file on the command line: its options, and the commands that show and write it.

Comes in: the nearest ``clausecheck.toml`` and what was given on the command line, which comes
first. Goes out: ``Settings``; and the commands ``settings``, ``accept`` and ``baseline``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from clausecheck.errors import InputError, SettingsError
from clausecheck.output import (
    EXIT_UNCHECKED,
    STDIN,
    open_output,
    print_error,
    print_text,
    save_bytes,
)
from clausecheck.settings import Settings

if TYPE_CHECKING:
    from clausecheck.project import Project
    from clausecheck.records import Acceptance, Finding, Review

# The options that a project file may set. A password belongs in no file, and what names one
# document or one output belongs on the command line.
SETTABLE = (
    "author", "baseline", "cautions", "color", "detectors", "edition", "fail-on", "for", "format",
    "ignore", "initials", "min-severity", "ocr", "preview", "rules", "select", "sensitivity",
    "view", "why",
)  # fmt: skip
_PATHS = ("rules", "baseline")
_SOURCES = {
    ParameterSource.COMMANDLINE: "command line",
    ParameterSource.ENVIRONMENT: "environment",
    ParameterSource.DEFAULT: "default",
}
_Command = Callable[..., Any]


def config_options(command: _Command) -> _Command:
    """Add the options that say which project file is used."""
    options = (
        click.option(
            "--config",
            metavar="FILE",
            is_eager=True,
            expose_value=False,
            callback=_use_project,
            help="Settings file. [default: clausecheck.toml here or in a folder above]",
        ),
        click.option(
            "--no-config",
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_use_none,
            help="Use no settings file.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def project_options(command: _Command) -> _Command:
    """Add the options that say which project file and which baseline are used."""
    baseline = click.option(
        "--baseline",
        metavar="FILE",
        help="Set aside the findings that 'clausecheck baseline' wrote to FILE.",
    )
    return config_options(baseline(command))


def _use_none(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if asked:
        ctx.obj = None
        ctx.default_map = None
        ctx.meta["clausecheck.no_config"] = True


def _use_project(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    """Read the project file, and let it give the defaults of this command's options."""
    if ctx.resilient_parsing or ctx.meta.get("clausecheck.no_config"):
        return
    from clausecheck.project import find_project, load_project

    path = Path(value) if value is not None else find_project(Path())
    if path is None:
        return
    project = load_project(path)
    ctx.obj = project
    ctx.default_map = _list_defaults(ctx, project)


def _list_defaults(ctx: click.Context, project: Project) -> dict[str, Any]:
    params = {_name_option(param): param for param in ctx.command.params}
    defaults = {}
    for key, given in project.options.items():
        if key not in SETTABLE:
            raise _refuse(project, f"there is no setting {key!r}.", _advise(key))
        param = params.get(key)
        if param is None or param.name is None:
            continue
        if key == "format" and ctx.command.name != "review":
            continue  # other commands write other formats
        value = _as_given(project, param, given, is_path=key in _PATHS)
        try:
            param.process_value(ctx, value)
        except click.BadParameter as error:
            raise _refuse(project, f"{key}: {error.message}", "Mend that setting.") from None
        defaults[param.name] = value
    return defaults


def _as_given(project: Project, param: click.Parameter, given: Any, *, is_path: bool) -> Any:
    """Return a value of the file as the command line would give it."""
    several = [str(item) for item in given] if isinstance(given, list) else [str(given)]
    if is_path:
        several = [str(project.path.parent / item) for item in several]
    if param.multiple:
        return several
    return given if isinstance(given, bool) else ",".join(several)


def _name_option(param: click.Parameter) -> str:
    return max((name.lstrip("-") for name in param.opts), key=len)


def _refuse(project: Project, message: str, advice: str) -> SettingsError:
    return SettingsError("C331", message, str(project.path), advice)


def _advise(key: str) -> str:
    from difflib import get_close_matches

    if key == "password":
        return "A password belongs in no file: set CLAUSECHECK_PASSWORD."
    near = get_close_matches(key, SETTABLE, 1, 0.5)
    return f"Did you mean {near[0]!r}?" if near else f"Settings are {', '.join(SETTABLE)}."


def make_settings(
    ctx: click.Context, chosen: dict[str, Any], *, baseline: str | None = None, quiet: bool = False
) -> Settings:
    """Return the settings of a command: its options, and what the project file holds besides."""
    project: Project | None = ctx.obj
    accept: tuple[Acceptance, ...] = ()
    if baseline is not None:
        from clausecheck.project import load_baseline

        accept = load_baseline(Path(baseline))
    if project is None:
        return Settings(**chosen, accept=accept)
    if not quiet:
        print_error(f"Settings of {project.path} apply; 'clausecheck settings' shows them.")
    return Settings(
        **chosen,
        severity=project.severity,
        wording=project.wording,
        accept=(*project.accept, *accept),
        reviewers=project.reviewers,
        today=datetime.now().astimezone().date().isoformat(),
    )


def make_show_settings(params: Sequence[click.Parameter]) -> click.Command:
    """Return the command ``settings``, with every option that a project file may set."""

    @click.command("settings")
    @click.option("--json", "as_json", is_flag=True, help="Write JSON.")
    @project_options
    @click.pass_context
    def show_settings(ctx: click.Context, /, as_json: bool, **_chosen: Any) -> None:
        """Show the settings in force here, and where each comes from."""
        project: Project | None = ctx.obj
        rows = [
            (name, _as_text(ctx.params[param.name]), _tell_source(ctx, param.name))
            for name, param in sorted((_name_option(p), p) for p in ctx.command.params)
            if name in SETTABLE and param.name is not None
        ]
        if as_json:
            print_text(json.dumps(_encode(project, rows), indent=2) + "\n")
            return
        print_text("".join(line + "\n" for line in _draw(project, rows)))

    known = {param.name for param in show_settings.params}
    show_settings.params += [
        p for p in params if p.name not in known and _name_option(p) in SETTABLE
    ]
    return show_settings


def _as_text(value: Any) -> str:
    if value is None or value == ():
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _tell_source(ctx: click.Context, name: str) -> str:
    source = ctx.get_parameter_source(name)
    project: Project | None = ctx.obj
    if source is ParameterSource.DEFAULT_MAP and project is not None:
        return str(project.path)
    return _SOURCES.get(source, "default") if source is not None else "default"


def _draw(project: Project | None, rows: Sequence[tuple[str, str, str]]) -> Iterable[str]:
    from clausecheck.report.layout import visible

    yield f"Settings file: {visible(str(project.path)) if project else 'none'}"
    yield ""
    widths = [max(len(row[n]) for row in (*rows, ("setting", "value", ""))) for n in (0, 1)]
    for name, value, source in (("SETTING", "VALUE", "FROM"), *rows):
        yield f"{name:<{widths[0]}}  {visible(value):<{widths[1]}}  {visible(source)}"
    if project is None:
        return
    for title, lines in _list_house(project):
        if lines:
            yield ""
            yield f"{title}:"
            yield from (f"  {visible(line)}" for line in lines)


def _list_house(project: Project) -> Iterable[tuple[str, list[str]]]:
    from clausecheck.report.wording import describe_acceptance

    yield (
        "Severity",
        [
            f"{c.code}: {c.steps:+d}" if c.relative else f"{c.code}: {c.steps}"
            for c in project.severity
        ],
    )
    yield (
        "Own wording, proposed first",
        [f"{w.code} ({w.grade}): {w.text}" for w in project.wording],
    )
    yield (
        "Accepted",
        [
            f"{a.rule} on clause {a.clause}{f' of {a.document}' if a.document else ''}: "
            f"{describe_acceptance(a)}"
            for a in project.accept
        ],
    )
    yield "Replies in Word files count from", list(project.reviewers)


def _encode(project: Project | None, rows: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    return {
        "file": str(project.path) if project else None,
        "settings": [{"name": n, "value": v, "from": source} for n, v, source in rows],
        "severity": [
            {"code": c.code, "steps": c.steps, "relative": c.relative}
            for c in (project.severity if project else ())
        ],
        "wording": [
            {"code": w.code, "text": w.text, "grade": w.grade, "rationale": w.rationale}
            for w in (project.wording if project else ())
        ],
        "accept": [
            {
                "rule": a.rule, "clause": a.clause, "reason": a.reason, "who": a.who,
                "until": a.until, "document": a.document,
            }
            for a in (project.accept if project else ())
        ],
        "reviewers": list(project.reviewers) if project else [],
    }  # fmt: skip


def make_accept(settings_params: Sequence[click.Parameter]) -> click.Command:
    """Return the command ``accept``, with the options that choose how the file is reviewed."""

    @click.command()
    @click.argument("file")
    @click.argument("code", required=False)
    @click.argument("clause", required=False)
    @click.option("--reason", metavar="TEXT", help="Why the finding may stand.")
    @click.option("--who", metavar="NAME", help="Who decided so.")
    @click.option(
        "--until",
        metavar="DATE",
        type=click.DateTime(["%Y-%m-%d"]),
        help="Last day on which it holds, such as 2027-03-31.",
    )
    @click.option("--this-file", is_flag=True, help="Only for files of this name.")
    @click.option(
        "--replies",
        is_flag=True,
        help="Instead of CODE: all replies 'accept: reason' to comments in the Word file.",
    )
    @project_options
    @click.pass_context
    def accept(
        ctx: click.Context,
        /,
        file: str,
        code: str | None,
        clause: str | None,
        reason: str | None,
        who: str | None,
        until: Any,
        this_file: bool,
        replies: bool,
        baseline: str | None,
        **chosen: Any,
    ) -> None:
        """Let a finding of FILE stand: write the decision to the settings file.

        CODE is the code of the finding and CLAUSE the printed number of its clause, or the
        fingerprint that --why shows; it can be left out where only one clause has the finding. The
        decision holds for these very words, under any number and in any later draft.
        """
        from dataclasses import replace

        from clausecheck.pipeline import Checker
        from clausecheck.records import Acceptance

        if replies == (code is not None):
            raise click.UsageError("Give the CODE of a finding, or --replies.")
        if file == STDIN:
            raise click.UsageError("accept reads a file; save what comes on standard input first.")
        settings = make_settings(ctx, chosen, baseline=baseline, quiet=True)
        review = Checker(settings).check(file)
        document = Path(file).name if this_file else ""
        if replies:
            given = [f.accepted for f in review.accepted if f.accepted]
            made = [
                replace(a, source="project", document=document)
                for a in given
                if a.source == "reply" and _name_writer(a, file)
            ]
        else:
            if not reason or not reason.strip() or not who or not who.strip():
                raise click.UsageError(
                    "Say why with --reason TEXT and who decided with --who NAME."
                )
            day = until.date().isoformat() if until else ""
            made = [
                Acceptance(
                    f.code, f.fingerprint, " ".join(reason.split()), who.strip(), day, document
                )
                for f in _pick(review, str(code).upper(), clause)
            ]
        if not made:
            raise InputError(
                "C152", "no reply of it accepts a finding.", file, "See docs/project.md."
            )
        path = _append(ctx.obj, made)
        for item in made:
            print_text(f"{path}: {item.rule} on clause {item.clause} may stand.\n")

    accept.params += settings_params
    return accept


def _name_writer(acceptance: Acceptance, file: str) -> bool:
    """Tell whether a reply has an author; an acceptance without one cannot be written down."""
    if acceptance.who:
        return True
    print_error(f"{file}: a reply on {acceptance.rule} has no author; it was left out.")
    return False


def _pick(review: Review, code: str, clause: str | None) -> list[Finding]:
    """Return the findings of a code on the clause that was meant; an error lists the choices."""
    from clausecheck.report.places import contract_order, index_clauses, name_clause

    clauses = index_clauses(review)
    found = sorted((*review.findings, *review.worth_a_look), key=contract_order)
    found = [f for f in found if f.code == code and f.family != "CO"]
    name = review.document.name
    if not found:
        raise InputError(
            "C152", f"no finding {code} is open in it.", name, "Review it to see them."
        )
    wanted = (clause or "").strip(" .()").casefold()
    fitting = [
        f
        for f in found
        if clause is None
        or wanted == f.fingerprint
        or wanted == clauses[f.clause].label.strip(" .()").casefold()
    ]
    if len({f.clause for f in fitting}) == 1:
        return fitting
    choices = "; ".join(
        f"{name_clause(clauses, f.clause)} ({f.fingerprint})" for f in (fitting or found)
    )
    message = f"{code} stands on {'more than one' if fitting else 'no such'} clause: {choices}."
    raise InputError("C152", message, name, "Name the clause by its number or fingerprint.")


def _append(project: Project | None, made: Sequence[Acceptance]) -> Path:
    """Write acceptances at the end of the settings file, or in a new one here."""
    import tomllib

    from clausecheck.project import FILE_NAME, format_acceptance

    path = project.path if project else Path(FILE_NAME)
    before = path.read_text("utf-8") if project else ""
    gap = "\n" if before.endswith("\n") or not before else "\n\n"
    entries = "\n".join(format_acceptance(item) for item in made)
    after = (before + gap if before else "") + entries
    try:
        tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        raise SettingsError(
            "C332", "its accept list is written on one line, so nothing was added.", str(path),
            "Write each entry under a line [[accept]], then try again.",
        ) from None  # fmt: skip
    save_bytes("--config", str(path), after.encode())
    return path


def make_baseline(settings_params: Sequence[click.Parameter]) -> click.Command:
    """Return the command ``baseline``, with the options that choose how files are reviewed."""

    @click.command()
    @click.argument("files", nargs=-1, required=True, metavar="FILE...")
    @click.option("-o", "--output", metavar="PATH", help="Write the baseline to PATH.")
    @project_options
    @click.pass_context
    def make(
        ctx: click.Context,
        /,
        files: tuple[str, ...],
        output: str | None,
        baseline: None,
        **chosen: Any,
    ) -> None:
        """Write down the findings that each FILE has now.

        A review with --baseline PATH then reports only what is new: a finding counts as known as
        often as the baseline holds it on a clause of the same words. It holds no contract text.
        """
        del baseline  # a new baseline holds what an earlier one knew
        from clausecheck.project import encode_baseline
        from clausecheck.runner import Runner

        runner = Runner(make_settings(ctx, chosen), threshold=6)
        with open_output(output, files) as write:
            reviews = list(runner.run(files, show_bar=len(files) > 1))
            write(encode_baseline([r.findings for r in reviews]))
        ctx.exit(EXIT_UNCHECKED if runner.unchecked else 0)

    make.name = "baseline"
    make.params += settings_params
    return make
