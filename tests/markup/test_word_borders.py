"""Marked Word files at the borders of fields, links, revisions, notes; odd XML; new paragraphs."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import word_walk as walk
from benchmarks.wordout import AUTHOR, Tally, check_copy
from clausecheck import Checker
from clausecheck.markup.word import WordMarker
from clausecheck.markup.word_review import mark_word
from clausecheck.read import read_document
from clausecheck.records import Change, Insertion, Marks, Note

SAMPLE = Path(__file__).resolve().parents[2] / "corpora" / "samples" / "hostile-outsourcing.docx"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
LEAD = "<w:p><w:r><w:t>Supplier shall deliver.</w:t></w:r></w:p>"


def make_docx(body: str, *, prefix: str = "w", space: str = walk.W, **parts: str) -> bytes:
    """Return a Word file; further parts are named as their relation, without the plural's s."""
    spaces = f'xmlns:{prefix}="{space}" xmlns:wp="urn:wp" xmlns:r="{R}"'
    rels = "".join(
        f'<Relationship Id="x{name}" Type="{R}/{name}" Target="{name}.xml"/>' for name in parts
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/word/document.xml" '
        f'ContentType="{MAIN}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="a" '
        f'Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": "<?xml version='1.0' encoding='UTF-8'?>\n"
        f"<{prefix}:document {spaces}><{prefix}:body>{body}</{prefix}:body></{prefix}:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELS}">{rels}</Relationships>',
    }
    for name, inner in parts.items():
        files[f"word/{name}.xml"] = f"<w:{name} {spaces}>{inner}</w:{name}>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def run(text: str, look: str = "") -> str:
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def mark(data: bytes, marks: Marks) -> bytes:
    """Mark a file, and let the independent walk check the copy."""
    document = read_document(data, name="a.docx")
    made = WordMarker(data, document).write(marks, AUTHOR)
    tally = Tally()
    check_copy(tally, "a.docx", data, made, marks, document)
    assert tally.failures == []
    return made


def note_on(data: bytes, words: str) -> Note:
    start = read_document(data, name="a.docx").text.index(words)
    return Note(start, start + len(words), ("RS101 Name", "Why."))


INLINE = {
    "runs": run("aa ") + run("Sup", "<w:b/>") + run("plier pays", "<w:i/>") + run(" zz"),
    "hyperlink": run("aa ") + f'<w:hyperlink w:anchor="x">{run("Supplier pays")}</w:hyperlink>',
    "insertion": run("aa ")
    + f'<w:ins w:id="5" w:author="Other">{run("Supplier pays all")}</w:ins>'
    + '<w:del w:id="6" w:author="Other"><w:r><w:delText>old</w:delText></w:r></w:del>',
    "control": run("aa ") + f"<w:sdt><w:sdtContent>{run('Supplier pays')}</w:sdtContent></w:sdt>",
    "field": run("aa ")
    + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>'
    + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    + run("Supplier pays")
    + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    "commented": '<w:commentRangeStart w:id="3"/>'
    + run("aa Supplier pays all")
    + '<w:commentRangeEnd w:id="3"/><w:r><w:commentReference w:id="3"/></w:r>',
    "formatted before": run(
        "aa Supplier pays all", '<w:b/><w:rPrChange w:id="9" w:author="O"><w:rPr/></w:rPrChange>'
    ),
    "odd bytes": "<w:r  w:rsidR = '1' ><w:t>aa &amp; Supplier&#32;pays &lt;all></w:t>"
    "<w:tab /></w:r>",
}


@pytest.mark.parametrize("name", sorted(INLINE))
@pytest.mark.parametrize("table", [False, True])
def test_comments_stand_on_exactly_the_words(name: str, table: bool) -> None:
    body = f"{LEAD}<w:p>{INLINE[name]}</w:p>"
    if table:
        body = f"<w:tbl><w:tr><w:tc>{body}</w:tc></w:tr></w:tbl>"
    data = make_docx(body)
    mark(data, Marks((note_on(data, "Supplier pays"), note_on(data, "plier p"))))


@pytest.mark.parametrize("name", sorted(set(INLINE) - {"field"}))
def test_changes_are_undone_and_carried_out(name: str) -> None:
    data = make_docx(f"{LEAD}<w:p>{INLINE[name]}</w:p>")
    note = note_on(data, "Supplier pays")
    change = Change(note.start, note.end, "Each <party> pays & waits")
    assert WordMarker(data, read_document(data, name="a")).can_change(change)
    mark(data, Marks((note,), (change,)))


