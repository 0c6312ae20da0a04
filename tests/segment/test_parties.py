from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausecheck.records import Document, Party
from clausecheck.segment.evidence import tally_parties
from clausecheck.segment.generic import generic_parties
from clausecheck.segment.lexicon import role_weight, role_words
from clausecheck.segment.names import clean_alias, clean_name, strip_suffix
from clausecheck.segment.parties import find_parties
from clausecheck.segment.preamble import read_preamble

SHARED = Path(__file__).resolve().parents[3] / "shared"


def find(text: str) -> tuple[Party, ...]:
    return find_parties(Document("a.txt", "text/plain", "", text), ())


def roles(text: str) -> dict[str, str]:
    return {party.name: party.role for party in find(text)}


def aliases(text: str, name: str) -> tuple[str, ...]:
    return next(p.aliases for p in find(text) if p.name == name)


SUBCONTRACT = {"Contractor": "customer", "Subcontractor": "supplier"}
BODY = """
1. Northwind shall perform the Services and shall provide trained personnel.
2. Harbour agrees to pay Northwind the monthly fees within 30 days of the invoice.
3. Northwind shall invoice Harbour each month for the Services provided by Northwind.
4. Harbour may terminate this Agreement; Northwind may not.
"""

PREAMBLES = [
    (
        "THIS AGREEMENT is made between Northwind Systems, Inc., a Delaware corporation "
        '("Northwind"), and Harbour Lines Ltd. ("Harbour").'
    ),
    (
        "This Agreement is entered into as of 3 May 2021 by and between Northwind Systems, "
        "Inc. (“Northwind”), having its office at 4 Mill Road, and Harbour Lines Ltd. "
        "(hereinafter referred to as “Harbour”). Each of Northwind and Harbour is a “Party”; "
        "together, the “Parties”."
    ),
    (
        "PARTIES\n\n(1) NORTHWIND SYSTEMS LIMITED, a company registered in England (the "
        "'Northwind'); and\n\n(2) HARBOUR LINES PLC of 9 Quay Street (the 'Harbour').\n\n"
        "BACKGROUND\n"
    ),
    (
        "SERVICES AGREEMENT\nbetween\nNorthwind Systems, Inc.\n1 Mill Road\nLeeds\n"
        '("Northwind")\nand\nHarbour Lines Ltd\n9 Quay Street\n("Harbour")\n\nRECITALS\n'
    ),
    (
        'SERVICES AGREEMENT\n\nNorthwind Systems, Inc. ("Northwind"), with offices at 1 Mill '
        'Road, agrees with Harbour Lines Ltd. ("Harbour") on what follows.\n'
    ),
    ('Agreement among Northwind Systems, Inc. ("Northwind"), Harbour Lines Ltd. ("Harbour").\n'),
]


@pytest.mark.parametrize("preamble", PREAMBLES)
def test_bare_names_get_roles_from_who_pays_and_who_performs(preamble: str) -> None:
    assert roles(preamble + BODY) == {"Northwind": "supplier", "Harbour": "customer"}


@pytest.mark.parametrize("preamble", PREAMBLES)
def test_swapping_the_names_flips_the_roles(preamble: str) -> None:
    swapped = (
        BODY.replace("Harbour", "Xx").replace("Northwind", "Harbour").replace("Xx", "Northwind")
    )
    assert roles(preamble + swapped) == {"Northwind": "customer", "Harbour": "supplier"}


