"""Tell a contract's type and date from the head of its text, for counting by type and year.

Comes in: a review. Goes out: the title line, a contract type, a date and a year, or ``None``.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from clausecheck.records import Review
from clausecheck.report.layout import cut_middle, fold

_HEAD = 8_000
_TITLE_LIMIT = 160
# Words of a title and the type they tell; the first that fits wins, so the special stand first.
_TYPES: tuple[tuple[str, str], ...] = (
    ("confidentiality", r"non-?disclosure|confident?iality"),
    ("joint venture", r"joint venture"),
    ("franchise", r"franchis"),
    ("endorsement", r"endorsement|sponsorship|ambassador"),
    ("outsourcing", r"outsourc"),
    ("hosting", r"hosting|cloud|software.as.a.service|\bsaas\b|web ?site|collocation|colocation"),
    ("maintenance", r"maintenance|support"),
    ("software licence", r"software|source code|end.user"),
    ("manufacturing", r"manufactur|toll processing"),
    ("supply", r"supply|purchase|procurement|offtake|sale of goods|sales? and purchase"),
    ("reseller", r"resell|value.added"),
    ("distribution", r"distribut"),
    ("agency", r"agency|sales representative|referral|affiliate program"),
    ("transportation", r"transport|shipping|carriage|freight|logistics|warehous|storage"),
    (
        "construction",
        r"owner and contractor|construct|\bepc\b|building|works contract",
    ),
    ("construction", r"subcontract|design.build"),
    ("consulting", r"consult|advisory|advisor|independent contractor|work for hire"),
    ("marketing", r"marketing|promotion|advertis|co-?branding"),
    ("development", r"development|research"),
    ("alliance", r"alliance|collaborat|cooperation|partnering|teaming|strategic"),
    ("licence", r"licen[cs]e|intellectual property|patent|trade ?mark"),
    ("statement of work", r"statement of (?:work|objectives)|work statement|task order|call.off"),
    ("request for proposal", r"request for (?:quot|propos)|solicitation|tender|invitation to"),
    ("services", r"services?|servicing|managed|operations? agreement|operating agreement"),
)
_TYPED = tuple((name, re.compile(words, re.IGNORECASE)) for name, words in _TYPES)
_PAPER = re.compile(
    r"\b(?:agreement|contract|addendum|amendment|deed|terms|conditions|order|statement of \w+"
    r"|request for \w+|lease|guarant(?:y|ee)|mortgage|note|indenture|licen[cs]e|solicitation)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:[A-Z][\w&/-]+ ){1,5}(?:Agreement|AGREEMENT|Contract|CONTRACT)\b")
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "(" + "|".join(f"{m[:3]}(?:{m[3:]})?" for m in _MONTHS) + r")\.?"
_YEAR = r"((?:19|20)\d\d)"
_DAY = r"(\d{1,2})(?:\s*(?:st|nd|rd|th))?"
_GAP = r"[\s,]{1,4}"
# Month-day-year, day-month-year, ISO, and a year by itself; other forms are ambiguous.
_DATES = re.compile(
    rf"\b{_MONTH}\s+{_DAY}{_GAP}{_YEAR}\b"
    rf"|\b{_DAY}\s+(?:day\s+of\s+)?{_MONTH}{_GAP}{_YEAR}\b"
    rf"|\b{_YEAR}-(\d\d)-(\d\d)\b"
    rf"|\b\d{{1,2}}[/.]\d{{1,2}}[/.]{_YEAR}\b"
    rf"|\b{_YEAR}\b",
    re.IGNORECASE,
)
_A_YEAR = re.compile(_YEAR)
# The words before the date that a contract bears.
_CUE = re.compile(
    r"\b(?:dated|made|entered\s+into|executed|effective(?:\s+date)?|as\s+of|commenc\w+)\b"
    r"[^;]{0,120}$",
    re.IGNORECASE,
)


class Facts(NamedTuple):
    """The title as printed, the type it tells, and the date that the contract bears."""

    title: str | None
    contract_type: str
    date: date | None
    year: int | None


def gather_facts(review: Review) -> Facts:
    """Return what the head of the text tells."""
    head = review.document.text[:_HEAD]
    title = find_title(head)
    named = review.kind.name if review.kind else "services"
    kind = None
    if named == "services":
        # A title that says no more than "Agreement" leaves it to what the opening calls it.
        kind = (tell_type(title) if title else None) or tell_named(head)
    dated, year = find_date(head)
    return Facts(title, kind or ("other" if named == "services" else named), dated, year)


def find_title(head: str) -> str | None:
    r"""Return the first line that reads like a title.

    >>> find_title("Exhibit 10.1\n\nMASTER SERVICES AGREEMENT\n\nThis Agreement is made by")
    'MASTER SERVICES AGREEMENT'
    """
    for line in head.splitlines():
        bare = fold(line).strip("*#_ ")
        if not bare or ".." in bare or not _PAPER.search(bare):
            continue
        words = [word for word in re.findall(r"[^\W\d_]+", bare) if len(word) > 3]
        if words and len(words) <= 14 and all(word[0].isupper() for word in words):
            return cut_middle(bare, _TITLE_LIMIT)
    opening = re.search(
        r"\bThis\s+((?:[A-Z][\w/&-]+\s+){0,6}?(?:Agreement|Contract|AGREEMENT|CONTRACT))\b", head
    )
    return fold(opening[1]) if opening else None


def tell_type(title: str) -> str | None:
    """Return the type of contract that a title names.

    >>> tell_type("MASTER SERVICES AGREEMENT"), tell_type("Agreement")
    ('services', None)
    """
    return next((name for name, words in _TYPED if words.search(title)), None)


def tell_named(head: str) -> str | None:
    """Return the type that the opening names most often: "this Supply Agreement".

    >>> tell_named("AGREEMENT. The Hosting Agreement (the Agreement) is a Hosting Contract.")
    'hosting'
    """
    told = [tell_type(phrase[0]) for phrase in _NAMED.finditer(head)]
    types = [name for name in told if name is not None]
    return max(types, key=lambda name: (types.count(name), -types.index(name)), default=None)


def find_date(head: str) -> tuple[date | None, int | None]:
    """Return the date that a contract bears, and its year; a date after a telling word wins.

    >>> find_date("Filed 2 May 2011. This Agreement is dated as of March 31, 2010 between")
    (datetime.date(2010, 3, 31), 2010)
    >>> find_date("Model form, edition of 1998")
    (None, 1998)
    """
    found = [match for year in _A_YEAR.finditer(head) if (match := _date_around(head, year))]
    cued = [m for m in found if _CUE.search(head[max(0, m.start() - 160) : m.start()])]
    for match in (*cued, *found):
        full = _read_date(match)
        if full is not None:
            return full, full.year
    years = [
        int(year)
        for match in (*cued, *found)
        for year in match.groups()
        if year and len(year) == 4 and year.isdigit()
    ]
    return None, years[0] if years else None


def _date_around(head: str, year: re.Match[str]) -> re.Match[str] | None:
    """Return the date of which a year is a part; looking from every word on would take long."""
    around = _DATES.finditer(head, max(0, year.start() - 40), year.end() + 6)
    return next((m for m in around if m.start() <= year.start() and m.end() >= year.end()), None)


def _read_date(match: re.Match[str]) -> date | None:
    month, day, year, day2, month2, year2, year3, month3, day3 = match.groups()[:9]
    try:
        if year:
            return date(int(year), _month(month), int(day))
        if year2:
            return date(int(year2), _month(month2), int(day2))
        if year3:
            return date(int(year3), int(month3), int(day3))
    except ValueError:
        pass  # the 31st of February: the year may still be right
    return None


def _month(name: str) -> int:
    return 1 + next(i for i, month in enumerate(_MONTHS) if month[:3] == name[:3].lower())
