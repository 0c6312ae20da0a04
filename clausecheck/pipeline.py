"""The whole review, step by step: read, segment, detect, assess, suggest.

In: a path, bytes, a file object or text, and ``Settings``. Out: a ``Review``. The only module that
knows all the steps.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from clausecheck.assess.balance import measure_balance
from clausecheck.assess.house import (
    accept_findings,
    change_severity,
    read_replies,
    take_fingerprints,
)
from clausecheck.assess.merge import load_combination, merge_detections
from clausecheck.assess.mutuality import Mirror, pair_mirrors
from clausecheck.assess.overview import Whole, assess_whole
from clausecheck.detect.rules import Alternative, Rule, RuleSet, choose_rules, load_rule_set
from clausecheck.errors import ClausecheckError, InputError, SettingsError
from clausecheck.records import (
    Balanced,
    Clause,
    Comparison,
    Document,
    Finding,
    Party,
    Problem,
    Review,
    Unused,
    Versions,
)
from clausecheck.settings import Settings
from clausecheck.suggest import Filler, add_proposals

if TYPE_CHECKING:
    from clausecheck.detect.classifier import Classifier
    from clausecheck.detect.match import RuleMatcher
    from clausecheck.detect.signals import Sign
    from clausecheck.detect.tokens import Tokens

Source = str | Path | bytes | BinaryIO
VERSION = "0.1.0"
# The code of the error for a text in which no clause was found.
NO_CLAUSE = "C130"
# Every contract in English holds one of these; a text without any was not reviewed by reading it.
# Words per clause on average beyond which the clauses of a document were not really found.
_LONG_CLAUSE = 600
_DUTY = re.compile(
    r"\b(?:shall|must|will|may|agrees?|agreed|undertakes?|covenants?|warrants?|indemnif\w+|liab\w+"
    r"|entitled|obliged|obligat\w+|responsib\w+|required|part(?:y|ies))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Found:
    """What both detectors saw in one text, and what they read it with."""

    findings: tuple[Finding, ...]
    balanced: tuple[Balanced, ...]
    tokens: Tokens
    signs: list[Sign]


class Checker:
    """Reviews documents under one ``Settings``; build once and reuse, it holds no document state.

    >>> checker = Checker()
    >>> clause = "Customer may terminate this Agreement for convenience on ten days' notice."
    >>> [f.code for f in checker.check_clause(clause)]
    ['WL201']
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()

    @cached_property
    def rule_set(self) -> RuleSet:
        """Every rule that is loaded, chosen or not; a house's own wording stands first in it."""
        loaded = load_rule_set(self.settings.rule_dirs)
        house = self.settings.wording
        own = {
            rule.code: tuple(
                Alternative(w.text, w.grade, w.rationale, (), "")
                for w in house
                if w.code.upper() == rule.code
            )
            for rule in (loaded.rules if house else ())
        }
        return replace(
            loaded,
            rules=tuple(
                replace(rule, alternatives=(*own[rule.code], *rule.alternatives))
                if own.get(rule.code)
                else rule
                for rule in loaded.rules
            ),
        )

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules whose findings the settings ask for, sorted by code.

        Raises ``SettingsError`` for a code or prefix that no rule has.
        """
        chosen = self.settings
        named = [c.code for c in chosen.severity] + [w.code for w in chosen.wording]
        for given in (*chosen.select, *chosen.ignore, *named):
            if not any(rule.code.startswith(given.upper()) for rule in self.rule_set.rules):
                raise SettingsError(
                    "C301", f"no rule's code begins with {given!r}.", "settings", "See the rules."
                )
        return choose_rules(
            self.rule_set.rules, chosen.select, chosen.ignore, preview=chosen.preview
        )

    @cached_property
    def _running(self) -> tuple[Rule, ...]:
        """The rules that run: the stable ones too, so that the balance hangs on no filter."""
        stable = choose_rules(self.rule_set.rules, (), (), preview=self.settings.preview)
        both = {rule.code: rule for rule in (*stable, *self.rules)}
        return tuple(both[code] for code in sorted(both))

    @cached_property
    def _matcher(self) -> RuleMatcher:
        from clausecheck.detect.match import RuleMatcher  # brings spaCy

        return RuleMatcher(self._running, self.rule_set.cues, self.rule_set.signals)

    @property
    def _model_folder(self) -> Path | None:
        return Path(self.settings.model_dir) if self.settings.model_dir else None

    @cached_property
    def _classifier(self) -> Classifier | None:
        if "model" not in self.settings.detectors:
            return None
        from clausecheck.detect.classifier import load_classifier  # brings numpy

        return load_classifier(self._model_folder)

    def check(self, source: Source, *, name: str | None = None) -> Review:
        """Review one document.

        ``source`` is a path, the bytes of a file, or a file object; ``name`` is shown in the
        report. Raises ``InputError`` when it cannot be read.
        """
        from clausecheck.read import read_document

        if not isinstance(source, (str, Path, bytes)) and not hasattr(source, "read"):
            kind = type(source).__name__
            raise TypeError(f"a source is a path, bytes or a file opened to read, not {kind}")
        chosen = self.settings
        document = read_document(
            source,
            name=name,
            password=chosen.password,
            ocr=chosen.ocr,
            limits=chosen.limits,
            view=chosen.view,
        )
        return self.check_document(document)

    def check_text(self, text: str, *, name: str = "text") -> Review:
        """Review a contract given as text; offsets are those of ``text``.

        Raises ``InputError`` when it is blank or too long.
        """
        from clausecheck.read.text import read_text

        # A mark of its own in front, so that nothing of the text is guessed at or taken away.
        data = text.encode("utf-8", "replace")
        document = read_text(BOM_UTF8 + data, name=name, limits=self.settings.limits)
        return self.check_document(replace(document, sha256=sha256(data).hexdigest()))

    def check_many(self, sources: Iterable[Source]) -> Iterator[Review]:
        """Yield one review per source, in order; one that fails is a review that says why."""
        for source in sources:
            try:
                yield self.check(source)
            except ClausecheckError as error:
                name = str(source) if isinstance(source, (str, Path)) else error.where
                yield Review(Document(name, "", "", ""), "failed", problems=(error.problem,))

    def compare(self, old: Source, new: Source) -> Comparison:
        """Review two drafts and lay them side by side.

        Both are paths, bytes or file objects, in any two formats. Raises ``InputError`` when one
        cannot be read.
        """
        from clausecheck.comparison import compare_reviews  # brings rapidfuzz

        # A stream can be read once, and a Word file may have to be read in both views.
        source = new if isinstance(new, (str, Path, bytes)) else new.read()
        name = None if source is new else getattr(new, "name", None)
        before, after = (
            self._reopen(review) for review in (self.check(old), self.check(source, name=name))
        )
        untouched = None
        if all("word" in r.document.media_type for r in (before, after)):
            untouched = self._reject_changes(after, source)
        return compare_reviews(before, after, untouched=untouched)

    def _reopen(self, review: Review) -> Review:
        """Return a review with what may stand among its findings: a comparison shows them all."""
        again = [replace(f, accepted=None) for f in review.accepted]
        findings = sorted(
            (*review.findings, *self._choose([f for f in again if f.band == "finding"])),
            key=lambda f: (f.start, f.end, f.code),
        )
        looks = (*review.worth_a_look, *self._choose([f for f in again if f.band == "look"]))
        return replace(review, findings=tuple(findings), worth_a_look=looks, accepted=(), unused=())

    def _reject_changes(self, review: Review, source: str | Path | bytes) -> Review:
        """Return the document and clauses of a Word file without its tracked changes."""
        from clausecheck.read import read_document
        from clausecheck.segment import segment_document

        if not review.document.changes:
            return review
        document = read_document(
            source, name=review.document.name, limits=self.settings.limits, view="original"
        )
        return Review(document, "complete", clauses=segment_document(document).clauses)

    def check_document(self, document: Document) -> Review:
        """Review a document that was read already."""
        from clausecheck.segment import generic_parties, segment_document, tell_stale

        no_clause = InputError(
            NO_CLAUSE,
            "no clause was found in its text.",
            document.name,
            "Check that this is a contract in English and that its text is readable.",
        )
        unread = [gap for gap in document.unread if gap.essential]
        # A text that is partly unread is reported as partial, whatever stands in the rest.
        if not unread and not _DUTY.search(document.text):
            raise no_clause
        segments = segment_document(document)
        if all(clause.kind == "furniture" for clause in segments.clauses):
            raise no_clause
        # A draft without a preamble still calls its parties "Client" and "Vendor".
        parties = segments.parties or generic_parties(document.text)
        filler = Filler(document.text, parties, segments.terms)
        found = self._detect(document.text, segments.clauses, parties, filler)
        findings = found.findings
        prints = take_fingerprints(document.text, segments.clauses, (f.clause for f in findings))
        findings = tuple(replace(f, fingerprint=prints[f.clause]) for f in findings)
        findings, unused = self._accept(document, segments.clauses, findings)
        if not segments.kind.within:
            # Ordinary in such a paper, so it is counted and kept apart, not pressed on the reader.
            findings = tuple(replace(f, band="look") for f in findings if f.band == "finding")
        sure = tuple(finding for finding in findings if finding.band == "finding")
        # Over everything found: what is shown must not change who carries the contract.
        balance = measure_balance(sure, found.balanced) if sure or found.balanced else None
        whole = Whole(
            document, segments.clauses, parties, found.tokens, found.signs, segments.governing_law
        )
        sure, overview = assess_whole(
            whole,
            sure,
            found.balanced,
            balance,
            settle=self._settle,
            choose=self._choose,
            cautions=self.settings.cautions,
        )
        looks = self._settle([finding for finding in findings if finding.band == "look"])
        problems = [Problem("C140", f"not read: {u.what}.", u.where, u.advice) for u in unread]
        words = len(document.text.split())
        if words > _LONG_CLAUSE * len(segments.clauses):
            problems.append(
                Problem(
                    "C141",
                    f"only {len(segments.clauses)} clauses were recognised in {words:,} words.",
                    "clause numbers",
                    "The numbering may be run together; look up each quotation in the text.",
                )
            )
        problems += tell_stale(document, segments.references)
        return Review(
            document=document,
            status="partial" if unread else "complete",
            parties=parties,
            terms=segments.terms,
            clauses=segments.clauses,
            references=segments.references,
            findings=self._choose(sure),
            balanced=tuple(b for b in found.balanced if b.code in self._codes),
            balance=balance,
            governing_law=segments.governing_law,
            problems=tuple(problems),
            versions=self.versions,
            worth_a_look=self._choose(looks),
            kind=segments.kind,
            overview=add_proposals(
                overview,
                segments.clauses,
                self._choose_codes(sure),
                filler,
                {rule.code: rule for rule in self.rule_set.rules},
            ),
            accepted=tuple(f for f in (*sure, *looks) if f.accepted and f.code in self._codes),
            unused=unused,
        )

    def _accept(
        self, document: Document, clauses: Sequence[Clause], findings: tuple[Finding, ...]
    ) -> tuple[tuple[Finding, ...], tuple[Unused, ...]]:
        """Return the findings, those that may stand with their acceptance, and unused ones."""
        chosen = self.settings
        if not chosen.accept and all(c.reply_to is None for c in document.comments):
            return findings, ()
        prints = take_fingerprints(document.text, clauses)
        replies = read_replies(document, clauses, prints, chosen.reviewers)
        return accept_findings(
            findings,
            (*replies, *chosen.accept),
            name=document.name,
            prints=prints.values(),
            today=chosen.today,
        )

    @property
    def versions(self) -> Versions:
        """What this checker runs: tool version and digests of rules and model."""
        model = self._classifier
        return Versions(VERSION, self.rule_set.digest, model.digest if model else "")

    def check_clause(
        self, text: str, *, customer: str | None = None, supplier: str | None = None
    ) -> tuple[Finding, ...]:
        """Return the findings for one clause's text.

        ``customer`` and ``supplier`` name the parties as the clause calls them; without them,
        words such as "Client" and "Vendor" tell.
        """
        named = {"customer": customer, "supplier": supplier}
        parties = [
            Party(name, (name,), "customer" if role == "customer" else "supplier", "given")
            for role, name in named.items()
            if name
        ]
        found = self.look_at(text, parties)
        return tuple(finding for finding in found if finding.band == "finding")

    def look_at(self, text: str, parties: Sequence[Party] = ()) -> tuple[Finding, ...]:
        """Return the findings for one clause's text, those only worth a look among them."""
        from clausecheck.segment import generic_parties

        parties = parties or generic_parties(text)
        clause = Clause("c1", "", "", "operative", None, 0, len(text))
        found = self._detect(text, (clause,), parties, Filler(text, parties, ()))
        return self._choose(self._settle(found.findings))

    def _detect(
        self, text: str, clauses: Sequence[Clause], parties: Sequence[Party], filler: Filler
    ) -> _Found:
        """Run both detectors over clauses, weigh what they saw, and add suggestions."""
        from clausecheck.assess.findings import (
            Reading,
            list_balanced,
            make_findings,
            score_clauses,
        )
        from clausecheck.detect.tokens import Tokens

        furniture = [(c.start, c.end) for c in clauses if c.kind == "furniture"]
        rules = {rule.code: rule for rule in self._running}
        reading = Reading(
            Tokens(text, parties, skip=furniture), clauses, parties, rules,
            self.rule_set.cues, self._classifier,
        )  # fmt: skip
        mirrors: list[Mirror] = []
        hits, signs = self._matcher.scan(reading.tokens, clauses)
        if "rules" in self.settings.detectors:
            mirrors = pair_mirrors(hits, clauses, text)
        forms, scores = score_clauses(reading)
        candidates = merge_detections(
            mirrors, scores, list(rules), load_combination(self._model_folder),
            self.settings.sensitivity,
        )  # fmt: skip
        findings = tuple(
            replace(
                finding,
                message=filler.name_parties(finding.message, finding.burden),
                suggestions=filler.suggest(rules[finding.code]),
            )
            for finding in make_findings(reading, candidates, forms, scores)
        )
        return _Found(findings, list_balanced(reading, mirrors), reading.tokens, signs)

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset(rule.code for rule in self.rules)

    def _choose_codes(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Return the findings whose codes the settings ask for, but not what may stand."""
        return tuple(f for f in findings if f.code in self._codes and f.accepted is None)

    def _settle(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        return change_severity(findings, self.settings.severity)

    def _choose(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Return the findings that the settings ask for."""
        chosen = self.settings
        sides = ("both", "unclear", chosen.perspective)
        return tuple(
            finding
            for finding in self._choose_codes(findings)
            if finding.family == "CO"
            or (
                finding.severity >= chosen.min_severity
                and (chosen.perspective == "both" or finding.burden in sides)
            )
        )


def check(source: Source, *, settings: Settings | None = None) -> Review:
    """Review one document with fresh settings; see ``Checker.check``."""
    return Checker(settings).check(source)


def check_many(sources: Iterable[Source], *, settings: Settings | None = None) -> Iterator[Review]:
    """Review many documents; see ``Checker.check_many``."""
    yield from Checker(settings).check_many(sources)


def compare(old: Source, new: Source, *, settings: Settings | None = None) -> Comparison:
    """Review two drafts and lay them side by side; see ``Checker.compare``."""
    return Checker(settings).compare(old, new)
