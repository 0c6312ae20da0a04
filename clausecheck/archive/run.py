"""Run an archive: read, leave out what is done, review the rest, publish, list.

Comes in: inputs, a dataset's folder, settings and bounds. Goes out: the dataset and a ``Tally``.
What is reviewed is published at least every half minute; a run that ends early loses no more.
"""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, cast

from clausecheck.archive.dataset import Dataset, Edition, describe_edition, end_acceptances
from clausecheck.archive.inputs import Choice, Found, count_files, list_names
from clausecheck.archive.jobs import Engine, Job, Outcome
from clausecheck.archive.likeness import group_copies
from clausecheck.archive.schema import Row, Rows, empty_rows
from clausecheck.archive.store import (
    ListingWriter,
    PartStore,
    list_listings,
    lock_folder,
    make_folder,
)
from clausecheck.archive.worker import Bounds
from clausecheck.errors import SettingsError
from clausecheck.pipeline import Checker
from clausecheck.settings import Settings

_PART_DOCUMENTS, _PART_CHARACTERS, _PART_SECONDS = 256, 16_000_000, 30.0
_STATUS, _CHARACTERS, _DOCUMENT = 1, 4, 1


class Progress(Protocol):
    """What is told of a run while it goes on."""

    def expect(self, files: int) -> None:
        """Tell how many files there are, as far as that can be said beforehand."""
        ...

    def advance(self, files: int, reviewed: int, failed: int) -> None:
        """Count files that are through, and documents reviewed or failed among them."""
        ...


@dataclass(slots=True)
class Tally:
    """Counts of a run; ``unchecked`` are files, partial documents and failures left in the end."""

    files: int = 0
    documents: int = 0
    reviewed: int = 0
    partial: int = 0
    failed: int = 0
    unreadable: int = 0
    seconds: float = 0.0

    @property
    def unchecked(self) -> int:
        """Documents and files that were not checked, or not wholly."""
        return self.partial + self.failed + self.unreadable


@dataclass
class _Run:
    """The state of one run."""

    listing: ListingWriter
    parts: PartStore
    progress: Progress
    known: set[bytes]
    marks: dict[str, tuple[str, str, int]]
    taken: set[bytes] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)
    tally: Tally = field(default_factory=Tally)
    held: Rows = field(default_factory=empty_rows)
    published: float = field(default_factory=time.monotonic)

    def leave_out(self, found: Iterable[Found]) -> Iterator[Found]:
        """Yield the files that have to be read: not those whose mark in the store is unchanged."""
        for file in found:
            mark, document, size = self.marks.get(file.name, (None, None, None))
            if (
                file.mark
                and file.mark == mark
                and document
                and bytes.fromhex(document) in (self.known)
            ):
                self._list((file.name, document, size, mark, None, None, None))
                self.progress.advance(1, 0, 0)
            else:
                yield file

    def _list(self, listed: Row) -> None:
        # Files are listed by the thread that reads and by the one that publishes.
        with self.lock:
            self.listing.add(listed)
            self.tally.files += 1
            self.tally.unreadable += listed[_DOCUMENT] is None

    def take(self, outcome: Outcome) -> None:
        """List a file and hold the rows of its document; publish when there are enough."""
        self._list(outcome.listed)
        rows = outcome.rows
        if rows is None:
            self.progress.advance(1, 0, int(outcome.listed[_DOCUMENT] is None))
            return
        digest = bytes.fromhex(rows["documents"][0][0])
        if digest in self.taken:
            return  # an engine that lost a machine may do something twice
        self.taken.add(digest)
        for name, new in rows.items():
            self.held[name] += new
        self.tally.reviewed += 1
        failed = rows["documents"][0][_STATUS] == "failed"
        self.progress.advance(1, int(not failed), int(failed))
        held = self.held["documents"]
        if (
            len(held) >= _PART_DOCUMENTS
            or sum(row[_CHARACTERS] or 0 for row in held) >= _PART_CHARACTERS
            or time.monotonic() - self.published >= _PART_SECONDS
        ):
            self.publish()

    def publish(self) -> None:
        """Publish what is held."""
        if self.held["documents"]:
            held, self.held = self.held, empty_rows()
            self.parts.append(held)
        self.published = time.monotonic()


