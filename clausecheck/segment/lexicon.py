"""Role words: what "Customer", "Vendor" or "Tenant" says about who pays and who performs.

Comes in: an alias. Goes out: a weight, above 0 for the performing party and below 0 for the paying
party; 3 is certain, 1 a leaning that the text may overrule.
"""

from __future__ import annotations

from functools import cache

# "Company", "Corporation", "Bank" and "Partner" may stand on either side and are left out.
_CUSTOMER = {
    3: (
        "customer client buyer purchaser licensee lessee tenant borrower subscriber "
        "franchisee employer shipper buyers purchasers sublicensee charterer insured "
        "outsourcee clients customers borrowers"
    ),
    2: (
        "distributor reseller recipient owner principal sponsor authority government dealer "
        "advertiser merchant sender council mortgagor trustor debtor assignor optionee "
        "hospital owners city county state department ministry renter hirer sublessee "
        "subtenant grantee payer payor obligor marketer"
    ),
    1: (
        "fund trust issuer user marketing-affiliate publisher retailer hotel university "
        "school partnership var oem offeror"
    ),
}
_SUPPLIER = {
    3: (
        "supplier provider vendor servicer consultant outsourcer subcontractor licensor "
        "seller lessor landlord lender franchisor carrier subsupplier sublandlord sublessor "
        "sellers vendors suppliers consultants lenders"
    ),
    2: (
        "contractor manufacturer host administrator adviser advisor operator builder "
        "architect engineer executive employee transporter freelancer integrator auditor "
        "custodian insurer warehouseman trainer processor mortgagee beneficiary cmo cro "
        "wholesaler design-builder designer subadviser sub-adviser underwriter underwriters "
        "producer talent artist athlete professional endorser celebrity haulier researcher "
        "translator caterer cleaner fabricator"
    ),
    1: (
        "manager agent developer agents promoter bottler author programmer speaker "
        "institution investigator depositary trustee managers lead-manager"
    ),
}
_WEIGHTS = {word: -weight for weight, words in _CUSTOMER.items() for word in words.split()} | {
    word: weight for weight, words in _SUPPLIER.items() for word in words.split()
}
# Whole aliases that mean something else than their last word.
_PHRASES = {
    "general contractor": 2,
    "prime contractor": 2,
    "main contractor": 2,
    "independent contractor": 3,
    "content provider": 3,
    "service recipient": -3,
    "marketing affiliate": -1,
    "secured party": 2,
    "account holder": -3,
    "card holder": -3,
    "cardholder": -3,
    "administrative agent": 2,
    "transfer agent": 3,
    "collateral agent": 2,
    "end user": -3,
    "project company": -1,
    "outsourcing company": 1,
    "operating company": 0,
    "design builder": 2,
    "program manager": 2,
    "project manager": 2,
    "construction manager": 2,
    "property manager": 2,
    "dairy producer": 1,
}


@cache
def role_weight(alias: str) -> int:
    """Return how far an alias says that its bearer performs (above 0) or pays (below 0).

    >>> role_weight("Service Provider"), role_weight("the Buyer"), role_weight("Company")
    (3, -3, 0)
    """
    folded = " ".join(alias.lower().replace("/", "-").split()).removeprefix("the ")
    if folded in _PHRASES:
        return _PHRASES[folded]
    words = folded.split()
    return _WEIGHTS.get(words[-1], 0) if words and len(words) <= 3 else 0


@cache
def role_words() -> tuple[str, ...]:
    """Return every role word and phrase, longest first.

    >>> "supplier" in role_words()
    True
    """
    words = set(_WEIGHTS) | {p for p, weight in _PHRASES.items() if weight}
    words |= {"service provider", "hosting provider", "service company"}
    return tuple(sorted(words, key=lambda w: (-len(w), w)))
