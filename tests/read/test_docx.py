"""The Word reader: text in the final view, places, labels, and bad files."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from clausecheck.errors import InputError
from clausecheck.read.docx import read_docx
from clausecheck.read.word_names import MC, STRICT, W
from clausecheck.settings import Limits

SHARED = Path(__file__).resolve().parents[3] / "shared" / "contracts" / "docx"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
SPACES = (
    f'xmlns:w="{W[1:-1]}" xmlns:mc="{MC[1:-1]}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
ROOTS = {"document": "document", "header1": "hdr", "footer1": "ftr"}
KINDS = {"header1": "header", "footer1": "footer"}


def make_zip(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def make_docx(body, **parts):
    """Build a Word file from the XML inside its body and inside the roots of further parts."""
    files = {}
    rels = ""
    for name, inner in {"document": f"<w:body>{body}</w:body>", **parts}.items():
        root = ROOTS.get(name, name)
        files[f"word/{name}.xml"] = f"<w:{root} {SPACES}>{inner}</w:{root}>"
        if name != "document":
            kind = KINDS.get(name, name)
            rels += f'<Relationship Id="{name}" Type="{R}/{kind}" Target="{name}.xml"/>'
    files["_rels/.rels"] = (
        f'<Relationships xmlns="{RELS}"><Relationship Id="a" Type="{R}/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    files["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{RELS}">{rels}</Relationships>'
    return make_zip(files)


def read(body, *, limits=None, **parts):
    return read_docx(make_docx(body, **parts), name="a.docx", limits=limits or Limits())


def run(text, properties=""):
    shown = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{shown}<w:t xml:space="preserve">{text}</w:t></w:r>'


def para(*inner, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(inner)}</w:p>"


def table(*rows):
    cells = ["".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def box(inner):
    new = f"<w:drawing><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></w:drawing>"
    old = f"<w:pict><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></w:pict>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{new}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def mark(kind):
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def show_blocks(document):
    return [document.text[block.start : block.end] for block in document.blocks]


def spell_run(element):
    """Return a run's text by XPath, sharing no code with the reader."""
    pieces = element.xpath(
        "*[not(self::w:rPr)]|mc:AlternateContent/mc:Fallback[not(../mc:Choice//w:t)]/*",
        namespaces={"w": W[1:-1], "mc": MC[1:-1]},
    )
    fixed = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
    spelled = {("Wingdings", "F0A8"): "\u2610", ("Wingdings", "F0FE"): "\u2611"}
    text = ""
    for piece in pieces:
        name = etree.QName(piece).localname
        if name == "t":
            text += piece.text or ""
        elif name == "sym":
            text += spelled[piece.get(W + "font"), piece.get(W + "char")]
        else:
            text += fixed.get(name, "")
    return text


def check_anchors(document, data):
    """Compare every anchor with the run that it names."""
    roots = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in {anchor.place.part: None for anchor in document.anchors}:
            paragraphs = etree.fromstring(archive.read(name)).iter(W + "p")
            roots[name] = [list(paragraph.iter(W + "r")) for paragraph in paragraphs]
    end = 0
    for anchor in document.anchors:
        place = anchor.place
        text = spell_run(roots[place.part][place.paragraph][place.run])
        there = text[place.offset : place.offset + anchor.end - anchor.start]
        assert there == document.text[anchor.start : anchor.end]
        assert end <= anchor.start < anchor.end
        assert set(document.text[end : anchor.start]) <= {"\n", "\t"}
        end = anchor.end
    assert end == len(document.text) or not document.text[end:].strip("\n")


# ---- the final view


def test_insertions_stay_and_deletions_go_and_both_are_counted():
    document = read(
        para(
            run("The Supplier shall "),
            f'<w:ins w:author="B">{run("promptly ")}</w:ins>',
            f'<w:del w:author="A"><w:r><w:delText>not </w:delText></w:r>{run("x")}</w:del>',
            run("pay."),
        )
    )
    assert document.text == "The Supplier shall promptly pay."
    assert ("tracked changes", "A: 1 deletion") in document.facts
    assert ("tracked changes", "B: 1 insertion") in document.facts
    assert ("view", "final") in document.facts


