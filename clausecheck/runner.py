"""Review files one by one for the command line and work out the exit code.

Comes in: names of files and ``Settings``. Goes out: one ``Review`` per name, failures included, and
one line on standard error for whatever could not be checked.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import click

from clausecheck.errors import ClausecheckError
from clausecheck.output import (
    BUG_CODE,
    EXIT_FINDINGS,
    EXIT_UNCHECKED,
    STDIN,
    describe_bug,
    print_error,
)
from clausecheck.pipeline import Checker
from clausecheck.records import Acceptance, Document, Problem, Review
from clausecheck.settings import Settings

STDIN_NAME = "standard input"
# What the PDF reader answers when a document is locked.
PASSWORD_CODE = "C112"  # noqa: S105 - a code, not a password


class Runner:
    """Reviews files one by one; one that fails costs only itself. Counts towards the exit code."""

    def __init__(self, settings: Settings, *, threshold: int) -> None:
        self.checker: Checker = Checker(settings)
        self.threshold = threshold
        self.found = self.unchecked = False
        self._started = False
        # Acceptances of the project that no document so far has used.
        self._idle: set[Acceptance] | None = None
        if "rules" in settings.detectors and not self.checker.rules:
            raise click.UsageError("These options switch every rule off; nothing would be checked.")

    @property
    def exit_code(self) -> int:
        """3 when anything could not be checked, else 1 when anything was found, else 0."""
        if self.unchecked:
            return EXIT_UNCHECKED
        return EXIT_FINDINGS if self.found else 0

    def run(self, files: Sequence[str], *, show_bar: bool) -> Iterator[Review]:
        """Yield one review per file, and report what went wrong on standard error."""
        if show_bar and sys.stderr.isatty():
            with click.progressbar(files, label="Reviewing", file=sys.stderr) as bar:
                for name in bar:
                    yield self._review(name)
        else:
            for name in files:
                yield self._review(name)

    def _review(self, name: str) -> Review:
        shown = STDIN_NAME if name == STDIN else name
        try:
            with _pause_collector(wanted=not self._started):
                made = self._check(name)
            self._started = True
        except ClausecheckError as error:
            problem = error.problem
        except Exception as error:  # a bug of ours must not cost the other files
            problem = Problem(BUG_CODE, "This is a bug in clausecheck.", shown, describe_bug(error))
        else:
            for gap in made.problems:
                print_error(f"{shown}: {gap.where}: {gap.message} {gap.advice} [{gap.code}]")
            self.unchecked |= made.status != "complete"
            self._note_unused(made)
            self.found |= any(
                f.family != "CO" and f.severity >= self.threshold for f in made.findings
            )
            return made
        self.unchecked = True
        print_error(f"{problem.where}: {problem.message} {problem.advice} [{problem.code}]")
        return Review(Document(shown, "", "", ""), "failed", problems=(problem,))

    def _note_unused(self, made: Review) -> None:
        idle = {u.acceptance for u in made.unused if u.why == "changed"}
        self._idle = idle if self._idle is None else self._idle & idle

    def tell_unused(self) -> None:
        """Report the acceptances whose clause no document had, so that none is kept for nothing."""
        for item in self.checker.settings.accept:
            if item.source == "project" and item in (self._idle or ()):
                print_error(
                    f"The acceptance of {item.rule} on clause {item.clause} ({item.who}: "
                    f"{item.reason}) was not used: no clause has these words. Decide again, or "
                    "take it out of the settings file."
                )

    def _check(self, name: str) -> Review:
        if name == STDIN:
            return self.checker.check(sys.stdin.buffer, name=STDIN_NAME)
        try:
            return self.checker.check(name)
        except ClausecheckError as error:
            if error.code != PASSWORD_CODE or not sys.stdin.isatty():
                raise
        password = click.prompt(f"Password of {name}", hide_input=True, err=True)
        return Checker(replace(self.checker.settings, password=password)).check(name)


@contextmanager
def _pause_collector(*, wanted: bool) -> Iterator[None]:
    """Spare the first review the search for garbage among libraries, rules and model.

    They are loaded on the way and stay for good; searching them took a tenth of a cold start.
    """
    wanted = wanted and gc.isenabled()
    if wanted:
        gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.freeze()
            gc.enable()
