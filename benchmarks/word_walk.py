"""An independent reading of marked Word files: nothing here is shared with the writer.

In: the bytes of Word files. Out: the document with some people's changes accepted or rejected, the
words under a comment, and breaches of the schema's order (ECMA-376 part 1, annex A).
"""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
Element = Any
_REVISIONS = ("ins", "del", "moveFrom", "moveTo")
_WITHOUT_TEXT = {"instrText", "delInstrText"}
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# CT_RPr (EG_RPrBase) and CT_PPr (CT_PPrBase) in the order that Word and the schema want.
RUN_ORDER = """
ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow
emboss imprint noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight
u effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath rPrChange
""".split()  # noqa: SIM905 - as the schema lists them
PARAGRAPH_ORDER = """
pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd
tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi
adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc
textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange
""".split()  # noqa: SIM905
# The words of a change that a control puts in, or takes out.
CONTROL = "Control."
# Where the elements that a mark brings may stand: wherever EG_PContent or EG_RunLevelElements do.
_INLINE = {
    *("p", "hyperlink", "smartTag", "customXml", "fldSimple", "sdtContent", "dir", "bdo"),
    *_REVISIONS,
}
_IN_RUN = {"r"}


def open_parts(data: bytes) -> dict[str, bytes]:
    """Return every part of a package by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def replace_part(data: bytes, part: str, raw: bytes) -> bytes:
    """Return a package with one part replaced."""
    parts = open_parts(data) | {part: raw}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def parse(raw: bytes) -> Element:
    """Return the root of a part."""
    return etree.fromstring(raw, etree.XMLParser(remove_comments=True, remove_pis=True))


def name_of(element: Element) -> str:
    """Return the local name of a WordprocessingML element, or the full name of another."""
    uri, _, local = element.tag[1:].partition("}")
    return local if uri in (W, STRICT) else element.tag


def value_of(element: Element, name: str) -> str | None:
    """Return an attribute of the vocabulary."""
    found = element.get(f"{{{W}}}{name}")
    return found if found is not None else element.get(f"{{{STRICT}}}{name}")


def list_children(element: Element, name: str) -> list[Element]:
    """Return the children of one kind."""
    return [child for child in element if name_of(child) == name]


def drop(element: Element) -> None:
    """Take an element out with all that is in it."""
    element.getparent().remove(element)


def unwrap(element: Element) -> None:
    """Put the content of an element in its place."""
    parent = element.getparent()
    at = parent.index(element)
    for child in list(element):
        parent.insert(at, child)
        at += 1
    parent.remove(element)


def settle(root: Element, author: str, *, accept: bool) -> None:
    """Accept or reject every insertion and deletion of ``author``, in place."""
    mine = [
        element
        for element in root.iter()
        if name_of(element) in ("ins", "del") and value_of(element, "author") == author
    ]
    gone, kept = ("del", "ins") if accept else ("ins", "del")
    merged = [el for el in mine if name_of(el.getparent()) == "rPr" and name_of(el) == gone]
    paragraphs = [el.getparent().getparent().getparent() for el in merged]
    for element in mine:
        if name_of(element.getparent()) == "rPr" or name_of(element) == gone:
            drop(element)
    for element in mine:
        if name_of(element) == kept and element.getparent() is not None:
            for inner in element.iter():
                if name_of(inner) in ("delText", "delInstrText"):
                    inner.tag = inner.tag.replace("delText", "t").replace("delInstr", "instr")
            unwrap(element)
    # A paragraph whose own end goes is nothing but its words, which went with it.
    for paragraph in paragraphs:
        if not any(name_of(child) != "pPr" for child in paragraph):
            drop(paragraph)


def drop_comments(root: Element, ids: set[str]) -> None:
    """Take the anchors and signs of some comments out, in place."""
    for element in list(root.iter()):
        if value_of(element, "id") not in ids:
            continue
        if name_of(element) in ("commentRangeStart", "commentRangeEnd"):
            drop(element)
        elif name_of(element) == "commentReference":
            run = element.getparent()
            drop(element)
            if all(name_of(child) == "rPr" for child in run):
                drop(run)


def strip_comments(data: bytes, main: str) -> bytes:
    """Return a package whose main part has no comment at all."""
    root = parse(open_parts(data)[main])
    numbered = (el for el in root.iter() if name_of(el) == "commentReference")
    drop_comments(root, {value_of(el, "id") or "" for el in list(numbered)})
    raw = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return replace_part(data, main, raw)


def add_changes(data: bytes, main: str, other: bytes, author: str, kind: str) -> bytes:
    """Return a package with one tracked change at the end of each paragraph that ``other`` changed.

    ``other`` is a copy of the package in which ``author`` tracked changes; ``kind`` is ``ins`` or
    ``del``, so that rejecting or accepting all of them gives the package back.
    """
    root = parse(open_parts(data)[main])
    changed = parse(open_parts(other)[main])
    text = "t" if kind == "ins" else "delText"
    namespace = etree.QName(root).namespace
    pairs = zip(_list_paragraphs(root), _list_paragraphs(changed), strict=True)
    for number, (paragraph, model) in enumerate(pairs):
        marks = (el for el in model.iter() if name_of(el) in ("ins", "del"))
        if not any(value_of(mark, "author") == author for mark in marks):
            continue
        change = etree.SubElement(paragraph, f"{{{namespace}}}{kind}")
        change.set(f"{{{namespace}}}id", str(900_000 + number))
        change.set(f"{{{namespace}}}author", "Control")
        run = etree.SubElement(change, f"{{{namespace}}}r")
        etree.SubElement(run, f"{{{namespace}}}{text}").text = CONTROL
    raw = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return replace_part(data, main, raw)


def add_comments(data: bytes, main: str, noted: bytes) -> bytes:
    """Return the package with the comments of ``noted``, each over the whole of its paragraph.

    ``noted`` is a copy of the package with more comments; nothing else of it is taken over.
    """
    root, copied = parse(open_parts(data)[main]), parse(open_parts(noted)[main])
    namespace = etree.QName(root).namespace
    known = {value_of(el, "id") for el in root.iter() if name_of(el) == "commentReference"}
    pairs = zip(_list_paragraphs(root), _list_paragraphs(copied), strict=True)
    for paragraph, model in pairs:
        for sign in [el for el in model.iter() if name_of(el) == "commentReference"]:
            around = next(el for el in sign.iterancestors() if name_of(el) == "p")
            if around is not model or value_of(sign, "id") in known:
                continue
            number = {f"{{{namespace}}}id": value_of(sign, "id") or ""}
            runs = [el for el in paragraph.iter() if name_of(el) == "r"]
            begin = etree.Element(f"{{{namespace}}}commentRangeStart", number)
            paragraph.insert(len(list_children(paragraph, "pPr")), begin)
            etree.SubElement(paragraph, f"{{{namespace}}}commentRangeEnd", number)
            run = etree.SubElement(paragraph, f"{{{namespace}}}r")
            for properties in list_children(runs[-1], "rPr") if runs else ():
                run.append(copy.deepcopy(properties))
            etree.SubElement(run, f"{{{namespace}}}commentReference", number)
    raw = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return replace_part(noted, main, raw)


def _list_paragraphs(root: Element) -> list[Element]:
    return [element for element in root.iter() if name_of(element) == "p"]


def flatten(root: Element) -> list[Any]:
    """Return a document as a flat list in which it does not matter how text is cut into runs.

    Runs side by side with the same properties are one; so are insertions and deletions side by
    side by the same person at the same time.
    """
    out: list[Any] = []
    _flatten(root, out)
    return out


def _flatten(element: Element, out: list[Any]) -> None:
    name = name_of(element)
    if name == "r":
        look = (_attributes(element), *(_canonical(p) for p in list_children(element, "rPr")))
        for child in element:
            if name_of(child) == "rPr":
                continue
            if name_of(child) in ("t", "delText"):
                kind = name_of(child)
                text = child.text or ""
                if out and out[-1][0] == kind and out[-1][1] == look:
                    out[-1] = (kind, look, out[-1][2] + text)
                elif text:
                    out.append((kind, look, text))
            else:
                out.append(("in run", look, _canonical(child)))
        return
    attributes = _attributes(element)
    if name in _REVISIONS:
        attributes = tuple(pair for pair in attributes if not pair[0].endswith("}id"))
        if out and out[-1] == ("end", name, attributes):
            out.pop()
        else:
            out.append(("start", name, attributes))
    else:
        out.append(("start", name, attributes, (element.text or "").strip()))
    for child in element:
        _flatten(child, out)
    out.append(("end", name, attributes))


def _attributes(element: Element) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(k), str(v)) for k, v in element.attrib.items()))


def _canonical(element: Element) -> tuple[Any, ...]:
    attributes = _attributes(element)
    if name_of(element) == "rPrChange":
        attributes = tuple(pair for pair in attributes if not pair[0].endswith("}id"))
    inner = tuple(_canonical(child) for child in element)
    return (element.tag, attributes, (element.text or "").strip(), inner)


def find_words(root: Element, author: str) -> dict[str, str]:
    """Return the words under each comment: those of runs between its marks, in the final view.

    Words in text boxes, in field codes, hidden words and those that others than ``author`` deleted
    are not among them, nor are those that ``author`` inserted; those that ``author`` deleted are.
    """
    open_ids: dict[str, list[str]] = {}
    closed: dict[str, str] = {}
    fields: list[bool] = []
    for element in _walk(root, author):
        name = name_of(element)
        if name == "commentRangeStart":
            open_ids[value_of(element, "id") or ""] = []
        elif name == "commentRangeEnd":
            number = value_of(element, "id") or ""
            closed[number] = "".join(open_ids.pop(number, ["no start"]))
        elif name == "fldChar":
            kind = value_of(element, "fldCharType")
            if kind == "begin":
                fields.append(True)
            elif kind == "separate" and fields:
                fields[-1] = False
            elif kind == "end" and fields:
                fields.pop()
        elif name in ("t", "delText", *_CHARACTERS) and not any(fields):
            text = _CHARACTERS.get(name, element.text or "")
            for words in open_ids.values():
                words.append(text)
        elif name == "p":
            for words in open_ids.values():
                words.append("\n")
    return closed


def _walk(root: Element, author: str) -> Iterator[Element]:
    """Yield the elements of the main story in order, without text boxes and new words."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        if name_of(element) in ("drawing", "pict", "object", "pPr", "rPr", "rt"):
            continue
        if element.tag.endswith("}Fallback"):
            continue
        if name_of(element) == "ins" and value_of(element, "author") == author:
            continue
        if name_of(element) in ("del", "moveFrom") and value_of(element, "author") != author:
            yield from (el for el in element.iter() if name_of(el).startswith("commentRange"))
            continue
        if name_of(element) == "r" and _is_hidden(element):
            continue
        waiting.extend(reversed(element))


