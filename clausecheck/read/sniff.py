"""Tell what a source is from its bytes, whatever its name says.

Comes in: the bytes of a source. Goes out: ``pdf``, ``docx`` or ``text``; everything else is refused
with its own name and advice, because "unsupported format" helps nobody.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Literal, NamedTuple

from clausecheck.errors import InputError

Format = Literal["pdf", "docx", "text"]

_HEAD = 1024
_SAVE_AS_DOCX = "Open it in the program that made it and save it as a Word document (.docx)."
_OCR = "Run text recognition (OCR) on it, save the result as PDF or .docx, and review that."

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")


class _Refusal(NamedTuple):
    name: str
    advice: str


_MAGIC: tuple[tuple[bytes, _Refusal], ...] = (
    (b"\x89PNG", _Refusal("a PNG image", _OCR)),
    (b"\xff\xd8\xff", _Refusal("a JPEG image", _OCR)),
    (b"II*\0", _Refusal("a TIFF image", _OCR)),
    (b"MM\0*", _Refusal("a TIFF image", _OCR)),
    (b"II+\0", _Refusal("a TIFF image", _OCR)),
    (b"MM\0+", _Refusal("a TIFF image", _OCR)),
    (b"GIF87a", _Refusal("a GIF image", _OCR)),
    (b"GIF89a", _Refusal("a GIF image", _OCR)),
    (b"{\\rtf", _Refusal("a Rich Text (RTF) file", _SAVE_AS_DOCX)),
    (b"\xffWPC", _Refusal("a WordPerfect file", _SAVE_AS_DOCX)),
    (b"%!PS", _Refusal("a PostScript file", "Convert it to PDF and review that.")),
    (b"AT&TFORM", _Refusal("a DjVu file", _OCR)),
    (b"\x1f\x8b", _Refusal("a gzip archive", "Unpack it and review the files inside.")),
    (b"BZh", _Refusal("a bzip2 archive", "Unpack it and review the files inside.")),
    (b"7z\xbc\xaf\x27\x1c", _Refusal("a 7-Zip archive", "Unpack it and review the files inside.")),
    (b"Rar!\x1a\x07", _Refusal("a RAR archive", "Unpack it and review the files inside.")),
)

# Streams that name the program behind an OLE compound file (UTF-16, MS-CFB 2.6.1).
# Order matters: an encrypted .docx may embed older objects, a .doc may embed a workbook.
_OLE_STREAMS: tuple[tuple[str, _Refusal], ...] = (
    (
        "EncryptedPackage",
        _Refusal(
            "an Office document locked with a password",
            "Open it in Word, remove the password (File > Info > Protect Document) and save it.",
        ),
    ),
    ("WordDocument", _Refusal("a Word 97-2003 document (.doc)", _SAVE_AS_DOCX)),
    ("__properties_version1.0", _Refusal("an Outlook message", "Save its attachment or its text.")),
    (
        "PowerPoint Document",
        _Refusal("a PowerPoint 97-2003 presentation", "Save its text as a Word document (.docx)."),
    ),
    ("Workbook", _Refusal("an Excel 97-2003 workbook", "Copy its text into a Word document.")),
)

_ZIP_PARTS: tuple[tuple[str, _Refusal], ...] = (
    ("xl/workbook.", _Refusal("an Excel workbook", "Copy its text into a Word document.")),
    (
        "ppt/presentation.",
        _Refusal("a PowerPoint presentation", "Save its text as a Word document (.docx)."),
    ),
    ("visio/document.", _Refusal("a Visio drawing", "Export it as PDF and review that.")),
    ("Index/Document.iwa", _Refusal("an Apple iWork document", "Export it as Word (.docx).")),
)

_ZIP_MIMETYPES: tuple[tuple[str, _Refusal], ...] = (
    (
        "application/vnd.oasis.opendocument.text",
        _Refusal("an OpenDocument text (.odt)", _SAVE_AS_DOCX),
    ),
    (
        "application/vnd.oasis.opendocument.",
        _Refusal("an OpenDocument file", "Save its text as a Word document (.docx)."),
    ),
    ("application/epub", _Refusal("an EPUB book", "Convert it to PDF or .docx.")),
)

_HTML = re.compile(
    r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)


def sniff_format(data: bytes, *, where: str) -> Format:
    """Return the format of ``data``; raise ``InputError`` (C108, C109, C111, C117) for any other.

    ``where`` names the source in the error.

    >>> sniff_format(b"%PDF-1.7 ...", where="a.txt")
    'pdf'
    >>> sniff_format(b"1. Services", where="a.pdf")
    'text'
    """
    head = data[:_HEAD]
    if _looks_like_pdf(data, head):
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        _check_zip(data, where)
        return "docx"
    if head.startswith(_OLE):
        raise _refuse(_name_ole(data), where, code=_ole_code(data))
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, refusal in _MAGIC:
        if stripped.startswith(magic) or head.startswith(magic):
            raise _refuse(refusal, where)
    markup = _name_markup(head)
    if markup is not None:
        raise _refuse(markup, where)
    return "text"


def _looks_like_pdf(data: bytes, head: bytes) -> bool:
    at = head.find(b"%PDF-")
    if at <= 0:
        return at == 0
    # Junk may stand before the header (PDF 32000-1, annex H.3.4.1), but a text that merely
    # mentions the header must stay a text.
    return b"startxref" in data or b" obj" in data


def _refuse(refusal: _Refusal, where: str, *, code: str = "C109") -> InputError:
    return InputError(
        code, f"This is {refusal.name}, not a document that can be read.", where, refusal.advice
    )


def _check_zip(data: bytes, where: str) -> None:
    """Return when ``data`` is a Word package, else raise what it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            # Word also writes word/document2.xml; the package relationships say which it is.
            if any(n.startswith("word/document") and n.endswith(".xml") for n in names):
                return
            mimetype = ""
            if "mimetype" in names:
                with package.open("mimetype") as stream:
                    mimetype = stream.read(200).decode("ascii", "replace")
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        EOFError,
        zlib.error,
    ) as error:
        raise InputError(
            "C117",
            "This begins like a Word document or zip archive but is damaged or cut short.",
            where,
            "Open and save it again in Word, or get a fresh copy.",
        ) from error
    raise _refuse(_name_zip(names, mimetype), where)


