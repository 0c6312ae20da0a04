"""Workers: a document that takes too much costs itself alone; a killed worker costs nothing."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clausecheck.archive import worker as module
from clausecheck.archive.inputs import Choice, Found
from clausecheck.archive.jobs import Job
from clausecheck.archive.local import count_workers, run_local
from clausecheck.archive.work import Task, review_document
from clausecheck.archive.worker import Bounds, Worker
from clausecheck.errors import ArchiveError
from clausecheck.pipeline import Checker
from clausecheck.settings import Settings
from tests.archive.archives import contract


def make_task(number: int = 1, times: int = 1) -> Task:
    text = "\n".join(contract(number + n) for n in range(times))
    return Task(f"{number:064}", text.encode())


JOB = Job(Settings(), Bounds(), Choice())


def write_files(folder: Path, count: int) -> list[Found]:
    paths = [folder / f"{number}.txt" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(contract(number, more=f"4. Number {number}."))
    return [Found(str(path)) for path in paths]


LONG = make_task(900, times=1500)


def problem_of(rows: dict[str, list[tuple[object, ...]]]) -> object:
    assert rows["documents"][0][1] == "failed"
    assert rows["clauses"] == rows["findings"] == []
    return rows["problems"][0][2]


def test_a_worker_gives_what_a_review_gives_and_is_replaced_when_it_must() -> None:
    task = make_task()
    expected = review_document(Checker(), task)
    worker = Worker(Settings(), Bounds(seconds=1.0, megabytes=5_000))
    try:
        assert worker.review(task) == expected
        first = worker.pid
        assert problem_of(worker.review(LONG)) == "C520"
        assert worker.review(task) == expected
        assert worker.pid != first
        # Killed between documents, and in the middle of one that is then reviewed again.
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        assert worker.review(task) == expected
        threading.Timer(0.02, os.kill, (worker.pid, signal.SIGKILL)).start()
        middle = make_task(2, times=20)
        assert worker.review(middle) == review_document(Checker(), middle)
    finally:
        worker.close()


def test_memory_is_bounded() -> None:
    worker = Worker(Settings(), Bounds(megabytes=100))
    try:
        assert problem_of(worker.review(LONG)) == "C521"
    finally:
        worker.close()


def test_a_document_that_kills_every_worker_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker(Settings(), Bounds())
    monkeypatch.setattr(worker, "_ensure", lambda: None)
    monkeypatch.setattr(worker, "_run", lambda task: None)
    assert problem_of(worker.review(make_task())) == "C522"


def test_workers_that_cannot_start_end_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    monkeypatch.setattr(Worker, "_start", lambda self: started.append(self))
    monkeypatch.setattr(Worker, "_listen", lambda self, seconds, **_: None)
    with pytest.raises(ArchiveError, match="C512"):
        list(run_local(write_files(tmp_path, 1), JOB, set(), workers=1))
    assert len(started) == module._MOST_FALSE_STARTS


def test_the_pool_gives_every_document_once_and_ends_its_processes(tmp_path: Path) -> None:
    files = write_files(tmp_path, 12)
    outcomes = list(run_local([*files, files[0]], JOB, set(), workers=2))
    assert sorted(outcome.listed[0] for outcome in outcomes) == sorted(
        [*(file.name for file in files), files[0].name]
    )
    reviewed = [outcome.rows["documents"][0][0] for outcome in outcomes if outcome.rows]
    assert len(reviewed) == len(set(reviewed)) == 12

    read = []

    def endless() -> Iterator[Found]:
        for number in range(10_000):
            read.append(number)
            (tmp_path / "same.txt").write_text(contract(number, more=str(number)))
            yield Found(str(tmp_path / "same.txt"))

    pool = run_local(endless(), JOB, set(), workers=1)
    next(pool)
    pool.close()  # type: ignore[attr-defined]
    # Read ahead only as far as the workers need, and at rest now.
    assert len(read) < 8
    count = len(read)
    time.sleep(0.5)
    assert len(read) == count


def test_an_error_in_listing_reaches_the_caller() -> None:
    def broken() -> Iterator[Found]:
        raise OSError(28, "No space left on device")
        yield

    with pytest.raises(OSError, match="No space"):
        list(run_local(broken(), JOB, set(), workers=1))


def test_the_machine_bears_a_worker() -> None:
    assert count_workers() >= 1


@pytest.mark.parametrize("wait", [0.0, 0.3])
def test_a_worker_can_be_interrupted_at_any_time(wait: float) -> None:
    ended: list[BaseException] = []
    worker = Worker(Settings(), Bounds())

    def review() -> None:
        try:
            worker.review(LONG)
        except ArchiveError as error:
            ended.append(error)

    thread = threading.Thread(target=review)
    thread.start()
    time.sleep(wait)
    worker.interrupt()
    thread.join(20)
    assert not thread.is_alive()
    assert len(ended) == 1
    worker.close()
    assert worker.pid is None
