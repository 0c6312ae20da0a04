"""Say which open clause an unnumbered heading or paragraph stands below.

Comes in: the text, the open series and the clauses so far. Goes out: positions among the series.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from clausecheck.segment.drafts import Draft
from clausecheck.segment.headings import is_heading
from clausecheck.segment.outline import Frame, is_list

LEAD_IN = (":", "—", "–", ":-")
_FOLLOWING = re.compile(
    r"\b[Tt]he\s+following\b(?!\s+(?:day|month|year|week|[Bb]usiness|[Cc]alendar))[^.;:]{0,140}\.\Z"
)
_TAIL = 4


def find_owner(text: str, stack: Sequence[Frame], drafts: Sequence[Draft]) -> int | None:
    """Return the series whose clause an unlabelled paragraph belongs to.

    After a list that is the clause which introduced it; where the items are the clauses, below a
    mere heading, it is the last item.
    """
    for position in range(len(stack) - 1, -1, -1):
        frame = stack[position]
        below = stack[position - 1] if position else None
        listed = is_list(frame.scheme) or (below is not None and below.scheme == "plain")
        if not listed:
            return position
        if frame.scheme == "plain":
            continue
        if introduces(text, drafts[frame.clause]) or (
            frame.scheme[0] == "("
            and below is not None
            and not is_list(below.scheme)
            and (_is_bare(drafts[below.clause]) or _is_captioned(text, drafts[frame.clause]))
        ):
            return position
    return None


def keep_for_heading(
    stack: Sequence[Frame], drafts: Sequence[Draft], depth: int, *, leveled: bool, upper: bool
) -> int:
    """Return how many series stay open above an unnumbered heading."""
    if leveled:
        keep = 0
        for position, frame in enumerate(stack):
            own = frame.path[0] if frame.scheme == "head" else drafts[frame.clause].depth
            if own is not None and own >= depth:
                return position
            if own is not None or frame.scheme in ("schedule", "part", "article"):
                keep = position + 1
        return keep
    below = 0
    for position in range(len(stack) - 1, -1, -1):
        frame = stack[position]
        if frame.scheme == "head":
            return position + (frame.path[0] < depth)
        if frame.scheme in ("schedule", "part", "article"):
            return max(below, position + 1)
        if not upper and not is_list(frame.scheme):
            if _is_bare(drafts[frame.clause]):
                # "8. Data" above "Who keeps it": the numbered heading is the wider one.
                return position + 1
            below = max(below, position + 1)
    return below


def introduces(text: str, draft: Draft) -> bool:
    """Tell whether a clause ends by announcing a list."""
    end = text[max(draft.start, draft.end - 220) : draft.end].rstrip('"”’) *')
    return end.endswith(LEAD_IN) or _FOLLOWING.search(end) is not None


def _is_bare(draft: Draft) -> bool:
    """Tell whether a clause is a label and a heading, without words of its own."""
    return draft.heading[1] > draft.heading[0] and draft.end - draft.heading[1] <= _TAIL


def _is_captioned(text: str, draft: Draft) -> bool:
    """Tell whether an item is a heading of its own, not the end of a sentence that lists it."""
    before = text[max(0, draft.start - 40) : draft.start].rstrip()
    titled = is_heading(text, draft.heading[0], draft.end, numbered=True)
    return titled and before.endswith(".") and text[draft.end - 1] not in ".:"
