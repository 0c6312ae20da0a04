"""Split text into tokens once per document, and fold each into the form that patterns match.

In: text, parties, furniture to skip. Out: ``Tokens`` (offsets and folded forms of the whole text)
and ``View`` (one clause's forms as a string whose every character walks back to the text).

A party's name in any of its aliases folds to its role, so that rules speak of roles:
``@c`` customer, ``@s`` supplier, ``@p1`` ``@p2`` ... a party without a known role,
``@both`` each or both parties, ``@none`` neither party, ``@other`` the other party.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from clausecheck.records import Party
from clausecheck.segment.names import in_capitals

if TYPE_CHECKING:
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

# spaCy's English tokenizer knows chat abbreviations and web addresses that contracts do not need;
# these few punctuation rules are ten times faster and keep "12.2", "follow-up" and "[***]" usable.
_PUNCTUATION = r"""[()\[\]{}"“”‘’'',;:.!?$£€*<>/\\|§%=+#&_~^-]|—|–|…|•"""
_INFIX = (
    r"""(?<=[^\W_])[/—–,;:()\[\]"“”](?=[^\W_(\[])|--+|[—–]|\.\.+"""
    r"""|(?<=[a-z])\.(?=[A-Z])|(?<=[)\]])[.,;]"""
)

# No word is as long as this; such runs are rows of dots, or meant to stall the reader.
_ENDLESS = re.compile(r"\S{400}")
_PLAIN_TOKEN = re.compile(r"\w{1,200}|[^\w\s]")

_FOLD = {"“": '"', "”": '"', "’": "'", "‘": "'", "’s": "'s", "’S": "'s", "–": "-", "—": "-"}
# A full stop after these does not end a sentence.
_ABBREVIATIONS = frozenset((
    "inc", "ltd", "llc", "co", "corp", "no", "nos", "sec", "art", "para", "approx", "e.g", "i.e",
    "etc", "vs", "dr", "mr", "mrs", "ms", "st", "u.s", "jr", "cl", "rs",
))  # fmt: skip

_EACH = [
    "each party", "either party", "both parties", "the parties", "each of the parties",
    "either of the parties", "both of the parties", "all parties", "each of them",
    "either of them", "each side", "both sides", "one party", "parties hereto",
    "each party hereto", "either party hereto", "the parties hereto", "each of the parties hereto",
    "both parties hereto", "a party", "any party", "the indemnifying party",
    "indemnifying party", "an indemnifying party", "the indemnitor", "each indemnifying party",
    "the disclosing party", "the receiving party", "the defaulting party", "the breaching party",
    "the non-breaching party", "the non-defaulting party", "the terminating party",
    "the affected party", "the responsible party", "the liable party",
]  # fmt: skip
_NEITHER = [
    "none of the parties", "neither party", "neither of the parties", "no party",
    "neither party hereto",
]  # fmt: skip
_OTHER = [
    "the other party", "the other", "other party", "the other parties", "the other party hereto",
    "the indemnified party", "indemnified party", "each other", "one another", "another party",
    "the other side",
]  # fmt: skip
_PREPOSITIONS = frozenset(("of", "to", "by", "from", "for", "with", "against"))
_MODALS = frozenset(("shall", "will", "may", "must", "agrees"))
GROUPS = {"@both": _EACH, "@none": _NEITHER, "@other": _OTHER}


@cache
def make_tokenizer() -> Any:
    """Return the spaCy tokenizer for contracts, built once."""
    from spacy.attrs import LOWER  # heavy: only when text is really reviewed
    from spacy.tokenizer import Tokenizer
    from spacy.vocab import Vocab

    return Tokenizer(
        Vocab(lex_attr_getters={LOWER: str.lower}),
        prefix_search=re.compile(f"^(?:{_PUNCTUATION})").search,
        suffix_search=re.compile(f"(?:['’][sS]|{_PUNCTUATION})$").search,
        infix_finditer=re.compile(_INFIX).finditer,
    )


@cache
def _group_matcher() -> PhraseMatcher:
    from spacy.matcher import PhraseMatcher

    matcher = PhraseMatcher(make_tokenizer().vocab, attr="LOWER")
    for symbol, phrases in GROUPS.items():
        matcher.add(symbol, [make_tokenizer()(phrase) for phrase in phrases])
    return matcher


def party_symbols(parties: Sequence[Party]) -> list[str]:
    """Return each party's symbol, in order.

    >>> party_symbols([Party("A", ("A",), "supplier", ""), Party("B", ("B",), "unknown", "")])
    ['@s', '@p1']
    """
    symbols, unknown = [], 0
    for party in parties:
        if party.role == "unknown":
            unknown += 1
            symbols.append(f"@p{unknown}")
        else:
            symbols.append("@" + party.role[0])
    return symbols


def _is_proper(alias: str) -> bool:
    """Tell whether an alias is a name that no ordinary word looks like: "eGain", "Acme Ltd"."""
    word = alias.removeprefix("the ").removeprefix("The ")
    inside = any(c.isupper() for c in word[1:]) and not word.isupper()
    return len(word) > 2 and (inside or " " in word)


@dataclass(frozen=True)
class View:
    """One clause as the folded forms that patterns match, and the way back to the tokens.

    ``index[i]`` is the token of ``forms[i]``; ``own`` is the number of leading forms that belong
    to the lead-in of a list item and not to the item itself. ``text`` holds the forms between
    single spaces, and ``at[i]`` the position in it of the i-th form.
    """

    forms: list[str]
    index: list[int]
    own: int

    @cached_property
    def words(self) -> frozenset[str]:
        """The forms as a set."""
        return frozenset(self.forms)

    @cached_property
    def text(self) -> str:
        """The forms, each followed by a space, after a space."""
        return " " + "".join([form + " " for form in self.forms])

    @cached_property
    def at(self) -> list[int]:
        """Where each form begins in ``text``."""
        return list(accumulate((len(form) + 1 for form in self.forms), initial=1))[:-1]

    def token_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of view positions whose forms lie in ``text[start:end]``."""
        return bisect_left(self.at, start), bisect_left(self.at, end)


class Tokens:
    """The tokens of one text: offsets, folded forms, and the spaCy ``doc`` that all rules share.

    ``starts[i]`` and ``ends[i]`` are the offsets of token *i*; ``forms[i]`` its folded form, empty
    for furniture and for the later tokens of a party's name, whose end is in ``name_ends``. White
    space is no token.
    """

    def __init__(
        self,
        text: str,
        parties: Sequence[Party] = (),
        *,
        skip: Iterable[tuple[int, int]] = (),
    ) -> None:
        self.text = text
        # Rules and classifier read the same clauses.
        self._views: dict[tuple[tuple[int, int], ...], View] = {}
        self.doc: Doc
        self.starts: list[int]
        self.ends: list[int]
        self._tokenise(text)
        self.forms = self._fold_words()
        self.name_ends: dict[int, int] = {}
        self._fold_parties(parties)
        for start, end in skip:
            for i in range(bisect_left(self.starts, start), bisect_left(self.starts, end)):
                self.forms[i] = ""

    def _tokenise(self, text: str) -> None:
        from spacy.attrs import IDX, LENGTH, LOWER
        from spacy.tokens import Doc

        tokenizer = make_tokenizer()
        if _ENDLESS.search(text):
            # spaCy peels punctuation off a word one by one, in the square of its length.
            bounds = [found.span() for found in _PLAIN_TOKEN.finditer(text)]
            whole = False
        else:
            self.doc = tokenizer(text)
            starts, lengths, keys = self.doc.to_array([IDX, LENGTH, LOWER]).T.tolist()
            strings = self.doc.vocab.strings
            blank = {key for key in set(keys) if strings[key].isspace()}
            bounds = [
                (start, start + length)
                for start, length, key in zip(starts, lengths, keys, strict=True)
                if key not in blank
            ]
            whole = not blank
        self.starts = [start for start, _ in bounds]
        self.ends = [end for _, end in bounds]
        if not whole:
            # A line break is a token to spaCy; without it a phrase is found across two lines.
            self.doc = Doc(tokenizer.vocab, words=[text[start:end] for start, end in bounds])

    def _fold_words(self) -> list[str]:
        # A contract has some thousand different words: each is looked at and held once.
        keys = self.doc.to_array("LOWER").tolist()
        known = {key: self.doc.vocab.strings[key] for key in set(keys)}
        words = [known[key] for key in keys]
        forms = [_FOLD.get(word, word) for word in words]
        for i in [i for i, form in enumerate(forms) if form == "." or form[0] == "@"]:
            form = forms[i]
            if form == "." and i and self.ends[i - 1] == self.starts[i]:
                before = words[i - 1]
                after = words[i + 1] if i + 1 < len(words) else ""
                if (
                    before in _ABBREVIATIONS
                    or (len(before) == 1 and before.isalpha())
                    or (after.isdigit() and before.isdigit())
                ):
                    forms[i] = ""
            elif form[0] == "@":  # an address or handle must not pass for a role
                forms[i] = "(at)" + form[1:]
        return forms

    def _fold_parties(self, parties: Sequence[Party]) -> None:
        from spacy.matcher import PhraseMatcher

        tokenizer = make_tokenizer()
        found = [
            (start, end, tokenizer.vocab.strings[key])
            for key, start, end in _group_matcher()(self.doc)
        ]
        # "Customer" means the party and "customer" anybody's; a company's name has no such twin.
        words = PhraseMatcher(tokenizer.vocab, attr="ORTH")
        names = PhraseMatcher(tokenizer.vocab, attr="LOWER")
        for symbol, party in zip(party_symbols(parties), parties, strict=True):
            spellings = sorted({s for a in party.aliases for s in (a, in_capitals(a))})
            for matcher, proper in ((words, False), (names, True)):
                docs = [tokenizer(s) for s in spellings if s.strip() and _is_proper(s) == proper]
                if docs:
                    matcher.add(symbol, docs)
        for matcher in (words, names):
            if len(matcher):
                found += [
                    (start, end, tokenizer.vocab.strings[key])
                    for key, start, end in matcher(self.doc)
                ]
        last = 0
        for start, end, symbol in sorted(found, key=lambda f: (f[0], -f[1], f[2])):
            if start < last:
                continue
            last = end
            self._fold(start, end, symbol)
        self._join_parties(last)

    def _fold(self, start: int, end: int, symbol: str) -> None:
        """Let a symbol stand for the tokens ``[start, end)``."""
        self.forms[start:end] = [symbol, *[""] * (end - start - 1)]
        self.name_ends[start] = self.ends[end - 1]

    def _join_parties(self, last: int) -> None:
        """Fold "Customer and Supplier" to ``@both``, "neither ... nor ..." to ``@none``."""
        symbols = [i for i in range(last) if self.forms[i].startswith("@")]
        for left, right in pairwise(symbols):
            if right - left > 6 or {self.forms[left], self.forms[right]} & {"@both", "@none"}:
                continue
            if self.forms[left] == self.forms[right] or "@other" in (
                self.forms[left],
                self.forms[right],
            ):
                continue
            between = [f for f in self.forms[left + 1 : right] if f and f != "the"]
            if between not in (["and"], ["or"], ["nor"], ["and", "/", "or"]):
                continue
            before = left - 1
            while before >= 0 and self.forms[before] in ("", "of", "the", "each", "both", "either"):
                before -= 1
            after = next((f for f in self.forms[right + 1 : right + 8] if f), "")
            if before >= 0 and self.forms[before] in _PREPOSITIONS and after in _MODALS:
                continue  # "on account of Vendor, and Client shall ...": two sentences' parties
            negated = before >= 0 and self.forms[before] == "neither"
            symbol = "@none" if negated or between == ["nor"] else "@both"
            end = self.name_ends.get(right, self.ends[right])
            self._fold(before if negated else left, right + 1, symbol)
            self.name_ends[before if negated else left] = end

    def token_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the token indices that start in ``[start, end)``."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def view(self, spans: Sequence[tuple[int, int]]) -> View:
        """Return the view of the last span, after the earlier ones as its lead-in.

        >>> parties = [Party("S", ("Supplier",), "supplier", "")]
        >>> tokens = Tokens("The Supplier (only) shall pay.", parties)
        >>> tokens.view([(0, 30)]).text
        ' the @s ( only ) shall pay . '
        """
        key = tuple(spans)
        if key not in self._views:
            self._views[key] = self._make_view(key)
        return self._views[key]

    def _make_view(self, spans: Sequence[tuple[int, int]]) -> View:
        index: list[int] = []
        words: list[str] = []
        own = 0
        for start, end in spans:
            own = len(index)
            first, last = self.token_range(start, end)
            forms = self.forms[first:last]
            if "" in forms:
                kept = [i for i, form in enumerate(forms, first) if form]
                index += kept
                words += [self.forms[i] for i in kept]
            else:
                index += range(first, last)
                words += forms
        return View(words, index, own)
