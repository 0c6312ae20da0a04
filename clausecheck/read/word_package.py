"""The zip package of a Word file, read with bounds.

Comes in: the bytes of a .docx or .docm. Goes out: parsed parts and the relations between them, or
an ``InputError``. zipfile and lxml do this alone: python-docx would cost 0.09 s to import, parses
parts that a review never needs, and does not say when a part is too large.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from clausecheck.errors import InputError
from clausecheck.read.word_names import STRICT, W

if TYPE_CHECKING:
    from lxml.etree import _Element

    from clausecheck.settings import Limits

_CHUNK = 1 << 20
# Contracts shrink 5- to 40-fold; deflate cannot do better than 1030-fold, and bombs come close.
_RATIO = 300
_RATIO_FLOOR = 5_000_000
# A damaged directory sends zipfile to places before the file's start: ValueError.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError),
    *(NotImplementedError, RuntimeError),
)
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """Parts of one Word file, each unpacked within the limits.

    Args:
        data: the file's bytes.
        name: what to call the file in errors.
        limits: ``max_part_bytes`` bounds the unpacked bytes of all parts that are read together,
            so that many large parts do no more harm than one.

    Raises:
        InputError: C120, the bytes are no zip or a damaged one.

    """

    def __init__(self, data: bytes, *, name: str, limits: Limits) -> None:
        self.name = name
        self._size = len(data)
        self._left = limits.max_part_bytes
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _BROKEN as error:
            raise self._damaged("The file is not a complete Word file") from error
        # Part names ignore case (ECMA-376 part 2, 6.2.2.3) and some writers use backslashes.
        self._entries = {
            entry.filename.replace("\\", "/").lstrip("/").lower(): entry
            for entry in self._zip.infolist()
        }

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._entries

    def read(self, part: str) -> bytes:
        """Return the bytes of ``part``.

        Raises:
            InputError: C120 damaged, C122 larger than the limit or shrunk suspiciously far.

        """
        entry = self._entries[part.lower()]
        if entry.file_size > self._left:
            raise self._oversize(part)
        # The packed size is also only a claim, but no more bytes than the file has can be read.
        packed = min(entry.compress_size, self._size)
        chunks: list[bytes] = []
        total = 0
        try:
            with self._zip.open(entry) as stream:
                while chunk := stream.read(_CHUNK):
                    total += len(chunk)
                    if total > self._left or total > max(_RATIO_FLOOR, _RATIO * packed):
                        raise self._oversize(part)
                    chunks.append(chunk)
        except _BROKEN as error:
            raise self._damaged(f"The part {part} cannot be unpacked") from error
        self._left -= total
        return b"".join(chunks)

    def parse(self, part: str) -> _Element:
        """Return the root element of ``part``.

        Raises:
            InputError: C123 not well-formed or nested too deeply, C124 a document type.

        """
        return self.parse_bytes(self.read(part), part)

    def parse_bytes(self, data: bytes, part: str) -> _Element:
        """Return the root element of ``data``, the bytes of ``part``; errors as ``parse``."""
        from lxml import etree

        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            collect_ids=False,
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
                raise self._typed(part) from error
            if "depth" in str(error):
                raise InputError(
                    "C123",
                    f"The part {part} is nested too deeply.",
                    self.name,
                    "Open it in Word, take tables out of other tables and save it again.",
                ) from error
            raise InputError(
                "C123",
                f"The part {part} is not well-formed XML.",
                self.name,
                "Open it in Word, let Word repair it and save it as a new .docx.",
            ) from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise self._typed(part)
        if str(root.tag).startswith(STRICT):
            _rename_strict(root)
        return root

    def list_relations(self, part: str) -> list[tuple[str, str]]:
        """Return (kind, target part) of the relations of ``part``, in the file's order.

        Args:
            part: a part's name, or "" for the package itself.

        """
        folder, base = posixpath.split(part)
        place = posixpath.join(folder, "_rels", f"{base}.rels")
        if place not in self:
            return []
        relations = []
        for relation in self.parse(place).iter(_RELATION):
            if relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "")
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            # The last word of the type is the same in transitional and strict files.
            relations.append((relation.get("Type", "").rpartition("/")[2], path))
        return relations

    def find_main(self) -> str:
        """Return the name of the part that holds the document.

        Raises:
            InputError: C121, there is none.

        """
        places = [path for kind, path in self.list_relations("") if kind == "officeDocument"]
        for place in (*places, "word/document.xml"):
            if place in self:
                return place
        raise self.no_document()

    def no_document(self) -> InputError:
        """Return the error for a zip that holds something other than a Word document."""
        return InputError(
            "C121",
            "The file is a zip archive but holds no Word document.",
            self.name,
            "Give the .docx or .docm itself, or unpack the archive first.",
        )

    def _damaged(self, what: str) -> InputError:
        return InputError(
            "C120",
            f"{what}: it is damaged, locked or cut off.",
            self.name,
            "Fetch it again, or open it in Word and save it as a new .docx without a password.",
        )

    def _oversize(self, part: str) -> InputError:
        return InputError(
            "C122",
            f"The part {part} unpacks to more than a contract can hold.",
            self.name,
            "Make sure that you trust the file; then raise the limit max_part_bytes or split it.",
        )

    def _typed(self, part: str) -> InputError:
        return InputError(
            "C124",
            f"The part {part} declares a document type or entities, which Word never writes.",
            self.name,
            "Do not trust the file; ask its sender for a copy saved by Word.",
        )


def _rename_strict(root: _Element) -> None:
    # Renaming elements keeps every character of the text, which replacing bytes could not promise.
    cut = len(STRICT)
    for element in root.iter():
        tag = str(element.tag)
        if tag.startswith(STRICT):
            element.tag = W + tag[cut:]
        for name in [key for key in element.attrib if str(key).startswith(STRICT)]:
            element.set(W + str(name)[cut:], element.attrib.pop(name))
