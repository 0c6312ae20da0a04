"""The command ``clausecheck settings``: what is in force here, and where each value comes from.

Comes in: the options of a review and the project file. Goes out: a table, or JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from clausecheck.commands.project import SETTABLE, name_option, project_options
from clausecheck.output import print_text

if TYPE_CHECKING:
    from clausecheck.project import Project

_SOURCES = {
    ParameterSource.COMMANDLINE: "command line",
    ParameterSource.ENVIRONMENT: "environment",
    ParameterSource.DEFAULT: "default",
}


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
            for name, param in sorted((name_option(p), p) for p in ctx.command.params)
            if name in SETTABLE and param.name is not None
        ]
        if as_json:
            print_text(json.dumps(_encode(project, rows), indent=2) + "\n")
            return
        print_text("".join(line + "\n" for line in _draw(project, rows)))

    known = {param.name for param in show_settings.params}
    show_settings.params += [
        p for p in params if p.name not in known and name_option(p) in SETTABLE
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
