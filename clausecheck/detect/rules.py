"""Load and check the rules: one YAML file per code, and the shared lists and cues of ``cues.yaml``.

In: folders of YAML. Out: frozen ``Rule`` records sorted by code, or a ``RuleError`` that names the
file, the line and what to write instead. Imports neither spaCy nor numpy.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from clausecheck.detect.patterns import Compiler, Later, Pattern, PatternError
from clausecheck.detect.signals import Signal, make_signals
from clausecheck.errors import RuleError
from clausecheck.records import Family, Grade
from clausecheck.shipped import find_packed, parse_yaml, shipped_folder

T = TypeVar("T")
Where = Literal["match", "before", "after", "sentence", "clause"]
Carries = Literal["A", "B", "other", "customer", "supplier", "both"]
Lifecycle = Literal["preview", "stable", "deprecated"]

TESTS = ("counterpart", "control", "cap", "cause", "compensation", "conversation")
FAMILIES = {
    "RS": "risk-shifting",
    "WL": "win-lose",
    "AB": "activity-based",
    "CO": "collaborative",
}
NORMS = ("reciprocity", "autonomy", "honesty", "loyalty", "equity", "integrity")
_SHARED_FILES = ("cues.yaml", "placeholders.yaml")
# What speaks of the document as a whole stands in its own folder and holds no rule.
OVERVIEW = "overview"
_WHERE = ("match", "before", "after", "sentence", "clause")
_CARRIES = ("A", "B", "other", "customer", "supplier", "both")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that change what a match means: which pattern, where to look, what it shows.

    ``test`` is one of the six C's, or empty for a cue that cancels or, in a collaborative rule,
    strengthens; ``value`` is 0 (protective) or 2 (aggravated). ``balanced`` on a cancelling cue
    lists the clause as reviewed and balanced; ``doubt`` makes of a flag no more than a hint;
    ``binds`` says that what it withdraws is a promise all the same, which mirrors the other's.
    """

    pattern: Pattern
    where: Where
    note: str
    test: str = ""
    value: int = 1
    balanced: bool = False
    doubt: bool = False
    binds: bool = False


@dataclass(frozen=True, slots=True)
class Alternative:
    """Model wording with ``{placeholders}``, how far it is usable as it stands, and why."""

    text: str
    grade: Grade
    rationale: str
    norms: tuple[str, ...]
    caution: str


@dataclass(frozen=True, slots=True)
class Example:
    """A clause that the rule must flag (with the exact ``start`` and ``end``) or pass."""

    text: str
    start: int
    end: int
    burden: str
    note: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One code: what it means, the words that show it, and what to propose instead.

    ``carries`` says which slot of the pattern, or which role, carries the burden ("other": the
    party that is not A). ``hints`` are broader patterns, tried where no other stands: a hit of
    theirs is less sure and weighed by how often it was right; ``cancel_hints`` is what
    withdraws them, every cue of ``cancel`` included. ``base`` is the base severity 1-5, for
    collaborative codes the base strength 1-3. ``defines`` names the six-C tests that the code
    itself states, not counted again.
    """

    code: str
    name: str
    family: Family
    burden: str
    carries: Carries
    base: int
    lifecycle: Lifecycle
    definition: str
    flag_when: str
    do_not_flag: str
    why: str
    severity_note: str
    message: str
    anchors: tuple[str, ...]
    patterns: Sequence[Pattern]
    hints: Sequence[Pattern]
    kinds: tuple[str, ...]
    cancel: Sequence[Cue]
    cancel_hints: Sequence[Cue]
    cues: Sequence[Cue]
    defines: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    examples_flag: tuple[Example, ...]
    examples_hint: tuple[Example, ...]
    examples_pass: tuple[Example, ...]
    path: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All loaded rules, the six-C cues that every rule shares, and a digest of the files.

    ``signals`` are what is looked for besides, for the view of the whole document.
    """

    rules: tuple[Rule, ...]
    cues: Sequence[Cue]
    digest: str
    signals: tuple[Signal, ...] = ()

    def rule(self, code: str) -> Rule | None:
        """Return the rule for a code, or ``None``."""
        return next((rule for rule in self.rules if rule.code == code), None)


