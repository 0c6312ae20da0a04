"""Read the parties out of a preamble: full names and the aliases given to them.

Comes in: the text. Goes out: ``Mention`` records in order of appearance, nothing about roles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from clausecheck.segment.lexicon import role_weight
from clausecheck.segment.names import (
    NAME,
    QUOTE,
    SINGLE,
    SUFFIX,
    clean_alias,
    clean_name,
    fold_space,
    has_suffix,
)

WINDOW = 6_000
_MOST_ANCHORS = 60
_LONG_WINDOW = 40_000
_REGION = 3_500
_ANCHOR = re.compile(
    r"\b(?:by\s+and\s+)?(?:between|among(?:st)?)\b(?:\s+the\s+following(?:\s+\w+)?\s+parties)?"
    r"|\b(?:made|entered\s+into|executed|agreement|effective)(?:\s+(?:this"
    r"|as\s+of)[^.;]{0,60}?)?,?\s+(?:by|of)\b(?!\s+(?:and\s+(?:between|among)|this))"
    r"|(?:^|\n)[\s\d.*#]{0,8}(?:the\s+)?part(?:ies"
    r"|y\s+A)\b\s*(?:to\s+this\s+agreement)?\s*[:.*]{0,3}(?=\s)"
    r"|\b(?:following\s+(?:two\s+)?parties)\b",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"table\s+of\s+contents|\n\s{0,4}contents\s{0,4}\n|\n\s{0,4}index\s{0,4}\n|\.{8,}",
    re.IGNORECASE,
)
_END = re.compile(
    r"\bWHEREAS\b|\bWhereas\b|\bR\s?E\s?C\s?I\s?T\s?A\s?L\s?S?\b|\bRecitals\b"
    r"|\bW\s?I\s?T\s?N\s?E\s?S\s?S|\bWitnesseth\b|\bBACKGROUND\b|\bBackground\b"
    r"|\bNOW,?\s+THEREFORE\b|\bNow,?\s+[Tt]herefore\b|\b(?i:agree(?:d|s|ment)?\s+as\s+follows"
    r"|agreed\s+terms|table\s+of\s+contents)\b"
    r"|\bIN\s+CONSIDERATION\b|\bPREAMBLE\b|\bPRELIMINARY\b|\n\s*(?:1\.|ARTICLE|Article|SECTION"
    r"|Section)\s"
)
_SENTENCE = re.compile(r"(?<=[\w)”\"])\.\s+(?=[A-Z])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Inc|Ltd|Co|Corp|No|St|Ave|Blvd|Dr|Mr|Ms|Mrs|Rd|Suite|Ste|P\.?O|LLC|Pte|Pty|[A-Z])"
    r"|\.\w)$"
)
_PAREN = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)")
_BREAK = re.compile(
    r"(?P<and>\b(?:and|AND|And)\b)|;|\n\s*\n|(?P<list>(?:^|(?<=[\s:]))(?:\(?(?:[0-9]{1,2}"
    r"|[ivxIVX]{1,4}|[a-dA-D])[.)])\s)|\)\s*,(?=\s*[A-Z])|(?:^|\n)\s*(?:between|BETWEEN|Between)\b"
)
_LIST = re.compile(r"\((?:[0-9]{1,2}|[ivxIVX]{1,4}|[a-dA-D])\)")
_LEADING = re.compile(
    r"(?:[\s,:;.*#_–—-]|\b(?:by|and|between|among|amongst|the|with|of|is|are|on\s+the\s+(?:one"
    r"|other)\s+(?:hand|part|side)|on\s+(?:one|other)\s+hand"
    r"|following(?:\s+\w+)?\s+parties|in\s+\w+\s+between|hereto|M/s\.?|Messrs\.?|first\s+party"
    r"|second\s+party"
    r"|[Pp]arty\s+(?:of\s+the\s+)?(?:[AB12]|first|second)(?:\s+part)?\s*:|Name\s*:"
    r"|Company\s+Name\s*:)(?=\W))+",
    re.IGNORECASE,
)
_TAGGED = re.compile(r"(?:the\s+)?([A-Z][\w/ -]{2,30}?)\s*:\s*(?=\S)")
_LOWER = re.compile(
    r"[a-z][\w]{0,20}[.-][\w.-]{1,20}(?:\s[a-z][\w.-]+){0,2}(?:,\s+inc\.|,\s+llc)?(?=\s*,|\s*\()"
)
_DESCRIBED = re.compile(
    r"[\s,]*(?:\([^)]*\)[\s,]*)?(?:an?\s+(?:[\w.’'-]+\s+){0,6}(?:corporation|company|partnership"
    r"|individual|trust|bank|association|entity|enterprise|cooperative"
    r"|firm|person|resident|citizen|agency|university|society|foundation|institution|subsidiary"
    r"|division|authority|organi[sz]ation|joint)"
    r"|an\s+individual|with\s+(?:its|his|her|a|an|offices?|principal|registered)\b|having\b"
    r"|whose\b|located\b|incorporated\b|organi[sz]ed\b|residing\b|a\s+natural"
    r"|registered\b|established\b|whereof|acting\b|represented\b|individually|doing\s+business"
    r"|d/b/a|(?:in\s+its\s+capacity\s+)?as\s+(?:the\s+)?[A-Z]|of\s+\d|on\s+behalf|\d)",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    rf"{QUOTE}\s*((?:the\s+|The\s+)?[^\"“”„‟\n][^\"“”„‟]{{0,70}}?)\s*{QUOTE}", re.DOTALL
)
_SINGLED = re.compile(
    rf"(?:^|\b(?:the|The|as|called|to\s+as|or|a)\s*"
    rf"|[(,:]\s*){SINGLE}\s*([^‘’'`]{{1,60}}?)\s*,?{SINGLE}(?=\W|$)"
)
_CALLED = re.compile(
    r"(?:here(?:in)?(?:after|in)?(?:\s+(?:(?:sometimes|also|collectively|individually|jointly|be"
    r"|simply)\s+)*"
    r"(?:referred\s+to|called|known|designated|described))?(?:\s+(?:herein|in\s+this\s+\w+"
    r"|hereinafter))?(?:\s+as)?|(?:referred\s+to|known)(?:\s+herein)?\s+as|herein(?:after)?)"
    rf"[\s,:]*(?:the\s+|The\s+)?(?:{QUOTE}"
    rf"|{SINGLE})?\s*((?:the\s+)?[A-Z][\w&.-]*(?:\s+[A-Z][\w&.-]*){{0,4}})"
)
_BARE = re.compile(r"(?:the\s+|The\s+)?([A-Z][\w&.-]*(?:\s[A-Z&][\w&.-]*){0,3})$")
_ACRONYM = re.compile(r"(?!UK$|US$|USA$|PRC$|NV$)[A-Z][A-Z&]{1,7}")
_AS = re.compile(
    r"[\s,]*(?:[^,;()]{0,80},\s*)?\bas\s+(?:the\s+)?([A-Z][\w-]*(?:\s[A-Z][\w-]*){0,2})"
)
_NEXT = re.compile(r"[\s,(–-]*(?:the\s+)?([A-Z][\w-]*(?:\s[A-Z][\w-]*)?)\b\W*")
_LETTERED = re.compile(
    rf"\bParty\s+(?P<letter>[A-D1-4])\s*(?:\([^)]*\)\s*)?[:：]\s*(?:\([^)]*\)\s*)?(?P<name>{NAME.pattern})",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    rf"(?P<name>(?:{NAME.pattern}))(?:\s*,\s+(?:an?|with|having|located|whose"
    rf"|organi[sz]ed)\b[^()\n;]{{0,110}})?\s*\([^()\"“”]{{0,40}}{QUOTE}(?:the\s+)?(?P<alias>[A-Z][^\"“”]{{1,40}}){QUOTE}\s*\)"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A party as the preamble names it: full name, given aliases, and where its name starts."""

    name: str
    aliases: tuple[str, ...]
    start: int


