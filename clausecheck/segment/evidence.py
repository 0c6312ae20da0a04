"""Count who pays and who performs around every mention of a party.

Comes in: the text and the spellings of each party. Goes out: one ``Tally`` per party. One pass
finds the mentions; an anchored regex reads the words after each of them, and tables those before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

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
_AFTER = re.compile(
    rf"""
    ['’]?s?['’]?\s{{0,3}}
    (?:
      (?P<own>(?:fees?|charges|compensation|invoices?|services|standard\s+(?:rates?|charges)
      |then[\s-]current\s+(?:rates|prices|fees)|employees\s+performing
      |performance\s+of\s+the\s+(?:services|work))\b)
    | (?P<orders>(?:purchase\s+orders?|payment\s+(?:obligations?|of)|payments?\s+to
    |obligation\s+to\s+pay)\b)
    | (?:,[^,.;]{{0,60}},\s*)?(?:hereby\s+|also\s+|further\s+)*(?:
        (?P<wantpay>(?:desires?|wishes|wants
        |intends)\s+(?:\w+\s+){{0,2}}?to\s+(?:\w+ly\s+)?(?:obtain|purchase|receive|retain|engage
        |use|acquire|procure|utili[sz]e|buy|hire|employ|have|outsource|license\s+from
        |lease\s+from|appoint))
      | (?P<wantgive>(?:desires?|wishes|wants|intends|has\s+agreed|is\s+willing
      |is\s+able)\s+(?:\w+\s+){{0,2}}?to\s+(?:\w+ly\s+)?(?:provide|perform|supply|sell|render
      |offer|make\s+available|manufacture|license\s+to|grant|lease\s+to|furnish|develop|undertake
      |be\s+engaged|be\s+employed|accept))
      | (?P<business>is\s+(?:engaged\s+)?in\s+the\s+business\s+of\s+(?:\w+\s+){{0,3}}?(?:providing|performing|supplying|manufacturing|selling|licensing|offering|furnishing|hosting|consulting))
      | (?P<hires>(?:engages|retains|hires|employs|has\s+(?:engaged|retained|selected|hired
      |contracted)|purchases|engaged|retained)\b)
      | (?P<granted>grants?\s+(?:to\s+)?(?!a\s+security))
      | {_MODAL}\s+(?:(?:not|\w+ly|also|then|hereby|further|only|be\s+responsible\s+for|to|cause
      |be\s+obligated\s+to|be\s+required\s+to|during\s+the\s+term)\s+){{0,3}}(?:
          (?P<pay>pay(?:ing|ment)?\b)
        | (?P<reimburse>(?:reimburse|compensate|remunerate|remit)\b)
        | (?P<buy>(?:purchase|buy|order|procure\s+from|issue\s+(?:a\s+)?purchase|engage|retain
        |employ|hire)\b)
        | (?P<bill>(?:invoice|bill|charge|submit\s+(?:\w+\s+){{0,3}}?invoices?
        |(?:be\s+)?(?:entitled\s+to\s+)?(?:be\s+paid|receive\s+(?:\w+\s+){{0,4}}?(?:fees?
        |compensation|payments?|commissions?|royalt\w+|salary))|be\s+(?:compensated|reimbursed
        |paid))\b)
        | (?P<serve>(?:perform|render|furnish|provide|supply|deliver|manufacture|host|carry\s+out
        |complete|make\s+available|maintain|execute)\b)
        | (?P<build>(?:construct|install|design|develop|train|ship|repair|transport
        |assign\s+(?:\w+\s+){{0,3}}personnel|staff|devote|correct|re-?perform|operate|produce
        |implement|prepare|manage|administer|service)\b)
        | (?P<sell>(?:sell|license|lease|loan|grant)\b)
        | (?P<warrant>(?:warrants?|represents?\s+and\s+warrants?)\s+that\s+(?:the|all|its
        |each)\s+(?:services|work|products?|software|goods|deliverables?)\b)
      )
      | (?P<warrants>(?:represents\s+and\s+)?warrants\s+(?:\w+\s+){{0,3}}?that\s+(?:the|all|its
      |each)\s+(?:services|work|products?|software|goods|deliverables?)\b)
      )
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PAID = (
    "paid payable due owed owing payment payments purchased ordered reimbursed accepted acceptance"
)
_DONE = (
    "performed provided rendered furnished supplied manufactured delivered hosted licensed sold "
    "developed"
    " installed constructed offered performance provision invoiced operated"
)
# The word before a mention -> a word up to four places further back -> the kind of evidence.
_BEFORE: dict[str, dict[str, str]] = {
    "by": dict.fromkeys(_PAID.split(), "paidby") | dict.fromkeys(_DONE.split(), "doneby"),
    "to": dict.fromkeys(
        [
            "pay",
            "paid",
            "payable",
            "due",
            "owed",
            "owing",
            "payment",
            "payments",
            "remitted",
            "compensation",
            "fee",
            "fees",
            "commission",
            "commissions",
            "royalty",
            "royalties",
            "remuneration",
        ],
        "paidto",
    )
    | dict.fromkeys(["billed", "charged", "invoiced", "invoice", "invoices"], "duefrom")
    | dict.fromkeys(
        [
            "provided",
            "rendered",
            "sold",
            "licensed",
            "furnished",
            "supplied",
            "delivered",
            "shipped",
            "leased",
            "performed",
            "service",
            "services",
            "support",
            "product",
            "products",
            "training",
        ],
        "doneto",
    )
    | dict.fromkeys(
        [
            "provide",
            "provides",
            "furnish",
            "supply",
            "deliver",
            "sell",
            "sells",
            "license",
            "grant",
            "grants",
            "render",
            "lease",
            "ship",
        ],
        "gives",
    ),
    "for": dict.fromkeys(
        ["services", "work", "performed", "rendered", "provided", "support"], "doneto"
    ),
    "from": dict.fromkeys(
        ["due", "owed", "owing", "payable", "received", "collect", "collected"], "duefrom"
    )
    | dict.fromkeys(
        [
            "purchase",
            "purchases",
            "purchased",
            "buy",
            "buys",
            "order",
            "orders",
            "ordered",
            "procure",
            "obtain",
            "license",
            "licensed",
            "lease",
            "leased",
            "acquire",
        ],
        "buysfrom",
    ),
    "of": {"engagement": "hired"},
}
_JUST_BEFORE: dict[str, str] = (
    dict.fromkeys(["invoice", "invoices", "bill", "bills", "charge", "charges"], "duefrom")
    | dict.fromkeys(["pay", "pays", "paying", "compensate"], "pays")
    | dict.fromkeys(["reimburse", "reimburses"], "repays")
    | dict.fromkeys(
        [
            "provide",
            "provides",
            "furnish",
            "supply",
            "deliver",
            "license",
            "grant",
            "grants",
            "lease",
            "serve",
        ],
        "gives",
    )
    | dict.fromkeys(
        [
            "engage",
            "engages",
            "engaged",
            "engaging",
            "retain",
            "retains",
            "retained",
            "hire",
            "hires",
            "hired",
            "employ",
            "employs",
        ],
        "hired",
    )
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

    >>> a, b = tally_parties("Acme shall perform the Services. Zeta shall pay Acme a fee.", [["Acme"], ["Zeta"]])
    >>> (a.net > 0, b.net < 0, b.payments)
    (True, True, 1)
    """
    owner: dict[str, int] = {}
    for i, names in enumerate(spellings):
        for name in names:
            for form in (name, name.upper()):
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
