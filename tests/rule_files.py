"""Write small rule files, so that a test need not hang on the shipped rules."""

from __future__ import annotations

import json
from pathlib import Path


def write_rule(
    folder: Path,
    code: str,
    pattern: str,
    *,
    carries: str = "A",
    base: int = 3,
    message: str = "As drafted, only {burdened} carries this and {other} does not.",
    alternative: str = "{customer} and {supplier} shall share {cap_amount}.",
) -> Path:
    """Write one stable rule whose anchor is the last word of its pattern; return its path."""
    rule = {
        "code": code, "name": f"Rule {code}", "lifecycle": "stable", "carries": carries,
        "base": base, "definition": "d", "flag_when": "f", "do_not_flag": "n", "why": "w",
        "message": message, "anchors": [pattern.split()[-1]], "patterns": [pattern],
        "alternatives": [
            {"text": alternative, "grade": "redraft", "rationale": "r", "norms": ["equity"]}
        ],
        "examples": {"flag": ["[[Vendor shall carry]] it."], "pass": ["Nothing."]},
    }  # fmt: skip
    path = folder / f"{code}.yaml"
    path.write_text(json.dumps(rule), "utf-8")  # JSON is YAML
    return path
