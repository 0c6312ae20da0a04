"""What the properties of a paragraph and of a run say, in the view that is read.

Comes in: ``w:pPr`` and ``w:rPr`` elements. Goes out: the paragraph's mark, and whether a run is
hidden. Before all changes the former properties count, which Word keeps beside the present ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clausecheck.read.word_names import (
    PROPERTIES,
    RUN_PROPERTIES,
    VAL,
    VANISH,
    W,
    find_child,
    has_child,
    is_on,
    read_int,
    read_val,
)
from clausecheck.read.word_state import ParagraphMark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

    from clausecheck.read.word_names import View
    from clausecheck.read.word_styles import ParagraphStyle, Styles

_NUMBERING, _INSERTED = f"{W}numPr", f"{W}ins"
_SECTION, _SEPARATOR = f"{W}sectPr", f"{W}specVanish"
_STYLE, _OUTLINE = f"{W}pStyle", f"{W}outlineLvl"
_FORMER, _FORMER_RUN = f"{W}pPrChange", f"{W}rPrChange"


class Properties:
    """Reads properties against the styles of the file.

    Args:
        styles: the file's styles.
        view: how tracked changes are read.

    """

    def __init__(self, styles: Styles, view: View) -> None:
        self._styles, self._view = styles, view

    def read_mark(self, properties: _Element | None, *, hides: bool) -> ParagraphMark:
        """Return what the mark of a paragraph carries; ``hides``: the part hides text somewhere."""
        style_id = number = outline = None
        level = None
        gone = run_in = section = False
        hidden: bool | None = None
        for child in () if properties is None else self._list_properties(properties):
            tag = child.tag
            if tag == _STYLE:
                style_id = child.get(VAL)
            elif tag == _NUMBERING:
                if self._view.before and find_child(child, _INSERTED) is not None:
                    continue
                number = read_val(child, f"{W}numId")
                level = read_int(read_val(child, f"{W}ilvl"))
            elif tag == _OUTLINE:
                outline = read_int(child.get(VAL))
            elif tag == RUN_PROPERTIES:
                gone = has_child(child, self._view.gone)
                hidden = is_on(child, VANISH) if hides else None
                run_in = hidden is True and is_on(child, _SEPARATOR) is True
            elif tag == _SECTION:
                section = True
        style = self._styles.find_paragraph(style_id)
        hidden = style.hidden if hidden is None else hidden
        return ParagraphMark(style, number, level, outline, gone, hidden, run_in, section)

    def _list_properties(self, properties: _Element) -> Iterable[_Element]:
        former = find_child(properties, _FORMER) if self._view.before else None
        if former is None:
            return properties
        # The former properties leave out those of the mark itself and of the section.
        kept = properties.iterchildren(RUN_PROPERTIES, _SECTION)
        before = find_child(former, PROPERTIES)
        return [*(() if before is None else before), *kept]

    def is_hidden(self, properties: _Element | None, style: ParagraphStyle) -> bool:
        """Return whether a run with these properties is hidden in a paragraph of ``style``."""
        if self._view.before:
            former = find_child(properties, _FORMER_RUN)
            properties = properties if former is None else find_child(former, RUN_PROPERTIES)
        if properties is None:
            return style.hidden
        stated = is_on(properties, VANISH)
        if stated is not None:
            return stated
        if not self._styles.hidden:
            return style.hidden
        # A toggle in both styles cancels itself out (17.7.3).
        own = read_val(properties, f"{W}rStyle")
        return style.hidden != (own is not None and self._styles.hidden.get(own, False))
