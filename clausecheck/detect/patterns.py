"""The small language in which rules are written, compiled to regular expressions over a view.

In: a pattern such as ``[A] {duty} ... indemnify|defend ... [B]``. Out: a ``Pattern`` that finds
spans in ``View.text``. Gaps are bounded, stop at the end of a sentence, and settle on the nearest
place where the words after them stand, so no pattern, whoever wrote it, can backtrack without end.

===============  ==============================================================================
``word``         that word, whatever its case
``word*``        a word that begins so
``a|b|c``        one of these words
``(a b|c d e)``  one of these phrases of words, lists and slots other than A and B
``x?``           optionally (after a word, a group, a list or a slot)
``{name}``       one of the phrases of that list in ``cues.yaml``
``[A]`` ``[B]``  a party, and another; a second ``[A]`` is the same party again
``[customer]``   that role; also ``[supplier]``, ``[party]`` (any single party), ``[both]``,
                 ``[neither]``, ``[any]`` (any of these)
``<num>``        a number in figures
``..``           up to 6 words, none of them a party or a negation, within the sentence
``...``          up to 14 words without a negation, within the sentence
``....``         up to 45 words, within the sentence
===============  ==============================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from clausecheck.detect.tokens import View

_STOP = r"[.] "
_NEGATION = r"(?:not|never|neither|nor|@none|cannot) "
_PARTY = r"@(?!other |both |none )\w+ "
_GAPS = {
    "..": rf"(?:(?!{_STOP}|{_NEGATION}|@|; )\S+ ){{0,6}}?",
    "...": rf"(?:(?!{_STOP}|{_NEGATION})\S+ ){{0,14}}?",
    "....": rf"(?:(?!{_STOP})\S+ ){{0,45}}?",
}
_SLOTS = {
    "[A]": r"(?P<A>@(?!other )\w+) ",
    "[B]": r"(?P<B>(?!(?P=A) )@\w+) ",
    "[customer]": r"@c ",
    "[supplier]": r"@s ",
    "[party]": _PARTY,
    "[both]": r"@both ",
    "[neither]": r"@none ",
    "[other]": r"@other ",
    "[any]": r"@\w+ ",
}
# The slots that only one form can fill.
_FORMS = {
    "[customer]": "@c",
    "[supplier]": "@s",
    "[both]": "@both",
    "[neither]": "@none",
    "[other]": "@other",
}
_PIECES = re.compile(r"\((?:[^()]*)\)\??|\S+")


class PatternError(ValueError):
    """A pattern that the language does not allow; the text says what to write instead."""


def split_pattern(source: str) -> list[str]:
    """Return the elements of a pattern.

    >>> split_pattern("[A] {duty} (hold harmless|indemnify) ... [B]")
    ['[A]', '{duty}', '(hold harmless|indemnify)', '...', '[B]']
    """
    pieces = _PIECES.findall(source)
    for piece in pieces:
        if piece.count("(") != piece.count(")") and len(piece) > 1:
            raise PatternError(f"unbalanced parenthesis in {piece!r}; groups cannot nest")
    return pieces


def _word(word: str) -> str:
    if word.endswith("*") and len(word) > 3:
        return re.escape(word[:-1]) + r"[^\s]* "
    if "*" in word:
        raise PatternError(f"{word!r}: put * only at the end of three letters or more")
    return re.escape(word) + " "


class Compiler:
    """Turns patterns into expressions over one set of lists; each element is worked out once.

    The rules share most of their elements, and all are compiled whenever the tool starts.
    """

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self.lists = lists
        self._elements: dict[str, str] = {}
        self._needs: dict[str, frozenset[str] | None] = {}

    def compile(self, source: str) -> Pattern:
        """Return the compiled pattern; raises ``PatternError`` with advice."""
        out: list[str] = []
        needs: dict[str, frozenset[str]] = {}
        seen: set[str] = set()
        gap = False
        pieces = split_pattern(source.lower().replace("[a]", "[A]").replace("[b]", "[B]"))
        for piece in pieces:
            if piece in _GAPS:
                out.append((")" if gap else "") + "(?>" + _GAPS[piece])
                gap = True
                continue
            optional = piece.endswith("?") and len(piece) > 1
            body = piece[:-1] if optional else piece
            regex = self._compile_element(body)
            if body in seen:
                regex = f"(?P={body[1]}) "  # the same party again
            elif body == "[B]" and "[A]" not in seen:
                regex = r"(?P<B>@\w+) "
            if body in ("[A]", "[B]"):
                seen.add(body)
            out.append(f"(?:{regex})?" if optional else regex)
            words = None if optional else self._list_needs(body)
            if words:
                needs[body] = words
        if all(piece in _GAPS for piece in pieces):
            raise PatternError("the pattern holds no word")
        # The shortest list is the one that a clause is likeliest to lack.
        ordered = tuple(sorted(needs.values(), key=len))
        return Pattern(source, "".join(out) + (")" if gap else ""), ordered)

    def _compile_element(self, body: str) -> str:
        regex = self._elements.get(body)
        if regex is None:
            regex = self._elements[body] = self._write_element(body)
        return regex

    def _write_element(self, body: str) -> str:
        if body in _SLOTS:
            return _SLOTS[body]
        if body == "<num>":
            return r"\d[\d.,]* "
        if body.startswith("{") and body.endswith("}"):
            name = body[1:-1]
            if name not in self.lists:
                known = ", ".join(sorted(self.lists))
                raise PatternError(f"no list {body} in cues.yaml; lists are: {known}")
            phrases = sorted(self.lists[name], key=lambda p: (-len(p), p))
            return "(?:" + "|".join(self._phrase(p) for p in phrases) + ")"
        if body.startswith("(") and body.endswith(")") and len(body) > 2:
            return "(?:" + "|".join(self._phrase(p) for p in body[1:-1].split("|")) + ")"
        if body.startswith("[") and body.endswith("]"):
            raise PatternError(f"no slot {body}; slots are: {', '.join(_SLOTS)}")
        if "|" in body and len(body) > 1:
            return "(?:" + "|".join(_word(w) for w in body.split("|")) + ")"
        return _word(body)

    def _phrase(self, phrase: str) -> str:
        parts = []
        for word in phrase.split():
            if word in _GAPS:
                parts.append(_GAPS[word])
            elif word.endswith("?") and len(word) > 1:
                parts.append(f"(?:{self._compile_element(word[:-1])})?")
            elif word in ("[A]", "[B]"):
                raise PatternError(
                    f"{word} cannot stand inside a group; use [any] or another pattern"
                )
            else:
                parts.append(self._compile_element(word))
        if not parts:
            raise PatternError("a group has an empty alternative; write (..)? to make it optional")
        return "".join(parts)

    def _list_needs(self, body: str) -> frozenset[str] | None:
        """Return forms of which one must stand where the element matches, ``None`` if none must."""
        if body not in self._needs:
            self._needs[body] = self._find_needs(body)
        return self._needs[body]

    def _find_needs(self, body: str) -> frozenset[str] | None:
        if body in _FORMS:
            return frozenset((_FORMS[body],))
        if body in _SLOTS or body == "<num>":
            return None
        if body.startswith("{"):
            alternatives = [p.split() for p in self.lists[body[1:-1]]]
        elif body.startswith("(") and len(body) > 2:
            alternatives = [p.split() for p in body[1:-1].split("|")]
        elif "|" in body and len(body) > 1:
            alternatives = [[word] for word in body.split("|")]
        else:
            return None if "*" in body else frozenset((body,))
        found: set[str] = set()
        for words in alternatives:
            sure = [w for w in words if w not in _GAPS and not (w.endswith("?") and len(w) > 1)]
            options = [needs for needs in map(self._list_needs, sure) if needs]
            if not options:
                return None
            # One word stands for its phrase: the longest is mostly the rarest.
            found |= min(options, key=lambda needs: (len(needs), -max(map(len, needs))))
        return frozenset(found)


def compile_source(source: str, lists: Mapping[str, Sequence[str]]) -> str:
    """Return the regular expression for a pattern; raises ``PatternError`` with advice.

    >>> compile_source("sole discretion?", {})
    'sole (?:discretion )?'
    """
    return Compiler(lists).compile(source).expression


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found in a view: view positions ``[first, last)`` of its forms, and the slots."""

    first: int
    last: int
    a: str
    b: str


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern: its expression, and forms without which it cannot match.

    Every set in ``needs`` must share a form with the clause. Most patterns fail that on a given
    clause, and most never meet it on a draft, so the expression is built only when one does.
    """

    source: str
    expression: str
    needs: tuple[frozenset[str], ...] = ()

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return re.compile("(?<= )" + self.expression)

    def compile(self) -> None:
        """Compile now, so that a fault shows when rules are tested and not on a draft."""
        _ = self._regex

    def find(self, view: View, first: int = 0, last: int | None = None) -> Iterator[Match]:
        """Yield the matches among the view positions ``[first, last)``, from left to right."""
        words = view.words
        if first >= len(view.at) or any(words.isdisjoint(need) for need in self.needs):
            return
        start = view.at[first]
        end = len(view.text) if last is None or last >= len(view.at) else view.at[last]
        for found in self._regex.finditer(view.text, start, end):
            groups = found.groupdict()
            yield Match(
                *view.token_range(found.start(), found.end()),
                groups.get("A") or "",
                groups.get("B") or "",
            )


def make_pattern(source: str, lists: Mapping[str, Sequence[str]]) -> Pattern:
    """Return the compiled pattern; raises ``PatternError`` with advice."""
    return Compiler(lists).compile(source)
