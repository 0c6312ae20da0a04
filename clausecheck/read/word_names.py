"""Names of the WordprocessingML vocabulary that the Word reader knows, and how to look them up.

Comes in: an element's tag. Goes out: its short kind. Strict files are renamed to these names when
they are parsed, so that one set of names is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

ID, VAL, AUTHOR, FIELD_TYPE = f"{W}id", f"{W}val", f"{W}author", f"{W}fldCharType"
PARAGRAPH, RUN, TEXT = f"{W}p", f"{W}r", f"{W}t"
FIELD_MARK, TYPE, VANISH = f"{W}fldChar", f"{W}type", f"{W}vanish"
RUN_PROPERTIES, PROPERTIES, DELETED_TEXT = f"{W}rPr", f"{W}pPr", f"{W}delText"
DELETED = (f"{W}del", f"{W}moveFrom")
INSERTED = (f"{W}ins", f"{W}moveTo")
BRANCH = (f"{MC}Choice", f"{MC}Fallback")
BOX = f"{W}txbxContent"

# Anything that is not named here is walked through: reading text too much beats losing it.
KINDS: dict[object, str] = {
    **{
        W + name: name
        for name in (
            *("p", "tbl", "tr", "tc", "altChunk", "subDoc", "txbxContent", "sdt", "ruby"),
            *("r", "t", "tab", "ptab", "br", "cr", "noBreakHyphen", "softHyphen", "sym"),
            *("fldChar", "instrText", "footnoteReference", "endnoteReference"),
        )
    },
    **dict.fromkeys(DELETED, "dropped"),
    **{W + name: "embedded" for name in ("drawing", "pict", "object")},
    **dict.fromkeys(BRANCH, "branch"),
    f"{MC}AlternateContent": "alternate",
    f"{MATH}oMath": "equation",
    **{
        W + name: "skipped"
        for name in (
            *("pPr", "rPr", "tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr", "sectPr"),
            *("sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr", "fldData", "delText"),
            *("bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd"),
            *("commentRangeStart", "commentRangeEnd", "lastRenderedPageBreak", "delInstrText"),
            *("commentReference", "annotationRef", "footnoteRef", "endnoteRef", "separator"),
        )
    },
}


@dataclass(frozen=True, slots=True)
class View:
    """How tracked changes are read: the text after all of them ("final") or before ("original").

    ``gone`` wraps or marks what the view does not hold, ``gone_cell`` marks such cells, ``kinds``
    are the kinds of elements in this view, ``before`` tells that former properties count.
    """

    gone: tuple[str, ...]
    gone_cell: str
    kinds: Mapping[object, str]
    before: bool = False


FINAL = View(DELETED, f"{W}cellDel", KINDS)
ORIGINAL = View(
    INSERTED,
    f"{W}cellIns",
    {
        **{tag: kind for tag, kind in KINDS.items() if tag not in DELETED},
        **dict.fromkeys(INSERTED, "dropped"),
        DELETED_TEXT: "t",
        f"{W}delInstrText": "instrText",
    },
    before=True,
)
VIEWS = {"final": FINAL, "original": ORIGINAL}


def find_child(parent: _Element | None, name: str) -> _Element | None:
    """Return the first child called ``name``; lxml's own ``find`` takes twice the time."""
    return None if parent is None else next(parent.iterchildren(name), None)


def has_child(parent: _Element | None, names: tuple[str, ...]) -> bool:
    """Return whether ``parent`` has a child with one of ``names``."""
    return parent is not None and next(parent.iterchildren(*names), None) is not None


def is_on(parent: _Element | None, name: str) -> bool | None:
    """Return whether the on/off property ``name`` of ``parent`` is on; ``None`` if not stated."""
    found = find_child(parent, name)
    return None if found is None else is_set(found)


def is_set(element: _Element) -> bool:
    """Return whether an on/off element is on, as it is without a value."""
    return element.get(VAL, "1") not in ("0", "false", "off")


def read_val(parent: _Element | None, name: str) -> str | None:
    """Return the ``w:val`` of the child ``name`` of ``parent``; ``None`` if there is none."""
    found = find_child(parent, name)
    return None if found is None else found.get(VAL)


