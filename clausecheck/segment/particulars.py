"""Parties that no preamble introduces: "Customer: Acme Ltd" in a form, and "we" and "you".

Comes in: text. Goes out: names with their aliases, for ``parties``.
"""

from __future__ import annotations

import re

from clausecheck.segment.lexicon import role_weight
from clausecheck.segment.names import NAME, clean_name
from clausecheck.segment.preamble import Mention

# A form names its parties at its head.
_HEAD = 6_000
_CERTAIN = 2
_LABEL = re.compile(
    r"^[ \t|>*_#-]*(?P<role>[A-Z][A-Za-z]+(?:[ \t][A-Z][a-z]+)??)(?:['’]s)?"
    r"(?:[ \t]+(?:[Nn]ame|[Ll]egal [Nn]ame|[Ee]ntity|[Cc]ompany))?[ \t*_]*(?:[:|\t][ \t*_|]*)+"
    r"(?P<name>[^\n|\t]{2,120})",
    re.MULTILINE,
)
_ACTS = r"\s+(?:\w+ly\s+)?(?:shall|will|must|may|agrees?|acknowledges?|can|cannot|are|reserve)\b"
_WE = re.compile(rf"\b(?:[Ww]e|WE){_ACTS}")
_YOU = re.compile(rf"\b(?:[Yy]ou|YOU){_ACTS}")
_LEAST = 2


def read_particulars(text: str) -> list[Mention]:
    r"""Return the parties that lines such as "Customer: Acme Ltd" name, one per role word.

    >>> [(m.name, m.aliases) for m in read_particulars("Customer: Acme Ltd\nSupplier: Zeta GmbH\n")]
    [('Acme Ltd', ('Customer',)), ('Zeta GmbH', ('Supplier',))]
    """
    found: dict[str, Mention] = {}
    for match in _LABEL.finditer(text, 0, _HEAD):
        role = match["role"]
        named = NAME.match(match["name"])
        name = clean_name(named[0]) if named else ""
        if not name or abs(role_weight(role)) < _CERTAIN or role_weight(name):
            continue
        if role not in found and all(m.name != name for m in found.values()):
            found[role] = Mention(name, (role,), match.start("name"))
    sides = {role_weight(role) > 0 for role in found}
    return list(found.values()) if len(sides) > 1 else []


def read_pronouns(text: str) -> list[Mention]:
    """Return "we" and "you" as parties, each if it acts in the text.

    >>> [m.name for m in read_pronouns("We will host. You will pay. You may not sell. We may end.")]
    ['We', 'You']
    """
    found = []
    for acts, *names in ((_WE, "We", "we", "us"), (_YOU, "You", "you")):
        places = [match.start() for match in acts.finditer(text)]
        if len(places) >= _LEAST:
            found.append(Mention(names[0], tuple(names), places[0]))
    return found
