"""Turn merged candidates into findings: the words, who carries them, how severe, and why.

In: candidates, and the text as the detectors saw it. Out: ``Finding`` records without suggestions,
which the next step adds, and the clauses found balanced.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from clausecheck.assess.burden import read_burden
from clausecheck.assess.merge import Candidate
from clausecheck.assess.mutuality import Mirror
from clausecheck.detect.match import FIRED, Hit, judge_sentence, lead_spans
from clausecheck.detect.rules import FAMILIES, Cue, Rule
from clausecheck.detect.tokens import Tokens, party_symbols
from clausecheck.records import Balanced, Burden, Clause, Evidence, Finding, Party

if TYPE_CHECKING:
    from clausecheck.detect.classifier import Classifier

Scores = Mapping[int, Mapping[str, float]]

# Clauses of these kinds are scored by the classifier; rules name their own kinds.
_SCORED = ("operative", "schedule")
# Clauses this near, sharing this much of their words, are a pair that the classifier cannot see.
_TWIN_REACH, _TWIN = 12, 0.7
# A heading says what a clause is about, not what it does: fewer words than this are no clause.
_FEWEST_WORDS = 5
# Nor is the head of a table: it says nothing of anybody, and holds no figure.
_SAYS = frozenset((
    "shall", "will", "must", "may", "can", "should", "would", "is", "are", "be", "has", "have",
    "does", "do", "agrees", "agree", "grants", "hereby", "not", "pays", "provides",
))  # fmt: skip
# A sentence that limits one party's liability alone does not share risk.
_LIMITS, _SHARED = ("RS103", "RS104"), "CO407"
_BURDEN = "burden:supplier"
_SWAPPED = {"@c": "@s", "@s": "@c"}
_ROLES: dict[str, Burden] = {"@c": "customer", "@s": "supplier"}
_PARTIAL = (
    "{other} appears to be bound by like words here or beside it, but not to the same extent; "
    "compare the two."
)
_ON_TRIAL = (
    "The rule for this code is still on trial: consider the family of the term and take the code "
    "as a hint."
)
_HINTED = (
    "words of this kind often stand in clauses that careful readers gave this code, but not "
    "always; read them with care before raising the point."
)
_UNRULED = (
    "no rule matched these words; they resemble clauses that careful readers gave this code, so "
    "read them with care before raising the point."
)


@dataclass(frozen=True)
class Reading:
    """One text as the detectors see it: tokens, clauses, parties, rules and the classifier."""

    tokens: Tokens
    clauses: Sequence[Clause]
    parties: Sequence[Party]
    rules: Mapping[str, Rule]
    shared: Sequence[Cue]
    model: Classifier | None
    _words: dict[int, tuple[str, frozenset[str]]] = field(default_factory=dict)

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each clause stands, by id."""
        return {clause.id: i for i, clause in enumerate(self.clauses)}

    @cached_property
    def symbols(self) -> dict[str, str]:
        """The name of the first party behind each symbol ("@s", "@p1", ...)."""
        names: dict[str, str] = {}
        for party, symbol in zip(self.parties, party_symbols(self.parties), strict=True):
            names.setdefault(symbol, party.name)
        return names

    def spans(self, place: int) -> list[tuple[int, int]]:
        """Return the spans of a clause's lead-ins, then of its own words without the heading."""
        return lead_spans(self.tokens, self.clauses, self.positions, place)

    def sentence(self, place: int, start: int, end: int) -> list[str]:
        """Return the forms of the sentences that hold some words of a clause, with its lead-in."""
        first, last = self.bounds(place, start, end)
        return self.tokens.view(self.spans(place)).forms[first:last]

    def bounds(self, place: int, start: int, end: int) -> tuple[int, int]:
        """Return the range of those sentences in the view of the clause."""
        view = self.tokens.view(self.spans(place))
        first, last = (
            bisect_left(view.index, token) for token in self.tokens.token_range(start, end)
        )
        ends = [i + 1 for i, form in enumerate(view.forms) if form == "."]
        left = max((e for e in ends if e <= first), default=0)
        right = min((e for e in ends if e >= last), default=len(view.forms))
        return left, right

    def words(self, place: int) -> tuple[str, frozenset[str]]:
        """Return the first party that a clause names, and its other words."""
        if place not in self._words:
            clause = self.clauses[place]
            forms = self.tokens.view([(clause.start, clause.end)]).forms
            first = next((f for f in forms if f in ("@c", "@s") or f.startswith("@p")), "")
            self._words[place] = first, frozenset(f for f in forms if f.isalpha())
        return self._words[place]

    def forms(self, place: int) -> list[str]:
        """Return what the classifier reads of a clause; empty when it says too little."""
        view = self.tokens.view(self.spans(place))
        if len(view.index) - view.own < _FEWEST_WORDS:
            return []
        says = not _SAYS.isdisjoint(view.words) or any(map(str.isdigit, view.text))
        return view.forms if says else []


