"""Ray gives the rows of the local engine, also when workers are killed on the way."""

import datetime as dt
import os
import signal
import threading
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from clausecheck.archive.cluster import Reviewer, pack, run_ray, sort_digests, unpack
from clausecheck.archive.inputs import Choice
from clausecheck.archive.jobs import Job, Outcome
from clausecheck.archive.work import Task, review_document
from clausecheck.archive.worker import Bounds
from clausecheck.pipeline import Checker
from clausecheck.settings import Settings
from tests.archive.archives import contract, dump, run_here

needs_ray = pytest.mark.skipif(not find_spec("ray"), reason='needs Ray: pip install ".[ray]"')


def test_an_outcome_travels_unchanged() -> None:
    task = Task("ab" * 32, contract(more="4. \ud800 half a character").encode("utf-8", "replace"))
    rows = review_document(Checker(), task)
    listed = ("s3://b/a.txt", "ab" * 32, 12, "etag", None, None, None)
    assert any(isinstance(value, dt.date) for value in rows["documents"][0])
    for given in (Outcome(listed, rows), Outcome(listed, None)):
        assert unpack({name: column[0] for name, column in pack(given).items()}) == given


@needs_ray
def test_known_documents_are_found_in_the_shared_array() -> None:
    digests = [bytes([n]) * 31 + bytes([n % 3]) for n in range(200)]
    reviewer = Reviewer(Job(Settings(), Bounds(), Choice()), sort_digests(set(digests[::2])))
    assert [reviewer._is_known(digest) for digest in digests] == [True, False] * 100


@needs_ray
@pytest.mark.filterwarnings("ignore")
def test_equal_rows_and_none_lost_when_workers_are_killed(folder: Path, tmp_path: Path) -> None:
    import psutil

    for number in range(24):
        (folder / f"more-{number}.txt").write_text(contract(number, more=f"4. No. {number}."))
    run_here(folder, out=tmp_path / "local")
    killed: list[int] = []
    over = threading.Event()

    def kill() -> None:
        """Kill an actor, and later the process that reviews for another, once they are at work."""
        for name in ("MapBatches", "spawn_main"):
            while not over.is_set():
                found = [p for p in psutil.Process().children(recursive=True) if fits(p, name)]
                if found:
                    time.sleep(0.3)
                    os.kill(found[-1].pid, signal.SIGKILL)
                    killed.append(found[-1].pid)
                    break
                time.sleep(0.05)

    def fits(process: Any, name: str) -> bool:
        try:
            return name in " ".join(process.cmdline())
        except psutil.Error:
            return False

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    tally = run_here(folder, out=tmp_path / "ray", engine=partial(run_ray, address=None, workers=2))
    over.set()
    assert killed
    assert tally.reviewed == 28
    assert dump(tmp_path / "ray") == dump(tmp_path / "local")
    # What is done is not done again.
    again = run_here(folder, out=tmp_path / "ray", engine=partial(run_ray, address=None, workers=1))
    assert again.reviewed == 0