def test_a_field_goes_as_a_whole_or_not_at_all() -> None:
    data = make_docx(f"<w:p>{INLINE['field']}{run(' zz')}</w:p>")
    document = read_document(data, name="a.docx")
    marker = WordMarker(data, document)
    inside = document.text.index("Supplier")
    assert not marker.can_change(Change(inside, inside + 8, "x"))
    whole = Change(0, len(document.text), "Nothing is due.")
    assert marker.can_change(whole)
    assert b"delInstrText" in walk.open_parts(mark(data, Marks((), (whole,))))["word/document.xml"]


def test_notes_are_commented_at_their_sign() -> None:
    note = (
        '<w:footnote w:id="2"><w:p><w:r><w:t>Customer owes nothing.</w:t></w:r></w:p></w:footnote>'
    )
    body = f'<w:p>{run("Paid.")}<w:r><w:footnoteReference w:id="2"/></w:r>{run(" End.")}</w:p>'
    data = make_docx(body, footnotes=note)
    made = mark(data, Marks((note_on(data, "owes nothing"),)))
    said = "".join(walk.parse(walk.open_parts(made)["word/comments.xml"]).itertext())
    assert "In a footnote of this place: “owes nothing”" in said
    assert made != data


def test_earlier_comments_keep_their_bytes() -> None:
    old = '<w:comment w:id="3" w:author="O"><w:p><w:r><w:t>Hm &#169;</w:t></w:r></w:p></w:comment>'
    data = make_docx(f"<w:p>{INLINE['commented']}</w:p>", comments=old)
    made = mark(data, Marks((note_on(data, "Supplier"),)))
    assert old.encode() in walk.open_parts(made)["word/comments.xml"]
    assert (
        walk.open_parts(made)["[Content_Types].xml"] == walk.open_parts(data)["[Content_Types].xml"]
    )


@pytest.mark.parametrize(("prefix", "space"), [("x", walk.W), ("w", walk.STRICT)])
def test_other_prefixes_and_the_strict_standard(prefix: str, space: str) -> None:
    body = "<w:p><w:r><w:t>Supplier shall pay.</w:t></w:r></w:p>".replace("w:", f"{prefix}:")
    data = make_docx(body, prefix=prefix, space=space)
    document = read_document(data, name="a.docx")
    marks = Marks((note_on(data, "shall"),), (Change(0, len(document.text), "Both pay."),))
    made = WordMarker(data, document).write(marks, AUTHOR)
    assert read_document(made, name="a.docx").text == "Both pay."
    root = walk.parse(walk.open_parts(made)["word/document.xml"])
    assert walk.find_words(root, AUTHOR.name) == {"1": "shall"}


def test_new_paragraphs_bear_no_number_and_vanish_when_rejected() -> None:
    number = (
        '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
        '<w:jc w:val="both"/></w:pPr>'
    )
    one = run("One.", '<w:sz w:val="20"/>')
    data = make_docx(f"<w:p>{number}{one}</w:p><w:p>{run('Two.')}</w:p>")
    document = read_document(data, name="a.docx")
    insertion = Insertion(1, ("Shared aim", "The parties aim high."), ("F1 Aim (absent)", "Lacks."))
    made = WordMarker(data, document).write(Marks(insertions=(insertion,)), AUTHOR)
    assert read_document(made, name="a").text == "One.\nShared aim\nThe parties aim high.\nTwo."
    parts = walk.open_parts(made)
    root, comments = (walk.parse(parts[f"word/{n}.xml"]) for n in ("document", "comments"))
    assert walk.list_breaches(root, comments, AUTHOR.name) == []
    walk.drop_comments(
        root, {"0", "1", "2", "3", "4"} & {c.get(f"{{{walk.W}}}id") for c in comments}
    )
    walk.settle(root, AUTHOR.name, accept=False)
    assert walk.flatten(root) == walk.flatten(
        walk.parse(walk.open_parts(data)["word/document.xml"])
    )


def test_nothing_to_mark_gives_the_file_itself() -> None:
    data = make_docx(LEAD)
    assert WordMarker(data, read_document(data, name="a")).write(Marks()) == data


@given(
    pieces=st.lists(st.text("ab <&é", min_size=1, max_size=6), min_size=1, max_size=8),
    cuts=st.tuples(*[st.floats(0, 1)] * 4),
)
@settings(max_examples=60, deadline=None)
def test_any_cut_of_runs(pieces: list[str], cuts: tuple[float, ...]) -> None:
    texts = [p.replace("&", "&amp;").replace("<", "&lt;") for p in pieces]
    data = make_docx(LEAD + "<w:p>" + "".join(run(text) for text in texts) + "</w:p>")
    document = read_document(data, name="a.docx")
    first = document.blocks[0].end + 1
    size = len(document.text) - first
    if size <= 0:
        return
    a, b, c, d = (first + int(cut * size) for cut in cuts)
    notes = (Note(min(a, b), max(a, b) + 1, ("One", "x")), Note(min(c, d), max(c, d) + 1, ("Two",)))
    notes = tuple(Note(n.start, min(n.end, len(document.text)), n.paragraphs) for n in notes)
    notes = tuple(n for n in notes if n.start < n.end)
    changes = (Change(notes[0].start, notes[0].end, "new & <words>"),) if notes else ()
    mark(data, Marks(notes, changes))


