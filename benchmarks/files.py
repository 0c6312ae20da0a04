"""Review every file of a folder of real contracts in one process, and check every finding.

In: a folder. Out: a Markdown table by sub-folder, the refused files by code, the slowest files.
Run ``python -m benchmarks.files [FOLDER]``; names of files are printed, never their text.
"""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import PREVIEW
from benchmarks.blocks import format_table, replace_block

if TYPE_CHECKING:
    from types import FrameType

    from clausecheck import Checker, Review

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "contracts"
# Seconds that one file may take; the longest contracts have some 150,000 words.
DEADLINE = 60
# A file is out of line when it is slow and takes this many times the median time per word.
OUT_OF_LINE, SLOW = 8, 0.5


@dataclass(slots=True)
class Outcome:
    """What became of one file. ``code`` is that of the error; ``faults`` are faults of ours."""

    path: Path
    seconds: float = 0.0
    code: str = ""
    words: int = 0
    clauses: int = 0
    findings: int = 0
    balanced: int = 0
    unread: int = 0
    partial: bool = False
    faults: list[str] = field(default_factory=list)


class TooSlowError(Exception):
    """A file was not done by its deadline."""


@contextmanager
def limit_time(seconds: float) -> Iterator[None]:
    """Raise ``TooSlowError`` when the body takes longer (where the system has timers)."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooSlowError

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def review_file(checker: Checker, path: Path, *, deadline: float = DEADLINE) -> Outcome:
    """Return what became of one file; nothing is raised but an interrupt."""
    from clausecheck import ClausecheckError

    outcome = Outcome(path)
    start = time.perf_counter()
    try:
        with limit_time(deadline):
            review = checker.check(path)
    except ClausecheckError as error:
        outcome.code = error.code
        if not (error.message and error.where and error.advice):
            outcome.faults.append("the error does not say what, where and what to do")
    except TooSlowError:
        outcome.faults.append(f"not done in {deadline:g} s")
    except Exception as error:
        outcome.faults.append(f"crash: {type(error).__name__}")
    else:
        outcome.seconds = time.perf_counter() - start
        outcome.words = len(review.document.text.split())
        outcome.clauses = len(review.clauses)
        outcome.findings = len(review.findings)
        outcome.balanced = len(review.balanced)
        outcome.unread = len(review.document.unread)
        outcome.partial = review.status == "partial"
        outcome.faults += list_faults(review)
    outcome.seconds = time.perf_counter() - start if not outcome.seconds else outcome.seconds
    return outcome


def list_faults(review: Review) -> list[str]:
    """Return what is wrong with a review, without quoting it.

    Each finding must quote words of the text, stand in its clause, have its evidence inside the
    text, and walk home to a place in the source; the clauses must be there and in order.
    """
    text, faults = review.document.text, []
    clauses = {clause.id: clause for clause in review.clauses}
    if not any(clause.kind == "operative" for clause in review.clauses):
        faults.append("no operative clause")
    if len(clauses) != len(review.clauses):
        faults.append("two clauses share an id")
    body = [c for c in review.clauses if c.kind != "furniture"]
    if any(a.end > b.start for a, b in pairwise(body)):
        faults.append("clauses overlap")
    for finding in review.findings:
        at = f"{finding.code} at {finding.start}"
        clause = clauses.get(finding.clause)
        if not text[finding.start : finding.end].strip():
            faults.append(f"{at} quotes nothing")
        if clause is None or not clause.start <= finding.start < finding.end <= clause.end:
            faults.append(f"{at} is not inside its clause")
        if not review.document.places(finding.start, finding.end):
            faults.append(f"{at} has no place in the source")
        if any(r.end and not text[r.start : r.end].strip() for r in finding.evidence):
            faults.append(f"{at} has evidence without words")
    faults += [
        f"balanced {item.code} at {item.start} quotes nothing"
        for item in review.balanced
        if not text[item.start : item.end].strip() or item.clause not in clauses
    ]
    return faults


def list_files(folder: Path) -> list[Path]:
    """Return the files below a folder, sorted, without notes about the folder itself."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "README.md")