def test_moved_text_stands_where_it_was_moved_to():
    moved = run("moved")
    document = read(
        para(run("one "), f"<w:moveFrom>{moved}</w:moveFrom>")
        + para(run("two "), f"<w:moveTo>{moved}</w:moveTo>")
    )
    assert show_blocks(document) == ["one ", "two moved"]


def test_a_deleted_mark_joins_its_paragraph_to_the_next_and_leaves_one_number():
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    gone = numbered + "<w:rPr><w:del/></w:rPr>"
    document = read(
        para(run("first"), properties=numbered)
        + para(run("second "), properties=gone)
        + para(run("goes on"), properties=numbered)
        + para(f"<w:del>{run('away')}</w:del>", properties=gone)
        + para(run("third"), properties=numbered),
        numbering=NUMBERING,
    )
    assert [(block.label, text) for block, text in zip_blocks(document)] == [
        ("1.", "first"),
        ("2.", "second goes on"),
        ("3.", "third"),
    ]


def test_deleted_rows_and_cells_are_left_out():
    document = read(
        "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>"
        + para(run("gone"))
        + "</w:tc></w:tr><w:tr><w:tc><w:tcPr><w:cellDel/></w:tcPr>"
        + para(run("gone too"))
        + f"</w:tc><w:tc>{para(run('kept'))}</w:tc></w:tr></w:tbl>"
    )
    assert document.text == "kept"


# ---- text that python-docx drops


def test_content_controls_links_tags_and_simple_fields_are_read():
    control = f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{run('b')}</w:sdtContent></w:sdt>"
    document = read(
        para(
            run("a"),
            control,
            f"<w:hyperlink>{run('c')}</w:hyperlink>",
            f"<w:smartTag>{run('d')}</w:smartTag>",
            f'<w:fldSimple w:instr="DATE">{run("e")}</w:fldSimple>',
        )
        + f"<w:sdt><w:sdtContent>{para(run('block'))}</w:sdtContent></w:sdt>"
    )
    assert show_blocks(document) == ["abcde", "block"]


def test_a_field_gives_its_result_and_not_its_code():
    inner = mark("begin") + "<w:r><w:instrText>REF x</w:instrText></w:r>" + mark("separate")
    outer = mark("begin") + "<w:r><w:instrText>IF </w:instrText></w:r>"
    document = read(
        para(run("see "), inner, run("8.1"), mark("end"), run(" and "))
        + para(outer, inner, run("code"), mark("end"), mark("separate"), run("yes"), mark("end"))
    )
    assert show_blocks(document) == ["see 8.1 and ", "yes"]


def test_a_field_that_never_ends_does_not_eat_the_text():
    assert read(para(mark("begin"), run("still here"))).text == "still here"


def test_a_deleted_field_beginning_does_not_pair_with_a_living_end():
    lost = f"<w:del>{mark('begin')}</w:del>"
    document = read(para(mark("begin"), run("code"), lost, mark("end")) + para(run("next")))
    assert document.text == "next"


def test_a_text_box_is_read_once_after_its_paragraph():
    document = read(para(run("before"), box(para(run("boxed"))), run(" after")) + para(run("next")))
    assert show_blocks(document) == ["before after", "boxed", "next"]
    assert document.blocks[1].style == "textbox"


def test_words_that_only_the_fallback_holds_are_read():
    either = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="w16se"/>'
        "<mc:Fallback><w:t>face</w:t></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert read(para(run("a "), either)).text == "a face"


def test_special_characters_of_a_run():
    document = read(
        para(
            "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>re</w:t><w:softHyphen/><w:t>use"
            '</w:t><w:noBreakHyphen/><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
        )
    )
    assert document.text == "a\tb\nreuse-\u2611"


def test_hidden_text_is_left_out_and_counted():
    styles = (
        '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="P"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    document = read(
        para(
            run("seen"),
            run("12", "<w:vanish/>"),
            run("345", '<w:rStyle w:val="H"/>'),
            run("!", '<w:vanish w:val="0"/>'),
        )
        + para(run("6"), run("back", '<w:rStyle w:val="H"/>'), properties='<w:pStyle w:val="P"/>'),
        styles=styles,
    )
    assert show_blocks(document) == ["seen!", "back"]
    assert ("hidden characters", "6") in document.facts


