"""Read thousands of damaged files and see that none does harm.

In: real files as seeds. Each input is a seed changed by a few mutations, all drawn from the run's
seed and the input's number, so that ``--only 1234`` makes input 1234 again. A worker process reads
it and cuts it into clauses under a deadline and a bound of memory. Out: what became of the inputs.
A fault is a crash, an error without a code, a missed deadline, a reading without a word, or one
whose offsets do not fit together.

    python -m benchmarks.fuzz [word|pdf|text ...] [--count 5000] [--seed 1] [--only N] [--write]

To fuzz another format, add a line to ``FORMATS``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.blocks import format_table, replace_block
from benchmarks.mutate import BYTE_MUTATIONS, Mutation
from benchmarks.mutate_word import WORD_MUTATIONS

if TYPE_CHECKING:
    from clausecheck.records import Document

HERE = Path(__file__).resolve()
CONTRACTS = HERE.parents[2] / "shared" / "contracts"
SAMPLES = HERE.parents[1] / "corpora" / "samples"
COUNT, DEADLINE, MEMORY = 5000, 10.0, 2_000_000_000
# Large seeds are drawn less often: what breaks a reader is seldom length.
_BIGGEST = 3_000_000


@dataclass(frozen=True, slots=True)
class Format:
    """Seeds (globs below the contracts and the samples), mutations, how many of them at most."""

    seeds: tuple[str, ...]
    mutations: tuple[Mutation, ...]
    most: int = 3


FORMATS: dict[str, Format] = {
    "word": Format(("docx/*.docx", "*.docx"), WORD_MUTATIONS),
    "pdf": Format(("pdf-other/*.pdf", "cuad/pdf/*.pdf", "*.pdf"), BYTE_MUTATIONS),
    "text": Format(("cuad/txt/*.txt", "us-gov-18f/**/*.md", "*.txt"), BYTE_MUTATIONS),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input: ``read``, ``refused`` with a code, or a fault and where."""

    number: int
    kind: str
    detail: str = ""
    seconds: float = 0.0

    @property
    def fault(self) -> bool:
        """Whether this must not happen."""
        return self.kind not in ("read", "refused")


