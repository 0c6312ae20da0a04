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


def compile_source(source: str, lists: Mapping[str, Sequence[str]]) -> str:
    """Return the regular expression for a pattern; raises ``PatternError`` with advice.

    >>> compile_source("sole discretion?", {})
    'sole (?:discretion )?'
    """
    out: list[str] = []
    seen: set[str] = set()
    gap = False
    for piece in split_pattern(source.lower().replace("[a]", "[A]").replace("[b]", "[B]")):
        if piece in _GAPS:
            out.append((")" if gap else "") + "(?>" + _GAPS[piece])
            gap = True
            continue
        optional = piece.endswith("?") and len(piece) > 1
        body = piece[:-1] if optional else piece
        regex = _compile_element(body, lists)
        if body in seen:
            regex = f"(?P={body[1]}) "  # the same party again
        elif body == "[B]" and "[A]" not in seen:
            regex = r"(?P<B>@\w+) "
        if body in ("[A]", "[B]"):
            seen.add(body)
        out.append(f"(?:{regex})?" if optional else regex)
    if all(piece in _GAPS for piece in split_pattern(source)):
        raise PatternError("the pattern holds no word")
    return "".join(out) + (")" if gap else "")


def _compile_element(body: str, lists: Mapping[str, Sequence[str]]) -> str:
    if body in _SLOTS:
        return _SLOTS[body]
    if body == "<num>":
        return r"\d[\d.,]* "
    if body.startswith("{") and body.endswith("}"):
        name = body[1:-1]
        if name not in lists:
            raise PatternError(f"no list {body} in cues.yaml; lists are: {', '.join(sorted(lists))}")
        phrases = sorted(lists[name], key=lambda p: (-len(p), p))
        return "(?:" + "|".join(_phrase(p, lists) for p in phrases) + ")"
    if body.startswith("(") and body.endswith(")") and len(body) > 2:
        return "(?:" + "|".join(_phrase(p, lists) for p in body[1:-1].split("|")) + ")"
    if body.startswith("[") and body.endswith("]"):
        raise PatternError(f"no slot {body}; slots are: {', '.join(_SLOTS)}")
    if "|" in body and len(body) > 1:
        return "(?:" + "|".join(_word(w) for w in body.split("|")) + ")"
    return _word(body)


def _phrase(phrase: str, lists: Mapping[str, Sequence[str]]) -> str:
    parts = []
    for word in phrase.split():
        if word in _GAPS:
            parts.append(_GAPS[word])
        elif word.endswith("?") and len(word) > 1:
            parts.append(f"(?:{_compile_element(word[:-1], lists)})?")
        elif word in ("[A]", "[B]"):
            raise PatternError(f"{word} cannot stand inside a group; use [any] or another pattern")
        else:
            parts.append(_compile_element(word, lists))
    if not parts:
        raise PatternError("a group has an empty alternative; write (..)? to make it optional")
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found in a view: view positions ``[first, last)`` of its forms, and the slots."""

    first: int
    last: int
    a: str
    b: str


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern. The expression is built at first use: most never run on a draft."""

    source: str
    expression: str

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return re.compile("(?<= )" + self.expression)

    def compile(self) -> None:
        """Compile now, so that a fault shows when rules are tested and not on a draft."""
        _ = self._regex

    def find(self, view: View, first: int = 0, last: int | None = None) -> Iterator[Match]:
        """Yield the matches among the view positions ``[first, last)``, from left to right."""
        if first >= len(view.at):
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
    return Pattern(source, compile_source(source, lists))
