"""Tell how deep headings stand by how they are set.

Comes in: the size, weight and case of paragraphs that stand out from the text. Goes out: a depth
for each, 0 for the most prominent; nothing where all are set alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

# Sizes nearer than this share are one size: a converter rounds them.
_SAME_SIZE = 0.04
_ACRONYM = 4
_RECURS = 3


class Look(NamedTuple):
    """How a whole paragraph is set; ``size`` is in points, ``upper`` is ``None`` for an acronym."""

    size: float
    bold: bool
    upper: bool | None


def is_upper(text: str) -> bool | None:
    """Tell whether words are set in capitals; "SEO" would be anyway.

    >>> is_upper("FEES AND COSTS"), is_upper("Fees"), is_upper("SEO")
    (True, False, None)
    """
    if not text.isupper():
        return False
    return None if len(text) <= _ACRONYM else True


def rank_looks(looks: Mapping[int, Look]) -> dict[int, int | None]:
    """Return the depth of each heading: larger above smaller, bold above light, then capitals.

    Where fewer than two looks recur, the depths are ``None``: a cover page shows many sizes, and
    what follows from capitals alone is for the reader of the words to say.

    >>> big, small = Look(14, True, False), Look(11, True, False)
    >>> rank_looks(dict(enumerate([big, small, small, big, small, Look(14.2, True, False)])))
    {0: 0, 1: 1, 2: 1, 3: 0, 4: 1, 5: 0}
    >>> rank_looks({0: big, 1: small, 2: small, 3: small})
    {0: None, 1: None, 2: None, 3: None}
    """
    sizes: list[float] = []
    for size in sorted({look.size for look in looks.values()}, reverse=True):
        if not sizes or size < sizes[-1] * (1 - _SAME_SIZE):
            sizes.append(size)
    groups = {
        place: (
            next(i for i, size in enumerate(sizes) if look.size >= size * (1 - _SAME_SIZE)),
            not look.bold,
        )
        for place, look in looks.items()
    }
    if sum(count >= _RECURS for count in Counter(groups.values()).values()) < 2:
        return dict.fromkeys(looks)
    capitals: Counter[tuple[int, bool]] = Counter()
    for place, look in looks.items():
        capitals[groups[place]] += 0 if look.upper is None else (1 if look.upper else -1)
    keys = {
        place: (
            *group,
            not (capitals[group] > 0 if looks[place].upper is None else looks[place].upper),
        )
        for place, group in groups.items()
    }
    order = {key: depth for depth, key in enumerate(sorted(set(keys.values())))}
    return {place: order[key] for place, key in keys.items()}