@lru_cache(maxsize=4)
def list_seeds(name: str, folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the seed files of a format, small ones first."""
    found = {
        path
        for folder in folders
        for pattern in FORMATS[name].seeds
        for path in folder.glob(pattern)
        if path.stat().st_size <= _BIGGEST
    }
    return tuple(sorted(found, key=lambda path: (path.stat().st_size, path.name)))


@lru_cache(maxsize=64)
def _load(path: Path) -> bytes:
    return path.read_bytes()


def make_input(name: str, seed: int, number: int, paths: Sequence[Path]) -> bytes:
    """Return input ``number`` of a run; the same arguments make the same bytes."""
    chance = random.Random(f"{seed}:{name}:{number}")
    data = _load(paths[int(len(paths) * chance.random() ** 2)])
    other = _load(paths[int(len(paths) * chance.random() ** 2)])
    for _ in range(chance.randint(1, FORMATS[name].most)):
        mutate = chance.choice(FORMATS[name].mutations)
        data = mutate(data, other, chance)
    return data


def try_input(name: str, data: bytes, number: int) -> Outcome:
    """Read ``data`` and cut it into clauses; nothing is raised."""
    from clausecheck.errors import ClausecheckError
    from clausecheck.read import read_document
    from clausecheck.segment import segment_document

    began = time.perf_counter()
    kind, detail = "read", ""
    try:
        document = read_document(data, name=f"{name} {number}")
        detail = find_fault(document)
        if not detail:
            ends = [(c.start, c.end) for c in segment_document(document).clauses]
            if any(not 0 <= start <= end <= len(document.text) for start, end in ends):
                detail = "a clause lies outside the text"
        kind = "broken reading" if detail else "read"
    except ClausecheckError as error:
        kind, detail = "refused", error.code
        if not (error.message and error.where and error.advice):
            kind, detail = "unclear error", str(error)
    except MemoryError:
        kind, detail = "out of memory", traceback.format_exc(limit=-1)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        kind, detail = "crash", f"{type(error).__name__}: {str(error)[:120]} at {place}"
    return Outcome(number, kind, detail, time.perf_counter() - began)


def find_fault(document: Document) -> str:
    """Return what is wrong with a reading, "" for nothing.

    >>> from clausecheck.records import Document
    >>> find_fault(Document("a.txt", "text/plain", "", "  "))
    'no word was read, and nobody was told'
    """
    text = document.text
    if not text.strip():
        return "no word was read, and nobody was told"
    spans = [(b.start, b.end) for b in document.blocks]
    if any(not 0 <= start <= end <= len(text) for start, end in spans) or spans != sorted(spans):
        return "blocks are out of order or outside the text"
    reached = 0
    for anchor in document.anchors:
        if not reached <= anchor.start <= anchor.end <= len(text):
            return "anchors are out of order or outside the text"
        if text[reached : anchor.start].strip():
            return "text without an anchor"
        reached = anchor.end
    return "text without an anchor" if text[reached:].strip() else ""


def _work(pipe: Connection, name: str, seed: int, paths: Sequence[Path]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    while (number := pipe.recv()) is not None:
        data = make_input(name, seed, number, paths)
        pipe.send(None)  # the clock starts when the input is made
        pipe.send(try_input(name, data, number))


class Worker:
    """A process that reads inputs, replaced when one takes it down or holds it up."""

    def __init__(self, name: str, seed: int, paths: Sequence[Path], deadline: float) -> None:
        self._arguments, self._deadline = (name, seed, paths), deadline
        self._start()

    def _start(self) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.Process(
            target=_work, args=(theirs, *self._arguments), daemon=True
        )
        self._process.start()
        theirs.close()

    def run(self, number: int) -> Outcome:
        """Return what became of one input."""
        try:
            self._pipe.send(number)
            self._pipe.recv()
            if self._pipe.poll(self._deadline):
                outcome: Outcome = self._pipe.recv()
                return outcome
            outcome = Outcome(number, "hang", f"over {self._deadline:g} s", self._deadline)
            self._process.kill()
        except EOFError:
            self._process.join()
            outcome = Outcome(number, "crash", f"the process ended: {self._process.exitcode}")
        self._process.join()
        self._start()
        return outcome

    def stop(self) -> None:
        """End the process."""
        self._pipe.send(None)
        self._process.join()


def run_inputs(
    name: str,
    numbers: Sequence[int],
    *,
    seed: int,
    paths: Sequence[Path],
    deadline: float = DEADLINE,
    watch: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """Return what became of each input, in order."""
    worker = Worker(name, seed, paths, deadline)
    outcomes = []
    for number in numbers:
        outcomes.append(worker.run(number))
        watch(outcomes[-1])
    worker.stop()
    return outcomes


def write_report(runs: dict[str, list[Outcome]], seeds: dict[str, int], seed: int) -> str:
    """Return the tables as Markdown."""
    head = ("format", "seed files", "inputs", "read", "refused", "faults", "slowest, s", "by code")
    rows = []
    for name, outcomes in runs.items():
        kinds = Counter(o.kind for o in outcomes)
        codes = Counter(o.detail for o in outcomes if o.kind == "refused")
        rows.append((
            name, str(seeds[name]), f"{len(outcomes):,}", f"{kinds['read']:,}",
            f"{kinds['refused']:,}", str(sum(o.fault for o in outcomes)),
            f"{max(o.seconds for o in outcomes):.1f}",
            ", ".join(f"{code} {count:,}" for code, count in sorted(codes.items())),
        ))  # fmt: skip
    parts = [f"Seed of the run: {seed}; deadline {DEADLINE:g} s.", format_table(head, rows)]
    faults = [
        f"- {name} input {o.number}: {o.kind}, {o.detail}"
        for name, outcomes in runs.items()
        for o in outcomes
        if o.fault
    ]
    return "\n\n".join([*parts, *(["\n".join(faults)] if faults else [])]) + "\n"


def _list_numbers(count: int, only: int | None) -> Iterator[int]:
    yield from (range(count) if only is None else (only,))


def main(arguments: Sequence[str]) -> int:
    """Fuzz the named formats (all by default); 1 when there was any fault."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=", ".join(FORMATS))
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="this input alone")
    parser.add_argument("--save", type=Path, help="with --only: write the input to this file")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    chosen = parser.parse_args(arguments)
    runs: dict[str, list[Outcome]] = {}
    seeds: dict[str, int] = {}

    def watch(outcome: Outcome) -> None:
        if outcome.fault:
            sys.stderr.write(f"{name} input {outcome.number}: {outcome.kind}, {outcome.detail}\n")

    for name in chosen.formats or FORMATS:
        paths = list_seeds(name, (CONTRACTS, SAMPLES))
        seeds[name] = len(paths)
        if chosen.save and chosen.only is not None:
            chosen.save.write_bytes(make_input(name, chosen.seed, chosen.only, paths))
        numbers = list(_list_numbers(chosen.count, chosen.only))
        runs[name] = run_inputs(name, numbers, seed=chosen.seed, paths=paths, watch=watch)
        report = write_report({name: runs[name]}, seeds, chosen.seed)
        sys.stdout.write(report)
        if chosen.write:
            replace_block(f"fuzz-{name}", report)
    return 1 if any(o.fault for outcomes in runs.values() for o in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
