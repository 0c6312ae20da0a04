"""The parts that patterns are made of, each matched against a list of folded forms.

In: forms and a position. Out: the positions at which the part can end, the preferred one first.
Nothing is compiled to regular expressions: rules use some hundred long lists, and building their
expressions took longer than reading a contract.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

Forms = Sequence[str]
# A place in the forms, and the parties that stand in slots A and B so far.
State = tuple[int, str, str]

# Every form that a party can fold to; no contract has so many without a known role.
_SINGLE = frozenset(("@c", "@s", *(f"@p{number}" for number in range(1, 1000))))
_ANYONE = _SINGLE | {"@both", "@none", "@other"}
_NEGATIONS = frozenset(("not", "never", "neither", "nor", "@none", "cannot"))


class Step(Protocol):
    """A part of a pattern."""

    def may_start(self, form: str) -> bool:
        """Tell whether the part could match where ``form`` stands, or could match nothing."""

    def list_ends(self, forms: Forms, at: int, last: int) -> Iterable[int]:
        """Return where the part can end that begins at ``at``, within ``forms[:last]``."""


@dataclass(frozen=True, slots=True)
class Words:
    """One of a set of forms."""

    words: frozenset[str]

    def may_start(self, form: str) -> bool:
        """See ``Step``."""
        return form in self.words

    def list_ends(self, forms: Forms, at: int, last: int) -> Iterable[int]:
        """See ``Step``."""
        return (at + 1,) if at < last and forms[at] in self.words else ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A form that passes a test: a figure, a party, a word that begins so."""

    test: Callable[[str], bool]

    def may_start(self, form: str) -> bool:
        """See ``Step``."""
        return self.test(form)

    def list_ends(self, forms: Forms, at: int, last: int) -> Iterable[int]:
        """See ``Step``."""
        return (at + 1,) if at < last and self.test(forms[at]) else ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to ``most`` forms, the fewest first, none of which stops it."""

    most: int
    stops: frozenset[str]

    def may_start(self, form: str) -> bool:
        """See ``Step``."""
        del form
        return True

    def list_ends(self, forms: Forms, at: int, last: int) -> Iterable[int]:
        """See ``Step``."""
        yield at
        for end in range(at + 1, min(last, at + self.most) + 1):
            if forms[end - 1] in self.stops:
                return
            yield end


@dataclass(frozen=True, slots=True)
class Optional:
    """A part or, failing that, nothing."""

    step: Step

    def may_start(self, form: str) -> bool:
        """See ``Step``."""
        del form
        return True

    def list_ends(self, forms: Forms, at: int, last: int) -> Iterable[int]:
        """See ``Step``."""
        yield from self.step.list_ends(forms, at, last)
        yield at


@dataclass(frozen=True)
class Phrase:
    """One of the phrases of a group."""

    steps: tuple[Step, ...]

    @cached_property
    def words(self) -> tuple[frozenset[str], ...]:
        """The words of a phrase that is nothing but words, which is compared in one go."""
        plain = [step.words for step in self.steps if isinstance(step, Words)]
        return tuple(plain) if len(plain) == len(self.steps) else ()


@dataclass(frozen=True)
class Group:
    """One of several phrases, the earlier preferred."""

    phrases: tuple[Phrase, ...]

    def may_start(self, form: str) -> bool:
        """See ``Step``."""
        return bool(self._choose(form))

    def list_ends(self, forms: Forms, at: int, last: int) -> Iterable[int]:
        """See ``Step``."""
        phrases = self._choose(forms[at] if at < last else "")
        return _walk_all(phrases, forms, at, last) if phrases else ()

    @cached_property
    def _index(self) -> dict[str, tuple[Phrase, ...]] | None:
        """The phrases by their first word, ``None`` where one begins with something else."""
        index: dict[str, list[Phrase]] = {}
        for phrase in self.phrases:
            words = list_starts(phrase.steps[0])
            if words is None:
                return None
            for word in words:
                index.setdefault(word, []).append(phrase)
        return {word: tuple(phrases) for word, phrases in index.items()}

    def _choose(self, form: str) -> tuple[Phrase, ...]:
        if self._index is None:
            return tuple([p for p in self.phrases if p.steps[0].may_start(form)])
        return self._index.get(form, ())


def list_starts(step: Step | Slot) -> frozenset[str] | None:
    """Return the forms at which a part can start, ``None`` where they cannot be listed."""
    if isinstance(step, Words):
        return step.words
    if isinstance(step, Slot):
        return None if step.optional else _ANYONE
    if isinstance(step, Group):
        found = [list_starts(phrase.steps[0]) for phrase in step.phrases]
        known = [words for words in found if words is not None]
        return frozenset().union(*known) if len(known) == len(found) else None
    return None


def _walk_all(phrases: tuple[Phrase, ...], forms: Forms, at: int, last: int) -> Iterator[int]:
    for phrase in phrases:
        if not phrase.words:
            yield from _walk(phrase.steps, 0, forms, at, last)
            continue
        end = at + len(phrase.words)
        if end <= last and all(map(frozenset.__contains__, phrase.words, forms[at:end])):
            yield end


def _walk(steps: tuple[Step, ...], number: int, forms: Forms, at: int, last: int) -> Iterator[int]:
    rest = number + 1
    if rest == len(steps):
        yield from steps[number].list_ends(forms, at, last)
        return
    for end in steps[number].list_ends(forms, at, last):
        yield from _walk(steps, rest, forms, end, last)


@dataclass(frozen=True, slots=True)
class Slot:
    """Slot A or B of a pattern; ``again`` where the same slot stood before."""

    name: str
    again: bool
    optional: bool
    # B is another party than A only where A stands before it.
    after_a: bool

    def may_start(self, form: str) -> bool:
        """See ``Step``."""
        return self.optional or form[:1] == "@"

    def bind(self, forms: Forms, at: int, last: int, a: str, b: str) -> Iterator[State]:
        """Yield the states after the slot."""
        form = forms[at] if at < last else ""
        if form[:1] == "@":
            if self.again:
                if form == (a if self.name == "A" else b):
                    yield at + 1, a, b
            elif self.name == "A":
                if form != "@other":
                    yield at + 1, form, b
            elif not self.after_a or form != a:
                yield at + 1, a, form
        if self.optional:
            yield at, a, b


class _Starts:
    """The forms at which a part can start, asked one by one."""

    __slots__ = ("_ask",)

    def __init__(self, ask: Callable[[str], bool]) -> None:
        self._ask = ask

    def __contains__(self, form: object) -> bool:
        return isinstance(form, str) and self._ask(form)


@dataclass(frozen=True)
class Segment:
    """The parts between two gaps of a pattern."""

    steps: tuple[Step | Slot, ...]

    @cached_property
    def starts(self) -> Container[str]:
        """The forms at which the segment can start."""
        if not self.steps:
            return _Starts(lambda _form: True)
        return list_starts(self.steps[0]) or _Starts(self.steps[0].may_start)

    def walk(
        self, forms: Forms, at: int, last: int, a: str, b: str, number: int = 0
    ) -> Iterator[State]:
        """Yield the states in which the segment that begins at ``at`` can end."""
        if number == len(self.steps):
            yield at, a, b
            return
        step = self.steps[number]
        if isinstance(step, Slot):
            for end, bound_a, bound_b in step.bind(forms, at, last, a, b):
                yield from self.walk(forms, end, last, bound_a, bound_b, number + 1)
        else:
            for end in step.list_ends(forms, at, last):
                yield from self.walk(forms, end, last, a, b, number + 1)

    def settle(self, gap: Gap, forms: Forms, last: int, state: State) -> State | None:
        """Return the state after a gap and this segment, at the nearest place where it stands."""
        start, a, b = state
        starts, stops = self.starts, gap.stops
        for at in range(start, min(last, start + gap.most) + 1):
            form = forms[at] if at < last else ""
            if form in starts:
                for found in self.walk(forms, at, last, a, b):
                    return found
            if form in stops:
                return None
        return None


def is_number(form: str) -> bool:
    """Tell whether a form is a number in figures."""
    return form[:1].isdecimal() and all(c.isdecimal() or c in ".," for c in form)


GAPS = {
    "..": Gap(6, frozenset((".", ";", *_NEGATIONS)) | _ANYONE),
    "...": Gap(14, frozenset((".", *_NEGATIONS))),
    "....": Gap(45, frozenset((".",))),
}
SLOTS: dict[str, Step] = {
    "[customer]": Words(frozenset(("@c",))),
    "[supplier]": Words(frozenset(("@s",))),
    "[party]": Words(_SINGLE),
    "[both]": Words(frozenset(("@both",))),
    "[neither]": Words(frozenset(("@none",))),
    "[other]": Words(frozenset(("@other",))),
    "[any]": Words(_ANYONE),
    "<num>": Kind(is_number),
}
