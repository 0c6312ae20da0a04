"""List the schedules that a text refers to and does not hold.

In: the document and its clauses. Out: ``Missing`` records with the first places that refer to them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from clausecheck.records import Clause, Document, Missing, Quotation

_KINDS = "schedule|exhibit|annex|annexure|appendix|attachment"
_NAME = re.compile(
    rf"\b(?:{_KINDS})\s+(?:no\.?\s*)?[\"“']?"
    r"([A-Z]{1,2}(?:[-.]?\d{1,2})?|\d{1,2}(?:[-.]\d{1,2})?(?:[A-Z])?|[IVX]{1,5})\b",
    re.IGNORECASE,
)
# "Schedule 2 to the Lease", "Exhibit 10.3 of our annual report": of another document.
_ELSEWHERE = re.compile(
    r"\s*[\"”']?\s*(?:to|of|in)\s+(?:the|that|such|its|our|each)\s+(?!agreement\b|contract\b)\w+"
)
# Forms filed with the securities regulator are no part of a contract.
_FORM = re.compile(r"schedule\s+1[34][A-Z]|(?:exhibit|schedule)\s+\d+\.\d+", re.IGNORECASE)
_PAGE = re.compile(r"[\s.]\d{1,3}\s*$|\.{4}|\t\d+\s*$")
_GOES_ON = re.compile(r"\s+(?:shall|will|is|are|and|or|hereto|to|of|attached|sets?|which)\b")
_WORDS = {"annexure": "annex"}
# A heading stands at the start of a line; this much of the line is its name.
_SHOWN = 3
# A "Schedule 50" is of another document, or a number that follows the word by chance.
_MOST = 40


def find_missing(document: Document, clauses: Sequence[Clause]) -> tuple[Missing, ...]:
    """Return what is referred to but not there, in the order of the first reference."""
    text = document.text
    starts = [clause.start for clause in clauses]
    present = {
        _key(found)
        for clause in clauses
        if clause.kind != "furniture"
        # Word prints the number of a schedule that its heading does not hold.
        for name in (clause.label, clause.heading)
        if (found := _NAME.match(name))
    }
    referred: dict[str, list[Quotation]] = {}
    names: dict[str, str] = {}
    for found in _NAME.finditer(text):
        if not found[0][0].isupper() or _FORM.match(found[0]) or not _is_label(found[1]):
            continue
        key = _key(found)
        if _begins_line(text, found.start()) and not _is_reference(text, found):
            present.add(key)
            continue
        place = bisect_right(starts, found.start()) - 1
        if place < 0 or _ELSEWHERE.match(text, found.end()):
            continue
        names.setdefault(key, " ".join(found[0].split()))
        note = f"refers to {names[key]}"
        quotation = Quotation(clauses[place].id, found.start(), found.end(), note)
        referred.setdefault(key, []).append(quotation)
    held = present | {key.rpartition("-")[0] or key for key in present}
    return tuple(
        Missing(names[key], tuple(found[:_SHOWN]))
        for key, found in referred.items()
        if key not in held and _base(key) not in held
    )


def _key(found: re.Match[str]) -> str:
    """Return the name under which a schedule is looked up, however it is written."""
    kind = found[0].split()[0].lower()
    return f"{_WORDS.get(kind, kind)} {found[1].upper()}"


def _base(key: str) -> str:
    """Return the schedule that a part belongs to: "exhibit A" for "exhibit A-1"."""
    return re.split(r"[-.]", key, maxsplit=1)[0]


def _is_label(label: str) -> bool:
    """Tell whether a label is one, and not a short word such as "to" or "is"."""
    if label.isdecimal():
        return int(label) <= _MOST
    return not label.isalpha() or label.isupper()


def _begins_line(text: str, at: int) -> bool:
    line = text.rfind("\n", 0, at) + 1
    return not text[line:at].strip(" \t\"“'[(*_-–—")


def _is_reference(text: str, found: re.Match[str]) -> bool:
    """Tell whether a line that begins so is an entry of the contents list, or running text."""
    end = text.find("\n", found.end())
    rest = text[found.end() : end if end >= 0 else len(text)]
    if _PAGE.search(rest) and len(rest) < 120:
        return True
    # A wrapped line of running text goes on in lower case: "Schedule 2 shall apply".
    return bool(
        re.match(r"\s+(?:shall|will|is|are|and|or|hereto|to|of|attached|sets?|which)\b", rest)
    )
