"""Tell what sort of paper a document is: a contract for services or goods, or one of another world.

In: a document's text. Out: a ``DocumentKind``. The rules are written for services-like contracts;
in a loan or a lease the same words are ordinary, so a review of one must say so.
"""

from __future__ import annotations

import re

from clausecheck.records import DocumentKind, KindName

# What the title says, and the words for its parties and objects that such a paper repeats.
_KINDS: tuple[tuple[KindName, str, str, tuple[str, ...]], ...] = (
    (
        "loan",
        "a loan, security or other financing paper",
        r"(?:loan|credit|mortgage|pledge|security|note purchase|financing|line of credit|indenture"
        r"|deed of trust|collateral assignment|promissory note|disbursing)",
        ("borrower", "lender", "mortgagor", "mortgagee", "pledgor", "pledgee", "collateral",
         "administrative agent", "noteholder", "credit agreement", "loan documents", "the loan"),
    ),
    (
        "lease",
        "a lease",
        r"(?:lease|tenancy|leaseback)",
        ("landlord", "tenant", "lessor", "lessee", "demised", "the premises", "the leased"),
    ),
    (
        "guaranty",
        "a guaranty",
        r"(?:guarant(?:y|ee)|surety(?:ship)?)",
        ("guarantor", "guaranteed obligations", "this guaranty", "this guarantee", "surety"),
    ),
    (
        "employment",
        "an employment contract",
        r"(?:employment|executive|severance|retention)",
        ("the executive", "the employee", "your employment", "executive's", "employee's",
         "base salary", "severance"),
    ),
    (
        "corporate",
        "a shareholders', merger or securities paper",
        r"(?:share|stock|securities|merger|shareholders?|stockholders?|operating agreement"
        r"|subscription|remarketing|underwriting|registration rights|voting|limited partnership"
        r"|limited liability company|asset purchase|joint filing|debentures?)",
        ("stockholder", "shareholder", "underwriter", "remarketing agent", "the securities",
         "common stock", "merger sub", "the shares", "registrable", "general partner", "debenture",
         "limited partners", "registration statement", "prospectus"),
    ),
)  # fmt: skip
_TITLE = re.compile(
    r"\b(?:agreement|contract|deed|lease|guarant(?:y|ee)|mortgage|note|indenture)\b", re.IGNORECASE
)
# A title stands in the first characters; words of another world this dense (per 1,000 words)
# tell with a title that agrees, or by themselves. The opening of a long text is sample enough.
_HEAD, _FEW, _MANY, _SAMPLE = 3_000, 4.0, 20.0, 60_000
_LEAST_WORDS = 300
_WITHIN = DocumentKind("services", True, "")


def tell_kind(text: str) -> DocumentKind:
    """Return the sort of paper that ``text`` is; in doubt, one for services or goods.

    >>> tell_kind("Supplier shall provide the Services to Customer.").within
    True
    """
    folded = text[:_SAMPLE].lower()
    words = folded.count(" ") + folded.count("\n")
    if words < _LEAST_WORDS:
        return _WITHIN
    titles = _list_titles(text[:_HEAD])
    best: tuple[tuple[bool, float], DocumentKind] | None = None
    for name, called, title, typical in _KINDS:
        density = 1000 * sum(map(folded.count, typical)) / words
        named = re.compile(rf"\b{title}\b", re.IGNORECASE)
        span = next((s for s in titles if named.search(text, *s)), (0, 0))
        sure = bool(span[1]), density  # a title that agrees outweighs mere words
        if density < (_FEW if span[1] else _MANY) or (best and sure <= best[0]):
            continue
        told = "its title and wording" if span[1] else "its wording"
        note = (
            f"This appears to be {called} ({told}). The rules are made for services and "
            "other commercial contracts, so the review is outside its ground."
        )
        best = sure, DocumentKind(name, False, note, *span)
    return best[1] if best else _WITHIN


def _list_titles(head: str) -> list[tuple[int, int]]:
    """Return the spans of the first two lines that read like a title: capitals, no contents."""
    spans: list[tuple[int, int]] = []
    at = 0
    for line in head.splitlines(keepends=True):
        bare = line.strip()
        start = at + len(line) - len(line.lstrip())
        at += len(line)
        if len(spans) == 2 or ".." in bare or bare[:1].isdigit():
            continue
        words = [w for w in re.findall(r"[A-Za-z]+", bare) if len(w) > 3]
        if 1 <= len(words) <= 14 and all(w[0].isupper() for w in words) and _TITLE.search(bare):
            spans.append((start, start + len(bare)))
    return spans
