"""Read a source of any supported format.

Comes in: a path, bytes or a file object. Goes out: a ``Document``. The format is told from the
content, never from the name.
"""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path
from typing import BinaryIO, Literal, TextIO

from clausecheck.errors import InputError
from clausecheck.read.sniff import sniff_format
from clausecheck.records import Document
from clausecheck.settings import Limits

__all__ = ["read_document"]

_CHUNK = 1 << 20
_CHECK_PATH = "Check the path."


def read_document(
    source: str | os.PathLike[str] | bytes | BinaryIO | TextIO,
    *,
    name: str | None = None,
    password: str | None = None,
    ocr: bool = False,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    view: Literal["final", "original"] = "final",
) -> Document:
    """Return the document that ``source`` holds: a path, bytes, or an open file.

    ``name`` is the name to show (default: the path or the file's own name), ``password`` opens a
    locked PDF, ``ocr`` reads its pages without text by recognition, ``limits`` bounds bytes,
    characters and pages, ``view`` tells whether a Word file is read after ("final") or before
    ("original") its tracked changes. Raises ``InputError`` (C1xx) for anything that cannot be read.

    >>> read_document(b"1. Supplier shall deliver the Services.", name="a.txt").media_type
    'text/plain'
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        data = bytes(source)
        where = name or "document"
        if len(data) > limits.max_bytes:
            raise _too_large(f"{len(data):,} bytes", where, limits)
    elif isinstance(source, (str, os.PathLike)):
        where = name or os.fspath(source)
        data = _load_path(source, where, limits)
    else:
        where = name or _name_stream(source)
        data = _load_stream(source, where, limits)
    if not data:
        raise InputError(
            "C104", "The file is empty.", where, "Check that the right file was given."
        )
    kind = sniff_format(data, where=where)
    if kind == "pdf":
        from clausecheck.read.pdf import read_pdf

        return read_pdf(data, name=where, password=password, ocr=ocr, limits=limits)
    if kind == "docx":
        from clausecheck.read.docx import read_docx

        return read_docx(data, name=where, limits=limits, view=view)
    from clausecheck.read.text import read_text

    return read_text(data, name=where, limits=limits)


def _load_path(source: str | os.PathLike[str], where: str, limits: Limits) -> bytes:
    try:
        path = Path(source)
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise IsADirectoryError
        # Refused before a byte is read; pipes report no size and meet the bound while streaming.
        if info.st_size > limits.max_bytes:
            raise _too_large(f"{info.st_size:,} bytes", where, limits)
        with path.open("rb") as stream:
            return _load_stream(stream, where, limits)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError("C101", "There is no such file.", _shorten(where), _CHECK_PATH) from error
    except ValueError as error:
        raise InputError(
            "C101", "This is not the name of a file.", _shorten(where), _CHECK_PATH
        ) from error
    except IsADirectoryError as error:
        raise InputError(
            "C102", "This is a folder, not a file.", where, "Name the files inside it."
        ) from error
    except PermissionError as error:
        raise InputError(
            "C103",
            "There is no permission to read this file.",
            where,
            "Change its permissions or copy it to a folder of your own.",
        ) from error
    except OSError as error:
        raise InputError(
            "C103",
            f"The file cannot be read ({error.strerror or 'input error'}).",
            _shorten(where),
            "Check the path and the disk; to review text itself, pass it as bytes or on standard "
            "input.",
        ) from error


def _load_stream(source: BinaryIO | TextIO, where: str, limits: Limits) -> bytes:
    """Read a stream piece by piece, so that an endless one stops at the limit."""
    held = io.BytesIO()
    while True:
        try:
            piece: str | bytes | None = source.read(_CHUNK)
        except UnicodeDecodeError as error:
            raise InputError(
                "C110",
                "The text does not fit the encoding the file was opened with.",
                where,
                "Open it in binary mode.",
            ) from error
        if not piece:
            return held.getvalue()
        held.write(piece.encode("utf-8", "replace") if isinstance(piece, str) else piece)
        if held.tell() > limits.max_bytes:
            raise _too_large(f"more than {limits.max_bytes:,} bytes", where, limits)


def _name_stream(source: BinaryIO | TextIO) -> str:
    own = getattr(source, "name", None)
    if not isinstance(own, str):
        return "document"
    return "standard input" if own == "<stdin>" else own


def _too_large(size: str, where: str, limits: Limits) -> InputError:
    return InputError(
        "C106",
        f"The file has {size}; the limit is {limits.max_bytes:,} bytes.",
        where,
        "Split it, or raise the limit.",
    )


def _shorten(where: str) -> str:
    """Keep a contract that was passed as if it were a path out of the message."""
    first = where.splitlines()[0] if where.strip() else "(no name)"
    return first if len(first) <= 200 else first[:60] + "..."
