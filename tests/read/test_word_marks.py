"""Both views of tracked changes, who made them, comments, and cross-references of a Word file."""

from __future__ import annotations

import io
import zipfile

from clausecheck.read.docx import read_docx
from clausecheck.records import Comment, Revision
from clausecheck.settings import Limits
from tests.read.test_docx import make_docx, mark, para, run, show_blocks, table

BY = 'w:author="A. Lee" w:date="2026-01-02T03:04:05Z"'
NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:lvlText w:val="%1.%2"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def read(body, view="final", **parts):
    return read_docx(make_docx(body, **parts), name="a.docx", limits=Limits(), view=view)


def ins(inner):
    return f"<w:ins {BY}>{inner}</w:ins>"


def gone(text):
    return f'<w:del {BY}><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'


def listed(level):
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'


def both(body, **parts):
    """Return the blocks of the final and of the original view."""
    return [show_blocks(read(body, view, **parts)) for view in ("final", "original")]


# ---- the two views


def test_the_original_view_drops_insertions_and_keeps_deletions():
    body = para(run("Pay in "), gone("thirty"), ins(run("ninety")), run(" days."))
    assert both(body) == [["Pay in ninety days."], ["Pay in thirty days."]]
    assert ("view", "original") in read(body, "original").facts


def test_moved_text_stands_where_its_view_has_it():
    source = f"<w:moveFrom {BY}>{run('Moved.')}</w:moveFrom>"
    target = f"<w:moveTo {BY}>{run('Moved.')}</w:moveTo>"
    body = para(run("A. "), source) + para(run("B. "), target)
    assert both(body) == [["A. ", "B. Moved."], ["A. Moved.", "B. "]]


def test_an_inserted_mark_splits_a_paragraph_and_a_deleted_one_joins_two():
    added = f"<w:rPr><w:ins {BY}/></w:rPr>"
    taken = f"<w:rPr><w:del {BY}/></w:rPr>"
    split = para(run("One "), properties=added) + para(run("two"))
    assert both(split) == [["One ", "two"], ["One two"]]
    joined = para(run("One "), properties=taken) + para(run("two"))
    assert both(joined) == [["One two"], ["One ", "two"]]


