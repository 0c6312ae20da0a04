"""What someone decided about a finding: that it may stand, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Source = Literal["project", "baseline", "reply"]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One finding that may stand: which rule, on which words, why, by whom and until when.

    ``clause`` is the fingerprint of the clause's words (``Finding.fingerprint``), so that an
    acceptance ends when the words change and survives a new number. Each accepts one finding of a
    document; the same one twice accepts two. ``until`` is the last day it holds (ISO 8601), empty
    for no end. ``document`` is the name of the one file it holds for, empty for all. ``source``
    tells whether it stands in the project file, in a baseline, or in the Word file as a reply.
    """

    rule: str
    clause: str
    reason: str
    who: str = ""
    until: str = ""
    document: str = ""
    source: Source = "project"


@dataclass(frozen=True, slots=True)
class Unused:
    """An acceptance that set nothing aside in this document, and why.

    ``why`` is ``ended`` (its last day has passed), ``changed`` (no clause has these words) or
    ``gone`` (the clause is there and no longer has this finding).
    """

    acceptance: Acceptance
    why: Literal["ended", "changed", "gone"]
