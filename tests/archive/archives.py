"""Small archives, and a run over them with one real worker or in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from clausecheck.archive.dataset import Dataset
from clausecheck.archive.inputs import Found
from clausecheck.archive.jobs import Job, Outcome, list_work
from clausecheck.archive.query import connect
from clausecheck.archive.run import Tally, run_archive
from clausecheck.archive.work import review_document
from clausecheck.archive.worker import Bounds
from clausecheck.pipeline import Checker
from clausecheck.settings import Settings

CONTRACT = """MASTER SERVICES AGREEMENT

This Agreement is dated as of March {day}, {year} between {customer} ("Customer") and {supplier}
("Supplier").

1. Services. Supplier shall provide the Services and Customer shall pay the fees.

2. Termination. Customer may terminate this Agreement for convenience on five days' notice.

3. Indemnity. Supplier shall indemnify Customer against any and all losses, whatever their cause.

{more}
"""


def contract(
    number: int = 1,
    *,
    customer: str = "Acme Stores Ltd",
    supplier: str = "Borealis Ltd",
    year: int = 2015,
    more: str = "",
) -> str:
    day = number % 28 + 1
    return CONTRACT.format(day=day, year=year, customer=customer, supplier=supplier, more=more)


class Silent:
    """Progress that nobody looks at."""

    def expect(self, files: int) -> None: ...

    def advance(self, files: int, reviewed: int, failed: int) -> None: ...


_checkers: dict[Settings, Checker] = {}


def here(found: Iterable[Found], job: Job, known: set[bytes]) -> Iterator[Outcome]:
    """Review in this process, for speed; the same unit of work as everywhere."""
    checker = _checkers.setdefault(job.settings, Checker(job.settings))

    def is_known(digest: bytes) -> bool:
        seen = digest in known
        known.add(digest)
        return seen

    for work in list_work(found, job, is_known):
        rows = review_document(checker, work.task) if work.task else None
        yield Outcome(work.listed, rows)


def run_here(*inputs: Path | str, out: Path, engine: Any = here, **options: Any) -> Tally:
    settings = options.pop("settings", Settings())
    return run_archive(
        [str(name) for name in inputs], out, settings, engine, bounds=Bounds(), progress=Silent(),
        **options,
    )  # fmt: skip


def ask(out: Path, sql: str, **options: Any) -> list[tuple[Any, ...]]:
    with connect(Dataset.open(out), **options) as connection:
        return connection.sql(sql).fetchall()


def dump(out: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, sorted: equal for equal datasets."""
    tables = ("documents", "clauses", "findings", "foundations", "problems", "files", "present")
    return {name: sorted(ask(out, f"FROM {name}"), key=repr) for name in tables}