def test_rows_and_cells_are_there_in_their_view_only():
    def row(cell, properties=""):
        return f"<w:tr><w:trPr>{properties}</w:trPr><w:tc>{para(run(cell))}</w:tc></w:tr>"

    rows = row("kept") + row("new", f"<w:ins {BY}/>") + row("old", f"<w:del {BY}/>")
    assert both(f"<w:tbl>{rows}</w:tbl>") == [["kept", "new"], ["kept", "old"]]
    cells = "".join(
        f"<w:tc><w:tcPr>{change}</w:tcPr>{para(run(text))}</w:tc>"
        for text, change in (
            ("a", ""), ("b", f"<w:cellIns {BY}/>"), ("c", f"<w:cellDel {BY}/>")
        )
    )  # fmt: skip
    assert both(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>") == [["a", "b"], ["a", "c"]]


def test_numbers_are_those_of_the_view():
    body = (
        para(run("First"), properties=listed(0))
        + para(ins(run("New")), properties=f"{listed(0)}<w:rPr><w:ins {BY}/></w:rPr>")
        + para(run("Last"), properties=listed(0))
    )
    labels = {
        view: [block.label for block in read(body, view, numbering=NUMBERING).blocks]
        for view in ("final", "original")
    }
    assert labels == {"final": ["1.", "2.", "3."], "original": ["1.", "2."]}


def test_former_properties_count_in_the_original_view():
    demoted = f"{listed(1)}<w:pPrChange {BY}><w:pPr>{listed(0)}</w:pPr></w:pPrChange>"
    numbered = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/><w:ins {BY}/></w:numPr>'
    body = (
        para(run("a"), properties=listed(0))
        + para(run("b"), properties=demoted)
        + para(run("c"), properties=numbered)
    )
    labels = [
        [block.label for block in read(body, view, numbering=NUMBERING).blocks]
        for view in ("final", "original")
    ]
    assert labels == [["1.", "1.1", "2."], ["1.", "2.", ""]]


def test_text_that_was_hidden_under_tracking_is_shown_before():
    hidden = f"<w:vanish/><w:rPrChange {BY}><w:rPr/></w:rPrChange>"
    assert both(para(run("seen "), run("secret", hidden))) == [["seen "], ["seen secret"]]


def test_fields_in_deleted_text_show_their_result_in_the_original_view():
    code = "<w:r><w:delInstrText>REF x</w:delInstrText></w:r>"
    result = "<w:r><w:delText>12.2</w:delText></w:r>"
    field = mark("begin") + code + mark("separate") + result + mark("end")
    body = para(run("Clause "), f"<w:del {BY}>{field}</w:del>", run("."))
    assert both(body) == [["Clause ."], ["Clause 12.2."]]


# ---- who changed what


def test_changes_say_what_by_whom_when_and_where():
    document = read(para(run("Pay in "), gone("thirty"), ins(run("ninety")), run(" days.")))
    author, date = "A. Lee", "2026-01-02T03:04:05Z"
    assert document.changes == (
        Revision("deletion", "words", author, date, 7, 7, "thirty"),
        Revision("insertion", "words", author, date, 7, 13),
    )
    assert ("tracked changes", "A. Lee: 1 insertion, 1 deletion; 2026-01-02") in document.facts
    before = read(
        para(run("Pay in "), gone("thirty"), ins(run("ninety")), run(" days.")), "original"
    )
    assert before.changes == (
        Revision("deletion", "words", author, date, 7, 13),
        Revision("insertion", "words", author, date, 13, 13, "ninety"),
    )


def test_neighbours_are_one_change_and_others_are_not():
    other = ins(run("c")).replace("A. Lee", "B. Cruz")
    document = read(para(ins(run("a")), ins(run("b")), other))
    assert [(c.author, c.start, c.end) for c in document.changes] == [
        ("A. Lee", 0, 2), ("B. Cruz", 2, 3),
    ]  # fmt: skip


def test_a_deletion_stands_in_its_own_paragraph():
    body = para(run("One.")) + para(gone("Not "), run("two.")) + para(gone("three"))
    starts = {change.words: change.start for change in read(body).changes}
    assert starts == {"Not ": 5, "three": 9}


def test_marks_rows_cells_moves_and_formatting_are_told_apart():
    rows = f"<w:tr><w:trPr><w:del {BY}/></w:trPr><w:tc>{para(run('fee'))}</w:tc></w:tr>"
    body = (
        para(run("a"), properties=f"<w:rPr><w:ins {BY}/></w:rPr>")
        + f"<w:tbl>{rows}</w:tbl>"
        + para(f"<w:moveFrom {BY}>{run('m')}</w:moveFrom>")
        + para(f"<w:moveTo {BY}>{run('m')}</w:moveTo>")
        + para(run("b", f"<w:rPrChange {BY}><w:rPr/></w:rPrChange>"))
    )
    document = read(body)
    assert [
        (c.kind, c.what, document.text[c.start : c.end] or c.words) for c in document.changes
    ] == [
        ("insertion", "paragraph mark", ""),
        ("deletion", "row", "fee"),
        ("moved from", "words", "m"),
        ("moved to", "words", "m"),
        ("formatting", "words", "b"),
    ]
    fact = "A. Lee: 1 insertion, 1 deletion, 1 move, 1 of formatting; 2026-01-02"
    assert ("tracked changes", fact) in document.facts


# ---- comments


def comment(number, text, extra=""):
    return (
        f'<w:comment w:id="{number}" {BY}><w:p {extra}>'
        f"<w:r><w:annotationRef/></w:r>{run(text)}</w:p></w:comment>"
    )


def ranged(number, inner):
    return (
        f'<w:commentRangeStart w:id="{number}"/>{inner}<w:commentRangeEnd w:id="{number}"/>'
        f'<w:r><w:commentReference w:id="{number}"/></w:r>'
    )


def test_comments_are_kept_with_the_words_they_are_about():
    body = para(run("Pay in "), ranged(1, run("thirty days")), run(".")) + para(
        run("End"), '<w:r><w:commentReference w:id="2"/></w:r>'
    )
    document = read(body, comments=comment(2, "Where?") + comment(1, "Too short?"))
    date = "2026-01-02T03:04:05Z"
    assert document.comments == (
        Comment("A. Lee", date, "Too short?", 7, 18),
        Comment("A. Lee", date, "Where?", 23, 23),
    )
    assert "Too short" not in document.text
    assert ("comments", "2 (A. Lee 2)") in document.facts


def test_replies_and_done_comments_are_known():
    space = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    first = comment(1, "Why?", f'{space} w14:paraId="AA"')
    second = comment(2, "So.", f'{space} w14:paraId="BB"')
    extension = (
        '<x:commentsEx xmlns:x="http://schemas.microsoft.com/office/word/2012/wordml">'
        '<x:commentEx x:paraId="AA" x:done="1"/>'
        '<x:commentEx x:paraId="BB" x:paraIdParent="AA" x:done="0"/></x:commentsEx>'
    )
    body = para(ranged(1, ranged(2, run("Pay"))))
    data = make_docx(body, comments=first + second, commentsExtended="")
    data = replace_part(data, "word/commentsExtended.xml", extension)
    found = read_docx(data, name="a.docx", limits=Limits()).comments
    assert [(c.text, c.resolved, c.reply_to) for c in found] == [
        ("Why?", True, None), ("So.", False, 0),
    ]  # fmt: skip


def replace_part(data, name, content):
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return held.getvalue()


def test_a_comment_without_a_place_is_kept():
    document = read(para(run("Pay.")), comments=comment(7, "Lost"))
    assert [(c.text, c.start, c.end) for c in document.comments] == [("Lost", 0, 0)]


# ---- cross-references


def bookmarked(name, text, properties=""):
    start = f'<w:bookmarkStart w:id="1" w:name="{name}"/>'
    return para(start, run(text), '<w:bookmarkEnd w:id="1"/>', properties=properties)


def field(code, shown):
    instruction = f"<w:r><w:instrText>{code}</w:instrText></w:r>"
    return mark("begin") + instruction + mark("separate") + run(shown) + mark("end")


def test_reference_fields_point_at_the_paragraph_of_their_bookmark():
    body = (
        bookmarked("_Ref1", "Payment")
        + para(run("See clause "), field(" REF _Ref1 \\r \\h ", "12.2"), run("."))
        + para(
            run("And "), '<w:fldSimple w:instr="REF _Ref1 \\r">' + run("12.2") + "</w:fldSimple>"
        )
        + para(f'<w:hyperlink w:anchor="_Ref1">{run("there")}</w:hyperlink>')
    )
    document = read(body)
    assert [(document.text[k.start : k.end], k.target) for k in document.links] == [
        ("12.2", 0), ("12.2", 0), ("there", 0),
    ]  # fmt: skip


def test_contents_page_numbers_and_lost_bookmarks_are_no_references():
    body = (
        bookmarked("_Toc1", "Payment")
        + para(f'<w:hyperlink w:anchor="_Toc1">{run("Payment 3")}</w:hyperlink>')
        + para(field(" PAGEREF _Toc1 ", "3"), field(" REF _Ref9 ", "9"))
        + bookmarked("_Ref2", "Own ")
    )
    assert read(body).links == ()


def test_tables_share_the_places():
    body = table([para(ins(run("a")))], [bookmarked("_Ref1", "b") + para(field("REF _Ref1", "2"))])
    document = read(body)
    assert [(c.start, c.end) for c in document.changes] == [(0, 1)]
    assert [(k.start, k.end, k.target) for k in document.links] == [(4, 5, 2)]