def read_preamble(text: str, acts: Callable[[str], int] = lambda _: 0) -> tuple[Mention, ...]:
    """Return the parties that the opening of ``text`` names, in order.

    ``acts`` says how often a name stands before a modal verb; names that act are trusted more.

    >>> text = 'Agreement between Acme Ltd ("Supplier") and Zeta Bank Inc. (the "Customer").'
    >>> [(m.name, m.aliases) for m in read_preamble(text)]
    [('Acme Ltd', ('Supplier',)), ('Zeta Bank Inc.', ('Customer',))]
    """
    lettered = _read_lettered(text)
    if len(lettered) >= 2:
        return lettered
    limit = _LONG_WINDOW if _CONTENTS.search(text, 0, WINDOW) else WINDOW
    best: tuple[Mention, ...] = ()
    best_score = 0
    for anchor in islice(_ANCHOR.finditer(text, 0, limit), _MOST_ANCHORS):
        found = _read_region(text, anchor.end())
        score, sure = _score(found, acts)
        if score > best_score:
            best, best_score = found, score
        if sure >= 2:
            return best
    scattered = _read_scattered(text)
    return scattered if _score(scattered, acts)[0] > best_score else best


def _score(found: Sequence[Mention], acts: Callable[[str], int]) -> tuple[int, int]:
    """Return how good a reading is, and how many of its parties have an alias that acts."""
    named = sum(1 for m in found if m.aliases)
    acting = sum(1 for m in found if any(acts(a) for a in (*m.aliases, m.name)))
    sure = sum(1 for m in found if any(acts(a) for a in m.aliases))
    return 3 * min(acting, 3) + 2 * min(named, 3) + (1 if len(found) > 1 else 0), sure


