"""Run the rules over clauses: one phrase scan for all anchors, then patterns only where one fell.

In: ``Tokens``, clauses, a ``RuleSet``. Out: ``Hit`` records, each a rule seen in a clause with its
evidence and the verdict of the cues: flagged, balanced (the same for both parties), or cancelled.
Where none of a rule's patterns stands, its hints are tried: broader words, judged by the same cues,
whose verdict is "hint" instead of "flag".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from clausecheck.detect.patterns import Match, Pattern
from clausecheck.detect.rules import TESTS, Cue, Rule, Where
from clausecheck.detect.signals import Sign, Signal
from clausecheck.detect.tokens import Tokens, View, make_tokenizer
from clausecheck.records import Balance, Burden, Clause, Evidence, Test

if TYPE_CHECKING:
    from spacy.matcher import PhraseMatcher

Verdict = Literal["flag", "hint", "balanced", "cancelled"]
FIRED: tuple[Verdict, ...] = ("flag", "hint")
_ROLES: dict[str, Burden] = {"@c": "customer", "@s": "supplier"}
_OPPOSITE: dict[Burden, Burden] = {"customer": "supplier", "supplier": "customer"}
_EVERYONE = ("@both", "@none", "@other")
# A clause longer than this is read for cues three sentences around the match only (guideline C.3).
_LONG_CLAUSE = 180
_MAX_LEADS = 3
_READABLE = 60
# A label is shorter than this; a heading with such a verb is a sentence that stands in for one.
_LABEL = 40
_LETTER = re.compile(r"[^\W_]")
_VERB = re.compile(r"\b(?:shall|will|may|must|agrees?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's verdict on one clause, with the exact words and every reason.

    ``symbol`` is the token form of the burdened party ("@s", "@p1", ...), empty if there is none.
    ``actor`` is the form in slot A; ``binds`` marks a promise that was withdrawn as ordinary.
    """

    code: str
    clause: int
    start: int
    end: int
    verdict: Verdict
    burden: Burden
    symbol: str
    actor: str
    severity: int
    balance: Balance
    tests: tuple[Test, ...]
    evidence: tuple[Evidence, ...]
    note: str = ""
    binds: bool = False


class RuleMatcher:
    """Holds the anchors of a rule set as one phrase matcher; ``find`` is pure and reusable."""

    def __init__(
        self, rules: Sequence[Rule], shared: Sequence[Cue], signals: Sequence[Signal] = ()
    ) -> None:
        from spacy.matcher import PhraseMatcher

        tokenizer = make_tokenizer()
        self.rules, self.shared = tuple(rules), shared
        # One scan serves both: rules come first, then signals.
        self._sought: tuple[Rule | Signal, ...] = (*self.rules, *signals)
        by_anchor: dict[str, list[int]] = {}
        for number, sought in enumerate(self._sought):
            for anchor in sought.anchors:
                by_anchor.setdefault(anchor, []).append(number)
        self._anchors: PhraseMatcher = PhraseMatcher(tokenizer.vocab, attr="LOWER")
        self._rules_of: dict[int, list[int]] = {}
        for anchor, numbers in by_anchor.items():
            self._anchors.add(anchor, [tokenizer(anchor)])
            self._rules_of[tokenizer.vocab.strings[anchor]] = numbers

    def find(self, tokens: Tokens, clauses: Sequence[Clause]) -> list[Hit]:
        """Return the hits of all rules, sorted by clause and code."""
        return self.scan(tokens, clauses)[0]

    def scan(self, tokens: Tokens, clauses: Sequence[Clause]) -> tuple[list[Hit], list[Sign]]:
        """Return the hits of all rules and the signs of all signals, sorted by clause and code."""
        operative = [i for i, c in enumerate(clauses) if c.kind != "furniture" and c.end > c.start]
        starts = [clauses[i].start for i in operative]
        pairs: set[tuple[int, int]] = set()
        for key, first, last in self._anchors(tokens.doc):
            if not tokens.forms[first] and not tokens.forms[last - 1]:
                continue
            place = bisect_right(starts, tokens.starts[first]) - 1
            if place >= 0 and tokens.starts[first] < clauses[operative[place]].end:
                pairs.update((operative[place], number) for number in self._rules_of[key])
        positions = {clause.id: i for i, clause in enumerate(clauses)}
        views: dict[int, _Context] = {}
        hits, signs = [], []
        for place, number in sorted(pairs):
            sought = self._sought[number]
            if clauses[place].kind not in sought.kinds:
                continue
            if place not in views:
                views[place] = _Context(
                    tokens, tokens.view(lead_spans(tokens, clauses, positions, place))
                )
            if isinstance(sought, Signal):
                sign = _find_sign(sought, views[place], place)
                if sign:
                    signs.append(sign)
                continue
            hit = _judge_rule(sought, self.shared, views[place], place)
            if hit:
                hits.append(hit)
        return hits, signs


