"""Lay out text for a terminal: escaping, folding, cutting, wrapping, colour.

Comes in: strings, among them hostile contract text. Goes out: lines that a terminal can only
print. Everything passes ``visible``; styles are added after it, so a text cannot bring its own.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

MIN_WIDTH, MAX_WIDTH = 60, 100
_STYLES = {
    "": "",
    "bold": "1",
    "dim": "2",
    "red": "1;31",
    "yellow": "33",
    "green": "32",
    "cyan": "36",
}
# What a stream that knows only ASCII shows for the typography that contracts and reports use.
_PLAIN = str.maketrans(
    {
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'",
        "–": "-", "—": "-", "‑": "-", "‐": "-", "−": "-", "…": "...", "•": "*", "·": "-",
        "§": "Sec. ", "×": "x",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """How a report is drawn: ``width`` in columns, evidence (``why``), ANSI ``color``.

    ``edition`` "shareable" is for the other side: the points to talk about (``Overview.talk``),
    without scores, severity, burden or strategy. ``bom`` puts a byte-order mark before CSV.
    """

    width: int = 80
    why: bool = False
    color: bool = False
    edition: Literal["full", "shareable"] = "full"
    bom: bool = False


PLAIN_OPTIONS = ReportOptions()


def visible(text: str) -> str:
    r"""Return text in which every character that does not print is shown as a mark.

    Control characters, escape sequences, bidirectional overrides, invisible and private
    characters become ``<U+001B>``; line breaks, tabs and other spaces become a plain space.

    >>> visible("pay\x1b[31m now\u202e")
    'pay<U+001B>[31m now<U+202E>'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _mark(c) for c in text)


def _mark(character: str) -> str:
    if character in "\t\n\r\f\v\x85" or unicodedata.category(character) in {"Zs", "Zl", "Zp"}:
        return " "
    return f"<U+{ord(character):04X}>"


def fold(text: str) -> str:
    r"""Return text made visible, with every run of white space as one space.

    >>> fold(" shall\n   pay ")
    'shall pay'
    """
    return " ".join(visible(text).split())


def cut_middle(text: str, limit: int) -> str:
    """Return text cut to about ``limit`` characters, in the middle, between words, and marked.

    >>> cut_middle("one two three four five six", 20)
    'one two […] six'
    """
    if len(text) <= limit:
        return text
    room = max(limit - len(" […] "), 2)
    head, tail = text[: room * 2 // 3 + 1], text[-(room - room * 2 // 3) - 1 :]
    # Words longer than the room leave no boundary; then the cut falls inside the word.
    head = head.rpartition(" ")[0] or head[:-1]
    tail = tail.partition(" ")[2] or tail[1:]
    return f"{head} […] {tail}"


def quote(text: str, limit: int) -> str:
    r"""Return contract text as a quotation for display, folded and cut to ``limit``.

    >>> quote("shall\npay", 100)
    '“shall pay”'
    """
    return f"“{cut_middle(fold(text), limit)}”"


def fit_encoding(text: str, encoding: str) -> str:
    """Return text that ``encoding`` can hold, with ASCII typography and marks where it cannot.

    >>> fit_encoding("“Zahlung – €5”", "ascii")
    '"Zahlung - <U+20AC>5"'
    """
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        plain = text.translate(_PLAIN)
        return "".join(c if c.isascii() else f"<U+{ord(c):04X}>" for c in plain)
    return text


class Page(Protocol):
    """What a report is drawn on: titles, paragraphs with labels, and tables of two columns."""

    def add_gap(self) -> None:
        """Part what follows from what stands before."""

    def add_title(self, text: str) -> None:
        """Add the name of a section."""

    def add_text(self, text: str, *, indent: int = 0, label: str = "", style: str = "") -> None:
        """Add a paragraph, ``label`` leading it."""

    def add_table(self, rows: Sequence[tuple[str, str]], *, indent: int = 2) -> None:
        """Add pairs of a name and a text."""


class Sheet:
    """Collects wrapped lines; whatever is added is folded and made visible first."""

    def __init__(self, options: ReportOptions) -> None:
        self.width = max(MIN_WIDTH, min(MAX_WIDTH, options.width))
        self.color = options.color
        self._lines: list[str] = []

    def _paint(self, text: str, style: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.color and style else text

    def add_gap(self) -> None:
        """Add an empty line, unless the last line is empty."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def add_title(self, text: str) -> None:
        """Add the name of a section, underlined so that it shows without colour."""
        self.add_gap()
        self.add_text(text, style="bold")
        self._lines.append("-" * min(self.width, len(fold(text))))

    def add_text(self, text: str, *, indent: int = 0, label: str = "", style: str = "") -> None:
        """Add a paragraph; ``label`` leads its first line, further lines hang by two columns."""
        head = fold(label)
        body = f"{head} {fold(text)}".strip() if head else fold(text)
        pad = " " * indent
        hang = pad + ("  " if head else "")
        lines = textwrap.wrap(
            body, self.width, initial_indent=pad, subsequent_indent=hang, break_on_hyphens=False
        )
        for number, line in enumerate(lines):
            if style:
                self._lines.append(pad + self._paint(line[indent:], style))
            elif head and number == 0 and line.startswith(pad + head):
                rest = line[indent + len(head) :]
                self._lines.append(pad + self._paint(head, "bold") + rest)
            else:
                self._lines.append(line)

    def add_table(self, rows: Sequence[tuple[str, str]], *, indent: int = 2) -> None:
        """Add pairs of a name and a text, the texts aligned in one column."""
        column = min(18, max((len(fold(name)) for name, _ in rows), default=0)) + 2
        pad = " " * indent
        for name, text in rows:
            lines = textwrap.wrap(fold(text), self.width - indent - column) or [""]
            lead = fold(name)
            if len(lead) > column - 2:
                self.add_text(lead, indent=indent, style="bold")
                lead = ""
            for line in lines:
                gap = " " * (column - len(lead))
                self._lines.append(pad + (self._paint(lead, "bold") if lead else "") + gap + line)
                lead = ""

    def as_text(self) -> str:
        """Return all lines, each ended by a line feed."""
        return "".join(line.rstrip() + "\n" for line in self._lines)
