"""Find the words that name another clause, and the clause that they name.

Comes in: a Document and its clauses. Goes out: References in the order of the text. Fields that the
file itself resolves come first; "clause 12.2(a)" is resolved by the printed numbers. A number that
no clause or more than one bears, and one that belongs to a statute, is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from clausecheck.records import Clause, Document, Problem, Reference
from clausecheck.segment.cuts import skip_space
from clausecheck.segment.labels import SCHEDULE_WORDS, read_roman

_NUMBER = r"(?:\d{1,3}(?:\.\d{1,3}){0,6}[A-Z]?(?![\w%])|[IVXL]{1,6}\b|[A-Z]\b(?!\.\w))"
_SUB = r"(?:\s?\([A-Za-z0-9]{1,5}\))"
_ONE = rf"(?:{_NUMBER}{_SUB}{{0,5}}|{_SUB}{{1,5}})"
_NAMED = re.compile(
    r"\b(?P<word>(?:sub-?)?(?:clause|section|article|paragraph|part)s?|sec\.|schedules?|exhibits?"
    r"|annex(?:es)?|appendi(?:x|ces)|attachments?)\s{1,3}(?P<first>" + _ONE + r")|"
    r"(?P<sign>§§?)\s{0,3}(?P<signed>" + _ONE + r")",
    re.IGNORECASE,
)
_STEMS = tuple(
    shown
    for stem in ("clause", "section", "sec.", "article", "paragraph", "part", *SCHEDULE_WORDS, "§")
    for shown in dict.fromkeys(
        (stem.rstrip("x"), stem.rstrip("x").capitalize(), stem.rstrip("x").upper())
    )
)
_SUB_WORD = re.compile(r"\b[Ss][Uu][Bb]-?\Z")
_NEXT = re.compile(rf"(?:\s?,\s?|\s?,?\s(?:and|or|to|through)(?:/or)?\s|\s?[-–]\s?)({_ONE})")
_ONLY = re.compile(_ONE)
# "of the Companies Act" sends the reader out of this document; "of this Agreement" does not.
_OF = re.compile(r"\s{1,3}(?:of|in|to|under)\s{1,3}(?P<what>(?:\S{1,30}\s{0,3}){1,4})")
_OWN = re.compile(
    r"(?:this|these|hereof|the\s(?:present\s)?(?:agreement|contract|terms|deed|general|special))\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"(?:(?:the|that|such|any|said|its|their|an?)\s)?(?:[A-Z][\w’'-]*\s?){0,4}"
    r"(?:Act|Code|Law|Statute|Regulations?|Directive|Rules?|Treaty|Convention|Ordinance|GDPR|FAR"
    r"|[Aa]greement|[Cc]ontract|[Ll]ease|[Cc]harter|[Bb]ylaws)\b|\d+\s(?:U\.S\.C|USC|C\.F\.R|CFR)"
)
_WITHIN = re.compile(r"(?P<word>[A-Za-z]+)\s(?P<number>" + _ONE + r")")
_TOKEN = re.compile(r"\d+|[A-Za-z]+")
_WORDS = re.compile(r"[A-Za-z]{2,}[.]?\s|[A-Za-z]{6,}|§+")
_NAMED_MOST, _SHOWN = 5, 40

Key = tuple[str, ...]


def find_references(document: Document, clauses: Sequence[Clause]) -> tuple[Reference, ...]:
    r"""Return the references of ``document`` to its own clauses.

    >>> text = "1. Fees. See clause 2(a).\n2. Term:\n(a) one year; or\n(b) two years."
    >>> document = Document("a.txt", "text/plain", "", text)
    >>> from clausecheck.segment.clauses import split_clauses
    >>> clauses = split_clauses(document)
    >>> [(text[r.start : r.end], r.target, r.how) for r in find_references(document, clauses)]
    [('clause 2(a)', 'c3', 'label')]
    """
    index = _Index(clauses)
    found: list[Reference] = []
    for link in document.links:
        target = index.find_at(skip_space(document.text, link.target, len(document.text)))
        if target is not None and not index.is_furniture(link.start):
            stale = index.names_another(document.text[link.start : link.end], link.start, target)
            how: Literal["field", "stale"] = "stale" if stale else "field"
            found.append(Reference(link.start, link.end, target.id, how))
    tied = sorted((r.start, r.end) for r in found)
    for start, end, target in _read_plain(document.text, index):
        at = bisect_right(tied, (end, -1))
        # What a field says is not read a second time.
        if at == 0 or tied[at - 1][1] <= start:
            found.append(Reference(start, end, target.id, "label"))
    return tuple(sorted(found, key=lambda r: (r.start, r.end, r.target)))


def tell_stale(document: Document, references: Sequence[Reference]) -> tuple[Problem, ...]:
    """Say which cross-references show another clause's number than the one they lead to."""
    stale = [r for r in references if r.how == "stale"]
    if not stale:
        return ()
    shown = [document.text[r.start : r.end].strip() for r in stale]
    named = ", ".join(f'"{words[:_SHOWN]}"' for words in dict.fromkeys(shown[:_NAMED_MOST]))
    count = "a cross-reference shows" if len(stale) == 1 else f"{len(stale)} cross-references show"
    return (
        Problem(
            "C142",
            f"{count} the number of another clause than the file ties them to: {named}"
            f"{', and more' if len(shown) > _NAMED_MOST else ''}.",
            "cross-references",
            "Update the fields in Word (Ctrl+A, F9), and check which clause is meant.",
        ),
    )