def test_a_style_separator_sets_heading_and_text_in_one_block():
    run_in = '<w:pStyle w:val="Heading2"/><w:rPr><w:vanish/><w:specVanish/></w:rPr>'
    document = read(para(run("Fees."), properties=run_in) + para(run(" They are due.")))
    assert show_blocks(document) == ["Fees. They are due."]
    assert (document.blocks[0].style, document.blocks[0].level) == ("heading", 1)


# ---- tables


def test_cells_are_separated_by_tabs_and_rows_by_line_ends():
    inner = table([para(run("x")), para(run("y"))])
    document = read(
        para(run("before"))
        + table([para(run("a")), para(run("b")) + para(run("b2"))], [para(run("c")), inner])
        + para(run("after"))
    )
    assert document.text == "before\na\tb\nb2\nc\nx\ty\nafter"
    assert [block.cell for block in document.blocks] == [
        None,
        (0, 0, 0),
        (0, 0, 1),
        (0, 0, 1),
        (0, 1, 0),
        (1, 0, 0),
        (1, 0, 1),
        None,
    ]


def test_a_merged_cell_is_read_once_and_moves_the_next_one_on():
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + para(run("wide")) + "</w:tc>"
    row = f"<w:tr>{wide}<w:tc>{para(run('last'))}</w:tc></w:tr>"
    document = read(f"<w:tbl>{row}</w:tbl>")
    assert document.text == "wide\tlast"
    assert document.blocks[1].cell == (0, 0, 2)


# ---- notes, headers, things that are not read


def test_footnotes_follow_their_paragraph_and_endnotes_come_last():
    foot, end = '<w:footnoteReference w:id="2"/>', '<w:endnoteReference w:id="2"/>'
    lost = '<w:del><w:r><w:footnoteReference w:id="3"/></w:r></w:del>'
    document = read(
        para(run("one"), f"<w:r>{end}</w:r>", f"<w:r>{foot}</w:r>", lost) + para(run("two")),
        footnotes='<w:footnote w:id="0" w:type="separator">'
        + para(run("line"))
        + f'</w:footnote><w:footnote w:id="2">{para(run("foot"))}</w:footnote>'
        + f'<w:footnote w:id="3">{para(run("dropped"))}</w:footnote>',
        endnotes=f'<w:endnote w:id="2">{para(run("end"))}</w:endnote>',
    )
    assert show_blocks(document) == ["one", "foot", "two", "end"]
    assert [block.style for block in document.blocks] == ["", "note", "", "note"]
    assert document.anchors[1].place.part == "word/footnotes.xml"


def test_headers_footers_and_comments_are_facts_and_no_text():
    document = read(
        para(run("text")),
        header1=para(run("DRAFT  of May")),
        footer1=para(run("p. " + "9" * 200)),
        comments="<w:comment/><w:comment/>",
    )
    facts = dict(document.facts)
    assert document.text == "text"
    assert facts["header"] == "DRAFT of May"
    assert len(facts["footer"]) == 100
    assert facts["comments"] == "2 (unnamed 2)"


def test_pictures_objects_equations_and_attached_files_are_named_as_unread():
    picture = "<w:r><w:drawing><pic:pic/></w:drawing></w:r>"
    whole = "<w:r><w:object><v:shape><v:imagedata/></v:shape></w:object></w:r>"
    document = read(
        para(run("text"), picture, picture, whole, "<m:oMath><m:r/></m:oMath>") + "<w:altChunk/>"
    )
    assert [unread.what for unread in document.unread] == [
        "2 pictures",
        "1 embedded object",
        "1 equation",
        "1 attached file",
    ]
    assert document.unread[0].where == "word/document.xml, paragraph 1"
    assert all(unread.advice for unread in document.unread)


# ---- labels and styles

NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/>'
    '<w:pStyle w:val="Clause2"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
)
STYLES = (
    '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/><w:pPr>'
    '<w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Clause2"><w:name w:val="Clause 2"/>'
    '<w:basedOn w:val="berschrift1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Sub"><w:name w:val="Sub"/>'
    '<w:basedOn w:val="Clause2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="V1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>'
)


