"""Answer questions about a dataset with DuckDB: its tables and views, and nothing else.

Comes in: a dataset and SQL. Goes out: a DuckDB relation. The connection reads the dataset's own
files and no others, writes none, reaches no network and loads no extension.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from clausecheck.archive.changes import VIEWS as CHANGE_VIEWS
from clausecheck.archive.dataset import Dataset
from clausecheck.archive.schema import LISTING, TABLES, Column
from clausecheck.archive.views import VIEWS, View
from clausecheck.errors import ArchiveError

if TYPE_CHECKING:
    import duckdb

_SQL_TYPES = {
    "string": "VARCHAR", "int32": "INTEGER", "int64": "BIGINT", "double": "DOUBLE",
    "bool": "BOOLEAN", "date32": "DATE", "binary": "BLOB", "list<string>": "VARCHAR[]",
    "list<code>": "STRUCT(code VARCHAR, family VARCHAR, findings INTEGER, worst INTEGER)[]",
}  # fmt: skip
# mentions(text, 'liquidated damages'): whether a text holds these words, whatever stands between.
_MENTIONS = r"""
CREATE MACRO mentions(given, words) AS regexp_matches(
  given, '(?i)(?:^|[^\pL\pN])'
    || regexp_replace(trim(words), '[^\pL\pN]+', '[^\\pL\\pN]+', 'g') || '(?:[^\pL\pN]|$)'
)
"""
_TABLE_MEANINGS = (
    ("documents", "one row for each different content, with what the review says of the whole"),
    ("clauses", "every clause with its words"),
    ("findings", "every finding with its quotation"),
    ("foundations", "how far each of the ten foundations is laid, by document"),
    ("problems", "what could not be checked in a document"),
    ("files", "every file, and the document it holds"),
    ("present", "where each document lies, and the group of its near copies"),
)


@contextmanager
def connect(
    dataset: Dataset, *, back: int = 0, since: tuple[Dataset, int] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection in which the dataset's tables and views stand, and nothing can be changed.

    ``back`` 1 sees the dataset as the run before the last left it. ``since`` names an earlier
    dataset and its ``back``: its tables stand in the schema ``before``, and views tell what
    changed. Raises ``ArchiveError`` when there is nothing to read yet.
    """
    import duckdb

    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
    try:
        allowed = _make_tables(connection, dataset, back)
        views: tuple[View, ...] = VIEWS
        if since is not None:
            connection.execute("CREATE SCHEMA before")
            connection.execute("SET schema = 'before'")
            allowed += _make_tables(connection, *since)
            connection.execute("SET schema = 'main'")
            views += CHANGE_VIEWS
        for view in views:
            connection.execute(f"CREATE VIEW {view.name} AS {view.sql}")
        connection.execute(_MENTIONS)
        names = ", ".join(_quote(str(path)) for path in allowed)
        connection.execute(f"SET allowed_paths = [{names}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def _make_tables(connection: duckdb.DuckDBPyConnection, dataset: Dataset, back: int) -> list[Path]:
    """Make the tables that queries see: the documents that the files of a run hold.

    Returns the files that they are read from.
    """
    listing = dataset.finished(back)
    if back and listing is None:
        raise ArchiveError(
            "C515", "There is no earlier run.", str(dataset.folder), "Compare after the next run."
        )
    edition = dataset.edition_of(listing)
    if edition is None:
        raise ArchiveError(
            "C514", "Nothing was reviewed yet.", str(dataset.folder), "Run it again to its end."
        )
    used: list[Path] = []
    for name, columns in TABLES.items():
        paths = dataset.files_of(name, edition)
        used += paths
        connection.execute(f"CREATE VIEW all_{name} AS {_read(paths, columns)}")
    for name, columns in LISTING.items():
        paths = [listing / f"{name}.parquet"] if listing else []
        used += paths
        connection.execute(f"CREATE VIEW {name} AS {_read(paths, columns)}")
    gone = connection.execute(
        "SELECT count(*) FROM all_documents ANTI JOIN present USING (document)"
    ).fetchone()
    some_gone = listing is not None and gone is not None and gone[0] > 0
    keep = "SEMI JOIN present USING (document)" if some_gone else ""
    for name in ("clauses", "findings", "foundations", "problems"):
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM all_{name} {keep}")  # noqa: S608
    join = "JOIN" if listing else "LEFT JOIN"
    connection.execute(
        "CREATE VIEW documents AS"  # noqa: S608 - our own names
        ' SELECT a.*, p.path, p.copies, p."group", p.group_size'
        f" FROM all_documents a {join} present p USING (document)"
    )
    return used


def _read(paths: list[Path], columns: tuple[Column, ...]) -> str:
    if not paths:
        empty = ", ".join(
            f'CAST(NULL AS {_SQL_TYPES[column.type]}) AS "{column.name}"' for column in columns
        )
        return f"SELECT {empty} WHERE false"
    names = ", ".join(_quote(str(path)) for path in paths)
    return f"SELECT * FROM read_parquet([{names}])"  # noqa: S608 - quoted


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def explain_errors() -> Iterator[None]:
    """Turn what DuckDB says of a query into one line; some of it shows only when rows are read."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise ArchiveError(
            "C517",
            " ".join(str(error).split()) + ".",
            "query",
            "'clausecheck archive tables DIR' lists tables, views and columns.",
        ) from None


def run_query(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyRelation:
    """Return the relation that a question stands for.

    ``sql`` is one SELECT (or WITH, FROM, DESCRIBE, SHOW, SUMMARIZE), or the bare name of a table or
    view. Raises ``ArchiveError`` for anything that would change something, and for wrong SQL.
    """
    import duckdb

    if sql.strip().isidentifier():
        sql = f"FROM {sql.strip()}"
    with explain_errors():
        statements = duckdb.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise ArchiveError(
                "C516",
                "A query is one SELECT; it reads and changes nothing.",
                "query",
                "Export the answer with --output instead of COPY.",
            )
        return connection.sql(sql)


def list_tables(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the tables and views with what they hold and the names of their columns."""
    told = dict(_TABLE_MEANINGS)
    told |= {view.name: view.meaning for view in VIEWS}
    lines = []
    for name, meaning in told.items():
        columns = ", ".join(connection.sql(f"FROM {name}").columns)
        lines.append(f"{name}: {meaning}\n{_wrap(columns)}\n")
    return "\n".join(lines)


def _wrap(text: str) -> str:
    import textwrap

    return textwrap.fill(text, 96, initial_indent="    ", subsequent_indent="    ")
