"""Read the number printed at the start of a paragraph.

Comes in: text and a position. Goes out: a Label with every way in which the number can be read
("(i)" is the roman one or the ninth letter); the outline decides between them by sequence.
"""

from __future__ import annotations

import re
from typing import NamedTuple

SCHEDULE_WORDS = ("schedule", "exhibit", "annex", "annexure", "appendix", "attachment")

# fmt: off
_NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
}
# fmt: on
# fmt: off
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15,
}
# fmt: on
_FAMILIES = {
    "article": "article",
    "section": "section",
    "sec": "section",
    "§": "section",
    "§§": "section",
    "clause": "clause",
    "paragraph": "paragraph",
    "part": "part",
    "recital": "recital",
    "task": "task",
} | dict.fromkeys(SCHEDULE_WORDS, "schedule")

_WORDS = (
    "ARTICLE|Article|SECTION|Section|SEC\\.|Sec\\.|CLAUSE|Clause|PARAGRAPH|Paragraph|paragraph|"
    "PART|Part|RECITAL|Recital|SCHEDULE|Schedule|EXHIBIT|Exhibit|ANNEX|Annex|ANNEXURE|Annexure|"
    "APPENDIX|Appendix|ATTACHMENT|Attachment|TASK|Task"
)
_NAMED = re.compile(
    rf"(?P<word>(?:{_WORDS})(?=\s)|§§?)(?:\s{{1,20}}(?:No\.?|NO\.?|Number)(?=\s))?\s{{0,20}}"
    r"(?:[\"'“‘(]\s?)?(?P<num>\d{1,3}(?:[.-]\d{1,3}){0,5}[A-Z]?|[A-Z]-?\d{1,3}(?:\.\d{1,2})?|[A-Z]{1,8}"
    r"|[ivxl]{1,6}|[A-Z][a-z]{2,9})(?![\w])(?:\s?[\"'”’)])?(?:\s?\([a-z]\))?(?:[.:)]|(?=[\s,;–—-]|$))"
)
_DOTTED = re.compile(
    r"(?P<num>\d{1,3}(?:\.\d{1,3}){0,8})(?P<suffix>[A-Z](?![\w]))?"
    r"(?P<sub>\s?\((?:[a-z]{1,4}|\d{1,2})\))?"
    r"(?P<close>\.?\)|[.:](?!\d))?(?=(?P<next>\s|$|[\"“'‘(\[A-Z_*]))"
)
# "L.1", "C.3.2": sections of American tenders, and of schedules that are named by a letter.
_LETTERED = re.compile(r"(?P<letter>[A-Z])\.(?P<num>[1-9]\d?(?:\.\d{1,3}){0,4})\.?(?=\s|$)")
_PAREN = re.compile(r"\(\s?(?P<in>[a-z]{1,5}|[A-Z]{1,4}|\d{1,3})\s?\)[.:]?")
_HALF = re.compile(r"(?P<in>[ivxl]{2,5}|[IVX]{2,5}|[A-Za-z])(?P<close>[.)])(?=\s|$)")
_HASH = re.compile(r"#{1,6}(?=\s)")
# The private characters are those of Symbol and Wingdings; typists without a dot set a full stop.
_BULLET = re.compile(
    r"(?:[•●○▪◦‣·■□◆◇►▶➢➤✓✔❖⁃–*\uf0a7\uf0b7\uf0d8\uf0fc-]|o(?=\s\s)|\.(?=\s\s))(?=\s{1,40}[\w\"“(\[$*_])"
)
_NO_NUMBER = ("OF", "TO", "IN", "BY", "ON", "OR", "AS", "AT")
_ALIKE = ("-–⁃", "•●·\uf0b7")
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})|xl(?:ix|iv|v?i{0,3})")
_MONTH = re.compile(
    r"\s{1,3}(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b"
)


class Reading(NamedTuple):
    """One way to read a label: its scheme ("dec2", "(a)") and its path ((5, 3) for 5.3)."""

    scheme: str
    path: tuple[int, ...]


class Label(NamedTuple):
    """A label as ``printed``, where it ends in the text, and its possible readings."""

    printed: str
    end: int
    readings: tuple[Reading, ...]

    @property
    def family(self) -> str:
        """The scheme of the first reading."""
        return self.readings[0].scheme


def read_roman(text: str) -> int:
    """Return the value of a roman number below 50, or 0.

    >>> read_roman("xiv"), read_roman("mix")
    (14, 0)
    """
    low = text.lower()
    if not low or not _ROMAN.fullmatch(low):
        return 0
    total = 0
    values = {"i": 1, "v": 5, "x": 10, "l": 50}
    for this, after in zip(low, low[1:] + "i", strict=True):
        value = values[this]
        total += -value if value < values[after] else value
    return total


