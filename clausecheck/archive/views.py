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
        WITH kinds AS (
          SELECT document, code, max(severity) AS severity FROM findings
          WHERE band = 'finding' AND family <> 'CO' AND severity >= 3 GROUP BY ALL
        ), counts AS (
          SELECT document,
            count(*) FILTER (severity = 5) AS fives, count(*) FILTER (severity = 4) AS fours,
            count(*) FILTER (severity = 3) AS threes,
            array_agg(code ORDER BY severity DESC, code)[:5] AS gravest
          FROM kinds GROUP BY document
        ), scored AS (
          SELECT d.*, coalesce(fives, 0) AS fives, coalesce(fours, 0) AS fours,
            coalesce(threes, 0) AS threes, coalesce(gravest, []) AS gravest
          FROM documents d LEFT JOIN counts USING (document) WHERE status <> 'failed' AND within
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
        WITH named AS (
          SELECT document, year, unnest(parties) AS party FROM documents
        ), keyed AS (
          SELECT DISTINCT document, year, party,
            trim(regexp_replace(upper(party), '[^A-Z0-9]+', ' ', 'g')) AS key FROM named
        ), held AS (
          SELECT document, code, name, count(*) AS findings, max(severity) AS worst FROM findings
          WHERE band = 'finding' GROUP BY ALL
        )
        SELECT min(party) AS party, year, code, any_value(name) AS name,
          count(DISTINCT document)::int AS documents, sum(findings)::int AS findings,
          max(worst) AS worst
        FROM keyed JOIN held USING (document)
        GROUP BY key, year, code ORDER BY documents DESC, party, year, code
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
          SELECT DISTINCT document, code, family FROM findings WHERE band = 'finding'
        )
        SELECT d.contract_type, d.year, code, any_value(family) AS family,
          count(*)::int AS documents, any_value(contracts) AS contracts,
          count(*) / any_value(contracts) AS share
        FROM held JOIN documents d USING (document)
        JOIN totals t ON t.contract_type = d.contract_type AND t.year IS NOT DISTINCT FROM d.year
        GROUP BY d.contract_type, d.year, code
        ORDER BY d.contract_type, d.year, code
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
        "findings that few contracts of the same type hold, the rarest and gravest first",
        """
        WITH held AS (
          SELECT contract_type, code, burden, count(DISTINCT document) AS holding
          FROM findings JOIN documents USING (document) WHERE band = 'finding' GROUP BY ALL
        ), totals AS (
          SELECT contract_type, count(*) AS contracts FROM documents
          WHERE status <> 'failed' GROUP BY ALL
        )
        SELECT f.document, d.path, d.contract_type, f.code, f.name, f.burden, f.severity,
          f.path AS clause, f.quotation, h.holding::int AS holding, t.contracts::int AS contracts,
          h.holding / t.contracts AS share, round(-log2(h.holding / t.contracts) * f.severity, 2)
            AS unusual
        FROM findings f JOIN documents d USING (document)
        JOIN held h ON (h.contract_type, h.code, h.burden) = (d.contract_type, f.code, f.burden)
        JOIN totals t ON t.contract_type = d.contract_type
        WHERE f.band = 'finding' AND f.family <> 'CO'
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
