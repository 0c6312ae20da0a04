"""Write measured tables into the README, between markers.

In: the name of a block and Markdown. Out: README.md with that block replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

README = Path(__file__).with_name("README.md")


def format_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, the first column to the left and the others to the right.

    >>> print(format_table(("a", "b"), [("x", "1")]))
    | a | b |
    |---|---:|
    | x | 1 |
    """
    lines = [list(head), *map(list, rows)]
    text = ["| " + " | ".join(line) + " |" for line in lines]
    text.insert(1, "|---|" + "---:|" * (len(head) - 1))
    return "\n".join(text)


def markers_of(name: str) -> tuple[str, str]:
    """Return the lines between which a block stands.

    >>> markers_of("speed")
    ('<!-- speed: begin -->', '<!-- speed: end -->')
    """
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def replace_block(name: str, body: str, *, readme: Path = README) -> None:
    """Put ``body`` between the markers of ``name``; raises ``ValueError`` when they are missing."""
    begin, end = markers_of(name)
    text = readme.read_text("utf-8")
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{readme.name} has no block {name!r}")
    readme.write_text(f"{before}{begin}\n{body.strip()}\n{end}{after}", "utf-8")
