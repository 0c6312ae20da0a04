"""Open what holds files: zip and tar files, mails with attachments, and these inside each other.

Comes in: a stream. Goes out: members, one at a time, bounded in size and depth. Nothing is unpacked
to disk, so no member's name can lead anywhere.
"""

from __future__ import annotations

import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from clausecheck.errors import InputError
from clausecheck.records import Problem

INSIDE = "!/"
_ZIP = (".zip",)
_TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
_MAIL = (".eml", ".msg")
_DEPTH = 4
# A container may hold so many files; more is an attack or should be split.
_MOST_MEMBERS = 5_000_000
_DAMAGED = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, NotImplementedError,
    RuntimeError, ValueError, OSError,
)  # fmt: skip
_FRESH = "Get a fresh copy, or unpack it and name the folder."


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside: its path from the container on, and its bytes or the problem."""

    path: str
    data: bytes | None
    problem: Problem | None = None


def is_container(name: str) -> bool:
    """Tell by the ending whether a file holds others.

    >>> is_container("A.ZIP"), is_container("a.tar.gz"), is_container("a.docx")
    (True, True, False)
    """
    return name.lower().endswith(_ZIP + _TAR + _MAIL)


def count_members(path: str) -> int | None:
    """Return how many files a container holds; ``None`` when only reading it all could tell."""
    if not path.lower().endswith(_ZIP):
        return None
    try:
        with zipfile.ZipFile(path) as package:
            return sum(not info.is_dir() for info in package.infolist())
    except _DAMAGED:
        return 1


def open_members(stream: IO[bytes], path: str, max_bytes: int, depth: int = 0) -> Iterator[Member]:
    """Yield the files inside a container; one that is damaged yields a problem at that point."""
    if depth >= _DEPTH:
        yield _fail(path, "C502", f"Archives are nested more than {_DEPTH} deep.", "Unpack it.")
        return
    lower = path.lower()
    reader = (
        _read_zip if lower.endswith(_ZIP) else _read_tar if lower.endswith(_TAR) else _read_mail
    )
    try:
        for count, member in enumerate(reader(stream, path, max_bytes)):
            if count >= _MOST_MEMBERS:
                yield _fail(path, "C502", f"It holds over {_MOST_MEMBERS:,} files.", "Split it.")
                return
            if member.data is not None and member.path != path and is_container(member.path):
                yield from open_members(io.BytesIO(member.data), member.path, max_bytes, depth + 1)
            else:
                yield member
    except InputError as error:
        yield Member(path, None, error.problem)
    except _DAMAGED as error:
        told = f"This archive is damaged or cut short ({type(error).__name__})."
        yield _fail(path, "C501", told, _FRESH)


def _read_zip(stream: IO[bytes], path: str, max_bytes: int) -> Iterator[Member]:
    with zipfile.ZipFile(stream) as package:
        infos = package.infolist()
        if any(info.filename == "[Content_Types].xml" for info in infos):
            # An Office document under a wrong ending.
            stream.seek(0)
            yield Member(path, stream.read(max_bytes + 1))
            return
        for info in infos:
            if info.is_dir():
                continue
            name = f"{path}{INSIDE}{info.filename}"
            if info.flag_bits & 1:
                yield _fail(name, "C503", "It is locked with a password.", "Unpack it first.")
                continue
            try:
                with package.open(info) as member:
                    data = member.read(max_bytes + 1)
            except _DAMAGED as error:
                told = f"It is damaged inside the archive ({type(error).__name__})."
                yield _fail(name, "C501", told, _FRESH)
                continue
            yield Member(name, data)


def _read_tar(stream: IO[bytes], path: str, max_bytes: int) -> Iterator[Member]:
    # As a stream: one pass and one member in memory, also for a compressed file.
    with tarfile.open(fileobj=stream, mode="r|*") as package:
        for info in package:
            if not info.isfile():
                continue
            member = package.extractfile(info)
            data = member.read(max_bytes + 1) if member is not None else b""
            yield Member(f"{path}{INSIDE}{info.name.removeprefix('./')}", data)
            # The list of members seen would grow with the archive.
            package.members = []  # type: ignore[attr-defined]


def _read_mail(stream: IO[bytes], path: str, max_bytes: int) -> Iterator[Member]:
    data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise InputError("C106", f"The mail has over {max_bytes:,} bytes.", path, "Split it.")
    from clausecheck.archive.mail import list_attachments

    for name, content in list_attachments(data, path):
        yield Member(f"{path}{INSIDE}{name}", content)


def _fail(path: str, code: str, message: str, advice: str) -> Member:
    return Member(path, None, Problem(code, message, path, advice))
