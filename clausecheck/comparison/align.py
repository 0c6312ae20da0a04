"""Pair the clauses of two drafts: kept, moved, reworded, split, merged, added, removed.

Comes in: the units of both drafts. Goes out: groups of positions on both sides, each clause in
exactly one group. Equal clauses in order come first; between them, words are laid against words, so
that a split or a merged clause finds its parts; what is left is sought anywhere in the other draft.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from clausecheck.segment.words import Unit

# Shared words in runs shorter than this are chance ("of the").
_LEAST_RUN = 3
# Share of the shorter clause's words that must stand in the other for the two to belong together.
_CONTAINED = 0.5
# Likeness (1: same words) from which two clauses are the same clause reworded: where they stand
# in the same place, and where they were found far apart.
_NEAR, _FAR = 0.45, 0.6
# Short clauses are alike by chance; headings of three words need to be nearly the same.
_SHORT_WORDS, _SHORT_LIKENESS = 6, 0.74
# Likeness from which a clause under the same number, in the same place, was rewritten.
_REPLACED, _HEADING_WORDS = 0.25, 10
# Each clause of a stretch is compared with each of the other draft's; a rewritten book is not.
_MOST_PAIRS = 10_000
# Word-by-word comparison of a stretch takes memory with the product of both lengths.
_MOST_CELLS = 400_000_000
_SHINGLE = 3
# Candidates that are compared in full for a clause that may have moved.
_MOST_TRIED = 5


@dataclass(frozen=True, slots=True)
class Group:
    """Positions (indices into the two lists of units) that hold the same clause or clauses."""

    old: tuple[int, ...]
    new: tuple[int, ...]


def align_units(old: Sequence[Unit], new: Sequence[Unit]) -> tuple[Group, ...]:
    """Return the groups in the order of the new draft; removed clauses stand where they were."""
    names: dict[tuple[str, ...], int] = {}
    left = [names.setdefault(unit.words, len(names)) for unit in old]
    right = [names.setdefault(unit.words, len(names)) for unit in new]
    pairs = _pair_in_order(left, right)
    pairs |= _pair_equal(left, right, old, taken=pairs)
    groups = [Group((i,), (j,)) for i, j in pairs.items()]
    free_old = [i for i in range(len(old)) if i not in pairs]
    used = set(pairs.values())
    free_new = [j for j in range(len(new)) if j not in used]
    if free_old and free_new:
        groups += _group_free(old, new, free_old, free_new, pairs)
    seen_old = {i for group in groups for i in group.old}
    seen_new = {j for group in groups for j in group.new}
    groups += [Group((i,), ()) for i in free_old if i not in seen_old]
    groups += [Group((), (j,)) for j in free_new if j not in seen_new]
    return _in_order(groups)


def _pair_in_order(left: Sequence[int], right: Sequence[int]) -> dict[int, int]:
    """Pair equal clauses along the longest common order."""
    pairs: dict[int, int] = {}
    for block in Indel.opcodes(left, right):
        if block.tag == "equal":
            length = block.src_end - block.src_start
            pairs.update((block.src_start + k, block.dest_start + k) for k in range(length))
    return pairs


def _pair_equal(
    left: Sequence[int], right: Sequence[int], old: Sequence[Unit], *, taken: dict[int, int]
) -> dict[int, int]:
    """Pair equal clauses that stand in another place, first to first."""
    used = set(taken.values())
    spare: dict[int, list[int]] = defaultdict(list)
    for j in range(len(right) - 1, -1, -1):
        if j not in used:
            spare[right[j]].append(j)
    pairs = {}
    for i, name in enumerate(left):
        # A word or two ("and", "Schedule") stands anywhere; its place alone tells which it is.
        if i not in taken and len(old[i].words) >= _LEAST_RUN and spare[name]:
            pairs[i] = spare[name].pop()
    return pairs


def _group_free(
    old: Sequence[Unit],
    new: Sequence[Unit],
    free_old: Sequence[int],
    free_new: Sequence[int],
    pairs: dict[int, int],
) -> list[Group]:
    """Group what has no equal: by shared runs in the same place, then by likeness anywhere."""
    links: dict[tuple[int, int], int] = {}
    for side_old, side_new in _stretches(free_old, free_new, pairs):
        links.update(_link_words(old, new, side_old, side_new))
    groups = _join(links)
    left = set(free_old) - {i for g in groups for i in g.old}
    right = set(free_new) - {j for g in groups for j in g.new}
    groups += _pair_in_place(old, new, _stretches(sorted(left), sorted(right), pairs))
    left -= {i for g in groups for i in g.old}
    right -= {j for g in groups for j in g.new}
    return groups + _pair_anywhere(old, new, sorted(left), sorted(right))


def _stretches(
    free_old: Sequence[int], free_new: Sequence[int], pairs: dict[int, int]
) -> list[tuple[list[int], list[int]]]:
    """Return the free clauses of both sides that stand between the same two paired clauses."""
    # Only pairs that keep the order bound a stretch; a moved clause says nothing about its place.
    kept = keep_order(sorted(pairs.items()))
    stretches: list[tuple[list[int], list[int]]] = []
    at_old = at_new = 0
    bounds = [*kept, (10**9, 10**9)]
    for bound_old, bound_new in bounds:
        part_old, part_new = [], []
        while at_old < len(free_old) and free_old[at_old] < bound_old:
            part_old.append(free_old[at_old])
            at_old += 1
        while at_new < len(free_new) and free_new[at_new] < bound_new:
            part_new.append(free_new[at_new])
            at_new += 1
        if part_old and part_new:
            stretches.append((part_old, part_new))
    return stretches


def keep_order(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the largest part of ``pairs`` (sorted by old) in which the new side rises too.

    >>> keep_order([(0, 0), (1, 5), (2, 1), (3, 2)])
    [(0, 0), (2, 1), (3, 2)]
    """
    from bisect import bisect_left

    ends: list[int] = []
    last: list[int] = []
    before = [-1] * len(pairs)
    for k, (_, j) in enumerate(pairs):
        at = bisect_left(ends, j)
        before[k] = last[at - 1] if at else -1
        ends[at:] = [j] if at == len(ends) else [j, *ends[at + 1 :]]
        last[at:] = [k] if at == len(last) else [k, *last[at + 1 :]]
    kept, k = [], last[-1] if last else -1
    while k >= 0:
        kept.append(pairs[k])
        k = before[k]
    return kept[::-1]


