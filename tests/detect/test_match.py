import re
from pathlib import Path

from clausecheck.detect.match import RuleMatcher, judge_sentence, lead_spans
from clausecheck.detect.rules import load_rule_set
from clausecheck.detect.tokens import Tokens
from clausecheck.records import Clause, Party
from clausecheck.shipped import shipped_folder

PARTIES = (
    Party("Client", ("Client",), "customer", ""),
    Party("Vendor", ("Vendor",), "supplier", ""),
)
SWAPPED = (
    Party("Vendor", ("Vendor",), "customer", ""),
    Party("Client", ("Client",), "supplier", ""),
)
RULES = load_rule_set()


def find(text: str, code: str, parties: tuple[Party, ...] = PARTIES) -> list[tuple[str, str, int]]:
    rule = RULES.rule(code)
    assert rule is not None
    matcher = RuleMatcher([rule], RULES.cues)
    clause = Clause("c1", "", "", "operative", None, 0, len(text))
    return [
        (h.verdict, h.burden, h.severity) for h in matcher.find(Tokens(text, parties), [clause])
    ]


TERMINATION = "Client may terminate this Agreement for convenience on 15 days' notice."


def test_burden_follows_the_roles_and_not_the_names() -> None:
    [(verdict, burden, severity)] = find(TERMINATION, "WL201")
    [(verdict2, burden2, severity2)] = find(TERMINATION, "WL201", SWAPPED)
    assert (verdict, burden) == ("flag", "supplier")
    assert (verdict2, burden2, severity2) == ("flag", "customer", severity)


def test_the_same_right_for_both_is_balanced() -> None:
    [(verdict, _, _)] = find(TERMINATION.replace("Client", "Either party"), "WL201")
    assert verdict == "balanced"


def test_a_negated_power_is_no_finding() -> None:
    assert find(TERMINATION.replace("may terminate", "may not terminate"), "WL201") == []


def test_unknown_roles_stay_unclear() -> None:
    unknown = tuple(Party(p.name, p.aliases, "unknown", "") for p in PARTIES)
    [(verdict, burden, _)] = find(TERMINATION, "WL201", unknown)
    assert (verdict, burden) == ("flag", "unclear")


def test_notice_moves_severity() -> None:
    def severity(days: int) -> int:
        return find(TERMINATION.replace("15", str(days)), "WL201")[0][2]

    assert severity(5) > severity(15) > severity(90)


def test_fault_limits_soften() -> None:
    text = "Vendor shall indemnify Client against any and all losses"
    [(_, _, wide)] = find(text + " whatsoever.", "RS101")
    [(_, _, narrow)] = find(text + " to the extent caused by its negligence.", "RS101")
    assert narrow < wide


def test_a_list_item_inherits_its_lead_in() -> None:
    text = "Vendor shall:\n(a) indemnify Client against all losses; and\n(b) keep records."
    clauses = [
        Clause("c1", "1", "", "operative", None, 0, 13),
        Clause("c2", "(a)", "", "operative", "c1", 14, 58),
        Clause("c3", "(b)", "", "operative", "c1", 59, len(text)),
    ]
    rule = RULES.rule("RS101")
    assert rule is not None
    [hit] = RuleMatcher([rule], RULES.cues).find(Tokens(text, PARTIES), clauses)
    assert (hit.clause, hit.burden) == (1, "supplier")
    assert text[hit.start : hit.end].startswith("indemnify")


def test_both_parties_in_one_clause_are_a_mirror() -> None:
    text = (
        "Vendor shall indemnify Client against third-party claims to the extent caused by its "
        "negligence. Client shall indemnify Vendor against third-party claims to the extent caused "
        "by its negligence."
    )
    [(verdict, burden, _)] = find(text, "RS101")
    assert (verdict, burden) == ("balanced", "both")


def test_a_narrower_promise_in_return_makes_the_mirror_partial() -> None:
    wide = "Vendor shall indemnify Client against any and all losses. "
    narrow = "Client shall indemnify Vendor against claims that its logo infringes a trade mark."
    rule = RULES.rule("RS101")
    assert rule is not None
    text = wide + narrow
    clause = Clause("c1", "", "", "operative", None, 0, len(text))
    [hit] = RuleMatcher([rule], RULES.cues).find(Tokens(text, PARTIES), [clause])
    [(_, _, alone)] = find(wide, "RS101")
    assert (hit.burden, hit.balance) == ("supplier", "partial")
    assert hit.severity < alone


HINTED = """
hints:
- "[A] {power} .. {terminate}"
cancel_hints:
- {when: "(unless|until)", where: sentence, note: with a condition}
"""


