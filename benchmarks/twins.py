"""Read PDFs that have a text twin, and compare the words; measure the speed and memory of reading.

In: ``cuad/pdf`` and ``cuad/txt`` of a folder of contracts: the text file with the same stem is the
reference. Out: the share of its words that the PDF reading keeps in order, page furniture aside;
pages a second against bare text extraction by pypdfium2 in the same run; the peak memory for files
of 500 to 2,000 pages. Run ``python -m benchmarks.twins [--write] [FOLDER]``; it needs ``rapidfuzz``
(``pip install -e ".[bench]"``).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.blocks import format_table, replace_block

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "contracts" / "cuad"
MEDIAN_TARGET = 0.995
SPEED_TARGET, RATIO_TARGET = 250.0, 0.3
MEMORY_TARGET = 1000
PAGES = (500, 1000, 2000)
_SPEED_RUNS = 3
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+")
_ALWAYS = re.compile(
    r"\W*(?:page\s*)?(?:[A-Za-z]{1,2}-)?(?:\d{1,4}|[ivxl]{1,6})\W*|source:.*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Twin:
    """One file: the words of its twin, how many were kept in order, how many the PDF has."""

    name: str
    words: int
    kept: int
    read: int

    @property
    def share(self) -> float:
        """The share of the twin's words that were kept in order."""
        return self.kept / self.words if self.words else 1.0


def list_words(text: str) -> list[str]:
    """Return the words of ``text`` as they are compared.

    >>> list_words("the Sup\u00adplier\u2019s of\ufb01ce")
    ['the', 'Supplier', 's', 'office']
    """
    return _WORD.findall(unicodedata.normalize("NFKC", text).replace("\u00ad", ""))


def drop_furniture(text: str) -> str:
    r"""Return a text without page numbers, sources and the lines that recur on its pages.

    >>> drop_furniture("Terms\nPage 3\nSource: a filing\nof sale")
    'Terms\nof sale'
    """
    lines = text.splitlines()
    keys = [_NUMBER.sub("#", " ".join(line.split())) for line in lines]
    recurring = Counter(key for key in keys if len(key) > 3)
    return "\n".join(
        line
        for line, key in zip(lines, keys, strict=True)
        if not _ALWAYS.fullmatch(line.strip()) and recurring[key] < 3
    )


def compare(pdf: Path, text: Path) -> Twin:
    """Compare a PDF with its twin."""
    from rapidfuzz.distance import LCSseq

    from clausecheck.read import read_document

    expected = list_words(drop_furniture(text.read_text("utf-8")))
    found = list_words(read_document(pdf.read_bytes(), name=pdf.name).text)
    return Twin(pdf.stem, len(expected), LCSseq.similarity(expected, found), len(found))


def read_bare(data: bytes) -> int:
    """Extract the text of a PDF with pypdfium2 alone; return the number of pages."""
    import pypdfium2 as pdfium

    pdf = pdfium.PdfDocument(data)
    count = len(pdf)
    for page in pdf:
        textpage = page.get_textpage()
        textpage.get_text_bounded()
        textpage.close()
        page.close()
    pdf.close()
    return count


def measure_speed(files: Sequence[Path]) -> tuple[int, float, float]:
    """Return the pages of ``files`` and the best seconds of one core: ours, and bare extraction."""
    from clausecheck.read import read_document

    contents = [file.read_bytes() for file in files]
    ours, bare, pages = [], [], 0
    for _ in range(_SPEED_RUNS):
        start = time.process_time()
        for data in contents:
            read_document(data)
        middle = time.process_time()
        pages = sum(read_bare(data) for data in contents)
        ours.append(middle - start)
        bare.append(time.process_time() - middle)
    return pages, min(ours), min(bare)


