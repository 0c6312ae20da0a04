"""Signs of what a document as a whole is built on: named sets of words that are no finding.

In: ``overview/signals.yaml``. Out: frozen ``Signal`` records for the same scan that runs the rules,
which answers with one ``Sign`` per signal and clause.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clausecheck.detect.patterns import Compiler, Pattern, PatternError
from clausecheck.errors import RuleError

Wait = Callable[[Callable[[], tuple[Pattern, ...]]], Sequence[Pattern]]
_KEYS = {"note", "anchors", "patterns", "unless", "kinds"}


@dataclass(frozen=True, slots=True)
class Signal:
    """Words to look for in clauses of some kinds; ``unless`` in their sentence withdraws them."""

    name: str
    note: str
    anchors: tuple[str, ...]
    patterns: Sequence[Pattern]
    unless: Sequence[Pattern]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """A signal seen in the clause at position ``clause``, on the text from ``start`` to ``end``."""

    name: str
    note: str
    clause: int
    start: int
    end: int


def make_signals(
    data: Mapping[str, Mapping[str, Any]], compiler: Compiler, where: str, later: Wait
) -> tuple[Signal, ...]:
    """Return the signals of a parsed file; raises ``RuleError`` that names the signal.

    ``later`` may put off the compiling of patterns until they are read.
    """
    return tuple(_make_signal(name, entry, compiler, where, later) for name, entry in data.items())


def _make_signal(
    name: str, entry: Mapping[str, Any], compiler: Compiler, where: str, later: Wait
) -> Signal:
    unknown = sorted(set(entry) - _KEYS)
    if unknown or not all(entry.get(key) for key in ("note", "anchors", "patterns")):
        raise RuleError(
            "C201",
            f"signal {name!r} needs note, anchors and patterns, and knows unless and kinds.",
            where,
            f"Take out {', '.join(unknown)}." if unknown else "Add what lacks.",
        )
    return Signal(
        name,
        entry["note"],
        tuple(" ".join(anchor.lower().split()) for anchor in entry["anchors"]),
        later(lambda: _compile(name, entry["patterns"], compiler, where)),
        later(lambda: _compile(name, entry.get("unless", ()), compiler, where)),
        tuple(entry.get("kinds", ("operative", "schedule"))),
    )


def _compile(
    name: str, sources: Sequence[str], compiler: Compiler, where: str
) -> tuple[Pattern, ...]:
    try:
        return tuple(compiler.compile(source) for source in sources)
    except PatternError as error:
        raise RuleError("C201", f"signal {name!r}: {error}.", where, "See patterns.py.") from None
