"""Write small PDF files by hand for the tests: text at positions, images, locks, damage."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
FONTS = {"F1": "Times-Roman", "F2": "Times-Bold"}


@dataclass
class Page:
    """Texts as (x, y, words) or (x, y, words, size, font) in drawing order, then raw operators."""

    texts: list[tuple] = field(default_factory=list)  # type: ignore[type-arg]
    rotate: int = 0
    image: bool = False
    strokes: int = 0
    note: str = ""
    paths: list[str] = field(default_factory=list)


def lines(*words: str, x: float = 72, top: float = 700, size: float = 10) -> list[tuple]:  # type: ignore[type-arg]
    """Return texts one below the other."""
    return [(x, top - 12 * i, w, size, "F1") for i, w in enumerate(words)]


def make_pdf(
    *pages: Page,
    password: str = "",
    width: int = 595,
    height: int = 842,
    outline: Sequence[tuple[str, int]] = (),
) -> bytes:
    """Return the bytes of a PDF; ``password`` locks it (RC4, 40 bit, PDF 32000-1 7.6.3).

    ``outline`` holds titles with the index of the page that they lead to.
    """
    objects: dict[int, bytes] = {}
    ids = hashlib.md5(b"fixed").digest()
    lock, key = _make_lock(password, ids)

    def seal(number: int, data: bytes) -> bytes:
        if key is None:
            return data
        return _rc4(hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10], data)

    number = 3
    fonts = ""
    for alias, font in FONTS.items():
        objects[number] = (
            f"<</Type/Font/Subtype/Type1/BaseFont/{font}/Encoding/WinAnsiEncoding>>".encode()
        )
        fonts += f"/{alias} {number} 0 R"
        number += 1
    pixels = seal(number, b"\xff")
    objects[number] = (
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Length %d>>\nstream\n%s\nendstream" % (len(pixels), pixels)
    )
    image = number
    number += 1
    kids = []
    for page in pages:
        drawn = [_draw(*text) for text in page.texts]
        if page.image:
            drawn.append(b"q 500 0 0 700 40 40 cm /I1 Do Q")
        drawn += [path.encode() for path in page.paths]
        drawn += [b"%d 100 m 90 %d l S" % (n % 500, n % 500) for n in range(page.strokes)]
        content = seal(number, b"\n".join(drawn))
        objects[number] = b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content)
        notes = ""
        if page.note:
            notes = f"/Annots[<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents({page.note})>>]"
        objects[number + 1] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Rotate {page.rotate}"
            f"/Resources<</Font<<{fonts}>>/XObject<</I1 {image} 0 R>>>>"
            f"/Contents {number} 0 R{notes}>>"
        ).encode()
        kids.append(f"{number + 1} 0 R")
        number += 2
    objects[1] = b"<</Type/Catalog/Pages 2 0 R>>"
    if outline:
        first = number
        objects[1] = f"<</Type/Catalog/Pages 2 0 R/Outlines {first} 0 R>>".encode()
        last = first + len(outline)
        objects[first] = f"<</First {first + 1} 0 R/Last {last} 0 R/Count {len(outline)}>>".encode()
        for at, (title, page_index) in enumerate(outline, start=first + 1):
            after = f"/Next {at + 1} 0 R" if at < last else ""
            objects[at] = (
                f"<</Title({title})/Parent {first} 0 R{after}/Dest[{kids[page_index]}/Fit]>>"
            ).encode()
    objects[2] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    out = bytearray(b"%PDF-1.4\n")
    starts = {}
    for n in sorted(objects):
        starts[n] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (n, objects[n])
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for n in sorted(objects):
        out += b"%010d 00000 n \n" % starts[n]
    out += b"trailer\n<</Size %d/Root 1 0 R/ID[<%s><%s>]%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        ids.hex().encode(),
        ids.hex().encode(),
        lock,
        table,
    )
    return bytes(out)


def _draw(x: float, y: float, words: str, size: float = 10, font: str = "F1") -> bytes:
    shown = words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(")
    shown = shown.replace(b")", b"\\)")
    return f"BT /{font} {size} Tf {x} {y} Td (".encode() + shown + b") Tj ET"


def _make_lock(password: str, ids: bytes) -> tuple[bytes, bytes | None]:
    if not password:
        return b"", None
    padded = (password.encode() + PAD)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    key = hashlib.md5(padded + owner + (-4).to_bytes(4, "little", signed=True) + ids).digest()[:5]
    lock = f"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{owner.hex()}>/U<{_rc4(key, PAD).hex()}>>>"
    return lock.encode(), key


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