def test_the_reason_says_where_and_how() -> None:
    how = {p.name: p.how for p in find(PREAMBLES[0] + BODY)}
    assert how["Harbour"] == "defined in the preamble; pays or buys in 2 places"
    assert how["Northwind"].startswith("defined in the preamble; performs or supplies in ")


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("Supplier", "Customer", ("supplier", "customer")),
        ("Company", "Contractor", ("customer", "supplier")),
        ("Company", "Client", ("supplier", "customer")),
        ("Owner", "Contractor", ("customer", "supplier")),
        ("Contractor", "Subcontractor", ("customer", "supplier")),
        ("Licensor", "Licensee", ("supplier", "customer")),
        ("Principal", "Agent", ("customer", "supplier")),
        ("Manufacturer", "Distributor", ("supplier", "customer")),
        ("Bank", "Servicer", ("customer", "supplier")),
        ("CUSTOMER", "SERVICE PROVIDER", ("customer", "supplier")),
    ],
)
def test_role_words_decide_in_either_order(one: str, two: str, expected: tuple[str, str]) -> None:
    for first, second, wanted in ((one, two, expected), (two, one, expected[::-1])):
        text = (
            f'Agreement between Acme Ltd (the "{first}") and Zeta plc (the "{second}").\n'
            f"The {first} shall keep records. The {second} shall keep records too."
        )
        assert [(p.name, p.role) for p in find(text)] == list(
            zip((first, second), wanted, strict=True)
        )


def test_company_is_whatever_the_text_makes_of_it() -> None:
    start = 'Agreement between Acme Ltd (the "Company") and Jo Field ("Field").\n'
    pays = "The Company shall pay Field a fee of 10. Field shall perform the Services."
    performs = "Field shall pay the Company a fee of 10. The Company shall perform the Services."
    assert roles(start + 3 * pays) == {"Company": "customer", "Field": "supplier"}
    assert roles(start + 3 * performs) == {"Company": "supplier", "Field": "customer"}


def test_a_joint_venture_in_which_both_pay_stays_open() -> None:
    text = (
        'JOINT VENTURE AGREEMENT between Acme Ltd ("Acme") and Zeta plc ("Zeta").\n'
        "Acme shall pay half of the price of the plant and shall provide staff. "
        "Zeta shall pay half of the price of the plant and shall provide staff."
    )
    assert roles(text) == {"Acme": "unknown", "Zeta": "unknown"}


def test_paying_taxes_or_damages_is_not_paying_for_the_service() -> None:
    tally = tally_parties("Acme shall pay all taxes and its own employees' wages.", [["Acme"]])[0]
    assert (tally.pays, tally.payments, tally.uses) == (0, 0, 1)


def test_aliases_hold_every_name_in_use_and_no_other() -> None:
    text = (
        'Agreement between Bluewater Cranes, Inc. (the "Supplier") and Zeta plc ("Customer").\n'
        "The Supplier shall lift. Bluewater shall lift, and Bluewater's staff shall rest. "
        "SUPPLIER WAIVES.\n"
        "Signed: Bluewater Cranes"
    )
    found = aliases(text, "Supplier")
    assert set(found) == {
        "Bluewater Cranes, Inc.", "Bluewater Cranes", "Bluewater", "Supplier", "SUPPLIER",
        "The Supplier",
    }  # fmt: skip
    assert len(set(found)) == len(found)


def test_a_short_name_that_two_companies_share_is_no_alias() -> None:
    text = (
        'Agreement between Bluewater Cranes, Inc. ("Supplier") and'
        ' Bluewater Ports Ltd ("Customer").\n'
        "Supplier shall lift. Customer shall pay. Bluewater shall rest. Bluewater may rest."
    )
    assert all("Bluewater" not in p.aliases for p in find(text))


def test_ordinary_words_are_never_aliases() -> None:
    text = (
        'This Agreement (the "Agreement") is made on 3 May (the "Effective Date") between Acme Ltd'
        ' ("Supplier") and Zeta plc ("Customer"), each a "Party", their "Affiliates" bound to'
        ' buy services (the "Services"). Supplier shall work. Customer shall pay. Each Party shall'
        " behave. The Services shall be good. Affiliates shall behave."
    )
    assert {a for p in find(text) for a in p.aliases} == {
        "Acme Ltd",
        "Supplier",
        "Zeta plc",
        "Customer",
    }


