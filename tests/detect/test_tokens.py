from hypothesis import given
from hypothesis import strategies as st

from clausecheck.detect.tokens import Tokens, party_symbols
from clausecheck.records import Party

CUSTOMER = Party("Client", ("Client", "Acme Stores Ltd"), "customer", "")
SUPPLIER = Party("Service Provider", ("Service Provider", "Borealis"), "supplier", "")
PARTIES = (CUSTOMER, SUPPLIER)

WORDS = st.sampled_from(
    ["Client", "Service Provider", "shall", "“Fees”", "U.S.", "Inc.", "12.2(a)", "the other party",
     "neither", "nor", "and", "\r\n\r\n", "\t", "$1,000.00", "Client’s", "[***]", "@s", "ﬁ",
     "\u200b", "é"]
)  # fmt: skip


def fold(text: str, parties: tuple[Party, ...] = PARTIES) -> str:
    return Tokens(text, parties).view([(0, len(text))]).text.strip()


@given(st.lists(WORDS | st.text(max_size=8), max_size=30).map(" ".join))
def test_tokens_cover_every_character_that_is_not_space_once(text: str) -> None:
    tokens = Tokens(text, PARTIES)
    covered = [i for s, e in zip(tokens.starts, tokens.ends, strict=True) for i in range(s, e)]
    assert covered == sorted(set(covered))
    assert {i for i, c in enumerate(text) if not c.isspace()} <= set(covered)


@given(st.lists(WORDS | st.text(max_size=8), max_size=30).map(" ".join))
def test_every_form_of_a_view_walks_back_to_its_token(text: str) -> None:
    tokens = Tokens(text, PARTIES)
    view = tokens.view([(0, len(text))])
    for position, index in zip(view.at, view.index, strict=True):
        form = tokens.forms[index]
        assert view.text[position : position + len(form) + 1] == form + " "


def test_parties_fold_to_their_roles_whatever_their_case() -> None:
    assert (
        fold("The SERVICE PROVIDER shall pay Acme Stores Ltd now.") == "the @s shall pay @c now ."
    )


def test_a_folded_name_ends_where_the_name_does() -> None:
    parties = [
        Party("Acme", ("Acme Widgets Ltd", "Acme"), "supplier", ""),
        Party("Zeta", ("Zeta Inc",), "customer", ""),
    ]
    text = "Neither Acme Widgets Ltd nor Zeta Inc shall pay Acme Widgets Ltd."
    tokens = Tokens(text, parties)
    folded = {
        tokens.forms[i]: text[tokens.starts[i] : end]
        for i, end in tokens.name_ends.items()
        if tokens.forms[i]
    }
    assert folded == {"@none": "Neither Acme Widgets Ltd nor Zeta Inc", "@s": "Acme Widgets Ltd"}


def test_two_parties_together_fold_to_both_and_neither() -> None:
    assert fold("Client and the Service Provider agree") == "@both agree"
    assert fold("Neither the Client nor Borealis may") == "@none may"
    assert fold("Each Party shall indemnify the other Party") == "@both shall indemnify @other"


def test_a_list_of_other_things_is_not_folded_to_both() -> None:
    assert fold("Client and its affiliates") == "@c and its affiliates"


def test_third_parties_are_not_the_parties() -> None:
    assert "@both" not in fold("claims by third parties")


def test_an_at_sign_in_the_text_never_passes_for_a_role() -> None:
    assert "@" not in fold("@s may terminate", ()).replace("(at)", "")


def test_a_full_stop_after_an_abbreviation_does_not_end_the_sentence() -> None:
    assert fold("Widgets Inc. and No. 5 and U.S. law. Next", ()).count(" .") == 1


def test_white_space_quotes_and_case_change_nothing() -> None:
    one = fold("Client’s  “Fees”\r\n are\tdue")
    assert one == fold('CLIENT\'s "fees" are due')


def test_furniture_is_skipped() -> None:
    text = "Client shall Page 3 of 9 pay."
    tokens = Tokens(text, PARTIES, skip=[(13, 24)])
    assert tokens.view([(0, len(text))]).text.strip() == "@c shall pay ."


def test_an_endless_run_of_signs_costs_little_and_loses_nothing() -> None:
    text = "Client shall pay " + "(" * 50_000 + " Client’s fee"
    tokens = Tokens(text, PARTIES)
    assert sum(e - s for s, e in zip(tokens.starts, tokens.ends, strict=True)) == len(
        text.replace(" ", "")
    )
    assert tokens.forms[0] == "@c"


def test_parties_without_a_role_keep_apart() -> None:
    unknown = (Party("A", ("A",), "unknown", ""), Party("B", ("B",), "unknown", ""))
    assert party_symbols(unknown) == ["@p1", "@p2"]


def test_you_and_we_are_parties_at_the_start_of_a_sentence_too() -> None:
    parties = [
        Party("we", ("we", "us"), "supplier", "defined"),
        Party("you", ("you",), "customer", "defined"),
    ]
    tokens = Tokens("You shall pay us. We may ask you. The US Treasury may not.", parties)
    assert [form for form in tokens.forms if form.startswith("@")] == ["@c", "@s", "@s", "@c"]
    assert "us" in tokens.forms  # the country
