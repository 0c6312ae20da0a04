"""Read plain text and Markdown in any common encoding.

Comes in: bytes. Goes out: a ``Document`` whose text is exactly the decoded content (line ends kept,
a leading byte order mark removed), one block per line that holds words, one anchor per line.
"""

from __future__ import annotations

import codecs
import hashlib
import re

from clausecheck.errors import InputError
from clausecheck.records import Anchor, Block, Document, LinePlace
from clausecheck.settings import Limits

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Form feeds, vertical tabs and Unicode separators do not end a line here: a file's line numbers in
# an editor, and the offsets of labelled data, count only these three.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+\S")

# A sign between two letters: the mark of a word that was decoded in the wrong way. Old filings
# have "Company\u00b9s" for an apostrophe.
_TORN = re.compile(
    r"[^\W\d_](?!\u00b9s\b)[\u0080-\u009f\u00a1-\u00a9\u00ab\u00ac\u00ae-\u00b4\u00b6\u00b8-\u00bf"
    r"\u02d8-\u02dd](?=[^\W\d_])"
)
# The dotless and dotted i, g and s of Turkish are letters of Icelandic in Windows-1252, and some
# are letters of other languages in Windows-1250; but those come with accents that Turkish lacks.
_TURKISH = re.compile(rb"[\xdd\xf0\xfd]"), re.compile(rb"[\xde\xfe]"), re.compile(rb"[\xf6\xfc]")
_NOT_TURKISH = re.compile(rb"[\xc1\xc3\xc6\xc8\xcd\xd3\xda\xe1\xe3\xe6\xe8\xed\xf3\xfa]")
# Letters that mean Hungarian or Romanian in another encoding, unless Portuguese stands beside them.
_DOUBTFUL = re.compile(rb"[\xd0\xdd\xde\xf0\xf5\xfd\xfe]")
# The high bytes of English contracts in Windows-1252: euro, quotes, dashes, dots, bullets, signs,
# fractions and the accented letters of Western names. Statistics are not needed for these.
_WESTERN = re.compile(rb"[\x00-\x7f\x80\x82\x84-\x87\x8b\x91-\x97\x99\x9b\xa0-\xff]*\Z")
_HIGH_WORD = re.compile(rb"[\xc0-\xff]{3}")
_HIGH_LINE = re.compile(rb"[^\r\n]{0,200}[\x80-\xff][^\r\n]{0,200}")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

# fmt: off
_LEGACY = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "latin_1", "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_9", "iso8859_15", "koi8_r", "koi8_u",
    "mac_roman", "cp437", "cp850", "cp866", "cp932", "euc_jp", "iso2022_jp", "gb18030", "big5",
    "cp949", "utf_7",
)
# fmt: on

_SAMPLE = 16_000
_UTF16_SAMPLE = 4_096


