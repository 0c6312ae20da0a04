"""The record of one reviewed document, which every report is drawn from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from clausecheck.records.finding import Balanced, BalanceIndex, Finding, Problem, Versions
from clausecheck.records.overview import Overview
from clausecheck.records.source import Clause, Document, Party, Term


@dataclass(frozen=True, slots=True)
class Review:
    """Everything found in one document. ``status`` is ``complete``, ``partial`` or ``failed``.

    ``overview`` speaks of the document as a whole; a failed review has none.
    """

    document: Document
    status: Literal["complete", "partial", "failed"]
    parties: tuple[Party, ...] = ()
    terms: tuple[Term, ...] = ()
    clauses: tuple[Clause, ...] = ()
    findings: tuple[Finding, ...] = ()
    balanced: tuple[Balanced, ...] = ()
    balance: BalanceIndex | None = None
    governing_law: tuple[int, int] | None = None
    problems: tuple[Problem, ...] = ()
    versions: Versions = field(default_factory=lambda: Versions("", "", ""))
    overview: Overview | None = None