def _read_plain(text: str, index: _Index) -> Iterator[tuple[int, int, Clause]]:
    for match in _find_named(text):
        at = match.start()
        here = index.find_at(at)
        if here is None or index.is_furniture(at):
            continue
        if here.start == at and here.label and text.startswith(here.label, at):
            continue  # the number of the clause itself
        word = _reduce_word(match["word"] or "section")
        spans = list(_list_numbers(text, match))
        within = _OF.match(text, spans[-1][1])
        scope: Clause | None = None
        if within and not _OWN.match(within["what"]):
            outer = _WITHIN.match(within["what"])
            scope = outer and index.resolve(
                _reduce_word(outer["word"]), _split(outer["number"]), here
            )
            if scope is None and (outer or _ELSEWHERE.match(within["what"])):
                continue
        for number, (start, end) in enumerate(spans):
            key = _split(text[start:end])
            target = index.resolve(word, key, here, scope=scope)
            if target is not None:
                yield (at if number == 0 else start), end, target


def _find_named(text: str) -> Iterator[re.Match[str]]:
    """Yield what begins like a reference, in order; to look for stems first is much faster."""
    starts = set()
    for stem in _STEMS:
        at = text.find(stem)
        while at >= 0:
            starts.add(at)
            at = text.find(stem, at + len(stem))
    reached = 0
    for at in sorted(starts):
        before = _SUB_WORD.search(text, max(at - 4, 0), at)
        match = _NAMED.match(text, before.start() if before else at)
        if match is not None and match.start() >= reached:
            reached = match.end()
            yield match


