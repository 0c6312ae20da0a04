"""The engine of a cluster: Ray Data runs the same unit of work on as many machines as it has.

Comes in: files. Goes out: outcomes. Each actor reads its files where it runs and reviews them in a
supervised process of its own, so that deadline, memory bound and rows are those of the local
engine; a machine that is lost has its files done again by others. The dataset is written by the
process that started the run, which takes each document once.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from clausecheck.archive.inputs import Found
from clausecheck.archive.jobs import Job, Outcome, list_work
from clausecheck.archive.schema import TABLES, Rows
from clausecheck.archive.store import to_table
from clausecheck.archive.worker import Worker

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Files that an actor takes at once: what is done again when its machine is lost.
_BATCH = 8
_DIGEST = "S32"


def run_ray(
    found: Iterable[Found], job: Job, known: set[bytes], /, *, address: str | None,
    workers: int | None,
) -> Iterator[Outcome]:  # fmt: skip
    """Yield the outcome of each file, in any order.

    ``address`` is that of a cluster on which clausecheck is installed and from which the files can
    be read; without one, a cluster of this machine is made and ended. ``workers`` bounds the
    actors; without it there is one per core.
    """
    # Nothing is told to anybody about the use of it, and to the user only what went wrong.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    import ray
    from ray.data import ActorPoolStrategy, DataContext

    logging.getLogger("ray").setLevel(logging.ERROR)
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    ray.init(
        address=address, num_cpus=None if address else workers, include_dashboard=False,
        log_to_driver=False, logging_level=logging.ERROR,
    )  # fmt: skip
    try:
        DataContext.get_current().enable_progress_bars = False
        names = [{"name": name, "mark": mark or ""} for name, mark in found]
        if not names:
            return
        cores = workers or int(ray.cluster_resources().get("CPU", 1))
        dataset = ray.data.from_items(names, override_num_blocks=-(-len(names) // _BATCH))
        reviewed = dataset.map_batches(
            Reviewer,
            fn_constructor_args=(job, ray.put(sort_digests(known))),
            batch_size=_BATCH,
            compute=ActorPoolStrategy(min_size=1, max_size=cores),
            num_cpus=1,
        )
        for batch in reviewed.iter_batches(batch_size=None, batch_format="pyarrow"):
            for row in batch.to_pylist():
                yield unpack(row)
    finally:
        ray.shutdown()


class Reviewer:
    """An actor: reads files and reviews their documents, each in a supervised process."""

    def __init__(self, job: Job, known: Any) -> None:
        import ray

        self._job = job
        # In the memory that all actors of a machine share.
        self._known: NDArray[np.bytes_] = known if hasattr(known, "dtype") else ray.get(known)
        self._worker = Worker(job.settings, job.bounds)

    def __call__(self, batch: dict[str, Any]) -> Iterator[dict[str, list[Any]]]:
        """Yield one row for each file of a batch of names and marks."""
        found = [
            Found(str(name), str(mark) or None)
            for name, mark in zip(batch["name"], batch["mark"], strict=True)
        ]
        for work in list_work(found, self._job, self._is_known):
            rows = self._worker.review(work.task) if work.task else None
            yield pack(Outcome(work.listed, rows))

    def _is_known(self, digest: bytes) -> bool:
        place = int(self._known.searchsorted(digest))
        return place < len(self._known) and bytes(self._known[place]).ljust(32, b"\0") == digest


def sort_digests(known: set[bytes]) -> NDArray[np.bytes_]:
    """Return digests as a sorted array: 32 bytes each."""
    import numpy as np

    return np.array(sorted(known), dtype=_DIGEST)


def pack(outcome: Outcome) -> dict[str, list[Any]]:
    """Return an outcome as columns of one row, its tables in Arrow's own format."""
    columns: dict[str, list[Any]] = {"listed": [json.dumps(outcome.listed)]}
    for name, table in TABLES.items():
        data = None
        if outcome.rows is not None:
            import pyarrow as pa

            sink = pa.BufferOutputStream()
            made = to_table(outcome.rows[name], table)
            with pa.ipc.new_stream(sink, made.schema) as writer:
                writer.write_table(made)
            data = sink.getvalue().to_pybytes()
        columns[name] = [data or b""]
    return columns


def unpack(row: dict[str, Any]) -> Outcome:
    """Return the outcome that ``pack`` wrote."""
    listed = tuple(json.loads(row["listed"]))
    if not row["documents"]:
        return Outcome(listed, None)
    rows: Rows = {}
    for name in TABLES:
        import pyarrow as pa

        table = pa.ipc.open_stream(row[name]).read_all()
        columns = (column.to_pylist() for column in table.columns)
        rows[name] = list(zip(*columns, strict=True))
    return Outcome(listed, rows)