def test_lettered_parties() -> None:
    text = (
        "Party A: Sunrise Paper Co., Ltd.\nAddress: 5 Lake Road\nParty B: Moon Freight Co., "
        "Ltd.\n\n"
        "1. Party B shall provide transportation services to Party A.\n2. Party A shall pay "
        "Party B the freight fee."
    )
    assert roles(text) == {"Party A": "customer", "Party B": "supplier"}
    assert "Sunrise Paper Co., Ltd." in aliases(text, "Party A")


def test_three_parties_in_order_of_appearance() -> None:
    text = (
        'Agreement by and among Acme Ltd ("Supplier"), Zeta plc ("Customer") and'
        ' Iota LLC ("Guarantor").\n'
        "Supplier shall work. Customer shall pay the fees. Guarantor shall stand by."
    )
    assert [(p.name, p.role) for p in find(text)] == [
        ("Supplier", "supplier"), ("Customer", "customer"), ("Guarantor", "unknown"),
    ]  # fmt: skip


def test_definitions_give_the_alias() -> None:
    text = (
        "Agreement between Acme Widgets Ltd and Zeta Foods plc.\n1. Definitions\n"
        '"Customer" means Zeta Foods plc.\n"Supplier" means Acme Widgets Ltd.\n'
        "2. Supplier shall work. Customer shall watch."
    )
    assert roles(text) == {"Supplier": "supplier", "Customer": "customer"}
    assert "Acme Widgets Ltd" in aliases(text, "Supplier")


def test_signatures_are_the_last_resort() -> None:
    text = (
        "1. The work is done.\n2. It is paid.\n\n"
        + "Nothing else. " * 20
        + ("\nACME WIDGETS LTD\nBy: ______\n\nZETA FOODS PLC\nBy: ______\n")
    )
    assert [p.name for p in find(text)] == ["ACME WIDGETS LTD", "ZETA FOODS PLC"]


def test_form_without_names_uses_the_role_words_that_act() -> None:
    text = (
        "AGREEMENT made in the year 2020 between the Owner:\n(Name and address)\n\nand the "
        "Contractor:\n"
        "(Name and address)\n\nThe Contractor shall build. The Owner shall look on. The "
        "Contractor shall tidy. The Owner may help."
    )
    assert roles(text) == {"Owner": "customer", "Contractor": "supplier"}


def test_a_role_word_is_parted_from_a_company_that_acts_beside_it() -> None:
    text = (
        "Agreement between Lumen Inc., a company with offices in Leeds, and the party named"
        ' below ("Distributor").\n'
        "Lumen shall ship. Lumen may refuse. Lumen shall answer. Distributor shall sell. "
        "Distributor shall report."
    )
    assert roles(text) == {"Distributor": "customer", "Lumen": "supplier"}


def test_contents_before_the_preamble_do_not_hide_it() -> None:
    contents = "TABLE OF CONTENTS\n" + "".join(
        f"{i}. Heading ........ {i}\n" for i in range(1, 400)
    )
    assert len(contents) > 6000
    assert roles(contents + PREAMBLES[0] + BODY) == {"Northwind": "supplier", "Harbour": "customer"}


def test_a_form_names_its_parties_by_role() -> None:
    text = (
        "STATEMENT OF WORK\n\n| Customer name: | Fabrikam Retail Ltd |\n"
        "**Supplier:** Contoso GmbH\n"
        "Date: 3 May\n\n1. Fabrikam may end this order. 2. Fabrikam shall pay Contoso GmbH."
    )
    assert roles(text) == {"Customer": "customer", "Supplier": "supplier"}
    assert {"Fabrikam Retail Ltd", "Fabrikam"} <= set(aliases(text, "Customer"))
    assert "Contoso GmbH" in aliases(text, "Supplier")


@pytest.mark.parametrize(
    "line", ["Customer: Northwind Ltd", "Customer: see Schedule 1\nSupplier: "]
)
def test_a_form_that_names_one_side_is_no_form_of_parties(line: str) -> None:
    assert not any(p.source.startswith("named in a form") for p in find(f"{line}\n1. Pay us."))


