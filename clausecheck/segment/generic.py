"""Name the parties of a single clause that comes without its document.

Comes in: a clause's text. Goes out: ``Party`` records for the role words in it.
"""

from __future__ import annotations

import re
from functools import cache

from clausecheck.records import Party
from clausecheck.segment.evidence import Tally
from clausecheck.segment.lexicon import role_weight, role_words
from clausecheck.segment.roles import Judgement, assign_roles
from clausecheck.segment.subjects import find_subjects, list_articles, title_case


def generic_parties(text: str) -> tuple[Party, ...]:
    """Return the parties that the role words of a single clause name.

    "Company", or another capitalised name that acts, takes the role opposite to the one other
    party of the clause, or "unknown".

    >>> [(p.name, p.role) for p in generic_parties("Company shall indemnify the Client.")]
    [('Company', 'supplier'), ('Client', 'customer')]
    """
    found: dict[str, int] = {}
    for match in _role_pattern().finditer(text):
        found.setdefault(title_case(match[1]), match.start())
    bare = [
        n
        for n in dict.fromkeys(find_subjects(text))
        if n.title() not in found and n.lower() != "company"
    ]
    company = re.search(r"\b(?:Company|COMPANY)\b", text)
    if company:
        found["Company"] = company.start()
    elif len(bare) == 1 and len(found) < 2:
        found[bare[0]] = text.find(bare[0].split()[0])
    names = sorted(found, key=lambda name: (found[name], name))
    judged = (
        assign_roles([[n] for n in names], [Tally() for _ in names], joint=False)
        if len(names) == 2
        else [_judge_word(name) for name in names]
    )
    return tuple(
        Party(name, _case_variants(name, text), j.role, f"named in the clause; {j.why}")
        for name, j in zip(names, judged, strict=True)
    )


def _judge_word(name: str) -> Judgement:
    weight = role_weight(name)
    if not weight:
        return Judgement("unknown", "its name does not tell")
    return Judgement("supplier" if weight > 0 else "customer", f'called "{name}"')


@cache
def _role_pattern() -> re.Pattern[str]:
    words = "|".join(re.escape(title_case(w)).replace(r"\ ", r"\s+") for w in role_words())
    upper = words.upper().replace(r"\S+", r"\s+")
    return re.compile(rf"\b({words}|{upper})\b")


def _case_variants(name: str, text: str) -> tuple[str, ...]:
    forms = [f for f in dict.fromkeys((name, name.title(), name.upper())) if f in text] or [name]
    return tuple(v for f in forms for v in (f, *list_articles(f, text)))