def test_clauses_for_weak_foundations_are_inserted_and_can_be_rejected() -> None:
    data = SAMPLE.read_bytes()
    review = Checker().check(data, name=SAMPLE.name)
    made = mark_word(data, review, foundations=True, author=AUTHOR)
    assert len(made.marks.insertions) > len(made.unplaced)
    after = read_document(made.data, name="a").text
    for insertion in made.marks.insertions:
        assert "\n".join(insertion.paragraphs) in after
    parts, old = walk.open_parts(made.data), walk.open_parts(data)
    root, comments = (walk.parse(parts[f"word/{n}.xml"]) for n in ("document", "comments"))
    assert walk.list_breaches(root, comments, AUTHOR.name) == []
    walk.drop_comments(root, {walk.value_of(c, "id") or "" for c in comments})
    walk.settle(root, AUTHOR.name, accept=False)
    assert walk.flatten(root) == walk.flatten(walk.parse(old["word/document.xml"]))


def test_a_bookmark_within_the_words_forbids_the_change() -> None:
    mark_at = '<w:bookmarkStart w:id="1" w:name="_Ref1"/>{}<w:bookmarkEnd w:id="1"/>'
    inner = make_docx(f"<w:p>{run('Customer ')}{mark_at.format(run('may '))}{run('end it.')}</w:p>")
    around = make_docx(
        f"<w:p>{mark_at.format(run('Customer ') + run('may ') + run('end it.'))}</w:p>"
    )
    before = make_docx(f"<w:p>{mark_at.format(run('Customer may '))}{run('end it.')}</w:p>")
    partly = make_docx(
        f"<w:p>{mark_at.format(run('1 ') + run('Customer may '))}{run('end it.')}</w:p>"
    )
    for data, possible in ((inner, False), (around, True), (before, False)):
        change = Change(0, len("Customer may end it."), "Each may end it.")
        marker = WordMarker(data, read_document(data, name="a.docx"))
        assert marker.can_change(change) is possible
    change = Change(2, len("1 Customer may end it."), "Each may end it.")
    assert WordMarker(partly, read_document(partly, name="a.docx")).can_change(change)
    made = mark(around, Marks((), (Change(0, len("Customer may end it."), "Each may end it."),)))
    xml = walk.open_parts(made)["word/document.xml"].decode()
    # Accepted, the bookmark still has words in it.
    assert xml.index("<w:ins ") < xml.index("<w:bookmarkEnd ")


@pytest.mark.parametrize("cell", [False, True])
def test_a_control_around_one_paragraph_keeps_its_words(cell: bool) -> None:
    inner = f"<w:p>{run('Customer may end it.')}</w:p>"
    held = f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    if cell:
        held = f"<w:sdt><w:sdtContent><w:tc>{inner}</w:tc></w:sdtContent></w:sdt>"
        held = f"<w:tbl><w:tr>{held}</w:tr></w:tbl>"
    data = make_docx(f"{LEAD}{held}{LEAD}")
    note = note_on(data, "Customer may end it.")
    marker = WordMarker(data, read_document(data, name="a.docx"))
    assert not marker.can_change(Change(note.start, note.end, "No."))
    mark(data, Marks((note,)))


def test_a_comment_on_a_whole_field_stands_around_it_in_the_looks_of_its_words() -> None:
    field = INLINE["field"].replace(
        run("Supplier pays"), run("Supplier pays", '<w:sz w:val="40"/>')
    )
    data = make_docx(f"{LEAD}<w:p>{field}{run(' zz')}</w:p>")
    made = mark(data, Marks((note_on(data, "Supplier pays"),)))
    xml = walk.open_parts(made)["word/document.xml"].decode()
    places = [
        xml.index(part)
        for part in ("<w:commentRangeStart", '"begin"', '"end"', "<w:commentRangeEnd", "Reference ")
    ]
    assert places == sorted(places)
    sign = xml[xml.index("<w:commentRangeEnd") :]
    assert '<w:rPr><w:sz w:val="40"/></w:rPr><w:commentReference' in sign