def lead_spans(
    tokens: Tokens, clauses: Sequence[Clause], positions: dict[str, int], place: int
) -> list[tuple[int, int]]:
    """Return the spans of the lead-ins that a list item completes, then the clause's own words.

    The clause's heading is left out: it says what the clause is about, not what it does. So is the
    printed number, which one format holds in the text and another does not.
    """
    clause = clauses[place]
    spans = [(_skip_heading(tokens.text, clause), clause.end)]
    parent = clause.parent
    while parent is not None and len(spans) <= _MAX_LEADS:
        above = clauses[positions[parent]]
        if above.kind not in ("operative", "recital") or not _is_lead_in(tokens, above):
            break
        spans.insert(0, (_skip_label(tokens.text, above), above.end))
        parent = above.parent
    return spans


def _skip_label(text: str, clause: Clause) -> int:
    """Return where a clause's words begin after its printed number."""
    in_text = bool(clause.label) and text.startswith(clause.label, clause.start)
    return clause.start + len(clause.label) * in_text


def _skip_heading(text: str, clause: Clause) -> int:
    """Return where a clause's words begin after its label and heading."""
    start = _skip_label(text, clause)
    if not clause.heading or _VERB.search(clause.heading):
        return start
    # A rule of dashes may stand before it.
    first = _LETTER.search(text, start, clause.end)
    at = text.find(clause.heading, start, clause.end)
    near = first is not None and 0 <= at < first.start() + _LABEL
    return at + len(clause.heading) if near else start


def _is_lead_in(tokens: Tokens, clause: Clause) -> bool:
    first, last = tokens.token_range(clause.start, clause.end)
    words = [f for f in tokens.forms[first:last] if f]
    if len(words) < 2 or words[-1] in (".", ";"):
        return False
    own = tokens.text[clause.start : clause.end].rstrip(" .:\n\t")
    return not (clause.heading and own.endswith(clause.heading.rstrip(" .:")))