def find_hinted(
    tmp_path: Path, text: str, hints: str = HINTED
) -> list[tuple[str, str, tuple[str, ...], str]]:
    source = (shipped_folder("rules") / "win-lose" / "WL201.yaml").read_text("utf-8")
    source = source.replace("\nanchors: [", "\nanchors: [order, ", 1)
    kept, rest = source.split("\npatterns:\n")
    _, rest = rest.split("\ncancel:\n")
    rest = re.sub(r"(?m)^cancel_hints:\n(?:- .*\n)+", "", rest)
    strict = '\npatterns:\n- "[A] {power} .. {terminate} .... for convenience"'
    (tmp_path / "WL201.yaml").write_text(f"{kept}{strict}{hints}cancel:\n{rest}", "utf-8")
    rule = load_rule_set((str(tmp_path),)).rule("WL201")
    assert rule is not None
    clause = Clause("c1", "", "", "operative", None, 0, len(text))
    return [
        (h.verdict, h.burden, tuple(e.kind for e in h.evidence), text[h.start : h.end])
        for h in RuleMatcher([rule], RULES.cues).find(Tokens(text, PARTIES), [clause])
    ]


def test_a_hint_speaks_only_where_no_pattern_does(tmp_path: Path) -> None:
    [(verdict, burden, kinds, words)] = find_hinted(tmp_path, "Client may terminate this order.")
    assert (verdict, burden, kinds[0]) == ("hint", "supplier", "hint")
    assert words == "Client may terminate"
    [(verdict, _, kinds, words)] = find_hinted(tmp_path, TERMINATION)
    assert (verdict, kinds[0]) == ("flag", "pattern")
    assert words.endswith("for convenience")


def test_a_hint_is_withdrawn_by_what_withdraws_its_rule_and_by_more(tmp_path: Path) -> None:
    def verdict(text: str) -> str | None:
        found = find_hinted(tmp_path, text)
        return found[0][0] if found else None

    assert verdict("Either party may terminate this order.") == "balanced"
    # A hint that is withdrawn says nothing: its words are too broad for that to be a sign.
    assert verdict("Client may terminate this order if Vendor fails to pay.") is None
    assert verdict("Client may terminate this order unless it is paid for.") is None
    # What withdraws hints alone leaves a pattern's flag as it is.
    assert verdict("Client may terminate this order for convenience until May.") == "flag"


def test_hints_are_tried_in_order_and_the_first_that_stands_speaks(tmp_path: Path) -> None:
    # Both hints read this sentence, each with another actor: that makes it no mutual clause.
    hints = '\nhints:\n- "[A] {power} .... {terminate}"\n- "[A] .. {terminate}"\n'
    text = "Client may have Vendor terminate this order."
    [(verdict, burden, *_)] = find_hinted(tmp_path, text, hints)
    assert (verdict, burden) == ("hint", "supplier")


def test_a_doubt_makes_of_a_flag_no_more_than_a_hint() -> None:
    assert [v for v, *_ in find("Vendor shall indemnify Client against all losses.", "RS101")] == [
        "flag"
    ]
    text = "Vendor shall indemnify Client against all losses from defects of its products."
    assert [v for v, *_ in find(text, "RS101")] == ["hint"]
    both = "Vendor shall indemnify Client against defects of its products, and vice versa."
    assert [v for v, *_ in find(both, "RS101")] == ["balanced"]


def test_a_heading_below_a_rule_of_dashes_is_still_a_heading() -> None:
    heading = "10.0 Disclaimer of Consequential Damages"
    text = f"{'-' * 80} {heading}"
    clause = Clause("c1", "", heading, "operative", None, 0, len(text))
    assert lead_spans(Tokens(text, PARTIES), [clause], {"c1": 0}, 0) == [(len(text), len(text))]
    for rule in RULES.rules:
        assert RuleMatcher([rule], RULES.cues).find(Tokens(text, PARTIES), [clause]) == []


def test_a_long_sentence_is_quoted_from_one_semicolon_to_the_next() -> None:
    rule = RULES.rule("WL210")
    assert rule is not None
    owned = "all work product belongs to Client alone"
    rest = "Vendor keeps accurate records of its work and shows them to Client on request"

    def quote(text: str) -> str:
        def score(sentences: object) -> list[float]:
            return [float("product" in forms) for forms in sentences]  # type: ignore[attr-defined]

        tokens = Tokens(text, PARTIES)
        hit = judge_sentence(rule, RULES.cues, tokens, [(0, len(text))], 0, score)
        assert hit is not None
        return text[hit.start : hit.end]

    long = f"{'; '.join([rest] * 3)}; {owned}; {rest}; {rest}."
    assert quote(long) == f"{owned};"
    assert quote(f"{owned}; {rest}.") == f"{owned}; {rest}."
