"""Count who pays and who performs around every mention of a party.

Comes in: the text and the spellings of each party. Goes out: one ``Tally`` per party. One pass
finds the mentions; an anchored regex reads the words after each of them, and tables those before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from clausecheck.segment.names import in_capitals

_MODAL = (
    r"(?:shall|will|must|may|agrees?(?:\s+to)?|undertakes?\s+to|covenants?\s+to"
    r"|is\s+(?:obligated|required|obliged)\s+to"
    r"|is\s+(?:solely\s+)?responsible\s+for|promises\s+to|has\s+agreed\s+to|would)"
)
_FEE = (
    r"(?:fees?|price|charges?|compensation|commissions?|royalt(?:y|ies)|invoices?|rent|rentals?"
    r"|rates?|retainer|salary"
    r"|contract\s+sum|purchase\s+price|hourly|for\s+(?:the|all|its|such|services)"
    r"|amounts?\s+(?:due|owed|invoiced|specified|set|stated))"
)
_SERVICE = (
    r"(?:services?|work|works|support|maintenance|training|consulting|project|deliverables?"
    r"|personnel|staff|labou?r|equipment"
    r"|products?|goods|software|hosting|content|systems?|customer\s+support|facilities"
    r"|transportation)\b"
)
_SOLD = r"(?:the|all|its|each)\s+(?:services|work|products?|software|goods|deliverables?)\b"
_WISHES = r"(?:desires?|wishes|wants|intends)\s+(?:\w+\s+){0,2}?to\s+(?:\w+ly\s+)?"
_PADDING = (
    r"(?:not|\w+ly|also|then|hereby|further|only|be\s+responsible\s+for|to|cause"
    r"|be\s+obligated\s+to|be\s+required\s+to|during\s+the\s+term)\s+"
)
# What a party does, by the words after its name.
_OWNS = {
    "own": (
        r"(?:fees?|charges|compensation|invoices?|services|standard\s+(?:rates?|charges)"
        r"|then[\s-]current\s+(?:rates|prices|fees)|performance\s+of\s+the\s+(?:services|work))\b"
    ),
    "orders": (
        r"(?:purchase\s+orders?|payment\s+(?:obligations?|of)|payments?\s+to"
        r"|obligation\s+to\s+pay)\b"
    ),
}
_STATES = {
    "wantpay": (
        rf"{_WISHES}(?:obtain|purchase|receive|retain|engage|use|acquire|procure|utili[sz]e|buy"
        r"|hire|employ|have|outsource|license\s+from|lease\s+from|appoint)\b"
    ),
    "wantgive": (
        rf"(?:{_WISHES}|(?:has\s+agreed|is\s+willing|is\s+able)\s+to\s+(?:\w+ly\s+)?)"
        r"(?:provide|perform|supply|sell|render|offer|make\s+available|manufacture|license\s+to"
        r"|grant|lease\s+to|furnish|develop|undertake|be\s+engaged|be\s+employed|accept)\b"
    ),
    "business": (
        r"is\s+(?:engaged\s+)?in\s+the\s+business\s+of\s+(?:\w+\s+){0,3}?(?:providing|performing"
        r"|supplying|manufacturing|selling|licensing|offering|furnishing|hosting|consulting)\b"
    ),
    "hires": (
        r"(?:engages|retains|hires|employs|has\s+(?:engaged|retained|selected|hired|contracted)"
        r"|purchases|engaged|retained)\b"
    ),
    "granted": r"grants?\s+(?:to\s+)?(?!a\s+security)",
    "warrants": rf"(?:represents\s+and\s+)?warrants\s+(?:\w+\s+){{0,3}}?that\s+{_SOLD}",
}
_MUST = {
    "pay": r"pay(?:ing|ment)?\b",
    "reimburse": r"(?:reimburse|compensate|remunerate|remit)\b",
    "buy": (
        r"(?:purchase|buy|order|procure\s+from|issue\s+(?:a\s+)?purchase|engage|retain|employ|hire)\b"
    ),
    "bill": (
        r"(?:invoice|bill|charge|submit\s+(?:\w+\s+){0,3}?invoices?|(?:be\s+)?(?:entitled\s+to\s+)?"
        r"(?:be\s+paid|receive\s+(?:\w+\s+){0,4}?(?:fees?|compensation|payments?|commissions?"
        r"|royalt\w+|salary))|be\s+(?:compensated|reimbursed|paid))\b"
    ),
    "serve": (
        r"(?:perform|render|furnish|provide|supply|deliver|manufacture|host|carry\s+out|complete"
        r"|make\s+available|maintain|execute)\b"
    ),
    "build": (
        r"(?:construct|install|design|develop|train|ship|repair|transport"
        r"|assign\s+(?:\w+\s+){0,3}personnel|staff|devote|correct|re-?perform|operate|produce"
        r"|implement|prepare|manage|administer|service)\b"
    ),
    "sell": r"(?:sell|license|lease|loan|grant)\b",
    "warrant": rf"(?:warrants?|represents?\s+and\s+warrants?)\s+that\s+{_SOLD}",
}


def _either(patterns: dict[str, str]) -> str:
    return "|".join(f"(?P<{name}>{pattern})" for name, pattern in patterns.items())


_AFTER = re.compile(
    rf"['’]?s?['’]?\s{{0,3}}(?:{_either(_OWNS)}"
    rf"|(?:,[^,.;]{{0,60}},\s*)?(?:hereby\s+|also\s+|further\s+)*(?:{_either(_STATES)}"
    rf"|{_MODAL}\s+(?:{_PADDING}){{0,3}}(?:{_either(_MUST)})))",
    re.IGNORECASE,
)


def _table(**kinds: str) -> dict[str, str]:
    """Return a table from words to the kind of evidence they give."""
    return {word: kind for kind, words in kinds.items() for word in words.split()}


_GIVING = (
    "provide provides furnish supply deliver sell sells license grant grants render lease ship"
)
# The word before a mention -> a word up to four places further back -> the kind of evidence.
_BEFORE: dict[str, dict[str, str]] = {
    "by": _table(
        paidby="paid payable due owed owing payment payments purchased ordered reimbursed accepted"
        " acceptance",
        doneby="performed provided rendered furnished supplied manufactured delivered hosted"
        " licensed sold developed installed constructed offered performance provision invoiced"
        " operated",
    ),
    "to": _table(
        paidto="pay paid payable due owed owing payment payments remitted compensation fee fees"
        " commission commissions royalty royalties remuneration",
        duefrom="billed charged invoiced invoice invoices",
        doneto="provided rendered sold licensed furnished supplied delivered shipped leased"
        " performed service services support product products training",
        gives=_GIVING,
    ),
    "for": _table(doneto="services work performed rendered provided support"),
    "from": _table(
        duefrom="due owed owing payable received collect collected",
        buysfrom="purchase purchases purchased buy buys order orders ordered procure obtain"
        " license licensed lease leased acquire",
    ),
    "of": _table(hired="engagement"),
}
_JUST_BEFORE = _table(
    duefrom="invoice invoices bill bills charge charges",
    pays="pay pays paying compensate",
    repays="reimburse reimburses",
    gives="provide provides furnish supply deliver license grant grants lease serve",
    hired="engage engages engaged engaging retain retains retained hire hires hired employ employs",
)
_LOOK_BACK = 64
# "pay all taxes", "pay its own employees" or damages say nothing about who buys the service.
_OTHER_PAY = re.compile(
    r"(?:\W|\b(?:for|all|any|and|or|when|as|they|become|due|promptly|the|of|applicable|such|its"
    r"|their|his|every|each|other|sole|cost|full|in|be|responsible)\b){0,12}"
    r"\b(?:own|taxes|tax|duties|withholding|wages|salaries|payroll|subcontractors?|employees"
    r"|personnel|damages|liquidated|premiums?|judgments?|claims"
    r"|penalt\w+|fines?|deductibles?|expenses|costs|cost|attorneys|reasonable|settlement|losses"
    r"|interest|amounts?\s+finally|debts|liabilities|suppliers|labor|lien\w*|permits?"
    r"|governmental|assessments|insurance)\b",
    re.IGNORECASE,
)
_FEES_AHEAD = re.compile(rf"[^.;]{{0,110}}?\b{_FEE}", re.IGNORECASE)
_SERVICE_AHEAD = re.compile(rf"[^.;]{{0,60}}?\b{_SERVICE}", re.IGNORECASE)
# Group name -> (side, weight); a payer counts below 0.
_WEIGHTS = {
    "own": 0.5,
    "orders": -1.0,
    "wantpay": -2.0,
    "wantgive": 2.0,
    "business": 1.0,
    "hires": -1.5,
    "granted": 1.5,
    "reimburse": -0.7,
    "buy": -1.5,
    "bill": 2.0,
    "build": 0.6,
    "sell": 1.5,
    "warrant": 1.0,
    "warrants": 1.0,
    "paidby": -1.2,
    "paidto": 1.2,
    "duefrom": -1.2,
    "pays": 1.5,
    "repays": 0.4,
    "doneby": 1.0,
    "doneto": -0.6,
    "gives": -0.5,
    "hired": 1.5,
    "buysfrom": 1.2,
}
_PAYMENT = frozenset(("pay", "paidby", "duefrom", "buy", "reimburse", "orders"))
_SERVING = frozenset(("serve", "build", "sell", "doneby", "granted", "bill"))


@dataclass(slots=True)
class Tally:
    """What the text says of one party: weight of paying and performing, places, and uses.

    ``payments`` and ``services`` count the places; ``uses`` counts mentions, ``acts`` those before
    a modal verb, ``spellings`` how often each spelling occurs.
    """

    pays: float = 0.0
    performs: float = 0.0
    payments: int = 0
    services: int = 0
    uses: int = 0
    spellings: dict[str, int] = field(default_factory=dict)

    @property
    def net(self) -> float:
        """Performing less paying."""
        return self.performs - self.pays


def tally_parties(text: str, spellings: Sequence[Sequence[str]]) -> list[Tally]:
    """Return one tally per party; ``spellings`` holds each party's names as the text may have them.

    >>> text = "Acme shall perform the Services. Zeta shall pay Acme a fee."
    >>> a, b = tally_parties(text, [["Acme"], ["Zeta"]])
    >>> (a.net > 0, b.net < 0, b.payments)
    (True, True, 1)
    """
    owner: dict[str, int] = {}
    for i, names in enumerate(spellings):
        for name in names:
            for form in (name, in_capitals(name)):
                owner.setdefault(form, i)
    tallies = [Tally() for _ in spellings]
    if not owner:
        return tallies
    forms = sorted(owner, key=lambda f: (-len(f), f))
    pattern = "|".join(r"\s+".join(map(re.escape, form.split())) for form in forms)
    # The alternation comes first: its first letters let the engine skip most of the text.
    for match in re.finditer(rf"(?:{pattern})(?!\w)", text):
        if match.start() and (text[match.start() - 1].isalnum() or text[match.start() - 1] == "_"):
            continue
        form = " ".join(match[0].split())
        tally = tallies[owner[form]]
        tally.uses += 1
        tally.spellings[form] = tally.spellings.get(form, 0) + 1
        _weigh(tally, text, match.start(), match.end())
    return tallies


def _weigh(tally: Tally, text: str, start: int, end: int) -> None:
    after = _AFTER.match(text, end, end + 160)
    if after and after.lastgroup:
        _add(tally, after.lastgroup, _weight_after(text, after))
    kind = _read_before(text[max(0, start - _LOOK_BACK) : start])
    if kind:
        _add(tally, kind, _WEIGHTS[kind])


def _read_before(before: str) -> str:
    """Return the kind of evidence that the words before a mention give, or ""."""
    words = before.lower().split()
    while words and words[-1] in ("the", "said", "directly"):
        words.pop()
    if not words:
        return ""
    kind = _JUST_BEFORE.get(words[-1], "")
    table = _BEFORE.get(words[-1])
    if table is None:
        return kind
    for word in reversed(words[-5:-1]):
        if word in table:
            return table[word]
        if word[-1] in ".;:":
            break
    return ""


def _weight_after(text: str, after: re.Match[str]) -> float:
    kind = after.lastgroup or ""
    end = after.end()
    if kind == "pay":
        if _OTHER_PAY.match(text, end, end + 80):
            return 0.0
        return -2.0 if _FEES_AHEAD.match(text, end, end + 150) else -1.0
    if kind == "serve":
        return 2.0 if _SERVICE_AHEAD.match(text, end, end + 90) else 0.3
    return _WEIGHTS[kind]


def _add(tally: Tally, kind: str, weight: float) -> None:
    if weight > 0:
        tally.performs += weight
        tally.services += kind in _SERVING or kind == "serve"
    elif weight < 0:
        tally.pays -= weight
        tally.payments += kind in _PAYMENT
