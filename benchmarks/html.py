"""Measure the HTML report of a contract of four hundred pages: size, drawing, a browser's patience.

In: nothing but the project, and a Chromium where there is one. Out: a Markdown table;
``python -m benchmarks.html --write`` puts it into README.md.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from html import escape
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.blocks import format_table, replace_block
from benchmarks.contract import make_contract, read_clauses, write_text
from benchmarks.speed import Figure, describe_machine, time_calls

PAGES, WORDS_PER_PAGE = 400, 485
RUNS = 5
MOST_BYTES, MOST_SECONDS = 15e6, 2.0
# A filter is chosen as soon as the page has loaded; the time of its second frame is the answer.
_ANSWER = """async () => {
  const box = document.querySelector(".pick-RS");
  if (box) box.click();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() / 1000;
}"""


def make_bare_page(text: str) -> str:
    """Return a page with nothing but the paragraphs of a text, to compare a browser's time with.

    >>> make_bare_page("a<b").partition("</title>")[2]
    '<p>a&lt;b</p>'
    """
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n"))
    return f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>x</title>{paragraphs}'


def measure_browser(pages: dict[str, Path], chromium: str, runs: int = RUNS) -> dict[str, float]:
    """Return the median seconds until each page has loaded and answered a click, taken in turn."""
    from playwright.sync_api import sync_playwright

    times: dict[str, list[float]] = {name: [] for name in pages}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for run in range(runs + 1):
            for name, path in pages.items():
                page: Any = browser.new_page(viewport={"width": 1440, "height": 900})
                page.goto(path.as_uri())
                seconds = page.evaluate(_ANSWER)
                page.close()
                if run:  # the first fills the caches
                    times[name].append(seconds)
        browser.close()
    return {name: median(found) for name, found in times.items()}


def measure(pages: int = PAGES, runs: int = RUNS) -> tuple[str, list[Figure]]:
    """Return what was measured on, and the figures."""
    from clausecheck import Checker
    from clausecheck.report.html import write_page

    text = write_text(make_contract(read_clauses(), pages * WORDS_PER_PAGE))
    checker = Checker()
    review = checker.check_text(text)
    page = "".join(write_page([review]))
    times = time_calls(
        {"review": lambda: checker.check_text(text), "page": lambda: list(write_page([review]))},
        runs,
    )
    ratio = times["page"] / times["review"]
    figures = [
        Figure(
            "size of the page",
            len(page),
            f"{len(page) / 1e6:.1f} MB ({len(page) / len(text):.1f} times the text)",
            MOST_BYTES,
            "under 15 MB",
        ),
        Figure(
            "drawing the page / the review of its text",
            ratio,
            f"{ratio:.2f} ({times['page']:.2f} s / {times['review']:.2f} s)",
            1.0,
            "under 1",
        ),
    ]
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium:
        with tempfile.TemporaryDirectory() as folder:
            files = {"report": Path(folder) / "a.html", "bare": Path(folder) / "b.html"}
            files["report"].write_text(page, "ascii")
            files["bare"].write_text(make_bare_page(text), "utf-8")
            seconds = measure_browser(files, chromium, runs)
        shown = f"{seconds['report']:.2f} s ({seconds['report'] / seconds['bare']:.1f} times "
        shown += f"the bare paragraphs' {seconds['bare']:.2f} s)"
        figures.append(
            Figure(
                "Chromium: loaded, and a filter answered",
                seconds["report"],
                shown,
                MOST_SECONDS,
                "under 2 s",
            )
        )
    about = (
        f"{len(text.split()):,} words, {len(review.clauses):,} clauses, "
        f"{len(review.findings):,} findings."
    )
    return about, figures


def main(arguments: Sequence[str]) -> int:
    """Measure and print; with ``--write``, put the table into README.md too."""
    about, figures = measure()
    report = "\n\n".join(
        (
            format_table(("machine", ""), describe_machine()),
            about,
            format_table(("measure", "median", "target", "met"), [f.row for f in figures]),
        )
    )
    sys.stdout.write(report + "\n")
    if "--write" in arguments:
        replace_block("html", report)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
