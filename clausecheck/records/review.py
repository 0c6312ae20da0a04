"""The record of one reviewed document, which every report is drawn from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from clausecheck.records.acceptance import Unused
from clausecheck.records.finding import Balanced, BalanceIndex, Finding, Problem, Versions
from clausecheck.records.overview import Overview
from clausecheck.records.source import Clause, Document, DocumentKind, Party, Reference, Term


@dataclass(frozen=True, slots=True)
class Review:
    """Everything found in one document. ``status`` is ``complete``, ``partial`` or ``failed``.

    ``findings`` are those of band ``finding``; ``worth_a_look`` holds the less sure ones, which a
    report counts and keeps apart. ``overview`` speaks of the document as a whole, ``kind`` of what
    sort of paper it is; a failed review has neither. ``accepted`` are findings that someone decided
    to live with, which stand in no other list; ``unused`` the acceptances that met no finding here.
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
    worth_a_look: tuple[Finding, ...] = ()
    kind: DocumentKind | None = None
    references: tuple[Reference, ...] = ()
    accepted: tuple[Finding, ...] = ()
    unused: tuple[Unused, ...] = ()