def test_we_and_you_are_parties_where_nobody_else_is() -> None:
    text = (
        "TERMS OF USE\n1. We will host the site. We may change the fees. 2. You shall pay us the "
        "monthly fees. You may not sell the account. 3. US law applies; we and you agree."
    )
    assert roles(text) == {"We": "supplier", "You": "customer"}
    assert "us" in aliases(text, "We")
    assert "US" not in aliases(text, "We")
    named = (
        'Terms of Acme Ltd ("Provider"). Provider shall host. You must pay Provider. You may go.'
    )
    assert set(roles(named)) == {"Provider", "You"}
    assert "We" not in roles(named.replace("You", "We"))
    assert "We" not in roles(PREAMBLES[0] + BODY + "We may. We may. You may. You may.")


def test_no_parties() -> None:
    assert find("") == ()
    assert find("The weather was fine.\n") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Company shall indemnify the Client.", {"Company": "supplier", "Client": "customer"}),
        ("Company may suspend Vendor.", {"Company": "customer", "Vendor": "supplier"}),
        ("Acme shall indemnify Customer.", {"Acme": "supplier", "Customer": "customer"}),
        ("Company shall rest.", {"Company": "unknown"}),
        ("Contractor shall pay Subcontractor.", SUBCONTRACT),
        ("Contractor shall build for Owner.", {"Contractor": "supplier", "Owner": "customer"}),
        ("THE SERVICE PROVIDER MAY STOP.", {"Service Provider": "supplier"}),
        ("Either party may terminate this Agreement.", {}),
        ("The Services shall be fit for the supplier of goods.", {}),
    ],
)  # fmt: skip
def test_generic_parties(text: str, expected: dict[str, str]) -> None:
    assert {p.name: p.role for p in generic_parties(text)} == expected


def test_every_role_word_has_a_weight() -> None:
    assert all(role_weight(word.title()) for word in role_words() if word != "service company")


@pytest.mark.parametrize("word", ["Company", "Corporation", "Party", "Affiliate", "Bank", "Acme"])
def test_words_that_stand_on_either_side_have_no_weight(word: str) -> None:
    assert role_weight(word) == 0


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Acme, Inc.", "Acme"),
        ("Acme Co., Ltd.", "Acme"),
        ("Acme L.L.C.", "Acme"),
        ("Acme Trust", "Acme Trust"),
    ],
)
def test_strip_suffix(name: str, short: str) -> None:
    assert strip_suffix(name) == short


@pytest.mark.parametrize(
    "name",
    ["March 20", "State of Delaware", "Colorado Springs, CO 80906", "Wales", "Effective Date"],
)
def test_what_is_no_party_name(name: str) -> None:
    assert not clean_name(name) or not clean_alias(name)


WORDS = st.sampled_from(
    ["Acme Ltd", "Zeta, Inc.", '("Supplier")', '(the "Client")', "between", "and", "shall pay",
     "the fee", ",", ".", "\n\n",
     "(1)", "Party A:", "“Owner”", "means", "Johnson and Johnson",
     "((", "))", '"', "hereinafter", "WHEREAS", "é", "1."]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_any_order_of_words_gives_sound_parties(text: str) -> None:
    for mention in read_preamble(text):
        assert 0 <= mention.start < len(text)
    parties = find(text)
    assert parties == find(text)
    owners: dict[str, int] = {}
    for i, party in enumerate(parties):
        assert party.name
        assert "; " in party.how
        for alias in party.aliases:
            assert owners.setdefault(alias, i) == i, "one name, two parties"
    generic_parties(text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_survived(text: str) -> None:
    find(text)
    generic_parties(text)


@pytest.mark.shared
def test_real_contracts_have_two_parties_with_roles() -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared contracts are not beside the checkout")
    files = sorted((SHARED / "contracts" / "cuad" / "txt").glob("*.txt"))[::6]
    found = [roles(path.read_text(encoding="utf-8", errors="replace")) for path in files]
    resolved = sum(1 for r in found if {"customer", "supplier"} <= set(r.values()))
    assert resolved / len(files) > 0.65
