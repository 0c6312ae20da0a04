"""What hangs in a drawing: text boxes that are read, and things that are not.

Comes in: a ``w:drawing``, ``w:pict`` or ``w:object``. Goes out: its text boxes and the kinds of
things in it that hold words which the reader cannot see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clausecheck.read.word_names import BOX, KINDS, W, choose_branch

if TYPE_CHECKING:
    from lxml.etree import _Element

_THINGS = {
    "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic": "picture",
    "{http://purl.oclc.org/ooxml/drawingml/picture}pic": "picture",
    "{urn:schemas-microsoft-com:vml}imagedata": "picture",
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart": "chart",
    "{http://purl.oclc.org/ooxml/drawingml/chart}chart": "chart",
    "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds": "diagram",
    "{http://purl.oclc.org/ooxml/drawingml/diagram}relIds": "diagram",
}


def sort_embedded(element: _Element) -> tuple[list[_Element], list[str]]:
    """Return the outermost text boxes in ``element`` and the kinds of its unread things."""
    # An embedded object shows a picture of itself, which is not a second thing.
    whole = element.tag == f"{W}object"
    boxes: list[_Element] = []
    things = ["embedded object"] if whole else []
    waiting = [element]
    while waiting:
        found = waiting.pop()
        if found.tag == BOX:
            boxes.append(found)
            continue
        thing = _THINGS.get(str(found.tag))
        if thing is not None and not whole:
            things.append(thing)
        if KINDS.get(found.tag) == "alternate":
            branch = choose_branch(found)
            if branch is not None:
                waiting.append(branch)
        else:
            waiting.extend(reversed(found))
    return boxes, things
