"""Make a contract of about twenty pages out of the clauses that were written for the project.

In: ``corpora/clauses/*.jsonl``. Out: its paragraphs with their levels, its plain text, and a .docx
whose numbers are Word's automatic numbering.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

CLAUSES = Path(__file__).resolve().parents[1] / "corpora" / "clauses"
WORDS = 9_500
_PER_ARTICLE = 8
_SHARE = 8
_NAMES = {"customer": "Customer", "supplier": "Supplier"}
_OPENING = (
    'THIS AGREEMENT is made between Northwind Harbour Ltd (the "Customer") and Alder Ltd (the '
    '"Supplier").\n'
    "The Customer wishes to buy managed services and the Supplier has agreed to provide them on "
    "the terms that follow."
)
_TITLES = (
    "Services", "Charges", "Payment", "Staff", "Performance", "Changes", "Governance",
    "Information", "Confidence", "Liability", "Indemnities", "Term", "Ending", "Exit", "Disputes",
    "Insurance", "Records", "Premises", "Equipment", "Improvement", "Innovation", "General",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: its words and its level, 0 an article, 1 a clause, None not numbered."""

    words: str
    level: int | None


def read_clauses(folder: Path = CLAUSES) -> list[str]:
    """Return neutral clauses, every eighth replaced by one that carries a code.

    Real contracts hold about one one-sided clause in thirteen. All families take turns, and the
    parties are called by one name each.
    """
    plain, coded = [], []
    families = [
        [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        for path in sorted(folder.glob("*.jsonl"))
    ]
    for row in (row for turn in zip_longest(*families) for row in turn if row):
        (coded if row["codes"] else plain).append(_rename_parties(row))
    mixed = []
    for number, text in enumerate(plain):
        if number % (_SHARE - 1) == 0:
            mixed.append(coded[number // (_SHARE - 1) % len(coded)])
        mixed.append(text)
    return mixed


def _rename_parties(row: dict[str, Any]) -> str:
    text = " ".join(row["text"].split())
    for role, name in (row.get("parties") or {}).items():
        text = re.sub(rf"\b{re.escape(name)}\b", _NAMES[role], text)
    return text


def make_contract(clauses: Sequence[str], words: int = WORDS) -> list[Paragraph]:
    """Return a contract of about ``words`` words; the clauses repeat when they run out.

    >>> [p.level for p in make_contract(["Supplier shall pay."], 40)][:4]
    [None, None, 0, 1]
    """
    paragraphs = [Paragraph(text, None) for text in _OPENING.split("\n")]
    count = len(_OPENING.split())
    number = 0
    while count < words:
        if number % _PER_ARTICLE == 0:
            article = number // _PER_ARTICLE
            paragraphs.append(Paragraph(_TITLES[article % len(_TITLES)], 0))
            count += 1
        text = clauses[number % len(clauses)]
        paragraphs.append(Paragraph(text, 1))
        count += len(text.split())
        number += 1
    return paragraphs


def write_text(paragraphs: Sequence[Paragraph]) -> str:
    r"""Return the contract as text with its numbers typed.

    >>> write_text([Paragraph("Pay", 0), Paragraph("Supplier shall pay.", 1)])
    '1. Pay\n\n1.1 Supplier shall pay.\n'
    """
    lines = []
    article = clause = 0
    for paragraph in paragraphs:
        if paragraph.level == 0:
            article, clause = article + 1, 0
            lines.append(f"{article}. {paragraph.words}")
        elif paragraph.level == 1:
            clause += 1
            lines.append(f"{article}.{clause} {paragraph.words}")
        else:
            lines.append(paragraph.words)
    return "\n\n".join(lines) + "\n"


def write_word(paragraphs: Sequence[Paragraph]) -> bytes:
    """Return the contract as a .docx in which no number is typed."""
    from docx import Document
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    file = Document()
    numbering = file.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        f'<w:lvlText w:val="{form}"/></w:lvl>'
        for level, form in enumerate(("%1.", "%1.%2"))
    )
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">'
            f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        ),
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>')
    )
    for paragraph in paragraphs:
        style = "Heading 1" if paragraph.level == 0 else "Normal"
        written = file.add_paragraph(paragraph.words, style=style)
        if paragraph.level is not None:
            written._p.get_or_add_pPr().append(
                parse_xml(
                    f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{paragraph.level}"/>'
                    '<w:numId w:val="90"/></w:numPr>'
                )
            )
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def write_pdf(text: str) -> bytes:
    """Return the text as a PDF, 60 lines of up to 90 characters a page."""
    import textwrap

    lines = [line for block in text.split("\n\n") for line in (*textwrap.wrap(block, 90), "")]
    pages = [lines[i : i + 60] for i in range(0, len(lines), 60)]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(pages))), len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
    ]
    for i, page in enumerate(pages):
        shown = b"".join(b"(%s) '\n" % _escape_pdf(line) for line in page)
        stream = b"BT /F1 10 Tf 12 TL 60 800 Td\n" + shown + b"ET"
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * i),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, table, count, len(out))
    )


def _escape_pdf(line: str) -> bytes:
    data = line.encode("cp1252", "replace")
    return re.sub(rb"([\\()])", rb"\\\1", data)
