"""Fill the rules' model wording with a contract's own names; what is unknown stays visibly open.

In: a rule's alternatives, parties, defined terms, text. Out: ``Suggestion`` records.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from clausecheck.detect.rules import Alternative, Rule
from clausecheck.records import Party, Suggestion, Term
from clausecheck.shipped import load_data, shipped_folder

_SLOT = re.compile(r"\{(\w+)\}")
_SENTENCE_START = re.compile(r"(?:^|[.?!]\s+)$")
_ARTICLE = re.compile(r"\b(?:[Tt]he|THE)\s+$")
_ARTICLE_REACH = 12
_DETERMINER = re.compile(r"\b(?:the|an?|each|every|any|no|this|that|its|their)\s+$", re.IGNORECASE)


@cache
def load_placeholders() -> dict[str, dict[str, Any]]:
    """Return for each placeholder its meaning and the defined terms that can fill it.

    >>> load_placeholders()["customer"]["meaning"]
    'paying party'
    """
    loaded: dict[str, dict[str, Any]] = load_data(shipped_folder("rules") / "placeholders.yaml")
    return loaded


class Filler:
    """Knows what one contract calls things; built once per document, then asked per finding."""

    def __init__(self, text: str, parties: Sequence[Party], terms: Sequence[Term]) -> None:
        self._names: dict[str, str] = {}
        for role in ("customer", "supplier"):
            named = [p.name for p in parties if p.role == role]
            if named:
                self._names[role] = _with_article(text, named[0])
        known = {term.name.casefold(): term.name for term in terms}
        for name, entry in load_placeholders().items():
            for candidate in entry.get("terms", ()):
                if candidate.casefold() in known:
                    self._names.setdefault(name, "the " + known[candidate.casefold()])
                    break

    def suggest(self, rule: Rule) -> tuple[Suggestion, ...]:
        """Return the rule's alternatives in this contract's words."""
        return tuple(self.make_suggestion(alternative) for alternative in rule.alternatives)

    def make_suggestion(self, alternative: Alternative) -> Suggestion:
        """Return one alternative in this contract's words."""
        filled, still_open = self.fill(alternative.text)
        return Suggestion(
            filled,
            alternative.grade,
            alternative.rationale,
            alternative.norms,
            still_open,
            alternative.caution,
        )

    def name_parties(self, message: str, burden: str) -> str:
        """Return a message with ``{burdened}`` and ``{other}`` as the contract names them."""
        sides = {"customer": ("customer", "supplier"), "supplier": ("supplier", "customer")}
        one, two = sides.get(burden, ("", ""))
        names = {
            "burdened": self._names.get(one, f"the {one}" if one else "one party"),
            "other": self._names.get(two, f"the {two}" if two else "the other party"),
        }

        def replace(found: re.Match[str]) -> str:
            value = names.get(found[1])
            return found[0] if value is None else _fit(value, message[: found.start()])

        return _SLOT.sub(replace, message)

    def fill(self, text: str) -> tuple[str, tuple[str, ...]]:
        """Return the text with names filled in, and the placeholders that stay open."""
        still_open: list[str] = []

        def replace(found: re.Match[str]) -> str:
            name = found[1]
            value = self._names.get(name)
            if value is None:
                if name not in still_open:
                    still_open.append(name)
                meaning = load_placeholders().get(name, {}).get("meaning", name)
                return f"[{name.replace('_', ' ')}: {meaning}]"
            return _fit(value, text[: found.start()])

        return _SLOT.sub(replace, text), tuple(still_open)


def _fit(value: str, before: str) -> str:
    """Return a name as it reads after ``before``: without its article, or with a capital."""
    if value.startswith(("the ", "one ")):
        if value.startswith("the ") and _DETERMINER.search(before):
            return value[4:]
        if _SENTENCE_START.search(before):
            return value[0].upper() + value[1:]
    return value


def _with_article(text: str, name: str) -> str:
    """Return the name as the contract writes it: "the Supplier" where that is its habit."""
    places = [found.start() for found in re.finditer(rf"{re.escape(name)}(?!\w)", text)]
    before = [text[max(0, at - _ARTICLE_REACH) : at] for at in places]
    whole = [words for words in before if not re.search(r"\w$", words)]
    article = sum(1 for words in whole if _ARTICLE.search(words))
    return f"the {name}" if whole and article * 2 > len(whole) else name
