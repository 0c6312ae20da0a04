"""The walk through a Word part: paragraphs in reading order, before or after tracked changes.

Comes in: parsed parts, styles and list definitions. Goes out: text in an ``Output``. The walk keeps
its own stack, so that depth of nesting costs memory and never a ``RecursionError``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from clausecheck.read.word_embedded import sort_embedded
from clausecheck.read.word_looks import Looks
from clausecheck.read.word_names import (
    FIELD_TYPE,
    FINAL,
    ID,
    PROPERTIES,
    RUN,
    RUN_PROPERTIES,
    TEXT,
    VAL,
    View,
    W,
    choose_branch,
    count_runs,
    find_child,
    has_child,
    iter_pieces,
    read_int,
    read_piece,
    read_val,
)
from clausecheck.read.word_properties import Properties
from clausecheck.read.word_state import (
    Context,
    OpenBlock,
    OpenFields,
    OpenTable,
    ParagraphMark,
    Part,
)
from clausecheck.records import WordPlace

if TYPE_CHECKING:
    from lxml.etree import _Element

    from clausecheck.read.numbering import Counter, Label, Numbering
    from clausecheck.read.word_output import Output
    from clausecheck.read.word_styles import Styles
    from clausecheck.records import Style

_RUBY_BASE, _CONTENTS = f"{W}rubyBase", "Table of Contents"


class StoryReader:
    """Reads one part, and what hangs on it, into an output.

    Args:
        styles: the file's styles.
        numbering: the file's list definitions.
        output: where text, blocks and anchors go.
        view: how tracked changes are read.
        footnotes: note id -> (its part, its element), read after the paragraph that refers to it.
        endnotes: the same, read at the end.

    """

    def __init__(
        self,
        *,
        styles: Styles,
        numbering: Numbering,
        output: Output,
        view: View = FINAL,
        footnotes: dict[str, tuple[Part, _Element]] | None = None,
        endnotes: dict[str, tuple[Part, _Element]] | None = None,
    ) -> None:
        self._styles, self._numbering, self._output = styles, numbering, output
        self._view, self._kinds = view, view.kinds
        self._properties = Properties(styles, view)
        self._notes = dict(footnotes or {})
        self._endnotes = dict(endnotes or {})
        self._later: list[tuple[Part, _Element]] = []
        self._note_counters = (numbering.start_counter(), numbering.start_counter())
        self._looks = Looks(styles)
        self._stack: list[tuple[Iterator[_Element], Context]] = []
        self._block: OpenBlock | None = None
        self._chosen: tuple[_Element | None, _Element | None] = (None, None)

    def read_part(self, part: Part) -> None:
        """Read all of ``part`` in order."""
        context = Context(part, self._numbering.start_counter(), OpenFields(), closing=True)
        self._walk(iter(part.root), context)
        while self._later:
            part, note = self._later.pop(0)
            self._walk(iter(note), self._surround_note(part, self._note_counters[1]))
        self._output.mark_headings(self._looks.find_headings())

    def _surround_note(self, part: Part, counter: Counter) -> Context:
        return Context(part, counter, OpenFields(), style="note", closing=True)

    def _walk(self, elements: Iterator[_Element], context: Context) -> None:
        self._stack.append((elements, context))
        while self._stack:
            elements, context = self._stack[-1]
            for element in elements:
                if self._enter(element, self._kinds.get(element.tag, ""), context):
                    break
            else:
                self._stack.pop()
                if context.closing:
                    self._close_block()
                    self._output.separator = "\n"

    def _enter(self, element: _Element, kind: str, context: Context) -> bool:
        """Handle a block-level element; return whether the stack has grown."""
        depth = len(self._stack)
        if kind == "p":
            self._read_paragraph(element, context)
        elif kind == "tbl":
            self._close_block()
            table = OpenTable(self._output.tables)
            self._output.tables += 1
            self._push(element, replace(context, table=table, closing=True))
        elif kind == "tr":
            self._enter_row(element, context)
        elif kind == "tc":
            self._enter_cell(element, context)
        elif kind in ("altChunk", "subDoc"):
            self._output.note_thing("attached file", context.part.name, -1)
        elif kind == "branch":
            if self._is_chosen(element):
                self._push(element, replace(context, closing=False))
        elif kind == "sdt":
            gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
            listed = gallery is not None and gallery.get(VAL) == _CONTENTS
            inside = replace(context, contents=context.contents or listed, closing=False)
            self._push(element, inside)
        elif kind not in ("skipped", "dropped"):
            self._push(element, replace(context, closing=False))
        return len(self._stack) > depth

    def _is_chosen(self, branch: _Element) -> bool:
        parent = branch.getparent()
        if parent is None:
            return True
        # Kept, so that the cost stays linear however many branches there are.
        if self._chosen[0] is not parent:
            self._chosen = (parent, choose_branch(parent))
        return self._chosen[1] is branch

    def _push(self, element: _Element, context: Context) -> None:
        self._stack.append((iter(element), context))

    def _enter_row(self, row: _Element, context: Context) -> None:
        properties = find_child(row, f"{W}trPr")
        if has_child(properties, self._view.gone):
            return
        table = context.table
        if table is not None:
            table.row += 1
            table.column = read_int(read_val(properties, f"{W}gridBefore")) or 0
            table.blocks = len(self._output.blocks)
        self._output.separator = "\n"
        self._push(row, replace(context, closing=False))

    def _enter_cell(self, cell: _Element, context: Context) -> None:
        properties = find_child(cell, f"{W}tcPr")
        if find_child(properties, self._view.gone_cell) is not None:
            return
        place = None
        table = context.table
        if table is not None:
            place = (table.index, table.row, table.column)
            table.column += max(read_int(read_val(properties, f"{W}gridSpan")) or 1, 1)
            if len(self._output.blocks) > table.blocks:
                self._output.separator = "\t"
        # A cell in a note or text box keeps that style; its own cell says where it stands.
        self._push(cell, replace(context, cell=place, closing=True))

    def _read_paragraph(self, paragraph: _Element, context: Context) -> None:
        mark = self._properties.read_mark(
            find_child(paragraph, PROPERTIES), hides=context.part.hides
        )
        block = self._block
        if block is None:
            block = self._block = OpenBlock(context, mark, paragraph)
        elif block.settled:
            block.passed.append(mark)
        else:
            # The mark that survives a deletion gives the joined paragraph its properties.
            block.mark = mark
        known = len(block.pieces)
        self._read_inline(paragraph, block, mark, context)
        shown = any(not text.isspace() for text, _ in block.pieces[known:])
        if mark.gone:
            return
        if mark.run_in and shown:
            block.settled = True
        elif shown or not mark.hidden:
            # Behind a mark that is merely hidden Word would go on in the same line, too. But that
            # is an accident, and keeping paragraphs apart keeps clauses apart. A paragraph that is
            # hidden as a whole is not there at all.
            self._close_block(complete=not mark.section)

    def _read_inline(
        self, paragraph: _Element, block: OpenBlock, mark: ParagraphMark, context: Context
    ) -> None:
        index = context.part.paragraphs[paragraph]
        number = 0
        waiting = [iter(paragraph)]
        while waiting:
            for element in waiting[-1]:
                kind = self._kinds.get(element.tag, "")
                if kind == "r":
                    place = WordPlace(context.part.name, index, number)
                    number += 1 + self._read_run(element, block, mark, context, place)
                elif kind == "skipped":
                    continue
                elif kind == "dropped" or (kind == "branch" and not self._is_chosen(element)):
                    number += count_runs(element)
                elif kind in ("embedded", "txbxContent"):
                    self._read_embedded(element, block, context, index)
                    number += count_runs(element)
                else:
                    if kind == "equation":
                        self._output.note_thing("equation", context.part.name, index)
                    elif kind == "subDoc":
                        self._output.note_thing("attached file", context.part.name, index)
                    waiting.append(iter(element))
                    break
            else:
                waiting.pop()

    def _read_run(
        self,
        run: _Element,
        block: OpenBlock,
        mark: ParagraphMark,
        context: Context,
        place: WordPlace,
    ) -> int:
        """Read one run; return how many runs are nested in it (in text boxes)."""
        fields = context.fields
        hidden = mark.style.hidden
        if context.part.hides or self._styles.hidden:
            hidden = self._properties.is_hidden(find_child(run, RUN_PROPERTIES), mark.style)
        last = run[-1] if 0 < len(run) < 3 else None
        if (
            last is not None
            and last.tag == TEXT
            and not (hidden or fields.open)
            and (len(run) == 1 or run[0].tag == RUN_PROPERTIES)
        ):
            # Nine runs in ten hold nothing else.
            if last.text:
                block.pieces.append((last.text, place))
            return 0
        pieces: list[str] = []
        start = offset = 0
        nested = False
        for kind, piece in iter_pieces(run, self._view):
            text = read_piece(kind, piece)
            if text is not None:
                if hidden:
                    self._output.hidden += len(text)
                elif not fields.coded and text:
                    if not pieces:
                        start = offset
                    pieces.append(text)
                    block.contents = block.contents or fields.contents > 0
                offset += len(text)
            elif kind == "fldChar":
                _flush_run(pieces, block, place, start)
                if piece not in context.part.endless:
                    fields.mark(piece.get(FIELD_TYPE, ""))
            elif kind == "instrText":
                if fields.open:
                    fields.open[-1].code.append(piece.text or "")
            elif kind == "alternate":
                nested = True
            elif kind in ("embedded", "txbxContent"):
                nested = True
                self._read_embedded(piece, block, context, place.paragraph)
            elif kind == "ruby":
                nested = True
                _flush_run(pieces, block, place, start)
                for index, base in enumerate(piece.iter(RUN)):
                    parent = base.getparent()
                    if parent is not None and parent.tag == _RUBY_BASE:
                        inner = replace(place, run=place.run + 1 + index)
                        self._read_run(base, block, mark, context, inner)
            elif kind in ("footnoteReference", "endnoteReference") and not hidden:
                block.notes.append(kind[0] + piece.get(ID, ""))
        _flush_run(pieces, block, place, start)
        return count_runs(run) - 1 if nested else 0

    def _read_embedded(
        self, element: _Element, block: OpenBlock, context: Context, paragraph: int
    ) -> None:
        """Set text boxes aside for after the paragraph, and note what cannot be read."""
        boxes, things = sort_embedded(element)
        block.boxes += boxes
        for thing in things:
            self._output.note_thing(thing, context.part.name, paragraph)

    def _close_block(self, *, complete: bool = False) -> None:
        """End the open block: number it, write it and queue what hangs on it.

        Args:
            complete: a visible paragraph mark ended it. Otherwise a table, a cell's end, the end
                of a section or the like did, and an empty rest is not a paragraph of its own.

        """
        block, self._block = self._block, None
        if block is None:
            return
        context, mark, style = block.context, block.mark, block.mark.style
        filled = any(text and not text.isspace() for text, _ in block.pieces)
        if filled or complete:
            label = self._count(mark, context.counter)
            for passed in block.passed:
                self._count(passed, context.counter)
            outline = style.outline if mark.outline is None else mark.outline
            heading = outline is not None and outline < 9
            level = outline if heading else None
            if label is not None:
                level = label.level
            role: Style = context.style
            if not role and (context.contents or block.contents):
                role = "toc"
            if not role and style.role != "heading":
                role = style.role
            if not role and heading:
                role = "heading"
            if not role and label is not None and label.bullet:
                role = "list"
            text = "" if label is None else label.text
            if filled or text:
                pieces = block.pieces if filled else []
                self._output.add_block(
                    pieces, label=text, level=level, style=role, cell=context.cell
                )
                if filled and not context.style:
                    shown = "".join(piece for piece, _ in pieces).strip()
                    plain = label is None and not role and context.cell is None
                    place = len(self._output.blocks) - 1
                    self._looks.add(place, block.paragraph, style, shown, plain=plain)
        self._queue_hanging(block)

    def _count(self, mark: ParagraphMark, counter: Counter) -> Label | None:
        style = mark.style
        number = style.number if mark.number is None else mark.number
        if number is None or number == "0":
            return None
        level = mark.level
        if level is None:
            level = self._numbering.find_level(number, style.ids)
        if level is None:
            level = style.level
        return counter.count(number, level or 0)

    def _queue_hanging(self, block: OpenBlock) -> None:
        # The stack works from its end: notes go on first, to be read after the text boxes.
        for key in reversed(block.notes):
            if key[0] == "f" and key[1:] in self._notes:
                part, note = self._notes.pop(key[1:])
                self._push(note, self._surround_note(part, self._note_counters[0]))
        for key in block.notes:
            if key[0] == "e" and key[1:] in self._endnotes:
                self._later.append(self._endnotes.pop(key[1:]))
        context = block.context
        for box in reversed(block.boxes):
            inside = Context(
                context.part,
                self._numbering.start_counter(),
                OpenFields(),
                style=context.style or "textbox",
                cell=context.cell,
                closing=True,
            )
            self._push(box, inside)


def _flush_run(pieces: list[str], block: OpenBlock, place: WordPlace, start: int) -> None:
    if pieces:
        where = place if start == 0 else replace(place, offset=start)
        block.pieces.append(("".join(pieces), where))
        pieces.clear()
