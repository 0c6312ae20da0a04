"""Find the parties of a document, every name they go by, and their roles.

Comes in: a Document and its clauses (hints only). Goes out: ``Party`` records in order of first
appearance.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from clausecheck.records import Clause, Document, Party
from clausecheck.segment.evidence import Tally, tally_parties
from clausecheck.segment.lexicon import role_weight
from clausecheck.segment.names import (
    NAME,
    QUOTE,
    SUFFIX,
    clean_alias,
    clean_name,
    has_suffix,
    is_ordinary,
    strip_suffix,
)
from clausecheck.segment.particulars import read_particulars, read_pronouns
from clausecheck.segment.preamble import read_preamble
from clausecheck.segment.roles import assign_roles, is_joint
from clausecheck.segment.subjects import count_subjects, list_articles, title_case

_TITLE = 1_500
_SIGNATURES = 4_000
_MEANS = re.compile(
    rf"{QUOTE}([A-Z][^\"“”\n]{{1,40}}){QUOTE}\s*(?:shall\s+)?(?:means?"
    rf"|refers\s+to)[\s:]+(?:the\s+)?(?=[A-Z])"
)
_SIGNED = re.compile(rf"(?:^|\n)[ \t]*({NAME.pattern})[ \t]*(?=[:,]?\s*\n)")
_NAME_ENDS = re.compile(r"['’]s\b|\s+(?:shall|will|may|agrees|and|or|is|has|to)\b|[,.;]")
_LETTER = re.compile(r"(?:Party|PARTY)\s[A-D12]")
_SHORT_STOP = frozenset(
    """
    american america national first united new general global international north south east
    west northern southern western eastern pacific atlantic central bank city state states royal
    great advanced applied digital universal world capital data medical health energy power
    commercial construction legal chief systems technology technologies software services
    service dr mr ms mrs the st san los standard premier superior strategic integrated trans
    inter consolidated associated allied federal continental hotel university institute company
    group one two three board department
    """.split()  # noqa: SIM905
)


@dataclass(slots=True)
class _Draft:
    """A party in the making; ``given`` are its defined aliases, ``found`` where it was defined."""

    name: str
    given: list[str]
    found: str
    spellings: list[str] = field(default_factory=list)


def find_parties(document: Document, clauses: Sequence[Clause]) -> tuple[Party, ...]:
    """Return the parties of ``document`` with their roles, in order of first appearance.

    >>> text = 'Between Acme Ltd ("Acme") and Zeta Inc. ("Zeta"). Zeta shall pay Acme a fee.'
    >>> [(p.name, p.role) for p in find_parties(Document("a.txt", "text/plain", "", text), ())]
    [('Acme', 'supplier'), ('Zeta', 'customer')]
    """
    text = document.text
    subjects = count_subjects(text)
    drafts = [
        _Draft(m.name, list(m.aliases), "defined in the preamble")
        for m in read_preamble(text, lambda name: subjects[name] + subjects[name.upper()])
    ]
    _read_definitions(text, drafts, subjects)
    if len(drafts) < 2:
        drafts += [
            _Draft(m.name, list(m.aliases), "named in a form")
            for m in read_particulars(text)
            if not any(_is_same(d, m.name) for d in drafts)
        ]
    if len(drafts) < 2:
        _read_signatures(text, clauses, drafts)
    for draft in drafts:
        draft.spellings = _spell(draft, drafts, text, subjects)
    drafts = _drop_unused(drafts, subjects)
    _add_subjects(drafts, subjects, text)
    acting = sum(1 for d in drafts if _count_acts(d, subjects))
    spoken = read_pronouns(text) if acting < 2 else []
    # One side may be named and the other be "you"; "we" alone is the side that is named.
    if acting + len(spoken) > 1 and any(m.name == "You" for m in spoken):
        drafts += [_Draft(m.name, [m.name], "speaks in the text", [*m.aliases]) for m in spoken]
    tallies = tally_parties(text, [d.spellings for d in drafts])
    kept = [i for i, tally in enumerate(tallies) if tally.uses]
    drafts, tallies = [drafts[i] for i in kept], [tallies[i] for i in kept]
    names = [_rank_names(d, t) for d, t in zip(drafts, tallies, strict=True)]
    words = [_role_names(d, n) for d, n in zip(drafts, names, strict=True)]
    judged = assign_roles(words, tallies, joint=is_joint(text[:_TITLE]))
    return tuple(
        Party(n[0], _list_aliases(d, t, text), j.role, f"{d.found}; {j.why}")
        for n, d, t, j in zip(names, drafts, tallies, judged, strict=True)
    )


def _read_definitions(text: str, drafts: list[_Draft], subjects: Counter[str]) -> None:
    """Add aliases and parties from definitions such as '"Customer" means Acme Inc.'."""
    for match in _MEANS.finditer(text):
        alias = clean_alias(match[1])
        if not alias or not (role_weight(alias) or subjects[alias] > 1):
            continue
        meant = NAME.match(text, match.end(), match.end() + 120)
        name = clean_name(meant[0]) if meant else ""
        if not name:
            continue
        same = next((d for d in drafts if _is_same(d, name)), None)
        if same:
            if alias not in same.given:
                same.given.append(alias)
        elif has_suffix(name) and all(alias not in d.given for d in drafts) and len(drafts) < 2:
            drafts.append(_Draft(name, [alias], "defined in the definitions"))


def _is_same(draft: _Draft, name: str) -> bool:
    return strip_suffix(name).lower() in (
        strip_suffix(draft.name).lower(),
        *(alias.lower() for alias in draft.given),
    )


def _read_signatures(text: str, clauses: Sequence[Clause], drafts: list[_Draft]) -> None:
    signed = next((c.start for c in clauses if c.kind == "signature"), None)
    start = max(0, len(text) - _SIGNATURES) if signed is None else signed
    for match in _SIGNED.finditer(text, start, min(len(text), start + _SIGNATURES)):
        name = clean_name(match[1])
        if name and has_suffix(name) and not any(_is_same(d, name) for d in drafts):
            drafts.append(_Draft(name, [], "named in the signature block"))
        if len(drafts) >= 4:
            return


def _spell(draft: _Draft, drafts: Sequence[_Draft], text: str, subjects: Counter[str]) -> list[str]:
    """Return every name that may stand for the party, defined aliases first."""
    if draft.given and not has_suffix(draft.name) and role_weight(draft.name):
        return list(draft.given)  # "the Owner (Architect)" in a form: the name was left blank
    names = [*draft.given, draft.name]
    bare = strip_suffix(draft.name)
    if bare != draft.name and not is_ordinary(bare) and len(bare) > 2:
        names.append(bare)
    short = _find_short(bare, draft, drafts, text)
    if short:
        names.append(short)
    for alias in draft.given:
        if alias.endswith("s") and role_weight(alias[:-1]):
            names.append(alias[:-1])
        if alias.isupper() and (role_weight(alias) or subjects[alias.title()] > 1):
            names.append(alias.title())
        if alias[0].islower() and subjects[alias[0].upper() + alias[1:]]:
            names.append(alias[0].upper() + alias[1:])
    others = {a.lower() for d in drafts if d is not draft for a in (*d.given, d.name)}
    return [n for n in dict.fromkeys(names) if n.lower() not in others or n in draft.given]


def _find_short(bare: str, draft: _Draft, drafts: Sequence[_Draft], text: str) -> str:
    """Return the first word of a name if the text uses it alone as a name and it is clear whose."""
    words = bare.split()
    if len(words) < 2:
        return ""
    for count in (2, 1):
        short = " ".join(words[:count])
        if count >= len(words) or len(short) < 3 or short in draft.given:
            continue
        if words[count - 1].lower() in _SHORT_STOP or is_ordinary(short) or role_weight(short):
            continue
        if not short[-1].isalnum():
            continue
        if any(d is not draft and short.lower() in d.name.lower().split(",")[0] for d in drafts):
            continue
        if _stands_alone(short, words[count], text):
            return short
    return ""


def _stands_alone(short: str, rest: str, text: str) -> bool:
    """Tell whether ``short`` is used twice as a name without the rest of the full one."""
    seen, at = 0, text.find(short)
    while at >= 0 and seen < 2:
        end = at + len(short)
        whole = at == 0 or not text[at - 1].isalnum()
        if (
            whole
            and _NAME_ENDS.match(text, end)
            and not text[end : end + 60].lstrip().startswith(rest)
        ):
            seen += 1
        at = text.find(short, end)
    return seen >= 2


def _drop_unused(drafts: list[_Draft], subjects: Counter[str]) -> list[_Draft]:
    """Drop those that never act when two others do: addresses, dates, banks read as parties."""
    acting = [_count_acts(d, subjects) for d in drafts]
    enough = sum(1 for a in acting if a) >= 2
    return [
        d
        for d, acts in zip(drafts, acting, strict=True)
        if acts or (has_suffix(d.name) and (d.given or not enough)) or (d.given and not enough)
    ]


def _count_acts(draft: _Draft, subjects: Counter[str]) -> int:
    forms = {f for s in draft.spellings for f in (s, s.upper())}
    return sum(subjects[f] for f in forms)


def _add_subjects(drafts: list[_Draft], subjects: Counter[str], text: str) -> None:
    """Add names that act in the clauses when fewer than two of the parties found do."""
    counts: Counter[str] = Counter()
    for name, count in subjects.items():
        counts[_plain(name)] += count
    most = max(counts.values(), default=0)
    least = max(2, 0.1 * most)
    acting = [d for d in drafts if _count_acts(d, subjects) >= least]
    if len(acting) >= 2:
        return
    for draft in acting:
        acting += _split_names(draft, drafts, subjects, least)
    known = {s.lower() for d in drafts for s in d.spellings}
    pool = [
        name
        for name, count in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
        if name.lower() not in known
        and count >= least
        and (
            role_weight(name)
            or name in ("Company", "Corporation")
            or _LETTER.fullmatch(name)
            or (count >= max(4, 0.25 * most) and _is_named(name, text))
        )
    ]
    while pool and len(acting) < 2:
        sides = [_side(d.spellings) for d in acting]
        # An Engineer acts as often as the Employer, but the Contractor's other party is sought.
        name = next((n for n in pool if not any(s * role_weight(n) > 0 for s in sides)), pool[0])
        pool.remove(name)
        spellings = [name, name.title()] if role_weight(name) else [name]
        draft = _Draft(name, [name], "acts in the clauses", spellings)
        drafts.append(draft)
        acting.append(draft)


def _plain(name: str) -> str:
    if _LETTER.fullmatch(name):
        return f"Party {name[-1]}"
    return title_case(name) if role_weight(name) or name in ("COMPANY", "CORPORATION") else name


def _split_names(
    draft: _Draft, drafts: list[_Draft], subjects: Counter[str], least: float
) -> list[_Draft]:
    """Part a role word from a company that was wrongly read as its bearer.

    "between Acme Inc. and the party named below (the "Distributor")": where both "Acme" and
    "Distributor" act in the clauses, they are two parties.
    """
    own = [
        s
        for s in draft.spellings
        if s not in draft.given and s.lower() not in {g.lower() for g in draft.given}
    ]
    if not draft.given or not own or sum(subjects[s] + subjects[s.upper()] for s in own) < least:
        return []
    if sum(subjects[g] for g in draft.given) < least:
        return []
    given = _Draft(
        draft.given[0], draft.given, draft.found, [s for s in draft.spellings if s not in own]
    )
    draft.given, draft.spellings = [], own
    drafts.append(given)
    return [given]


def _is_named(name: str, text: str) -> bool:
    """Tell whether the text shows that a word is a name: in quotes or before a legal form."""
    word = r"\s+".join(map(re.escape, name.split()))
    shown = rf"[\"“(]\s?(?:the\s+)?{word}\s?[\"”)]|\b{word}\b[\w ,&-]{{0,40}}?{SUFFIX.pattern}"
    return re.search(shown, text) is not None or (name.isupper() and len(name) > 2)


def _side(names: Sequence[str]) -> int:
    return next((weight for weight in map(role_weight, names) if weight), 0)


def _rank_names(draft: _Draft, tally: Tally) -> list[str]:
    """Return the party's names, the one that its clauses use first."""
    used: Counter[str] = Counter()
    for spelling in draft.spellings:
        used[spelling] = tally.spellings.get(spelling, 0)
        if not spelling.isupper():
            used[spelling] += tally.spellings.get(spelling.upper(), 0)
    given = [a for a in draft.given if used[a]]
    order = {s: i for i, s in enumerate(draft.spellings)}
    pool = given or [s for s in draft.spellings if used[s]] or draft.spellings
    pool = sorted(pool, key=lambda s: (-used[s], order[s]))
    return pool + [s for s in draft.spellings if s not in pool and used[s]]


def _role_names(draft: _Draft, names: Sequence[str]) -> list[str]:
    """Return the names that may tell the role: those given by the contract."""
    born = strip_suffix(draft.name).lower().split() if has_suffix(draft.name) else []
    kept = {*draft.given, *(a[:-1] for a in draft.given), *(a.title() for a in draft.given)}
    if len(draft.name.split()) == 1:
        kept.add(draft.name)
    return [n for n in names if n in kept and (not born or n.lower() != born[0])]


def _list_aliases(draft: _Draft, tally: Tally, text: str) -> tuple[str, ...]:
    forms = sorted(tally.spellings, key=lambda f: (-tally.spellings[f], f))
    names = [draft.name, *forms] if draft.found != "acts in the clauses" else forms
    return tuple(dict.fromkeys(v for n in names for v in (n, *list_articles(n, text))))
