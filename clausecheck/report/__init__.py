"""Turn reviews into text: one table of formats, each a function from reviews to pieces of text.

Comes in: reviews. Goes out: text, one piece after the other, so that a long run can be written
while it goes on. A new format is one module and one line of ``FORMATS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from clausecheck.records import Review
from clausecheck.report.csv import write_csv
from clausecheck.report.json import write_json
from clausecheck.report.layout import ReportOptions
from clausecheck.report.markdown import write_markdown
from clausecheck.report.terminal import write_terminal

Writer = Callable[[Iterable[Review], ReportOptions], Iterator[str]]


def write_html(reviews: Iterable[Review], options: ReportOptions) -> Iterator[str]:
    """Yield one HTML page for all reviews; what draws it is imported only now."""
    from clausecheck.report.html import write_page

    yield from write_page(reviews, options)


FORMATS: Mapping[str, Writer] = MappingProxyType(
    {
        "terminal": write_terminal,
        "html": write_html,
        "markdown": write_markdown,
        "json": write_json,
        "csv": write_csv,
    }
)

# The formats that can be given to the other side; the others always say all.
SHAREABLE = ("terminal", "html", "markdown")

__all__ = [
    "FORMATS",
    "SHAREABLE",
    "ReportOptions",
    "Writer",
    "write_csv",
    "write_html",
    "write_json",
    "write_markdown",
    "write_terminal",
]