def run_archive(
    inputs: Sequence[str],
    out: Path,
    settings: Settings,
    engine: Engine,
    *,
    bounds: Bounds,
    progress: Progress,
    choice: Choice | None = None,
    retry_failed: bool = False,
) -> Tally:
    """Review what is new in the inputs, and return the counts of the whole archive.

    Raises ``InputError`` for an input that does not exist, ``ArchiveError`` for a folder that is no
    dataset or in use, and ``OSError`` when it cannot be written; what was published is kept.
    """
    settings = end_acceptances(settings)
    checker = Checker(settings)
    if "rules" in settings.detectors and not checker.rules:
        raise SettingsError(
            "C302", "Every rule is switched off; nothing would be checked.", "settings",
            "Choose codes that 'clausecheck rules' lists.",
        )  # fmt: skip
    edition = describe_edition(checker)
    began = time.monotonic()
    expected = count_files(inputs)
    if expected is not None:
        progress.expect(expected)
    dataset = Dataset.create(out)
    with lock_folder(dataset.folder):
        shutil.rmtree(dataset.drafts, ignore_errors=True)
        make_folder(dataset.drafts)
        parts = dataset.parts_of(edition.key)
        if retry_failed:
            parts.forget(_list_failed(parts))
        _log(dataset, "begun", edition, None)
        with closing(ListingWriter(dataset.listing, dataset.drafts)) as listing:
            known = _list_known(parts)
            run = _Run(listing, parts, progress, known, _list_marks(dataset))
            job = Job(settings, bounds, choice or Choice())
            outcomes = engine(run.leave_out(list_names(inputs)), job, known)
            try:
                with closing(cast("Generator[Outcome]", outcomes)):
                    for outcome in outcomes:
                        run.take(outcome)
            finally:
                # An interrupted run keeps what is done; a full disk raises once more here.
                run.publish()
            present = listing.list_documents()
            listing.publish(_group(parts, present), edition.key)
        _count(parts, present, run.tally)
        run.tally.seconds = round(time.monotonic() - began, 3)
        _clean_editions(dataset)
        _log(dataset, "finished", edition, run.tally)
    return run.tally


def _list_known(parts: PartStore) -> set[bytes]:
    """Return the documents that are done; some 80 bytes each."""
    known: set[bytes] = set()
    for table in parts.documents(["document"]):
        known.update(bytes.fromhex(name) for name in table["document"].to_pylist())
    return known


def _list_marks(dataset: Dataset) -> dict[str, tuple[str, str, int]]:
    """Return mark, document and size of the files in object stores, as the last run saw them."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    listing = dataset.finished()
    if listing is None:
        return {}
    columns = ["path", "mark", "document", "bytes"]
    table = pq.read_table(
        listing / "files.parquet", columns=columns, filters=pc.field("mark").is_valid()
    )
    path, *rest = (table[name].to_pylist() for name in columns)
    return dict(zip(path, zip(*rest, strict=True), strict=True))


def _list_failed(parts: PartStore) -> set[str]:
    failed: set[str] = set()
    for table in parts.documents(["document", "status"]):
        pairs = zip(table["document"].to_pylist(), table["status"].to_pylist(), strict=True)
        failed.update(name for name, status in pairs if status == "failed")
    return failed


def _group(parts: PartStore, present: set[str]) -> dict[str, str]:
    """Return the group of near copies of each document that is there and could be read."""
    names: list[str] = []
    signatures: list[bytes] = []
    for table in parts.documents(["document", "signature"]):
        pairs = zip(table["document"].to_pylist(), table["signature"].to_pylist(), strict=True)
        for name, signature in pairs:
            if signature is not None and name in present:
                names.append(name)
                signatures.append(signature)
    return dict(zip(names, group_copies(names, signatures), strict=True))


def _count(parts: PartStore, present: set[str], tally: Tally) -> None:
    for table in parts.documents(["document", "status"]):
        pairs = zip(table["document"].to_pylist(), table["status"].to_pylist(), strict=True)
        for name, status in pairs:
            if name in present:
                tally.documents += 1
                tally.partial += status == "partial"
                tally.failed += status == "failed"


def _clean_editions(dataset: Dataset) -> None:
    """Remove reviews that no listing refers to any more: made by older rules or settings."""
    used = {dataset.edition_of(listing) for listing in list_listings(dataset.listing)}
    for folder in dataset.reviews.iterdir():
        if folder.name not in used:
            shutil.rmtree(folder, ignore_errors=True)


def _log(dataset: Dataset, event: str, edition: Edition, tally: Tally | None) -> None:
    """Add a line on the run; times stand here only, so that equal runs give equal tables."""
    line = {
        "event": event,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "edition": edition.key,
        **asdict(edition),
        "tally": asdict(tally) if tally else None,
    }
    new = not dataset.log.exists()
    with dataset.log.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line, sort_keys=True) + "\n")
    if new:
        dataset.log.chmod(0o600)
