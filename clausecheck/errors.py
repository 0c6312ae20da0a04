"""Coded errors that are the user's to mend: a file, a rule, a setting.

Each says what went wrong, where, and what to do. Anything else that is raised is a bug of ours.
"""

from __future__ import annotations

from clausecheck.records import Problem


class ClausecheckError(Exception):
    """An error with a ``code``, a place (``where``) and ``advice`` on what to do.

    >>> str(ClausecheckError("C101", "The file is empty.", "draft.docx", "Check the path."))
    'draft.docx: The file is empty. Check the path. [C101]'
    """

    def __init__(self, code: str, message: str, where: str, advice: str) -> None:
        super().__init__(code, message, where, advice)
        self.code, self.message, self.where, self.advice = code, message, where, advice

    def __str__(self) -> str:
        return f"{self.where}: {self.message} {self.advice} [{self.code}]"

    @property
    def problem(self) -> Problem:
        """The same as a plain record, for a review that failed."""
        return Problem(self.code, self.message, self.where, self.advice)


class InputError(ClausecheckError):
    """A source that cannot be read or reviewed (codes C1xx)."""


class RuleError(ClausecheckError):
    """A rule file that is wrong (codes C2xx); ``where`` is file:line."""


class SettingsError(ClausecheckError):
    """A setting that cannot be used (codes C3xx)."""


class ArchiveError(ClausecheckError):
    """A run or a dataset that cannot go on (codes C51x); what was written is kept."""