class _Context:
    """A clause's view with its sentence bounds, shared by every rule that looks at the clause."""

    __slots__ = ("memory", "sentence_ends", "tokens", "view", "words")

    def __init__(self, tokens: Tokens, view: View) -> None:
        self.tokens, self.view, self.words = tokens, view, view.words
        forms = tokens.forms
        self.sentence_ends = [i + 1 for i, k in enumerate(view.index) if forms[k] == "."]
        self.memory: dict[tuple[str, int, int], list[Match]] = {}

    def offsets(self, first: int, last: int) -> tuple[int, int]:
        """Return the text offsets of view positions, the lead-in left out."""
        index, tokens = self.view.index, self.tokens
        first = min(max(first, self.view.own), len(index) - 1)
        final = index[max(first, last - 1)]
        return tokens.starts[index[first]], tokens.name_ends.get(final, tokens.ends[final])

    def sentence(self, first: int, last: int, around: int = 0) -> tuple[int, int]:
        """Return the view positions of the sentences that hold a match, and ``around`` more."""
        ends = self.sentence_ends
        left = bisect_right(ends, first) - around
        right = bisect_right(ends, max(first, last - 1)) + around
        return (
            ends[left - 1] if left > 0 else 0,
            ends[right] if right < len(ends) else len(self.view.index),
        )

    def scope(self, where: Where, match: Match) -> tuple[int, int]:
        """Return the view positions in which a cue is looked for."""
        if where == "match":
            return match.first, match.last
        if where == "clause":
            if len(self.view.index) <= _LONG_CLAUSE:
                return 0, len(self.view.index)
            return self.sentence(match.first, match.last, around=3)
        first, last = self.sentence(match.first, match.last)
        if where == "before":
            return first, match.first
        return (match.last, last) if where == "after" else (first, last)

    def matches(self, pattern: Pattern) -> list[Match]:
        """Return the matches of a pattern that lacks nothing; equal ones are looked for once."""
        key = (pattern.source, 0, len(self.view.index))
        if key not in self.memory:
            self.memory[key] = list(pattern.scan(self.view))
        return self.memory[key]

    def find(self, cue: Cue, match: Match) -> Match | None:
        """Return the first place of a cue that fits the match's parties."""
        needs = cue.pattern.needs
        if needs and (self.words.isdisjoint(needs[0]) or cue.pattern.lacks(self.words)):
            return None
        first, last = self.scope(cue.where, match)
        key = (cue.pattern.source, first, last)
        if key not in self.memory:
            self.memory[key] = list(cue.pattern.scan(self.view, first, last))
        for found in self.memory[key]:
            if found.a and match.a and found.a != match.a:
                continue
            if found.b and match.b and found.b != match.b:
                continue
            return found
        return None


def _find_sign(signal: Signal, context: _Context, place: int) -> Sign | None:
    """Return the first place of a signal in a clause that no words of its sentence withdraw."""
    found = [
        match
        for pattern in signal.patterns
        if not pattern.lacks(context.words)
        for match in context.matches(pattern)
        if match.last > context.view.own
    ]
    for match in sorted(found, key=lambda m: (m.first, -m.last)):
        bounds = context.sentence(match.first, match.last)
        if any(next(p.find(context.view, *bounds), None) for p in signal.unless):
            continue
        # A sentence reads better than the words that gave it away, unless it is very long.
        first, last = max(bounds[0], context.view.own), bounds[1]
        whole = last - first <= _READABLE
        span = (first, last) if whole else (match.first, match.last)
        return Sign(signal.name, signal.note, place, *context.offsets(*span))
    return None


def _judge_rule(rule: Rule, shared: Sequence[Cue], context: _Context, place: int) -> Hit | None:
    """Return the rule's verdict on one clause: what its patterns say, and without them its hints.

    Of several matches the worst flag counts, else a balanced one, else a cancelled one. Hints are
    tried in their order, the surest first: two of them may read one sentence differently, which is
    no sign that it binds both parties, and one that is withdrawn says nothing.
    """
    hits = _judge_all(rule, shared, context, place, rule.patterns, rule.cancel)
    if hits:
        return _settle(rule, hits)
    words = context.words
    for pattern in rule.hints:
        if pattern.needs and words.isdisjoint(pattern.needs[0]):
            continue
        hits = _judge_all(rule, shared, context, place, (pattern,), rule.cancel_hints)
        hit = _settle(rule, hits) if hits else None
        if hit is None or hit.verdict == "cancelled":
            continue
        if hit.verdict == "balanced":
            return hit
        found, *reasons = hit.evidence
        return replace(hit, verdict="hint", evidence=(replace(found, kind="hint"), *reasons))
    return None