def zip_blocks(document):
    return zip(document.blocks, show_blocks(document), strict=True)


def styled(style, text, more=""):
    return para(run(text), properties=f'<w:pStyle w:val="{style}"/>{more}')


def test_labels_levels_and_styles_come_through_the_style_chain():
    bullet = '<w:numPr><w:numId w:val="2"/></w:numPr>'
    none = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    document = read(
        styled("Titel", "Agreement")
        + styled("V1", "1. Fees 3")
        + styled("berschrift1", "Fees")
        + styled("Clause2", "Due")
        + styled("Sub", "Late")
        + styled("berschrift1", "Plain", none)
        + styled("Loop", "Point", bullet)
        + styled("berschrift1", "Term"),
        styles=STYLES,
        numbering=NUMBERING,
    )
    assert [(b.label, b.level, b.style) for b in document.blocks] == [
        ("", None, "title"),
        ("", None, "toc"),
        ("1.", 0, "heading"),
        ("1.1", 1, ""),
        ("1.2", 1, ""),
        ("", 0, "heading"),
        ("", 0, "list"),
        ("2.", 0, "heading"),
    ]


def test_paragraphs_in_a_contents_field_are_toc():
    code = "<w:r><w:instrText>TOC \\o</w:instrText></w:r>"
    document = read(
        para(mark("begin"), code, mark("separate"), run("Fees 1"))
        + para(run("Term 2"))
        + para(mark("end"))
        + para(run("text"))
    )
    assert [block.style for block in document.blocks] == ["toc", "toc", ""]


def test_an_empty_numbered_paragraph_keeps_its_label_but_a_section_end_has_none():
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    document = read(
        para(properties=numbered)
        + para(properties=numbered + "<w:sectPr/>")
        + para(run("text"), properties=numbered),
        numbering=NUMBERING,
    )
    assert [(b.label, text) for b, text in zip_blocks(document)] == [("1.", ""), ("2.", "text")]


# ---- places, on made and on real documents

WORDS = st.text(st.sampled_from("abc \u00e9\U0001f600"), max_size=6)


def shape(kind, text):
    """Return one inline element of a kind, and the text that it shows."""
    field = mark("begin") + "<w:r><w:instrText>X</w:instrText></w:r>" + mark("separate")
    mixed = (
        f'<w:r><w:t>{text}</w:t><w:fldChar w:fldCharType="begin"/><w:t>code</w:t>'
        f'<w:fldChar w:fldCharType="separate"/><w:t>{text}</w:t>'
        '<w:fldChar w:fldCharType="end"/></w:r>'
    )
    return {
        "run": (run(text), text),
        "tab": (f"<w:r><w:t>{text}</w:t><w:tab/><w:t>{text}</w:t></w:r>", f"{text}\t{text}"),
        "ins": (f"<w:ins>{run(text)}{run(text)}</w:ins>", text * 2),
        "del": (f"<w:del>{run(text)}</w:del>", ""),
        "hidden": (run(text, "<w:vanish/>"), ""),
        "link": (f"<w:hyperlink><w:ins>{run(text)}</w:ins></w:hyperlink>", text),
        "field": (field + run(text) + mark("end"), text),
        "mixed": (mixed, text * 2),
    }[kind]


KIND = st.sampled_from(["run", "tab", "ins", "del", "hidden", "link", "field", "mixed"])
INLINE = st.builds(shape, KIND, WORDS)


@st.composite
def paragraphs(draw, *, boxes=True):
    """Draw a paragraph: its XML and its text, followed by that of its text boxes."""
    items = draw(st.lists(INLINE, max_size=4))
    deleted = draw(st.booleans())
    xml, shown = "".join(x for x, _ in items), "".join(t for _, t in items)
    inside = ""
    if boxes and draw(st.booleans()):
        inner, inside = draw(paragraphs(boxes=False))
        xml = box(inner) + xml
    return para(xml, properties="<w:rPr><w:del/></w:rPr>" * deleted), shown + inside


@st.composite
def tables(draw):
    cells = draw(st.lists(paragraphs(), min_size=1, max_size=3))
    return table([xml for xml, _ in cells]), "".join(text for _, text in cells)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(paragraphs(boxes=False), tables()), max_size=5))
