"""What the styles of a Word file say about a paragraph.

Comes in: the root of the styles part. Goes out: per style id its role (title, heading, toc, list),
outline level, numbering and whether it hides its text, each resolved along ``w:basedOn``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clausecheck.read.word_names import (
    RUN_PROPERTIES,
    W,
    find_child,
    is_on,
    read_int,
    read_val,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

    from clausecheck.records import Style

_SIZE = 10.0  # points, where a file states no size
_HEADING = re.compile(r"heading\s?([1-9])$")
_ROLES: tuple[tuple[re.Pattern[str], Style], ...] = (
    (re.compile(r"(sub)?title$"), "title"),
    (re.compile(r"(toc( heading|\s?\d)|contents heading)$"), "toc"),
    (re.compile(r"list bullet"), "list"),
)


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A paragraph style with everything it inherits.

    ``outline`` is 0-8 for headings and 9 for body text; ``number`` is the numbering's id, "0" for
    none; ``ids`` are the style and its ancestors, nearest first, as numbering levels name them;
    ``size`` is that of its letters in points.
    """

    role: Style = ""
    outline: int | None = None
    number: str | None = None
    level: int | None = None
    hidden: bool = False
    ids: tuple[str, ...] = ()
    size: float = _SIZE
    bold: bool = False
    caps: bool = False


@dataclass(frozen=True, slots=True)
class CharacterStyle:
    """What a style says of its letters, ``None`` where it says nothing; ``size`` is in points."""

    size: float | None = None
    bold: bool | None = None
    caps: bool | None = None


class Styles:
    """Styles of one file, resolved on demand.

    Args:
        root: the root of the styles part, or ``None`` if the file has none.

    >>> Styles(None).find_paragraph("Heading2").outline
    1

    """

    def __init__(self, root: _Element | None) -> None:
        self._elements: dict[str, _Element] = {}
        self._default = ""
        self._found: dict[str | None, ParagraphStyle] = {}
        self._characters: dict[str, CharacterStyle] = {}
        self.list_links: dict[str, str] = {}
        self.hidden: dict[str, bool] = {}
        for style in () if root is None else root.iterchildren(f"{W}style"):
            self._add_style(style)
        defaults = (
            None if root is None else root.find(f"{W}docDefaults/{W}rPrDefault/{RUN_PROPERTIES}")
        )
        self._letters = _read_letters(defaults)

    def _add_style(self, style: _Element) -> None:
        style_id = style.get(f"{W}styleId", "")
        self._elements[style_id] = style
        kind = style.get(f"{W}type")
        if kind == "paragraph" and style.get(f"{W}default") in ("1", "true", "on"):
            self._default = style_id
        if kind == "numbering":
            number = read_val(style.find(f"{W}pPr/{W}numPr"), f"{W}numId")
            if number is not None:
                self.list_links[style_id] = number
        if kind == "character":
            hidden = is_on(style.find(f"{W}rPr"), f"{W}vanish")
            if hidden is not None:
                self.hidden[style_id] = hidden

    def find_paragraph(self, style_id: str | None) -> ParagraphStyle:
        """Return the resolved paragraph style ``style_id``; ``None`` gives the default style."""
        found = self._found.get(style_id)
        if found is None:
            found = self._found[style_id] = self._resolve(style_id or self._default)
        return found

    def find_character(self, style_id: str) -> CharacterStyle:
        """Return what the character style ``style_id`` says of its letters."""
        found = self._characters.get(style_id)
        if found is None:
            found = self._characters[style_id] = self._resolve_letters(self._list_chain(style_id))
        return found

    def _list_chain(self, style_id: str) -> list[str]:
        """Return a style and its ancestors; a chain that bites its own tail ends where it began."""
        ids: list[str] = []
        next_id: str | None = style_id
        while next_id is not None and next_id not in ids:
            ids.append(next_id)
            next_id = read_val(self._elements.get(next_id), f"{W}basedOn")
        return ids

    def _resolve_letters(self, ids: Iterable[str]) -> CharacterStyle:
        size: float | None = None
        bold = caps = None
        for style_id in ids:
            own = _read_letters(find_child(self._elements.get(style_id), RUN_PROPERTIES))
            size = own.size if size is None else size
            bold = own.bold if bold is None else bold
            caps = own.caps if caps is None else caps
        return CharacterStyle(size, bold, caps)

    def _resolve(self, style_id: str) -> ParagraphStyle:
        role: Style | None = None
        outline = level = None
        number: str | None = None
        hidden: bool | None = None
        ids = self._list_chain(style_id)
        for next_id in ids:
            style = self._elements.get(next_id)
            # An id without a definition still says what the writer meant ("Heading2").
            name = read_val(style, f"{W}name") or next_id
            own_role, own_outline = _read_name(name)
            role = own_role if role is None else role
            if style is None:
                outline = own_outline if outline is None else outline
                break
            properties = style.find(f"{W}pPr")
            if outline is None:
                stated = read_int(read_val(properties, f"{W}outlineLvl"))
                # Word knows the depth of its own headings and lets no file change it.
                outline = stated if own_outline is None else own_outline
            numbering = None if properties is None else properties.find(f"{W}numPr")
            number = read_val(numbering, f"{W}numId") if number is None else number
            level = read_int(read_val(numbering, f"{W}ilvl")) if level is None else level
            hidden = is_on(style.find(RUN_PROPERTIES), f"{W}vanish") if hidden is None else hidden
        letters = self._resolve_letters(ids)
        size = letters.size or self._letters.size or _SIZE
        bold = self._letters.bold if letters.bold is None else letters.bold
        caps = self._letters.caps if letters.caps is None else letters.caps
        return ParagraphStyle(
            role or "",
            outline,
            number,
            level,
            bool(hidden),
            tuple(ids),
            size,
            bool(bold),
            bool(caps),
        )


def _read_letters(properties: _Element | None) -> CharacterStyle:
    return CharacterStyle(
        read_size(properties), is_on(properties, f"{W}b"), is_on(properties, f"{W}caps")
    )


def read_size(properties: _Element | None) -> float | None:
    """Return the size in points that run properties state; the file counts half points."""
    stated = read_int(read_val(properties, f"{W}sz"))
    return None if not stated else stated / 2


def _read_name(name: str) -> tuple[Style | None, int | None]:
    # Built-in styles keep their English name in every language; aliases follow after a comma.
    plain = name.partition(",")[0].strip().lower()
    heading = _HEADING.match(plain)
    if heading:
        return "heading", int(heading.group(1)) - 1
    for pattern, role in _ROLES:
        if pattern.match(plain):
            return role, None
    return None, None
