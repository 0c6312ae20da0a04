"""Suggestions: every shipped model clause can be filled, and all fixed texts speak carefully."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from clausecheck.detect.rules import Rule, load_rules
from clausecheck.records import Party, Term
from clausecheck.suggest import Filler, load_placeholders

RULES = load_rules()
SLOT = re.compile(r"\{(\w+)\}")
CUSTOMER = Party("Client", ("Client",), "customer", "")
SUPPLIER = Party("Vendor", ("Vendor",), "supplier", "")
PARTIES = (CUSTOMER, SUPPLIER)

# Taxonomy D.2 and the trademark note of section 0: what no fixed text may say.
FORBIDDEN = re.compile(
    r"\b(illegal\w*|unfair\w*|unenforceab\w*|void(?:s|ed|able)?|invalid|proven|market standard"
    r"|you (?:should|must|ought to)(?: not)? (?:sign|reject|accept)|vested|(?-i:CaT))\b",
    re.IGNORECASE,
)
CAREFUL = re.compile(
    r"\b(as drafted|on its face|as written|appears?|seems?|may|might|could|was found|were found"
    r"|was seen|reads? as|consider|check|suggests?)\b",
    re.IGNORECASE,
)


def every_text() -> Iterator[tuple[str, str]]:
    for rule in RULES:
        for name in ("name", "message", "why"):
            yield f"{rule.code} {name}", getattr(rule, name)
        for number, alternative in enumerate(rule.alternatives, 1):
            for name in ("text", "rationale", "caution"):
                yield f"{rule.code} alternative {number} {name}", getattr(alternative, name)


def every_alternative() -> list[tuple[str, str]]:
    return [(rule.code, a.text) for rule in RULES for a in rule.alternatives]


def fill(text: str, *, parties: tuple[Party, ...] = PARTIES, contract: str = "",
         terms: tuple[str, ...] = ()) -> tuple[str, tuple[str, ...]]:  # fmt: skip
    return Filler(contract, parties, [Term(name, 0, 0) for name in terms]).fill(text)


def test_no_placeholder_stands_outside_the_list() -> None:
    known = set(load_placeholders())
    used = [(where, slot) for where, text in every_text() for slot in SLOT.findall(text)]
    texts = [(w, s) for w, s in used if w.endswith("text")]
    assert len(texts) > 100
    assert [(w, s) for w, s in texts if s not in known] == []
    messages = [(w, s) for w, s in used if not w.endswith("text")]
    allowed = {"burdened", "other"}
    assert [(w, s) for w, s in messages if not (w.endswith("message") and s in allowed)] == []


def test_every_alternative_of_every_rule_can_be_filled() -> None:
    terms = tuple(entry["terms"][0] for entry in load_placeholders().values() if "terms" in entry)
    for code, text in every_alternative():
        for contract in ("Client pays Vendor.", "The Client pays the Vendor."):
            filled, still_open = fill(text, contract=contract, terms=terms)
            assert "{" not in filled, code
            assert "}" not in filled, code
            assert set(still_open) == set(SLOT.findall(text)) - {
                name for name, entry in load_placeholders().items()
                if "terms" in entry or name in ("customer", "supplier")
            }  # fmt: skip
            assert not re.search(r"\b(the|an?|each|any|every) the\b", filled, re.IGNORECASE), code
            assert not re.search(r"[.?!] [a-z]", filled), f"{code}: {filled}"
            assert filled[0].isupper() or filled[0] in "[(", code


def test_without_names_all_stays_open_and_visible() -> None:
    for code, text in every_alternative():
        filled, still_open = fill(text, parties=())
        assert len(set(still_open)) == len(still_open)
        assert set(still_open) == set(SLOT.findall(text)), code
        for name in still_open:
            assert f"[{name.replace('_', ' ')}: {load_placeholders()[name]['meaning']}]" in filled


@pytest.mark.parametrize(
    ("contract", "text", "expected"),
    [
        ("Vendor shall pay.", "{supplier} shall pay {customer}.", "Vendor shall pay Client."),
        ("The Vendor shall.", "{supplier} shall pay.", "The Vendor shall pay."),
        ("The Vendor shall.", "It binds {supplier}.", "It binds the Vendor."),
        ("The Vendor shall.", "All pays. {supplier} pays.", "All pays. The Vendor pays."),
        ("The Vendor shall.", "Late, {supplier} pays.", "Late, the Vendor pays."),
        ("The Vendor shall.", "In that case: {supplier} pays; {supplier} acts.",
         "In that case: the Vendor pays; the Vendor acts."),
        ("the Vendor. The Vendor. Vendor", "By {supplier}'s staff", "By the Vendor's staff"),
        ("the Vendor. Vendor. Vendor", "By {supplier}.", "By Vendor."),
        ("THE Vendor", "By {supplier}.", "By the Vendor."),
        ("the Vendors", "By {supplier}.", "By Vendor."),
        ("the Vendor", "The {supplier} pays the\n{supplier}.", "The Vendor pays the\nVendor."),
    ],
)  # fmt: skip
def test_names_read_as_the_contract_writes_them(contract: str, text: str, expected: str) -> None:
    assert fill(text, contract=contract) == (expected, ())


def test_a_name_keeps_its_own_letters() -> None:
    parties = (Party("iGlobe Co.", ("iGlobe Co.",), "supplier", ""),)
    assert fill("{supplier} pays.", parties=parties)[0] == "iGlobe Co. pays."
    [filled, _] = fill("{supplier} pays.", parties=parties, contract="the iGlobe Co. and the rest")
    assert filled == "The iGlobe Co. pays."


def test_a_party_of_unknown_role_fills_nothing() -> None:
    stranger = Party("Oak", ("Oak",), "unknown", "")
    assert fill("{supplier} pays.", parties=(stranger,))[1] == ("supplier",)


def test_defined_terms_fill_in_the_contracts_own_letters() -> None:
    text = "The {governance_board} meets; each {milestone} counts for {head_contract}."
    filled, still_open = fill(text, terms=("STEERING COMMITTEE", "Milestone"))
    assert filled == (
        "The STEERING COMMITTEE meets; each Milestone counts for "
        "[head contract: upstream contract]."
    )
    assert still_open == ("head_contract",)


def test_an_unknown_placeholder_shows_its_name() -> None:
    assert fill("Pay {strange_thing}.") == (
        "Pay [strange thing: strange_thing].",
        ("strange_thing",),
    )


@pytest.mark.parametrize(
    ("burden", "contract", "expected"),
    [
        ("supplier", "Vendor", "Vendor bears this, Client does not. Vendor alone."),
        ("supplier", "the Vendor", "The Vendor bears this, Client does not. The Vendor alone."),
        ("customer", "Vendor", "Client bears this, Vendor does not. Client alone."),
        ("both", "", "One party bears this, the other party does not. One party alone."),
        ("unclear", "", "One party bears this, the other party does not. One party alone."),
    ],
)
def test_messages_name_the_parties(burden: str, contract: str, expected: str) -> None:
    message = "{burdened} bears this, {other} does not. {burdened} alone."
    assert Filler(contract, PARTIES, ()).name_parties(message, burden) == expected


def test_a_message_without_parties_names_the_roles() -> None:
    message = "{burdened} bears this for {other}."
    got = Filler("", (), ()).name_parties(message, "customer")
    assert got == "The customer bears this for the supplier."


def test_suggestions_carry_all_of_the_alternative() -> None:
    rule = next(rule for rule in RULES if rule.alternatives)
    for made, given in zip(Filler("", PARTIES, ()).suggest(rule), rule.alternatives, strict=True):
        assert (made.grade, made.rationale, made.norms, made.caution) == (
            given.grade, given.rationale, given.norms, given.caution,
        )  # fmt: skip
        assert made.open == Filler("", PARTIES, ()).fill(given.text)[1]


def test_the_checks_of_wording_can_fail() -> None:
    for words in ("It is void.", "An unfair term", "a proven cure", "You should not sign"):
        assert FORBIDDEN.search(words)
    for words in ("Avoid it.", "devoid of sense", "a fair share", "the categories invested"):
        assert not FORBIDDEN.search(words)
    assert not CAREFUL.search("Vendor carries all loss.")


def test_fixed_texts_use_no_forbidden_word() -> None:
    texts = list(every_text())
    assert len(texts) > 200
    assert [(w, FORBIDDEN.findall(t)) for w, t in texts if FORBIDDEN.search(t)] == []


@pytest.mark.parametrize("rule", [r for r in RULES if r.family != "CO"], ids=lambda r: r.code)
def test_messages_are_cautious(rule: Rule) -> None:
    assert CAREFUL.search(rule.message)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)
def test_messages_end_as_sentences(rule: Rule) -> None:
    for text in (rule.message, rule.why):
        assert text.endswith((".", "?")), text