_REQUIRED = {
    "code", "name", "carries", "base", "lifecycle", "definition", "flag_when", "do_not_flag",
    "why", "message", "anchors", "patterns", "alternatives", "examples",
}  # fmt: skip
_OPTIONAL = {
    "burden", "severity_note", "kinds", "cancel", "cancel_hints", "hints", "raise", "lower",
    "defines",
}  # fmt: skip


class _Reader:
    """Turns one parsed file into records; every complaint carries the line it is about."""

    def __init__(self, path: Path, compiler: Compiler) -> None:
        self.path, self.compiler = path, compiler
        self.source = path.read_text("utf-8")
        self.data = find_packed(path, self.source)
        # What was packed was checked when it was; its patterns can wait until they are needed.
        self.packed = self.data is not None
        if self.data is None:
            self.data = self._parse()
        if not isinstance(self.data, dict):
            raise self.error("expected keys and values at the top level.", 1)

    def _parse(self) -> Any:
        import yaml

        try:
            return parse_yaml(self.source)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise self.error(f"not valid YAML: {getattr(error, 'problem', error)}.", line) from None

    def error(self, message: str, line: int, advice: str = "") -> RuleError:
        return RuleError(
            "C201",
            message,
            f"{self.path.parent.name}/{self.path.name}:{line}",
            advice or "See CONTRIBUTING.md.",
        )

    def line_of(self, words: str) -> int:
        """Return the line on which a key or text begins, to point the author at it."""
        needle = " ".join(words.split())[:60]
        for number, line in enumerate(self.source.splitlines(), 1):
            folded = " ".join(line.split())
            if needle and (folded.startswith((needle + ":", "- " + needle)) or needle in folded):
                return number
        return 1

    def keys(self, data: Any, required: set[str], optional: set[str], place: str) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise self.error(f"{place} must be keys and values.", self.line_of(place))
        for key in data:
            if key not in required | optional:
                near = get_close_matches(str(key), sorted(required | optional), 1)
                hint = f"Did you mean {near[0]!r}?" if near else ""
                raise self.error(f"unknown key {key!r} in {place}.", self.line_of(str(key)), hint)
        for key in sorted(required - set(data)):
            raise self.error(f"{place} lacks {key!r}.", self.line_of(place))
        return cast("dict[str, Any]", data)

    def text(self, data: Mapping[str, Any], key: str, default: str | None = None) -> str:
        value = data.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.error(f"{key!r} must be text.", self.line_of(key))
        return " ".join(value.split())

    def choice(
        self, data: Mapping[str, Any], key: str, allowed: Iterable[str], default: str | None = None
    ) -> str:
        value = self.text(data, key, default)
        if value not in allowed:
            raise self.error(
                f"{key!r} is {value!r}.", self.line_of(key), f"Use one of {', '.join(allowed)}."
            )
        return value

    def texts(self, data: Mapping[str, Any], key: str) -> list[str]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.error(f"{key!r} must be a list of texts.", self.line_of(key))
        return value

    def pattern(self, source: str) -> Pattern:
        try:
            return self.compiler.compile(source)
        except (PatternError, re.error) as error:
            raise self.error(f"pattern {source!r}: {error}.", self.line_of(source)) from None

    def later(self, make: Callable[[], tuple[T, ...]]) -> Sequence[T]:
        """Return what ``make`` gives, at once where it may be wrong."""
        return Later(make) if self.packed else make()

    def cues(self, data: Mapping[str, Any], key: str, value: int) -> tuple[Cue, ...]:
        return tuple(self.cue(c, value, key) for c in data.get(key) or ())

    def cue(self, data: Any, value: int, place: str) -> Cue:
        optional = (
            {"where", "note", "test", "value"}
            if place not in ("cancel", "cancel_hints")
            else {"where", "note", "balanced", "doubt", "binds"}
        )
        item = self.keys(data, {"when"}, optional, place)
        test = self.choice(item, "test", ("", *TESTS), "")
        return Cue(
            self.pattern(self.text(item, "when")),
            cast("Where", self.choice(item, "where", _WHERE, "sentence")),
            self.text(item, "note", ""),
            test,
            int(item.get("value", value)),
            bool(item.get("balanced", False)),
            bool(item.get("doubt", False)),
            bool(item.get("binds", False)),
        )

    def example(self, data: Any, *, flag: bool) -> Example:
        if isinstance(data, str):
            data = {"text": data}
        item = self.keys(data, {"text"}, {"burden", "note"}, "examples")
        marked = self.text(item, "text")
        start, end = marked.find("[["), marked.find("]]")
        if flag and not 0 <= start < end:
            raise self.error(
                "a flag or hint example must mark its words.",
                self.line_of(marked),
                "Put them in [[double brackets]].",
            )
        plain = marked.replace("[[", "").replace("]]", "")
        span = (start, end - 2) if flag else (0, 0)
        return Example(plain, *span, self.text(item, "burden", ""), self.text(item, "note", ""))

    def alternative(self, data: Any) -> Alternative:
        item = self.keys(data, {"text", "grade", "rationale", "norms"}, {"caution"}, "alternatives")
        norms = self.texts(item, "norms")
        for norm in norms:
            if norm not in NORMS:
                raise self.error(
                    f"unknown norm {norm!r}.", self.line_of("norms"), f"Use {', '.join(NORMS)}."
                )
        return Alternative(
            self.text(item, "text"),
            cast("Grade", self.choice(item, "grade", ("drop-in", "redraft", "discuss"))),
            self.text(item, "rationale"),
            tuple(norms),
            self.text(item, "caution", ""),
        )

    def rule(self) -> Rule:
        data = self.keys(self.data, _REQUIRED, _OPTIONAL, "the rule")
        code = self.text(data, "code")
        if not re.fullmatch(r"(RS|WL|AB|CO)\d{3}", code):
            raise self.error(
                f"code {code!r} is not RS, WL, AB or CO and three digits.", self.line_of("code")
            )
        if self.path.stem != code:
            raise self.error(
                f"file name and code {code} differ.",
                self.line_of("code"),
                f"Name the file {code}.yaml.",
            )
        base, top = data["base"], 3 if code.startswith("CO") else 5
        if not isinstance(base, int) or not 1 <= base <= top:
            raise self.error(
                f"'base' must be a whole number from 1 to {top}.", self.line_of("base")
            )
        anchors = [" ".join(a.lower().split()) for a in self.texts(data, "anchors")]
        if not anchors:
            raise self.error(
                "'anchors' is empty; without literal words the rule never runs.",
                self.line_of("anchors"),
            )
        examples = self.keys(data["examples"], {"flag", "pass"}, {"hint"}, "examples")
        if not examples["flag"] or not examples["pass"]:
            raise self.error(
                "needs at least one 'flag' and one 'pass' example.", self.line_of("examples")
            )
        patterns = self.texts(data, "patterns")
        if not patterns:
            raise self.error("'patterns' is empty.", self.line_of("patterns"))
        hints = self.texts(data, "hints")
        for key, needed in (("cancel_hints", data), ("hint", examples)):
            if needed.get(key) and not hints:
                raise self.error(f"{key!r} is given, but no 'hints'.", self.line_of(key))
        cancel = self.later(lambda: self.cues(data, "cancel", 1))
        return Rule(
            code=code,
            name=self.text(data, "name"),
            family=cast("Family", code[:2]),
            burden=self.text(data, "burden", self.text(data, "carries")),
            carries=cast("Carries", self.choice(data, "carries", _CARRIES)),
            base=base,
            lifecycle=cast(
                "Lifecycle", self.choice(data, "lifecycle", ("preview", "stable", "deprecated"))
            ),
            definition=self.text(data, "definition"),
            flag_when=self.text(data, "flag_when"),
            do_not_flag=self.text(data, "do_not_flag"),
            why=self.text(data, "why"),
            severity_note=self.text(data, "severity_note", ""),
            message=self.text(data, "message"),
            anchors=tuple(anchors),
            patterns=self.later(lambda: tuple(map(self.pattern, patterns))),
            hints=self.later(lambda: tuple(map(self.pattern, hints))),
            kinds=tuple(self.texts(data, "kinds")) or ("operative", "schedule"),
            cancel=cancel,
            cancel_hints=self.later(lambda: (*cancel, *self.cues(data, "cancel_hints", 1))),
            cues=self.later(lambda: (*self.cues(data, "raise", 2), *self.cues(data, "lower", 0))),
            defines=tuple(self.texts(data, "defines")),
            alternatives=tuple(self.alternative(a) for a in data["alternatives"]),
            examples_flag=tuple(self.example(e, flag=True) for e in examples["flag"]),
            examples_hint=tuple(self.example(e, flag=True) for e in examples.get("hint") or ()),
            examples_pass=tuple(self.example(e, flag=False) for e in examples["pass"]),
            path=f"{self.path.parent.name}/{self.path.name}",
        )


