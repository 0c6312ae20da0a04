"""The dataset on disk: parts that appear whole or not at all, merged as they grow in number.

Comes in: rows. Goes out: Parquet files. A part is a folder with one file per table, written beside
the dataset, synced, and published by one rename. Its name says which numbers it covers; a part that
covers others replaces them, so that a merge, too, is one rename. What a crash leaves is cleared by
the next run.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from clausecheck.archive.schema import LISTING, TABLES, Column, Row, Rows, make_schema
from clausecheck.errors import ArchiveError

if TYPE_CHECKING:
    import pyarrow as pa

_PART = re.compile(r"(\d{8})-(\d{8})\.(\d+)")
_LIST = re.compile(r"\d{8}")
# So many parts of one size become one of the next; and so many rows are held while they do.
_FAN = 16
_MERGE_ROWS = 50_000
EDITION_FILE = "edition"
_KEPT_LISTINGS = 2


class Part(NamedTuple):
    """A published part: the numbers it covers, its edition of them, and its folder."""

    first: int
    last: int
    round: int
    folder: Path


def list_parts(folder: Path) -> list[Part]:
    """Return the parts that count, in order; those that another part covers are left out."""
    found = []
    for entry in folder.iterdir() if folder.is_dir() else ():
        told = _PART.fullmatch(entry.name)
        if told:
            found.append(Part(int(told[1]), int(told[2]), int(told[3]), entry))
    live: list[Part] = []
    for part in sorted(found, key=lambda p: (p.first, -p.last, -p.round)):
        if not live or part.last > live[-1].last:
            live.append(part)
    return live


def list_listings(folder: Path) -> list[Path]:
    """Return the listings of finished runs, the newest last."""
    if not folder.is_dir():
        return []
    return sorted(entry for entry in folder.iterdir() if _LIST.fullmatch(entry.name))


class PartStore:
    """Writes the parts of one edition; ``folder`` holds them, drafts go to ``drafts``."""

    def __init__(self, folder: Path, drafts: Path) -> None:
        self.folder, self._drafts = folder, drafts
        make_folder(folder)
        live = list_parts(folder)
        self._clear(live)
        self._next = live[-1].last + 1 if live else 1

    def _clear(self, live: Sequence[Part]) -> None:
        """Remove what a crash left: covered parts."""
        kept = {part.folder.name for part in live}
        for entry in self.folder.iterdir():
            if entry.name not in kept:
                shutil.rmtree(entry, ignore_errors=True)

    def documents(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield columns of the table of documents, part by part."""
        import pyarrow.parquet as pq

        for part in list_parts(self.folder):
            yield pq.read_table(part.folder / "documents.parquet", columns=list(columns))

    def append(self, rows: Rows) -> None:
        """Publish rows as a new part, and merge parts when there are many."""
        tables = {name: to_table(rows[name], TABLES[name]) for name in TABLES}
        self._publish(self._next, self._next, 0, {name: [t] for name, t in tables.items()})
        self._next += 1
        self.merge()

    def merge(self) -> None:
        """Merge each run of sixteen neighbours of one size into one part."""
        fan = _FAN
        while True:
            parts = list_parts(self.folder)
            size = 1
            while size <= len(parts) * fan:
                run = [p for p in parts if _span_size(p, fan) == size]
                if len(run) >= fan:
                    break
                size *= fan
            else:
                return
            self._replace(run[:fan])

    def forget(self, documents: set[str]) -> None:
        """Take documents out of the parts, so that they are reviewed again."""
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        drop = pa.array(sorted(documents), pa.string())
        for part in list_parts(self.folder):
            held = pq.read_table(part.folder / "documents.parquet", columns=["document"])
            if pc.any(pc.is_in(held["document"], drop)).as_py():
                self._replace([part], drop=drop)

    def _replace(self, parts: Sequence[Part], drop: pa.Array | None = None) -> None:
        first, last = parts[0].first, parts[-1].last
        again = 1 + max(part.round for part in parts) if len(parts) == 1 else 0
        tables = {
            name: _stream([part.folder / f"{name}.parquet" for part in parts], drop)
            for name in TABLES
        }
        self._publish(first, last, again, tables)
        for part in parts:
            shutil.rmtree(part.folder, ignore_errors=True)

    def _publish(
        self, first: int, last: int, again: int, tables: Mapping[str, Iterable[pa.Table]]
    ) -> None:
        name = f"{first:08}-{last:08}.{again}"
        with _draft(self._drafts / name, self.folder / name) as draft:
            for table, pieces in tables.items():
                write_table(draft / f"{table}.parquet", TABLES[table], pieces)


def _span_size(part: Part, fan: int) -> int:
    """Return the power of ``fan`` that a part's span has reached."""
    size = 1
    while size * fan <= part.last - part.first + 1:
        size *= fan
    return size


