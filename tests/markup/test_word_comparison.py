"""Comments on what changed between two drafts, in a copy of the new Word file."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from benchmarks import word_walk as walk
from benchmarks.drafts import SAMPLES, apply_steps, load_edits
from benchmarks.wordout import AUTHOR, Tally, check_copy
from clausecheck import Checker, cli
from clausecheck.markup.word_comparison import mark_comparison
from clausecheck.markup.word_review import MarkedWord
from clausecheck.read import read_document
from clausecheck.records import Comparison
from tests.comparison.test_findings import make_word_draft

PAY = "1. Customer shall pay each invoice within {} days after it is received."
END = "2. Customer may end this Agreement for convenience on {} days' notice to Supplier."
PRICE = "3. Supplier shall match the lowest price that it offers to any other customer."
KEEP = "4. Either party may audit the other once a year, on ten days' notice and at its own cost."
BOTH = "5. Each party shall keep confidential what it learns about the other under this Agreement."


def mark(old: bytes, new: bytes) -> tuple[Comparison, MarkedWord]:
    """Mark the new draft, check the copy by the independent walk, and return it."""
    comparison = Checker().compare(old, new)
    made = mark_comparison(new, comparison, author=AUTHOR)
    tally = Tally()
    check_copy(tally, "new.docx", new, made.data, made.marks, comparison.new.document)
    assert tally.failures == []
    # The comments are read back, on the very words.
    document = read_document(made.data, name="new.docx")
    assert document.text == comparison.new.document.text
    read = sorted(
        (c.start, c.end, c.text.split("\n")[0])
        for c in document.comments
        if c.author == AUTHOR.name
    )
    assert read == sorted((n.start, n.end, n.paragraphs[0]) for n in made.marks.notes)
    return comparison, made


def list_notes(comparison: Comparison, made: MarkedWord) -> list[tuple[str, str]]:
    """Return the first line of each comment with the words under it, in the order of the text."""
    text = comparison.new.document.text
    notes = sorted(made.marks.notes, key=lambda n: (n.start, n.end, n.paragraphs))
    return [(note.paragraphs[0], text[note.start : note.end]) for note in notes]


def test_only_what_changed_is_marked_and_hidden_changes_say_so() -> None:
    old = make_word_draft(PAY.format("thirty"), END.format("ninety"), PRICE, KEEP, BOTH)
    new = make_word_draft(PAY.format("{-thirty-}{+sixty+}"), END.format("two"), KEEP, BOTH)
    comparison, made = mark(old, new)
    notes = list_notes(comparison, made)
    assert ("Changed without tracking", "two") in notes
    assert [words for head, words in notes if head.startswith("Hardened: WL201")]
    assert [words for head, words in notes if head.startswith("Clause taken out without tracking")]
    # What is tracked, and what did not change, bears no comment.
    assert not [words for _, words in notes if "sixty" in words or "audit" in words]
    said = {n.paragraphs[0]: " ".join(n.paragraphs) for n in made.marks.notes}
    assert "\u201cninety\u201d" in said["Changed without tracking"]
    assert "lowest price" in said["Clause taken out without tracking"]
    # The finding that went with its clause has no place left.
    assert "WL205" in made.unplaced


def test_a_clause_slipped_in_moved_or_cut_is_told() -> None:
    cut = BOTH.replace(" under this Agreement", "")
    secret = "6. Supplier shall indemnify Customer against any and all losses, however they arise."
    old = make_word_draft(PAY.format("thirty"), END.format("ninety"), KEEP, BOTH)
    new = make_word_draft(
        KEEP, PAY.format("{-thirty-}{+sixty+}"), END.format("ninety"), cut, secret
    )
    comparison, made = mark(old, new)
    heads = dict(list_notes(comparison, made))
    assert heads["Moved without tracking"] == KEEP
    assert heads["Taken out without tracking"] == "other"
    assert heads["Added without tracking"] == secret


def test_a_resolved_finding_is_told_where_it_stood() -> None:
    mutual = (
        "Either party may end this Agreement for convenience on ninety days' notice to the other."
    )
    old = make_word_draft(PAY.format("thirty"), END.format("ninety"), BOTH)
    new = make_word_draft(PAY.format("thirty"), f"2. {mutual}", BOTH)
    comparison, made = mark(old, new)
    [note] = [n for n in made.marks.notes if n.paragraphs[0].startswith("Resolved: WL201")]
    assert "Customer may end this Agreement for convenience" in note.paragraphs[1]
    words = comparison.new.document.text[note.start : note.end]
    assert words
    assert words in mutual


def test_equal_drafts_give_back_the_very_file() -> None:
    data = make_word_draft(PAY.format("thirty"), END.format("ninety"), BOTH)
    comparison, made = mark(data, data)
    assert made.data == data
    assert made.marks.notes == ()
    assert {c.status for c in comparison.findings} == {"persisting"}


@pytest.mark.parametrize("step", range(5))
def test_known_edits_of_a_whole_contract(step: int) -> None:
    """Each edit is made in the sample's Word file itself, so that nothing else differs."""
    source = (SAMPLES / "hostile-outsourcing.docx").read_bytes()
    edits = [e for e in load_edits() if e["sample"] == "hostile" and "in" in e["steps"][0]]
    changed = docx.Document(io.BytesIO(source))
    for edit in edits[step::5]:
        old, new = edit["steps"][0]["find"], edit["steps"][0]["put"]
        for paragraph in changed.paragraphs:
            for run in paragraph.runs:
                if old in run.text:
                    run.text = run.text.replace(old, new)
    stream = io.BytesIO()
    changed.save(stream)
    comparison, made = mark(source, stream.getvalue())
    assert comparison.tracking == "none"
    heads = [head for head, _ in list_notes(comparison, made)]
    assert sum(head.startswith("Changed without tracking") for head in heads) >= 3
    told = [c for c in comparison.findings if c.status != "persisting"]
    assert sum(": " in head for head in heads) + len(made.unplaced) == len(told)


