"""The main story of a Word file with the bytes of each of its elements.

Comes in: the package. Goes out: for a ``WordPlace`` its run, and for a run where its bytes stand.
The file is changed by splicing bytes, so that whatever is not touched stays as it was written:
prefixes, quotes, white space and what no reader knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clausecheck.read.word_names import BOX, MC, PARAGRAPH, RUN

if TYPE_CHECKING:
    from lxml.etree import _Element

    from clausecheck.read.word_package import Package
    from clausecheck.records import WordPlace

TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
# What begins with "<" in a part that was parsed: a start tag, or what is no element. A "<" stands
# in no attribute and no text (XML 1.0, 2.4), and parts with a document type are refused.
_ASIDE = rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
_STARTS = re.compile(_ASIDE + rb"|<([^/!?])", re.DOTALL)
_TAGS = re.compile(_ASIDE + rb"""|(<(?:[^>"']|"[^"]*"|'[^']*')*>)""", re.DOTALL)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARED = re.compile(r"""(<\?xml[^>]*?encoding\s*=\s*["'])[A-Za-z0-9._-]+""")


class Paragraph:
    """One ``w:p`` with the number of each element below it, in document order.

    ``runs`` are the ``w:r`` below it, nested ones included, as ``WordPlace.run`` counts them.
    """

    def __init__(self, element: _Element, first: int) -> None:
        self.element = element
        self.numbers = {found: first + i for i, found in enumerate(element.iter())}
        self.runs = [found for found in self.numbers if found.tag == RUN]


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters ``[start, end)`` of one run, counted as ``WordPlace.offset`` counts them."""

    paragraph: Paragraph
    run: _Element
    start: int
    end: int


class Story:
    """The main part of a Word file: its tree, its bytes, and how one leads to the other."""

    def __init__(self, package: Package) -> None:
        self.part = package.find_main()
        self.raw = _as_utf8(package.read(self.part))
        self.root = package.parse_bytes(self.raw, self.part)
        # Where the start tag of each element stands, and which of them are paragraphs.
        self._starts = [tag.start() for tag in _STARTS.finditer(self.raw) if tag.lastindex]
        self._firsts = [n for n, found in enumerate(self.root.iter()) if found.tag == PARAGRAPH]
        self._elements = list(self.root.iter(PARAGRAPH))
        self._indices = {element: index for index, element in enumerate(self._elements)}
        self._paragraphs: dict[int, Paragraph] = {}

    def find_paragraph(self, index: int) -> Paragraph:
        """Return the ``w:p`` that is number ``index`` in document order."""
        found = self._paragraphs.get(index)
        if found is None:
            found = Paragraph(self._elements[index], self._firsts[index])
            self._paragraphs[index] = found
        return found

    def surround(self, element: _Element) -> Paragraph | None:
        """Return the innermost paragraph around ``element``."""
        parent = next(element.iterancestors(PARAGRAPH), None)
        return None if parent is None else self.find_paragraph(self._indices[parent])

    def find_run(self, place: WordPlace) -> tuple[Paragraph, _Element]:
        """Return the run at ``place``, a place in this part."""
        paragraph = self.find_paragraph(place.paragraph)
        return paragraph, paragraph.runs[place.run]

    def locate(self, number: int) -> tuple[int, int]:
        """Return the range of bytes of the element ``number``, its tags included."""
        start = self._starts[number]
        depth = 0
        for tag in _TAGS.finditer(self.raw, start):
            if not tag.lastindex:
                continue
            depth += -1 if tag[0].startswith(b"</") else not tag[0].endswith(b"/>")
            if not depth:
                return start, tag.end()
        raise AssertionError("the part was parsed, so every element ends")

    def read(self, number: int) -> bytes:
        """Return the bytes of the element ``number``, its tags included."""
        start, end = self.locate(number)
        return self.raw[start:end]

    def read_head(self, number: int) -> bytes:
        """Return the start tag of the element ``number``."""
        found = TAG.match(self.raw, self._starts[number])
        assert found is not None  # the parser saw a tag here
        return found[0]

    def find_used_ids(self) -> set[int]:
        """Return every number that annotations of any kind use for themselves."""
        # It begins with what it looks for, which lets the search skip ahead.
        found = re.findall(rb"""id(?<=[\s:]id)\s*=\s*["'](\d{1,10})["']""", self.raw)
        return {int(value) for value in found}


def leave_box(run: _Element) -> _Element:
    """Return the run that holds the outermost text box around ``run``, or ``run`` itself.

    >>> from lxml import etree
    >>> leave_box(etree.fromstring(f'<w:r xmlns:w="{RUN[1:-2]}"/>')).tag == RUN
    True
    """
    boxes = list(run.iterancestors(BOX))
    if not boxes:
        return run
    host = next(boxes[-1].iterancestors(RUN), None)
    return run if host is None else host


def leave_runs(run: _Element) -> _Element:
    """Return the outermost run around ``run``: the words of a ruby stand in runs within one."""
    for parent in run.iterancestors(RUN, PARAGRAPH):
        if parent.tag == PARAGRAPH:
            break
        run = parent
    return run


def is_in_branch(element: _Element) -> bool:
    """Tell whether an element stands in one of several alternatives (``mc:AlternateContent``)."""
    return next(element.iterancestors(f"{MC}AlternateContent"), None) is not None


def _as_utf8(raw: bytes) -> bytes:
    """Return a part as UTF-8; hardly any file is anything else, and then not a byte changes."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        found = _ENCODING.match(raw)
        encoding = found[1].decode("ascii") if found else "utf-8"
    if encoding.lower() in ("utf-8", "utf8", "us-ascii", "ascii"):
        return raw
    return _DECLARED.sub(r"\g<1>UTF-8", raw.decode(encoding), count=1).encode()
