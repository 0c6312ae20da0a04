"""Full-text search over the clauses of a dataset, ranked by BM25.

Comes in: a connection and what to search for. Goes out: a relation, the best clause first. DuckDB's
own search extension is no part of it and has to be fetched from the network, and its index would
have to be rebuilt after every run; so candidates are found by scanning the texts, which DuckDB does
at a gigabyte in a second or two, and only those are scored.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from clausecheck.errors import ArchiveError

if TYPE_CHECKING:
    import duckdb

# The usual constants of BM25: how fast more occurrences stop to count, how much length counts.
_K1, _B = 1.2, 0.75
_TOKEN = re.compile(r'"([^"]*)"|(\S+)')
_MOST_TERMS = 20


class Term(NamedTuple):
    """Words that must stand next to each other; the last may go on when ``prefix`` is set."""

    words: tuple[str, ...]
    prefix: bool = False

    @property
    def pattern(self) -> str:
        """A pattern (RE2) for the term as whole words."""
        body = r"[^\pL\pN]+".join(re.escape(word) for word in self.words)
        tail = r"[\pL\pN]*" if self.prefix else ""
        return rf"(?i)(?:^|[^\pL\pN]){body}{tail}(?:[^\pL\pN]|$)"


def parse_terms(text: str) -> tuple[Term, ...]:
    """Return the terms of a search: words, "phrases", and beginnings of words (indemn*).

    >>> parse_terms('liquidated "gross negligence" indemn*')[1:]
    (Term(words=('gross', 'negligence'), prefix=False), Term(words=('indemn',), prefix=True))
    """
    terms = []
    for token in _TOKEN.finditer(text):
        given = token[1] if token[1] is not None else token[2]
        words = tuple(re.findall(r"[^\W_]+", given.lower()))
        if words:
            terms.append(Term(words, given.endswith("*")))
    if not terms:
        raise ArchiveError("C530", "There is no word to search for.", "search", "Give words.")
    if len(terms) > _MOST_TERMS:
        raise ArchiveError(
            "C530", f"A search has at most {_MOST_TERMS} terms.", "search", "Give fewer words."
        )
    return tuple(terms)


def search_clauses(
    connection: duckdb.DuckDBPyConnection,
    terms: tuple[Term, ...],
    *,
    limit: int,
    some: bool = False,
) -> duckdb.DuckDBPyRelation:
    """Return the clauses that hold all terms (or ``some`` of them), with a score, best first.

    Columns: score, path (of the file), clause (number and headings), text, document, id.
    """
    counts = ", ".join(
        f"len(regexp_extract_all(text, {_quote(term.pattern)})) AS n{i}"
        for i, term in enumerate(terms)
    )
    # A plain substring first: it costs a fraction of the pattern and drops nearly everything.
    rough = " OR ".join(
        "(" + " AND ".join(f"text ILIKE {_quote(f'%{word}%')}" for word in term.words) + ")"
        for term in terms
    )
    seen = " OR ".join(f"n{i} > 0" for i in range(len(terms)))
    held = (" OR " if some else " AND ").join(f"n{i} > 0" for i in range(len(terms)))
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE found AS
        SELECT * FROM (
          SELECT document, clause, position, "end" - start AS size, {counts}
          FROM clauses WHERE {rough}
        ) WHERE {seen}
        """  # noqa: S608 - quoted
    )
    rarity = ", ".join(
        f"ln(1 + (any_value(c.total) - count(*) FILTER (n{i} > 0) + 0.5)"
        f" / (count(*) FILTER (n{i} > 0) + 0.5)) AS idf{i}"
        for i in range(len(terms))
    )
    score = " + ".join(
        f"idf{i} * n{i} * {_K1 + 1} / (n{i} + {_K1} * ({1 - _B} + {_B} * f.size / mean))"
        for i in range(len(terms))
    )
    return connection.sql(
        f"""
        WITH whole AS (
          SELECT count(*) AS total, greatest(avg("end" - start), 1) AS mean FROM clauses
        ), rarity AS (
          SELECT any_value(c.mean) AS mean, {rarity} FROM found, whole c
        ), ranked AS (
          SELECT round({score}, 3) AS score, f.document, f.clause, f.position
          FROM found f, rarity WHERE {held}
          ORDER BY score DESC, f.document, f.position LIMIT {int(limit)}
        )
        SELECT r.score, d.path, c.path AS clause, c.text, r.document, r.clause AS id
        FROM ranked r JOIN documents d USING (document)
        JOIN clauses c ON (c.document, c.clause) = (r.document, r.clause)
        ORDER BY r.score DESC, r.document, r.position
        """  # noqa: S608 - our own names and numbers
    )


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