def build_long(source: Path, pages: int, target: Path) -> None:
    """Write a PDF of so many pages, those of ``source`` over and over."""
    import pypdfium2 as pdfium

    long, part = pdfium.PdfDocument.new(), pdfium.PdfDocument(source)
    while len(long) < pages:
        long.import_pages(part, list(range(min(len(part), pages - len(long)))))
    long.save(target)
    long.close()
    part.close()


def measure_memory(source: Path) -> list[tuple[int, int, float]]:
    """Return (pages, peak megabytes, seconds) of fresh processes that read long files."""
    code = (
        "import resource, sys, time\n"
        "from clausecheck.read import read_document\n"
        "start = time.process_time()\n"
        "read_document(sys.argv[1])\n"
        "spent = time.process_time() - start\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000, spent)\n"
    )
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for pages in PAGES:
            long = Path(folder, f"{pages}.pdf")
            build_long(source, pages, long)
            told = subprocess.run(
                [sys.executable, "-c", code, str(long)], check=True, capture_output=True, text=True
            ).stdout.split()
            found.append((pages, int(told[0]), float(told[1])))
    return found


def write_report(
    twins: Sequence[Twin],
    speed: tuple[int, float, float],
    memory: Sequence[tuple[int, int, float]],
) -> str:
    """Return the tables as Markdown."""
    shares = sorted(twin.share for twin in twins)
    pages, ours, bare = speed
    target = min(SPEED_TARGET, RATIO_TARGET * pages / bare)
    rows = [
        (f"words of the twin kept in order, median of {len(twins)} files",
         f"{median(shares):.2%}", f"at least {MEDIAN_TARGET:.1%}",
         "yes" if median(shares) >= MEDIAN_TARGET else "no"),
        ("the same, one file in ten is below", f"{shares[len(shares) // 10]:.2%}", "", ""),
        ("the same, all words", f"{sum(t.kept for t in twins) / sum(t.words for t in twins):.2%}",
         "", ""),
        (f"pages a second of one core, {pages:,} pages", f"{pages / ours:.0f}",
         f"at least {target:.0f}", "yes" if pages / ours >= target else "no"),
        ("speed / bare pypdfium2 in the same run", f"{bare / ours:.2f} ({pages / bare:.0f} bare)",
         "", ""),
    ]  # fmt: skip
    rows += [
        (f"peak memory, {count:,} pages ({seconds:.1f} s)", f"{peak} MB",
         f"under {MEMORY_TARGET:,} MB" if count == PAGES[-1] else "",
         ("yes" if peak < MEMORY_TARGET else "no") if count == PAGES[-1] else "")
        for count, peak, seconds in memory
    ]  # fmt: skip
    low = sorted(twins, key=lambda t: (t.share, t.name))[:6]
    lines = [(f"`{t.name[:70]}`", f"{t.words:,}", f"{t.share:.1%}") for t in low]
    return (
        format_table(("PDF", "measured", "target", "met"), rows)
        + "\n\n"
        + format_table(("lowest", "words", "kept"), lines)
        + "\n"
    )


def main(arguments: Sequence[str]) -> int:
    """Compare, measure and print the report."""
    named = [a for a in arguments if not a.startswith("--")]
    folder = Path(named[0]) if named else FOLDER
    files = sorted((folder / "pdf").glob("*")) if folder.is_dir() else []
    pairs = [(pdf, folder / "txt" / f"{pdf.stem}.txt") for pdf in files]
    pairs = [(pdf, text) for pdf, text in pairs if text.exists()]
    if not pairs:
        sys.stderr.write(f"{folder}: no PDF with a text twin. Name a folder with pdf and txt.\n")
        return 2
    twins = [compare(pdf, text) for pdf, text in pairs]
    longest = max((pdf for pdf, _ in pairs), key=lambda pdf: (pdf.stat().st_size, pdf.name))
    speed = measure_speed([pdf for pdf, _ in pairs])
    report = write_report(twins, speed, measure_memory(longest))
    sys.stdout.write(report)
    if "--write" in arguments:
        replace_block("twins", report)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