def _judge_all(
    rule: Rule,
    shared: Sequence[Cue],
    context: _Context,
    place: int,
    patterns: Sequence[Pattern],
    cancel: Sequence[Cue],
) -> list[Hit]:
    """Return the verdict on every match of some patterns in a clause's own words."""
    words = context.words
    return [
        _judge_match(rule, shared, context, place, match, pattern.source, cancel)
        for pattern in patterns
        # The rarest need first and without a call: most patterns end here on most clauses.
        if not (pattern.needs and words.isdisjoint(pattern.needs[0])) and not pattern.lacks(words)
        for match in context.matches(pattern)
        if match.last > context.view.own
    ]


def _settle(rule: Rule, hits: list[Hit]) -> Hit:
    """Return the one verdict that stands for a clause's matches, of which there is at least one."""
    hits = _drop_second_readings(hits)
    flags = [h for h in hits if h.verdict in FIRED]
    if rule.family in ("RS", "WL") and len({_side(h) for h in flags}) > 1:
        return _mirror_inside(flags)
    if (
        rule.carries == "A"
        and flags
        and any(h.verdict == "cancelled" and _side(h) and _side(h) != _side(flags[0]) for h in hits)
    ):
        # The other party gives the like promise beside it, within narrower bounds (ruling 2).
        worst = max(flags, key=lambda h: (h.severity, -h.start, -h.end, h.symbol))
        return replace(worst, balance="partial", severity=max(1, worst.severity - 1))
    order = {"flag": 0, "hint": 1, "balanced": 2, "cancelled": 3}
    return min(hits, key=lambda h: (order[h.verdict], -h.severity, h.start, h.end, h.symbol))


def _side(hit: Hit) -> str:
    return hit.burden if hit.burden in _OPPOSITE else hit.symbol


def _drop_second_readings(hits: list[Hit]) -> list[Hit]:
    """Drop matches without slot A inside words that another match reads with it.

    "Supplier's liability shall not exceed the sums paid by Supplier": who is named in the amount is
    no second party that gains.
    """
    named = [h for h in hits if h.actor and h.verdict in FIRED]
    return [
        h for h in hits if h.actor or not any(n.start < h.end and h.start < n.end for n in named)
    ]


def _mirror_inside(flags: list[Hit]) -> Hit:
    """Both parties carry the same code in one clause: balanced, or partial if one is far worse."""
    worst = max(flags, key=lambda h: (h.severity, -h.start, -h.end, h.symbol))
    others = max(h.severity for h in flags if _side(h) != _side(worst))
    if worst.severity - others >= 2:
        return replace(worst, balance="partial", note="mutual in form only")
    return replace(
        worst,
        verdict="balanced",
        burden="both",
        symbol="",
        balance="mutual",
        note="each party carries the same in this clause",
    )


def _burden(rule: Rule, match: Match, forms: Iterable[str]) -> tuple[Burden, str]:
    """Return who carries a match: the role and the party's symbol."""
    if rule.carries in ("customer", "supplier"):
        role: Burden = rule.carries
        return role, "@" + role[0]
    if rule.carries == "both":
        return "both", ""
    if rule.carries == "A":
        if not match.a and match.b in _ROLES:  # the pattern names the one that gains
            opposite = _OPPOSITE[_ROLES[match.b]]
            return opposite, "@" + opposite[0]
        return _ROLES.get(match.a, "unclear"), match.a
    if rule.carries == "B" or (match.b and match.b not in _EVERYONE and match.a not in _ROLES):
        return _ROLES.get(match.b, "unclear"), match.b
    role = _ROLES.get(match.a, "unclear")
    if role in _OPPOSITE:
        return _OPPOSITE[role], "@" + _OPPOSITE[role][0]
    others = sorted({f for f in forms if re.fullmatch(r"@p\d+", f)} - {match.a})
    return "unclear", others[0] if len(others) == 1 else ""


def _find_freed(shared: Sequence[Cue], context: _Context, match: Match) -> str:
    """Return the party that an exception lets off what binds both, empty if there is none."""
    for cue in shared:
        if cue.test == "counterpart" and cue.value == 2:
            for found in cue.pattern.find(context.view, *context.scope(cue.where, match)):
                if found.a and found.a not in _EVERYONE:
                    return found.a
    return ""


