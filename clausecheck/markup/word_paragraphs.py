"""New paragraphs as tracked insertions.

Comes in: the paragraph that they follow, and their texts. Goes out: their bytes. They look like
that paragraph but bear no number: a new number would move those of all clauses behind it, and
typed references to them would point to the wrong ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clausecheck.read.word_names import W

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clausecheck.markup.word_story import Piece, Story
    from clausecheck.markup.word_xml import Writer

_PROPERTIES = f"{W}pPr"
# In the order of the schema (CT_PPrBase): what is copied, before and behind the numbering.
_BEFORE = ("pStyle",)
_BEHIND = ("spacing", "ind", "contextualSpacing", "jc")


def write_paragraphs(
    story: Story,
    behind: Piece,
    texts: Sequence[str],
    *,
    xml: Writer,
    insert: Callable[[str], str],
    mark: Callable[[], str],
    comment: int | None,
    looks: str,
) -> str:
    """Return the paragraphs ``texts``, the first as a heading with the comment ``comment``.

    ``insert`` wraps runs into a tracked insertion, ``mark`` gives the sign that a paragraph's own
    end is inserted, ``looks`` are the properties of the run that holds the comment's sign.
    """
    run_looks = _read_looks(story, behind)
    written = []
    for index, text in enumerate(texts):
        properties = _read_properties(story, behind, xml) + xml.wrap("rPr", mark())
        bold = xml.empty("b") if index == 0 else ""
        run_properties = xml.wrap("rPr", run_looks[0] + bold + run_looks[1])
        run = insert(xml.wrap("r", run_properties + xml.text(text)))
        if comment is not None and index == 0:
            number = str(comment)
            sign = xml.wrap("r", looks + xml.empty("commentReference", id=number))
            run = (
                xml.empty("commentRangeStart", id=number)
                + run
                + xml.empty("commentRangeEnd", id=number)
                + insert(sign)
            )
        written.append(xml.wrap("p", xml.wrap("pPr", properties) + run))
    return "".join(written)


def _read_properties(story: Story, behind: Piece, xml: Writer) -> str:
    """Return what is kept of a paragraph's properties, with its numbering switched off."""
    found: dict[str, str] = {}
    for properties in behind.paragraph.element.iterchildren(_PROPERTIES):
        for child in properties:
            name = str(child.tag).removeprefix(W)
            found[name] = story.read(behind.paragraph.numbers[child]).decode()
    off = xml.wrap("numPr", xml.empty("numId", val="0"))
    keep = [found.get(name, "") for name in _BEFORE]
    return "".join([*keep, off, *(found.get(name, "") for name in _BEHIND)])


def _read_looks(story: Story, behind: Piece) -> tuple[str, str]:
    """Return the font of a run, and its size and language: what goes before and behind "bold"."""
    found: dict[str, str] = {}
    for properties in behind.run.iterchildren(f"{W}rPr"):
        for child in properties:
            name = str(child.tag).removeprefix(W)
            found[name] = story.read(behind.paragraph.numbers[child]).decode()
    size = ("color", "sz", "szCs", "lang")
    return found.get("rFonts", ""), "".join(found.get(name, "") for name in size)
