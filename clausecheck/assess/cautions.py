"""Choose the enforceability cautions that concern this contract (taxonomy D.5).

In: the codes found and the words of the governing-law clause. Out: ``Caution`` records: general
ones, and those of the law that the clause names. The law is never inferred from anything else.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from clausecheck.assess.knowledge import load_table
from clausecheck.records import Caution

GENERAL = "general"
_UNKNOWN = (
    "no governing law was recognised in the text, so only what holds in general is shown; ask "
    "which law applies"
)
_BASIS = {
    "sources": "Basis: secondary sources.",
    "general": "Basis: general knowledge, not looked up.",
}


def list_cautions(codes: Collection[str], law: str) -> tuple[Caution, ...]:
    """Return the cautions for some codes under the law that ``law``, the clause's words, names.

    >>> law = "This Agreement is governed by the law of England and Wales."
    >>> [c.jurisdiction for c in list_cautions({"WL204"}, law)][:3]
    ['general', 'England and Wales', 'general']
    """
    table = load_table("cautions")
    laws = name_laws(law)
    found = []
    for entry in table["cautions"]:
        present = tuple(sorted(code for code in entry["codes"] if code in codes))
        if not present:
            continue
        for line in entry["lines"]:
            place = line["in"]
            if place != GENERAL and place not in laws:
                continue
            because = f"{', '.join(present)} found"
            if place != GENERAL:
                because += "; the governing-law clause names " + laws[place]
            elif not laws:
                because += f"; {_UNKNOWN}"
            text = f"{line['text']} {_BASIS[line['basis']]}"
            as_of = table["as_of"].isoformat()
            found.append(Caution(entry["topic"], text, present, place, as_of, because))
    return tuple(found)


@cache
def _law_patterns() -> tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]:
    patterns = []
    for law, entry in load_table("cautions")["jurisdictions"].items():
        names = "|".join(re.escape(n) for n in sorted(entry["names"], key=lambda n: (-len(n), n)))
        pattern = re.compile(
            r"\blaws?(?:\s+and\s+\w+)?\s+(?:in\s+force\s+in|applicable\s+in|of)\s+"
            r"(?:[^.;,]{0,60}?\band\s+)?(?:the\s+)?"
            r"(?:(?:state|commonwealth|province|republic|territory)\s+of\s+)?(?:the\s+)?"
            rf"(?P<of>{names})\b|\b(?P<own>{names})\s+(?:\w+\s+)?laws?\b",
            re.IGNORECASE,
        )
        patterns.append((law, tuple(entry.get("within", ())), pattern))
    return tuple(patterns)


def name_laws(words: str) -> dict[str, str]:
    """Return the laws that a governing-law clause names, and those they belong to, as it says it.

    >>> name_laws("governed by the laws of the State of Delaware; the courts of New York decide")
    {'Delaware': 'Delaware', 'United States': 'Delaware'}
    """
    found: dict[str, str] = {}
    folded = " ".join(words.split())
    for law, within, pattern in _law_patterns():
        match = pattern.search(folded)
        if match:
            said = match["of"] or match["own"]
            found.setdefault(law, said)
            for wider in within:
                found.setdefault(wider, said)
    return found