def read_label(text: str, start: int, end: int) -> Label | None:
    """Return the label that stands at ``start``, or ``None``; nothing is read beyond ``end``.

    >>> label = read_label("8.1 Indemnity.", 0, 14)
    >>> label.printed, label.readings
    ('8.1', (Reading(scheme='dec2', path=(8, 1)),))
    """
    if start >= end:
        return None
    first = text[start]
    if first.isdigit():
        return _read_dotted(text, start, end)
    if first == "(":
        return _read_paren(text, start, end)
    if first == "#":
        found = _HASH.match(text, start, end)
        return found and Label("", found.end(), (Reading("head", (len(found[0]),)),))
    if first.isalpha() or first == "§":
        return (
            _read_half(text, start, end)
            or _read_named(text, start, end)
            or _read_lettered(text, start, end)
            or _dot(text, start, end)
        )
    return _dot(text, start, end)


def _dot(text: str, start: int, end: int) -> Label | None:
    found = _BULLET.match(text, start, end)
    return found and Label(found[0], found.end(), (Reading("bullet", (_bullet_kind(found[0]),)),))


def _bullet_kind(mark: str) -> int:
    """Return a number for the look of a bullet: another look is another level."""
    return next((n for n, marks in enumerate(_ALIKE, 1) if mark in marks), ord(mark))


def _read_dotted(text: str, start: int, end: int) -> Label | None:
    found = _DOTTED.match(text, start, end)
    if found is None:
        return None
    number, suffix, sub, close, after = found.group("num", "suffix", "sub", "close", "next")
    parts = [int(part) for part in number.split(".")]
    stop = found.end()
    if after not in ("", " ", "\n", "\t") and not after.isspace() and len(parts) == 1 and not close:
        return None
    if _MONTH.match(text, stop, end) and not close:
        return None
    if len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    if sub:
        parts.append(max(1, ord(sub.strip()[1]) - 96))
    if len(parts) == 1 and close and close.endswith(")"):
        return Label(found[0], stop, (Reading("1)", (parts[0],)),))
    scheme = f"dec{len(parts)}" if not suffix or len(parts) > 1 else "dec1"
    return Label(found[0], stop, (Reading(scheme, tuple(parts)),))


def _read_paren(text: str, start: int, end: int) -> Label | None:
    found = _PAREN.match(text, start, end)
    if found is None:
        return None
    readings = _read_inner(found["in"], "(", ")")
    return Label(found[0], found.end(), readings) if readings else None


def _read_half(text: str, start: int, end: int) -> Label | None:
    found = _HALF.match(text, start, end)
    if found is None:
        return None
    readings = _read_inner(found["in"], "", found["close"])
    return Label(found[0], found.end(), readings) if readings else None


def _read_lettered(text: str, start: int, end: int) -> Label | None:
    found = _LETTERED.match(text, start, end)
    if found is None:
        return None
    parts = (ord(found["letter"]) - 64, *(int(part) for part in found["num"].split(".")))
    return Label(found[0], found.end(), (Reading(f"letter{len(parts)}", parts),))


def _read_inner(inner: str, left: str, right: str) -> tuple[Reading, ...]:
    if inner.isdigit():
        return (Reading(f"{left}1{right}", (int(inner),)),)
    low = inner.lower()
    letter, roman = ("a", "i") if inner == low else ("A", "I")
    readings = []
    if len(low) == 1:
        readings.append(Reading(f"{left}{letter}{right}", (ord(low) - 96,)))
    elif low == low[0] * len(low) and len(low) < 4:
        # After (z) comes (aa): the same series goes on.
        readings.append(
            Reading(f"{left}{letter}{right}", (26 * (len(low) - 1) + ord(low[0]) - 96,))
        )
    value = read_roman(low)
    if value:
        readings.append(Reading(f"{left}{roman}{right}", (value,)))
    if len(low) == 2 and low[0] == low[1]:
        readings.append(Reading(f"{left}{letter}{letter}{right}", (ord(low[0]) - 96,)))
    return tuple(readings)


def _read_named(text: str, start: int, end: int) -> Label | None:
    found = _NAMED.match(text, start, end)
    if found is None:
        return None
    number = found["num"]
    family = _FAMILIES[found["word"].lower().rstrip(".")]
    path = _read_number(number, letters=family in ("schedule", "part", "recital"))
    if not path:
        return None
    stop = found.end()
    if family in ("section", "article", "clause", "paragraph") and len(path) > 1:
        family = f"{family}{len(path)}"
    return Label(text[start:stop].rstrip(), stop, (Reading(family, path),))


def _read_number(number: str, *, letters: bool) -> tuple[int, ...]:
    if number[0].isdigit():
        return tuple(int(part) for part in re.findall(r"\d+", number))
    low = number.lower()
    if letters and len(number) == 1:
        return (read_roman(low) or ord(low) - 96,) if low in "iv" else (ord(low) - 96,)
    if low in _NUMBER_WORDS or low in _ORDINALS:
        return (_NUMBER_WORDS.get(low) or _ORDINALS[low],)
    value = read_roman(low)
    if value:
        return (value,)
    if letters and (len(number) > 1 and (number[1].isdigit() or number[1] == "-")):
        return (ord(low[0]) - 96, *(int(part) for part in re.findall(r"\d+", number)))
    if letters and len(number) == 2 and number.isupper() and number not in _NO_NUMBER:
        return (ord(low[0]) - 96,)
    return ()
