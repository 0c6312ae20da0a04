"""List the files of an archive: folders, patterns, zip and tar files, mails, object stores.

Comes in: what the user named. Goes out: one ``Entry`` after another, in a fixed order, each with
its bytes or the reason why they cannot be read. One file is held at a time.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from glob import glob
from pathlib import Path
from typing import IO, NamedTuple

from clausecheck.archive.containers import Member, count_members, is_container, open_members
from clausecheck.errors import InputError
from clausecheck.records import Problem

# What systems and programs leave in folders: no contract of anybody.
_LITTER = re.compile(
    r"(?:^|/)(?:\.[^/]+|~\$[^/]+|__MACOSX/.*|Thumbs\.db|desktop\.ini|\.DS_Store|Icon\r)$"
)
_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_NO_FILE = "Check the path."


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: where it was found, and its bytes, or what kept them from being read."""

    path: str
    data: bytes | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Which files are taken: shell patterns on the path; without ``include`` all are."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def takes(self, path: str) -> bool:
        """Tell whether a file is taken.

        >>> Choice(exclude=("*.jpg",)).takes("scans/a.jpg"), Choice().takes("a/.DS_Store")
        (False, False)
        """
        if _LITTER.search(path):
            return False
        name = path.rpartition("/")[2]
        fits = [any(fnmatch(p, pattern) for p in (path, name)) for pattern in self.exclude]
        if any(fits):
            return False
        return not self.include or any(
            fnmatch(p, pattern) for pattern in self.include for p in (path, name)
        )


def is_url(name: str) -> bool:
    """Tell whether a name is the address of an object store rather than a path.

    >>> is_url("s3://bucket/contracts"), is_url("C:/contracts")
    (True, False)
    """
    return bool(_URL.match(name))


class Found(NamedTuple):
    """A file that an input names, and the store's mark of its content when it keeps one."""

    name: str
    mark: str | None = None


def list_names(inputs: Sequence[str]) -> Iterator[Found]:
    """Yield the files that the inputs name, each once per input, folders walked in sorted order.

    Raises ``InputError`` for an input that names nothing.
    """
    for given in inputs:
        if is_url(given):
            from clausecheck.archive.remote import list_remote

            yield from (Found(*pair) for pair in list_remote(given))
            continue
        path = Path(given).absolute()
        if path.exists() or path.is_symlink():
            yield from map(Found, _walk(path))
            continue
        found = sorted(glob(given, recursive=True))  # noqa: PTH207 - may begin at the root
        if not found:
            raise InputError("C101", "There is no such file or folder.", given, _NO_FILE)
        for name in found:
            yield from map(Found, _walk(Path(name).absolute()))


def count_files(inputs: Sequence[str]) -> int | None:
    """Return how many files the inputs hold; ``None`` when only reading them could tell.

    Raises ``InputError`` for an input that names nothing.
    """
    if any(map(is_url, inputs)):
        return None
    total = 0
    for name, _ in list_names(inputs):
        inside = count_members(name) if is_container(name) else 1
        if inside is None:
            return None
        total += inside
    return total


def _walk(path: Path) -> Iterator[str]:
    """Yield a file, or those below a folder in sorted order; one that cannot be read, itself."""
    if not path.is_dir():
        yield str(path)
        return
    try:
        with os.scandir(path) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError:
        yield str(path)
        return
    for entry in entries:
        # A link to a folder may lead round in a circle; its files are found where they are.
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        elif not (entry.is_symlink() and entry.is_dir()):
            yield entry.path


def read_entries(name: str, choice: Choice, max_bytes: int) -> Iterator[Entry]:
    """Yield the entry of one file, or those of its members when it is a zip, tar or mail."""
    shown = name if is_url(name) else Path(name).as_posix()
    if not choice.takes(shown) and not (is_container(shown) and not _dropped(shown, choice)):
        return
    try:
        if is_container(shown):
            with _open(name) as stream:
                for member in open_members(stream, shown, max_bytes):
                    if choice.takes(member.path):
                        yield _entry(member, max_bytes)
            return
        with _open(name) as stream:
            data = stream.read(max_bytes + 1)
        yield _entry(Member(shown, data), max_bytes)
    except InputError as error:
        yield Entry(shown, None, error.problem)
    except OSError as error:
        yield Entry(shown, None, _explain(error, shown))


def _dropped(path: str, choice: Choice) -> bool:
    return not Choice(exclude=choice.exclude).takes(path)


def _open(name: str) -> IO[bytes]:
    if is_url(name):
        from clausecheck.archive.remote import open_remote

        return open_remote(name)
    info = Path(name).stat()
    if stat.S_ISDIR(info.st_mode):
        raise PermissionError(13, "Permission denied", name)
    if not stat.S_ISREG(info.st_mode):
        # Opening a pipe would wait for somebody to write into it.
        raise InputError("C103", "This is no ordinary file.", name, "Copy its content to a file.")
    return Path(name).open("rb")


def _entry(member: Member, max_bytes: int) -> Entry:
    if member.problem is not None or member.data is None:
        return Entry(member.path, None, member.problem)
    if len(member.data) > max_bytes:
        return Entry(
            member.path,
            None,
            Problem(
                "C106",
                f"The file has more than {max_bytes:,} bytes.",
                member.path,
                "Split it, or review it alone with a higher limit.",
            ),
        )
    return Entry(member.path, member.data)


def _explain(error: OSError, where: str) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem("C101", "There is no such file.", where, "It went while the run was on.")
    if isinstance(error, PermissionError):
        return Problem(
            "C103",
            "There is no permission to read this.",
            where,
            "Change its permissions, then run again.",
        )
    told = error.strerror or type(error).__name__
    return Problem(
        "C103", f"It cannot be read ({told}).", where, "Check the disk or the connection."
    )