def score_clauses(reading: Reading) -> tuple[dict[int, list[str]], Scores]:
    """Return, by clause position, the forms that were scored and the probability per label."""
    if reading.model is None:
        return {}, {}
    forms = {
        i: found
        for i, clause in enumerate(reading.clauses)
        if clause.kind in _SCORED and (found := reading.forms(i))
    }
    table = reading.model.score(list(forms.values())).tolist()
    labels = reading.model.labels
    return forms, {
        place: dict(zip(labels, row, strict=True)) for place, row in zip(forms, table, strict=True)
    }


def make_findings(
    reading: Reading,
    candidates: Sequence[Candidate],
    forms: Mapping[int, Sequence[str]],
    scores: Scores,
) -> list[Finding]:
    """Return the findings, without suggestions, in the order of the text.

    Items of one list or table that say the same are reported once, at the surest of them.
    """
    findings = [
        finding
        for candidate in _thin_lists(reading, candidates)
        if (finding := make_finding(reading, candidate, forms, scores))
    ]
    findings = _drop_contradicted(reading, findings)
    return sorted(findings, key=lambda f: (f.start, f.end, f.code))


def _drop_contradicted(reading: Reading, findings: Sequence[Finding]) -> list[Finding]:
    """Drop the credit for sharing risk on a sentence that limits one party's liability alone."""

    def sentence(finding: Finding) -> tuple[str, int, int]:
        place = reading.positions[finding.clause]
        return finding.clause, *reading.bounds(place, finding.start, finding.end)

    alone = [sentence(f) for f in findings if f.code in _LIMITS and f.balance == "one-sided"]
    shared = [sentence(f) if alone and f.code == _SHARED else ("", 0, 0) for f in findings]
    return [
        finding
        for finding, (clause, first, last) in zip(findings, shared, strict=True)
        if not any(clause == c and first < b and a < last for c, a, b in alone)
    ]


