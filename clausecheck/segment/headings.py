"""Tell headings from sentences.

Comes in: text and a range. Goes out: whether the range is a heading, or where a heading that runs
into its clause ("8.1 Indemnity. The Supplier ...") stops.
"""

from __future__ import annotations

import re

LONGEST = 140
_RUN_IN = 110
_LONG_TITLE = 75
_CAPTION = 70

# fmt: off
_SMALL = frozenset(
    {
        "a", "an", "and", "as", "at", "but", "by", "for", "from", "if", "in", "into", "nor",
        "of", "on", "or", "per", "re", "than", "that", "the", "to", "under", "upon", "via",
        "vs", "with", "without", "within", "not", "etc", "de", "la", "after", "before",
        "during", "between", "other",
    }
)
# fmt: on
# A clause with one of these is a sentence, however its words are capitalised.
_VERBS = re.compile(
    r"\b(?:shall|will|must|may|is|are|was|were|has|have|had|agrees?|means?|can|cannot|should|would"
    r"|does|do|been|be|provides?|warrants?|represents?|acknowledges?|grants?|includes?)\b"
)
# "Liability that is not limited" is a heading all the same: its verb is not the sentence's.
_RELATIVE = re.compile(r"\b(?:that|which|who)\s+(?:is|are|was|were|has|have|may|can|cannot|must)\b")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Inc|Corp|Co|Ltd|No|Nos|vs?|Mr|Mrs|Ms|Dr|St|Sec|Art|Jr|Sr|e\.g|i\.e|U\.S|U\.K|L\.P|"
    r"N\.A|S\.A|L\.L\.C)|\b[A-Z])\Z"
)
_STOP = re.compile(
    r"[.:]+(?=[\"”’'*_)]*(?:\s|\Z))|\.?\s?[–—](?=\s?[\"“(A-Z])|\.-+|\s-\s|\t|[ \u00a0]{3,}"
)
_CAPS_RUN = re.compile(
    r"[\"“_*]{0,3}[A-Z][A-Z0-9'’&/,()-]*(?:\s(?:[A-Z0-9&/–-][A-Z0-9'’&/,().–-]*|of|and|the|for|to|or|in))*"
    r"(?=\s[\"“(]?[A-Z][a-z]|\s[\"“(]?A\s[a-z]|\s{2,})"
)
_QUOTED = re.compile(
    r"[\"“_*'‘]{1,3}(?P<in>[A-Z][^\"”_*\n]{1,80}?)[.:]?[\"”_*'’]{1,3}[.:]?(?=\s|\Z)"
)
_FIGURE = re.compile(r"\d{3,}")
# Lines of addresses and entries such as "Guide: The Servicing Guide." are no headings.
_FIELD = re.compile(
    r":\s+\S.*\.\Z|\s\d{5}(?:-\d{4})?\Z|\A(?i:att|fax|tel|e-?mail|phone|add)\w*(?:\s?\w{2}\.?)?\s?:"
    r"|\A(?:Suite|Floor|P\.?\s?O\.?\s?Box)\b"
)
_TAIL = ' \t\r\n.:;–—-_*#"”“'
_AFTER = re.compile(r"[\s\"“”'*_).:–—-]*(?:[\"“‘(\[A-Z0-9$]|\Z)")


def is_heading(text: str, start: int, end: int, *, numbered: bool = False) -> bool:
    """Tell whether the whole range reads as a heading: short, capitalised, no sentence.

    ``numbered`` says that a clause number stands before it: then sentence case will do.

    >>> is_heading("Limitation of Liability", 0, 23), is_heading("Supplier pays.", 0, 14)
    (True, False)
    """
    length = end - start
    if length < 2 or length > LONGEST or text[start] == "[":
        return False
    words = _WORD.findall(text, start, end)
    if not words or len(words) > 16 or all(word.lower() in _SMALL for word in words):
        return False
    last = text[end - 1]
    piece = text[start:end]
    upper = piece.upper() == piece
    if last in ",;" or (last == "." and not upper and len(words) > 8):
        return False
    if upper:
        inner = piece[1:-1]
        if _FIELD.match(piece) and piece[-1] == ":":
            return False
        return sum(map(len, words)) >= 3 and not any(c in inner for c in ("__", "$", '"', "”"))
    if _VERBS.search(text, start, end) or any(c in piece for c in '@=_|"“$'):
        return False
    if not numbered and (piece[0].isdigit() or _FIELD.search(piece)):
        return False
    if piece.count(",") > 2 or len(_FIGURE.findall(piece)) > 1:
        return False
    if not words[0][0].isupper():
        return False
    if numbered and length <= 70 and last not in ".:":
        return True
    return _is_titled(words)


