"""Find defined terms and the sentence that chooses the law.

Comes in: a Document and its clauses (hints only). Goes out: ``Term`` records sorted by place, and
one span of text for the governing law.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from clausecheck.records import Clause, Document, Term
from clausecheck.segment.names import fold_space

_OPEN, _CLOSE = r"(?:[\"“„‟]|''|``)", r"(?:[\"”“‟]|''|’’)"
_NAME = r"(?P<name>[^\s\"“”„‟][^\"“”„‟]{0,80}?)"
# Every quoted stretch that is short enough; what stands around it says whether it defines.
_QUOTED = re.compile(rf"{_OPEN}\s{{0,3}}{_NAME}[\s,.;:]{{0,3}}{_CLOSE}")
# Possessive ``\s*+``: runs of white space must not be tried in every division.
_MEANS = re.compile(
    r"\s*+(?:,?\s*+(?:or|and)\s++[\"“][^\"”]{1,60}[\"”]\s*+)?(?:\([^)]{0,80}\)\s*+)?,?\s*+"
    r"(?:(?:as\s+used|when\s+used|with\s+respect|for\s+purposes?)[^.;\"“]{0,100}?,\s*+)?"
    r"(?:means?\b|(?:shall|will)\s+(?:each\s+)?(?:mean|have\s+the\s+(?:same\s+)?meaning"
    r"|refer\s+to|include)\b"
    r"|ha(?:s|ve)\s+the\s+(?:same\s+)?(?:respective\s+)?meanings?\b|refers?\s+to\b"
    r"|is\s+(?:hereby\s+)?defined\b|are\s+(?:hereby\s+)?defined\b"
    r"|shall\s+be\s+(?:defined|deemed\s+to\s+mean)\b|denotes?\b|includes?\b|[:–—]\s)",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"(?:\((?:[^()\"“”„]{0,160}?[\s,])?(?:the|this|each,?\s+an?|an?|all|such|our|any|or|and|as"
    r"|to\s+as|called|collectively|individually|together|jointly|hereinafter|hereafter|herein"
    r"|severally)?[\s,:]{0,3}"
    r"|\b(?:here(?:in)?after|hereinafter|herein|referred\s+to\s+as|called|known\s+as"
    r"|defined\s+as|designated\s+as|referred\s+to\s+hereinafter\s+as)[\s,:]{1,3}(?:the\s+"
    r"|as\s+)?(?:the\s+)?)$",
    re.IGNORECASE,
)
# '(the "Services" or "Work")': the name goes on inside a bracket that defined its neighbour.
_ALSO = re.compile(
    r"[\"”][\s,]{0,3}(?:and|or|and/or|;)[\s,]{0,3}(?:the\s+|collectively,?\s+(?:the\s+)?"
    r"|together,?\s+the\s+|a\s+|an\s+|each\s+a\s+){0,2}$",
    re.IGNORECASE,
)
_UNQUOTED = re.compile(
    r"(?:^|\n|[.;:]\s{1,4})[ \t]*(?:\(?[\w.]{1,7}[).]\s{1,4})?"
    r"(?P<name>[A-Z][\w&/-]*(?:[ \t]+(?:(?:of|and|or|the|to)[ \t]+)?[A-Z][\w&/-]*){0,5})"
    r"[ \t]*[:–—-]?\s+(?:shall\s+mean|means)\b(?!\s+of\b)"
)
_SUBJECTLESS = frozenset(
    ("this", "it", "which", "that", "such", "no", "by", "and", "or", "each", "the")
)

_WORD = re.compile(r"(?:law|Law|LAW)[sS]?\b")
_GOVERNS = re.compile(
    r"\b(?:governed|construed|interpreted|enforced|governs?|appl(?:y|ies)|subject\s+to)\b"
    r"|\b(?:governing|applicable|proper)\s+law\s+(?:of|for|is|shall)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"\b(?:[Ll]aws?|legislation)\s+(?:and\s+\w+\s+)?(?:of|in|in\s+force\s+in"
    r"|as\s+applied\s+in)\s+(?:the\s+|that\s+)?(?:\w+\s+){0,4}?[A-Z\[_]"
    r"|\b[A-Z][\w.]+(?:\s+(?:and\s+)?[A-Z][\w.]+)*\s+[Ll]aws?\b|\bLAWS?\s+OF\b",
)
# Words that choose a law; to obey one, or to be subject to one, is no choice.
_CHOOSES = re.compile(
    r"govern|constru|interpret|\blaws?\b[^.;]{0,80}?\bappl(?:y|ies)\b", re.IGNORECASE
)
_SUBJECT = re.compile(
    r"\b(?:agreement|contract|lease|note|deed|amendment|guaranty|order|terms|relationship"
    r"|rights\s+and\s+(?:obligations|duties)|obligations|validity|interpretation|construction"
    r"|document\w*|licen[cs]e|law)\b",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?;][\"”’)]{0,2}(?=\s|$)|\n\s*\n")
_ABBREVIATED = re.compile(
    r"(?:\b(?:No|Inc|Ltd|Co|Corp|Art|Arts|Sec|Para|Cl|v|vs|cf|St|Mr|Ms|U\.S|U\.K|e\.g|i\.e|P\.R"
    r"|N\.Y|D\.C|[A-Z]|\d{1,2}|[ivx]{1,4}|[a-z])|\.[A-Za-z])$"
)
_BEFORE = 700
_AFTER = 900


def find_terms(document: Document, clauses: Sequence[Clause]) -> tuple[Term, ...]:
    """Return the terms that ``document`` defines, sorted by the place of their definition.

    ``start`` and ``end`` of a term are those of its name, quotation marks left out.

    >>> text = '"Fees" means the price. Acme does work (the "Services").'
    >>> [t.name for t in find_terms(Document("a.txt", "text/plain", "", text), ())]
    ['Fees', 'Services']
    """
    text = document.text
    found = {span[0]: span for span in _find_quoted(text)}
    for clause in clauses:
        if clause.kind == "definition":
            for match in _UNQUOTED.finditer(text, clause.start, clause.end):
                name = match["name"].split()
                if name[0].lower() not in _SUBJECTLESS:
                    found.setdefault(match.start("name"), match.span("name"))
    return tuple(
        Term(fold_space(text[start:end]), start, end) for start, end in sorted(found.values())
    )


def _find_quoted(text: str) -> Iterator[tuple[int, int]]:
    last = -1
    for match in _QUOTED.finditer(text):
        start, end = match.span("name")
        name = text[start:end]
        named = any(map(str.isupper, name)) or name[0].isdigit()
        if not named and not _MEANS.match(text, match.end(), match.end() + 260):
            continue
        if not any(map(str.isalpha, name)) or "\n\n" in name:
            continue
        at = match.start()
        if (
            _MEANS.match(text, match.end(), match.end() + 260)
            or _GIVEN.search(text, max(0, at - 180), at)
            or (last >= 0 and at - last < 40 and _ALSO.search(text, last - 1, at))
        ):
            yield start, end
            last = match.end()


def find_governing_law(document: Document, clauses: Sequence[Clause]) -> tuple[int, int] | None:
    """Return the span of the sentence that chooses the law, or ``None``.

    >>> text = "1. Law. This Agreement shall be governed by the laws of England. Done."
    >>> start, end = find_governing_law(Document("a.txt", "text/plain", "", text), ())
    >>> text[start:end]
    'This Agreement shall be governed by the laws of England.'
    """
    text = document.text
    furniture = [(c.start, c.end) for c in clauses if c.kind in ("furniture", "definition")]
    best: tuple[int, tuple[int, int]] | None = None
    passed = -1
    for match in _WORD.finditer(text):
        at = match.start()
        if at < passed or not _GOVERNS.search(text, max(0, at - 200), at + 140):
            continue
        start, end = _find_sentence(text, at, match.end())
        passed = end
        sentence = text[start:end]
        if not _GOVERNS.search(sentence):
            continue
        if not _CHOICE.search(sentence) or not _CHOOSES.search(sentence):
            continue
        score = 2 * (_SUBJECT.search(sentence) is not None)
        score += bool(
            re.search(r"\b(?:this|the|hereunder|hereof|hereto|hereby)\b", sentence, re.IGNORECASE)
        )
        score += 2 * bool(re.search(r"govern|constru|interpret", sentence, re.IGNORECASE))
        score -= 2 * any(a <= match.start() < b for a, b in furniture)
        if best is None or score > best[0]:
            best = (score, (start, end))
            if score >= 5:
                break
    return best[1] if best and best[0] >= 3 else None


def _find_sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the sentence around ``[start, end)``, at most some hundred characters each side."""
    first = max(0, start - _BEFORE)
    begin = first if first == 0 else start
    for stop in _STOP.finditer(text, first, start):
        if not _is_abbreviated(text, stop.start()):
            begin = stop.end()
    if begin == start and first:
        begin = first + len(text[first:start]) - len(text[first:start].lstrip())
    close = min(len(text), end + _AFTER)
    for stop in _STOP.finditer(text, end, close):
        if text[stop.start()] != ";" and not _is_abbreviated(text, stop.start()):
            close = stop.end()
            break
    while begin < close and text[begin].isspace():
        begin += 1
    while close > begin and text[close - 1].isspace():
        close -= 1
    return begin, close


def _is_abbreviated(text: str, at: int) -> bool:
    return text[at] == "." and _ABBREVIATED.search(text, max(0, at - 6), at) is not None
