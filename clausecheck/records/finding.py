"""Records of what one clause says: findings with their reasons, suggestions, balanced clauses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from clausecheck.records.acceptance import Acceptance

Burden = Literal["customer", "supplier", "both", "unclear"]
Family = Literal["RS", "WL", "AB", "CO"]
Origin = Literal["rule", "model", "both"]
Band = Literal["finding", "look"]
Balance = Literal["one-sided", "partial", "mutual", "na"]
Grade = Literal["drop-in", "redraft", "discuss"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a finding.

    ``kind`` is ``pattern`` (the rule's words), ``hint`` (its broader words), ``widens``,
    ``softens``, ``mutual`` (a cue), ``term`` (a weighted word of the classifier) or ``house`` (a
    severity that the settings set). ``weight`` is the change it made: log-odds for terms, else
    severity steps. ``start`` and ``end`` are 0 when a reason has no single place.
    """

    kind: str
    start: int
    end: int
    note: str
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Test:
    """One of the six C's: 0 protective text found, 1 silent, 2 aggravated; ``note`` says why."""

    name: str
    value: int
    note: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Alternative wording for discussion, filled with this contract's own names.

    ``open`` lists the placeholders that still stand as ``[name: meaning]`` in ``text``.
    """

    text: str
    grade: Grade
    rationale: str
    norms: tuple[str, ...]
    open: tuple[str, ...] = ()
    caution: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One code on one clause: who carries it, how severe (1-5), how sure (0-1), seen by whom.

    ``burden`` is the role that carries it and ``party`` that party's name in this contract (empty
    when unresolved). For collaborative codes ``severity`` is the strength 1-3 of the mechanism.
    ``band`` is ``finding``, or ``look`` for what is less sure and only worth a look.
    ``fingerprint`` names the words of the clause, whatever its number and the format of the file;
    ``accepted`` is the decision that this finding may stand, if there is one.
    """

    code: str
    name: str
    family: Family
    clause: str
    start: int
    end: int
    burden: Burden
    party: str
    severity: int
    confidence: float
    origin: Origin
    balance: Balance
    tests: tuple[Test, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    message: str = ""
    why: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    band: Band = "finding"
    fingerprint: str = ""
    accepted: Acceptance | None = None


@dataclass(frozen=True, slots=True)
class Balanced:
    """A clause that was reviewed and found balanced, and why it was not flagged."""

    code: str
    name: str
    clause: str
    start: int
    end: int
    note: str
    other: str | None = None


@dataclass(frozen=True, slots=True)
class BalanceIndex:
    """Who carries the risk and power terms (taxonomy B.3): -1 customer, +1 supplier.

    ``supplier`` and ``customer`` are the summed weights (severity x confidence); ``reciprocity``
    is balanced clauses over balanced and one-sided ones, or ``None`` when there is neither.
    ``low`` and ``high`` bound the index when the findings are resampled (90%); ``words`` names both
    bands when they fall into different ones.
    """

    index: float
    supplier: float
    customer: float
    words: str
    reciprocity: float | None
    low: float = -1.0
    high: float = 1.0


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be done: a coded message, where, and what to do about it."""

    code: str
    message: str
    where: str
    advice: str


@dataclass(frozen=True, slots=True)
class Versions:
    """What produced a review: tool version and digests of the rules and the model."""

    tool: str
    rules: str
    model: str
