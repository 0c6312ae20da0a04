"""Cross-references that a Word file keeps as fields: which words point at which paragraph.

Comes in: the parts that were read and where their runs stand. Goes out: ``Link`` records. ``REF``
fields and links to bookmarks count; entries of a table of contents do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clausecheck.read.word_names import FIELD_MARK, FIELD_TYPE, PARAGRAPH, RUN, W
from clausecheck.records import Link

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element

    from clausecheck.read.word_places import RunPlaces, Span
    from clausecheck.read.word_state import Part

_CODE, _SIMPLE, _HYPERLINK = f"{W}instrText", f"{W}fldSimple", f"{W}hyperlink"
_BOOKMARK, _NAME, _ANCHOR = f"{W}bookmarkStart", f"{W}name", f"{W}anchor"
_CONTENTS = "_Toc"


def has_links(part: Part) -> bool:
    """Return whether ``part`` refers to its own paragraphs by fields."""
    root = part.root
    return (
        any("REF " in (code.text or "") for code in root.iter(_CODE))
        or any("REF " in field.get(f"{W}instr", "") for field in root.iter(_SIMPLE))
        or any(_is_target(link.get(_ANCHOR)) for link in root.iter(_HYPERLINK))
    )


def list_links(parts: Sequence[Part], places: RunPlaces) -> tuple[Link, ...]:
    """Return the cross-references of ``parts`` in the order of the text."""
    targets: dict[str, int] = {}
    for part in parts:
        targets |= _find_bookmarks(part, places)
    links = []
    for part in parts:
        for name, (start, end) in _find_fields(part, places):
            target = targets.get(name)
            # A field that shows the text of its own paragraph points nowhere.
            if target is not None and start < end and not start <= target < end:
                links.append(Link(start, end, target))
    return tuple(sorted(dict.fromkeys(links), key=lambda link: (link.start, link.end, link.target)))


def _find_bookmarks(part: Part, places: RunPlaces) -> dict[str, int]:
    """Return where the paragraph of each bookmark begins; between paragraphs, the next one."""
    targets: dict[str, int] = {}
    waiting: list[str] = []
    for element in part.root.iter(PARAGRAPH, _BOOKMARK):
        if element.tag == _BOOKMARK:
            waiting.append(element.get(_NAME, ""))
            holder = next(element.iterancestors(PARAGRAPH), None)
        else:
            holder = element
        if not waiting or holder is None:
            continue
        span = places.cover(holder.iter(RUN))
        if span is not None:
            targets.update(dict.fromkeys(waiting, span[0]))
            waiting.clear()
    return targets


def _find_fields(part: Part, places: RunPlaces) -> Iterator[tuple[str, Span]]:
    """Yield the bookmark that each field names and the span of the words that it shows."""
    # [code, whether the result has begun, runs of the result]
    opened: list[tuple[list[str], list[bool], list[_Element]]] = []
    for element in part.root.iter(FIELD_MARK, _CODE, RUN, _SIMPLE, _HYPERLINK):
        tag = element.tag
        if tag == RUN:
            for _, shown, runs in opened:
                if shown:
                    runs.append(element)
        elif tag == _CODE:
            if opened:
                opened[-1][0].append(element.text or "")
        elif tag == FIELD_MARK:
            kind = element.get(FIELD_TYPE)
            if kind == "begin" and element not in part.endless:
                opened.append(([], [], []))
            elif kind == "separate" and opened:
                opened[-1][1].append(True)
            elif kind == "end" and opened:
                code, _, runs = opened.pop()
                name, span = _read_target("".join(code)), places.cover(runs)
                if name is not None and span is not None:
                    yield name, span
        else:
            name = element.get(_ANCHOR)
            if tag == _SIMPLE:
                name = _read_target(element.get(f"{W}instr", ""))
            span = places.cover(element.iter(RUN))
            if name is not None and _is_target(name) and span is not None:
                yield name, span


def _read_target(code: str) -> str | None:
    """Return the bookmark that the code of a field refers to.

    >>> _read_target(" REF _Ref123 MERGEFORMAT "), _read_target("PAGEREF _Toc1")
    ('_Ref123', None)
    """
    words = code.split()
    return words[1].strip('"') if len(words) > 1 and words[0].upper() == "REF" else None


def _is_target(name: str | None) -> bool:
    return bool(name) and not str(name).startswith(_CONTENTS)
