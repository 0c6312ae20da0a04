"""Measure archive runs: documents a second on one core and two, memory, growth, a second run.

In: a folder of real contracts, kept elsewhere. Out: Markdown and a plot. A figure is kept in
``--keep FILE`` as soon as it is there, so that long runs can be taken one by one::

    python -m benchmarks.archive --contracts DIR --keep FILE --run 2000 --workers 1
    python -m benchmarks.archive --keep FILE --write

Each run stands between two measurements of a single process that only reviews, and of two of them
side by side, for a machine whose cores are shared with others is now faster and now slower. Of
several runs of one size the median share counts.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean, median
from typing import Any

from benchmarks.archive_inputs import describe_sizes, load_sources, make_archive, rename
from benchmarks.blocks import format_table, replace_block

PLOT = Path(__file__).with_name("archive.svg")
_SINGLE = 400
_MOST_SECOND, _LEAST_CORES, _LEAST_SINGLE = 0.02, 1.8, 0.85


def measure_single(sources: Sequence[tuple[str, Sequence[str]]]) -> dict[str, float]:
    """Return the rate of one process that reviews and does nothing else, and its core time each.

    Core time hardly hangs on what else is at work on the machine; a rate does.
    """
    from clausecheck import Checker

    checker = Checker()
    texts = [rename(*sources[number % len(sources)], number).encode() for number in range(_SINGLE)]
    for data in texts[:20]:
        checker.check(data)
    began, busy = time.perf_counter(), time.process_time()
    for data in texts:
        checker.check(data)
    return {
        "rate": len(texts) / (time.perf_counter() - began),
        "core": (time.process_time() - busy) / len(texts),
    }


def measure_pair(sources: Sequence[tuple[str, Sequence[str]]]) -> float:
    """Return the rate of two such processes side by side: what the machine's two cores can do."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return sum(entry["rate"] for entry in pool.map(measure_single, [sources] * 2))


class Memory:
    """Looks at the memory of a process and its workers once a second."""

    def __init__(self, pid: int) -> None:
        self.main: list[int] = []
        self.workers: list[int] = []
        self._pid, self._stop = pid, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        import psutil

        while not self._stop.wait(1):
            try:
                process = psutil.Process(self._pid)
                own = process.memory_info().rss
                rest = [child.memory_info().rss for child in process.children(recursive=True)]
            except psutil.Error:
                continue
            self.main.append(own)
            self.workers.append(max(rest, default=0))

    def close(self) -> dict[str, list[int]]:
        """Return megabytes at each quarter of the run: the main process, the largest worker."""
        self._stop.set()
        self._thread.join()
        return {name: _quarters(seen) for name, seen in vars(self).items() if name[0] != "_"}


