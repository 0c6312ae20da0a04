"""The text that a Word story is read into, with its blocks and anchors.

Comes in: runs with their places, paragraph by paragraph. Goes out: one canonical string, blocks
and anchors over it, and a tally of what is only counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from clausecheck.errors import InputError
from clausecheck.records import Anchor, Block, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clausecheck.records import Style
    from clausecheck.settings import Limits


@dataclass(slots=True)
class Output:
    """Text under construction.

    ``separator`` is what goes before the next block; ``hidden`` counts characters that are not
    displayed and ``things`` lists, per kind of unread thing, the paragraphs where it stands.
    """

    name: str
    limits: Limits
    separator: str = "\n"
    length: int = 0
    parts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    hidden: int = 0
    tables: int = 0
    things: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self.parts)

    def add_block(
        self,
        pieces: list[tuple[str, Place]],
        *,
        label: str = "",
        level: int | None = None,
        style: Style = "",
        cell: tuple[int, int, int] | None = None,
    ) -> None:
        """Append one block made of ``pieces``, each some text and the place it came from.

        Raises:
            InputError: C126, the text is longer than the limit.

        """
        if self.blocks:
            self.parts.append(self.separator)
            self.length += len(self.separator)
        self.separator = "\n"
        start = self.length
        for text, place in pieces:
            end = self.length + len(text)
            self.parts.append(text)
            self.anchors.append(Anchor(self.length, end, place))
            self.length = end
        if self.length > self.limits.max_chars:
            raise InputError(
                "C126",
                f"The document holds more than {self.limits.max_chars:,} characters.",
                self.name,
                "Split it, or raise the limit max_chars.",
            )
        self.blocks.append(Block(start, self.length, label, level, style, cell))

    def mark_headings(self, depths: Mapping[int, int | None]) -> None:
        """Make blocks headings, by number; depths count only where no style gives a heading one."""
        styled = any(block.style == "heading" for block in self.blocks)
        for place, depth in depths.items():
            level = None if styled else depth
            self.blocks[place] = replace(self.blocks[place], style="heading", level=level)

    def note_thing(self, kind: str, part: str, paragraph: int) -> None:
        """Remember a thing that is not read, such as a picture, and the paragraph it stands in."""
        self.things.setdefault(kind, []).append((part, paragraph))
