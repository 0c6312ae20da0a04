"""Read files of object stores through fsspec: s3://, gs://, abfs:// and whatever else is installed.

Comes in: addresses. Goes out: addresses of single files, streams, and marks of their content.
Credentials are those that the store's own tools use; none are taken from an address or written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, cast

from clausecheck.errors import InputError

_EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gcs", "gcs": "gcs", "abfs": "azure", "abfss": "azure",
           "az": "azure"}  # fmt: skip
# Read in large pieces: a contract takes one request.
_BLOCK = 8 * 1024 * 1024


def list_remote(address: str) -> Iterator[tuple[str, str | None]]:
    """Yield the addresses of the files below an address or fitting its pattern, sorted.

    With each goes the store's mark of its content (ETag, MD5), where it keeps one.

    Raises ``InputError`` when there are none, or the store's library is missing.
    """
    system, path = _open_system(address)
    scheme = address.partition("://")[0]
    try:
        if any(sign in path for sign in "*?["):
            found = system.glob(path, detail=True)
        else:
            found = system.find(path, detail=True)
    except FileNotFoundError:
        found = {}
    except (OSError, ValueError) as error:
        raise _unreachable(address, error) from error
    if not found:
        raise InputError("C101", "There is no such file or folder.", address, "Check the address.")
    for name in sorted(found):
        if found[name].get("type") == "file":
            shown = name if scheme == "file" else name.lstrip("/")
            yield f"{scheme}://{shown}", _tell_mark(found[name])


def _tell_mark(info: dict[str, Any]) -> str | None:
    for key in ("ETag", "etag", "md5Hash", "content_md5"):
        if info.get(key):
            return str(info[key]).strip('"')
    return None


def open_remote(address: str) -> IO[bytes]:
    """Return a stream of a file's bytes; raises ``OSError`` when it cannot be read."""
    system, path = _open_system(address)
    return cast("IO[bytes]", system.open(path, "rb", block_size=_BLOCK))


def _open_system(address: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    scheme = address.partition("://")[0].lower()
    try:
        system, path = url_to_fs(address)
    except ImportError:
        extra = _EXTRAS.get(scheme)
        advice = f'Run: pip install "clausecheck[{extra}]".' if extra else "Install it."
        raise InputError(
            "C505", f"Reading {scheme}:// needs a further library.", address, advice
        ) from None
    except ValueError as error:
        raise InputError(
            "C505", f"There is no object store named {scheme}://.", address, "Check the address."
        ) from error
    return system, path


def _unreachable(address: str, error: Exception) -> InputError:
    told = type(error).__name__
    return InputError(
        "C506",
        f"The store cannot be read ({told}).",
        address,
        "Check the address, the network and your credentials.",
    )