@cache
def load_rule_set(dirs: tuple[str, ...] = ()) -> RuleSet:
    """Return the shipped rules and those of further folders; a later code replaces an earlier one.

    Raises ``RuleError`` for a folder that does not exist or a file that is wrong.

    >>> load_rule_set().rule("RS101").name
    'One-way indemnity'
    """
    folders = [shipped_folder("rules"), *map(Path, dirs)]
    digest = hashlib.sha256()
    rules: dict[str, Rule] = {}
    shared = _Reader(folders[0] / "cues.yaml", Compiler({}))
    shared.compiler = compiler = Compiler(shared.data.get("lists", {}))
    cues = shared.later(lambda: shared.cues(shared.data, "cues", 1))
    digest.update(shared.source.encode())
    for folder in folders:
        if not folder.is_dir():
            raise RuleError("C202", "no such folder of rules.", str(folder), "Check --rules.")
        for path in sorted(folder.rglob("*.yaml")):
            if path.name in _SHARED_FILES or path.parent == folders[0] / OVERVIEW:
                continue
            reader = _Reader(path, compiler)
            rule = reader.rule()
            rules[rule.code] = rule
            digest.update(reader.source.encode())
    whole = _Reader(folders[0] / OVERVIEW / "signals.yaml", compiler)
    digest.update(whole.source.encode())
    return RuleSet(
        tuple(rules[code] for code in sorted(rules)),
        cues,
        digest.hexdigest()[:16],
        make_signals(whole.data, compiler, f"{OVERVIEW}/{whole.path.name}", whole.later),
    )


def load_rules(dirs: tuple[str, ...] = ()) -> tuple[Rule, ...]:
    """Return the rules alone, sorted by code; see ``load_rule_set``."""
    return load_rule_set(dirs).rules


def choose_rules(
    rules: Iterable[Rule], select: Sequence[str], ignore: Sequence[str], *, preview: bool = False
) -> tuple[Rule, ...]:
    """Return the rules that are switched on; the longest matching code or prefix decides.

    >>> [r.code for r in choose_rules(load_rules(), ["RS101"], [])]
    ['RS101']
    """

    def weight(code: str, prefixes: Sequence[str]) -> int:
        return max((len(p) for p in prefixes if code.startswith(p.upper())), default=-1)

    return tuple(
        rule
        for rule in rules
        if (not select or weight(rule.code, select) >= 0)
        and (weight(rule.code, ignore) < 0 or weight(rule.code, select) > weight(rule.code, ignore))
        and (preview or rule.lifecycle != "preview" or weight(rule.code, select) == len(rule.code))
    )