def test_every_character_is_read_once_and_can_be_walked_home(parts):
    xml = "".join(part for part, _ in parts)
    data = make_docx(para(run("start")) + xml + para(run("end")))
    document = read_docx(data, name="a.docx", limits=Limits())
    check_anchors(document, data)
    expected = "start" + "".join(text for _, text in parts) + "end"
    assert sorted(document.text.replace(" ", "").replace("\n", "").replace("\t", "")) == sorted(
        expected.replace(" ", "").replace("\t", "")
    )
    if "txbxContent" not in xml:
        assert "".join(document.text.split()) == "".join(expected.split())


def count_shown(data):
    """Count the letters of w:t that the final view shows, by XPath over the main part."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
        styles = etree.fromstring(archive.read("word/styles.xml"))
    names = {"w": W[1:-1], "mc": MC[1:-1]}
    hiding = styles.xpath(
        "//w:style[@w:type='character'][w:rPr/w:vanish]/@w:styleId", namespaces=names
    )
    shown = root.xpath(
        "//w:t[not(ancestor::w:del or ancestor::w:moveFrom)]"
        "[not(ancestor::mc:Fallback[../mc:Choice//w:t])]"
        "[not(ancestor::w:tr[w:trPr/w:del])]"
        "[not(parent::w:r/w:rPr/w:vanish[not(@w:val) or @w:val='1' or @w:val='true'])]",
        namespaces=names,
    )
    total = 0
    for text in shown:
        style = text.xpath("string(../w:rPr/w:rStyle/@w:val)", namespaces=names)
        if style not in hiding or text.xpath("../w:rPr/w:vanish", namespaces=names):
            total += len("".join((text.text or "").split()))
    return total


REAL = sorted(SHARED.glob("*.docx")) if SHARED.is_dir() else []


@pytest.mark.shared
@pytest.mark.skipif(not REAL, reason="the real contracts are not beside the checkout")
def test_real_files_lose_no_character_and_every_place_is_right():
    refused = []
    for path in REAL:
        data = path.read_bytes()
        try:
            document = read_docx(data, name=path.name, limits=Limits())
        except InputError as error:
            refused.append((path.name[:9], error.code))
            continue
        check_anchors(document, data)
        main = sum(
            len("".join(document.text[a.start : a.end].split()))
            for a in document.anchors
            if a.place.part == "word/document.xml"
        )
        extra = count_extra(document, data)
        assert main - extra == count_shown(data), path.name
    # One file's main part has a closing tag too many: no XML parser reads it.
    assert refused == [("UseJunior", "C123")]


def count_extra(document, data):
    """Count letters that come from elements other than w:t: no-break hyphens and symbols."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    return sum(1 for _ in root.iter(W + "noBreakHyphen", W + "sym"))


# ---- bad files


def refuse(data, *, limits=None):
    with pytest.raises(InputError) as caught:
        read_docx(data, name="bad.docx", limits=limits or Limits())
    assert caught.value.where == "bad.docx"
    assert caught.value.advice
    return caught.value.code


