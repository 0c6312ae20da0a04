"""Find the names that act in a text: capitalised words right before a modal verb.

Comes in: text. Goes out: names in order, or counts of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from clausecheck.segment.names import clean_alias, fold_space, is_ordinary

# The verb comes first: its first letters let the engine skip most of the text.
_VERB = re.compile(
    r"(?:shall|will|must|may|agrees|acknowledges|hereby|SHALL|WILL|MUST|MAY|AGREES)\s"
)
_OPENERS = frozenset(
    """the if when in upon notwithstanding provided that and or each such any all during unless
    after before while accordingly additionally however further thereafter subject except as a an
    this these those where neither either both no nor for so to at on by with from within otherwise
    article section until once therefore furthermore moreover also then""".split()  # noqa: SIM905
)


def count_subjects(text: str) -> Counter[str]:
    """Return how often each name stands before a modal verb.

    >>> count_subjects("The Supplier shall lift. Supplier may rest. Each Party may go.")
    Counter({'Supplier': 2})
    """
    counts: Counter[str] = Counter()
    for name in find_subjects(text):
        counts[name] += 1
    return counts


def find_subjects(text: str) -> Iterator[str]:
    """Yield the capitalised names right before a modal verb.

    >>> list(find_subjects("If Acme Foods shall err, the Fees shall fall."))
    ['Acme Foods']
    """
    for verb in _VERB.finditer(text):
        words = text[max(0, verb.start() - 60) : verb.start()].rsplit(None, 3)[-3:]
        if not words or not words[-1][0].isupper() or not text[verb.start() - 1].isspace():
            continue
        parts: list[str] = []
        for word in reversed(words):
            if not word[0].isupper() or (parts and word[-1] in ',;:)"”') or not word[-1].isalnum():
                break
            parts.insert(0, word)
        name = _trim_subject(" ".join(parts))
        if name:
            yield name


@lru_cache(maxsize=1024)  # a contract says "Supplier shall" a thousand times
def _trim_subject(words: str) -> str:
    """Return the name at the end of capitalised words before a verb; "" if there is none."""
    parts = fold_space(words).split()
    while parts and (parts[0].lower() in _OPENERS or parts[0].endswith(".")):
        parts = parts[1:]
    name = " ".join(parts)
    return "" if not name or is_ordinary(name) else clean_alias(name)


def title_case(word: str) -> str:
    r"""Return a name in title case on one line.

    >>> title_case("SERVICE\n PROVIDER")
    'Service Provider'
    """
    return fold_space(word).title()


def list_articles(name: str, text: str) -> tuple[str, ...]:
    """Return the forms of a name with "the" that the text uses.

    >>> list_articles("Supplier", "The Supplier and the Supplier")
    ('the Supplier', 'The Supplier')
    """
    return tuple(f"{the} {name}" for the in ("the", "The", "THE") if f"{the} {name}" in text)
