"""Find near copies: a MinHash signature per text, and groups of texts whose signatures agree.

Comes in: texts, later signatures. Goes out: bytes, later groups. One-permutation MinHash (Li, Owen
and Zhang, NIPS 2012) over runs of five words, with bands of rows for finding candidates. datasketch
does the same, but loads SciPy in every worker for it and takes several times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BINS = 64
_RUN = 5
_BAND_ROWS = 4
# Estimated share of common word runs from which two texts are near copies.
NEAR = 0.7
# ASCII letters stand, other ASCII parts words, and so do the bytes of every other letter.
_LETTERS = bytes(byte if chr(byte).isalpha() or byte > 127 else 32 for byte in range(256))
_EMPTY = 0xFFFFFFFF


def sign_text(text: str) -> bytes:
    """Return the signature of a text: 64 numbers of 32 bits; digits and case do not count.

    >>> sign_text("The Supplier shall pay 5 euros.") == sign_text("the supplier shall pay 9 euros")
    True
    """
    import numpy as np

    parts = text.lower().encode("utf-8", "replace").translate(_LETTERS).split()
    words = np.fromiter(map(crc32, parts), np.uint64, len(parts))
    runs = words[: max(len(words) - _RUN + 1, 0)].copy()
    for shift in range(1, _RUN):
        if len(runs):
            runs = runs * np.uint64(0x9E3779B97F4A7C15) + words[shift : shift + len(runs)]
    # Finalizer of splitmix64, so that bins and values are spread evenly.
    runs = (runs ^ (runs >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    runs = (runs ^ (runs >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    runs ^= runs >> np.uint64(31)
    least = np.full(BINS, _EMPTY, np.uint32)
    np.minimum.at(least, (runs >> np.uint64(58)).astype(np.intp), runs.astype(np.uint32))
    return least.astype("<u4").tobytes()


def compare_signatures(one: bytes, other: bytes) -> float:
    """Return the estimated share (0-1) of word runs that two texts have in common.

    >>> compare_signatures(sign_text("a b c d e f"), sign_text("a b c d e f"))
    1.0
    """
    import numpy as np

    share = _agree(np.frombuffer(one, "<u4")[None], np.frombuffer(other, "<u4")[None])
    return float(share[0])


def _agree(some: NDArray[np.uint32], others: NDArray[np.uint32]) -> NDArray[np.float64]:
    filled = (some != _EMPTY) | (others != _EMPTY)
    same = ((some == others) & filled).sum(axis=1)
    shares: NDArray[np.float64] = same / filled.sum(axis=1).clip(min=1)
    return shares


def group_copies(names: Sequence[str], signatures: Sequence[bytes]) -> list[str]:
    """Return for each name the smallest name among its near copies, itself included.

    Each text is compared with the first of every band it shares, so that work grows with the
    number of texts even when all are copies of each other.
    """
    import numpy as np

    order = sorted(range(len(names)), key=names.__getitem__)
    if not order:
        return []
    matrix = np.frombuffer(b"".join(signatures[i] for i in order), "<u4").reshape(-1, BINS)
    parent = list(range(len(order)))

    def find(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for first in range(0, BINS, _BAND_ROWS):
        rows = np.ascontiguousarray(matrix[:, first : first + _BAND_ROWS])
        band = rows.view(f"V{4 * _BAND_ROWS}").ravel()
        filled = (rows != _EMPTY).any(axis=1)
        _, where, inverse = np.unique(band, return_index=True, return_inverse=True)
        heads = where[inverse]
        others = np.flatnonzero(filled & (heads != np.arange(len(order))))
        if not len(others):
            continue
        near = _agree(matrix[others], matrix[heads[others]]) >= NEAR
        for item, head in zip(others[near].tolist(), heads[others[near]].tolist(), strict=True):
            low, high = sorted((find(item), find(head)))
            parent[high] = low
    groups = [""] * len(order)
    for place, index in enumerate(order):
        groups[index] = names[order[find(place)]]
    return groups