def _read_lettered(text: str) -> tuple[Mention, ...]:
    """Return the parties of a list "Party A: Acme Ltd; Party B: Zeta Ltd"."""
    found: dict[str, Mention] = {}
    for match in _LETTERED.finditer(text, 0, WINDOW):
        name = clean_name(_first_line(match["name"]) or match["name"])
        letter = f"Party {match['letter'].upper()}"
        if name and letter not in found:
            found[letter] = Mention(name, (letter,), match.start("name"))
    return tuple(found.values())


def _read_scattered(text: str) -> tuple[Mention, ...]:
    """Return company names that an alias in brackets follows, wherever the opening has them."""
    window = text[:WINDOW]
    found: list[Mention] = []
    for match in _COMPANY.finditer(window):
        name = clean_name(match["name"])
        alias = clean_alias(match["alias"])
        if name and alias and all(m.name != name and alias not in m.aliases for m in found):
            found.append(Mention(name, (alias,), match.start()))
    return tuple(found[:6])


def _read_region(text: str, start: int) -> tuple[Mention, ...]:
    end = _find_end(text, start)
    masked, brackets = _mask(text[start:end])
    breaks = sorted(_find_breaks(masked))
    mentions: list[Mention] = []
    head: int | None = None
    for i, (at, after) in enumerate(breaks):
        stop = breaks[i + 1][0] if i + 1 < len(breaks) else len(masked)
        began = after if head is None else head
        head = None
        found = _read_party(masked, brackets, began, stop)
        if found is None:
            joined = NAME.fullmatch(fold_space(masked[began:stop]))
            last = masked[at:after].strip().lower()
            if joined and len(joined[0]) < 60 and i + 1 < len(breaks) and last != "":
                head = began  # "Johnson and Johnson, Inc.": the name goes on after "and"
            elif mentions and not mentions[-1].aliases:
                late = _read_aliases(brackets, after, stop)
                if late:
                    mentions[-1] = Mention(mentions[-1].name, late, mentions[-1].start)
            continue
        if any(found.name == m.name for m in mentions):
            continue
        mentions.append(Mention(found.name, found.aliases, found.start + start))
        if len(mentions) >= 12:
            break
    return tuple(mentions)


def _find_end(text: str, start: int) -> int:
    end = min(len(text), start + _REGION)
    closing = _END.search(text, start + 30, end)
    if closing:
        end = closing.start()
    for sentence in _SENTENCE.finditer(text, start + 30, end):
        at = sentence.start()
        if not _ABBREVIATION.search(text, max(0, at - 8), at) and (
            len(re.findall(rf"\([^()]*{QUOTE}[^()]*\)", text[start:at])) >= 2
        ):
            return at
    return end


def _mask(region: str) -> tuple[str, list[tuple[int, str]]]:
    """Return the region with brackets blanked out, and those brackets with their places."""
    brackets: list[tuple[int, str]] = []

    def blank(match: re.Match[str]) -> str:
        if _LIST.fullmatch(match[0]):
            return match[0]
        brackets.append((match.start(), match[0][1:-1]))
        return "(" + " " * (len(match[0]) - 2) + ")"

    return _PAREN.sub(blank, region), brackets


def _find_breaks(masked: str) -> list[tuple[int, int]]:
    breaks = [(0, 0)]
    for match in _BREAK.finditer(masked):
        if match["and"] and re.match(r"\s*/", masked[match.end() : match.end() + 3]):
            continue
        breaks.append((match.start(), match.end()))
    return breaks


