"""The package around the story: the comments part, its relation and type, and the zip itself.

Comes in: a Word file's bytes and new bytes for a few parts. Goes out: the bytes of a new file in
which every other part is stored with the very bytes, compressed as they were, of the old one.
"""

from __future__ import annotations

import copy
import posixpath
import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from clausecheck.markup.word_xml import Writer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clausecheck.read.word_package import Package
    from clausecheck.records import Note

_TYPES = "[Content_Types].xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_RELATED_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_ROOT_END = re.compile(rb"</(?:[^\s:<>/]+:)?[^\s:<>/]+\s*>\s*(?:<!--.*?-->\s*)*$", re.DOTALL)
_EMPTY_ROOT = re.compile(rb"<([^\s<>/?!]+)([^<>]*)/>\s*$")
_HEADER_SIZE = 30


class Styles:
    """The ids of the styles in which comments are set, as far as the file has them."""

    def __init__(self, package: Package, main: str) -> None:
        related = dict(package.list_relations(main))
        raw = package.read(related["styles"]) if related.get("styles", "") in package else b""
        self.text = _find_style(raw, b"annotation text")
        self.reference = _find_style(raw, b"annotation reference")

    def mark_reference(self, writer: Writer) -> str:
        """Return the properties of a run that holds a comment's sign."""
        style = self.reference
        small = writer.empty("rStyle", val=style) if style else writer.empty("sz", val="16")
        return writer.wrap("rPr", small)

    def write_paragraph(self, writer: Writer, text: str, *, first: bool) -> str:
        """Return one paragraph of a comment; the first bears the sign and is bold."""
        style = writer.empty("pStyle", val=self.text) if self.text else ""
        size = "" if style else writer.empty("sz", val="20")
        bold = writer.empty("b") if first else ""
        properties = writer.wrap("rPr", bold + size) if bold or size else ""
        sign = ""
        if first:
            sign = writer.wrap("r", self.mark_reference(writer) + writer.empty("annotationRef"))
        return writer.wrap(
            "p",
            (writer.wrap("pPr", style) if style else "")
            + sign
            + writer.wrap("r", properties + writer.text(text)),
        )


def _find_style(raw: bytes, name: bytes) -> str:
    """Return the id of the style called ``name``; built-in styles keep their English names."""
    found = re.search(
        rb"""<(?:\w+:)?style\b[^<>]*?styleId=["']([^"'<>]+)["'][^<>]*>\s*"""
        rb"""<(?:\w+:)?name\s[^<>]*?val=["']""" + name + rb"""["']""",
        raw,
        re.IGNORECASE,
    )
    return found[1].decode() if found else ""


def write_comments(
    package: Package,
    main: str,
    comments: Sequence[tuple[int, Note]],
    *,
    styles: Styles,
    strict: bool,
    author: Mapping[str, str],
) -> dict[str, bytes]:
    """Return the parts that hold and announce ``comments``, (id, note) in the order of ids.

    The part for comments is extended where there is one and made where there is none. Comments
    that stand in it already keep their bytes.
    """
    place = dict(package.list_relations(main)).get("comments", "")
    if place in package:
        raw = package.read(place)
        namespaces = package.parse_bytes(raw, place).nsmap
    else:
        raw, namespaces = b"", {}
    writer = Writer(namespaces, strict=strict)
    body = "".join(
        _write_comment(writer, number, note, styles, author) for number, note in comments
    )
    if raw:
        return {place: append_child(raw, body.encode())}
    place = _find_free(package, posixpath.join(posixpath.dirname(main), "comments"))
    new = Writer({"w": writer.namespace}, strict=strict)
    body = "".join(_write_comment(new, number, note, styles, author) for number, note in comments)
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    root = f'<w:comments xmlns:w="{writer.namespace}">{body}</w:comments>'
    parts = {place: (declaration + root).encode()}
    parts |= _relate(package, main, place, strict=strict)
    if _TYPES not in package:
        return parts  # no program opens such a file; it was read all the same
    types = package.read(_TYPES)
    prefix = _find_prefix(types, b"Types")
    entry = f'<{prefix}Override PartName="/{place}" ContentType="{_COMMENTS_TYPE}"/>'
    return parts | {_TYPES: append_child(types, entry.encode())}


