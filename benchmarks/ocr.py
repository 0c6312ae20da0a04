"""Read pages by text recognition that have text, and compare it with that text.

In: the PDFs of ``cuad/pdf``; pages drawn from them are rendered to images, each a PDF of its own
without text. Out: the share of the page's words that recognition reads in order, and seconds a
page. Run ``python -m benchmarks.ocr [--pages 24] [--write] [FOLDER]``; it needs the extras ``ocr``
and ``bench``.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.blocks import format_table, replace_block
from benchmarks.twins import FOLDER, list_words

PAGES, SEED, FEWEST = 24, 1, 150
# Dots an inch of the images: an office scanner's usual setting.
_DOTS = 200


@dataclass(frozen=True, slots=True)
class Read:
    """One page: its words, how many were read in order, how many there were to read, seconds."""

    words: int
    kept: int
    read: int
    seconds: float


def draw_pages(folder: Path, count: int) -> list[tuple[Path, int]]:
    """Return pages with a fair number of words: at most one of a file, the same on every run."""
    import pypdfium2 as pdfium

    chance = random.Random(SEED)
    files = sorted((folder / "pdf").glob("*"))
    chance.shuffle(files)
    drawn: list[tuple[Path, int]] = []
    for file in files:
        pdf = pdfium.PdfDocument(file)
        number = chance.randrange(len(pdf))
        if len(list_words(pdf[number].get_textpage().get_text_bounded())) >= FEWEST:
            drawn.append((file, number))
        pdf.close()
        if len(drawn) == count:
            break
    return drawn


def make_image(file: Path, number: int) -> tuple[bytes, bytes]:
    """Return a PDF of one page, and a PDF of an image of that page."""
    import pypdfium2 as pdfium

    pdf = pdfium.PdfDocument(file)
    page = pdf[number]
    image = page.render(scale=_DOTS / 72).to_pil().convert("L")
    single, held, scanned = pdfium.PdfDocument.new(), io.BytesIO(), io.BytesIO()
    single.import_pages(pdf, [number])
    single.save(held)
    image.save(scanned, format="PDF", resolution=_DOTS)
    return held.getvalue(), scanned.getvalue()


def read_page(file: Path, number: int) -> Read:
    """Compare what is recognised on the image of a page with its text."""
    from rapidfuzz.distance import LCSseq

    from clausecheck.read import read_document

    text, image = make_image(file, number)
    expected = list_words(read_document(text).text)
    start = time.perf_counter()
    found = list_words(read_document(image, ocr=True).text)
    seconds = time.perf_counter() - start
    return Read(len(expected), LCSseq.similarity(expected, found), len(found), seconds)


def write_report(pages: Sequence[Read]) -> str:
    """Return the table as Markdown."""
    words = sum(page.words for page in pages)
    shares = [page.kept / page.words for page in pages if page.words]
    rows = [
        (f"words read right and in order, {len(pages)} pages with {words:,} words",
         f"{sum(page.kept for page in pages) / words:.1%}"),
        ("the same, median of the pages", f"{median(shares):.1%}"),
        ("the same, worst page", f"{min(shares):.1%}"),
        ("words read that the page does not have in that place",
         f"{sum(page.read - page.kept for page in pages) / words:.1%}"),
        ("seconds a page, median", f"{median(page.seconds for page in pages):.1f}"),
    ]  # fmt: skip
    return format_table((f"text recognition at {_DOTS} dots an inch", "measured"), rows) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Read the pages and print the report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ocr")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args(arguments)
    drawn = draw_pages(chosen.folder, chosen.pages)
    if not drawn:
        sys.stderr.write(f"{chosen.folder}: no PDF to read. Name a folder with pdf in it.\n")
        return 2
    read_page(*drawn[0])  # loads the models before the clock
    report = write_report([read_page(file, number) for file, number in drawn])
    sys.stdout.write(report)
    if chosen.write:
        replace_block("ocr", report)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
