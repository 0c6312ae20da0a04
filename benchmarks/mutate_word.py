"""Mutations of Word files: of the package, of the bytes of a part, of the tree of a part.

A zip whose bytes are changed fails its checksums and says little about the reader, so that most
mutations unpack the parts, change one, and pack them again with checksums that are right.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from copy import deepcopy
from functools import lru_cache
from random import Random

from lxml import etree

from benchmarks.mutate import BYTE_MUTATIONS, Mutation

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_MAIN = "word/document.xml"
_LIKELY = (_MAIN, _MAIN, _MAIN, "word/numbering.xml", "word/styles.xml", "word/footnotes.xml")
_VALUES = (
    *("", "0", "-1", "1", "9", "2147483648", "9" * 30, "NaN", "true", "off", "\u0661", " 1", "1.5"),
    *(
        "%1",
        "%9%9%9",
        "begin",
        "separate",
        "end",
        "none",
        "bullet",
        "lowerRoman",
        "ideographZodiac",
    ),
)
_NAMES = (
    *("p", "r", "t", "tbl", "tr", "tc", "ins", "del", "moveFrom", "moveTo", "sdt", "sdtContent"),
    *("fldChar", "instrText", "fldSimple", "hyperlink", "pict", "drawing", "object", "txbxContent"),
    *("ruby", "rubyBase", "sym", "tab", "br", "noBreakHyphen", "softHyphen", "footnoteReference"),
    *("pPr", "rPr", "numPr", "numId", "ilvl", "pStyle", "vanish", "specVanish", "sectPr", "trPr"),
    *("tcPr", "gridSpan", "vMerge", "cellDel", "cellIns", "commentRangeStart", "commentRangeEnd"),
    *("commentReference", "bookmarkStart", "bookmarkEnd", "altChunk", "subDoc", "smartTag"),
    *("abstractNum", "num", "lvl", "lvlText", "numFmt", "start", "lvlOverride", "numStyleLink"),
)
_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
)


@lru_cache(maxsize=64)
def _unpack(data: bytes) -> dict[str, bytes] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {n: package.read(n) for n in package.namelist() if not n.endswith("/")}
    except Exception:  # an input that an earlier mutation broke
        return None


def _pack(parts: dict[str, bytes], *, twice: str = "") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
        if twice:
            package.writestr(zipfile.ZipInfo(f"{twice}."), parts[twice])
    return held.getvalue()


def _pick(parts: dict[str, bytes], chance: Random) -> str:
    likely = [name for name in _LIKELY if name in parts]
    if likely and chance.random() < 0.8:
        return chance.choice(likely)
    texts = sorted(n for n in parts if n.endswith((".xml", ".rels")))
    return chance.choice(texts or sorted(parts))


def _of_part(change: Mutation) -> Mutation:
    """Make of a mutation of bytes one of a part's bytes."""

    def mutate(data: bytes, other: bytes, chance: Random) -> bytes:
        parts, others = _unpack(data), _unpack(other)
        if not parts or not others:
            return change(data, other, chance)
        name = _pick(parts, chance)
        return _pack({**parts, name: change(parts[name], others.get(name, b"<a/>"), chance)})

    return mutate


def _of_package(change: Callable[[dict[str, bytes], dict[str, bytes], Random], bytes]) -> Mutation:
    def mutate(data: bytes, other: bytes, chance: Random) -> bytes:
        parts = _unpack(data)
        return change(dict(parts), _unpack(other) or {}, chance) if parts else data

    return mutate


def _drop_part(parts: dict[str, bytes], _others: dict[str, bytes], chance: Random) -> bytes:
    del parts[_pick(parts, chance)]
    return _pack(parts)


def _swap_part(parts: dict[str, bytes], others: dict[str, bytes], chance: Random) -> bytes:
    """Take a part from another file, or put one part in the place of another."""
    name = _pick(parts, chance)
    source = others if others and chance.random() < 0.6 else parts
    parts[name] = source[_pick(source, chance)] if chance.random() < 0.3 else source.get(name, b"")
    return _pack(parts)


def _repeat_part(parts: dict[str, bytes], _others: dict[str, bytes], chance: Random) -> bytes:
    return _pack(parts, twice=_pick(parts, chance))


def _type_part(parts: dict[str, bytes], _others: dict[str, bytes], chance: Random) -> bytes:
    """Declare entities, and use them."""
    name = _pick(parts, chance)
    head, _, body = parts[name].partition(b"?>")
    body = body.replace(b"</w:t>", chance.choice((b"&c;</w:t>", b"&x;</w:t>", b"</w:t>")), 5)
    parts[name] = _BOMB.encode() + (body or head)
    return _pack(parts)


def _recode_part(parts: dict[str, bytes], _others: dict[str, bytes], chance: Random) -> bytes:
    name = _pick(parts, chance)
    text = parts[name].decode("utf-8", "replace")
    code = chance.choice(("utf-16", "utf-16-be", "latin-1", "utf-32", "utf-7"))
    parts[name] = text.encode(code, "replace")
    return _pack(parts)


