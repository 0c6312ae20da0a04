"""Build the sample contracts, as Word, PDF and text, and their expected labels.

Comes in: ``NAME.source`` (its markup is explained in ``README.md``). Goes out: ``NAME.docx``,
``NAME.txt``, ``expected.json`` and, with ``--pdf``, ``NAME.pdf`` (made by LibreOffice) and the page
numbers of the contents list in ``pages.json`` (found by ``pdftotext``).
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from wordfile import write_docx  # noqa: E402 (a sibling of this script, not a package)

SAMPLES = ("hostile-outsourcing", "collaborative-outsourcing")
MARK = re.compile(r"\{([#!?=])([^}]*)\}")
REFERENCE = re.compile(r"\{@(\w+)\}")
WRITTEN = datetime(2025, 3, 3, 9, 0)  # noqa: DTZ001 (neither format needs a zone)
OPENING_WORDS = 8


@dataclass
class Item:
    """One paragraph or table: its ``kind``, printed ``number``, ``text`` and labels."""

    kind: str
    level: int = 0
    text: str = ""
    number: str = ""
    path: str = ""
    anchor: str = ""
    codes: list[tuple[str, str]] = field(default_factory=list)
    allowed: list[tuple[str, str]] = field(default_factory=list)
    balanced: bool = False
    rows: list[list[str]] = field(default_factory=list)


def parse_source(source: str) -> list[Item]:
    """Read the markup into items with their printed numbers."""
    items: list[Item] = []
    for line in source.splitlines():
        if line.startswith("|"):
            row = [smarten(cell.strip()) for cell in line.strip().strip("|").split("|")]
            if items[-1].kind != "table":
                items.append(Item("table"))
            items[-1].rows.append(row)
        elif line.startswith("#"):
            hashes, _, text = line.partition(" ")
            items.append(read_marks(Item("clause", len(hashes), text)))
        elif line.startswith("%"):
            kind, _, text = line[1:].partition(" ")
            items.append(read_marks(Item(kind, 0, text)))
        elif line:
            raise ValueError(f"unknown markup: {line[:40]!r}")
    number_items(items)
    return items


def read_marks(item: Item) -> Item:
    """Move the ``{...}`` marks of a line from its text into fields."""
    for sign, value in MARK.findall(item.text):
        if sign == "#":
            item.anchor = value
        elif sign == "=":
            item.balanced = True
        else:
            code, burden = value.split()
            (item.codes if sign == "!" else item.allowed).append((code, burden))
    item.text = smarten(MARK.sub("", item.text).strip())
    return item


def smarten(text: str) -> str:
    """Return ``text`` with typographic quotation marks."""
    text = re.sub(r'(^|[\s(])(\**)"', r"\1\2“", text).replace('"', "”")
    return text.replace("'", "’")


def number_items(items: list[Item]) -> None:
    """Count as Word will: clauses restart in each schedule, lower levels under each higher one."""
    counts = [0] * 5
    schedule = ""
    parties = recitals = schedules = 0
    for item in items:
        if item.kind == "party":
            parties += 1
            item.number = item.path = f"({parties})"
        elif item.kind == "recital":
            item.number = item.path = f"({chr(ord('A') + recitals)})"
            recitals += 1
        elif item.kind == "schedule":
            schedules += 1
            schedule = item.number = item.path = f"Schedule {schedules}"
            counts = [0] * 5
        elif item.kind == "clause":
            level = item.level
            counts[level] += 1
            counts[level + 1 :] = [0] * (4 - level)
            item.number, path = format_number(counts, level)
            item.path = f"{schedule} {path}".strip() if schedule else path


def format_number(counts: list[int], level: int) -> tuple[str, str]:
    """Return the printed number of a clause and the number by which other clauses cite it."""
    if level == 1:
        return f"{counts[1]}.", str(counts[1])
    section = f"{counts[1]}.{counts[2]}"
    if level == 2:
        return section, section
    letter = f"({chr(ord('a') + counts[3] - 1)})"
    if level == 3:
        return letter, section + letter
    roman = f"({('i', 'ii', 'iii', 'iv', 'v')[counts[4] - 1]})"
    return roman, section + letter + roman


def find_targets(items: list[Item]) -> dict[str, str]:
    """Map each anchor to the number by which the text cites it."""
    return {
        item.anchor: item.path
        if item.kind == "schedule"
        else re.sub(r"^Schedule \d ", "", item.path)
        for item in items
        if item.anchor
    }


def resolve_text(text: str, targets: dict[str, str]) -> str:
    """Return the words as printed: references filled in, bold marks gone."""
    return REFERENCE.sub(lambda found: targets[found[1]], text).replace("**", "")


def list_contents(items: list[Item], pages: dict[str, int]) -> list[tuple[str, str, int]]:
    """Return (number, heading, page) for each article and schedule of the contents list."""
    entries = [item for item in items if item.kind == "schedule" or item.level == 1]
    return [
        (item.number, item.text, pages.get(item.path, 1))
        for item in entries
        if item.kind == "schedule" or not item.path.startswith("Schedule")
    ]


def write_text(items: list[Item], pages: dict[str, int]) -> str:
    """Return the plain text with the automatic numbers printed, one paragraph a line."""
    targets = find_targets(items)
    parties = [item.text.split("**")[1] for item in items if item.kind == "party"]
    blocks = []
    for item in items:
        text = resolve_text(item.text, targets)
        if item.kind == "toc":
            blocks.append(text)
            for number, heading, page in list_contents(items, pages):
                gap = " " if number.startswith("Schedule") else "\t"
                blocks.append(f"{number}{gap}{heading}\t{page}")
        elif item.kind in ("table", "sign"):
            rows = item.rows if item.kind == "table" else signature_rows(parties)
            blocks.append("\n".join("\t".join(row) for row in rows))
        elif item.kind == "schedule":
            blocks.append(f"{item.number} {text}")
        elif item.kind != "break":
            blocks.append(f"{item.number}\t{text}" if item.number else text)
    return "\n\n".join(blocks) + "\n"


def signature_rows(parties: list[str]) -> list[list[str]]:
    """Return the rows of the signature block, one column a party."""
    rows = [[f"Signed for and on behalf of {party}" for party in parties]]
    rows += [[f"{word} ______________________"] * 2 for word in ("Signature:", "Name:", "Title:")]
    return rows


def list_expected(items: list[Item]) -> list[dict[str, object]]:
    """Return the expected labels: clauses with a code, and balanced clauses, in order."""
    targets = find_targets(items)
    expected: list[dict[str, object]] = []
    article = ""
    for item in items:
        if item.kind in ("clause", "schedule", "head") and item.level < 2:
            article = item.text
        if not (item.codes or item.allowed or item.balanced):
            continue
        run_in = re.match(r"\*\*(.+?)\*\*", item.text) if item.kind == "clause" else None
        expected.append(
            {
                "label": item.path,
                "heading": run_in[1].rstrip(".") if run_in else article,
                "opening": " ".join(resolve_text(item.text, targets).split()[:OPENING_WORDS]),
                "codes": [{"code": code, "burden": burden} for code, burden in item.codes],
                "allowed": [{"code": code, "burden": burden} for code, burden in item.allowed],
                "balanced": item.balanced,
            }
        )
    return expected


def freeze_package(data: bytes) -> bytes:
    """Sort and date the members of a package, so that equal input gives equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            info = zipfile.ZipInfo(name, WRITTEN.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, old.read(name))
    return out.getvalue()


