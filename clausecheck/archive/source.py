"""Find the file of a document again, to draw its full report.

Comes in: a dataset, and a path or the beginning of a document's hash. Goes out: its bytes.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from clausecheck.archive.containers import INSIDE
from clausecheck.archive.inputs import Choice, read_entries
from clausecheck.errors import ArchiveError

if TYPE_CHECKING:
    import duckdb

_LEAST_DIGITS = 6


def find_document(connection: duckdb.DuckDBPyConnection, which: str) -> list[tuple[str, str]]:
    """Return document and path of every file that ``which`` names: a path, its end, or a hash.

    Raises ``ArchiveError`` when none or several documents fit.
    """
    found: list[tuple[str, str]] = connection.execute(
        "SELECT document, path FROM files WHERE document IS NOT NULL AND"
        " (path = $1 OR ends_with(path, '/' || $1)"
        "  OR (length($1) >= $2 AND starts_with(document, lower($1)))) ORDER BY path",
        [which, _LEAST_DIGITS],
    ).fetchall()
    documents = sorted({document for document, _ in found})
    if len(documents) != 1:
        told = "Several documents fit" if documents else "No document fits"
        raise ArchiveError(
            "C531", f"{told} {which!r}.", "report", "Give the whole path, or the document's hash."
        )
    return found


def load_document(paths: list[tuple[str, str]], max_bytes: int) -> tuple[str, bytes]:
    """Return path and bytes of the first file that still holds the document.

    Raises ``ArchiveError`` when none does.
    """
    for document, path in paths:
        outer = path.partition(INSIDE)[0]
        for entry in read_entries(outer, Choice(), max_bytes):
            held = entry.path == path and entry.data is not None
            if held and entry.data and sha256(entry.data).hexdigest() == document:
                return path, entry.data
    raise ArchiveError(
        "C532",
        "The file is no longer there, or holds something else by now.",
        paths[0][1],
        "Run the archive again.",
    )
