"""Write a sample contract as a Word file with automatic numbering, contents, header and footer.

Comes in: numbered items of ``build.py``. Goes out: the bytes of a .docx
in which no number is typed.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Protocol

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

FONT = "Times New Roman"
TEXT_WIDTH = 160  # mm: A4 less two margins of 25 mm
AUTHOR = "clausecheck"
PIECE = re.compile(r"\*\*(.+?)\*\*|\{@(\w+)\}")

# Style, list, level, printed form, number format, left indent and hanging indent in mm.
LEVELS = (
    ("Heading 1", 1, 0, "%1.", "decimal", 12, 12),
    ("Clause 2", 1, 1, "%1.%2", "decimal", 12, 12),
    ("Clause 3", 1, 2, "(%3)", "lowerLetter", 22, 10),
    ("Clause 4", 1, 3, "(%4)", "lowerRoman", 32, 10),
    ("Schedule Heading", 2, 0, "Schedule %1", "decimal", 0, 0),
    ("Schedule 1", 2, 1, "%2.", "decimal", 12, 12),
    ("Schedule 2", 2, 2, "%2.%3", "decimal", 12, 12),
    ("Schedule 3", 2, 3, "(%4)", "lowerLetter", 22, 10),
    ("Schedule 4", 2, 4, "(%5)", "lowerRoman", 32, 10),
    ("Party", 3, 0, "(%1)", "decimal", 12, 12),
    ("Recital", 4, 0, "(%1)", "upperLetter", 12, 12),
)
RUN_IN_STYLES = ("Clause 2", "Schedule 2", "Party")
PLAIN_STYLES = {
    "title": "Title",
    "cover": "Cover",
    "head": "Front Heading",
    "text": "Body Text",
    "def": "Definition",
    "party": "Party",
    "recital": "Recital",
    "schedule": "Schedule Heading",
}


class Source(Protocol):
    """What this module reads of an item."""

    kind: str
    level: int
    text: str
    path: str
    anchor: str
    rows: list[list[str]]


def write_docx(
    items: Sequence[Source],
    *,
    targets: Mapping[str, str],
    contents: Sequence[tuple[str, str, int]],
    signatures: list[list[str]],
    written: datetime,
) -> bytes:
    """Return a .docx with ``items``, the ``contents`` list and a block of ``signatures``."""
    writer = _Writer(targets, contents)
    writer.paragraphs = {
        item.anchor for item in items if item.kind == "clause" and item.path.startswith("Schedule")
    }
    for item in items:
        writer.add_item(item, signatures)
    title = next(item.text for item in items if item.kind == "title")
    writer.add_furniture(title)
    properties = writer.doc.core_properties
    properties.author = properties.last_modified_by = AUTHOR
    properties.title = title
    properties.comments = "Invented sample contract"
    properties.created = properties.modified = written
    properties.revision = 1
    out = io.BytesIO()
    writer.doc.save(out)
    return out.getvalue()


class _Writer:
    """A document under construction; bookmarks are numbered as they come."""

    def __init__(
        self, targets: Mapping[str, str], contents: Sequence[tuple[str, str, int]]
    ) -> None:
        self.doc = Document()
        self.targets = targets
        self.contents = contents
        numbers = [number.rstrip(".") for number, _, _ in contents]
        self.entries = {number: f"_Toc{270100001 + i}" for i, number in enumerate(numbers)}
        self.bookmarks = {name: f"_Ref{260100001 + i}" for i, name in enumerate(targets)}
        self.paragraphs: set[str] = set()
        self.marks = 0
        self.in_schedule = False
        section = self.doc.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(25)
        section.top_margin = section.bottom_margin = Mm(25)
        section.different_first_page_header_footer = True
        self._drop_template_lists()
        self._add_styles()
        self._add_lists()

    def _drop_template_lists(self) -> None:
        """Remove the numbering that the library's template brings, and the styles that use it."""
        numbering = self.doc.part.numbering_part.element
        for child in list(numbering):
            numbering.remove(child)
        for style in list(self.doc.styles):
            if style.name.startswith("List"):
                style.delete()

    def _add_styles(self) -> None:
        styles = self.doc.styles
        normal = styles["Normal"]
        normal.font.size = Pt(10.5)
        _set_font(normal)
        # The template's theme fonts and colours would override those set here.
        _set_language(styles)
        for name in ("Title", "Heading 1", "Body Text", "Header", "Footer"):
            _set_font(styles[name])
        for name, base in (("Cover", "Normal"), ("Front Heading", "Normal"), ("TOC 1", "Normal")):
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles[base]
        for name in ("Definition", "Clause 2", "Clause 3", "Clause 4", "Party", "Recital"):
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Body Text"]
        for name in ("Schedule 2", "Schedule 3", "Schedule 4"):
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Body Text"]
        for name in ("Schedule Heading", "Schedule 1"):
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
        body = styles["Body Text"].paragraph_format
        body.space_after, body.line_spacing = Pt(6), 1.08
        body.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        styles["Definition"].paragraph_format.left_indent = Mm(12)
        for name in ("Header", "Footer"):
            stops = styles[name].element.pPr.find(qn("w:tabs"))
            styles[name].element.pPr.remove(stops)
        for name, size, before in (
            ("Title", 22, 150),
            ("Heading 1", 10.5, 10),
            ("Front Heading", 10.5, 10),
            ("Schedule Heading", 13, 0),
            ("Schedule 1", 10.5, 10),
        ):
            style = styles[name]
            style.font.bold, style.font.size = True, Pt(size)
            style.paragraph_format.space_before = Pt(before)
            style.paragraph_format.space_after = Pt(6)
            style.paragraph_format.keep_with_next = True
        for name in ("Title", "Cover", "Schedule Heading"):
            styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for border in styles["Title"].element.pPr.findall(qn("w:pBdr")):
            styles["Title"].element.pPr.remove(border)
        styles["Title"].paragraph_format.space_after = Pt(24)
        styles["Cover"].paragraph_format.space_after = Pt(18)
        styles["Cover"].font.size = Pt(13)
        schedule = styles["Schedule Heading"].paragraph_format
        schedule.page_break_before, schedule.space_after = True, Pt(12)
        toc = styles["TOC 1"].paragraph_format
        toc.space_after = Pt(3)
        toc.left_indent, toc.first_line_indent = Mm(12), Mm(-12)
        toc.tab_stops.add_tab_stop(Mm(12))
        right = (Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        toc.tab_stops.add_tab_stop(*right)

    def _add_lists(self) -> None:
        """Define one multilevel list for each family of styles and tie the styles to it."""
        numbering = self.doc.part.numbering_part.element
        for number in (1, 2, 3, 4):
            levels = [entry for entry in LEVELS if entry[1] == number]
            xml = "".join(self._level_xml(entry) for entry in levels)
            kind = "multilevel" if len(levels) > 1 else "singleLevel"
            numbering.append(
                parse_xml(
                    f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
                    f'<w:multiLevelType w:val="{kind}"/>{xml}</w:abstractNum>'
                )
            )
        for number in (1, 2, 3, 4):
            numbering.append(
                parse_xml(
                    f'<w:num {nsdecls("w")} w:numId="{number}">'
                    f'<w:abstractNumId w:val="{number}"/></w:num>'
                )
            )
        for name, number, level, *_ in LEVELS:
            properties = self.doc.styles[name].element.get_or_add_pPr()
            properties._insert_numPr(
                parse_xml(
                    f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/>'
                    f'<w:numId w:val="{number}"/></w:numPr>'
                )
            )
            if name == "Schedule Heading":  # so that the contents list and the outline hold it
                outline = OxmlElement("w:outlineLvl")
                outline.set(qn("w:val"), "0")
                properties.append(outline)

    def _level_xml(self, entry: tuple[str, int, int, str, str, int, int]) -> str:
        name, _, level, printed, form, left, hanging = entry
        style = self.doc.styles[name].style_id
        # Without this a number takes the bold of the run-in heading that follows it.
        bold = '<w:rPr><w:b w:val="0"/></w:rPr>' if name in RUN_IN_STYLES else ""
        indent = f'<w:ind w:left="{round(left * 56.7)}" w:hanging="{round(hanging * 56.7)}"/>'
        suffix = '<w:suff w:val="space"/>' if name == "Schedule Heading" else ""
        return (
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:pStyle w:val="{style}"/>{suffix}<w:lvlText w:val="{printed}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr>{indent}</w:pPr>{bold}</w:lvl>'
        )

    def add_item(self, item: Source, signatures: list[list[str]]) -> None:
        """Append one item to the body."""
        if item.kind == "break":
            self.doc.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
        elif item.kind == "toc":
            self._add_contents(item.text)
        elif item.kind == "table":
            self._add_table(item.rows, "Table Grid")
        elif item.kind == "sign":
            self.doc.paragraphs[-1].paragraph_format.keep_with_next = True
            self._add_table(signatures, None)
        else:
            self.in_schedule |= item.kind == "schedule"
            if item.kind == "clause":
                levels = ("Schedule 1", "Schedule 2", "Schedule 3", "Schedule 4")
                normal = ("Heading 1", "Clause 2", "Clause 3", "Clause 4")
                style = (levels if self.in_schedule else normal)[item.level - 1]
            else:
                style = PLAIN_STYLES[item.kind]
            paragraph = self.doc.add_paragraph(style=style)
            listed = style in ("Heading 1", "Schedule Heading")
            names = [self.bookmarks[item.anchor]] if item.anchor else []
            names += [self.entries[item.path]] if listed else []
            opened = [self._open_bookmark(paragraph, name) for name in names]
            self._add_words(paragraph, item.text)
            for mark in opened:
                paragraph._p.append(mark)

    def _open_bookmark(self, paragraph: Any, name: str) -> Any:
        self.marks += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:id"), str(self.marks))
        start.set(qn("w:name"), name)
        end.set(qn("w:id"), str(self.marks))
        paragraph._p.append(start)
        return end

    def _add_words(self, paragraph: Any, text: str) -> None:
        """Add the runs of ``text``: plain, bold, and cross-references as fields."""
        at = 0
        for found in PIECE.finditer(text):
            if found.start() > at:
                paragraph.add_run(text[at : found.start()])
            if found[1]:
                paragraph.add_run(found[1]).bold = True
            elif self.targets[found[2]].startswith("Schedule"):
                paragraph.add_run(self.targets[found[2]])
            else:
                # "In full" would print "Schedule 1" before the paragraphs of a schedule.
                switch = "\\n" if found[2] in self.paragraphs else "\\w"
                instruction = f" REF {self.bookmarks[found[2]]} {switch} \\h "
                _add_field(paragraph, instruction, self.targets[found[2]])
            at = found.end()
        if at < len(text):
            paragraph.add_run(text[at:])

    def _add_contents(self, title: str) -> None:
        heading = self.doc.add_paragraph(title, style="Front Heading")
        heading.paragraph_format.page_break_before = True
        for i, (number, text, page) in enumerate(self.contents):
            paragraph = self.doc.add_paragraph(style="TOC 1")
            if i == 0:
                _add_mark(paragraph, "begin")
                _add_instruction(paragraph, ' TOC \\o "1-1" \\h \\z \\t "Schedule Heading,1" ')
                _add_mark(paragraph, "separate")
            mark = self.entries[number.rstrip(".")]
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), mark)
            if number.startswith("Schedule"):
                paragraph.paragraph_format.left_indent = Mm(0)
                paragraph.paragraph_format.first_line_indent = Mm(0)
            before = len(paragraph._p)
            spaced = f"{number} {text}" if number.startswith("Schedule") else f"{number}\t{text}"
            paragraph.add_run(f"{spaced}\t")
            _add_field(paragraph, f" PAGEREF {mark} \\h ", str(page))
            for run in list(paragraph._p)[before:]:
                link.append(run)
            paragraph._p.append(link)
            if i == len(self.contents) - 1:
                _add_mark(paragraph, "end")

    def _add_table(self, rows: list[list[str]], style: str | None) -> None:
        table = self.doc.add_table(len(rows), len(rows[0]), style=style)
        table.autofit = False
        longest = [min(30, max(12, *map(len, column))) for column in zip(*rows, strict=True)]
        widths = [Mm(TEXT_WIDTH * length / sum(longest)) for length in longest]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                table.cell(r, c).width = widths[c]
                paragraph = table.cell(r, c).paragraphs[0]
                paragraph.paragraph_format.space_after = Pt(3 if style else 14)
                paragraph.paragraph_format.space_before = Pt(3)
                # A table that breaks across pages is harder to read than a short page.
                paragraph.paragraph_format.keep_with_next = r < len(rows) - 1
                run = paragraph.add_run(text)
                run.font.size = Pt(10)
                run.bold = True if r == 0 else None
        if style:
            header = OxmlElement("w:tblHeader")
            table.rows[0]._tr.get_or_add_trPr().append(header)
            # Word and LibreOffice need a paragraph of their own between a table and what follows.
            gap = self.doc.add_paragraph(style="Normal").paragraph_format
            gap.space_after, gap.line_spacing = Pt(0), Pt(6)

    def add_furniture(self, title: str) -> None:
        """Add the running head and the page numbers, on all pages but the cover."""
        section = self.doc.sections[0]
        for part in (section.header, section.footer):
            stops = part.paragraphs[0].paragraph_format.tab_stops
            stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        head = section.header.paragraphs[0]
        head.add_run(f"{title}\tConfidential").font.size = Pt(9)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        foot.add_run("Page ")
        _add_field(foot, " PAGE ", "2")
        foot.add_run(" of ")
        _add_field(foot, " NUMPAGES ", "10")
        for run in foot.runs:
            run.font.size = Pt(9)


def _set_font(style: Any) -> None:
    style.font.name = FONT
    style.font.color.rgb = None
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    for color in properties.findall(qn("w:color")):
        properties.remove(color)


def _set_language(styles: Any) -> None:
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _add_mark(paragraph: Any, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


def _add_instruction(paragraph: Any, text: str) -> None:
    instruction = OxmlElement("w:instrText")
    instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    instruction.text = text
    paragraph.add_run()._r.append(instruction)


def _add_field(paragraph: Any, instruction: str, shown: str) -> None:
    _add_mark(paragraph, "begin")
    _add_instruction(paragraph, instruction)
    _add_mark(paragraph, "separate")
    paragraph.add_run(shown)
    _add_mark(paragraph, "end")
