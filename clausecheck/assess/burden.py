"""Read from the grammar of a sentence who carries it, where no pattern bound the parties.

In: the folded forms of one sentence and the rule it is a finding of. Out: the symbol of the party
that carries it, as far as the words are plain. Who shall, must or may not do something carries it;
what one party may do, need not do or is to own, the other carries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from clausecheck.detect.rules import Rule

Kind = Literal["duty", "gain"]

_DUTIES = frozenset(
    """shall will must agrees agree undertakes covenants acknowledges assigns grants transfers
    waives releases indemnifies bears assumes warrants represents""".split()  # noqa: SIM905
)
_GAINS = frozenset(("may", "can", "reserves", "retains", "owns"))
_STATES = frozenset(("is", "are", "has", "have"))
_NOTHING = r"(?:liab|responsib|obligat|oblig|required|bound|duty|accountab|subject to any)"
# What follows a verb that frees its subject, or gives or reserves it something.
_FREE = re.compile(
    r"(?:hereby |also |further |at all times |at any time |remain |, [^,]{1,80} , )*"
    rf"(?:not (?:\w+ ){{0,6}}?{_NOTHING}|not be (?:\w+ ){{0,3}}?in (?:default|breach)"
    rf"|(?:have|bear|assume|incur|accept|be under)?s? ?no (?:\w+ ){{0,3}}?{_NOTHING}"
    r"|(?:be |is |are )?(?:solely |exclusively )?(?:entitled|authori[sz]ed|permitted|free"
    r"|at liberty|excused|relieved|released|(?:the )?(?:sole |exclusive )?(?:owner|judge))"
    r"|(?:have|has|retain|reserve)s? (?:the |a |an |its |all |full |final |sole )+(?:\w+ ){0,4}?"
    r"(?:right|option|discretion|authority|power|title|control|ownership|approval|vote|say)s?\b"
    r"|(?:solely |exclusively |and )*(?:own|retain|decide|determine|control|in its sole)\b)"
)
_BOUND = re.compile(
    r"(?:\w+ly |hereby )?(?:required|obliged|obligated|bound|prohibited|restricted|precluded"
    r"|(?:solely |fully )?responsible|liable)\b"
)
_NO_SUBJECT = frozenset(
    "of to by from for with against on upon between than under in at as via through".split()  # noqa: SIM905
)
_CONDITIONS = frozenset(
    "if when where unless whether which that until once should provided".split()  # noqa: SIM905
)
# "In the sole discretion of Customer", "property of Customer", "to Customer's satisfaction".
_SYMBOL = r"@(?:c|s|p\d+)"
_LEFT = "discretion|option|opinion|judgment|judgement|property|satisfaction|ownership"
_GIVEN = re.compile(
    rf" (?:(?:{_LEFT}|liability) of|(?:owned|retained) (?:solely |exclusively )?by"
    r"|(?:assigned|assigns|assign|belongs?|vests?) (?:to|in)|acceptable to)"
    rf" (?:the )?({_SYMBOL})(?= )"
    rf"| ({_SYMBOL}) 's (?:\w+ ){{0,3}}(?:{_LEFT})\b"
    rf"| ({_SYMBOL}) (?:, |\w+ ){{0,6}}(?:in|at) its (?:sole |absolute |own )*(?:{_LEFT})\b"
    rf"| ({_SYMBOL}) 's (?:, |\w+ ){{0,5}}liabilit\w+ [^.]{{0,200}}?(?:exceed|limited|greater)\b"
)
_REACH = 16
_PARTY = re.compile(r"@(?:c|s|p\d+)")


def read_burden(rule: Rule, forms: Sequence[str], parties: Sequence[str]) -> str:
    """Return the symbol of the party that carries a sentence, empty where the words do not tell.

    ``parties`` are the symbols of the contract's parties. Where duties and powers of a sentence
    speak against each other, those count that the rule's patterns look for.

    >>> from clausecheck.detect.rules import load_rule_set
    >>> rule = load_rule_set().rule("WL211")
    >>> read_burden(rule, "the @s shall not serve a competitor of @c .".split(), ["@c", "@s"])
    '@s'
    """
    pair = sorted(set(parties))
    if len(pair) != 2:
        return ""
    other = {pair[0]: pair[1], pair[1]: pair[0]}
    found: dict[Kind, set[str]] = {"duty": set(), "gain": set()}
    for kind, symbol, conditional in _find_statements(forms):
        if symbol in other and not conditional:
            found[kind].add(symbol if kind == "duty" else other[symbol])
    first: Kind = "duty" if seeks_duties(rule) else "gain"
    second: Kind = "gain" if first == "duty" else "duty"
    for carriers in (found["duty"] | found["gain"], found[first], found[second]):
        if len(carriers) == 1:
            return next(iter(carriers))
    return ""


def seeks_duties(rule: Rule) -> bool:
    """Tell whether a rule's patterns look for what the burdened party has to do or leave."""
    if rule.carries == "A":
        return True
    firsts = [_SLOT.search(pattern.source) for pattern in (*rule.patterns, *rule.hints)]
    slots = [found[1] for found in firsts if found]
    duties = sum(bool(_DUTY_OF_B.search(pattern.source)) for pattern in rule.patterns)
    return slots.count("B") > slots.count("A") and 2 * duties > len(rule.patterns)


