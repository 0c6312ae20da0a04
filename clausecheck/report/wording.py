"""Fixed texts of the reports: the caveat, the cautious phrases, the names of bands and tests.

Comes in: nothing. Goes out: constants and small lookups. A test reads every text here and rejects
the words that a review must not use (taxonomy D.2).
"""

from __future__ import annotations

from clausecheck.records import Acceptance, Finding, Party, Review

CAVEAT_SHORT = (
    "A drafting and negotiation aid, not legal advice. A flag means 'talk about this', not 'this "
    "is wrong'; no flag is not approval. The full note stands at the end."
)
CAVEAT = (
    "This report is a drafting and negotiation aid. It is not legal advice and does not create a "
    "lawyer-client relationship. It reads only the text supplied; it does not know your facts, "
    "bargaining history, insurance, regulation or the law that will govern. A flag means 'talk "
    "about this', not 'this is wrong'. Absence of a flag is not approval. Suggested wording is a "
    "starting point that needs facts, numbers and review by a lawyer qualified in the governing "
    "law. Do not treat a score as a measure of legal risk."
)
SHARED_NOTE = (
    "These points are for both parties. Each is an open question about the text, with wording that "
    "treats the parties alike, as a starting point for discussion. It is not legal advice and says "
    "nothing on what either party should accept; facts, numbers and the governing law are for the "
    "parties and their lawyers."
)
NO_POINTS = "No points for discussion were worked out from the text that was read."
PROCESSED = "The text was processed on this computer; the tool sent no part of it anywhere."
SUGGESTED = (
    "Alternative wording is suggested for discussion; it is not proven to lead to a better result, "
    "and the wording as drafted may be ordinary and sensible where one party alone controls the "
    "risk. Before use, check it against the definitions, the other clauses and the governing law."
)
BALANCE_SENTENCE = (
    "A balanced index does not mean a fair or good deal, and a lopsided one may reflect price, "
    "insurance, regulation or which side can control the risk."
)
BALANCE_SCALE = "from -1 (the customer carries) to +1 (the supplier carries)"
NO_BALANCE = "No balance is stated: no risk or power terms were flagged in the text that was read."
NO_FINDINGS = "No term was flagged in the text that was read. Absence of a flag is not approval."
ALL_ACCEPTED = (
    "No term was flagged in the text that was read besides those that were accepted, which are "
    "listed below. Absence of a flag is not approval."
)
SAME_WORDS = "The words of the two drafts are the same, clause by clause."
NO_CHANGED_FINDINGS = "No finding is new, resolved, softened or hardened."
NO_TOP = "No clause stands out for discussion on the words alone."
NO_CREDIT = (
    "No collaborative mechanism or balanced clause was recognised in the text that was read; "
    "consider what the parties already do well in practice."
)
NO_LAW = "no governing-law clause was recognised; ask which law applies"
NO_PARTIES = "not resolved; who carries a term is named only where the text itself says so"
LOOKS = (
    "Signs of these codes are too weak for a finding and often mistaken; '--sensitivity balanced' "
    "reports the stronger of them in full."
)
ACCEPTED = (
    "Someone decided that these may stand. They are left out above and still count in the balance; "
    "each ends when the words of its clause change."
)
UNUSED_WORDS = {
    "ended": "its last day has passed, so that such a finding is reported again",
    "changed": "no clause has these words",
    "gone": "the clause is there and has no such finding any more",
}
SOURCE_WORDS = {
    "project": "in the project file",
    "baseline": "in the baseline",
    "reply": "by a reply to a comment in the file itself",
}
ON_ITS_FACE = "On its face"
NOT_ASSESSED = (
    (
        "Documents that the contract refers to but that were not supplied, the meaning of "
        "blanked-out words, pictures, drawings, and what the contract does not say at all."
    ),
    (
        "Whether a term is lawful, common or acceptable: that depends on facts, price and "
        "governing law that the text does not tell."
    ),
    (
        "What the governing law adds to the words or takes from them: implied terms, compulsory "
        "rules, and how a court would read the contract as a whole."
    ),
)

FOUNDATION_NOTE = (
    "Parties often bargain over terms before they lay these; a foundation that is absent was not "
    "found in the text supplied, which does not say that the parties lack it."
)
NORM_NOTE = "whether some clause puts a norm to work, whatever word it uses."
MORE_DRAFTS = "--why adds the suggested clauses for the foundations that are weak."
STANCE_NOTE = (
    "Extraction weighs one-sided terms, exchange pay for activity, creation collaborative "
    "mechanisms on laid foundations; the shares describe this text, not the people."
)
PROFILE_NOTE = (
    "context, not a score; a supplier naturally has more duties, because it performs the service."
)
CAUTION_NOTE = (
    "Only those are shown whose code was found and whose law the governing-law clause names, and "
    "those that hold in general. They age, and they are no advice on the law."
)
NOT_REVIEWED = "The document could not be read, so there are no points yet."
NO_POINTS = "No point stands out on the words alone; start from what both parties want."
SHAREABLE_START = (
    "These points are for {names} to talk about together, before or beside the drafting. Each has "
    "an open question and wording to start from, which needs facts, numbers and review on both "
    "sides. "
    "Nothing here says who should give way."
)
SHAREABLE_END = (
    "The points come from reading the text supplied; they are a drafting aid and no legal advice. "
    "Words in [square brackets] are for the parties to fill. Absence of a point is not approval."
)
TOPIC_WORDS = {
    "model": "Sourcing model",
    "foundations": "Foundations",
    "balance": "Balance",
    "first": "Discuss first",
    "credit": "Already done well",
}