def read_text(data: bytes, *, name: str, limits: Limits) -> Document:
    r"""Return the document that plain text or Markdown holds.

    ``name`` is the name to show; one that ends in .md or .markdown makes the media type Markdown.
    Raises ``InputError``: C104 empty, C105 blank, C106 too many bytes, C107 too many characters,
    C108 binary, C110 no encoding fits.

    >>> document = read_text(b"1. Services\r\nSupplier shall ...", name="a.txt", limits=Limits())
    >>> [document.text[b.start : b.end] for b in document.blocks]
    ['1. Services', 'Supplier shall ...']
    """
    if not data:
        raise InputError("C104", "The file is empty.", name, "Check that the right file was given.")
    if len(data) > limits.max_bytes:
        raise InputError(
            "C106",
            f"The file has {len(data):,} bytes; the limit is {limits.max_bytes:,}.",
            name,
            "Split it, or raise the limit.",
        )
    # No encoding here spends more than four bytes on a character: refuse before decoding.
    if len(data) > 4 * limits.max_chars:
        raise _too_long(len(data) // 4, name, limits)
    text, encoding = _decode(data, name)
    if len(text) > limits.max_chars:
        raise _too_long(len(text), name, limits)
    if not text.strip():
        raise InputError(
            "C105",
            "The file holds nothing but white space.",
            name,
            "Check that the right file was given.",
        )
    blocks, anchors = _split_lines(text)
    facts = [("encoding", encoding), ("lines", str(len(anchors)))]
    damaged = text.count("\ufffd")
    if damaged:
        facts.append(("characters lost in decoding", str(damaged)))
    markdown = name.lower().endswith((".md", ".markdown"))
    return Document(
        name=name,
        media_type="text/markdown" if markdown else "text/plain",
        sha256=hashlib.sha256(data).hexdigest(),
        text=text,
        blocks=tuple(blocks),
        anchors=tuple(anchors),
        facts=tuple(facts),
    )


def _too_long(chars: int, name: str, limits: Limits) -> InputError:
    return InputError(
        "C107",
        f"The text has at least {chars:,} characters; the limit is {limits.max_chars:,}.",
        name,
        "Split it, or raise the limit.",
    )


def _split_lines(text: str) -> tuple[list[Block], list[Anchor]]:
    blocks: list[Block] = []
    anchors: list[Anchor] = []
    for number, match in enumerate(_LINE.finditer(text), start=1):
        start, stop = match.span()
        # The line break came from the source too, so the anchor holds it and the block does not.
        anchors.append(Anchor(start, stop, LinePlace(number, 1)))
        line = match.group().rstrip("\r\n")
        if not line or line.isspace():
            continue
        heading = _HEADING.match(line)
        if heading:
            level = len(heading.group(1)) - 1
            blocks.append(Block(start, start + len(line), level=level, style="heading"))
        else:
            blocks.append(Block(start, start + len(line)))
    return blocks, anchors


def _decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text and the name of its encoding."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding
    wide = _guess_utf16(data)
    if wide:
        return data.decode(wide, "replace"), wide
    if b"\0" in data or _has_many_controls(data):
        raise InputError(
            "C108",
            "The file is binary: it holds bytes that no text has.",
            name,
            "Give a Word document (.docx), a PDF with text, or plain text.",
        )
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_legacy(data, name)


def _guess_utf16(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by where the zero bytes of its Latin letters stand."""
    sample = data[:_UTF16_SAMPLE]
    # A few bytes prove nothing: "0" and a zero byte is as good a damaged text.
    if len(data) < 16 or len(data) % 2 or b"\0" not in sample:
        return None
    units = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    for zeros, others, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros > 0.4 * units and others < 0.02 * units:
            text = sample[: units * 2].decode(encoding, "replace")
            printable = sum(c.isprintable() or c in "\t\r\n\f" for c in text)
            if printable > 0.95 * len(text):
                return encoding
    return None


def _has_many_controls(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    return len(_CONTROL.findall(sample)) > 0.02 * len(sample)


def _decode_legacy(data: bytes, name: str) -> tuple[str, str]:
    """Decode text that is not valid UTF-8."""
    replaced = data.decode("utf-8", "replace")
    lost = replaced.count("\ufffd")
    sound = len(replaced) - lost - len(replaced.encode("ascii", "ignore"))
    # Multi-byte sequences hardly ever arise by chance, so a text with more sound ones than broken
    # ones is UTF-8 that was damaged (cut or pasted together), not another encoding.
    if sound > lost:
        return replaced, "utf-8"
    sample = b"\n".join(_HIGH_LINE.findall(data[: 64 * _SAMPLE]))[:_SAMPLE]
    if _is_torn(sample, "cp1252"):
        for latin in ("cp1250", "iso8859_2"):
            if not _is_torn(sample, latin):
                return data.decode(latin, "replace"), latin
    if _is_turkish(sample):
        return data.decode("cp1254", "replace"), "cp1254"
    doubtful = _DOUBTFUL.search(sample) is not None and b"\xe3" not in sample
    if not sample or (_is_western(data) and not doubtful):
        return data.decode("cp1252", "replace"), "windows-1252"
    # Imported here: it costs start-up time that nearly no file needs.
    from charset_normalizer import from_bytes

    # Statistics are slow, so they see only lines that hold the bytes in question, and only the
    # encodings that contracts are met in.
    best = from_bytes(sample, cp_isolation=list(_LEGACY)).best()
    if best is None:
        raise InputError(
            "C110",
            "The encoding of this text cannot be told.",
            name,
            "Save it as UTF-8, or give the Word document itself.",
        )
    return data.decode(best.encoding, "replace"), best.encoding


def _is_turkish(sample: bytes) -> bool:
    i_or_g, s, o_or_u = (letters.search(sample) is not None for letters in _TURKISH)
    return (i_or_g or (s and o_or_u)) and not _NOT_TURKISH.search(sample)


def _is_torn(sample: bytes, encoding: str) -> bool:
    """Tell whether a word holds a sign when ``sample`` is decoded in that way."""
    return _TORN.search(sample.decode(encoding, "replace")) is not None


def _is_western(data: bytes) -> bool:
    """Tell whether the high bytes are what English text in Windows-1252 or Latin-1 holds.

    Three letters from 0xC0 up in a row may as well be Cyrillic or Greek.
    """
    return bool(_WESTERN.match(data)) and not _HIGH_WORD.search(data)