def _link_words(
    old: Sequence[Unit], new: Sequence[Unit], side_old: list[int], side_new: list[int]
) -> dict[tuple[int, int], int]:
    """Lay the words of a stretch side by side; link clauses that share enough of their words."""
    left = [word for i in side_old for word in old[i].words]
    right = [word for j in side_new for word in new[j].words]
    if len(left) * len(right) > _MOST_CELLS:
        return {}
    owner_old = [i for i in side_old for _ in old[i].words]
    owner_new = [j for j in side_new for _ in new[j].words]
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for block in Indel.opcodes(left, right):
        length = block.src_end - block.src_start
        if block.tag != "equal" or length < _LEAST_RUN:
            continue
        for k in range(length):
            shared[owner_old[block.src_start + k], owner_new[block.dest_start + k]] += 1
    return {
        (i, j): count
        for (i, j), count in shared.items()
        if count >= _CONTAINED * min(len(old[i].words), len(new[j].words))
    }


def _join(links: dict[tuple[int, int], int]) -> list[Group]:
    """Return one group per set of linked clauses."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for i, j in sorted(links):
        parent[root(("new", j))] = root(("old", i))
    members: dict[tuple[str, int], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for node in sorted(parent):
        members[root(node)][node[0] == "new"].append(node[1])
    return [Group(tuple(left), tuple(right)) for left, right in members.values()]


def measure_likeness(old: Sequence[str], new: Sequence[str]) -> float:
    """Return how alike two lists of words are: 0 nothing in common, 1 the same words in order.

    >>> measure_likeness(["pay", "in", "ten", "days"], ["pay", "in", "five", "days"])
    0.75
    """
    return float(Indel.normalized_similarity(old, new))


def _is_same(old: Unit, new: Unit, least: float) -> float:
    """Return the likeness of two clauses when it suffices to call them one, else 0."""
    if min(len(old.words), len(new.words)) < _SHORT_WORDS:
        least = max(least, _SHORT_LIKENESS)
    likeness = measure_likeness(old.words, new.words)
    return likeness if likeness >= least else 0.0


def _is_replaced(old: Unit, new: Unit) -> bool:
    """Tell whether a clause was written anew under its number: by its heading, or a little text."""
    if not old.label or old.label != new.label:
        return False
    heading = old.clause.heading.casefold()
    if heading and heading == new.clause.heading.casefold():
        return True
    both_headings = bool(heading) and max(len(old.words), len(new.words)) <= _HEADING_WORDS
    return both_headings or measure_likeness(old.words, new.words) >= _REPLACED


def _pair_in_place(
    old: Sequence[Unit], new: Sequence[Unit], stretches: Iterable[tuple[list[int], list[int]]]
) -> list[Group]:
    """Pair clauses of one stretch that are alike, or that one number and heading hold together."""
    scored = []
    for side_old, side_new in stretches:
        if len(side_old) * len(side_new) > _MOST_PAIRS:
            continue
        for i in side_old:
            for j in side_new:
                likeness = _is_same(old[i], new[j], _NEAR)
                if not likeness and _is_replaced(old[i], new[j]):
                    likeness = _REPLACED
                scored.append((likeness, i, j))
    return _take_best(scored)


def _pair_anywhere(
    old: Sequence[Unit], new: Sequence[Unit], left: Sequence[int], right: Sequence[int]
) -> list[Group]:
    """Pair moved and reworded clauses: those that share rare runs of words, and are alike."""
    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for j in right:
        for shingle in _shingles(new[j].words):
            where[shingle].append(j)
    scored = []
    for i in left:
        votes: dict[int, float] = defaultdict(float)
        for shingle in _shingles(old[i].words):
            places = where.get(shingle, ())
            for j in places:
                votes[j] += 1 / len(places)
        likely = sorted(votes, key=lambda j: (-votes[j], j))[:_MOST_TRIED]
        scored += [(_is_same(old[i], new[j], _FAR), i, j) for j in likely]
    return _take_best(scored)


def _shingles(words: Sequence[str]) -> list[tuple[str, ...]]:
    runs = zip(*(words[k:] for k in range(_SHINGLE)), strict=False)
    return list(dict.fromkeys(runs))


def _take_best(scored: list[tuple[float, int, int]]) -> list[Group]:
    """Take pairs from the most alike down, each clause once."""
    groups, used_old, used_new = [], set(), set()
    for likeness, i, j in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
        if likeness > 0 and i not in used_old and j not in used_new:
            used_old.add(i)
            used_new.add(j)
            groups.append(Group((i,), (j,)))
    return groups


def _in_order(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Sort by place in the new draft; a removed clause follows the one that stood before it."""
    listed = list(groups)
    place = {i: min(g.new) for g in listed if g.new for i in g.old}

    def key(group: Group) -> tuple[float, int]:
        if group.new:
            return min(group.new), -1
        first = min(group.old)
        before = next((place[i] for i in range(first - 1, -1, -1) if i in place), -1)
        return before + 0.5, first

    return tuple(sorted(listed, key=key))