_SLOT = re.compile(r"\[([AB])\]")
_DUTY_OF_B = re.compile(r"\[B\][^\[]*(?:\{duty\}|\{ban\}|shall|will|must|assign)")


def _find_statements(forms: Sequence[str]) -> Iterator[tuple[Kind, str, bool]]:
    """Yield what a sentence says of each party: the kind, the party, and whether under a condition.

    A condition ends at the comma before the main clause.
    """
    text = " " + " ".join(forms) + " "
    for given in _GIVEN.finditer(text):
        yield "gain", next(filter(None, given.groups())), False
    for at, form in enumerate(forms):
        if not _PARTY.fullmatch(form):
            continue
        before = at - 1
        while before >= 0 and forms[before] == "the":
            before -= 1
        word = forms[before] if before >= 0 else ""
        kind: Kind | None = None
        rest = " ".join(forms[at + 1 : at + _REACH])
        if word in ("neither", "nor") or (word in ("shall", "will") and _denied(forms, before)):
            # "In no event shall Customer be liable", "neither Customer nor its staff".
            kind = "gain" if re.search(_NOTHING, rest) else None
        elif word not in _NO_SUBJECT:
            kind = _find_verb(forms, at)
        if kind:
            yield kind, form, word in _CONDITIONS


def _denied(forms: Sequence[str], at: int) -> bool:
    return not {"event", "case", "circumstances", "circumstance"}.isdisjoint(
        forms[max(0, at - 4) : at]
    )


def _find_verb(forms: Sequence[str], at: int) -> Kind | None:
    """Return what the first verb after a party says of it, ``None`` where it has none."""
    for place in range(at + 1, min(len(forms), at + _REACH)):
        form = forms[place]
        if form[:1] == "@" or form in (".", ";", ":", "'s", "if", "that", "which"):
            return None
        if form in _DUTIES or form in _GAINS or form in _STATES:
            return _tell(form, forms, place + 1)
    return None


def _tell(verb: str, forms: Sequence[str], after: int) -> Kind | None:
    rest = " ".join(forms[after : after + _REACH])
    if verb in ("may", "can"):
        return "duty" if rest.startswith("not ") else "gain"
    if verb in _GAINS:
        return "gain"
    if verb in _STATES:
        if _FREE.match(rest) or _FREE.match(f"{verb} {rest}"):
            return "gain"
        return "duty" if _BOUND.match(rest) else None
    return "gain" if _FREE.match(rest) else "duty"
