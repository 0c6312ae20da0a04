"""Hits and clauses made by hand, so that the tests of weighing do not hang on any rule."""

from __future__ import annotations

from typing import Any

from clausecheck.detect.match import Hit
from clausecheck.records import Clause


def make_hit(code: str, clause: int, burden: str = "supplier", **changed: Any) -> Hit:
    """Return a flag of severity 3 on a clause, carried by a role or by a symbol such as "@p1"."""
    role = burden if burden in ("customer", "supplier", "both") else "unclear"
    symbol = burden if burden.startswith("@") else {"both": ""}.get(burden, "@" + burden[0])
    given: dict[str, Any] = {
        "code": code, "clause": clause, "start": 0, "end": 1, "verdict": "flag", "burden": role,
        "symbol": symbol, "actor": symbol, "severity": 3, "balance": "one-sided", "tests": (),
        "evidence": (),
    }  # fmt: skip
    return Hit(**{**given, **changed})


def make_clauses(*rows: str) -> tuple[list[Clause], str]:
    """Return clauses and their text from rows such as ``label|parent row|words``.

    The label "Schedule ..." makes the clause a schedule; an empty parent puts it at the top.
    """
    clauses, text = [], ""
    for number, row in enumerate(rows):
        label, parent, words = row.split("|")
        start = len(text)
        text += f"{label} {words}".strip() + "\n"
        clauses.append(
            Clause(
                f"c{number}", label, "",
                "schedule" if label.startswith("Schedule") else "operative",
                f"c{parent}" if parent else None, start, len(text) - 1,
            )
        )  # fmt: skip
    return clauses, text
