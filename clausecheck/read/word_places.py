"""Where in the text each run of a Word file came to stand.

Comes in: the parts that were read and the anchors of the text. Goes out: spans per run. Only files
with tracked changes, comments or cross-references need it, so that it is worked out afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clausecheck.read.word_names import RUN
from clausecheck.records import WordPlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element

    from clausecheck.read.word_state import Part
    from clausecheck.records import Anchor

Span = tuple[int, int]


class RunPlaces:
    """The spans of the text that runs came to stand at.

    Args:
        parts: the parts whose runs are asked for.
        anchors: the anchors of the document.

    """

    def __init__(self, parts: Sequence[Part], anchors: Sequence[Anchor]) -> None:
        found: dict[tuple[str, int, int], Span] = {}
        for anchor in anchors:
            place = anchor.place
            assert isinstance(place, WordPlace)
            key = (place.part, place.paragraph, place.run)
            start, end = found.get(key, (anchor.start, anchor.end))
            found[key] = (min(start, anchor.start), max(end, anchor.end))
        self._spans: dict[_Element, Span] = {}
        for part in parts:
            for paragraph, index in part.paragraphs.items():
                for number, run in enumerate(paragraph.iter(RUN)):
                    span = found.get((part.name, index, number))
                    if span is not None:
                        self._spans[run] = span

    def find(self, run: _Element) -> Span | None:
        """Return where ``run`` stands, or ``None`` if the text does not hold it."""
        return self._spans.get(run)

    def cover(self, runs: Iterable[_Element]) -> Span | None:
        """Return the span from the first to the last of ``runs`` that the text holds."""
        spans = [span for run in runs if (span := self._spans.get(run)) is not None]
        if not spans:
            return None
        return min(start for start, _ in spans), max(end for _, end in spans)
