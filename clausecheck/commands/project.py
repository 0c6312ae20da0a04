"""The project file on the command line: the options that name it, and what follows from it.

Comes in: the nearest ``clausecheck.toml`` and what was given on the command line, which comes
first. Goes out: ``Settings``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausecheck.errors import SettingsError
from clausecheck.output import print_error
from clausecheck.settings import Settings

if TYPE_CHECKING:
    from clausecheck.project import Project
    from clausecheck.records import Acceptance

# The options that a project file may set. A password belongs in no file, and what names one
# document or one output belongs on the command line.
SETTABLE = (
    "author", "baseline", "cautions", "color", "detectors", "edition", "fail-on", "for", "format",
    "ignore", "initials", "min-severity", "ocr", "preview", "rules", "select", "sensitivity",
    "view", "why",
)  # fmt: skip
_PATHS = ("rules", "baseline")
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
    params = {name_option(param): param for param in ctx.command.params}
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


def name_option(param: click.Parameter) -> str:
    """Return the long name of an option, as a project file has it."""
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