def _thin_lists(reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Keep one of the items below one clause that say the same.

    An item read with its lead-in repeats what the lead-in says; the rows of a rate table or of a
    task list are one way of paying or working, however many they are.
    """
    best: dict[tuple[str, str], Candidate] = {}
    kept = []
    for candidate in candidates:
        parent = reading.clauses[candidate.clause].parent
        listed = candidate.origin == "model" and len(reading.spans(candidate.clause)) > 1
        if parent is None or not (listed or candidate.code.startswith("AB")):
            kept.append(candidate)
            continue
        key = (parent, candidate.code)
        if key not in best or candidate.confidence > best[key].confidence:
            best[key] = candidate
    return [*kept, *best.values()]


def _has_twin(reading: Reading, place: int) -> bool:
    """Tell whether a clause nearby says nearly the same with the parties changed about."""
    here = reading.words(place)
    nearby = range(max(0, place - _TWIN_REACH), min(len(reading.clauses), place + _TWIN_REACH + 1))
    return any(
        other != place
        and reading.words(other)[0] != here[0]
        and len(reading.words(other)[1] & here[1]) >= _TWIN * len(reading.words(other)[1] | here[1])
        for other in nearby
    )


def make_finding(
    reading: Reading, candidate: Candidate, forms: Mapping[int, Sequence[str]], scores: Scores
) -> Finding | None:
    """Return the finding of one candidate; ``None`` when a look at its words withdraws it."""
    rule = reading.rules[candidate.code]
    hit = candidate.mirror.hit if candidate.mirror else None
    if hit is None or hit.verdict not in FIRED:
        if rule.family in ("RS", "WL") and _has_twin(reading, candidate.clause):
            return None
        hit = _read_sentence(reading, rule, candidate.clause)
        if hit is None:
            return None
    known = not {"@c", "@s"}.isdisjoint(reading.symbols)
    told = scores.get(candidate.clause, {}) if known else {}
    burden, symbol = _settle_burden(reading, rule, hit, told, forms.get(candidate.clause, ()))
    return Finding(
        code=rule.code,
        name=_name(rule),
        family=rule.family,
        clause=reading.clauses[candidate.clause].id,
        start=hit.start,
        end=hit.end,
        burden=burden,
        party=reading.symbols.get(symbol, ""),
        severity=hit.severity,
        confidence=round(candidate.confidence, 3),
        origin=candidate.origin,
        balance=hit.balance,
        tests=hit.tests,
        evidence=(*hit.evidence, *_list_terms(reading, candidate, forms)),
        message=_choose_message(rule, candidate, hit),
        why=rule.why,
        band=candidate.band,
    )


def _name(rule: Rule) -> str:
    """Return what a finding is called: of a rule on trial the family, with the code as a hint."""
    if rule.lifecycle != "preview":
        return rule.name
    return f"{FAMILIES[rule.family].capitalize()} (perhaps: {rule.name})"


def _choose_message(rule: Rule, candidate: Candidate, hit: Hit) -> str:
    if candidate.origin == "model":
        return _UNRULED
    if hit.verdict == "hint":
        return _HINTED
    partial = hit.balance == "partial" and rule.family in ("RS", "WL")
    message = _PARTIAL if partial else rule.message
    return f"{message} {_ON_TRIAL}" if rule.lifecycle == "preview" else message


def _read_sentence(reading: Reading, rule: Rule, place: int) -> Hit | None:
    """Return a hit on the sentence for which the classifier most sees the rule's code."""
    model = reading.model
    assert model is not None, "only the classifier can see a clause that no rule flagged"
    column = model.labels.index(rule.code)
    return judge_sentence(
        rule, reading.shared, reading.tokens, reading.spans(place), place,
        lambda sentences: model.score(sentences)[:, column].tolist(),
    )  # fmt: skip


def _settle_burden(
    reading: Reading, rule: Rule, hit: Hit, scores: Mapping[str, float], forms: Sequence[str]
) -> tuple[Burden, str]:
    """Return who carries a hit; where a rule cannot tell, the grammar, then the classifier.

    Words that name a party are weighed against the same words with the parties exchanged, so that
    the burden turns when they do.
    """
    if rule.family == "CO":
        return "both", ""
    if hit.burden != "unclear" or hit.symbol.startswith("@p"):
        return hit.burden, hit.symbol
    symbols = party_symbols(reading.parties)
    symbol = read_burden(rule, reading.sentence(hit.clause, hit.start, hit.end), symbols)
    if symbol or _BURDEN not in scores:
        return _ROLES.get(symbol, hit.burden), symbol or hit.symbol
    level = 0.5
    if reading.model is not None and not {"@c", "@s"}.isdisjoint(forms):
        turned = [_SWAPPED.get(form, form) for form in forms]
        level = float(reading.model.score([turned])[0, reading.model.labels.index(_BURDEN)])
    burden: Burden = "supplier" if scores[_BURDEN] >= level else "customer"
    return burden, "@" + burden[0]


def _list_terms(
    reading: Reading, candidate: Candidate, forms: Mapping[int, Sequence[str]]
) -> tuple[Evidence, ...]:
    """Return the weighted terms by which the classifier saw a code."""
    model = reading.model
    if model is None or candidate.origin == "rule" or candidate.code not in model.labels:
        return ()
    return tuple(
        Evidence("term", 0, 0, term, round(weight, 3))
        for term, weight in model.explain(forms[candidate.clause], candidate.code)
    )


def list_balanced(reading: Reading, mirrors: Sequence[Mirror]) -> tuple[Balanced, ...]:
    """Return the tension clauses whose rule fired and was withdrawn because both are bound."""
    return tuple(
        Balanced(
            m.hit.code,
            reading.rules[m.hit.code].name,
            reading.clauses[m.hit.clause].id,
            m.hit.start,
            m.hit.end,
            m.hit.note,
            reading.clauses[m.other].id if m.other is not None else None,
        )
        for m in mirrors
        if m.hit.verdict == "balanced" and m.hit.code[:2] != "CO"
    )
