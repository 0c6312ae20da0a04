"""The words that differ between two versions of a clause, with offsets into both drafts.

Comes in: units of both drafts. Goes out: ``Edit`` records.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rapidfuzz.distance import Indel

from clausecheck.records import Edit
from clausecheck.segment.words import Unit

# Edits with no more than this many equal words between them read better as one.
_BRIDGE = 1
_NUMBER_OR_WORD = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+(?:-[a-z]+)?")
_UP_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_NUMBER_WORDS = {
    **{word: value for value, word in enumerate(_UP_TO_TWENTY.split())},
    "thirty": 30,
    "forty": 40,
    "forty-five": 45,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
}


def list_edits(
    old: Sequence[Unit], new: Sequence[Unit], renumbered: Mapping[str, str]
) -> tuple[Edit, ...]:
    """Return what was replaced, inserted and deleted, in order.

    ``renumbered`` maps old clause numbers to new ones: a cross-reference that only follows its
    clause to its new number is no edit. Both sides must hold at least one word.
    """
    left = [(word, span) for unit in old for word, span in zip(unit.words, unit.spans, strict=True)]
    right = [
        (word, span) for unit in new for word, span in zip(unit.words, unit.spans, strict=True)
    ]
    edits: list[tuple[int, int, int, int]] = []
    for block in Indel.opcodes([w for w, _ in left], [w for w, _ in right]):
        if block.tag == "equal":
            continue
        at = (block.src_start, block.src_end, block.dest_start, block.dest_end)
        near = edits and at[0] - edits[-1][1] <= _BRIDGE and at[2] - edits[-1][3] <= _BRIDGE
        if near:
            edits[-1] = (edits[-1][0], at[1], edits[-1][2], at[3])
        else:
            edits.append(at)
    return tuple(
        _place(left, right, edit)
        for edit in edits
        if not _says_the_same(left, right, edit, renumbered)
    )


_Words = Sequence[tuple[str, tuple[int, int]]]


def _place(left: _Words, right: _Words, edit: tuple[int, int, int, int]) -> Edit:
    return Edit(*_range(left, edit[0], edit[1]), *_range(right, edit[2], edit[3]))


def _range(words: _Words, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of words ``start`` to ``end``; of no words, the place between two."""
    if start < end:
        return words[start][1][0], words[end - 1][1][1]
    place = words[start - 1][1][1] if start else words[0][1][0]
    return place, place


def _says_the_same(
    left: _Words, right: _Words, edit: tuple[int, int, int, int], renumbered: Mapping[str, str]
) -> bool:
    """Tell whether only the spacing differs ("24t h", "of- pocket"), or a number that followed."""
    before = [word for word, _ in left[edit[0] : edit[1]]]
    after = [word for word, _ in right[edit[2] : edit[3]]]
    return "".join(before) == "".join(after) or (
        len(before) == len(after)
        and all(
            one == two or renumbered.get(one) == two for one, two in zip(before, after, strict=True)
        )
    )


def list_numbers(text: str) -> list[float]:
    """Return the numbers in ``text``, written in digits or as a word up to ninety, in order.

    >>> list_numbers("ten (10) days, 1,500.50 in all")
    [10.0, 10.0, 1500.5]
    """
    numbers = []
    for word in _NUMBER_OR_WORD.findall(text.casefold()):
        if word[0].isdigit():
            # Marks of thousands go; a clause number such as 8.1.2 is no quantity.
            plain = word.replace(",", "")
            numbers += [float(plain)] if plain.count(".") <= 1 else []
        elif word in _NUMBER_WORDS:
            numbers.append(float(_NUMBER_WORDS[word]))
    return numbers


def compare_numbers(old_text: str, new_text: str, edits: Sequence[Edit]) -> int:
    """Tell whether the numbers that were replaced rose (1), fell (-1), or neither clearly (0).

    >>> compare_numbers("on ten days", "on 45 days", [Edit(3, 6, 3, 5)])
    1
    """
    steps = set()
    for edit in edits:
        before = list_numbers(old_text[edit.old_start : edit.old_end])
        after = list_numbers(new_text[edit.new_start : edit.new_end])
        if len(before) == len(after):
            steps |= {(two > one) - (two < one) for one, two in zip(before, after, strict=True)}
    steps.discard(0)
    return steps.pop() if len(steps) == 1 else 0