def _list_numbers(text: str, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans of "3", "4.1" and "(b)" in "clauses 3, 4.1 and (b)"."""
    span = match.span("first") if match["first"] else match.span("signed")
    yield span
    while (found := _NEXT.match(text, span[1])) is not None:
        # "Sections 3 and A ..." would take an article for a number.
        if not found[1][0].isdigit() and found[1][0] != "(":
            return
        span = found.span(1)
        yield span


def _reduce_word(word: str) -> str:
    """Return the plain word: "section" for "Sub-sections", "appendix" for "Appendices".

    >>> [_reduce_word(word) for word in ("Sub-Sections", "Appendices", "Annexes", "Sec.")]
    ['section', 'appendix', 'annex', 'section']
    """
    low = word.lower().removeprefix("sub").lstrip("-")
    special = {"appendices": "appendix", "annexes": "annex", "sec.": "section"}
    return special.get(low, low.removesuffix("s"))


def _split(number: str) -> Key:
    """Return the parts of a number.

    >>> _split("12.2(a)(iv)"), _split("IV")
    (('12', '2', 'a', 'iv'), ('IV',))
    """
    return tuple(part.lstrip("0") or "0" for part in _TOKEN.findall(number))


def _as_digits(key: Key) -> Key:
    """Return ``key`` with a roman number in front as digits: "Article IV" is Article 4."""
    value = read_roman(key[0]) if key and key[0].isalpha() and key[0].isupper() else 0
    return (str(value), *key[1:]) if value else key


@dataclass(frozen=True, slots=True)
class _Numbered:
    clause: Clause
    root: str  # the schedule it stands in, "" for the main part
    word: str  # "article" or "schedule", as printed; "" for a bare number


class _Index:
    """The clauses by their number, their place and their parent."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._clauses = [c for c in clauses if c.kind != "furniture"]
        self._starts = [c.start for c in self._clauses]
        self._furniture = [(c.start, c.end) for c in clauses if c.kind == "furniture"]
        self._by_id = {c.id: c for c in self._clauses}
        self._keys: dict[str, Key] = {}
        self._roots: dict[str, str] = {}
        self._found: dict[Key, list[_Numbered]] = {}
        self._children: dict[tuple[str, str], Clause] = {}
        for clause in self._clauses:
            self._add(clause)

    def _add(self, clause: Clause) -> None:
        parent = self._by_id.get(clause.parent or "")
        word, key = _read_printed(clause.label)
        root = self._roots.get(parent.id, "") if parent else ""
        above = self._keys.get(parent.id, ()) if parent else ()
        keys = [key] if key else []
        if word in SCHEDULE_WORDS:
            root, above, keys = clause.id, (), [key, _as_digits(key)]
        elif key and len(key) == 1 and not word:
            # "(a)" counts below its parent; "3." does so as well, and on its own.
            keys = [(*above, *key), *(keys if key[0].isdigit() and "(" not in clause.label else [])]
            self._children.setdefault((parent.id if parent else "", key[0]), clause)
        elif key:
            keys.append(_as_digits(key))
        self._roots[clause.id] = root
        self._keys[clause.id] = () if word in SCHEDULE_WORDS else keys[0] if keys else above
        for number in dict.fromkeys(keys):
            self._found.setdefault(number, []).append(_Numbered(clause, root, word))

    def find_at(self, at: int) -> Clause | None:
        """Return the clause in which the character ``at`` stands."""
        position = bisect_right(self._starts, at) - 1
        return self._clauses[position] if position >= 0 else None

    def is_furniture(self, at: int) -> bool:
        """Tell whether the character ``at`` stands in a contents list, a page head or the like."""
        position = bisect_right(self._furniture, (at, 1 << 62)) - 1
        return position >= 0 and at < self._furniture[position][1]

    def resolve(
        self, word: str, key: Key, here: Clause, *, scope: Clause | None = None
    ) -> Clause | None:
        """Return the one clause that ``word`` with ``key`` means in ``here``, if there is one."""
        if word in SCHEDULE_WORDS:
            found = [n.clause for n in self._found.get(_as_digits(key), []) if n.word == word]
            found = found or [n.clause for n in self._found.get(key, []) if n.word == word]
            return found[0] if found else None
        if key and key[0].isalpha() and (len(key[0]) == 1 or key[0].islower()) and scope is None:
            near = self._find_near(key, here)
            if near is not None or key[0].islower():
                return near
        root = self._roots[scope.id if scope is not None else here.id]
        for number in dict.fromkeys((key, _as_digits(key))):
            found = self._choose(self._found.get(number, []), word, root, scope)
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def names_another(self, shown: str, at: int, target: Clause) -> bool:
        """Tell whether the words that a field shows at ``at`` are the number of another clause."""
        here, number = self.find_at(at), _ONLY.search(shown)
        if here is None or number is None or not any(c.isdigit() for c in number[0]):
            return False
        named = self.resolve("section", _split(number[0]), here)
        if named is None or self._roots[named.id] != self._roots[target.id]:
            return False
        return named.id not in self._trace(target) and target.id not in self._trace(named)

    def _trace(self, clause: Clause) -> list[str]:
        """Return the ids of a clause and of those above it."""
        found = [clause.id]
        while (above := self._by_id.get(clause.parent or "")) is not None:
            found.append(above.id)
            clause = above
        return found

    def _choose(
        self, numbered: Sequence[_Numbered], word: str, root: str, scope: Clause | None
    ) -> list[Clause]:
        """Return the candidates of the nearest kind: same part and word, same part, main part."""
        roots = [root] if scope is not None or not root else [root, ""]
        for part in roots:
            inside = [n for n in numbered if n.root == part and n.word not in SCHEDULE_WORDS]
            named = [n for n in inside if n.word == word]
            bare = [n for n in inside if not n.word]
            if word == "part":
                bare = inside = []  # "in part 2" is as likely a share of something
            for group in (named, bare, inside if word != "article" else []):
                if group:
                    return self._least_deep([n.clause for n in group])
        return []

    def _least_deep(self, clauses: list[Clause]) -> list[Clause]:
        level = min(clause.level for clause in clauses)
        return [clause for clause in clauses if clause.level == level]

    def _find_near(self, key: Key, here: Clause) -> Clause | None:
        """Return what "(a)" means: an item beside this clause or beside one above it."""
        above: Clause | None = here
        while above is not None:
            found: Clause | None = above
            for part in key:
                found = self._children.get((found.id, part)) if found else None
            if found is not None:
                return found
            above = self._by_id.get(above.parent or "")
        return None


def _read_printed(label: str) -> tuple[str, Key]:
    """Return the word and the parts of a printed label.

    >>> _read_printed("ARTICLE IV"), _read_printed("5.3(a)"), _read_printed("(b)")
    (('article', ('IV',)), ('', ('5', '3', 'a')), ('', ('b',)))
    """
    found = _WORDS.match(label)
    word = _reduce_word(found[0].strip()) if found else ""
    rest = label[found.end() :] if found else label
    number = _ONLY.search(rest) or _TOKEN.search(rest)
    return ("section" if word.startswith("§") else word), _split(rest) if number else ()