def make_pdf(docx: Path) -> None:
    """Convert ``docx`` to a PDF beside it with LibreOffice."""
    office = shutil.which("soffice")
    if office is None:
        raise SystemExit("soffice was not found: install LibreOffice Writer, or leave out --pdf")
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(  # noqa: S603 (fixed arguments)
            [
                *(office, f"-env:UserInstallation=file://{profile}", "--headless"),
                *("--convert-to", "pdf:writer_pdf_Export", "--outdir", str(docx.parent), str(docx)),
            ],
            check=True,
            capture_output=True,
        )
    pdf = docx.with_suffix(".pdf")
    pdf.write_bytes(freeze_pdf(pdf.read_bytes()))


def freeze_pdf(data: bytes) -> bytes:
    """Replace the time and the random identifiers of a PDF, so that equal input gives equal bytes.

    New values are as long as the old ones, so that the file's table of offsets stays true.
    """
    stamp = f"{WRITTEN:%Y%m%d%H%M%S}".encode()
    data = re.sub(rb"(?<=CreationDate\(D:)\d{14}", stamp, data)
    body, trailer, end = data.rpartition(b"trailer")
    digest = hashlib.sha256(body).hexdigest()[:32].upper().encode()
    return body + trailer + re.sub(rb"[0-9A-F]{32}", digest, end)


def find_pages(pdf: Path, items: list[Item]) -> dict[str, int]:
    """Return the page on which each article and schedule of the contents list starts."""
    tool = shutil.which("pdftotext")
    if tool is None:
        raise SystemExit("pdftotext was not found: install poppler-utils, or leave out --pdf")
    run = subprocess.run([tool, "-layout", pdf, "-"], check=True, capture_output=True)  # noqa: S603
    pages = run.stdout.decode().split("\f")
    found: dict[str, int] = {}
    for number, heading, _ in list_contents(items, {}):
        line = re.compile(rf"^\s*{re.escape(number)}\s+{re.escape(heading)}\s*$", re.MULTILINE)
        found[number.rstrip(".")] = next(i for i, page in enumerate(pages, 1) if line.search(page))
    return found


def build_docx(name: str, pages: dict[str, int]) -> tuple[bytes, list[Item]]:
    """Return the Word file of one sample and the items it was made from."""
    items = parse_source((HERE / f"{name}.source").read_text(encoding="utf-8"))
    parties = [item.text.split("**")[1] for item in items if item.kind == "party"]
    data = write_docx(
        items,
        targets=find_targets(items),
        contents=list_contents(items, pages),
        signatures=signature_rows(parties),
        written=WRITTEN,
    )
    return freeze_package(data), items


def main() -> None:
    """Build every sample into the folder given with ``--out`` (default: this folder)."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pdf", action="store_true", help="also make the PDF files")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to")
    options = parser.parse_args()
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    pages: dict[str, dict[str, int]] = {}
    if (HERE / "pages.json").exists():
        pages = json.loads((HERE / "pages.json").read_text(encoding="utf-8"))
    expected = {}
    for name in SAMPLES:
        for _ in range(3):
            data, items = build_docx(name, pages.get(name, {}))
            (out / f"{name}.docx").write_bytes(data)
            if not options.pdf:
                break
            make_pdf(out / f"{name}.docx")
            found = find_pages(out / f"{name}.pdf", items)
            if found == pages.get(name):
                break
            pages[name] = found
        text = write_text(items, pages.get(name, {}))
        (out / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
        expected[name] = list_expected(items)
    for file, value in (("expected.json", expected), ("pages.json", pages)):
        text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
        (out / file).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
