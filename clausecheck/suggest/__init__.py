"""Propose wording: a rule's alternatives, foundations that are missing, points for both parties.

In: findings and the overview of a document. Out: the same with wording filled for this contract.
"""

from clausecheck.suggest.filler import Filler, load_placeholders
from clausecheck.suggest.overview import add_proposals, list_alternatives

__all__ = ["Filler", "add_proposals", "list_alternatives", "load_placeholders"]
