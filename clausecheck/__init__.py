"""Review services contracts for one-sided terms and propose wording for both sides.

Shows which terms shift risk, win at the other's cost, or pay for activity. Nothing leaves the
machine, and the input file is never changed.
"""

from clausecheck.errors import ClausecheckError, InputError, RuleError, SettingsError
from clausecheck.pipeline import VERSION, Checker, check, check_many, compare
from clausecheck.records import (
    Anchor,
    Balanced,
    Clause,
    Comparison,
    Document,
    Evidence,
    Finding,
    Party,
    Review,
    Suggestion,
)
from clausecheck.settings import Limits, Settings

__version__ = VERSION

__all__ = [
    "Anchor",
    "Balanced",
    "Checker",
    "Clause",
    "ClausecheckError",
    "Comparison",
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
    "compare",
]
