"""Score the ten foundations of a relationship (taxonomy B.1) and light the six norms.

In: grounds and the documents that are missing. Out: ``Foundation`` and ``NormLight`` records, and
the weighted completeness. What each status asks for stands in ``foundations.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from clausecheck.assess.grounds import Grounds, Requirement, lower_first, pick
from clausecheck.assess.knowledge import load_table, read_threshold
from clausecheck.records import Foundation, Missing, Norm, NormLight, Quotation, Status

_STATUS: tuple[Status, ...] = ("absent", "words only", "partial", "working")
_NOTES = (
    "Not found in the text supplied.",
    "The words are there; no mechanism was recognised that follows from them.",
    "",
    "",
)
_FULL = 3
# What filings most often leave out: outcomes, prices and exit plans stand in schedules.
_IN_SCHEDULES = ("F3", "F4", "F8")
_MEETING = (
    "Before a redline, meet: agree what both parties want from this work and how they will deal "
    "with each other, and only then discuss the clauses. {why}"
)


def lay_foundations(grounds: Grounds, missing: Sequence[Missing]) -> tuple[Foundation, ...]:
    """Return F1 to F10, each with its status and the words that lit it."""
    return tuple(
        _judge(code, entry, grounds, missing) for code, entry in load_table("foundations").items()
    )


def _judge(
    code: str, entry: Mapping[str, Any], grounds: Grounds, missing: Sequence[Missing]
) -> Foundation:
    steps = [[Requirement.read(data) for data in entry[level]] for level in ("partial", "working")]
    words: list[list[Quotation]] = [grounds.quote(ground) for ground in entry["words"]]
    lit = [found for found in words if found]
    score = 1 if lit else 0
    unmet: list[Requirement] = []
    for level, requirements in enumerate(steps, 2):
        unmet = [r for r in requirements if not r.is_met(grounds)]
        if unmet:
            break
        score = level
        lit = [found for r in requirements for found in r.collect(grounds)]
    if score < _FULL:
        # What a higher step has already is worth showing, but never more than the step reached.
        lit += [found for r in steps[max(0, score - 1)] for found in r.collect(grounds)]
    status, note = _name_status(code, score, missing)
    return Foundation(
        code, entry["name"], status, score, pick(lit), tuple(r.lacks for r in unmet), note
    )


def _name_status(code: str, score: int, missing: Sequence[Missing]) -> tuple[Status, str]:
    open_question = int(read_threshold("foundations", "cannot_tell"))
    if code in _IN_SCHEDULES and score <= 1 and len(missing) >= open_question:
        names = ", ".join(item.name for item in missing[:5])
        more = len(missing) - 5
        rest = f" and {more} more" if more > 0 else ""
        return "cannot tell", f"It may stand in what was not supplied: {names}{rest}."
    return _STATUS[score], _NOTES[score]


def measure_completeness(foundations: Iterable[Foundation]) -> float:
    """Return the weighted share of the foundations that is laid, from 0 to 1."""
    table = load_table("foundations")
    weights = {code: float(entry["weight"]) for code, entry in table.items()}
    laid = sum(min(f.score, _FULL) * weights[f.code] for f in foundations)
    return laid / (_FULL * sum(weights.values()))


def light_norms(grounds: Grounds) -> tuple[NormLight, ...]:
    """Return the six norms, each with the clauses that put it to work."""
    lights = []
    for norm, names in load_table("norms").items():
        evidence = pick([grounds.quote(name) for name in names])
        lights.append(NormLight(cast("Norm", norm), bool(evidence), evidence))
    return tuple(lights)


def advise_meeting(foundations: Iterable[Foundation]) -> str:
    """Return the advice to meet first, empty when intent and principles are there."""
    first = [f for f in foundations if f.code in ("F1", "F2")]
    if sum(f.score for f in first) > read_threshold("foundations", "meeting"):
        return ""
    states = {
        "absent": "was not found in the text supplied",
        "words only": "is there in words only",
    }
    said = [f"The foundation {f.name!r} {states.get(f.status, 'is there in part')}" for f in first]
    why = f"{said[0]}; {lower_first(said[1])}."
    return _MEETING.format(why=why)
