"""The parts that patterns are made of, each matched against a list of folded forms.

In: forms and a position. Out: the positions at which the part can end, the preferred one first.
Nothing is compiled to regular expressions: rules use some hundred long lists, and building their
expressions took longer than reading a contract.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

Forms = Sequence[str]
# A place in the forms, and the parties that stand in slots A and B so far.
State = tuple[int, str, str]

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
        return form in self.words

    def list_ends(self, forms: Forms, at: int, last: int) -> Iterable[int]:
        return (at + 1,) if at < last and forms[at] in self.words else ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A form that passes a test: a figure, a party, a word that begins so."""

    test: Callable[[str], bool]

    def may_start(self, form: str) -> bool:
        return self.test(form)

    def list_ends(self, forms: Forms, at: int, last: int) -> Iterable[int]:
        return (at + 1,) if at < last and self.test(forms[at]) else ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to ``most`` forms, the fewest first, none of which stops it."""

    most: int
    stops: Callable[[str], bool]

    def may_start(self, form: str) -> bool:
        del form
        return True

    def list_ends(self, forms: Forms, at: int, last: int) -> Iterable[int]:
        yield at
        for end in range(at + 1, min(last, at + self.most) + 1):
            if self.stops(forms[end - 1]):
                return
            yield end


@dataclass(frozen=True, slots=True)
class Optional:
    """A part or, failing that, nothing."""

    step: Step

    def may_start(self, form: str) -> bool:
        del form
        return True

    def list_ends(self, forms: Forms, at: int, last: int) -> Iterable[int]:
        yield from self.step.list_ends(forms, at, last)
        yield at


@dataclass(frozen=True, slots=True)
class Group:
    """One of several phrases, the earlier preferred."""

    phrases: tuple[tuple[Step, ...], ...]
    # Which phrases can begin with a form; filled as forms are met.
    _known: dict[str, tuple[tuple[Step, ...], ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def may_start(self, form: str) -> bool:
        return bool(self._choose(form))

    def list_ends(self, forms: Forms, at: int, last: int) -> Iterable[int]:
        phrases = self._choose(forms[at] if at < last else "")
        return _walk_all(phrases, forms, at, last) if phrases else ()

    def _choose(self, form: str) -> tuple[tuple[Step, ...], ...]:
        chosen = self._known.get(form)
        if chosen is None:
            chosen = tuple(p for p in self.phrases if p[0].may_start(form))
            self._known[form] = chosen
        return chosen


def _walk_all(
    phrases: tuple[tuple[Step, ...], ...], forms: Forms, at: int, last: int
) -> Iterator[int]:
    for phrase in phrases:
        yield from _walk(phrase, 0, forms, at, last)


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


@dataclass(frozen=True, slots=True)
class Segment:
    """The parts between two gaps of a pattern."""

    steps: tuple[Step | Slot, ...]
    _known: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    def may_start(self, form: str) -> bool:
        """Tell whether the segment could match where ``form`` stands."""
        known = self._known.get(form)
        if known is None:
            known = self._known[form] = not self.steps or self.steps[0].may_start(form)
        return known

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
        for at in range(start, min(last, start + gap.most) + 1):
            if self.may_start(forms[at] if at < last else ""):
                for found in self.walk(forms, at, last, a, b):
                    return found
            if at < last and gap.stops(forms[at]):
                return None
        return None


def _stops_clause(form: str) -> bool:
    return form in (".", ";") or form[:1] == "@" or form in _NEGATIONS


def _stops_negated(form: str) -> bool:
    return form == "." or form in _NEGATIONS


def _stops_sentence(form: str) -> bool:
    return form == "."


def is_party(form: str) -> bool:
    """Tell whether a form is one single party."""
    return form[:1] == "@" and form not in ("@other", "@both", "@none")


def is_anyone(form: str) -> bool:
    """Tell whether a form is a party or several."""
    return form[:1] == "@"


def is_number(form: str) -> bool:
    """Tell whether a form is a number in figures."""
    return form[:1].isdecimal() and all(c.isdecimal() or c in ".," for c in form)


GAPS = {"..": Gap(6, _stops_clause), "...": Gap(14, _stops_negated), "....": Gap(45, _stops_sentence)}
SLOTS: dict[str, Step] = {
    "[customer]": Words(frozenset(("@c",))),
    "[supplier]": Words(frozenset(("@s",))),
    "[party]": Kind(is_party),
    "[both]": Words(frozenset(("@both",))),
    "[neither]": Words(frozenset(("@none",))),
    "[other]": Words(frozenset(("@other",))),
    "[any]": Kind(is_anyone),
    "<num>": Kind(is_number),
}
