"""Model wording is reviewed as any clause would be: no tension in it, and a mechanism that counts.

``VALUES`` fills every placeholder with plausible terms of one deal; wording of other parts of the
tool is added to ``every_wording`` and then has to pass as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from clausecheck.assess.knowledge import load_table
from clausecheck.detect.rules import load_rules
from clausecheck.pipeline import Checker
from clausecheck.records import Finding
from clausecheck.settings import Settings
from clausecheck.suggest import list_alternatives, load_placeholders

CUSTOMER, SUPPLIER = "Client", "Vendor"
VALUES = {
    "customer": CUSTOMER,
    "supplier": SUPPLIER,
    "outcome": "cost per resolved case",
    "metric": "audited cost per resolved case",
    "baseline": "$31",
    "target": "$22",
    "date": "31 December 2028",
    "source": "both parties' ledgers",
    "n": "1",
    "milestone": "go-live",
    "delay_rate": "$1,000 a day",
    "standard": "the Service Standards",
    "scope": "claims handling",
    "transaction": "claim",
    "unit_of_improvement": "dollar",
    "gainshare_pct": "40%",
    "painshare_pct": "40%",
    "floor_fee": "a base fee of $900,000 a year",
    "fixed_fee": "$400,000",
    "floor_amount": "$0",
    "cap_amount": "$2,000,000",
    "cap_multiple": "1.5",
    "data_cap_amount": "$4,000,000",
    "pot_amount": "$250,000",
    "collar_pct": "4%",
    "index": "the Producer Price Index",
    "interest_rate": "4% a year",
    "open_book_scope": "the agreed cost model",
    "volume_band": "80% to 120% of the forecast",
    "capacity": "the claims team",
    "floor_quality": "98% accuracy",
    "n_measures": "six",
    "n_of_m": "four of six",
    "recoverable_losses": "the cost of restoring data and of replacement services",
    "notice_days": "20",
    "notice_hours": "24",
    "cure_days": "10",
    "payment_days": "30",
    "forecast_months": "six",
    "ramp_months": "six",
    "exit_months": "six",
    "claim_months": "24",
    "review_period": "quarter",
    "award_term": "one year",
    "governance_board": "Joint Board",
    "executive_sponsors": "Executive Sponsors",
    "neutral": "the Standing Neutral",
    "risk_register": "Joint Risk Register",
    "wind_down_schedule": "Schedule 9",
    "exit_rates": "the contract rates",
    "schedule": "Schedule 4",
    "ip_schedule": "Schedule 7",
    "dispute_clause": "clause 20",
    "head_contract": "the Head Contract",
    "matter": "acceptance of a deliverable",
    "critical_event": "a Critical Failure",
    "supplier_actions": "the redesign of intake",
    "customer_actions": "the release of data",
    "pricing_model": "a base fee with an outcome payment",
    "reason": "both of them act on the result",
}


def fill(text: str) -> str:
    """Return model wording with every placeholder filled."""
    return re.sub(r"\{(\w+)\}", lambda slot: VALUES[slot[1]], text)


def every_wording() -> Iterator[tuple[str, str]]:
    """Yield what each wording is called (a code first, where it replaces one) and its text."""
    for rule in load_rules():
        for number, alternative in enumerate(rule.alternatives, 1):
            yield f"{rule.code} alternative {number}", fill(alternative.text)
    rules = {rule.code: rule for rule in load_rules()}
    for code, entry in load_table("foundations").items():
        for number, alternative in enumerate(list_alternatives(entry, rules), 1):
            yield f"{code} clause {number}", fill(alternative.text)


WORDINGS = list(every_wording())


@cache
def checker(*detectors: str) -> Checker:
    return Checker(Settings(preview=True, detectors=detectors))  # type: ignore[arg-type]


def review(text: str, *detectors: str) -> tuple[Finding, ...]:
    return checker(*detectors).check_clause(text, customer=CUSTOMER, supplier=SUPPLIER)


def test_every_placeholder_has_a_value_and_every_code_an_alternative() -> None:
    assert set(VALUES) == set(load_placeholders())
    codes = {name.split()[0] for name, _ in WORDINGS}
    foundations = {f"F{number}" for number in range(1, 11)}
    assert codes == {rule.code for rule in load_rules()} | foundations
    assert len(codes - foundations) == 70


@pytest.mark.parametrize(("name", "text"), WORDINGS, ids=[name for name, _ in WORDINGS])
def test_model_wording_earns_a_collaborative_code_and_holds_no_tension(
    name: str, text: str
) -> None:
    by_rules = review(text, "rules")
    assert [f.code for f in by_rules if f.family != "CO"] == [], text
    assert [f.code for f in by_rules if f.family == "CO"], text
    code = name.split()[0]
    if code.startswith("CO"):
        assert code in {f.code for f in by_rules}, text


def test_the_whole_review_finds_no_tension_in_model_wording() -> None:
    found = [
        (name, finding.code)
        for name, text in WORDINGS
        for finding in review(text, "rules", "model")
        if finding.family != "CO"
    ]
    assert found == []


def test_the_review_that_a_user_sees_credits_all_model_wording() -> None:
    seen = Checker()
    for name, text in WORDINGS:
        found = seen.check_clause(text, customer=CUSTOMER, supplier=SUPPLIER)
        assert {finding.family for finding in found} == {"CO"}, name


def test_the_test_can_fail() -> None:
    one_way = "Vendor shall indemnify Client from any and all losses arising from the Services."
    assert "RS101" in {f.code for f in review(one_way, "rules", "model")}
    assert not {f.code for f in review("The term is two years.", "rules") if f.family == "CO"}
