"""Count how often each party is bound, empowered, barred or excused: context, never a score (B.3).

In: tokens and parties. Out: one ``Profile`` per party.
"""

from __future__ import annotations

from collections.abc import Sequence

from clausecheck.detect.tokens import Tokens, party_symbols
from clausecheck.records import Party, Profile

_DUTIES = frozenset(("shall", "will", "must", "agrees", "undertakes", "covenants"))
_POWERS = frozenset(("may", "can"))
_ENTITLED = ("entitled", "right", "option", "reserves")
_NOT = frozenset(("not", "no", "never", "neither"))
_FREED = frozenset(("liable", "liability", "responsible", "obligated", "obligation"))
# How far the verb may stand from the party, and how far the verb's object is read.
_NEAR, _AFTER = 4, 5


def profile_parties(tokens: Tokens, parties: Sequence[Party]) -> tuple[Profile, ...]:
    """Return the counts of each party, in the order of the contract; "each party" counts for all.

    >>> parties = [Party("S", ("Supplier",), "supplier", "")]
    >>> text = "Supplier shall pay. Supplier may not assign. Each party may terminate."
    >>> profile = profile_parties(Tokens(text, parties), parties)[0]
    >>> profile.duties, profile.powers, profile.bans, profile.immunities
    (1, 1, 1, 0)
    """
    forms = [form for form in tokens.forms if form]
    words = max(1, len(tokens.text.split()))
    counts: dict[str, list[int]] = {}
    for at in [i for i, form in enumerate(forms) if form[0] == "@"]:
        form = forms[at]
        if form == "@other":
            continue
        column = _classify(forms, at, form == "@none")
        if column is not None:
            counts.setdefault(form, [0, 0, 0, 0])[column] += 1
    shared = [counts.get("@both", [0] * 4), counts.get("@none", [0] * 4)]
    profiles = []
    for party, symbol in zip(parties, party_symbols(parties), strict=True):
        own = counts.get(symbol, [0] * 4)
        duties, powers, bans, immunities = (sum(row) for row in zip(own, *shared, strict=True))
        profiles.append(
            Profile(party.name, party.role, duties, powers, bans, immunities, 1000 * powers / words)
        )
    return tuple(profiles)


def _classify(forms: Sequence[str], at: int, denied: bool) -> int | None:
    """Return 0 for a duty, 1 a power, 2 a ban, 3 an immunity; ``None`` when no verb is near."""
    for place in range(at + 1, min(len(forms), at + 1 + _NEAR)):
        form = forms[place]
        if form[0] in "@.;":
            return None
        if form in _DUTIES or form in _POWERS or form in ("is", "has", "reserves"):
            after = forms[place : place + 1 + _AFTER]
            negated = denied or not _NOT.isdisjoint(after[:3])
            if negated and not _FREED.isdisjoint(after):
                return 3
            able = form in _POWERS or any(word in _ENTITLED for word in after[:4])
            if form in ("is", "has", "reserves") and not able:
                return None
            return 2 if negated else 1 if able else 0
    return None
