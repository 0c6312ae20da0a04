"""Find the headings of a Word file that no style names: short paragraphs set larger or in bold.

Comes in: paragraphs with their styles, as the walk meets them. Goes out: the blocks that are such
headings, each with its depth. Only what is short is looked at closely, to keep reading fast.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from clausecheck.read.looks import Look, is_upper, rank_looks
from clausecheck.read.word_names import RUN, RUN_PROPERTIES, TEXT, W, find_child, is_on, read_val
from clausecheck.read.word_styles import read_size

if TYPE_CHECKING:
    from lxml.etree import _Element

    from clausecheck.read.word_styles import ParagraphStyle, Styles

_BOLD, _CAPS, _STYLE = f"{W}b", f"{W}caps", f"{W}rStyle"
_LONGEST_HEADING = 120
_LARGER = 1.12
_MOST_IN_A_ROW = 3


class Looks:
    """Gathers how the paragraphs of a story are set.

    Args:
        styles: the file's styles.

    """

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._body: Counter[float] = Counter()
        self._short: dict[int, Look] = {}
        self._letters = self._bold = 0

    def add(
        self, block: int, paragraph: _Element, style: ParagraphStyle, text: str, *, plain: bool
    ) -> None:
        """Take note of a paragraph.

        Args:
            block: the number of its block.
            paragraph: its element.
            style: its style, resolved.
            text: its text.
            plain: whether it may be a heading: no style, number or cell says what it is.

        """
        length = len(text)
        if length > _LONGEST_HEADING:
            run = find_child(paragraph, RUN)
            size, bold, _ = self._read_run(run, style)
            self._body[size] += length
        elif plain and text[0].isalnum() and text[-1] not in ".;,":
            look = self._read_look(paragraph, style, text)
            bold = look.bold
            self._short[block] = look
        else:
            return
        self._letters += length
        self._bold += length * bold

    def _read_look(self, paragraph: _Element, style: ParagraphStyle, text: str) -> Look:
        looks = [
            self._read_run(run, style)
            for run in paragraph.iter(RUN)
            if any(t.text and not t.text.isspace() for t in run.iterchildren(TEXT))
        ]
        if not looks:
            return Look(0.0, False, False)
        upper = True if all(caps for _, _, caps in looks) else is_upper(text)
        return Look(min(size for size, _, _ in looks), all(bold for _, bold, _ in looks), upper)

    def _read_run(self, run: _Element | None, style: ParagraphStyle) -> tuple[float, bool, bool]:
        """Return the size in points of a run, whether it is bold, whether it shows capitals."""
        own = find_child(run, RUN_PROPERTIES)
        character = read_val(own, _STYLE)
        size = read_size(own)
        bold, caps = is_on(own, _BOLD), is_on(own, _CAPS)
        if character is not None and (size is None or bold is None):
            styled = self._styles.find_character(character)
            size = styled.size if size is None else size
            bold = styled.bold if bold is None else bold
        return (
            style.size if size is None else size,
            bool(style.bold if bold is None else bold),
            bool(style.caps if caps is None else caps),
        )

    def find_headings(self) -> dict[int, int | None]:
        """Return the blocks that are headings by their look, with their depths if these differ."""
        if not self._short:
            return {}
        body = max(self._body.items(), key=lambda item: (item[1], -item[0]), default=(0.0, 0))[0]
        weight_tells = self._bold < 0.5 * self._letters
        standing = {
            block: look
            for block, look in self._short.items()
            if (body and look.size > _LARGER * body) or (look.bold and weight_tells)
        }
        run: list[int] = []
        for block in [*standing, max(standing, default=0) + 2]:
            if run and block != run[-1] + 1:
                # So many in a row are a cover page or an address.
                for member in run if len(run) > _MOST_IN_A_ROW else ():
                    del standing[member]
                run = []
            run.append(block)
        return rank_looks(standing)
