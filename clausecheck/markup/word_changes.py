"""Which words of a paragraph can be replaced by tracked changes, and where the new ones go.

Comes in: the pieces of runs that hold the old words. Goes out: a ``TrackedChange``, or ``None``
where a deletion would take along something that is not words: a note, a picture, half a field.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clausecheck.markup.word_runs import measure_run
from clausecheck.markup.word_story import Paragraph, Piece, is_in_branch, leave_box, leave_runs
from clausecheck.read.word_names import (
    DELETED,
    FIELD_MARK,
    FIELD_TYPE,
    ID,
    INSERTED,
    PARAGRAPH,
    RUN,
    RUN_PROPERTIES,
    TEXT,
    VANISH,
    W,
    is_on,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

# What a run may hold beside its properties if it is to be deleted.
_PLAIN = {
    RUN_PROPERTIES,
    TEXT,
    FIELD_MARK,
    *(
        f"{W}{name}"
        for name in ("tab", "br", "cr", "noBreakHyphen", "softHyphen", "sym", "instrText")
    ),
    f"{W}lastRenderedPageBreak",
}
_REFERENCE = f"{W}commentReference"
_CELL = f"{W}tc"
_MARK_START, _MARK_END = f"{W}bookmarkStart", f"{W}bookmarkEnd"
_CONTROL, _CONTENT, _FIELD = f"{W}sdt", f"{W}sdtContent", f"{W}fldSimple"
# In these elements a run may stand as it does in a paragraph.
_FRAMES = {f"{W}hyperlink", f"{W}smartTag", f"{W}fldSimple", f"{W}customXml", _CONTENT, *INSERTED}
# Word fills these controls itself, from a list or from data, and would undo a change of words.
_FILLED = tuple(
    f"{W}{name}"
    for name in (
        *("dataBinding", "dropDownList", "comboBox", "date", "docPartList", "docPartObj"),
        *("picture", "citation", "equation", "lock"),
    )
)


@dataclass(frozen=True, slots=True)
class TrackedChange:
    """Runs to delete, each with its characters (``None``: all of it), and where new words go.

    The new words take the ``model``'s looks. They go behind the element ``behind``; ``at`` is a
    character if that is a run which goes on. ``reopen`` is an earlier insertion that ends there and
    begins anew behind them, as Word itself does it.
    """

    deleted: tuple[tuple[Paragraph, _Element, tuple[int, int] | None], ...]
    model: Piece
    behind: _Element
    at: int | None
    reopen: _Element | None


def plan_change(pieces: Sequence[Piece]) -> TrackedChange | None:
    """Return how the words in ``pieces`` can be replaced, or ``None`` where they cannot."""
    if not pieces or any(piece.paragraph is not pieces[0].paragraph for piece in pieces):
        return None
    paragraph = pieces[0].paragraph
    if _is_held_alone(paragraph) or _holds_mark(paragraph, pieces):
        return None
    deleted = _choose_runs(paragraph, pieces)
    if deleted is None:
        return None
    place = _find_place(pieces[0].run, pieces[-1])
    if place is None:
        return None
    model = max(pieces, key=lambda piece: piece.end - piece.start)
    return TrackedChange(tuple(deleted), model, *place)


def _is_held_alone(paragraph: Paragraph) -> bool:
    """Tell whether a content control stands around this paragraph, or its cell, alone.

    LibreOffice takes such a control into the line and forgets the tracked changes in it.
    """
    element = paragraph.element
    content = element.getparent()
    if content is not None and content.tag == _CELL:
        element, content = content, content.getparent()
    if content is None or content.tag != _CONTENT:
        return False
    return sum(1 for _ in content.iterchildren(element.tag)) == 1


def _holds_mark(paragraph: Paragraph, pieces: Sequence[Piece]) -> bool:
    """Tell whether a bookmark that ends before the last of the words would go with them.

    Cross-references to it would then show an error, in Word and in LibreOffice. One that ends
    behind the words keeps the new ones.
    """
    numbers = paragraph.numbers
    first, last = numbers[pieces[0].run], numbers[pieces[-1].run]
    cut = first if pieces[0].start else first - 1  # of a run that is cut some words stay
    begun: dict[str | None, int] = {}
    for mark, number in numbers.items():
        if mark.tag == _MARK_START:
            begun[mark.get(ID)] = number
        elif mark.tag == _MARK_END and mark.get(ID) in begun and number < last:
            begin = begun[mark.get(ID)]
            if first < begin:
                return True
            held = [r for r in paragraph.runs if begin < numbers[r] < number and measure_run(r)]
            if held and all(numbers[r] > cut for r in held):
                return True
    return False


def _choose_runs(
    paragraph: Paragraph, pieces: Sequence[Piece]
) -> list[tuple[Paragraph, _Element, tuple[int, int] | None]] | None:
    """Return the runs from the first piece to the last, if nothing in them must stay."""
    # A field's result may be cut into several pieces of one run: they are taken together.
    wanted: dict[_Element, tuple[int, int]] = {}
    for piece in pieces:
        start, _ = wanted.get(piece.run, (piece.start, 0))
        wanted[piece.run] = (start, piece.end)
    first, last = pieces[0].run, pieces[-1].run
    begin, end = paragraph.runs.index(first), paragraph.runs.index(last)
    chosen: list[tuple[Paragraph, _Element, tuple[int, int] | None]] = []
    fields = 0
    marks = [mark.get(FIELD_TYPE) for r in paragraph.runs[:begin] for mark in r.iter(FIELD_MARK)]
    if marks.count("begin") > marks.count("end"):
        return None  # within a field: Word would compute the words anew
    for run in paragraph.runs[begin : end + 1]:
        if next(run.iterancestors(*DELETED), None) is not None:
            continue  # somebody deleted it before
        if leave_box(run) is not run or leave_runs(run) is not run or is_in_branch(run):
            return None
        if any(child.tag == _REFERENCE for child in run):
            if run in wanted:
                return None
            continue
        if not _may_go(run):
            return None
        size = measure_run(run)
        taken = wanted.get(run)
        if taken is None and size and not fields:
            return None  # words that the text does not hold, such as hidden ones
        whole = taken is None or taken == (0, size)
        fields = _follow_fields(run, fields, whole=whole)
        if fields < 0:
            return None
        chosen.append((paragraph, run, None if whole else taken))
    return None if fields else chosen


def _may_go(run: _Element) -> bool:
    if any(child.tag not in _PLAIN for child in run):
        return False
    if is_on(next(run.iterchildren(RUN_PROPERTIES), None), VANISH):
        return False
    for control in run.iterancestors(_CONTROL, _FIELD, PARAGRAPH):
        if control.tag == PARAGRAPH:
            break
        if control.tag == _FIELD:
            return False  # Word would compute the deleted words anew
        if any(next(control.iterfind(f"{W}sdtPr/{name}"), None) is not None for name in _FILLED):
            return False
    return True


def _follow_fields(run: _Element, depth: int, *, whole: bool) -> int:
    """Return how many fields are open behind ``run``, or -1 where one would be torn apart."""
    for mark in run.iterchildren(FIELD_MARK):
        kind = mark.get(FIELD_TYPE)
        depth += (kind == "begin") - (kind == "end")
        if depth < 0 or not whole or (kind == "separate" and not depth):
            return -1
    return depth


def _find_place(
    first: _Element, last: Piece
) -> tuple[_Element, int | None, _Element | None] | None:
    """Return where new words go: behind which element, at which character, in which insertion."""
    at = None if last.end == measure_run(last.run) else last.end
    behind = last.run
    around = list(first.iterancestors())
    while at is None:
        parent = behind.getparent()
        if parent is None or parent.tag not in _FRAMES or _has_more(behind):
            break
        if parent in around and parent.tag not in INSERTED:
            break
        behind = parent if parent.tag != _CONTENT else _leave_content(parent)
    parent = behind.getparent()
    if parent is None or (parent.tag != PARAGRAPH and parent.tag not in _FRAMES):
        return None
    if parent.tag in INSERTED:
        outer = parent.getparent()
        fits = outer is not None and (outer.tag == PARAGRAPH or outer in around)
        return (behind, at, parent) if fits else None
    if parent.tag == PARAGRAPH or parent in around:
        return behind, at, None
    return None


def _leave_content(content: _Element) -> _Element:
    control = content.getparent()
    return content if control is None else control


def _has_more(element: _Element) -> bool:
    """Tell whether runs follow an element within its parent."""
    return any(next(later.iter(RUN), None) is not None for later in element.itersiblings())
