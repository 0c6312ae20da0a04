"""Propose clauses for weak foundations, and points that both parties can talk about.

In: an overview, findings with their suggestions, rules for their model wording. Out: the overview
with clause sets, each with its place in this contract, and talk points without blame or score.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from clausecheck.assess.knowledge import load_table, read_threshold
from clausecheck.detect.rules import Alternative, Rule
from clausecheck.records import (
    Clause,
    ClauseSet,
    Finding,
    Foundation,
    Overview,
    TalkPoint,
)
from clausecheck.suggest.filler import Filler

_WORKING = "working"
# From this score on a clause has part of a mechanism, and new wording belongs beside it.
_MECHANISM = 2


def add_proposals(
    overview: Overview,
    clauses: Sequence[Clause],
    findings: Sequence[Finding],
    filler: Filler,
    rules: Mapping[str, Rule],
) -> Overview:
    """Return the overview with clause sets for weak foundations and the points to talk about."""
    articles = _Articles(clauses)
    table = load_table("foundations")
    foundations = tuple(
        f
        if f.status == _WORKING
        else replace(f, drafts=_draft(f, table[f.code], articles, filler, rules))
        for f in overview.foundations
    )
    talk = (*_talk_foundations(foundations), *_talk_findings(findings))
    return replace(overview, foundations=foundations, talk=talk)


def list_alternatives(entry: Mapping[str, Any], rules: Mapping[str, Rule]) -> list[Alternative]:
    """Return the model wording that a foundation's table entry names or holds."""
    found = []
    for draft in entry["draft"]:
        if isinstance(draft, str):
            rule = rules.get(draft)
            # The last alternative of a collaborative rule is its fullest.
            found += [rule.alternatives[-1]] if rule else []
        else:
            found.append(
                Alternative(
                    " ".join(draft["text"].split()),
                    draft["grade"],
                    draft["rationale"],
                    tuple(draft["norms"]),
                    draft["caution"],
                )
            )
    return found


def _draft(
    foundation: Foundation,
    entry: Mapping[str, Any],
    articles: _Articles,
    filler: Filler,
    rules: Mapping[str, Rule],
) -> ClauseSet:
    after, where = articles.place(foundation, entry["beside"])
    made = tuple(filler.make_suggestion(a) for a in list_alternatives(entry, rules))
    return ClauseSet(foundation.name, made, where, after)


class _Articles:
    """The articles of a contract by their headings, to say where new clauses could stand."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._clauses = [c for c in clauses if c.kind != "furniture"]
        self._by_id = {clause.id: clause for clause in self._clauses}
        self._tops = [
            c for c in self._clauses if c.kind == "operative" and c.heading and self._is_top(c)
        ]

    def _is_top(self, clause: Clause) -> bool:
        parent = self._by_id.get(clause.parent) if clause.parent else None
        return parent is None or parent.kind == "recital"

    def place(self, foundation: Foundation, topic: str) -> tuple[str | None, str]:
        """Return the clause that a draft would follow, and the same in words."""
        if foundation.evidence and foundation.score >= _MECHANISM:
            own = self._by_id.get(foundation.evidence[0].clause)
            if own is not None and own.kind == "operative":
                return own.id, f"after {_name(own, self._by_id)}, which has a part of it"
        for words in load_table("places")[topic]:
            pattern = re.compile(rf"\b{re.escape(words)}\b", re.IGNORECASE)
            for article in self._tops:
                if pattern.search(article.heading):
                    last = self._last_of(article)
                    return last.id, f"after {_name(article, self._by_id)}"
        body = [c for c in self._clauses if c.kind == "operative"]
        if not body:
            return None, "as a new clause"
        if topic == "definitions":
            before = self._clauses.index(body[0]) - 1
            after = self._clauses[before].id if before >= 0 else None
            return after, "as the first clause of the body"
        return body[-1].id, "as a new clause at the end of the body"

    def _last_of(self, article: Clause) -> Clause:
        """Return the last clause below an article, or the article itself."""
        last, above = article, {article.id}
        for clause in self._clauses[self._clauses.index(article) + 1 :]:
            if clause.parent not in above:
                break
            above.add(clause.id)
            last = clause
        return last


def _name(clause: Clause, clauses: Mapping[str, Clause]) -> str:
    label, heading = clause.label.rstrip(".):"), clause.heading.rstrip(".")
    above = clauses.get(clause.parent) if clause.parent else None
    if clause.label.startswith("(") and above is not None and above.label:
        label = f"{above.label.rstrip('.')}{clause.label}"
    return " ".join(part for part in (label, heading[:60]) if part) or "an unnumbered paragraph"


def _talk_foundations(foundations: Sequence[Foundation]) -> list[TalkPoint]:
    table = load_table("talk")
    points = []
    for foundation in foundations:
        if foundation.status == _WORKING or foundation.drafts is None:
            continue
        entry = table[foundation.code]
        wording = tuple(suggestion.text for suggestion in foundation.drafts.clauses)
        points.append(
            TalkPoint(
                entry["topic"], entry["question"], None, 0, 0, wording, foundation.drafts.where
            )
        )
    return points


def _talk_findings(findings: Sequence[Finding]) -> list[TalkPoint]:
    """Return one point for each clause and topic that is worth the bottom line, in text order."""
    table = load_table("talk")
    least = read_threshold("lines", "severity")
    sure = read_threshold("grounds", "confidence")
    points: dict[tuple[str, str], TalkPoint] = {}
    for finding in sorted(findings, key=lambda f: (f.start, f.end, f.code)):
        entry = table.get(finding.code)
        if entry is None or finding.severity < least or finding.confidence < sure:
            continue
        wording = tuple(suggestion.text for suggestion in finding.suggestions[:1])
        points.setdefault(
            (finding.clause, entry["topic"]),
            TalkPoint(
                entry["topic"],
                entry["question"],
                finding.clause,
                finding.start,
                finding.end,
                wording,
            ),
        )
    return list(points.values())