def test_old_may_be_any_format_and_then_tracking_is_not_claimed(tmp_path: Path) -> None:
    text = (SAMPLES / "hostile-outsourcing.txt").read_text("utf-8")
    step = next(e for e in load_edits() if e["name"] == "delay payment doubled")["steps"]
    old = tmp_path / "old.txt"
    old.write_text(apply_steps(text, step), "utf-8")
    out = tmp_path / "marked.docx"
    new = SAMPLES / "hostile-outsourcing.docx"
    code = cli.run_command(["compare", str(old), str(new), "--word", str(out), "-q"])
    assert code == 0
    document = read_document(out.read_bytes(), name="marked.docx")
    heads = [c.text.split("\n")[0] for c in document.comments]
    assert any(head == "Changed" for head in heads)
    assert any(head.startswith("Softened: RS105") for head in heads)


def test_what_cannot_be_marked_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    word, text = (str(SAMPLES / f"hostile-outsourcing.{kind}") for kind in ("docx", "txt"))
    out = str(tmp_path / "marked.docx")
    assert cli.run_command(["compare", word, text, "--word", out]) == 2
    error = capsys.readouterr().err
    assert "C320" in error
    assert "hostile-outsourcing.txt" in error
    assert not Path(out).exists()
    assert cli.run_command(["compare", word, word, "--word", word]) == 2
    assert "is an input file" in capsys.readouterr().err
    assert cli.run_command(["compare", word, word, "--word", out, "-o", out]) == 2
    assert cli.run_command(["compare", word, word, "--word", str(tmp_path / "a.pdf")]) == 2
    assert "must be called .docx" in capsys.readouterr().err


def test_the_walk_accepts_the_schema_of_every_copy() -> None:
    """A check on the check: a comment without its range is a breach."""
    data = make_word_draft(PAY.format("thirty"), END.format("ninety"), BOTH)
    _, made = mark(data, make_word_draft(PAY.format("sixty"), END.format("two"), BOTH))
    root = walk.parse(walk.open_parts(made.data)["word/document.xml"])
    for element in [e for e in root.iter() if walk.name_of(e) == "commentRangeEnd"]:
        element.getparent().remove(element)
    comments = walk.parse(walk.open_parts(made.data)["word/comments.xml"])
    assert walk.list_breaches(root, comments, AUTHOR.name)
