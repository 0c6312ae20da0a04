"""Clauses of two drafts are paired by their words, each exactly once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clausecheck.comparison import compare_reviews
from clausecheck.comparison.align import align_units, keep_order
from clausecheck.records import Clause, ClauseChange, Document, Review
from clausecheck.segment.words import Unit, list_units, read_unit

WORDS = ["supplier", "customer", "shall", "pay", "fee", "notice", "days", "the", "of", "work"]
Row = tuple[str, str]


def make_review(rows: list[Row], media_type: str = "text/plain") -> Review:
    """Return a review of paragraphs, each given as its number and its words."""
    text, clauses = "", []
    for at, (label, words) in enumerate(rows):
        line = f"{label} {words}".strip()
        clauses.append(
            Clause(f"c{at}", label, "", "operative", None, len(text), len(text) + len(line))
        )
        text += line + "\n"
    return Review(Document("a.txt", media_type, "", text), "complete", clauses=tuple(clauses))


def compare(old: list[Row], new: list[Row]) -> list[tuple[str, int, int, bool, bool]]:
    changes = compare_reviews(make_review(old), make_review(new)).clauses
    return [(c.kind, len(c.old), len(c.new), c.moved, c.renumbered) for c in changes]


PAY = "Customer shall pay each invoice within thirty days after it is received"
END = "Either party may end this agreement on ninety days written notice to the other"
KEEP = "Each party shall keep the information of the other secret and use it for the work only"
HELP = "Supplier shall help with the handover to a new provider at the agreed rates"


def test_the_same_clauses_are_the_same() -> None:
    rows = [("1", PAY), ("2", END), ("3", KEEP)]
    assert compare(rows, rows) == [("same", 1, 1, False, False)] * 3


def test_case_quotes_and_white_space_do_not_count() -> None:
    assert compare([("1", "The Vendor’s  fee is  due")], [("1", "the vendor's fee\tis due")]) == [
        ("same", 1, 1, False, False)
    ]


def test_a_moved_clause_is_moved_and_its_neighbours_are_not() -> None:
    changes = compare(
        [("1", PAY), ("2", END), ("3", KEEP), ("4", HELP)],
        [("1", END), ("2", KEEP), ("3", HELP), ("4", PAY)],
    )
    assert [c[3] for c in changes] == [False, False, False, True]
    assert all(c[4] for c in changes)


def test_a_moved_and_reworded_clause_is_found_again() -> None:
    reworded = PAY.replace("thirty", "ninety")
    changes = compare(
        [("1", PAY), ("2", END), ("3", KEEP)], [("1", END), ("2", KEEP), ("3", reworded)]
    )
    assert changes[-1] == ("reworded", 1, 1, True, True)


def test_a_clause_written_anew_under_its_number_is_reworded() -> None:
    old = make_review([("1", KEEP), ("2", PAY), ("3", END)])
    new = make_review([("1", KEEP), ("2", "The fee falls due when work is accepted"), ("3", END)])
    heading = {"heading": "Payment"}
    old, new = (
        Review(
            r.document,
            "complete",
            clauses=tuple(
                Clause(c.id, c.label, heading["heading"], c.kind, None, c.start, c.end)
                if c.label == "2"
                else c
                for c in r.clauses
            ),
        )
        for r in (old, new)
    )
    assert [c.kind for c in compare_reviews(old, new).clauses] == ["same", "reworded", "same"]


def test_added_and_removed_clauses_stand_where_they_belong() -> None:
    changes = compare([("1", PAY), ("2", END), ("3", KEEP)], [("1", PAY), ("2", HELP), ("3", KEEP)])
    assert [c[0] for c in changes] == ["same", "removed", "added", "same"]


def test_a_split_clause_brings_a_new_number() -> None:
    halves = PAY.split(" within ")
    old = [("1", KEEP), ("2", PAY + " and " + END), ("3", HELP)]
    new = [("1", KEEP), ("2", PAY), ("2A", "and " + END), ("3", HELP)]
    assert compare(old, new)[1][:3] == ("split", 1, 2)
    assert compare(new, old)[1][:3] == ("merged", 2, 1)
    # A paragraph that only one format breaks is no split.
    layout = [("1", KEEP), ("2", halves[0]), ("", "within " + halves[1])]
    assert [c[0] for c in compare([("1", KEEP), ("2", PAY)], layout)] == ["same", "same"]


def test_a_reference_that_follows_its_clause_is_no_edit() -> None:
    old = [("1", PAY), ("2", END), ("3", "Nothing in clause 2 changes what clause 1 says of fees")]
    new = [
        ("1", PAY),
        ("2", HELP),
        ("3", END),
        ("4", "Nothing in clause 3 changes what clause 1 says of fees"),
    ]
    assert [c[0] for c in compare(old, new)] == ["same", "added", "same", "same"]


def test_contents_that_one_format_shows_are_no_change() -> None:
    old = make_review([("", "Contents of this agreement"), ("1", PAY)])
    new = make_review([("", "Contents of this agreement"), ("1", PAY)])
    first = new.clauses[0]
    furniture = Clause(first.id, "", "", "furniture", None, first.start, first.end)
    new = Review(new.document, "complete", clauses=(furniture, new.clauses[1]))
    assert [c.kind for c in compare_reviews(old, new).clauses] == ["same"]


def test_edits_are_the_words_that_differ() -> None:
    both = compare_reviews(
        make_review([("1", PAY)]), make_review([("1", PAY.replace("thirty days", "sixty days"))])
    )
    (edit,) = both.clauses[0].edits
    assert both.old.document.text[edit.old_start : edit.old_end] == "thirty"
    assert both.new.document.text[edit.new_start : edit.new_end] == "sixty"


def test_what_is_not_tracked_is_hidden() -> None:
    old = make_review([("1", PAY), ("2", END), ("3", KEEP)])
    new_rows = [("1", PAY.replace("thirty", "sixty")), ("2", END.replace("ninety", "ten"))]
    new = make_review([*new_rows, ("3", KEEP), ("4", HELP)])
    # With every tracked change rejected, the notice is short already, and the last clause is there.
    untouched = make_review([("1", PAY), new_rows[1], ("3", KEEP), ("4", HELP)])
    both = compare_reviews(old, new, untouched=untouched)
    assert [c.hidden for c in both.clauses] == [False, True, False, True]
    assert both.tracking == "some"
    assert compare_reviews(old, new, untouched=new).tracking == "none"
    assert compare_reviews(old, new, untouched=old).tracking == "all"


def units_of(rows: list[str]) -> tuple[Unit, ...]:
    return list_units(make_review([(str(at + 1), words) for at, words in enumerate(rows)]))


PARAGRAPHS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join), max_size=9
)


@given(PARAGRAPHS, PARAGRAPHS)
def test_each_clause_stands_in_exactly_one_group(old: list[str], new: list[str]) -> None:
    left, right = units_of(old), units_of(new)
    groups = align_units(left, right)
    assert sorted(i for g in groups for i in g.old) == list(range(len(left)))
    assert sorted(j for g in groups for j in g.new) == list(range(len(right)))
    assert all(g.old or g.new for g in groups)


@given(PARAGRAPHS, PARAGRAPHS)
def test_edits_are_in_order_and_inside_their_clauses(old: list[str], new: list[str]) -> None:
    one = make_review([(str(at + 1), words) for at, words in enumerate(old)])
    two = make_review([(str(at + 1), words) for at, words in enumerate(new)])
    for change in compare_reviews(one, two).clauses:
        check_edits(change, one, two)


def check_edits(change: ClauseChange, old: Review, new: Review) -> None:
    at_old, at_new = ({c.id: c for c in review.clauses} for review in (old, new))
    last = None
    for edit in change.edits:
        assert edit.old_start < edit.old_end or edit.new_start < edit.new_end
        assert min(at_old[i].start for i in change.old) <= edit.old_start
        assert edit.old_end <= max(at_old[i].end for i in change.old)
        assert min(at_new[i].start for i in change.new) <= edit.new_start
        assert edit.new_end <= max(at_new[i].end for i in change.new)
        assert last is None or last.old_end <= edit.old_start
        assert last is None or last.new_end <= edit.new_start
        last = edit


@given(PARAGRAPHS)
def test_a_draft_does_not_differ_from_itself(rows: list[str]) -> None:
    review = make_review([(str(at + 1), words) for at, words in enumerate(rows)])
    changes = compare_reviews(review, review).clauses
    assert all(c.kind == "same" and not c.moved and not c.renumbered for c in changes)


@given(st.permutations(range(9)))
def test_the_kept_order_rises_on_both_sides(new: list[int]) -> None:
    kept = keep_order(list(enumerate(new)))
    assert kept == sorted(kept)
    assert [j for _, j in kept] == sorted(j for _, j in kept)


def test_a_label_in_the_text_is_no_word() -> None:
    unit = read_unit("(a) pay now", Clause("c", "(a)", "", "operative", None, 0, 11))
    assert unit.words == ("pay", "now")
    assert unit.label == "a"
