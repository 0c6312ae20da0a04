"""Load what the project knows of whole documents: the tables in ``rules/overview``, once each.

In: the name of a table. Out: its plain data. Every threshold stands in ``thresholds.yaml``.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from clausecheck.detect.rules import OVERVIEW, shipped_folder


@cache
def load_table(name: str) -> Any:
    """Return the table ``rules/overview/NAME.yaml``.

    >>> load_table("thresholds")["foundations"]["meeting"]
    2
    """
    source = (shipped_folder("rules") / OVERVIEW / f"{name}.yaml").read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(source, Loader=loader)  # noqa: S506 - safe loaders both


def read_threshold(group: str, name: str) -> float:
    """Return one threshold."""
    return float(load_table("thresholds")[group][name])
