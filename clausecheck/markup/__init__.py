"""Writes a review back into a copy of its own source: Word comments and changes, PDF notes."""