def test_no_zip_cut_zip_and_other_zips_are_refused():
    whole = make_docx(para(run("text " * 500)))
    assert refuse(b"") == "C120"
    assert refuse(b"no zip at all") == "C120"
    assert refuse(whole[: len(whole) // 2]) == "C120"
    assert refuse(make_zip({"a.txt": "x"})) == "C121"
    assert refuse(make_zip({"word/document.xml": "<a/>"})) == "C121"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_gives_a_document_or_an_error_of_ours(at, noise):
    data = bytearray(make_docx(para(run("text ")) * 20, styles=STYLES))
    at %= len(data)
    data[at : at + len(noise)] = noise
    with contextlib.suppress(InputError):
        read_docx(bytes(data), name="a.docx", limits=Limits())


def test_bombs_are_refused_by_size_and_by_ratio():
    large = make_docx(para(run("a" * 5000)))
    assert refuse(large, limits=Limits(max_part_bytes=4000)) == "C122"
    assert refuse(make_docx(para(run(" " * 9_000_000)))) == "C122"


def test_many_large_parts_count_together():
    header = para(run("h" * 3000))
    data = make_docx(para(run("a" * 3000)), header1=header, footer1=header)
    assert refuse(data, limits=Limits(max_part_bytes=8000)) == "C122"


def test_document_types_and_entities_are_refused():
    for inner in ('<!DOCTYPE a SYSTEM "file:///etc/passwd">', '<!DOCTYPE a [<!ENTITY b "c">]>'):
        body = f"<w:document {SPACES}><w:body>{para(run('x'))}</w:body></w:document>"
        assert refuse(make_zip({"word/document.xml": inner + body})) == "C124"


def test_broken_and_very_deep_xml_is_refused():
    assert refuse(make_zip({"word/document.xml": "<w:document>"})) == "C123"
    deep = "<w:tbl><w:tr><w:tc>" * 10_000 + para(run("x")) + "</w:tc></w:tr></w:tbl>" * 10_000
    assert refuse(make_docx(deep)) == "C123"


def test_tables_as_deep_as_xml_allows_are_read():
    deep = "<w:tbl><w:tr><w:tc>" * 80 + para(run("x")) + "</w:tc></w:tr></w:tbl>" * 80
    assert read(deep).blocks[0].cell == (79, 0, 0)


def test_blank_documents_say_why():
    assert refuse(make_docx(para(run("  ")))) == "C125"
    with pytest.raises(InputError, match="pictures only"):
        read(para("<w:r><w:drawing><pic:pic/></w:drawing></w:r>"))
    with pytest.raises(InputError, match="hidden"):
        read(para(run("x", "<w:vanish/>")))


def test_too_much_text_is_refused():
    assert refuse(make_docx(para(run("abc")) * 9), limits=Limits(max_chars=20)) == "C126"


# ---- variants of the format


def test_strict_files_read_as_transitional_ones_do():
    body = para(run("strict"), f"<w:del>{run('x')}</w:del>", properties='<w:outlineLvl w:val="0"/>')
    xml = f"<w:document {SPACES}><w:body>{body}</w:body></w:document>"
    data = make_zip({"word/document.xml": xml.replace(W[1:-1], STRICT[1:-1])})
    document = read_docx(data, name="a.docx", limits=Limits())
    assert (document.text, document.blocks[0].style) == ("strict", "heading")


def test_macros_are_a_fact():
    xml = f"<w:document {SPACES}><w:body>{para(run('x'))}</w:body></w:document>"
    data = make_zip({"word/document.xml": xml, "word/vbaProject.bin": b"\0"})
    document = read_docx(data, name="a.docm", limits=Limits())
    assert ("macros", "present, not run") in document.facts
    assert document.media_type.endswith("macroEnabled.12")


def test_the_main_part_is_found_through_its_relation():
    rels = (
        f'<Relationships xmlns="{RELS}"><Relationship Id="a" Type="{R}/officeDocument" '
        'Target="/word/document2.xml"/></Relationships>'
    )
    xml = f"<w:document {SPACES}><w:body>{para(run('x'))}</w:body></w:document>"
    data = make_zip({"_rels/.rels": rels, "word/document2.xml": xml})
    document = read_docx(data, name="a.docx", limits=Limits())
    assert document.anchors[0].place.part == "word/document2.xml"


# ---- headings that only their look tells


def set_as(text, size, *more):
    return para(run(text, f'<w:sz w:val="{2 * size}"/>' + "".join(f"<w:{name}/>" for name in more)))


def list_headings(document):
    return [
        (document.text[b.start : b.end], b.level) for b in document.blocks if b.style == "heading"
    ]


def test_larger_and_bold_paragraphs_are_headings_of_the_depth_that_their_look_shows():
    words = set_as("The supplier shall keep the records that the customer may ask for. " * 2, 10)
    part = set_as("How we work", 16, "b") + words
    section = set_as("Payments", 13, "b") + words
    document = read((part + section + section) * 3 + set_as("SEO", 13, "b"))
    assert list_headings(document) == [
        *[("How we work", 0), ("Payments", 1), ("Payments", 1)] * 3,
        ("SEO", 1),
    ]


def test_bold_lines_of_an_address_sentences_and_text_that_is_all_bold_are_no_headings():
    words = set_as("The supplier shall keep the records that the customer may ask for. " * 2, 10)
    address = "".join(set_as(line, 10, "b") for line in ("Made Ltd", "1 Quay", "Hull", "England"))
    assert list_headings(read(address + words + set_as("It pays.", 10, "b"))) == []
    loud = set_as("The supplier shall keep the records that the customer may ask. " * 2, 10, "b")
    assert list_headings(read(loud + set_as("Payments", 10, "b") + loud)) == []


def test_a_style_may_make_letters_bold_and_word_knows_the_depth_of_its_own_headings():
    styles = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="20"/></w:rPr></w:rPrDefault>'
        '</w:docDefaults><w:style w:type="paragraph" w:styleId="Loud"><w:rPr><w:b/></w:rPr>'
        '</w:style><w:style w:type="character" w:styleId="Strong"><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Heading3"><w:name w:val="Heading 3"/><w:pPr>'
        '<w:outlineLvl w:val="1"/></w:pPr></w:style>'
    )
    words = para(run("The supplier shall keep the records that the customer may ask for. " * 2))
    strong = para(run("Support", '<w:rStyle w:val="Strong"/>'))
    document = read(words + styled("Loud", "Fees") + words + strong + words, styles=styles)
    assert list_headings(document) == [("Fees", None), ("Support", None)]
    assert list_headings(read(styled("Heading3", "Fees"), styles=styles)) == [("Fees", 2)]


# ---- Google Docs


def docs_list(number):
    """Write the definitions of one list as Google Docs does: nine levels, an abstract each."""
    formats = ("decimal", "lowerLetter", "lowerRoman") * 3
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText '
        f'w:val="%{n + 1}."/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{720 * (n + 1)}" '
        'w:hanging="360"/></w:pPr><w:rPr><w:u w:val="none"/></w:rPr></w:lvl>'
        for n, style in enumerate(formats)
    )
    abstract = f'<w:abstractNum w:abstractNumId="{number}">{levels}</w:abstractNum>'
    return abstract, f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'


