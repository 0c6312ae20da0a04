"""The small language in which rules are written, compiled to steps over a view.

In: a pattern such as ``[A] {duty} ... indemnify|defend ... [B]``. Out: a ``Pattern`` that finds
spans of ``View.forms``. Gaps are bounded, stop at the end of a sentence, and settle on the nearest
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
                 ``[neither]``, ``[any]`` (any of these); "the" may stand before any of them
``<num>``        a number in figures
``..``           up to 6 words, none of them a party or a negation, within the sentence
``...``          up to 14 words without a negation, within the sentence
``....``         up to 45 words, within the sentence
===============  ==============================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, overload

from clausecheck.detect.elements import (
    GAPS,
    SLOTS,
    Gap,
    Group,
    Kind,
    Optional,
    Phrase,
    Segment,
    Slot,
    State,
    Step,
    Words,
)
from clausecheck.detect.tokens import View

_PIECES = re.compile(r"\((?:[^()]*)\)\??|\S+")
_NAMED = ("[A]", "[B]")
# "by Customer" and "by the Customer" are the same words.
_ARTICLE = Optional(Words(frozenset(("the",))))


T = TypeVar("T")


class Later(Sequence[T]):
    """A sequence that is worked out when it is first read.

    A contract touches half of the rules and a fifth of their cues; compiling all of them is a tenth
    of a cold start.
    """

    __slots__ = ("_items", "_make")

    def __init__(self, make: Callable[[], tuple[T, ...]]) -> None:
        self._make = make
        self._items: tuple[T, ...] | None = None

    def _read(self) -> tuple[T, ...]:
        if self._items is None:
            self._items = self._make()
        return self._items

    def __len__(self) -> int:
        return len(self._read())

    def __iter__(self) -> Iterator[T]:
        return iter(self._read())

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        return self._read()[place]


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


def _read_word(word: str) -> Step:
    if word.endswith("*") and len(word) > 3:
        stem = word[:-1]
        return Kind(lambda form: form.startswith(stem))
    if "*" in word:
        raise PatternError(f"{word!r}: put * only at the end of three letters or more")
    return Words(frozenset((word,)))


class Compiler:
    """Turns patterns into steps over one set of lists; each element is worked out once.

    The rules share most of their elements, and all are compiled whenever the tool starts.
    """

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self.lists = lists
        self._elements: dict[str, Step] = {}
        self._needs: dict[str, frozenset[str] | None] = {}

    def compile(self, source: str) -> Pattern:
        """Return the compiled pattern; raises ``PatternError`` with advice."""
        segments: list[tuple[Gap | None, list[Step | Slot]]] = [(None, [])]
        needs: dict[str, frozenset[str]] = {}
        seen: set[str] = set()
        pieces = split_pattern(source.lower().replace("[a]", "[A]").replace("[b]", "[B]"))
        for piece in pieces:
            if piece in GAPS:
                segments.append((GAPS[piece], []))
                continue
            optional = piece.endswith("?") and len(piece) > 1
            body = piece[:-1] if optional else piece
            is_party = body in _NAMED or (body in SLOTS and body[0] == "[")
            if is_party and segments[-1][1]:
                segments[-1][1].append(_ARTICLE)
            if body in _NAMED:
                segments[-1][1].append(Slot(body[1], body in seen, optional, "[A]" in seen))
                seen.add(body)
                continue
            step = self._compile_element(body)
            segments[-1][1].append(Optional(step) if optional else step)
            words = None if optional else self._list_needs(body)
            if words:
                needs[body] = words
        if all(piece in GAPS for piece in pieces):
            raise PatternError("the pattern holds no word")
        return Pattern(
            source,
            Segment(tuple(segments[0][1])),
            tuple((gap, Segment(tuple(steps))) for gap, steps in segments[1:] if gap),
            # The shortest list is the one that a clause is likeliest to lack.
            tuple(sorted(needs.values(), key=len)),
        )

    def _compile_element(self, body: str) -> Step:
        step = self._elements.get(body)
        if step is None:
            step = self._elements[body] = self._read_element(body)
        return step

    def _read_element(self, body: str) -> Step:
        if body in SLOTS:
            return SLOTS[body]
        if body.startswith("{") and body.endswith("}"):
            name = body[1:-1]
            if name not in self.lists:
                known = ", ".join(sorted(self.lists))
                raise PatternError(f"no list {body} in cues.yaml; lists are: {known}")
            return self._read_group(sorted(self.lists[name], key=lambda p: (-len(p), p)))
        if body.startswith("(") and body.endswith(")") and len(body) > 2:
            return self._read_group(body[1:-1].split("|"))
        if body.startswith("[") and body.endswith("]"):
            slots = [*_NAMED, *(name for name in SLOTS if name[0] == "[")]
            raise PatternError(f"no slot {body}; slots are: {', '.join(slots)}")
        if "|" in body and len(body) > 1:
            words = body.split("|")
            if any("*" in word for word in words):
                return Group(tuple(Phrase((_read_word(word),)) for word in words))
            return Words(frozenset(words))
        return _read_word(body)

    def _read_group(self, phrases: Sequence[str]) -> Step:
        steps = tuple(self._read_phrase(phrase) for phrase in phrases)
        if all(len(p) == 1 and isinstance(p[0], Words) for p in steps):
            # A set of single words is asked once, not word by word.
            return Words(frozenset(w for p in steps if isinstance(p[0], Words) for w in p[0].words))
        return Group(tuple(Phrase(p) for p in steps))

    def _read_phrase(self, phrase: str) -> tuple[Step, ...]:
        steps: list[Step] = []
        for word in phrase.split():
            if word in GAPS:
                steps.append(GAPS[word])
            elif word.endswith("?") and len(word) > 1:
                steps.append(Optional(self._compile_element(word[:-1])))
            elif word in _NAMED:
                raise PatternError(
                    f"{word} cannot stand inside a group; use [any] or another pattern"
                )
            else:
                if steps and word in SLOTS and word[0] == "[":
                    steps.append(_ARTICLE)
                steps.append(self._compile_element(word))
        if not steps:
            raise PatternError("a group has an empty alternative; write (..)? to make it optional")
        return tuple(steps)

    def _list_needs(self, body: str) -> frozenset[str] | None:
        """Return forms of which one must stand where the element matches, ``None`` if none must."""
        if body not in self._needs:
            self._needs[body] = self._find_needs(body)
        return self._needs[body]

    def _find_needs(self, body: str) -> frozenset[str] | None:
        step = self._compile_element(body)
        if isinstance(step, Words):
            return step.words
        if isinstance(step, Kind):
            return None
        if body.startswith("{"):
            alternatives = [p.split() for p in self.lists[body[1:-1]]]
        elif body.startswith("("):
            alternatives = [p.split() for p in body[1:-1].split("|")]
        else:
            alternatives = [[word] for word in body.split("|")]
        found: set[str] = set()
        for words in alternatives:
            sure = [w for w in words if w not in GAPS and not (w.endswith("?") and len(w) > 1)]
            options = [needs for needs in map(self._list_needs, sure) if needs]
            if not options:
                return None
            # One word stands for its phrase: the longest is mostly the rarest.
            found |= min(options, key=lambda needs: (len(needs), -max(map(len, needs))))
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found in a view: view positions ``[first, last)`` of its forms, and the slots."""

    first: int
    last: int
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern: segments with gaps between them, and what a clause must hold to match.

    Every set in ``needs`` must share a form with the clause; most patterns fail that on most
    clauses and cost nothing more. ``rest`` pairs each gap with the segment after it.
    """

    source: str
    lead: Segment
    rest: tuple[tuple[Gap, Segment], ...]
    needs: tuple[frozenset[str], ...]

    def find(self, view: View, first: int = 0, last: int | None = None) -> Iterator[Match]:
        """Yield the matches among the view positions ``[first, last)``, from left to right."""
        if not self.lacks(view.words):
            yield from self.scan(view, first, last)

    def scan(self, view: View, first: int = 0, last: int | None = None) -> Iterator[Match]:
        """Yield what ``find`` does, for a caller who knows that the view lacks nothing."""
        forms, starts = view.forms, self.lead.starts
        last = len(forms) if last is None else min(last, len(forms))
        done = first
        for at in [i for i in range(first, last) if forms[i] in starts]:
            if at < done:
                continue
            found = self._match(forms, at, last)
            if found:
                done, a, b = found
                yield Match(at, done, a, b)

    def lacks(self, words: frozenset[str]) -> bool:
        """Tell whether ``words`` lack something that the pattern needs."""
        for need in self.needs:  # noqa: SIM110 - a generator doubles the time, and most end here
            if words.isdisjoint(need):
                return True
        return False

    def _match(self, forms: Sequence[str], at: int, last: int) -> State | None:
        for found in self.lead.walk(forms, at, last, "", ""):
            state: State | None = found
            for gap, segment in self.rest:
                # Each gap keeps the nearest place it finds, whatever comes of the next.
                state = segment.settle(gap, forms, last, state) if state else None
            if state:
                return state
        return None


def make_pattern(source: str, lists: Mapping[str, Sequence[str]]) -> Pattern:
    """Return the compiled pattern; raises ``PatternError`` with advice."""
    return Compiler(lists).compile(source)
