"""The commands ``clausecheck archive ...``: review whole archives and ask questions about them.

Comes in: the options that choose how documents are reviewed. Goes out: the group of commands. What
they need beside a review is an extra, imported inside them.
"""

from __future__ import annotations

from collections.abc import Sequence

import click

from clausecheck.commands.archive_ask import query, search, tables
from clausecheck.commands.archive_pages import report, summary
from clausecheck.commands.archive_run import run


@click.group(no_args_is_help=True)
def archive() -> None:
    """Review whole archives, and ask questions about them.

    Needs the extra: pip install "clausecheck[archive]".
    """


def make_archive(settings_params: Sequence[click.Parameter]) -> click.Group:
    """Return the group, with the options that choose how documents are reviewed."""
    for command in (run, query, search, tables, summary, report):
        archive.add_command(command)
    for command in (run, summary, report):
        known = {param.name for param in command.params}
        command.params += [param for param in settings_params if param.name not in known]
    return archive