def _read_party(
    masked: str, brackets: list[tuple[int, str]], start: int, stop: int
) -> Mention | None:
    """Return the party whose name stands at ``start``, if the words after it bear that out."""
    lead = _LEADING.match(masked, start, stop)
    begin = lead.end() if lead else start
    tag = _TAGGED.match(masked, begin, stop)
    tagged: tuple[str, ...] = ()
    if tag and role_weight(tag[1]):
        tagged, begin = (fold_space(tag[1]).title(),), tag.end()
        skip = _LEADING.match(masked, begin, stop)
        begin = skip.end() if skip else begin
        if begin < stop and masked[begin] == "(":
            begin = min(stop, masked.find(")", begin) + 1)
            begin += len(masked[begin:stop]) - len(masked[begin:stop].lstrip())
    match = NAME.match(masked, begin, stop)
    if match is None:
        return _read_lower(masked, brackets, begin, stop)
    end = match.end()
    raw = match[0]
    line = _first_line(raw)
    if line is not None:
        raw, end = line, begin + len(line)
    name = clean_name(raw)
    if not name:
        return None
    aliases = tagged or _read_aliases(brackets, end, stop)
    if not aliases:
        aliases = _read_unquoted(masked, brackets, end, stop)
    described = _DESCRIBED.match(masked, end, stop) is not None
    if not aliases and not has_suffix(name) and not described:
        return None
    if not aliases and not has_suffix(name) and role_weight(name) and len(name.split()) == 1:
        return Mention(name, (name,), begin)
    return Mention(name, aliases, begin)


def _read_lower(
    masked: str, brackets: list[tuple[int, str]], start: int, stop: int
) -> Mention | None:
    """Return a party whose name is written small ("acme.com, inc.") and has a quoted alias."""
    match = _LOWER.match(masked, start, stop)
    if match is None:
        return None
    aliases = _read_aliases(brackets, match.end(), min(stop, match.end() + 200), small=True)
    return Mention(fold_space(match[0]), aliases, start) if aliases else None


def _first_line(raw: str) -> str | None:
    """Return the first line of a name that is whole on it: its address may follow below."""
    head, newline, tail = raw.partition("\n")
    if newline and (has_suffix(head.rstrip()) or re.match(r"\s*\d", tail)):
        return head.rstrip()
    suffix = SUFFIX.search(raw)
    if suffix and suffix.end() < len(raw):
        return raw[: suffix.end()] if "\n" in raw[suffix.end() :] else None
    return None


def _read_aliases(
    brackets: list[tuple[int, str]], start: int, stop: int, *, small: bool = False
) -> tuple[str, ...]:
    """Return the quoted aliases of the first bracket in range that gives any.

    ``small`` lets an alias start with a small letter when it has the shape of a trade name.
    """
    for at, words in brackets:
        if at < start or at >= stop:
            continue
        found = [m[1] for m in _QUOTED.finditer(words)] or [m[1] for m in _SINGLED.finditer(words)]
        parts = [part for alias in found for part in re.split(r"\s+or\s+", alias)]
        aliases = tuple(dict.fromkeys(filter(None, map(clean_alias, parts))))
        if small and not aliases:
            aliases = tuple(a for a in parts if re.fullmatch(r"[a-z][\w-]*[.-]\w+", a))
        if not aliases and not found:
            called = _CALLED.search(words)
            alias = clean_alias(called[1]) if called else ""
            aliases = (alias,) if alias else ()
        if aliases:
            return aliases
    return ()


def _read_unquoted(
    masked: str, brackets: list[tuple[int, str]], start: int, stop: int
) -> tuple[str, ...]:
    """Return an alias given without brackets or quotes: "hereinafter Supplier", "as Owner"."""
    called = _CALLED.search(masked, start, stop) or re.search(
        rf"{QUOTE}([^\"“”]{{2,50}}){QUOTE}", masked[start:stop]
    )
    found = clean_alias(called[1]) if called else ""
    if found:
        return (found,)
    for at, words in brackets:
        bare = _BARE.match(words.strip()) if start <= at < min(stop, start + 300) else None
        if bare and (
            role_weight(bare[1])
            or bare[1].lower() in ("company", "corporation")
            or (_ACRONYM.fullmatch(bare[1]) and not has_suffix(f"X {bare[1]}"))
        ):
            return (fold_space(bare[1]),)
    for pattern in (_AS, _NEXT):
        match = pattern.match(masked, start, stop)
        if match and role_weight(match[1]):
            return (fold_space(match[1]),)
    return ()