def read_int(value: str | None) -> int | None:
    """Return ``value`` as a number, or ``None`` if it is not a plain one of at most 9 digits.

    >>> read_int("12"), read_int("many"), read_int("9" * 5000)
    (12, None, None)
    """
    if value is None or len(value) > 10:
        return None
    try:
        return int(value)
    except ValueError:
        return None


def count_runs(element: _Element) -> int:
    """Return how many ``w:r`` there are in ``element``, itself included."""
    return sum(1 for _ in element.iter(RUN))


def choose_branch(alternate: _Element) -> _Element | None:
    """Return the one branch of an ``mc:AlternateContent`` that is read.

    Both branches usually say the same, once for new and once for old programs. The first that
    holds any words is taken: some put the words into one of the two only.
    """
    branches = list(alternate.iterchildren(*BRANCH))
    for branch in branches:
        if next(branch.iter(TEXT), None) is not None:
            return branch
    return branches[0] if branches else None


def iter_pieces(run: _Element, view: View = FINAL) -> Iterator[tuple[str, _Element]]:
    """Yield the (kind, element) pairs that make up a run in a view.

    Alternatives are yielded as "alternate" and followed by what stands in their chosen branch.
    """
    waiting = [iter(run)]
    while waiting:
        for child in waiting[-1]:
            kind = view.kinds.get(child.tag, "")
            yield kind, child
            if kind == "alternate":
                branch = choose_branch(child)
                if branch is not None:
                    waiting.append(iter(branch))
                    break
        else:
            waiting.pop()


# Private-use codes of the symbol fonts that matter in a contract: boxes that are ticked or not.
_SYMBOLS = {
    ("wingdings", 0x6F): "\u2610",
    ("wingdings", 0xA8): "\u2610",
    ("wingdings", 0x71): "\u2610",
    ("wingdings", 0x78): "\u2612",
    ("wingdings", 0xFD): "\u2612",
    ("wingdings", 0xFE): "\u2611",
    ("wingdings", 0xFC): "\u2713",
    ("wingdings", 0xFB): "\u2717",
    ("symbol", 0xB7): "\u2022",
    ("symbol", 0xD2): "\u00ae",
    ("symbol", 0xD3): "\u00a9",
    ("symbol", 0xD4): "\u2122",
    ("symbol", 0xA3): "\u2264",
    ("symbol", 0xB3): "\u2265",
    ("symbol", 0xB4): "\u00d7",
}


def read_piece(kind: str, piece: _Element) -> str | None:
    """Return the characters that a piece of a run stands for; ``None`` if it is no text.

    Args:
        kind: the piece's kind, from ``iter_pieces``.
        piece: the element. A soft hyphen stands for nothing: it prints at a line's end only, and
            would break a word in two for every pattern.

    >>> read_piece("noBreakHyphen", None)  # Word's own character for it is a plain hyphen
    '-'

    """
    if kind == "t":
        return piece.text or ""
    if kind in ("tab", "ptab"):
        return "\t"
    if kind in ("br", "cr"):
        return "\n"
    if kind == "noBreakHyphen":
        return "-"
    if kind == "softHyphen":
        return ""
    if kind == "sym":
        return _read_symbol(piece)
    return None


def read_run(run: _Element, view: View = FINAL) -> str:
    r"""Return the text of a run in a view, the string into which ``WordPlace.offset`` counts.

    >>> from lxml import etree
    >>> read_run(etree.fromstring(f'<w:r xmlns:w="{W[1:-1]}"><w:t>a</w:t><w:tab/></w:r>'))
    'a\t'
    """
    return "".join(read_piece(kind, piece) or "" for kind, piece in iter_pieces(run, view))


def _read_symbol(piece: _Element) -> str:
    try:
        code = int(piece.get(f"{W}char", ""), 16)
    except ValueError:
        return ""
    font = piece.get(f"{W}font", "").lower()
    known = _SYMBOLS.get((font, code & 0xFF if code >= 0xF000 else code))
    if known is not None:
        return known
    return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE else ""
