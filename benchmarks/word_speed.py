"""Time the Word reader against python-docx on the same files, in the same run.

In: a folder of Word files. Each is read by ``read_document`` (tracked changes, notes, text boxes,
numbers and all), opened by python-docx to list its paragraphs and table cells, and parsed bare by
lxml; in turn, several times. Out: ratios of the medians. Run
``python -m benchmarks.word_speed [--write] [FOLDER]``.
"""

from __future__ import annotations

import gc
import io
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.blocks import format_table, replace_block
from benchmarks.formats import FOLDER

ROUNDS, TARGET = 5, 1.0


def read_ours(data: bytes) -> int:
    """Read a file as a review does; return the length of its text."""
    from clausecheck.read import read_document

    return len(read_document(data).text)


def read_theirs(data: bytes) -> int:
    """Open a file with python-docx and list paragraphs and table cells."""
    import docx

    document = docx.Document(io.BytesIO(data))
    texts = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        texts += [cell.text for row in table.rows for cell in row.cells]
    return sum(map(len, texts))


def parse_bare(data: bytes) -> int:
    """Unpack and parse the main part alone."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        name = next(n for n in package.namelist() if n.startswith("word/document"))
        return len(etree.fromstring(package.read(name)))


def time_call(call: Callable[[bytes], int], data: bytes) -> float:
    """Return the seconds that a call takes, garbage collected before and not within."""
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    call(data)
    seconds = time.perf_counter() - began
    gc.enable()
    return seconds


def measure(paths: Sequence[Path], rounds: int = ROUNDS) -> list[tuple[float, float, float]]:
    """Return the median seconds (ours, python-docx, bare) of each file that all can read."""
    times = []
    for path in paths:
        data = path.read_bytes()
        try:
            for call in (read_ours, read_theirs, parse_bare):
                call(data)
        except Exception:
            continue
        runs = [
            tuple(time_call(call, data) for call in (read_ours, read_theirs, parse_bare))
            for _ in range(rounds)
        ]
        ours, theirs, bare = (median(column) for column in zip(*runs, strict=True))
        times.append((ours, theirs, bare))
    return times


def write_report(times: Sequence[tuple[float, float, float]], files: int) -> str:
    """Return the table as Markdown."""
    ours, theirs, bare = (sum(column) for column in zip(*times, strict=True))
    ratios = sorted(a / b for a, b, _ in times)
    rows = [
        ("Word reading / python-docx, all files together",
         f"{ours / theirs:.2f} ({ours:.2f} s / {theirs:.2f} s)", f"at most {TARGET:.1f}",
         "yes" if ours <= TARGET * theirs else "no"),
        ("the same, median of the files", f"{median(ratios):.2f}", "", ""),
        ("the same, worst file", f"{ratios[-1]:.2f}", "", ""),
        ("Word reading / bare lxml parsing of the main part", f"{ours / bare:.1f}", "", ""),
    ]  # fmt: skip
    table = format_table(("measure", "median", "target", "met"), rows)
    return f"{len(times)} of {files} files, those that both can open.\n\n{table}\n"


def main(arguments: Sequence[str]) -> int:
    """Time the files and print the report."""
    named = [a for a in arguments if not a.startswith("--")]
    paths = sorted((Path(named[0]) if named else FOLDER).glob("*.docx"))
    if not paths:
        sys.stderr.write("word_speed: no Word file was found. Name a folder.\n")
        return 2
    report = write_report(measure(paths), len(paths))
    sys.stdout.write(report)
    if "--write" in arguments:
        replace_block("word-speed", report)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