def _judge_match(
    rule: Rule,
    shared: Sequence[Cue],
    context: _Context,
    place: int,
    match: Match,
    source: str,
    cancel: Sequence[Cue],
) -> Hit:
    start, end = context.offsets(match.first, match.last)
    evidence = [Evidence("pattern", start, end, source)]
    burden, symbol = _burden(rule, match, context.view.forms)
    tension = rule.family != "CO"
    verdict: Verdict = "flag"
    note = ""
    binds = False
    balance: Balance = "one-sided" if tension else "mutual"
    freed = doubt = ""
    if tension and match.a in _EVERYONE:
        freed = _find_freed(shared, context, match)
        if freed:
            # Freed from a duty, the other carries it; denied a power, the freed party does.
            balance, note = "partial", "mutual in form: one party is let off"
            role = _ROLES.get(freed, "unclear")
            burden = _OPPOSITE.get(role, role) if rule.carries == "A" else role
            symbol = "@" + burden[0] if burden in _OPPOSITE else freed
        else:
            verdict, note = "balanced", "the words bind both parties alike"
    for cue in cancel if not freed else ():
        found = context.find(cue, match)
        if found and cue.doubt:
            doubt = cue.note
        elif found:
            if verdict == "flag" or not cue.balanced:
                verdict = "balanced" if cue.balanced else "cancelled"
                note, binds = cue.note, cue.binds
            evidence.append(
                Evidence(
                    "mutual" if cue.balanced else "cancels",
                    *context.offsets(found.first, found.last),
                    cue.note,
                )
            )
            break
    if verdict == "flag" and doubt:
        verdict, note = "hint", doubt
    tests: tuple[Test, ...] = ()
    reasons: list[Evidence] = []
    if verdict in FIRED:  # nobody asks how severe what is withdrawn would have been
        tests, reasons = _read_tests(rule, shared, context, match)
    if tension:
        counted = [t for t in tests if t.name not in rule.defines]
        severity = (
            rule.base
            + min(2, sum(t.value == 2 for t in counted))
            - min(2, sum(t.value == 0 and t.name != "counterpart" for t in counted))
        )
        severity = max(1, min(5, severity))
    else:
        severity = max(1, min(3, rule.base + sum(1 if e.weight > 0 else -1 for e in reasons)))
        tests = ()
    return Hit(
        rule.code, place, start, end, verdict, burden, symbol, match.a, severity,
        "mutual" if verdict == "balanced" else balance, tests, (*evidence, *reasons), note, binds,
    )  # fmt: skip


_PERIOD = re.compile(
    r" (\d{1,3}) (?:\) )?(business |calendar |working )?(days?|months?|weeks?|hours?) "
)
_NOTICE = re.compile(r" (?:notice|notify|notification|cure|remedy|prior written|advance) ")


def _read_tests(
    rule: Rule, shared: Sequence[Cue], context: _Context, match: Match
) -> tuple[tuple[Test, ...], list[Evidence]]:
    """Fill the six C's from the cues around a match; silence leaves a test at 1."""
    values: dict[str, Test] = {}
    reasons: list[Evidence] = []
    for cue in (*rule.cues, *(shared if rule.family != "CO" else ())):
        if cue.test in values or (cue.test in rule.defines):
            continue
        found = context.find(cue, match)
        if not found:
            continue
        if cue.test:
            values[cue.test] = Test(cue.test, cue.value, cue.note)
        if cue.value == 1:  # seen and weighed as nothing: it only keeps a shared cue away
            continue
        weight = 1.0 if cue.value == 2 else -1.0
        words = ("widens", "softens") if rule.family != "CO" else ("strengthens", "weakens")
        reasons.append(
            Evidence(
                words[weight < 0],
                *context.offsets(found.first, found.last),
                cue.note,
                weight,
            )
        )
    if "conversation" not in values and rule.family != "CO":
        notice = _read_notice(context, match)
        if notice and "conversation" not in rule.defines:
            values["conversation"], evidence = notice
            if values["conversation"].value != 1:
                reasons.append(evidence)
    return (
        tuple(values.get(n, Test(n, 1, "silent")) for n in TESTS if n not in rule.defines),
        reasons,
    )


