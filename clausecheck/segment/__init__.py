"""Cut a document into clauses; find its parties, defined terms, references and governing law.

Comes in: a Document. Goes out: ``Segments``. ``generic_parties`` serves a clause on its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from clausecheck.records import Clause, Document, DocumentKind, Party, Reference, Term
from clausecheck.segment.clauses import split_clauses
from clausecheck.segment.definitions import find_governing_law, find_terms
from clausecheck.segment.generic import generic_parties
from clausecheck.segment.paper import tell_kind
from clausecheck.segment.parties import find_parties
from clausecheck.segment.references import find_references, tell_stale

__all__ = [
    "Segments",
    "find_governing_law",
    "find_parties",
    "find_references",
    "find_terms",
    "generic_parties",
    "segment_document",
    "split_clauses",
    "tell_stale",
]


@dataclass(frozen=True, slots=True)
class Segments:
    """What a document is made of; ``governing_law`` is a span of its text."""

    clauses: tuple[Clause, ...]
    parties: tuple[Party, ...]
    terms: tuple[Term, ...]
    governing_law: tuple[int, int] | None
    kind: DocumentKind
    references: tuple[Reference, ...] = ()


def segment_document(document: Document) -> Segments:
    """Return the clauses, parties, defined terms and governing law of ``document``.

    >>> text = 'Agreement between Acme ("Supplier") and Zeta ("Client"). Client shall pay Supplier.'
    >>> segments = segment_document(Document("a.txt", "text/plain", "", text))
    >>> [(p.name, p.role) for p in segments.parties]
    [('Supplier', 'supplier'), ('Client', 'customer')]
    """
    clauses = split_clauses(document)
    return Segments(
        clauses,
        find_parties(document, clauses),
        find_terms(document, clauses),
        find_governing_law(document, clauses),
        tell_kind(document.text),
        find_references(document, clauses),
    )
