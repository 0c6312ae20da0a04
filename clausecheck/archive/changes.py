"""Tell what is new, gone or changed against an earlier dataset.

Comes in: a connection in which the schema ``before`` holds the earlier tables. Goes out: views of
changed files and findings, and a short report of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clausecheck.archive.views import View
from clausecheck.report.layout import cut_middle, fold

if TYPE_CHECKING:
    import duckdb

_SHOWN = 20
VIEWS = (
    View(
        "changed_files",
        "files that are new, gone, changed (other content) or moved (other place) since then",
        """
        WITH pairs AS (
          SELECT coalesce(n.path, o.path) AS path, n.document AS document, o.document AS earlier,
            n.path IS NULL AS gone, o.path IS NULL AS fresh
          FROM files n FULL JOIN before.files o ON n.path = o.path
          WHERE n.document IS DISTINCT FROM o.document OR n.path IS NULL OR o.path IS NULL
        )
        SELECT path, document, earlier,
          CASE
            WHEN fresh AND document IN (SELECT document FROM before.files) THEN 'moved here'
            WHEN gone AND earlier IN (SELECT document FROM files) THEN 'moved away'
            WHEN fresh THEN 'new' WHEN gone THEN 'gone' ELSE 'changed'
          END AS change
        FROM pairs ORDER BY change, path
        """,
    ),
    View(
        "changed_findings",
        "findings that are new or resolved since then, by file; the words tell them apart",
        """
        WITH now_ AS (
          SELECT f.path AS file, n.code, n.name, n.burden, n.severity, n.quotation,
            row_number() OVER (PARTITION BY f.path, n.code, n.burden, n.quotation
              ORDER BY n.number) AS again
          FROM findings n JOIN files f USING (document)
          WHERE n.band = 'finding' AND n.family <> 'CO'
        ), then_ AS (
          SELECT f.path AS file, o.code, o.name, o.burden, o.severity, o.quotation,
            row_number() OVER (PARTITION BY f.path, o.code, o.burden, o.quotation
              ORDER BY o.number) AS again
          FROM before.findings o JOIN before.files f USING (document)
          WHERE o.band = 'finding' AND o.family <> 'CO'
        ), pairs AS (
          SELECT coalesce(n.file, o.file) AS path, coalesce(n.code, o.code) AS code,
            coalesce(n.name, o.name) AS name, coalesce(n.burden, o.burden) AS burden,
            coalesce(n.severity, o.severity) AS severity,
            coalesce(n.quotation, o.quotation) AS quotation,
            CASE WHEN o.file IS NULL THEN 'new' WHEN n.file IS NULL THEN 'resolved'
              WHEN n.severity > o.severity THEN 'hardened' ELSE 'softened' END AS change
          FROM now_ n FULL JOIN then_ o
            ON (n.file, n.code, n.burden, n.quotation, n.again)
             = (o.file, o.code, o.burden, o.quotation, o.again)
          WHERE n.file IS NULL OR o.file IS NULL OR n.severity <> o.severity
        )
        SELECT p.change, p.path, p.code, p.name, p.burden, p.severity, p.quotation,
          coalesce(c.change, 'same file') AS file_change
        FROM pairs p LEFT JOIN changed_files c USING (path)
        WHERE file_change NOT IN ('moved here', 'moved away')
        ORDER BY p.severity DESC, p.path, p.code, p.quotation
        """,
    ),
)


def report_changes(connection: duckdb.DuckDBPyConnection) -> str:
    """Return what changed, for a terminal: counts, files, and the gravest new findings."""
    counts = dict(
        connection.sql("SELECT change, count(*) FROM changed_files GROUP BY 1").fetchall()
    )
    kinds = ("new", "changed", "gone", "moved here")
    said = ", ".join(f"{counts.get(kind, 0):,} {kind.split()[0]}" for kind in kinds)
    found = dict(
        connection.sql("SELECT change, count(*) FROM changed_findings GROUP BY 1").fetchall()
    )
    terms = ", ".join(
        f"{found.get(kind, 0):,} {kind}" for kind in ("new", "resolved", "hardened", "softened")
    )
    lines = [f"Since then: files {said}.", f"Findings: {terms}."]
    files = (
        connection.sql("SELECT change, path FROM changed_files WHERE change <> 'moved away'")
        .limit(_SHOWN)
        .fetchall()
    )
    lines += [f"  {change}: {fold(path)}" for change, path in files]
    grave = (
        connection.sql(
            "SELECT severity, code, name, path, quotation FROM changed_findings "
            "WHERE change IN ('new', 'hardened') AND severity >= 4"
        )
        .limit(_SHOWN)
        .fetchall()
    )
    if grave:
        lines.append("The gravest of the new and hardened findings:")
        lines += [
            f"  {severity} {code} {name}: {fold(path)}\n      “{cut_middle(fold(words), 160)}”"
            for severity, code, name, path, words in grave
        ]
    return "\n".join(lines) + "\n"
