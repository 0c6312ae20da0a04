"""The engine of one machine: as many supervised worker processes as it bears.

Comes in: files, pulled as they are needed. Goes out: outcomes, in the order in which they are done.
At most a few documents per worker are held at any time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from queue import Empty, Full, Queue
from typing import Any

from clausecheck.archive.inputs import Found
from clausecheck.archive.jobs import Job, Outcome, Work, list_work
from clausecheck.archive.worker import Worker
from clausecheck.settings import MEGABYTE

# What a worker needs with rules and model loaded, for sizing the pool.
_WORKER_BYTES = 700 * MEGABYTE
_STEP = 0.2
_PATIENCE = 10
_END = None


def count_workers() -> int:
    """Return how many workers the machine bears: one per core, fewer when memory is short."""
    import psutil

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    room = psutil.virtual_memory().available // _WORKER_BYTES
    return max(1, min(cores or 1, int(room)))


def run_local(
    found: Iterable[Found], job: Job, known: set[bytes], /, *, workers: int
) -> Iterator[Outcome]:
    """Yield the outcome of each file; one thread reads ahead, one attends to each worker.

    Raises what finding the files raises, and ``ArchiveError`` when no worker can be started.
    """
    stop = threading.Event()
    todo: Queue[Work | None] = Queue(workers)
    done: Queue[Outcome | BaseException | None] = Queue(2 * workers)
    pool = [Worker(job.settings, job.bounds) for _ in range(workers)]

    def is_known(digest: bytes) -> bool:
        seen = digest in known
        known.add(digest)
        return seen

    def feed() -> None:
        try:
            for work in list_work(found, job, is_known):
                queue, item = (todo, work) if work.task else (done, Outcome(work.listed, None))
                if not _put(queue, item, stop):
                    return
        except BaseException as error:  # raised again where the outcomes are read
            _put(done, error, stop)
        _put(todo, _END, stop)

    def attend(worker: Worker) -> None:
        try:
            while (work := _get(todo, stop)) is not _END:
                _put(done, Outcome(work.listed, worker.review(work.task)), stop)
            # The next worker shall see the end, too.
            _put(todo, _END, stop)
        except BaseException as error:  # raised again where the outcomes are read
            _put(done, error, stop)
        _put(done, _END, stop)

    threads = [threading.Thread(target=feed, daemon=True)]
    threads += [threading.Thread(target=attend, args=(worker,), daemon=True) for worker in pool]
    for thread in threads:
        thread.start()
    open_ends = workers
    try:
        while open_ends:
            outcome = done.get()
            if outcome is _END:
                open_ends -= 1
            elif isinstance(outcome, BaseException):
                raise outcome
            else:
                yield outcome
    finally:
        stop.set()
        for worker in pool:
            worker.interrupt()
        for thread in threads:
            # Each ends once its process is gone; what lists a slow disk may take its time.
            thread.join(_PATIENCE)
        for worker in pool:
            worker.close()


def _put(queue: Queue[Any], item: Any, stop: threading.Event) -> bool:
    while not stop.is_set():
        with suppress(Full):
            queue.put(item, timeout=_STEP)
            return True
    return False


def _get(queue: Queue[Any], stop: threading.Event) -> Any:
    while not stop.is_set():
        with suppress(Empty):
            return queue.get(timeout=_STEP)
    return _END