def _read_notice(context: _Context, match: Match) -> tuple[Test, Evidence] | None:
    """Read the shortest notice or cure period of the sentence: under 10 days 2, from 30 days 0."""
    first, last = context.sentence(match.first, match.last)
    view = context.view
    end = len(view.text) if last >= len(view.at) else view.at[last]
    text = view.text[view.at[first] - 1 : end]
    if not _NOTICE.search(text):
        return None
    periods = []
    for found in _PERIOD.finditer(text):
        unit = {"h": 1 / 24, "d": 1.0, "w": 7.0, "m": 30.0}[found[3][0]]
        periods.append((int(found[1]) * unit * (1.4 if found[2] == "business " else 1), found))
    if not periods:
        return None
    days, found = min(periods, key=lambda p: p[0])
    value = 2 if days < 10 else 1 if days < 30 else 0
    note = f"{found[1]} {found[2] or ''}{found[3]}"
    place = view.token_range(
        view.at[first] - 1 + found.start() + 1, view.at[first] - 1 + found.end() - 1
    )
    return Test("conversation", value, note), Evidence(
        "widens" if value == 2 else "softens",
        *context.offsets(*place),
        note,
        1.0 if value == 2 else -1.0,
    )


def judge_sentence(
    rule: Rule,
    shared: Sequence[Cue],
    tokens: Tokens,
    spans: Sequence[tuple[int, int]],
    place: int,
    score: Callable[[Sequence[Sequence[str]]], Sequence[float]],
) -> Hit | None:
    """Return a hit for a clause that only the classifier saw: its sentence of highest score.

    ``spans`` is what ``lead_spans`` gave for the clause; ``score`` rates sentences (as forms) for
    the rule's code. The burden follows the rule where the rule fixes a role, else it is unclear.
    ``None`` when the sentence speaks of both parties alike, or denies the only power it names: no
    rule of tension is in it.
    """
    context = _Context(tokens, tokens.view(spans))
    view = context.view
    bounds = [view.own, *(e for e in context.sentence_ends if e > view.own), len(view.index)]
    sentences = [part for whole in pairwise(bounds) for part in _cut_long(view.forms, *whole)]
    forms = [view.forms[a:b] for a, b in sentences]
    rated = score(forms)
    best = max(range(len(sentences)), key=lambda i: (rated[i], -i))
    named = {f for f in forms[best] if f.startswith("@")}
    if rule.family in ("RS", "WL") and named and named <= set(_EVERYONE):
        return None
    if _speaks_of_powers(rule) and _only_denied(forms[best]):
        return None
    match = Match(*sentences[best], "", "")
    hit = _judge_match(rule, shared, context, place, match, "", ())
    return replace(hit, evidence=hit.evidence[1:])


def _cut_long(forms: Sequence[str], first: int, last: int) -> list[tuple[int, int]]:
    """Return a sentence as it is, or cut at its semicolons when it is too long to be quoted."""
    if last - first <= _READABLE:
        return [(first, last)] if last > first else []
    cuts = [i + 1 for i in range(first, last) if forms[i] == ";"]
    return [(a, b) for a, b in pairwise([first, *cuts, last]) if b > a]


def _speaks_of_powers(rule: Rule) -> bool:
    sources = [pattern.source for pattern in rule.patterns]
    return any("{power}" in s for s in sources) and not any("{ban}" in s for s in sources)


def _only_denied(forms: Sequence[str]) -> bool:
    """Tell whether every "may" of a sentence is a "may not"."""
    after = [b for a, b in pairwise(forms) if a == "may"]
    return bool(after) and set(after) == {"not"}