def group_of(path: Path, folder: Path) -> str:
    """Return the row of the table that a file belongs to: its first folder and its format."""
    top = path.relative_to(folder).parts[0]
    return f"{top if top != path.name else '.'} {path.suffix.lower()}"


def write_report(outcomes: Sequence[Outcome], folder: Path) -> str:
    """Return the tables as Markdown."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[group_of(outcome.path, folder)].append(outcome)
    rows = [_sum_row(name, found) for name, found in sorted(groups.items())]
    rows.append(_sum_row("**all**", outcomes))
    head = (
        "folder", "files", "read", "in part", "refused", "faults", "words", "clauses", "findings",
        "balanced", "unread parts", "seconds", "words/s",
    )  # fmt: skip
    parts = [format_table(head, rows)]
    refused = [o for o in outcomes if o.code]
    if refused:
        lines = (f"- {o.code}: `{o.path.relative_to(folder)}`" for o in sorted(
            refused, key=lambda o: (o.code, o.path)))  # fmt: skip
        parts.append("Refused, by code:\n\n" + "\n".join(lines))
    faulty = [o for o in outcomes if o.faults]
    if faulty:
        lines = (
            f"- `{o.path.relative_to(folder)}`: {'; '.join(o.faults[:3])} ({len(o.faults)} in all)"
            for o in faulty
        )
        parts.append("Faults:\n\n" + "\n".join(lines))
    slowest = sorted((o for o in outcomes if o.words), key=lambda o: -o.seconds)[:5]
    if slowest:
        lines = (
            f"- {o.seconds:.2f} s, {o.words} words: `{o.path.relative_to(folder)}`" for o in slowest
        )
        parts.append("Slowest:\n\n" + "\n".join(lines))
    odd = list_out_of_line(outcomes)
    if odd:
        lines = (
            f"- {o.seconds:.2f} s, {o.words} words: `{o.path.relative_to(folder)}`" for o in odd
        )
        parts.append("Time per word out of line:\n\n" + "\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _sum_row(name: str, outcomes: Sequence[Outcome]) -> list[str]:
    codes = Counter(o.code for o in outcomes if o.code)
    refused = ", ".join(f"{count} {code}" for code, count in sorted(codes.items())) or "0"
    words, seconds = sum(o.words for o in outcomes), sum(o.seconds for o in outcomes)
    return [
        name,
        str(len(outcomes)),
        str(sum(not o.code and o.words > 0 for o in outcomes)),
        str(sum(o.partial for o in outcomes)),
        refused,
        str(sum(len(o.faults) for o in outcomes)),
        f"{words:,}",
        f"{sum(o.clauses for o in outcomes):,}",
        f"{sum(o.findings for o in outcomes):,}",
        f"{sum(o.balanced for o in outcomes):,}",
        f"{sum(o.unread for o in outcomes):,}",
        f"{seconds:.1f}",
        f"{words / seconds:,.0f}" if seconds else "0",
    ]


def list_out_of_line(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the slow files whose time per word is far above the median of their format."""
    by_format: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.words:
            by_format[outcome.path.suffix.lower()].append(outcome)
    odd = []
    for found in by_format.values():
        usual = median(o.seconds / o.words for o in found)
        odd += [o for o in found if o.seconds > SLOW and o.seconds / o.words > OUT_OF_LINE * usual]
    return sorted(odd, key=lambda o: o.path)


def main(arguments: Sequence[str]) -> int:
    """Review the files and print the report; 1 when there was any fault."""
    from clausecheck import Checker, Settings

    write = "--write" in arguments
    named = [a for a in arguments if not a.startswith("--")]
    folder = Path(named[0]) if named else FOLDER
    files = list_files(folder) if folder.is_dir() else []
    if not files:
        sys.stderr.write(f"{folder}: no file to review. Name a folder of contracts.\n")
        return 2
    checker = Checker(Settings(preview=PREVIEW))
    checker.check_clause("Supplier shall provide the services.")  # load once, before the clock
    outcomes = [review_file(checker, path) for path in files]
    report = write_report(outcomes, folder)
    sys.stdout.write(report)
    if write:
        replace_block("files", report)
    return 1 if any(o.faults for o in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
