"""Who carries a sentence, read from its grammar alone."""

from __future__ import annotations

import pytest

from clausecheck.assess.burden import read_burden
from clausecheck.detect.rules import load_rule_set
from clausecheck.detect.tokens import Tokens
from clausecheck.records import Party

RULES = load_rule_set()
NAMES = ("Client", "Vendor")
SENTENCES = [
    # Who shall, must or may not do something carries it.
    ("WL211", "Vendor", "For two years Vendor shall not, in any country, compete with Client."),
    ("WL211", "Vendor", "Vendor agrees, at its own cost, not to serve a rival of Client."),
    ("WL210", "Vendor", "Vendor hereby assigns every right in its drawings."),
    ("WL216", "Vendor", "Vendor may not hand this contract to anyone."),
    ("RS101", "Client", "Client is responsible for all loss."),
    # What one may do, or need not do, the other carries.
    ("WL201", "Vendor", "Client may, for whatever reason, end the work."),
    ("WL201", "Vendor", "Client shall have the absolute and total right to end the work."),
    ("WL204", "Vendor", "Client reserves the right to judge the work."),
    ("WL204", "Vendor", "The colour is chosen in the sole discretion of Client."),
    ("WL210", "Vendor", "All drawings shall be the exclusive property of Client."),
    ("RS104", "Vendor", "Client shall not be liable for lost profit."),
    ("RS104", "Vendor", "In no event will Client or its staff be liable for lost profit."),
    ("RS103", "Vendor", "In no event shall Client's liability to Vendor exceed $5."),
    # A condition is not what is agreed.
    ("WL203", "Vendor", "If Vendor may object, Client may change the scope all the same."),
    # Of two statements that contradict each other, what the rule seeks counts.
    ("WL204", "Vendor", "Client shall pay the fees, and Client may refuse the work."),
]


@pytest.mark.parametrize(("code", "carrier", "sentence"), SENTENCES)
@pytest.mark.parametrize("turned", [False, True])
def test_the_grammar_tells_who_carries(
    code: str, carrier: str, sentence: str, *, turned: bool
) -> None:
    if turned:
        sentence = (
            sentence.replace("Client", "#").replace("Vendor", "Client").replace("#", "Vendor")
        )
        carrier = NAMES[1 - NAMES.index(carrier)]
    assert read(code, sentence) == carrier


@pytest.mark.parametrize(
    "sentence",
    ["The fees are due on the first day.", "Each party shall keep the peace.", "As Vendor's work."],
)
def test_words_that_do_not_tell_name_nobody(sentence: str) -> None:
    assert read("WL204", sentence) == ""


def read(code: str, sentence: str) -> str:
    rule = RULES.rule(code)
    assert rule is not None
    parties = [
        Party("Client", ("Client",), "customer", ""),
        Party("Vendor", ("Vendor",), "supplier", ""),
    ]
    forms = [form for form in Tokens(sentence, parties).forms if form]
    symbol = read_burden(rule, forms, ["@c", "@s"])
    return {"@c": "Client", "@s": "Vendor"}.get(symbol, "")
