import pytest

from clausecheck import Checker
from clausecheck.segment.paper import tell_kind

SERVICES = "Supplier shall provide the Services, and Customer shall pay the Fees when due. " * 60
LOAN = "Borrower shall repay to Lender what Lender has advanced, with interest at the rate. " * 60


def test_services_are_the_ground() -> None:
    kind = tell_kind("MASTER SERVICES AGREEMENT\n\n" + SERVICES)
    assert (kind.name, kind.within, kind.note) == ("services", True, "")


@pytest.mark.parametrize(
    ("title", "actor", "name"),
    [
        ("CONSTRUCTION LOAN AGREEMENT", "Borrower", "loan"),
        ("LEASE AGREEMENT", "Tenant", "lease"),
        ("GUARANTY AGREEMENT", "Guarantor", "guaranty"),
        ("EMPLOYMENT AGREEMENT", "The Executive", "employment"),
        ("Stock Purchase Agreement", "Stockholder", "corporate"),
    ],
)
def test_other_papers_are_known_by_title_and_words(title: str, actor: str, name: str) -> None:
    text = f"Exhibit 10.1\n\n{title}\n\n{LOAN.replace('Borrower', actor)}"
    kind = tell_kind(text)
    assert (kind.name, kind.within) == (name, False)
    assert text[kind.start : kind.end] == title
    assert "outside its ground" in kind.note


def test_dense_words_tell_without_a_title() -> None:
    kind = tell_kind(LOAN)
    assert (kind.name, kind.start, kind.end) == ("loan", 0, 0)


def test_a_title_alone_does_not_tell() -> None:
    assert tell_kind("EQUIPMENT LEASE AGREEMENT\n\n" + SERVICES).within
    assert tell_kind("LOAN AGREEMENT\n\nBorrower shall repay Lender.").within  # too short to say


def test_what_a_loan_says_is_kept_apart() -> None:
    clause = "\n\nBorrower may terminate this Agreement for convenience on ten days' notice.\n\n"
    served = Checker().check_text(
        "SERVICES AGREEMENT\n\n" + SERVICES + clause.replace("Borrower", "Customer")
    )
    lent = Checker().check_text("LOAN AGREEMENT\n\n" + LOAN + clause)
    assert [f.code for f in served.findings] == ["WL201"]
    assert lent.findings == ()
    assert all(f.band == "look" for f in lent.worth_a_look)
    assert lent.kind is not None
    assert not lent.kind.within