SEVERITY_WORDS = {1: "note", 2: "low", 3: "medium", 4: "high", 5: "critical"}
STRENGTH_WORDS = {1: "modest", 2: "fair", 3: "strong"}
FAMILY_WORDS = {
    "RS": "risk-shifting",
    "WL": "win-lose",
    "AB": "activity-based",
    "CO": "collaborative",
}
# Taxonomy A.1: the question that each family asks of a clause.
FAMILY_QUESTIONS = {
    "RS": "who pays when something goes wrong, and can that party do anything about it?",
    "WL": "who holds power over price, change, exit, cash and knowledge, and is it matched?",
    "AB": "is money or effort tied to doing, rather than to the result?",
    "CO": "does the text build shared purpose, result, reward and candour?",
}
ORIGIN_WORDS = {"rule": "a rule", "model": "the classifier", "both": "a rule and the classifier"}
BALANCE_WORDS = {
    "one-sided": "appears one-sided as drafted",
    "partial": "appears mutual in form, but only in part",
    "mutual": "appears mutual",
    "na": "",
}
GRADE_WORDS = {
    "drop-in": "complete wording that could be used after review",
    "redraft": "needs redrafting to fit this contract",
    "discuss": "a direction to discuss before drafting",
}
EVIDENCE_WORDS = {
    "pattern": "words matched",
    "hint": "words that hint at it",
    "widens": "widens",
    "softens": "softens",
    "mutual": "mutual",
    "term": "classifier",
    "house": "house",
}
LIFECYCLE_WORDS = {
    "preview": "preview: off unless asked for",
    "stable": "stable",
    "deprecated": "deprecated: will be removed",
}

# Taxonomy A.2: what the values 0, 1 and 2 of each of the six C's mean, said carefully.
TEST_WORDS = {
    "counterpart": (
        "the other party appears to have the same",
        "no matching term for the other party was seen",
        "the other party is expressly left out of the same",
    ),
    "control": (
        "appears limited to what the burdened party controls",
        "no words on who controls the cause were recognised",
        "appears to reach beyond what the burdened party controls",
    ),
    "cap": (
        "limited in amount, time, number or kind",
        "no words that narrow or widen a limit were recognised",
        "wide reach, or without a limit",
    ),
    "cause": (
        "appears to need an objective trigger",
        "no words on a trigger were recognised",
        "may be used for any reason, on a slight one or on one party's own view",
    ),
    "compensation": (
        "some pay or relief is given",
        "no words on pay or relief were recognised",
        "without pay or relief, or in addition to other sums",
    ),
    "conversation": (
        "notice, cure or talks come first",
        "no words on notice, cure or talks were recognised",
        "little or no notice, cure or talks",
    ),
}
# The least confidence, high first; "high" needs a held-out precision of 0.85 (taxonomy D.2).
_CONFIDENCE = ((0.85, "high"), (0.6, "medium"), (0.0, "low"))


def tell_none(review: Review) -> str:
    """Return what to say of a review without open findings."""
    return ALL_ACCEPTED if review.accepted else NO_FINDINGS


def name_confidence(confidence: float) -> str:
    """Return the word for a confidence from 0 to 1.

    >>> name_confidence(0.85), name_confidence(0.849), name_confidence(0.1)
    ('high', 'medium', 'low')
    """
    return next((word for least, word in _CONFIDENCE if confidence >= least), "low")


def name_carrier(finding: Finding) -> str:
    """Return who carries a finding, such as ``Vendor (supplier)``.

    >>> name_carrier(Finding("RS101", "", "RS", "c1", 0, 1, "both", "", 1, 1.0, "rule", "na"))
    'both parties'
    """
    if finding.burden == "both":
        return "both parties"
    if finding.burden == "unclear":
        return f"{finding.party} (role not resolved)" if finding.party else "not resolved"
    if finding.party.lower() == finding.burden:
        return finding.party
    return f"{finding.party or 'party not named'} ({finding.burden})"


def describe_party(party: Party) -> str:
    """Return one party with its other names and how its role was found.

    >>> describe_party(Party("Oak Ltd", ("Oak Ltd", "Vendor"), "supplier", "it is paid"))
    'Oak Ltd, also called Vendor (it is paid)'
    """
    told = {party.name.lower()}
    names = []
    for alias in party.aliases:
        bare = alias.lower().removeprefix("the ")
        if bare not in told:
            told.add(bare)
            names.append(alias)
    others = ", ".join(names)
    return party.name + (f", also called {others}" if others else "") + f" ({party.how})"


def describe_acceptance(acceptance: Acceptance) -> str:
    """Return why a finding may stand, who said so, where, and for how long.

    >>> describe_acceptance(Acceptance("WL201", "0" * 12, "agreed", "A. Lawyer", "2027-03-31"))
    'agreed (A. Lawyer, in the project file, until 2027-03-31)'
    """
    told = [acceptance.who, SOURCE_WORDS[acceptance.source]]
    told.append(f"until {acceptance.until}" if acceptance.until else "")
    return f"{acceptance.reason} ({', '.join(part for part in told if part)})"
