"""Measure the speed of clausecheck as ratios taken in one run, so that machines can be compared.

In: nothing but the project. Out: Markdown tables; ``python -m benchmarks.speed --write`` puts them
into README.md.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import PREVIEW
from benchmarks.blocks import format_table, replace_block
from benchmarks.contract import make_contract, read_clauses, write_pdf, write_text, write_word

LIBRARIES = ("spacy", "numpy", "lxml", "python-docx", "pypdfium2", "PyYAML", "click")
COLD_RUNS, WARM_RUNS = 9, 15


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value and its target; ``limit`` is in the unit of ``value``."""

    name: str
    value: float
    shown: str
    limit: float | None = None
    target: str = ""

    @property
    def row(self) -> tuple[str, str, str, str]:
        """The figure as a row of a table."""
        met = "" if self.limit is None else "yes" if self.value <= self.limit else "**no**"
        return self.name, self.shown, self.target, met


def time_calls(calls: Mapping[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Return the median seconds of each call, the calls taken in turn so that all share the noise.

    >>> list(time_calls({"nothing": lambda: None}, 3))
    ['nothing']
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(runs):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - start)
    return {name: median(found) for name, found in times.items()}


def describe_machine() -> list[tuple[str, str]]:
    """Return what the figures depend on: processor, cores, memory, Python and libraries."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"model name\s*:\s*(.+)", info.read_text())
        model = found[1] if found else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    load = os.getloadavg()[0]
    return [
        ("processor", model),
        ("cores", str(os.cpu_count())),
        ("memory", f"{memory:.0f} GB"),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("Python", platform.python_version()),
        ("libraries", versions),
        ("load when measured", f"{load:.1f}"),
    ]


def run_child(arguments: Sequence[str]) -> tuple[float, int]:
    """Run Python with ``arguments`` in a fresh process; return its seconds and peak kilobytes."""
    # An installed package has its byte code; a switch that keeps it from being written would
    # measure the compiler.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        raise RuntimeError(f"python {' '.join(arguments)} ended with {child.returncode}")
    scale = 1024 if sys.platform == "darwin" else 1
    return seconds, usage.ru_maxrss // scale


@contextmanager
def pack_rules() -> Iterator[None]:
    """Have the rules packed as they are in an installed package, for as long as this lasts."""
    from clausecheck.shipped import PACKED, pack_tables, shipped_folder

    path = shipped_folder("rules") / PACKED
    path.write_text(pack_tables(path.parent), "utf-8")
    try:
        yield
    finally:
        path.unlink()


@pack_rules()
def measure_cold(document: Path, runs: int = COLD_RUNS) -> list[Figure]:
    """Return the figures of fresh processes: a review, its memory, and help."""
    review = ["-m", "clausecheck", *(["--preview"] if PREVIEW else []), str(document)]
    peaks: list[int] = []
    times = time_calls(
        {
            "review": lambda: peaks.append(run_child(review)[1]),
            "spacy": lambda: run_child(["-c", "import spacy"]),
            "help": lambda: run_child(["-m", "clausecheck", "--help"]),
        },
        runs,
    )
    ratio = times["review"] / times["spacy"]
    peak = max(peaks) / 1000
    return [
        Figure(
            "cold review of the .docx / `import spacy`",
            ratio,
            f"{ratio:.2f} ({times['review']:.2f} s / {times['spacy']:.2f} s)",
            1.5,
            "at most 1.5",
        ),
        Figure("peak memory of that review", peak, f"{peak:.0f} MB", 350, "under 350 MB"),
        Figure(
            "`clausecheck --help`", times["help"], f"{times['help']:.2f} s", 0.25, "under 0.25 s"
        ),
    ]


def measure_warm(text: str, runs: int = WARM_RUNS) -> list[Figure]:
    """Return the time of a review on a built checker against spaCy's tokenising."""
    import spacy

    from clausecheck import Checker, Settings

    checker, nlp = Checker(Settings(preview=PREVIEW)), spacy.blank("en")
    times = time_calls(
        {"review": lambda: checker.check_text(text), "spacy": lambda: nlp.make_doc(text)}, runs
    )
    ratio = times["review"] / times["spacy"]
    shown = f"{ratio:.2f} ({1000 * times['review']:.0f} ms / {1000 * times['spacy']:.0f} ms)"
    return [Figure("warm review of its text / spaCy tokenising it", ratio, shown, 4, "at most 4")]


def vary_pattern(source: str, lists: Mapping[str, Sequence[str]]) -> str:
    """Return a pattern that matches as much but shares no element with ``source``.

    Alternatives change their order, and lists that can be are written out.

    >>> vary_pattern("[A] (a b|c) .. {duty}", {"duty": ["shall", "must"]})
    '[A] (c|a b) .. (must|shall)'
    """

    def vary(found: re.Match[str]) -> str:
        piece = found[0]
        if piece.startswith("(") and "|" in piece:
            body, _, tail = piece[1:].rpartition(")")
            return f"({'|'.join(reversed(body.split('|')))}){tail}"
        name = piece.rstrip("?")[1:-1]
        if piece.startswith("{") and not any(c in p for p in lists[name] for c in "{(|"):
            phrases = sorted(lists[name], key=lambda p: (-len(p), p))
            return f"({'|'.join(reversed(phrases))}){'?' if piece.endswith('?') else ''}"
        if "|" in piece and not piece.startswith(("{", "(")):
            return "|".join(reversed(piece.split("|")))
        return piece

    return re.sub(r"\([^()]*\)\??|\S+", vary, source)


def double_rules(folder: Path) -> int:
    """Write every shipped rule again under a new code into ``folder``; return how many."""
    import yaml

    from clausecheck.shipped import shipped_folder

    shipped = shipped_folder("rules")
    cues = yaml.safe_load((shipped / "cues.yaml").read_text("utf-8"))
    lists = cues["lists"]
    count = 0
    for path in sorted(shipped.glob("*/[A-Z][A-Z][0-9][0-9][0-9].yaml")):
        rule: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
        # Codes of taxonomy end below 500 in every family.
        rule["code"] = f"{rule['code'][:2]}{int(rule['code'][2:]) + 500}"
        rule["patterns"] = [vary_pattern(p, lists) for p in rule["patterns"]]
        for key in ("cancel", "raise", "lower"):
            for cue in rule.get(key) or ():
                cue["when"] = vary_pattern(cue["when"], lists)
        (folder / f"{rule['code']}.yaml").write_text(
            yaml.safe_dump(rule, allow_unicode=True, sort_keys=False), "utf-8"
        )
        count += 1
    return count


def measure_rules(text: str, runs: int = WARM_RUNS) -> list[Figure]:
    """Return how the time of the detect step grows with the number of rules."""
    from clausecheck.assess.findings import Reading, score_clauses
    from clausecheck.detect.classifier import load_classifier
    from clausecheck.detect.match import RuleMatcher
    from clausecheck.detect.rules import load_rule_set
    from clausecheck.detect.tokens import Tokens
    from clausecheck.read import read_document
    from clausecheck.segment import segment_document

    segments = segment_document(read_document(text.encode(), name="contract.txt"))
    clauses, model = segments.clauses, load_classifier()
    with tempfile.TemporaryDirectory() as folder:
        double_rules(Path(folder))
        doubled = load_rule_set((folder,))
    shipped = load_rule_set()
    sets = {
        "half": shipped.rules[: len(shipped.rules) // 2],
        "all": shipped.rules,
        "doubled": doubled.rules,
    }
    matchers = {name: RuleMatcher(rules, shipped.cues) for name, rules in sets.items()}
    hits: dict[str, int] = {}

    def detect(name: str) -> None:
        tokens = Tokens(text, segments.parties)
        hits[name] = len(matchers[name].find(tokens, clauses))
        score_clauses(Reading(tokens, clauses, segments.parties, {}, shipped.cues, model))

    times = time_calls({name: lambda n=name: detect(n) for name in sets}, runs)  # type: ignore[misc]
    figures = []
    for one, two, limit in (("half", "all", 1.2), ("all", "doubled", 1.2)):
        ratio = times[two] / times[one]
        shown = (
            f"{ratio:.2f} ({1000 * times[two]:.0f} ms / {1000 * times[one]:.0f} ms; "
            f"{hits[two]} hits / {hits[one]})"
        )
        name = f"detect with {len(sets[two])} rules / with {len(sets[one])}"
        figures.append(Figure(name, ratio, shown, limit, "under 1.2" if limit else ""))
    return figures


def measure_steps(word: bytes, pdf: bytes, text: str, runs: int = WARM_RUNS) -> list[Figure]:
    """Return the words per second of each step alone."""
    from clausecheck import Checker, Settings
    from clausecheck.assess.findings import Reading, score_clauses
    from clausecheck.detect.match import RuleMatcher
    from clausecheck.detect.tokens import Tokens
    from clausecheck.read import read_document
    from clausecheck.segment import segment_document

    checker = Checker(Settings(preview=PREVIEW))
    document = read_document(text.encode(), name="contract.txt")
    segments = segment_document(document)
    rule_set = checker.rule_set
    matcher = RuleMatcher(checker.rules, rule_set.cues)
    model = checker._classifier

    def detect() -> None:
        tokens = Tokens(text, segments.parties)
        matcher.find(tokens, segments.clauses)
        score_clauses(Reading(tokens, segments.clauses, segments.parties, {}, rule_set.cues, model))

    calls: dict[str, Callable[[], object]] = {
        "reading Word": lambda: read_document(word, name="contract.docx"),
        "reading PDF": lambda: read_document(pdf, name="contract.pdf"),
        "reading text": lambda: read_document(text.encode(), name="contract.txt"),
        "segmentation": lambda: segment_document(document),
        "detection": detect,
        "the whole review of a read document": lambda: checker.check_document(document),
    }
    words = len(text.split())
    times = time_calls(calls, runs)
    return [Figure(n, s, f"{words / s:,.0f} words/s ({1000 * s:.1f} ms)") for n, s in times.items()]


def measure_all() -> str:
    """Return all tables as Markdown."""
    paragraphs = make_contract(read_clauses())
    text, word = write_text(paragraphs), write_word(paragraphs)
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "draft.docx"
        document.write_bytes(word)
        figures = measure_cold(document)
    figures += measure_warm(text) + measure_rules(text)
    steps = measure_steps(word, write_pdf(text), text)
    return "\n\n".join(
        (
            format_table(("machine", ""), describe_machine()),
            f"The contract has {len(text.split()):,} words in {len(paragraphs)} paragraphs.",
            format_table(("measure", "median", "target", "met"), [f.row for f in figures]),
            format_table(("step alone", "speed"), [f.row[:2] for f in steps]),
        )
    )


def main(arguments: Sequence[str]) -> int:
    """Measure and print; with ``--write``, put the tables into README.md too."""
    report = measure_all()
    sys.stdout.write(report + "\n")
    if "--write" in arguments:
        replace_block("speed", report)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
