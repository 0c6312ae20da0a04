"""The commands ``clausecheck accept`` and ``clausecheck baseline``: what may stand is written down.

Comes in: files and the options of a review. Goes out: entries in the project file, or a baseline.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausecheck.commands.project import make_settings, project_options
from clausecheck.errors import InputError, SettingsError
from clausecheck.output import (
    EXIT_UNCHECKED,
    STDIN,
    open_output,
    print_error,
    print_text,
    save_bytes,
)

if TYPE_CHECKING:
    from clausecheck.project import Project
    from clausecheck.records import Acceptance, Clause, Finding, Review


def make_accept(settings_params: Sequence[click.Parameter]) -> click.Command:
    """Return the command ``accept``, with the options that choose how the file is reviewed."""

    @click.command()
    @click.argument("file")
    @click.argument("code", required=False)
    @click.argument("clause", required=False)
    @click.option("--reason", metavar="TEXT", help="Why the finding may stand. Needed with CODE.")
    @click.option("--who", metavar="NAME", help="Who decided so. Needed with CODE.")
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
    fitting = [
        f
        for f in found
        if clause is None or clause == f.fingerprint or _is_called(clauses, f.clause, clause)
    ]
    if len({f.clause for f in fitting}) == 1:
        return fitting
    choices = "; ".join(
        f"{name_clause(clauses, f.clause)} ({f.fingerprint})" for f in (fitting or found)
    )
    message = f"{code} stands on {'more than one' if fitting else 'no such'} clause: {choices}."
    raise InputError("C152", message, name, "Name the clause by its number or fingerprint.")


def _is_called(clauses: Mapping[str, Clause], clause_id: str, said: str) -> bool:
    """Tell whether a clause may be called so: "17.2(a)", "clause 17.2 (a)", "(a)", or its path."""
    from clausecheck.report.places import name_clause

    if " ".join(said.split()) == name_clause(clauses, clause_id):
        return True
    wanted = _fold_number(
        re.sub(r"^\s*(?:clauses?|sections?|articles?|§+)\s*", "", said, flags=re.IGNORECASE)
    )
    number, at = "", clauses.get(clause_id)
    while at is not None:
        # Below "17.2" an item is "(a)"; below "17" a clause says "17.2" itself.
        number = _fold_number(at.label) + number
        if wanted and number == wanted:
            return True
        at = clauses.get(at.parent) if at.parent else None
    return False


def _fold_number(label: str) -> str:
    return re.sub(r"[\s>]+", "", label).strip(".").casefold()


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
