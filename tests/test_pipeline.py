import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import clausecheck
from clausecheck import Checker, Settings, SettingsError

SHARED = Path(__file__).resolve().parents[2] / "shared"
CONTRACT = """SERVICES AGREEMENT

This Agreement is made between Acme Stores Ltd ("Client") and Borealis Ltd ("Vendor").

1. Services
1.1 Vendor shall provide the Services described in Schedule 1.
1.2 Client shall pay the Charges within 30 days of each invoice.

8. Indemnities
8.1 Vendor shall indemnify Client against third-party claims to the extent caused by its negligence.
8.2 Client shall indemnify Vendor against third-party claims to the extent caused by its negligence.

9. Termination
9.1 Client may terminate this Agreement for convenience on five days' notice.
9.2 Neither party may assign this Agreement without the other party's consent.

10. Law
10.1 This Agreement shall be governed by the laws of Ontario.
"""


def codes(review: clausecheck.Review) -> dict[str, str]:
    labels = {c.id: c.label for c in review.clauses}
    return {f.code: labels[f.clause] for f in review.findings}


def test_a_contract_is_reviewed_from_end_to_end() -> None:
    review = clausecheck.check(CONTRACT.encode())
    assert review.status == "complete"
    assert [(p.name, p.role) for p in review.parties] == [
        ("Client", "customer"),
        ("Vendor", "supplier"),
    ]
    assert codes(review)["WL201"] == "9.1"
    finding = next(f for f in review.findings if f.code == "WL201")
    assert (finding.burden, finding.party, finding.balance) == ("supplier", "Vendor", "one-sided")
    assert finding.suggestions
    assert review.governing_law
    assert "Ontario" in review.document.text[slice(*review.governing_law)]


def test_a_mirrored_pair_is_listed_as_balanced_and_not_flagged() -> None:
    review = clausecheck.check(CONTRACT.encode())
    labels = {c.id: c.label for c in review.clauses}
    assert "RS101" not in codes(review)
    pairs = {
        (labels[b.clause], labels.get(b.other or "")) for b in review.balanced if b.code == "RS101"
    }
    assert pairs == {("8.1", "8.2"), ("8.2", "8.1")}


def test_one_half_alone_is_flagged() -> None:
    review = clausecheck.check(CONTRACT.replace("8.2 Client", "8.2 Insurer").encode())
    assert codes(review).get("RS101") == "8.1" or all(b.other is None for b in review.balanced)


def test_swapping_the_roles_flips_the_burden_and_nothing_else() -> None:
    swapped = CONTRACT.replace("Client", "#").replace("Vendor", "Client").replace("#", "Vendor")
    one, two = clausecheck.check(CONTRACT.encode()), clausecheck.check(swapped.encode())
    flip = {"customer": "supplier", "supplier": "customer", "both": "both"}
    assert codes(one) == codes(two)
    assert [flip[f.burden] for f in one.findings] == [f.burden for f in two.findings]


def review_body(body: str) -> clausecheck.Review:
    head = 'AGREEMENT between Acme Stores Ltd ("Client") and Borealis Ltd ("Vendor").\n\n'
    return clausecheck.check((head + body).encode())


@pytest.mark.parametrize(
    ("code", "burden", "body"),
    [
        # Like words, unlike sums.
        ("RS103", "supplier", "1. Client's liability shall not exceed $1,000.\n\n"
         "2. Vendor's liability shall not exceed $100,000,000."),
        # A right that both have to end for breach does not match one to end at will.
        ("WL201", "supplier", "1. Either party may terminate for material breach. Client may "
         "terminate this Agreement on 30 days' written notice without cause."),
        # An exception takes back what the sentence gives.
        ("WL201", "supplier", "1. Either party may terminate for convenience on 90 days' notice, "
         "save that Vendor may not do so during the first five years."),
        ("RS101", "supplier", "1. Each party shall indemnify the other, except that Client shall "
         "not be obliged to indemnify Vendor."),
        # A limit that names who pays the sum is still one party's limit.
        ("RS103", "supplier", "1. In no event shall Client's aggregate liability exceed the "
         "amounts paid by Client to Vendor."),
        # A notice that both may give is no time to cure.
        ("WL202", "supplier", "1. Either party may terminate on thirty days' notice. Client may "
         "terminate immediately if Vendor breaches any provision."),
        # Who carries an unlimited liability is whose liability it is.
        ("RS103", "supplier", "1. Limit:\n\n(a) Client's total liability to Vendor shall not "
         "exceed $50,000; and\n\n(b) Vendor's liability to Client shall be unlimited."),
    ],
)  # fmt: skip
def test_what_is_mutual_in_form_only_is_not_cleared(code: str, burden: str, body: str) -> None:
    review = review_body(body)
    assert {f.burden for f in review.findings if f.code == code} == {burden}


@pytest.mark.parametrize(
    "body",
    [
        "1. Neither party shall be liable for consequential loss.",
        "1. Vendor shall have no liability for consequential damages and its liability shall be "
        "limited to the fees paid in the prior twelve months.\n\n2. Client shall have no liability "
        "for consequential damages and its liability shall be limited to the fees paid in the "
        "prior twelve months.",
        "1. If Vendor fails to cure a material breach within 30 days of notice, Client may "
        "terminate this Agreement.",
    ],
)
def test_what_is_mutual_or_for_cause_is_not_flagged(body: str) -> None:
    assert [f.code for f in review_body(body).findings if f.family != "CO"] == []


