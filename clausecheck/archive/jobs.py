"""What a run hands to an engine, and what comes back.

Comes in: the files that were found. Goes out: for each file its row of the listing, and the task of
reviewing its document where that is not known yet. Every engine reads files through here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple, Protocol

from clausecheck.archive.containers import is_container
from clausecheck.archive.inputs import Choice, Entry, Found, is_url, read_entries
from clausecheck.archive.schema import Row, Rows
from clausecheck.archive.work import Task
from clausecheck.archive.worker import Bounds
from clausecheck.settings import Settings

# Requests to an object store under way at once: each waits for the network most of its time.
_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Job:
    """How the documents of a run are read and reviewed."""

    settings: Settings
    bounds: Bounds
    choice: Choice


class Work(NamedTuple):
    """One file: its row of the listing, and its document when that has to be reviewed."""

    listed: Row
    task: Task | None


class Outcome(NamedTuple):
    """One file: its row of the listing, and the rows of its document when it was reviewed now."""

    listed: Row
    rows: Rows | None


class Engine(Protocol):
    """What reviews: files in, the outcome of each out, in any order, each exactly once."""

    def __call__(self, found: Iterable[Found], job: Job, known: set[bytes], /) -> Iterator[Outcome]:
        """Yield the outcome of each file; ``known`` are the documents that are done (SHA-256)."""
        ...


def list_work(
    found: Iterable[Found], job: Job, is_known: Callable[[bytes], bool]
) -> Iterator[Work]:
    """Read files one after another, and yield what there is to do for each.

    ``is_known`` tells of a SHA-256 whether that document is reviewed already, or about to be.
    """
    for mark, entry in _read(found, job):
        if entry.data is None:
            problem = entry.problem
            told = (problem.code, problem.message, problem.advice) if problem else (None,) * 3
            yield Work((entry.path, None, None, None, *told), None)
            continue
        digest = sha256(entry.data)
        name = digest.hexdigest()
        listed = (entry.path, name, len(entry.data), mark, None, None, None)
        known = is_known(digest.digest())
        yield Work(listed, None if known else Task(name, entry.data))


def _read(found: Iterable[Found], job: Job) -> Iterator[tuple[str | None, Entry]]:
    most = job.settings.limits.max_bytes
    waiting: deque[tuple[str | None, Future[list[Entry]]]] = deque()

    def fetch(name: str) -> list[Entry]:
        return list(read_entries(name, job.choice, most))

    with ThreadPoolExecutor(_AHEAD) as pool:
        for name, mark in found:
            if is_url(name) and not is_container(name):
                waiting.append((mark, pool.submit(fetch, name)))
                if len(waiting) < _AHEAD:
                    continue
                first, entries = waiting.popleft()
                yield from ((first, entry) for entry in entries.result())
            else:
                yield from ((None, entry) for entry in read_entries(name, job.choice, most))
        while waiting:
            first, entries = waiting.popleft()
            yield from ((first, entry) for entry in entries.result())