def _fill_part(parts: dict[str, bytes], _others: dict[str, bytes], chance: Random) -> bytes:
    """Blow a part up with what packs well."""
    name = _pick(parts, chance)
    filling = chance.choice((b" ", b"<w:p/>", b"<w:r><w:t>a</w:t></w:r>", b"<w:tbl>", b"<w:ins>"))
    cut = parts[name].rfind(b"</")
    many = int(200_000 ** chance.random())
    parts[name] = parts[name][:cut] + filling * many + parts[name][cut:]
    return _pack(parts)


def _relate(parts: dict[str, bytes], _others: dict[str, bytes], chance: Random) -> bytes:
    """Point a relation elsewhere."""
    names = sorted(n for n in parts if n.endswith(".rels"))
    if not names:
        return _pack(parts)
    name = chance.choice(names)
    pieces = parts[name].split(b'Target="')
    at = chance.randrange(len(pieces))
    target = chance.choice((
        b"../../../../etc/passwd", b"file:///etc/passwd", b"http://127.0.0.1:9/", b"/", b"",
        b"document.xml", b"numbering.xml", b"%2e%2e/styles.xml", b"\xc3\xa9.xml",
    ))  # fmt: skip
    pieces[at] = target + pieces[at][pieces[at].find(b'"') :]
    parts[name] = b'Target="'.join(pieces)
    return _pack(parts)


def _change_tree(parts: dict[str, bytes], others: dict[str, bytes], chance: Random) -> bytes:
    """Change a few elements of a part's tree, which stays well-formed."""
    name = _pick(parts, chance)
    try:
        root = etree.fromstring(parts[name])
        strange = etree.fromstring(others.get(name, b"<a/>"))
    except etree.XMLSyntaxError:
        return _pack(parts)
    for _ in range(int(40 ** chance.random())):
        elements = [e for e in root.iter() if isinstance(e.tag, str)][1:]
        if not elements:
            break
        chance.choice(_TREE)(chance.choice(elements), elements, strange, chance)
    parts[name] = etree.tostring(root)
    return _pack(parts)


_Change = Callable[[etree._Element, list[etree._Element], etree._Element, Random], None]


def _remove(element: etree._Element, *_: object) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _double(element: etree._Element, _all: object, _strange: object, chance: Random) -> None:
    original = deepcopy(element)
    for _ in range(int(30 ** chance.random())):
        element.addnext(deepcopy(original))


def _move(
    element: etree._Element, elements: list[etree._Element], _strange: object, chance: Random
) -> None:
    target = chance.choice(elements)
    if target is not element and element not in target.iterancestors():
        target.insert(chance.randrange(len(target) + 1), element)


def _wrap(element: etree._Element, _all: object, _strange: object, chance: Random) -> None:
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    deep = int((3000 if chance.random() < 0.05 else 20) ** chance.random())
    names = [chance.choice(_NAMES) for _ in range(1 + deep % 3)]
    top = inner = etree.Element(f"{{{_W}}}{names[0]}")
    for depth in range(1, deep):
        inner = etree.SubElement(inner, f"{{{_W}}}{names[depth % len(names)]}")
    inner.append(element)
    parent.insert(at, top)


def _rename(element: etree._Element, _all: object, _strange: object, chance: Random) -> None:
    space = _MC if chance.random() < 0.1 else _W
    names = ("AlternateContent", "Choice", "Fallback") if space == _MC else _NAMES
    element.tag = f"{{{space}}}{chance.choice(names)}"


def _insert(element: etree._Element, _all: object, _strange: object, chance: Random) -> None:
    new = etree.Element(f"{{{_W}}}{chance.choice(_NAMES)}")
    for key in ("val", "id", "fldCharType", "ilvl"):
        new.set(f"{{{_W}}}{key}", chance.choice(_VALUES))
    element.insert(chance.randrange(len(element) + 1), new)


def _set_value(element: etree._Element, _all: object, _strange: object, chance: Random) -> None:
    keys = sorted(map(str, element.attrib)) or [f"{{{_W}}}val"]
    key = chance.choice(keys)
    if chance.random() < 0.2:
        element.attrib.pop(key, None)
    else:
        element.set(key, chance.choice(_VALUES))


def _graft(element: etree._Element, _all: object, strange: etree._Element, chance: Random) -> None:
    found = [e for e in strange.iter() if isinstance(e.tag, str)]
    element.addnext(deepcopy(chance.choice(found)))


_TREE: tuple[_Change, ...] = (
    *(_remove, _double, _move, _wrap, _rename, _rename, _insert, _insert, _set_value, _set_value),
    _graft,
)

# The tree of a part is where the reader decides the most.
WORD_MUTATIONS: tuple[Mutation, ...] = (
    *BYTE_MUTATIONS,
    *map(_of_part, BYTE_MUTATIONS),
    *map(
        _of_package,
        (_drop_part, _swap_part, _repeat_part, _type_part, _recode_part, _fill_part, _relate),
    ),
    *((_of_package(_change_tree),) * 40),
)
