"""The views that every query finds beside the tables: what a legal team asks first.

Comes in: nothing. Goes out: SQL for DuckDB. ``docs/archive.md`` shows their names and meanings.
"""

from __future__ import annotations

from typing import NamedTuple


class View(NamedTuple):
    """A view: its name, what it answers, and its query."""

    name: str
    meaning: str
    sql: str


# How far a contract stands from even terms, in points that a reader can add up again: 3, 2 and 1
# for each kind of finding of severity 5, 4 and 3 (a code counts once, however often it stands),
# 10 times the balance without its sign, and 1 for each missing foundation.
_POINTS = (
    "3 * fives + 2 * fours + threes + round(10 * abs(coalesce(balance, 0)))::int"
    " + coalesce(foundations_missing, 0)"
)

VIEWS = (
    View(
        "worst_contracts",
        "contracts to talk about first: points, and the reasons they add up from",
        f"""
        WITH counted AS (
          SELECT *, [c FOR c IN codes IF c.family <> 'CO'] AS tensions FROM documents
          WHERE status <> 'failed' AND within
        ), scored AS (
          SELECT *, len([1 FOR c IN tensions IF c.worst = 5])::int AS fives,
            len([1 FOR c IN tensions IF c.worst = 4])::int AS fours,
            len([1 FOR c IN tensions IF c.worst = 3])::int AS threes,
            [s.code FOR s IN list_sort([
              {{'order': -c.worst, 'code': c.code}} FOR c IN tensions IF c.worst >= 3
            ])][:5] AS gravest
          FROM counted
        )
        SELECT document, path, title, contract_type, year, customer, supplier,
          {_POINTS} AS points, fives, fours, threes, gravest, balance, foundations_missing,
          findings, copies, group_size
        FROM scored ORDER BY points DESC, document
        """,  # noqa: S608 - our own constants
    ),
    View(
        "codes_by_party_year",
        "how often each code stands in contracts with a party, by year",
        """
        WITH keyed AS (
          SELECT year, codes, unnest(list_distinct(party_keys)) AS party FROM documents
        ), held AS (
          SELECT year, party, unnest(codes) AS c FROM keyed
        )
        SELECT party, year, c.code AS code, any_value(c.family) AS family,
          count(*)::int AS documents, sum(c.findings)::int AS findings, max(c.worst) AS worst
        FROM held GROUP BY ALL ORDER BY documents DESC, party, year, code
        """,
    ),
    View(
        "codes_by_type_year",
        "share of the contracts of a type and year that hold each code",
        """
        WITH totals AS (
          SELECT contract_type, year, count(*)::int AS contracts FROM documents
          WHERE status <> 'failed' GROUP BY ALL
        ), held AS (
          SELECT contract_type, year, unnest(codes) AS c FROM documents
        ), counted AS (
          SELECT contract_type, year, c.code AS code, any_value(c.family) AS family,
            count(*)::int AS documents, sum(c.findings)::int AS findings
          FROM held GROUP BY ALL
        )
        SELECT h.contract_type, h.year, code, family, documents, findings, contracts,
          documents / contracts AS share
        FROM counted h JOIN totals t
          ON t.contract_type = h.contract_type AND t.year IS NOT DISTINCT FROM h.year
        ORDER BY h.contract_type, h.year, code
        """,
    ),
    View(
        "missing_foundations",
        "in how many contracts each of the ten foundations is absent or words only",
        """
        SELECT code, any_value(name) AS name, count(*)::int AS contracts,
          count(*) FILTER (status = 'absent')::int AS absent,
          count(*) FILTER (status = 'words only')::int AS words_only,
          count(*) FILTER (status IN ('absent', 'words only')) / count(*) AS share_missing
        FROM foundations GROUP BY code ORDER BY share_missing DESC, code
        """,
    ),
    View(
        "unusual_clauses",
        "findings of codes that at most 5% of the contracts of their type hold, the rarest first",
        """
        WITH totals AS (
          SELECT contract_type, count(*) AS contracts FROM documents
          WHERE status <> 'failed' GROUP BY ALL
        ), held AS (
          SELECT document, path, contract_type, unnest(codes) AS c FROM documents
        ), rare AS (
          SELECT contract_type, c.code AS code, count(*) AS holding,
            any_value(contracts) AS contracts
          FROM held JOIN totals USING (contract_type) WHERE c.family <> 'CO'
          GROUP BY ALL HAVING holding <= greatest(0.05 * any_value(contracts), 1)
        ), chosen AS (
          SELECT document, path, contract_type, r.code, holding, contracts
          FROM held h JOIN rare r USING (contract_type) WHERE h.c.code = r.code
        )
        SELECT f.document, d.path, d.contract_type, f.code, f.name, f.burden, f.severity,
          f.path AS clause, f.quotation, holding::int AS holding, contracts::int AS contracts,
          holding / contracts AS share,
          round(-log2(holding / contracts) * f.severity, 2) AS unusual
        FROM findings f JOIN chosen d ON f.document = d.document AND f.code = d.code
        WHERE f.band = 'finding'
        ORDER BY unusual DESC, f.document, f.number
        """,
    ),
    View(
        "near_copies",
        "groups of contracts that are near copies of each other, the largest first",
        """
        SELECT "group", group_size AS documents, document, path, title, year, balance, findings
        FROM documents WHERE group_size > 1 ORDER BY group_size DESC, "group", document
        """,
    ),
    View(
        "duplicates",
        "files with the very same content",
        """
        SELECT document, count(*)::int AS copies, array_agg(path ORDER BY path) AS paths
        FROM files WHERE document IS NOT NULL GROUP BY document HAVING count(*) > 1
        ORDER BY copies DESC, document
        """,
    ),
    View(
        "unchecked",
        "every file that was not checked, or not wholly, and why",
        """
        SELECT path, document, outcome, code, message, place, advice FROM (
          SELECT f.path, p.* FROM problems p JOIN files f USING (document)
          JOIN documents d USING (document) WHERE d.status <> 'complete'
          UNION ALL BY NAME
          SELECT path, NULL AS document, 'failed' AS outcome, code, message, '' AS place, advice
          FROM files WHERE document IS NULL
        ) ORDER BY path, code, place
        """,
    ),
)