def _name_zip(names: list[str], mimetype: str) -> _Refusal:
    for prefix, refusal in _ZIP_MIMETYPES:
        if mimetype.startswith(prefix):
            return refusal
    for prefix, refusal in _ZIP_PARTS:
        if any(name.startswith(prefix) for name in names):
            return refusal
    return _Refusal("a zip archive", "Unpack it and review the files inside.")


def _find_ole_stream(data: bytes) -> tuple[str, _Refusal] | None:
    for stream, refusal in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return stream, refusal
    return None


def _name_ole(data: bytes) -> _Refusal:
    found = _find_ole_stream(data)
    return found[1] if found else _Refusal("an older Office file", _SAVE_AS_DOCX)


def _ole_code(data: bytes) -> str:
    found = _find_ole_stream(data)
    return "C111" if found and found[0] == "EncryptedPackage" else "C109"


def _name_markup(head: bytes) -> _Refusal | None:
    encoding = "latin-1"
    if head.startswith(b"\xff\xfe"):
        encoding = "utf-16-le"
    elif head.startswith(b"\xfe\xff"):
        encoding = "utf-16-be"
    start = head.decode(encoding, "ignore").lstrip("\ufeffï»¿ \t\r\n")
    if _HTML.match(start):
        return _Refusal(
            "a web page (HTML)", "Open it in Word or a browser and save it as .docx or PDF."
        )
    if start.startswith("<?xml"):
        if "Word.Document" in start:
            return _Refusal("a Word XML document", _SAVE_AS_DOCX)
        return _Refusal("an XML file", "Save its text as .docx or as plain text.")
    if start[:13].lower() == "mime-version:":
        return _Refusal("a saved web page or mail (MIME)", _SAVE_AS_DOCX)
    return None