def _write_comment(
    writer: Writer, number: int, note: Note, styles: Styles, author: Mapping[str, str]
) -> str:
    paragraphs = "".join(
        styles.write_paragraph(writer, text, first=index == 0)
        for index, text in enumerate(note.paragraphs)
    )
    return writer.wrap("comment", paragraphs, id=str(number), **author)


def _relate(package: Package, main: str, place: str, *, strict: bool) -> dict[str, bytes]:
    folder, base = posixpath.split(main)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    kind = _RELATED_STRICT if strict else _RELATED
    if name in package:
        raw = package.read(name)
    else:
        raw = f'<Relationships xmlns="{_RELATIONS}"></Relationships>'.encode()
    used = set(re.findall(rb"""\bId\s*=\s*["']([^"']*)["']""", raw))
    number = next(n for n in range(1, len(used) + 2) if b"rId%d" % n not in used)
    prefix = _find_prefix(raw, b"Relationships")
    target = posixpath.basename(place)
    entry = f'<{prefix}Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
    return {name: append_child(raw, entry.encode())}


def _find_free(package: Package, stem: str) -> str:
    names = (f"{stem}{number or ''}.xml" for number in range(1000))
    return next(name for name in names if name not in package)


def _find_prefix(raw: bytes, root: bytes) -> str:
    found = re.search(rb"<([^\s:<>/?!]+:)?" + root + rb"\b", raw)
    return (found[1] or b"").decode() if found else ""


def append_child(raw: bytes, child: bytes) -> bytes:
    """Return a part with one more child, the last, in its root.

    >>> append_child(b'<a x="1"/>', b"<b/>"), append_child(b"<a><c/></a>", b"<b/>")
    (b'<a x="1"><b/></a>', b'<a><c/><b/></a>')
    """
    found = _ROOT_END.search(raw)
    if found:
        return raw[: found.start()] + child + raw[found.start() :]
    empty = _EMPTY_ROOT.search(raw)
    assert empty is not None  # the part was parsed
    name, rest = empty[1], empty[2]
    return raw[: empty.start()] + b"<" + name + rest + b">" + child + b"</" + name + b">"


def copy_package(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return the zip ``data`` with the bytes of some parts replaced and new ones behind.

    Entries that stay are copied as they are stored, never unpacked: quick, and beyond doubt equal.
    """
    left = {name.lower(): (name, raw) for name, raw in parts.items()}
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        new.comment = old.comment
        for entry in old.infolist():
            name = entry.filename.replace("\\", "/").lstrip("/").lower()
            _, raw = left.pop(name, ("", None))
            if raw is None:
                _copy_entry(data, entry, new)
                continue
            made = zipfile.ZipInfo(entry.filename, entry.date_time)
            made.external_attr, made.create_system = entry.external_attr, entry.create_system
            new.writestr(made, raw, zipfile.ZIP_DEFLATED)
        for name, raw in left.values():
            # The first date a zip can tell, so that two runs give the same bytes.
            made = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            made.create_system = 0
            new.writestr(made, raw, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _copy_entry(data: bytes, entry: zipfile.ZipInfo, new: zipfile.ZipFile) -> None:
    """Append a stored entry to ``new``; zipfile can read and write, but has no call for this."""
    at = entry.header_offset
    names = int.from_bytes(data[at + 26 : at + 28], "little")
    extra = int.from_bytes(data[at + 28 : at + 30], "little")
    begin = at + _HEADER_SIZE + names + extra
    made = copy.copy(entry)
    # The sizes go in front of the data instead of behind it.
    made.flag_bits &= ~0x08
    stream = new.fp
    assert stream is not None
    stream.seek(new.start_dir)
    made.header_offset = stream.tell()
    stream.write(made.FileHeader(zip64=False))
    stream.write(data[begin : begin + entry.compress_size])
    new.start_dir = stream.tell()
    new.filelist.append(made)
    new.NameToInfo[made.filename] = made
