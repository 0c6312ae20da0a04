"""Take the attachments out of mails: ``.eml`` by the standard library, ``.msg`` by extract-msg.

Comes in: the bytes of a mail. Goes out: names and bytes of its attachments. The text of the
mail and pictures inside it are no contracts and left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from clausecheck.errors import InputError

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def list_attachments(data: bytes, path: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each attachment, mails attached to the mail as ``.eml``.

    Raises ``InputError`` when an Outlook message cannot be read.
    """
    found = _read_msg(data, path) if data.startswith(_OLE) else _read_eml(data)
    seen: dict[str, int] = {}
    for name, content in found:
        seen[name] = seen.get(name, 0) + 1
        # Two attachments of one name stay apart: scan.pdf, 2-scan.pdf.
        yield name if seen[name] == 1 else f"{seen[name]}-{name}", content


def _read_eml(data: bytes) -> Iterator[tuple[str, bytes]]:
    mail = message_from_bytes(data, policy=default)
    for number, part in enumerate(_attachments(mail), 1):
        name = (part.get_filename() or "").replace("\\", "/").rpartition("/")[2]
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload(0) if part.is_multipart() else None
            if isinstance(inner, EmailMessage):
                yield name or f"{number}.eml", inner.as_bytes()
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield name or f"attachment-{number}", content


def _attachments(mail: EmailMessage) -> Iterator[EmailMessage]:
    """Yield the leaves that are attached: named or marked so, but no pictures shown in the text."""
    for part in mail.iter_parts() if mail.is_multipart() else (mail,):
        if not isinstance(part, EmailMessage):
            continue
        if part.get_content_type() != "message/rfc822" and part.is_multipart():
            yield from _attachments(part)
        elif (
            part.get_content_type() == "message/rfc822"
            or part.get_content_disposition() == ("attachment")
            or (part.get_filename() and part.get_content_maintype() != "image")
        ):
            yield part


def _read_msg(data: bytes, path: str) -> Iterator[tuple[str, bytes]]:
    try:
        from extract_msg import openMsg
        from extract_msg.exceptions import ExMsgBaseException
    except ImportError:
        raise InputError(
            "C504",
            "Outlook messages need a further library.",
            path,
            "Install clausecheck[mail].",
        ) from None
    try:
        with openMsg(data, delayAttachments=False) as mail:
            for number, item in enumerate(mail.attachments, 1):
                if getattr(item, "hidden", False):
                    continue
                name = item.getFilename() if hasattr(item, "getFilename") else None
                content: Any = getattr(item, "data", None)
                if hasattr(content, "exportBytes"):
                    yield name or f"{number}.msg", content.exportBytes()
                elif isinstance(content, bytes):
                    yield name or f"attachment-{number}", content
    except ExMsgBaseException as error:
        raise InputError(
            "C501",
            f"This Outlook message cannot be read ({type(error).__name__}).",
            path,
            "Save its attachments, and name their folder.",
        ) from error
