"""One worker process that reviews documents, and its supervisor in the main process.

Comes in: tasks. Goes out: rows, or a problem that says why there are none: the document took too
long, needed too much memory or brought the process down. The process is replaced after such a
document. A ready-made pool was tried: pebble 5.2 ended as a whole when its workers were killed.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clausecheck.archive.schema import Rows
from clausecheck.errors import ArchiveError
from clausecheck.records import Problem
from clausecheck.settings import MEGABYTE, Settings

if TYPE_CHECKING:
    from clausecheck.archive.work import Task

# How often a worker's memory is looked at, and how long it may take to load rules and model.
_WATCH_SECONDS, _START_SECONDS = 0.25, 300.0
# Deaths of a worker over one document before the document is blamed; another program, such as the
# system when memory is short, may have killed it. Deaths in a row before the first document.
_MOST_DEATHS, _MOST_FALSE_STARTS = 4, 8
# Several threads in each of several workers would only wait for each other.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_READY = "ready"
_WARM_UP = b"1. Supplier shall indemnify Customer. Customer may terminate at any time."


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one document may cost: seconds, and megabytes of its worker's memory."""

    seconds: float = 300.0
    megabytes: int = 2_000


class Worker:
    """A process that reviews one document at a time; started when first needed."""

    def __init__(self, settings: Settings, bounds: Bounds) -> None:
        self._settings, self._bounds = settings, bounds
        self._process: Any = None
        self._pipe: Any = None
        self._stopped = False
        # Held while the process is made or ended: another thread may interrupt meanwhile.
        self._changing = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process id, while there is a process."""
        return self._process.pid if self._process is not None else None

    def review(self, task: Task) -> Rows:
        """Return the rows of a document; raises ``ArchiveError`` when no process can be started."""
        from clausecheck.archive.work import fail_document

        for _ in range(_MOST_DEATHS):
            self._ensure()
            outcome = self._run(task)
            if outcome is not None:
                break
        else:
            outcome = Problem(
                "C522",
                f"Reviewing it ended the process {_MOST_DEATHS} times.",
                "",
                "Open the file and save it again; run with --retry-failed.",
            )
        return fail_document(task, outcome) if isinstance(outcome, Problem) else outcome

    def interrupt(self) -> None:
        """End the process from another thread; the review under way fails, and no other begins."""
        with self._changing:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """End the process at once."""
        with self._changing:
            if self._process is None:
                return
            self._process.kill()
            self._process.join()
            self._pipe.close()
            self._process.close()
            self._process = self._pipe = None

    def _ensure(self) -> None:
        if self._process is not None and self._process.is_alive():
            return
        self.close()
        for _ in range(_MOST_FALSE_STARTS):
            with self._changing:
                if self._stopped:
                    break
                self._start()
            if self._listen(_START_SECONDS, starting=True) == _READY:
                return
            self.close()
        raise ArchiveError(
            "C512",
            "A worker process cannot be started.",
            "archive",
            "Run one file with 'clausecheck FILE' to see why; free memory or use fewer --workers.",
        )

    def _start(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=serve, args=(theirs, self._settings, self._bounds), daemon=True
        )
        self._process.start()
        theirs.close()

    def _run(self, task: Task) -> Rows | Problem | None:
        """Return the outcome of one document; ``None`` when the process died over it."""
        try:
            self._pipe.send(task)
        except OSError:
            return None
        outcome: Rows | Problem | None = self._listen(self._bounds.seconds)
        if not isinstance(outcome, dict):
            # Late, too large or dead: whatever it still does is not wanted.
            self.close()
        return outcome

    def _listen(self, seconds: float, *, starting: bool = False) -> Any:
        """Wait for an answer; ``None`` when the process died, a problem when it was too much."""
        deadline = time.monotonic() + seconds
        while not self._pipe.poll(_WATCH_SECONDS):
            if time.monotonic() > deadline:
                return Problem(
                    "C520",
                    f"Reviewing it took longer than {self._bounds.seconds:g} seconds.",
                    "",
                    "Raise --timeout and run with --retry-failed, or split the file.",
                )
            if not starting and _resident(self._process.pid) > self._bounds.megabytes * MEGABYTE:
                return out_of_memory(self._bounds)
        try:
            return self._pipe.recv()
        except (EOFError, OSError):
            return None


def out_of_memory(bounds: Bounds) -> Problem:
    """Return the problem of a document that needs more memory than a worker may use."""
    return Problem(
        "C521",
        f"Reviewing it needed more than {bounds.megabytes:,} MB of memory.",
        "",
        "Raise --memory and run with --retry-failed, or split the file.",
    )


def _resident(pid: int) -> int:
    """Return the bytes of memory that a process holds; 0 when it is gone."""
    import psutil

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def serve(pipe: connection.Connection, settings: Settings, bounds: Bounds) -> None:
    """Review what comes through the pipe until it closes; the main function of the process."""
    os.environ.update(_ONE_THREAD)
    # Ctrl-C reaches the whole group; the main process decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()
    from clausecheck.archive.work import Task, fail_document, review_document
    from clausecheck.pipeline import Checker

    checker = Checker(settings)
    review_document(checker, Task("", _WARM_UP))
    # The collector looks for garbage between documents, not within them: that took a tenth of their
    # time.
    gc.disable()
    _collect(0)
    _limit_memory(bounds)
    pipe.send(_READY)
    reviewed = 0
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        while True:
            try:
                task = pipe.recv()
            except (EOFError, OSError):
                return
            # Ends the process even when some C code never comes back and the parent is gone.
            faulthandler.dump_traceback_later(bounds.seconds + 30, exit=True, file=nowhere)
            try:
                rows, spent = review_document(checker, task), False
            except MemoryError:
                rows, spent = fail_document(task, out_of_memory(bounds)), True
            faulthandler.cancel_dump_traceback_later()
            try:
                pipe.send(rows)
            except OSError:
                return
            if spent:
                return
            del task, rows
            reviewed += 1
            _collect(reviewed)


def _collect(reviewed: int) -> None:
    """Free what the last document left behind in circles.

    Rules and model stay for good, and the collector need not look at them again. Some of them are
    made when they are first needed, so what stays is told anew after 1, 2, 4, 8 ... documents.
    """
    anew = reviewed & (reviewed - 1) == 0
    if anew:
        gc.unfreeze()
    gc.collect()
    if anew:
        gc.freeze()


def _follow_parent() -> None:
    """End with the main process, also when it was killed in the middle of a document."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _limit_memory(bounds: Bounds) -> None:
    """Let the system refuse what would go far beyond the bound before it can be seen."""
    if sys.platform != "linux":
        return
    import resource

    import psutil

    mapped = psutil.Process().memory_info().vms
    limit = mapped + bounds.megabytes * MEGABYTE
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
