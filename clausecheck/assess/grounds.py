"""What statements about a whole document may rest on: findings, signs and what is computed.

In: clauses, findings and signs. Out: ``Grounds``, asked by name for the words that back a
statement. A ground is a code ("CO404", or "CO404+2" for that strength at least), the name of a
signal or of something computed, or several that stand for each other, joined by "|".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clausecheck.assess.knowledge import read_threshold
from clausecheck.detect.signals import Sign
from clausecheck.records import Clause, Finding, Quotation

_CODE = re.compile(r"((?:RS|WL|AB|CO)\d{3})(?:\+(\d))?")
_BODY = ("operative", "schedule")


class Grounds:
    """Answers which words of one document show a ground, the best first."""

    def __init__(
        self, clauses: Sequence[Clause], findings: Iterable[Finding], signs: Iterable[Sign]
    ) -> None:
        self.clauses = {clause.id: clause for clause in clauses}
        least = read_threshold("grounds", "confidence")
        self._codes: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            if finding.confidence >= least:
                self._codes[finding.code].append(finding)
        for found in self._codes.values():
            found.sort(key=lambda f: (-f.severity, -f.confidence, f.start, f.end, f.clause))
        self._named: dict[str, list[Quotation]] = defaultdict(list)
        for sign in signs:
            quotation = Quotation(clauses[sign.clause].id, sign.start, sign.end, sign.note)
            self._named[sign.name].append(quotation)

    def add(self, name: str, quotations: Iterable[Quotation]) -> None:
        """Add a computed ground; without quotations it does not stand."""
        self._named[name].extend(quotations)

    def quote(self, ground: str, *, body: bool = False) -> list[Quotation]:
        """Return the words that show a ground, the best first; ``body`` leaves recitals out."""
        found: list[Quotation] = []
        for name in ground.split("|"):
            code = _CODE.fullmatch(name)
            if code:
                found += [
                    Quotation(f.clause, f.start, f.end, f.name, f.code)
                    for f in self._codes.get(code[1], ())
                    if f.severity >= int(code[2] or 1)
                ]
            else:
                found += self._named.get(name, ())
        if body:
            return [q for q in found if self.clauses[q.clause].kind in _BODY]
        return found

    def list_codes(self, grounds: Iterable[str]) -> list[str]:
        """Return the codes among ``grounds`` that were found, in their order."""
        return [ground for ground in grounds if _CODE.fullmatch(ground) and self.quote(ground)]


def pick(groups: Iterable[Sequence[Quotation]], most: int | None = None) -> tuple[Quotation, ...]:
    """Return a few quotations in contract order: each group's best first, one a clause."""
    most = int(read_threshold("grounds", "quotations")) if most is None else most
    waiting = [list(group) for group in groups]
    chosen: dict[str, Quotation] = {}
    while len(chosen) < most and any(waiting):
        for group in waiting:
            if group and len(chosen) < most:
                quotation = group.pop(0)
                chosen.setdefault(quotation.clause, quotation)
    return tuple(sorted(chosen.values(), key=lambda q: (q.start, q.end, q.code, q.note)))


@dataclass(frozen=True, slots=True)
class Requirement:
    """So many (``least``) of some grounds (``any``), else ``lacks`` says what is missing."""

    any: tuple[str, ...]
    least: int = 1
    body: bool = False
    lacks: str = ""

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Requirement:
        """Return the requirement that a table states."""
        return cls(
            tuple(data["any"]),
            int(data.get("least", 1)),
            bool(data.get("body", False)),
            str(data.get("lacks", "")),
        )

    def collect(self, grounds: Grounds) -> list[list[Quotation]]:
        """Return the words for each ground that stands."""
        return [found for g in self.any if (found := grounds.quote(g, body=self.body))]

    def is_met(self, grounds: Grounds) -> bool:
        """Tell whether enough grounds stand."""
        return len(self.collect(grounds)) >= self.least


def name_place(clauses: Mapping[str, Clause], clause_id: str) -> str:
    """Return a clause's number and heading, with those of the clauses above as far as needed.

    >>> above = Clause("a", "8.", "Liability", "operative", None, 0, 0)
    >>> name_place({"a": above, "b": Clause("b", "8.1", "", "operative", "a", 0, 1, 1)}, "b")
    '8.1 (Liability)'
    """
    clause: Clause | None = clauses[clause_id]
    label, heading = "", ""
    while clause is not None and not (label and heading):
        if not label or label.startswith("("):
            label = f"{clause.label}{label}" if clause.label else label
        heading = heading or clause.heading
        clause = clauses.get(clause.parent) if clause.parent else None
    if label and heading and len(heading) <= 60:
        return f"{label.rstrip('.')} ({heading.rstrip('.')})"
    return label.rstrip(".") or heading[:60] or "an unnumbered paragraph"


def lower_first(name: str) -> str:
    """Return a name as it reads inside a sentence: "FTE" and the like stay as they are.

    >>> lower_first("Headcount or FTE pricing"), lower_first("FTE pricing")
    ('headcount or FTE pricing', 'FTE pricing')
    """
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
