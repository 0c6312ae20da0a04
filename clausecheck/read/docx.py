"""Reads a Word file: its text before or after tracked changes, every character with its place.

Comes in: the bytes of a .docx or .docm. Goes out: a ``Document`` whose blocks are paragraphs in
reading order, with the numbers that Word prints as labels. Headers, footers and hidden text are
not text but facts; tracked changes, comments and cross-references are records of their own.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

from clausecheck.errors import InputError
from clausecheck.read.numbering import Numbering
from clausecheck.read.word_changes import sum_up
from clausecheck.read.word_comments import sum_up_comments
from clausecheck.read.word_marks import read_marks
from clausecheck.read.word_names import ID, TYPE, VIEWS, View, W
from clausecheck.read.word_output import Output
from clausecheck.read.word_package import Package
from clausecheck.read.word_state import Part
from clausecheck.read.word_story import StoryReader
from clausecheck.read.word_styles import Styles
from clausecheck.records import Document, Unread

if TYPE_CHECKING:
    from lxml.etree import _Element

    from clausecheck.settings import Limits

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.12"
_SHORT = 100
_PLACES_SHOWN = 5
_ADVICE = {
    "picture": "Words inside it were not read: look at it, or type them into the document.",
    "chart": "Figures inside it were not read: look at it.",
    "diagram": "Words inside it were not read: look at it, or type them into the document.",
    "equation": "A formula for charges may be in it: look at it.",
    "embedded object": "It was not opened: save it as a file of its own and review that.",
    "attached file": "It was not opened: insert its text in Word and save, or review it itself.",
}

# These seldom hold clauses: they are named, but do not make the review partial.
_MINOR = ("picture", "chart", "diagram", "equation")

Notes = dict[str, tuple[Part, "_Element"]]


def read_docx(
    data: bytes, *, name: str, limits: Limits, view: Literal["final", "original"] = "final"
) -> Document:
    """Return the document in the bytes of a Word file.

    In the final view tracked insertions are kept and deletions left out, in the original view the
    other way about, with the numbers of that view. Hidden text is left out and counted. Each
    paragraph is a block; blocks are separated by a line end, cells of a row by a tab. Text boxes
    and footnotes follow the paragraph they hang on; endnotes come last. Paragraphs without text
    or number give no block. A numbered paragraph without text gives an empty block with a label.

    Args:
        data: the bytes of a .docx or .docm, transitional or strict.
        name: what to call the file in the document and in errors.
        limits: ``max_part_bytes`` for unpacked parts and ``max_chars`` for the text.
        view: the text after ("final") or before ("original") all tracked changes.

    Raises:
        InputError: C120 damaged, C121 not a Word document, C122 unpacks too large, C123 broken
            XML, C124 a document type, C125 no text, C126 too much text.

    >>> from clausecheck.settings import Limits
    >>> read_docx(b"PK", name="draft.docx", limits=Limits())
    Traceback (most recent call last):
    clausecheck.errors.InputError: draft.docx: The file is not a complete Word file: ... [C120]

    """
    package = Package(data, name=name, limits=limits)
    main = package.find_main()
    root = package.parse(main)
    if root.tag != f"{W}document":
        raise package.no_document()
    related: dict[str, list[str]] = {}
    for kind, place in package.list_relations(main):
        if place in package and place not in related.setdefault(kind, []):
            related[kind].append(place)

    how = VIEWS[view]
    styles = Styles(_parse_first(package, related, "styles"))
    numbering = Numbering(
        _parse_first(package, related, "numbering"), style_links=styles.list_links
    )
    parts = [Part(main, root, how)]
    footnotes = _find_notes(package, related, "footnote", how, parts)
    endnotes = _find_notes(package, related, "endnote", how, parts)

    output = Output(name, limits)
    StoryReader(
        styles=styles,
        numbering=numbering,
        output=output,
        view=how,
        footnotes=footnotes,
        endnotes=endnotes,
    ).read_part(parts[0])
    text = output.text
    if not text or text.isspace():
        raise _report_blank(name, output)

    comments_root = _parse_first(package, related, "comments")
    extended = None if comments_root is None else _parse_first(package, related, "commentsExtended")
    marks = read_marks(parts, output.anchors, comments_root, extended)
    facts = [("format", "Word"), ("view", view), *sum_up(marks.changes)]
    if output.hidden:
        facts.append(("hidden characters", str(output.hidden)))
    if marks.comments:
        facts.append(("comments", sum_up_comments(marks.comments)))
    for kind in ("header", "footer"):
        for place in related.get(kind, []):
            furniture = Part(place, package.parse(place), how)
            line = _read_furniture(furniture, styles, numbering, output, how)
            if line and (kind, line) not in facts:
                facts.append((kind, line))
    macros = "word/vbaproject.bin" in package
    if macros:
        facts.append(("macros", "present, not run"))
    return Document(
        name=name,
        media_type=_MACRO_TYPE if macros else _MEDIA_TYPE,
        sha256=hashlib.sha256(data).hexdigest(),
        text=text,
        blocks=tuple(output.blocks),
        anchors=tuple(output.anchors),
        unread=_list_unread(output),
        facts=tuple(facts),
        changes=marks.changes,
        comments=marks.comments,
        links=marks.links,
    )


def _parse_first(package: Package, related: dict[str, list[str]], kind: str) -> _Element | None:
    places = related.get(kind)
    return package.parse(places[0]) if places else None


def _find_notes(
    package: Package, related: dict[str, list[str]], kind: str, view: View, parts: list[Part]
) -> Notes:
    root = _parse_first(package, related, f"{kind}s")
    if root is None:
        return {}
    part = Part(related[f"{kind}s"][0], root, view)
    parts.append(part)
    # The lines that separate notes from the text are stored as notes of their own types.
    return {
        note.get(ID, ""): (part, note)
        for note in root.iterchildren(f"{W}{kind}")
        if note.get(TYPE, "normal") == "normal"
    }


def _read_furniture(
    part: Part, styles: Styles, numbering: Numbering, main: Output, view: View
) -> str:
    """Return the text of a header or footer in one short line."""
    output = Output(main.name, main.limits)
    StoryReader(styles=styles, numbering=numbering, output=output, view=view).read_part(part)
    line = " ".join(output.text.split())
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 1].rstrip()}\u2026"


def _list_unread(output: Output) -> tuple[Unread, ...]:
    unread = []
    for kind, places in output.things.items():
        count = len(places)
        named = dict.fromkeys(
            part if paragraph < 0 else f"{part}, paragraph {paragraph + 1}"
            for part, paragraph in places
        )
        where = "; ".join(list(named)[:_PLACES_SHOWN])
        if len(named) > _PLACES_SHOWN:
            where += f"; and {len(named) - _PLACES_SHOWN} more places"
        what = f"{count} {kind}s" if count > 1 else f"1 {kind}"
        unread.append(Unread(what, where, _ADVICE[kind], kind not in _MINOR))
    return tuple(unread)


def _report_blank(name: str, output: Output) -> InputError:
    if output.things.get("picture"):
        advice = "It holds pictures only: run text recognition on them, or ask for a typed copy."
    elif output.hidden:
        advice = "All of it is hidden: show the hidden text in Word and save the file."
    else:
        advice = "Check that this is the right file and that its text was not deleted."
    return InputError("C125", "The document is blank: it holds no text to review.", name, advice)