def _is_hidden(run: Element) -> bool:
    for properties in list_children(run, "rPr"):
        for vanish in list_children(properties, "vanish"):
            return value_of(vanish, "val") not in ("0", "false", "off")
    return False


def list_breaches(
    root: Element, comments: Element | None, author: str, before: Element | None = None
) -> list[str]:
    """Return what the marks of ``author`` break of the schema's order and of the rules of ids.

    Orders of properties that stand in ``before``, the original, are its own and are copied.
    """
    known = set() if before is None else {_name_all(el) for el in before.iter()}
    breaches = []
    ids: dict[str, list[str]] = {"commentRangeStart": [], "commentRangeEnd": []}
    ids["commentReference"] = []
    mine = [] if comments is None else list_children(comments, "comment")
    numbers = [value_of(comment, "id") or "" for comment in mine]
    breaches += [f"comment {n} twice" for n in set(numbers) if numbers.count(n) > 1]
    revisions: list[str] = []
    for element in root.iter():
        name = name_of(element)
        parent = element.getparent()
        around = "" if parent is None else name_of(parent)
        if name in ids:
            ids[name].append(value_of(element, "id") or "")
            allowed = _IN_RUN if name == "commentReference" else _INLINE | {"rubyBase", "rt"}
            if around not in allowed and name == "commentReference":
                breaches.append(f"{name} in {around}")
            if name != "commentReference" and around not in allowed | {"body", "tbl", "tr", "tc"}:
                breaches.append(f"{name} in {around}")
        elif name in ("ins", "del") and value_of(element, "author") == author:
            revisions.append(value_of(element, "id") or "")
            if around == "rPr":
                if name_of(parent.getparent()) != "pPr":
                    breaches.append(f"{name} as a run's property")
            elif around not in _INLINE:
                breaches.append(f"{name} in {around}")
            for run in list_children(element, "r"):
                kinds = {name_of(child) for child in run}
                wrong = kinds & ({"t", "instrText"} if name == "del" else {"delText"})
                breaches += [f"{kind} in {name}" for kind in wrong]
        elif name == "r":
            breaches += _check_first(element, "rPr")
        elif name == "p":
            breaches += _check_first(element, "pPr")
        elif name in ("delText", "delInstrText") and not any(
            name_of(above) in ("del", "moveFrom") for above in element.iterancestors()
        ):
            breaches.append(f"{name} outside a deletion")
    for number in numbers:
        for kind, seen in ids.items():
            count = seen.count(number)
            if count > 1 or (kind == "commentReference" and count != 1):
                breaches.append(f"comment {number}: {count} {kind}")
        if ids["commentRangeStart"].count(number) != ids["commentRangeEnd"].count(number):
            breaches.append(f"comment {number}: a range without end")
    for part in (root, comments):
        for element in () if part is None else part.iter():
            if _name_all(element) in known:
                continue
            if name_of(element) == "rPr" and _touched(element, author):
                breaches += _check_order(element, RUN_ORDER)
            elif name_of(element) == "pPr" and _touched(element, author):
                breaches += _check_order(element, PARAGRAPH_ORDER)
    breaches += [f"revision {n} twice" for n in set(revisions) if revisions.count(n) > 1]
    return breaches


def _name_all(element: Element) -> tuple[str, ...]:
    return (name_of(element), *(name_of(child) for child in element))


def _touched(element: Element, author: str) -> bool:
    return any(
        name_of(above) in ("ins", "del", "comment") and value_of(above, "author") == author
        for above in (*element.iterancestors(), *element.iterdescendants())
    )


def _check_first(element: Element, name: str) -> list[str]:
    found = [index for index, child in enumerate(element) if name_of(child) == name]
    wrong = len(found) > 1 or found not in ([], [0])
    return [f"{name} is not first in {name_of(element)}"] if wrong else []


def _check_order(element: Element, order: list[str]) -> list[str]:
    names = [name_of(child) for child in element if name_of(child) in order]
    ranks = [order.index(name) for name in names]
    return [] if ranks == sorted(ranks) else [f"{name_of(element)}: {' '.join(names)}"]
