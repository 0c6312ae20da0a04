"""Say what a clause is for: operative, definition, recital, schedule or signature.

Comes in: the clauses in order, each with its label and heading. Goes out: a kind for each.
"""

from __future__ import annotations

import re

from clausecheck.records import Kind

# Each form begins with a letter of its own, so that the search skips from one such letter to the
# next; that a word begins there is asked of what was found.
_OPERATIVE = re.compile(
    r"NOW,?\s+(?:THEREFORE|IT\s+IS)\b|(?:THEREFORE|Therefore)\b,?[^.;:]{0,160}\bagree"
    r"|(?:agree|covenant|AGREE|COVENANT|agreed|AGREED)s?,?\s+(?:(?:and|with|to)\s+[\w ]{1,40}\s+)?"
    r"(?:as\s+follows|AS\s+FOLLOWS)|IT\s+IS\s+(?:[A-Z]+\s+)?AGREED\b"
    r"|OPERATIVE\s+(?:PROVISIONS|PART)\b|AGREED\s+TERMS\b"
)
_WORD_END = re.compile(r"\w")
_OPERATIVE_LINE = re.compile(
    r"^[ \t]*(?:agreed\s+terms|terms\s+agreed|operative\s+(?:provisions|part))[ \t.:]*$",
    re.IGNORECASE | re.MULTILINE,
)
_PREAMBLE = re.compile(
    r"(?:THIS|This|The|THE)\b.{0,160}?\b(?i:agreement|contract|deed|amendment|lease|addendum|order|licen[cs]e)\b"
    r".{0,260}?\b(?i:made|entered|dated|effective|executed|by and (?:between|among)|between)\b",
    re.DOTALL,
)
_WHEREAS = re.compile(
    r"\W{0,3}(?:WHEREAS|Whereas|W\s?I\s?T\s?N\s?E\s?S\s?S\s?E\s?T\s?H|NOW,?\s+THEREFORE)\b"
)
_RECITALS = re.compile(
    r"\W*(?:recitals?|background|preamble|premises|witnesseth|introduction|(?:the\s+)?parties)\W*",
    re.IGNORECASE,
)
_DEFINITIONS = re.compile(
    r"(?:\w+\s){0,3}(?:definitions?|defined\s+terms|interpretation|glossary)\b(?:\W+\w+){0,6}\W*",
    re.IGNORECASE,
)
_WITNESS = re.compile(
    r"\s*(?:IN\s+WITNESS\s+(?:WHEREOF|HEREOF)|In\s+Witness\s+Whereof|AS\s+WITNESS\b|EXECUTED\s+(?:as|AS|by|BY)\b"
    r"|(?:SIGNED|Signed)\s+(?:by|BY|for\s+and|FOR\s+AND)\b|AGREED\s+(?:AND|TO\s+AND)\s+ACCEPTED|ACCEPTED\s+AND\s+AGREED)"
)
_SIGNING = re.compile(
    r"(?:\s*(?:(?:by|signed|signature|name|print(?:ed)?\s+name|title|its|date|witness|attest)\s*:)"
    r"|\s*/s/|\s*_{6,}|\s*By\s?_{3,})",
    re.IGNORECASE,
)
_SIGNING_ANYWHERE = re.compile(r"/s/|\b(?:By|Name|Title|Its|BY|NAME|TITLE)\s*:|_{8,}")
_TERM = re.compile(
    r"[\s(]{0,4}[\"“‘'*_]{1,3}[^\"”\n]{1,120}?[\"”’'*_]{1,3}[^.;]{0,160}?"
    r"\b(?:means?|mean|(?:has|have)\s+the\s+(?:same\s+|respective\s+)?meanings?|refers?\s+to|is\s+defined|shall\s+be\s+deemed\s+to\s+mean|includes?)\b|"
    r"[\s(]{0,4}[\"“][^\"”\n]{1,120}?[\"”]\s?[:–—-]",
    re.DOTALL,
)
_BARE_TERM = re.compile(
    r"\s{0,4}[A-Z][^.;:]{0,100}?(?:\s|\b)(?:means?|shall\s+mean|has\s+the\s+meaning|is\s+defined)\b|"
    r"\s{0,4}[A-Z][\w &/()-]{1,80}\s?[:–—\t]",
)
_OTHER_SUBJECT = re.compile(r"\b(?:shall|will|must|agrees|may)\b(?!,|\s+(?:mean|have\s+the\b))")
_LONGEST_SIGNATURE = 400
_FIRST_PART = 60_000
_GOES_ON = 700


