import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausecheck.detect.patterns import PatternError, make_pattern
from clausecheck.detect.tokens import Tokens
from clausecheck.records import Party

PARTIES = (
    Party("Client", ("Client",), "customer", ""),
    Party("Vendor", ("Vendor",), "supplier", ""),
)
LISTS = {"duty": ["shall", "agrees to"]}


def matches(pattern: str, text: str) -> list[str]:
    tokens = Tokens(text, PARTIES)
    view = tokens.view([(0, len(text))])
    found = []
    for match in make_pattern(pattern, LISTS).find(view):
        first, last = view.index[match.first], view.index[match.last - 1]
        found.append(text[tokens.starts[first] : tokens.ends[last]])
    return found


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("[A] {duty} pay", "Vendor agrees to PAY Client.", ["Vendor agrees to PAY"]),
        (
            "[A] .. {duty}",
            "Vendor, at its own cost, shall pay.",
            ["Vendor, at its own cost, shall"],
        ),
        ("[A] .. pay", "Vendor and its agents may not pay", []),
        ("[A] .. pay", "Vendor asks that Client pay", ["Client pay"]),
        ("[A] ... [B]", "Vendor pays Vendor. Client pays Vendor", ["Client pays Vendor"]),
        ("[A] .... pay", "Vendor is late. Client shall pay", ["Client shall pay"]),
        ("(hold harmless|indemnify)? [customer]", "indemnify Client", ["indemnify Client"]),
        ("indemnif* the", "indemnification the", ["indemnification the"]),
        ("<num> days", "ten (10) days", []),
        ("<num> ) days", "ten (10) days", ["10) days"]),
        ("[supplier] shall", "Client shall. Vendor shall.", ["Vendor shall"]),
        ("pay", "repay the prepayment", []),
    ],
)
def test_pattern_language(pattern: str, text: str, expected: list[str]) -> None:
    assert matches(pattern, text) == expected


@pytest.mark.parametrize(
    ("pattern", "advice"),
    [
        ("{dutty} pay", "no list"),
        ("[C] pay", "no slot"),
        ("(a (b) c", "cannot nest"),
        ("([A]|x) pay", "inside a group"),
        ("a* b", "three letters"),
        ("...", "no word"),
        ("(a|) b", "empty alternative"),
    ],
)
def test_a_wrong_pattern_is_refused_with_advice(pattern: str, advice: str) -> None:
    with pytest.raises(PatternError, match=advice):
        make_pattern(pattern, LISTS)


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(["[A]", "....", "...", "..", "x", "y?", "(x y|y)"]), min_size=1, max_size=6
    )
)
def test_no_pattern_backtracks_without_end(pieces: list[str]) -> None:
    source = " ".join([*pieces, "never-there"])
    began = time.process_time()
    matches(source, "Client x y x y x y , " * 60)
    assert time.process_time() - began < 2