def docs_para(text, number=None, level=0, style=""):
    listed = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + (
        listed if number is not None else ""
    )
    empty = '<w:r><w:rPr><w:rtl w:val="0"/></w:rPr></w:r>'
    words = run(text, '<w:rtl w:val="0"/>') if text else empty
    return para(words, empty, properties=properties + "<w:rPr/>")


def test_lists_suggestions_and_empty_runs_of_google_docs_are_read():
    abstracts, nums = zip(docs_list(1), docs_list(2), strict=True)
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="normal"/>'
        '</w:style><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>'
        '<w:basedOn w:val="Normal"/></w:style>'
    )
    tag = '<w:sdtPr><w:tag w:val="goog_rdk_0"/></w:sdtPr>'
    tagged = f"<w:sdt>{tag}<w:sdtContent>{{}}</w:sdtContent></w:sdt>"
    told = 'w:author="Ann" w:date="2026-01-05T08:00:00Z" w:id="0"'
    suggested = para(
        run("The fee is due in "),
        tagged.format(f"<w:ins {told}>{run('thirty')}</w:ins>"),
        tagged.format(f"<w:del {told}><w:r><w:delText>sixty</w:delText></w:r></w:del>"),
        run(" days."),
        properties='<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>',
    )
    body = (
        docs_para("Services", style="Heading1")
        + docs_para("Fees", 1)
        + suggested
        + docs_para("Late fees bear interest.", 1, 1)
        + docs_para("")
        + docs_para("Term", 1)
        + docs_para("Reports", style="Heading1")
        + docs_para("Monthly", 2)
        + docs_para("Yearly", 2)
    )
    document = read(body, styles=styles, numbering="".join(abstracts + nums))
    assert [(b.label, document.text[b.start : b.end], b.style) for b in document.blocks] == [
        ("", "Services", "heading"),
        ("1.", "Fees", ""),
        ("a.", "The fee is due in thirty days.", ""),
        ("b.", "Late fees bear interest.", ""),
        ("2.", "Term", ""),
        ("", "Reports", "heading"),
        ("1.", "Monthly", ""),
        ("2.", "Yearly", ""),
    ]
    assert [(c.kind, c.author) for c in document.changes] == [
        ("insertion", "Ann"),
        ("deletion", "Ann"),
    ]
