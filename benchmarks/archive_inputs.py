"""Make archives for measuring: contracts with other parties and dates, so that every hash differs.

In: a folder of real contracts, or none. Out: files in a folder of one's own, never in the project.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path
from statistics import median

_YEAR = re.compile(r"\b(19|20)\d\d\b")
_FIRST = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Hazel", "Juniper", "Larch", "Maple")
_LAST = ("Bridge", "Dale", "Field", "Ford", "Gate", "Hill", "Moor", "Ridge", "Vale", "Wick")
_KIND = ("Services Ltd", "Systems Inc.", "Group plc", "Logistics LLC", "Partners GmbH")
SAMPLE = """MASTER SERVICES AGREEMENT

This Agreement is dated as of March 3, 2015 between Acme Stores Ltd ("Customer") and Borealis Ltd
("Supplier").

1. Services. Supplier shall provide the Services and Customer shall pay the fees.

2. Termination. Customer may terminate this Agreement for convenience on five days' notice.

3. Indemnity. Supplier shall indemnify Customer against any and all losses, whatever their cause.
"""


def make_name(number: int) -> str:
    """Return a made-up company's name, the same for the same number.

    >>> make_name(0), make_name(123)
    ('Alder Bridge Services Ltd', 'Dogwood Field Systems Inc.')
    """
    first, rest = number % len(_FIRST), number // len(_FIRST)
    last, rest = rest % len(_LAST), rest // len(_LAST)
    return f"{_FIRST[first]} {_LAST[last]} {_KIND[rest % len(_KIND)]}"


def rename(text: str, names: Sequence[str], number: int) -> str:
    r"""Return a contract with other parties and years, and nothing else changed but a last line.

    >>> rename("Acme Inc. and Initech signed in 1999.", ["Acme Inc.", "Initech"], 7).split("\n")[0]
    'Juniper Bridge Services Ltd and Larch Bridge Services Ltd signed in 2001.'
    """
    for place, name in enumerate(names):
        text = text.replace(name, make_name(number + place))
    text = _YEAR.sub(lambda year: str(1990 + (int(year[0]) + number) % 35), text)
    return f"{text}\nCopy number {number}.\n"


def make_archive(
    folder: Path, count: int, sources: Sequence[tuple[str, Sequence[str]]], *, first: int = 0
) -> None:
    """Write ``count`` contracts, a thousand to a folder, made from sources (text, party names)."""
    for number in range(first, first + count):
        text, names = sources[number % len(sources)]
        path = folder / f"{number // 1000:03}" / f"contract-{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rename(text, names, number), "utf-8")


def load_sources(contracts: Path) -> list[tuple[str, list[str]]]:
    """Return the shorter half of the real contracts with the full names of their parties."""
    from clausecheck import Checker

    texts = [path.read_text("utf-8", "replace") for path in sorted(contracts.glob("cuad/txt/*"))]
    limit = median(map(len, texts))
    checker = Checker()
    sources = []
    for text in texts:
        if len(text) > limit:
            continue
        parties = checker.check(text.encode()).parties
        names = [alias for party in parties for alias in party.aliases[:1] if len(alias) > 6]
        sources.append((text, names))
    random.Random(1).shuffle(sources)
    return sources


def describe_sizes(sources: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Return how long the contracts are, in one line."""
    words = sorted(len(text.split()) for text, _ in sources)
    tenth, half, ninetieth = (words[len(words) * n // 100] for n in (10, 50, 90))
    return (
        f"{len(words)} contracts of {tenth:,} (10%), {half:,} (median) to {ninetieth:,} words (90%)"
    )