def reads_on(text: str, start: int, end: int) -> bool:
    """Tell whether a range set as a heading is a sentence, or the first line of one.

    >>> reads_on("You must keep your password safe", 0, 32)
    False
    >>> reads_on("You must supply the services:", 0, 29)
    True
    """
    open_end = text[end - 1] in ".;:," or end - start > _LONG_TITLE
    return open_end and _VERBS.search(text, start, end) is not None


def may_caption(text: str, start: int, end: int) -> bool:
    """Tell whether a paragraph of its own could be a heading in sentence case.

    >>> may_caption("What do both parties agree to do?", 0, 33), may_caption("They pay.", 0, 9)
    (True, False)
    """
    if not 3 <= end - start <= _CAPTION or text[end - 1] in ".;,_" or not text[start].isupper():
        return False
    words = text[start:end].split()
    return len(words) <= 9 and not any(c in text[start:end] for c in '@=|$:"“\n\t')


def _is_titled(words: list[str]) -> bool:
    weighty = [word for word in words if word.lower() not in _SMALL]
    capital = sum(1 for word in weighty if word[0].isupper())
    return bool(weighty) and capital >= 0.8 * len(weighty)


def find_run_in(text: str, start: int, end: int, *, labelled: bool) -> tuple[int, int] | None:
    """Return the range of the heading that opens a clause, or ``None``.

    ``labelled`` says that a number stands before ``start``; without one a heading has to be in
    title case or capitals and be followed by a sentence.

    >>> text = "Term. This Agreement starts today."
    >>> find_run_in(text, 0, len(text), labelled=True)
    (0, 4)
    """
    limit = min(end, start + _RUN_IN)
    found = _QUOTED.match(text, start, limit)
    if found and labelled and text[start] in "_*":
        return found.span("in")
    caps = _CAPS_RUN.match(text, start, limit)
    for stop in _STOP.finditer(text, start, limit):
        at, mark = stop.start(), stop[0]
        if at == start:
            return None
        if mark[0] == "." and _ABBREVIATION.search(text, max(start, at - 6), at):
            continue
        if labelled and caps and caps.end() < at and _is_shout(caps[0]):
            return _trim(text, start, caps.end())
        final = stop.end() >= end
        if _is_title(text, start, at, mark, strict=final or not labelled) and _AFTER.match(
            text, stop.end(), end
        ):
            return _trim(text, start, at)
        if mark[0] in ".:" or _VERBS.search(text, start, at):
            return None
    if labelled and caps and _is_shout(caps[0]):
        return _trim(text, start, caps.end())
    if end <= limit and labelled and is_heading(text, start, end):
        return _trim(text, start, end)
    return None


def _is_shout(piece: str) -> bool:
    """Tell whether capitals are a heading, not a party's short name before its verb."""
    words = _WORD.findall(piece)
    return sum(map(len, words)) >= 4 and not any(word.endswith(".") for word in words)


def _is_title(text: str, start: int, at: int, mark: str, *, strict: bool) -> bool:
    words = _WORD.findall(text, start, at)
    if not words or len(words) > 12 or text[start] in "([$" or '"' in text[start + 1 : at - 1]:
        return False
    piece = text[start:at]
    verbs = _VERBS.search(piece if strict else _RELATIVE.sub("", piece))
    if not words[0][0].isupper() or (piece.upper() != piece and verbs):
        return False
    if _is_titled(words):
        return True
    # "8.1 Governing law. ..." is written in sentence case in many British contracts.
    return not strict and mark[0] == "." and len(words) <= 6 and "," not in piece


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start] in ' \t\r\n"“”_*#–—-.:':
        start += 1
    while end > start and text[end - 1] in _TAIL:
        end -= 1
    return (start, end) if end > start else None


def trim_heading(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range without quotes, underlines and closing stops.

    >>> trim_heading('8. "INDEMNITY."', 3, 15)
    (4, 13)
    """
    return _trim(text, start, end) or (start, start)
