"""Attachments of mails, an Outlook message made for the test among them."""

import struct
from email.message import EmailMessage
from pathlib import Path

import pytest

from clausecheck.archive.inputs import Choice, list_names, read_entries
from clausecheck.archive.mail import list_attachments

TEXT, BINARY, LONG = 0x001F, 0x0102, 0x0003


def make_properties(head: bytes, *values: tuple[int, int, int]) -> bytes:
    """Return a property stream (MS-OXMSG 2.4): id, type and value of each property."""
    return head + b"".join(
        struct.pack("<HHIIi", kind, number, 6, value, 0) for number, kind, value in values
    )


def make_msg(path: Path, files: dict[str, bytes]) -> None:
    from extract_msg import OleWriter

    writer = OleWriter()
    count = len(files)
    head = struct.pack("<8xIIII8x", 0, count, 0, count)
    writer.addEntry("__properties_version1.0", make_properties(head, (0x340D, LONG, 0x40000)))
    writer.addEntry("__substg1.0_001A001F", "IPM.Note".encode("utf-16-le"))
    writer.addEntry("__substg1.0_0037001F", "Contracts".encode("utf-16-le"))
    writer.addEntry("__nameid_version1.0", storage=True)
    for name in ("00020102", "00030102", "00040102"):
        writer.addEntry(f"__nameid_version1.0/__substg1.0_{name}", b"")
    for number, (name, data) in enumerate(files.items()):
        folder = f"__attach_version1.0_#{number:08X}"
        encoded = name.encode("utf-16-le")
        properties = make_properties(
            bytes(8), (0x3705, LONG, 1), (0x3701, BINARY, len(data)),
            (0x3707, TEXT, len(encoded) + 2),
        )  # fmt: skip
        writer.addEntry(folder, storage=True)
        writer.addEntry(f"{folder}/__properties_version1.0", properties)
        writer.addEntry(f"{folder}/__substg1.0_37010102", data)
        writer.addEntry(f"{folder}/__substg1.0_3707001F", encoded)
    writer.write(str(path))


def test_an_outlook_message_gives_its_attachments(tmp_path: Path) -> None:
    pytest.importorskip("extract_msg", reason='needs extract-msg: pip install ".[mail]"')
    make_msg(tmp_path / "m.msg", {"draft one.txt": b"1. Supplier pays." * 300, "b.pdf": b"%PDF"})
    [(name, _)] = list_names([str(tmp_path)])
    found = {
        entry.path.partition("!/")[2]: entry.data
        for entry in read_entries(name, Choice(), 1_000_000)
    }
    assert found == {"draft one.txt": b"1. Supplier pays." * 300, "b.pdf": b"%PDF"}


def test_names_mails_in_mails_and_pictures() -> None:
    inner = EmailMessage()
    inner.set_content("see attached")
    inner.add_attachment(b"x", maintype="text", subtype="plain", filename="inner.txt")
    mail = EmailMessage()
    mail.set_content("see attached")
    mail.add_attachment(b"1", maintype="application", subtype="pdf", filename="..\\a/scan.pdf")
    mail.add_attachment(b"2", maintype="application", subtype="pdf", filename="scan.pdf")
    mail.add_attachment(b"3", maintype="application", subtype="octet-stream")
    mail.add_attachment(inner)
    mail.add_attachment(
        b"logo", maintype="image", subtype="png", filename="logo.png", disposition="inline"
    )
    found = dict(list_attachments(mail.as_bytes(), "m.eml"))
    assert list(found) == ["scan.pdf", "2-scan.pdf", "attachment-3", "4.eml"]
    assert dict(list_attachments(found["4.eml"], "4.eml")) == {"inner.txt": b"x"}


def test_a_mail_without_attachments_holds_nothing() -> None:
    mail = EmailMessage()
    mail.set_content("Supplier shall pay.")
    assert list(list_attachments(mail.as_bytes(), "m.eml")) == []
    assert list(list_attachments(b"\xff\x00 no mail at all", "m.eml")) == []