def _stream(paths: Sequence[Path], drop: pa.Array | None) -> Iterator[pa.Table]:
    """Yield the rows of files in pieces of bounded size, without those of dropped documents."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    held: list[pa.Table] = []
    for path in paths:
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                table = file.read_row_group(group)
                if drop is not None:
                    table = table.filter(pc.invert(pc.is_in(table["document"], drop)))
                held.append(table)
                if sum(map(len, held)) >= _MERGE_ROWS:
                    yield pa.concat_tables(held)
                    held = []
    if held:
        yield pa.concat_tables(held)


class ListingWriter:
    """Writes the listing of a run, file by file, and publishes it when the run is through."""

    def __init__(self, folder: Path, drafts: Path) -> None:
        self._folder = folder
        make_folder(folder)
        known = list_listings(folder)
        self._number = int(known[-1].name) + 1 if known else 1
        self._draft = drafts / f"listing-{self._number:08}"
        shutil.rmtree(self._draft, ignore_errors=True)
        make_folder(self._draft)
        self._rows: list[Row] = []
        self._writer: Any = None

    def add(self, row: Row) -> None:
        """Add a file."""
        self._rows.append(row)
        if len(self._rows) >= _MERGE_ROWS:
            self._flush()

    def _flush(self) -> None:
        import pyarrow.parquet as pq

        schema = make_schema(LISTING["files"])
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._draft / "files.parquet", schema, compression="zstd"
            )
        self._writer.write_table(to_table(self._rows, LISTING["files"]))
        self._rows = []

    def list_documents(self) -> set[str]:
        """Return the documents that the files hold; no file can be added afterwards."""
        import pyarrow.parquet as pq

        self._flush()
        self._writer.close()
        held = pq.read_table(self._draft / "files.parquet", columns=["document"])["document"]
        return {name for name in held.to_pylist() if name is not None}

    def publish(self, groups: Mapping[str, str], edition: str) -> None:
        """Publish the listing, with the group of near copies of each document.

        It is the end of a run: from now on queries see these files and this edition's reviews.
        Older listings but one are removed.
        """
        (self._draft / EDITION_FILE).write_text(edition, "utf-8")
        rows = to_table(_list_present(self._draft / "files.parquet", groups), LISTING["present"])
        write_table(self._draft / "present.parquet", LISTING["present"], [rows])
        for file in self._draft.iterdir():
            _secure(file)
        _sync_folder(self._draft)
        self._draft.rename(self._folder / f"{self._number:08}")
        _sync_folder(self._folder)
        for old in list_listings(self._folder)[:-_KEPT_LISTINGS]:
            shutil.rmtree(old, ignore_errors=True)

    def close(self) -> None:
        """Remove the draft of a listing that was not published."""
        if self._writer is not None:
            self._writer.close()
        shutil.rmtree(self._draft, ignore_errors=True)


def _list_present(files: Path, groups: Mapping[str, str]) -> list[Row]:
    """Return a row for each document: its first path, copies, group and size of the group."""
    import pyarrow.parquet as pq

    found: dict[str, tuple[str, int]] = {}
    with pq.ParquetFile(files) as file:
        for batch in file.iter_batches(columns=["document", "path"]):
            pairs = zip(batch["document"].to_pylist(), batch["path"].to_pylist(), strict=True)
            for document, path in pairs:
                if document is not None:
                    first, copies = found.get(document, (path, 0))
                    found[document] = min(first, path), copies + 1
    sizes = Counter(groups.get(document, document) for document in found)
    return [
        (document, *found[document], group, sizes[group])
        for document in sorted(found)
        for group in (groups.get(document, document),)
    ]


def to_table(rows: Sequence[Row], columns: Sequence[Column]) -> pa.Table:
    """Return rows as an Arrow table."""
    import pyarrow as pa

    schema = make_schema(tuple(columns))
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    arrays = [_to_array(v, field.type) for v, field in zip(values, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _to_array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        # A text may hold half a character; one mark in its stead keeps every offset right.
        plain = [v.encode("utf-8", "replace").decode() if isinstance(v, str) else v for v in values]
        return pa.array(plain, kind)


def write_table(path: Path, columns: tuple[Column, ...], pieces: Iterable[pa.Table]) -> None:
    """Write a Parquet file and see it to the disk."""
    import pyarrow.parquet as pq

    with pq.ParquetWriter(path, make_schema(columns), compression="zstd") as writer:
        for piece in pieces:
            writer.write_table(piece, row_group_size=_MERGE_ROWS)
    _secure(path)


def _secure(path: Path) -> None:
    path.chmod(0o600)
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def make_folder(folder: Path) -> None:
    """Make a folder for its owner alone: what it will hold is confidential."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def _draft(draft: Path, target: Path) -> Iterator[Path]:
    """Give a folder to fill; publish it by one rename, or remove it when filling failed."""
    shutil.rmtree(draft, ignore_errors=True)
    try:
        make_folder(draft)
        yield draft
        _sync_folder(draft)
        draft.rename(target)
        _sync_folder(target.parent)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows has no such call and needs none
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Hold a dataset for one run; the system lets go of it however the process ends."""
    path = folder / ".lock"
    with path.open("a") as stream:
        path.chmod(0o600)
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
            else:
                import fcntl

                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
                raise
            raise ArchiveError(
                "C510", "Another run is writing this dataset.", str(folder), "Wait for its end."
            ) from None
        yield