def is_numbered(scheme: str) -> bool:
    """Tell whether a scheme is one that numbers the terms: decimals, articles, sections.

    >>> is_numbered("dec1"), is_numbered("(a)")
    (True, False)
    """
    numbered = ("dec", "article", "section", "clause", "paragraph", "letter")
    return scheme.startswith(numbered) or scheme == "I."


def find_operative(text: str) -> int:
    """Return where the words that open the operative part begin, or -1.

    >>> find_operative("Whereas we trade, the parties agree as follows:")
    30
    """
    begins = (
        found.start()
        for found in _OPERATIVE.finditer(text, 0, _FIRST_PART)
        if not _WORD_END.search(text, max(found.start() - 1, 0), found.start())
    )
    line = _OPERATIVE_LINE.search(text, 0, _FIRST_PART)
    places = [next(begins, -1), line.start() if line else -1]
    return min((place for place in places if place >= 0), default=-1)


class KindReader:
    """Gives each clause its kind; remembers where recitals end and signatures begin.

    >>> reader = KindReader("WHEREAS we trade; the parties agree as follows: ...")
    >>> reader.read(0, 17, "", "", None)
    'recital'
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.operative = find_operative(text)
        self.started = False
        self.signing = False

    def opens_signature(self, start: int, end: int) -> bool:
        """Tell whether the words at ``start`` begin or go on with the signatures."""
        text = self.text
        if start <= self.operative:
            return False
        if _WITNESS.match(text, start, end):
            return end - start < 1500
        if not self.started and self.operative < 0 and start < 0.4 * len(text):
            return False
        if _SIGNING.match(text, start, end):
            return end - start < _LONGEST_SIGNATURE
        if not self.signing:
            return False
        return end - start < 160 or _SIGNING_ANYWHERE.search(text, start, end) is not None

    def is_signing_line(self, start: int, end: int) -> bool:
        """Tell whether the words at ``start`` are a line to sign on, "By: ____" or the like."""
        signing = _SIGNING.match(self.text, start, end) is not None
        return signing and self.opens_signature(start, end)

    def is_definitions(self, heading: str) -> bool:
        """Tell whether a heading is that of the definitions."""
        return _DEFINITIONS.fullmatch(heading) is not None

    def is_recitals(self, heading: str, start: int) -> bool:
        """Tell whether a heading opens the recitals; "Background" only above the operative."""
        if not _RECITALS.fullmatch(heading):
            return False
        above = start < self.operative or (self.operative < 0 and not self.started)
        return above or heading.strip(" :.").lower().startswith(("recital", "witness"))

    def read(
        self,
        start: int,
        end: int,
        scheme: str,
        heading: str,
        above: Kind | None,
        *,
        defining: bool = False,
    ) -> Kind:
        """Return the kind of a clause whose own words (without label) are ``[start, end)``.

        ``above`` is the kind of its parent; ``defining`` says that it stands below definitions.
        """
        text = self.text
        if scheme == "schedule":
            self.signing, self.started = False, True
            return "schedule"
        if scheme in ("", "plain", "head") and self.opens_signature(start, end):
            self.signing = True
            return "signature"
        if scheme not in ("", "plain", "head"):
            self.signing = False
        goes_on = start <= self.operative < end - _GOES_ON
        whereas = _WHEREAS.match(text, start, end) is not None and not goes_on
        if whereas or self.is_recitals(heading, start):
            return "recital"
        if is_numbered(scheme) and (above != "recital" or heading):
            self.started = True
        if _defines(text, start, end, defining=defining):
            return "definition"
        if above == "definition" and scheme[:1] in ("(", "b"):
            return "definition"
        if self.operative >= 0:
            # Whatever stands after the operative words binds, wherever the outline put it, and so
            # does the rest of a paragraph that goes on after them.
            early = start <= self.operative and (not self.started or above == "recital")
            return "recital" if early and not goes_on else "operative"
        if above == "recital" and not self.started:
            return "recital"
        if (
            scheme in ("", "plain")
            and not self.started
            and _PREAMBLE.match(text, start, min(end, start + 500))
        ):
            return "recital"
        return "operative"


def _defines(text: str, start: int, end: int, *, defining: bool) -> bool:
    limit = min(end, start + 400)
    found = _TERM.match(text, start, limit)
    if found is None and defining:
        found = _BARE_TERM.match(text, start, limit)
    return found is not None and not _OTHER_SUBJECT.search(found[0])
