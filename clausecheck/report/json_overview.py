"""Write what a review says of the document as a whole, as plain data for the JSON report.

Comes in: an ``Overview``. Goes out: dictionaries with the records' own field names; every
quotation carries its exact words and places.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from clausecheck.records import Overview, Quotation, TalkPoint

# Sums of floats may differ in the last bits between processors; six places are the same on all.
_PLACES = 6


def round_number(number: float) -> float:
    """Return the number with as many places as equal bytes allow."""
    # Adding zero turns -0.0 into 0.0.
    return round(float(number), _PLACES) + 0.0


def encode_overview(
    overview: Overview | None,
    encode_span: Callable[[int, int], dict[str, Any]],
    trace: Callable[[str], list[str]],
) -> dict[str, Any] | None:
    """Return the overview as plain data.

    ``encode_span`` gives start, end, words and places; ``trace`` a clause's path.
    """

    def encode(value: Any) -> Any:
        if isinstance(value, Quotation):
            place = {"clause": value.clause, "path": trace(value.clause)}
            span = encode_span(value.start, value.end)
            return {**place, **span, "note": value.note, "code": value.code}
        if isinstance(value, TalkPoint):
            return {
                "topic": value.topic,
                "question": value.question,
                "clause": value.clause,
                "path": [] if value.clause is None else trace(value.clause),
                **encode_span(value.start, value.end),
                "wording": list(value.wording),
                "where": value.where,
            }
        if is_dataclass(value):
            return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
        if isinstance(value, tuple):
            return [encode(item) for item in value]
        return round_number(value) if isinstance(value, float) else value

    return None if overview is None else dict(encode(overview))
