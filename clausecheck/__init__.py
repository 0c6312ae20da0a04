"""clausecheck reads a services contract and shows which terms shift risk, win at the other's cost, or
pay for activity, and proposes wording that both sides can live with.

Nothing leaves the machine, and the input file is never changed.
"""

from clausecheck.errors import ClausecheckError, InputError, RuleError, SettingsError
from clausecheck.pipeline import VERSION as __version__
from clausecheck.pipeline import Checker, check, check_many
from clausecheck.records import (
    Anchor,
    Balanced,
    Clause,
    Document,
    Evidence,
    Finding,
    Party,
    Review,
    Suggestion,
)
from clausecheck.settings import Limits, Settings

__all__ = [
    "Anchor",
    "Balanced",
    "Checker",
    "Clause",
    "ClausecheckError",
    "Document",
    "Evidence",
    "Finding",
    "InputError",
    "Limits",
    "Party",
    "Review",
    "RuleError",
    "Settings",
    "SettingsError",
    "Suggestion",
    "__version__",
    "check",
    "check_many",
]
