"""Write the same report as Markdown, for a wiki, an issue or a document that others edit.

Comes in: reviews. Goes out: Markdown in which contract text can only be text: every character with
a meaning in Markdown or HTML is escaped, and addresses do not turn into links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from clausecheck.records import Review
from clausecheck.report.layout import ReportOptions, fold
from clausecheck.report.terminal import draw_on

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~=^$@-])")
_ENTITIES = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})
_LINKS = re.compile(r"(?<=\w)(:)(?=//)|(?<=\bwww)(\.)", re.IGNORECASE)
_LIST = re.compile(r"^(\d+)([.)])")


def write_markdown(reviews: Iterable[Review], options: ReportOptions) -> Iterator[str]:
    """Yield the report of each review as Markdown; an empty line parts them."""
    for number, review in enumerate(reviews):
        page = MarkdownPage()
        draw_on(page, review, options)
        yield ("\n" if number else "") + page.as_text()


def escape(text: str) -> str:
    r"""Return text that Markdown shows as it is, on one line.

    >>> escape("1. **Pay** <b>now</b> at https://example.org")
    '1\\. \\*\\*Pay\\*\\* &lt;b&gt;now&lt;/b&gt; at https&#58;//example.org'
    """
    plain = _SPECIAL.sub(r"\\\1", fold(text).translate(_ENTITIES))
    plain = _LINKS.sub(lambda found: "&#58;" if found[1] else "&#46;", plain)
    return _LIST.sub(r"\1\\\2", plain)


class MarkdownPage:
    """Collects a report as Markdown: titles, paragraphs, nested items and tables."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._titles = 0

    def add_gap(self) -> None:
        """Add an empty line, unless the last line is empty."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def add_title(self, text: str) -> None:
        """Add a heading: the first is the report's, the others are its sections."""
        self.add_gap()
        self._lines += [f"{'#' if not self._titles else '##'} {escape(text)}", ""]
        self._titles += 1

    def add_text(self, text: str, *, indent: int = 0, label: str = "", style: str = "") -> None:
        """Add a paragraph, or an item when it is indented; ``label`` stands in bold before it."""
        body = escape(text)
        if label:
            body = f"**{escape(label)}** {body}".rstrip()
        elif style == "bold":
            body = f"### {body}"
        if indent and not body.startswith("#"):
            # Two columns of a page are one level of a list.
            self._lines.append(f"{'  ' * max(0, indent // 2 - 1)}- {body}")
            return
        self.add_gap()
        self._lines += [body, ""]

    def add_table(self, rows: Sequence[tuple[str, str]], *, indent: int = 2) -> None:
        """Add pairs of a name and a text as a table."""
        del indent
        self.add_gap()
        self._lines += ["| | |", "|---|---|"]
        self._lines += [f"| {escape(name)} | {escape(text)} |" for name, text in rows]
        self._lines.append("")

    def as_text(self) -> str:
        """Return all lines, each ended by a line feed."""
        return "".join(line.rstrip() + "\n" for line in self._lines).rstrip("\n") + "\n"