def test_a_limit_for_one_party_is_no_shared_risk() -> None:
    limit = "1. In no event shall Client's aggregate liability to Vendor exceed the fees paid."
    both = "2. Neither party shall be liable for indirect or consequential damages."
    review = review_body(f"{limit}\n\n{both}")
    credited = [f for f in review.findings if f.code == "CO407"]
    assert [f.clause for f in credited] == [review.clauses[-1].id]


def test_a_filter_does_not_change_who_carries_the_contract() -> None:
    whole = Checker().check_text(CONTRACT).balance
    for chosen in (
        Settings(perspective="customer"),
        Settings(select=("AB",)),
        Settings(ignore=("WL",)),
        Settings(min_severity=5),
    ):
        assert Checker(chosen).check_text(CONTRACT).balance == whole


def test_an_unknown_code_is_a_settings_error() -> None:
    with pytest.raises(clausecheck.SettingsError, match="XX"):
        Checker(Settings(select=("XX",))).check_text(CONTRACT)


@pytest.mark.parametrize("name", ["rules", "model"])
def test_each_detector_runs_alone(name: str) -> None:
    review = Checker(Settings(detectors=(name,))).check_text(CONTRACT)  # type: ignore[arg-type]
    assert {f.origin for f in review.findings} <= {name.removesuffix("s")}


def test_the_perspective_keeps_one_sides_burdens() -> None:
    for side in ("customer", "supplier"):
        review = Checker(Settings(perspective=side)).check_text(CONTRACT)  # type: ignore[arg-type]
        assert {f.burden for f in review.findings if f.family != "CO"} <= {side, "unclear", "both"}


def test_a_failed_source_is_a_review_that_says_why() -> None:
    good, bad = clausecheck.check_many([CONTRACT.encode(), "no-such-file.docx"])
    assert good.status == "complete"
    assert (bad.status, bad.document.name) == ("failed", "no-such-file.docx")
    assert bad.problems[0].advice


def test_check_clause_names_the_party() -> None:
    [finding] = [
        f
        for f in Checker().check_clause(
            "Globex may terminate this Agreement for convenience at any time.",
            customer="Globex", supplier="Initech",
        )
        if f.code == "WL201"
    ]  # fmt: skip
    assert (finding.burden, finding.party, finding.clause) == ("supplier", "Initech", "c1")


LINES = st.sampled_from(
    [*CONTRACT.splitlines(), "", "\f", "Page 3", "“quoted”\r", "\u2028", "(a) x;"]
)


@settings(max_examples=40)
@given(st.lists(LINES, min_size=1, max_size=25).map("\n".join))
def test_every_finding_quotes_its_own_clause(text: str) -> None:
    try:
        review = Checker().check_text(text)
    except clausecheck.InputError:
        return
    clauses = {c.id: c for c in review.clauses}
    for finding in review.findings:
        clause = clauses[finding.clause]
        assert clause.start <= finding.start < finding.end <= clause.end
        assert review.document.places(finding.start, finding.end)
        for evidence in finding.evidence:
            assert 0 <= evidence.start <= evidence.end <= len(text)


EVERY_REPORT = """
import sys
from clausecheck import Checker
from clausecheck.report import FORMATS, ReportOptions
review = Checker().check(sys.argv[1])
for name in sorted(FORMATS):
    for edition in ("full", "shareable"):
        if edition == "full" or name not in ("json", "csv"):
            options = ReportOptions(why=edition == "full", edition=edition)
            for text in FORMATS[name]([review], options):
                sys.stdout.buffer.write(text.encode())
"""


def test_two_hash_seeds_give_equal_bytes_in_every_format_and_edition(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text(CONTRACT, "utf-8")
    outputs = [
        subprocess.run(
            [sys.executable, "-c", EVERY_REPORT, path.name],
            cwd=tmp_path, capture_output=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) > 50_000


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the contracts kept outside the repository")
@pytest.mark.parametrize("pattern", ["cuad/txt/*.txt", "docx/*.docx", "cuad/pdf/*.pdf"])
def test_real_contracts_are_quoted_exactly(pattern: str) -> None:
    paths = sorted((SHARED / "contracts").glob(pattern))[::12]
    for review in Checker().check_many(paths):
        if review.status == "failed":
            assert review.problems[0].advice
            continue
        assert review.clauses
        for finding in review.findings:
            assert review.document.text[finding.start : finding.end].strip()
            assert review.document.places(finding.start, finding.end)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"perspective": "buyer"}, "customer, supplier, both"),
        ({"sensitivity": "x"}, "precise, balanced, thorough"),
        ({"view": "z"}, "final, original"),
        ({"detectors": ("magic",)}, "rules, model"),
        ({"detectors": ()}, "Name rules, model or both"),
        ({"select": "RS"}, "Give a tuple"),
        ({"min_severity": 0}, "Use 1 to 5"),
    ],
)
def test_a_setting_that_would_check_something_else_is_refused(given, told) -> None:
    with pytest.raises(SettingsError, match=told):
        Settings(**given)


def test_what_is_no_source_is_refused() -> None:
    with pytest.raises(TypeError, match="not NoneType"):
        Checker().check(None)
