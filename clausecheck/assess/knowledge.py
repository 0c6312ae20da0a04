"""Load what the project knows of whole documents: the tables in ``rules/overview``, once each.

In: the name of a table. Out: its plain data. Every threshold stands in ``thresholds.yaml``.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from clausecheck.detect.rules import OVERVIEW
from clausecheck.shipped import load_data, shipped_folder


@cache
def load_table(name: str) -> Any:
    """Return the table ``rules/overview/NAME.yaml``.

    >>> load_table("thresholds")["foundations"]["meeting"]
    2
    """
    return load_data(shipped_folder("rules") / OVERVIEW / f"{name}.yaml")


def read_threshold(group: str, name: str) -> float:
    """Return one threshold."""
    return float(load_table("thresholds")[group][name])
