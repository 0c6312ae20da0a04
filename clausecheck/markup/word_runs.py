"""One run of a Word file cut at characters: marks between the cuts, some of its words deleted.

Comes in: a run's bytes and what is to happen to it. Goes out: the bytes in its place. Every piece
keeps the run's own start tag and properties, so that it looks as it did.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from clausecheck.markup.word_story import TAG
from clausecheck.markup.word_xml import escape_text
from clausecheck.read.word_names import (
    KINDS,
    RUN_PROPERTIES,
    TEXT,
    W,
    choose_branch,
    iter_pieces,
    read_piece,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

    from clausecheck.markup.word_story import Paragraph, Story

# At one place: first what ends there, then new words, then what begins there.
CLOSING, NEW_WORDS, OPENING = range(3)
_SPACE = re.compile(rb"""\sxml:space\s*=\s*("[^"]*"|'[^']*')""")
ANY_ID = re.compile(rb"""(?<=[\s:])id\s*=\s*("[^"]*"|'[^']*')""")
_CHANGED = f"{W}rPrChange"
# Text has other names where it is deleted (17.3.3.7, 17.16.13).
_RENAMED = {"t": b"delText", "instrText": b"delInstrText"}


@dataclass(slots=True)
class RunPlan:
    """What is to happen to one run.

    ``marks`` are (character, rank, bytes) to put in at that character; ``deleted`` are ranges of
    characters to delete; ``all_deleted`` takes the whole run, whether it holds text or not.
    """

    paragraph: Paragraph
    run: _Element
    marks: list[tuple[int, int, bytes]] = field(default_factory=list)
    deleted: list[tuple[int, int]] = field(default_factory=list)
    all_deleted: bool = False


@dataclass(frozen=True, slots=True)
class _Atom:
    """One child of a run: its characters ``[start, end)``, its kind and its bytes."""

    start: int
    end: int
    kind: str
    raw: bytes
    text: str = ""
    whole: bool = False


def measure_run(run: _Element) -> int:
    """Return how many characters ``WordPlace.offset`` counts in a run."""
    return sum(len(read_piece(kind, piece) or "") for kind, piece in iter_pieces(run))


def rewrite_run(
    story: Story, plan: RunPlan, *, delete: Callable[[bytes], bytes], new_id: Callable[[], int]
) -> bytes:
    """Return the bytes that take the place of a run.

    Args:
        story: where the run stands.
        plan: what is to happen to it.
        delete: wraps a piece of a run into a tracked deletion.
        new_id: gives the number for a repeated record of an earlier change of format, as no two
            annotations may bear the same.

    """
    numbers = plan.paragraph.numbers
    head = story.read_head(numbers[plan.run])
    if head.endswith(b"/>"):
        return head
    atoms = _list_atoms(story, plan)
    length = max((atom.end for atom in atoms), default=0)
    cuts = {0, length, *(place for place, _, _ in plan.marks)}
    for bounds in plan.deleted:
        cuts |= set(bounds)
    edges = sorted(cuts) if length else [0, 0]
    name = head[1:].split(None, 1)[0].rstrip(b">")
    marks = sorted(plan.marks, key=lambda mark: mark[:2])
    properties, changed = _read_properties(story, plan)

    out = [mark for place, _, mark in marks if place == 0 and length]
    used = False
    for start, end in pairwise(edges):
        gone = plan.all_deleted or any(a <= start and end <= b for a, b in plan.deleted)
        chosen = [atom for atom in atoms if _belongs(atom, start, end, length)]
        content = b"".join(_cut(atom, start, end, gone=gone) for atom in chosen)
        if content or not length:
            own = properties
            if used and changed:
                own = ANY_ID.sub(lambda _: b'id="%d"' % new_id(), properties)
            used = True
            piece = head + own + content + b"</" + name + b">"
            out.append(delete(piece) if gone else piece)
        out += [mark for place, _, mark in marks if place == end]
    return b"".join(out)


def _read_properties(story: Story, plan: RunPlan) -> tuple[bytes, bool]:
    """Return the bytes of a run's properties and whether they tell of an earlier format."""
    for child in plan.run.iterchildren(RUN_PROPERTIES):
        changed = next(child.iterchildren(_CHANGED), None) is not None
        return story.read(plan.paragraph.numbers[child]), changed
    return b"", False


def read_plain_properties(story: Story, paragraph: Paragraph, run: _Element) -> bytes:
    """Return the bytes of a run's properties without records of earlier formats."""
    for child in run.iterchildren(RUN_PROPERTIES):
        raw = story.read(paragraph.numbers[child])
        for change in child.iterchildren(_CHANGED):
            raw = raw.replace(story.read(paragraph.numbers[change]), b"")
        return raw
    return b""


def _list_atoms(story: Story, plan: RunPlan) -> list[_Atom]:
    atoms = []
    offset = 0
    for child in plan.run:
        if child.tag == RUN_PROPERTIES:
            continue
        kind = KINDS.get(child.tag, "")
        raw = story.read(plan.paragraph.numbers[child])
        text = ""
        if kind == "alternate":
            branch = choose_branch(child)
            pieces = [] if branch is None else list(iter_pieces(branch))
            size = sum(len(read_piece(k, piece) or "") for k, piece in pieces)
        else:
            text = read_piece(kind, child) or ""
            size = len(text)
        atoms.append(_Atom(offset, offset + size, kind, raw, text, whole=child.tag != TEXT))
        offset += size
    return atoms


def _belongs(atom: _Atom, start: int, end: int, length: int) -> bool:
    """Tell whether any of an atom stands in a piece; what has no width goes with what follows."""
    if atom.start == atom.end:
        return start <= atom.start < end or atom.start == end == length
    if atom.whole:
        return start <= atom.start < end
    return atom.start < end and atom.end > start


def _cut(atom: _Atom, start: int, end: int, *, gone: bool) -> bytes:
    raw = atom.raw
    if not atom.whole and (start > atom.start or end < atom.end):
        found = TAG.match(raw)
        assert found is not None
        head = _SPACE.sub(b"", found[0])[:-1] + b' xml:space="preserve">'
        text = atom.text[max(0, start - atom.start) : end - atom.start]
        raw = head + escape_text(text) + raw[raw.rindex(b"</") :]
    if gone and atom.kind in _RENAMED:
        raw = re.sub(
            rb"(</?(?:[^\s:>/]+:)?)%s\b" % atom.kind.encode(), rb"\1" + _RENAMED[atom.kind], raw
        )
    return raw