def _quarters(seen: Sequence[int]) -> list[int]:
    size = len(seen)
    if size < 8:
        return [max(seen, default=0) // 1_000_000] * 4
    return [max(seen[size * n // 4 : size * (n + 1) // 4]) // 1_000_000 for n in range(4)]


def measure_run(inputs: Path, out: Path, workers: int) -> tuple[float, float, dict[str, list[int]]]:
    """Return the seconds, the core seconds and the memory of one run by the command line."""
    command = [sys.executable, "-m", "clausecheck", "archive", "run", str(inputs), "--out"]
    began, busy = time.perf_counter(), _core_seconds()
    process = subprocess.Popen([*command, str(out), "--workers", str(workers), "-q"])
    memory = Memory(process.pid)
    if process.wait() != 0:
        raise SystemExit(f"the run ended with exit code {process.returncode}")
    return time.perf_counter() - began, _core_seconds() - busy, memory.close()


def _core_seconds() -> float:
    """Return the time that processes started from here, and theirs, have spent at work."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def take(given: argparse.Namespace, figures: dict[str, Any]) -> None:
    """Take the figures that were asked for."""
    sources = load_sources(Path(given.contracts))
    figures["sizes"] = describe_sizes(sources)
    single, pair = [measure_single(sources)], [measure_pair(sources)]
    with tempfile.TemporaryDirectory(dir=given.work) as name:
        work = Path(name)
        make_archive(work / "in", given.run, sources)
        seconds, core, memory = measure_run(work / "in", work / "out", given.workers)
        single.append(measure_single(sources))
        pair.append(measure_pair(sources))
        again, again_core, _ = measure_run(work / "in", work / "out", given.workers)
        size = sum(path.stat().st_size for path in (work / "out").rglob("*.parquet"))
        figures.setdefault("runs", []).append(
            {
                "documents": given.run, "workers": given.workers, "seconds": seconds,
                "core": core, "second": again, "second core": again_core,
                "memory": memory, "bytes": size,
                "single": [entry["rate"] for entry in single],
                "single core": [entry["core"] for entry in single],
                "pair": pair,
            }
        )  # fmt: skip
        if given.dataset:
            shutil.copytree(work / "out", given.dataset)


def list_runs(figures: dict[str, Any], documents: int, workers: int) -> list[dict[str, Any]]:
    """Return the runs of that size."""
    return [r for r in figures["runs"] if (r["documents"], r["workers"]) == (documents, workers)]


def best(figures: dict[str, Any], documents: int, workers: int) -> dict[str, Any] | None:
    """Return the fastest run of that size: the one that other load disturbed least."""
    return min(list_runs(figures, documents, workers), key=lambda run: run["seconds"], default=None)


def draw_tables(figures: dict[str, Any]) -> str:
    """Return the tables for the README."""
    sizes = sorted({(run["documents"], run["workers"]) for run in figures["runs"]})
    rows = []
    for documents, workers in sizes:
        run = best(figures, documents, workers)
        assert run is not None
        rate = documents / run["seconds"]
        rows.append(
            (
                f"{documents:,}", f"{workers}", f"{run['seconds']:,.0f} s", f"{rate:.1f}",
                f"{1000 * run['core'] / documents:.0f} ms",
                f"{run['second']:.1f} s ({run['second'] / run['seconds']:.1%})",
                " ".join(map(str, run["memory"]["main"])),
                " ".join(map(str, run["memory"]["workers"])),
                f"{run['bytes'] / documents / 1000:.0f} kB",
                " ".join(f"{rate:.1f}" for rate in run["single"]),
                " ".join(f"{rate:.1f}" for rate in run["pair"]),
            )
        )  # fmt: skip
    head = (
        "documents", "workers", "time", "documents/s", "core time each", "second run",
        "main process, MB", "largest worker, MB", "dataset each", "single before and after",
        "two singles side by side",
    )  # fmt: skip
    parts = [f"Made from {figures['sizes']}.", format_table(head, rows), _draw_targets(figures)]
    return "\n\n".join(parts)


def _draw_targets(figures: dict[str, Any]) -> str:
    largest = max(run["documents"] for run in figures["runs"] if run["workers"] == 2)
    rows: list[tuple[str, str, str, str]] = []

    def add(name: str, value: float, limit: float, *, least: bool) -> None:
        met = value >= limit if least else value <= limit
        word = "at least" if least else "under"
        rows.append((name, f"{value:.3f}", f"{word} {limit}", "yes" if met else "**no**"))

    for documents in sorted({run["documents"] for run in figures["runs"]}):
        one, two = list_runs(figures, documents, 1), list_runs(figures, documents, 2)
        if one and two:
            ratio = median(r["seconds"] for r in one) / median(r["seconds"] for r in two)
            add(f"two cores / one core, {documents:,}", ratio, _LEAST_CORES, least=True)
        if two:
            share = median(documents / r["seconds"] / (2 * fmean(r["single"])) for r in two)
            add(f"rate / (2 x single), {documents:,}", share, _LEAST_SINGLE, least=True)
            both = median(fmean(r["pair"]) / (2 * fmean(r["single"])) for r in two)
            rows.append(
                (f"two singles side by side / (2 x single), {documents:,}", f"{both:.3f}", "", "")
            )
    two = best(figures, largest, 2)
    if two:
        share = two["second"] / two["seconds"]
        add(f"second run / first, {largest:,}", share, _MOST_SECOND, least=False)
        share = two["second core"] / two["core"]
        add(f"the same in core time, {largest:,}", share, _MOST_SECOND, least=False)
    return format_table(("measure", "value", "target", "met"), rows)


def draw_plot(figures: dict[str, Any]) -> str:
    """Return the growth of time with the number of documents as SVG."""
    runs = [
        run
        for documents in sorted({r["documents"] for r in figures["runs"]})
        if (run := best(figures, documents, 2))
    ]
    width, height, left, base = 640, 360, 60, 320
    most = max(run["documents"] for run in runs)
    longest = max(run["seconds"] for run in runs)

    def place(documents: float, seconds: float) -> tuple[float, float]:
        x = left + (width - left - 20) * documents / most
        return round(x, 1), round(base - (base - 20) * seconds / longest, 1)

    per = longest / most
    end = place(most, most * per)
    dots = "".join(
        '<circle cx="{}" cy="{}" r="5"/><text x="{}" y="{}">{:,}: {:,.0f} s</text>'.format(
            *(spot := place(run["documents"], run["seconds"])), max(spot[0] - 90, left + 8),
            spot[1] - 10, run["documents"], run["seconds"],
        )
        for run in runs
    )  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12" role="img" '
        'aria-label="Seconds of a run by number of documents, two workers">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
        f'<path d="M{left} 10V{base}H{width - 10}" fill="none" stroke="#555"/>'
        f'<path d="M{left} {base}L{end[0]} {end[1]}" stroke="#999" stroke-dasharray="4 4"/>'
        f'<g fill="#1f4b7a">{dots}</g>'
        f'<text x="{width // 2}" y="{height - 12}">documents, two workers</text>'
        f'<text x="{left + 8}" y="24">seconds; dashed: in proportion to the largest run</text>'
        "</svg>\n"
    )


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contracts", help="folder of real contracts, with cuad/txt below")
    parser.add_argument("--keep", required=True, help="JSON file of figures taken so far")
    parser.add_argument("--run", type=int, default=0, help="documents of a run")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--work", help="folder for archives that are made")
    parser.add_argument("--dataset", help="keep the dataset of the run as this folder")
    parser.add_argument("--write", action="store_true", help="replace the block in README.md")
    given = parser.parse_args()
    if given.contracts and given.run < 1:
        parser.error("--contracts needs --run N: how many documents")
    keep = Path(given.keep)
    figures = json.loads(keep.read_text()) if keep.exists() else {}
    if given.contracts:
        take(given, figures)
        keep.write_text(json.dumps(figures, indent=1))
    if given.write:
        body = draw_tables(figures)
        print(body)
        PLOT.write_text(draw_plot(figures))
        replace_block("archive", body + "\n\n![Time by number of documents](archive.svg)")


if __name__ == "__main__":
    main()
