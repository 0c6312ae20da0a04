"""Compare printed pages: the words of each page, and its picture.

In: two PDF files. Out: in what they differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np
import pypdfium2

_SCALE = 1.0  # 72 pixels an inch
# A step of grey that an eye would see.
_SEEN = 96


@dataclass(frozen=True, slots=True)
class PageDifference:
    """How two printouts differ: pages, those with other words, and the worst share of pixels."""

    pages: int
    other_count: bool
    other_words: tuple[int, ...]
    worst_share: float
    worst_page: int


def compare_pages(one: Path, two: Path) -> PageDifference:
    """Return how the pages of two PDF files differ; pages count from 1."""
    left, right = pypdfium2.PdfDocument(one), pypdfium2.PdfDocument(two)
    try:
        words, worst, at = [], 0.0, 0
        pairs = zip_longest(range(len(left)), range(len(right)))
        for number, (i, j) in enumerate(pairs, 1):
            if i is None or j is None:
                words.append(number)
                continue
            if _read(left[i]) != _read(right[j]):
                words.append(number)
            share = _differ(_draw(left[i]), _draw(right[j]))
            if share > worst:
                worst, at = share, number
        return PageDifference(len(left), len(left) != len(right), tuple(words), worst, at)
    finally:
        left.close()
        right.close()


def _read(page: pypdfium2.PdfPage) -> str:
    """Return the letters of a page; spaces between runs are the reader's guess."""
    return "".join(page.get_textpage().get_text_range().split())


def _draw(page: pypdfium2.PdfPage) -> np.ndarray:
    picture = page.render(scale=_SCALE, grayscale=True).to_numpy()
    return picture.reshape(picture.shape[0], -1).astype(np.int16)


def _differ(one: np.ndarray, two: np.ndarray) -> float:
    """Return the share of pixels that have no like on the other page, a pixel away at most."""
    if one.shape != two.shape:
        return 1.0
    return float((_miss(one, two) | _miss(two, one)).mean())


def _miss(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    near = np.pad(two, 1, mode="edge")
    height, width = one.shape
    shifts = [near[y : y + height, x : x + width] for y in range(3) for x in range(3)]
    nearest = np.min([np.abs(one - shifted) for shifted in shifts], axis=0)
    missed: np.ndarray = nearest > _SEEN
    return missed
