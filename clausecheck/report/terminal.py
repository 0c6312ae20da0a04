"""Draw a review for the terminal, in the order in which a lawyer reads (taxonomy D.1).

Comes in: reviews. Goes out: wrapped text that is complete without colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from clausecheck.records import Clause, Document, Evidence, Finding, Review, Suggestion
from clausecheck.records import Test as BalanceTest
from clausecheck.report import wording
from clausecheck.report.layout import PLAIN_OPTIONS, Page, ReportOptions, Sheet, quote
from clausecheck.report.places import (
    contract_order,
    describe_place,
    find_sentence,
    index_clauses,
    is_tension,
    name_clause,
    severity_order,
)
from clausecheck.report.shareable import draw_shareable
from clausecheck.report.terminal_accepted import draw_accepted
from clausecheck.report.terminal_marks import draw_marks
from clausecheck.report.whole import Whole

MAIN_SEVERITY = 3
# Findings drawn in full unless all are asked for; the others stand in contract order.
MAX_FULL = 10
_WHOLE, _SHORT, _EVIDENCE = 900, 200, 160
_SEVERITY_STYLES = {5: "red", 4: "red", 3: "yellow", 2: "cyan", 1: "dim"}


def write_terminal(reviews: Iterable[Review], options: ReportOptions) -> Iterator[str]:
    """Yield the drawn report of each review; an empty line parts them."""
    for number, review in enumerate(reviews):
        yield ("\n" if number else "") + draw_review(review, options)


def draw_review(review: Review, options: ReportOptions = PLAIN_OPTIONS) -> str:
    """Return the report of one review, wrapped to ``options.width`` (60 to 100 columns).

    >>> failed = Review(Document("a.docx", "", "", ""), "failed")
    >>> print(draw_review(failed).splitlines()[0])
    Review of a.docx
    """
    sheet = Sheet(options)
    draw_on(sheet, review, options)
    return sheet.as_text()


def draw_on(page: Page, review: Review, options: ReportOptions) -> None:
    """Draw the report of one review, in the edition that the options ask for, on any page."""
    if options.edition == "shareable":
        draw_shareable(page, review)
    else:
        _Report(page, review, options).draw()


class _Report:
    """Draws one review; the clause index is built once and shared by the sections."""

    def __init__(self, page: Page, review: Review, options: ReportOptions) -> None:
        self.review, self.why = review, options.why
        self.document: Document = review.document
        self.clauses: Mapping[str, Clause] = index_clauses(review)
        self.sheet = page
        self.whole = Whole(page, review, self.clauses, why=options.why)
        tension = [finding for finding in review.findings if is_tension(finding)]
        credit = [finding for finding in review.findings if not is_tension(finding)]
        self.main = sorted((f for f in tension if f.severity >= MAIN_SEVERITY), key=severity_order)
        self.all = sorted(tension, key=contract_order)
        self.full = self.main if self.why else self.main[:MAX_FULL]
        self.credit = sorted(credit, key=contract_order)

    def draw(self) -> None:
        overview = self.review.overview
        self._draw_facts()
        if self.review.status == "failed":
            self._draw_gaps()
            return
        if overview is not None:
            self.whole.draw_lines(overview)
            self.whole.draw_foundations(overview)
        self._draw_main()
        if overview is not None:
            self.whole.draw_economics(overview)
        self._draw_all()
        self._draw_looks()
        self._draw_credit()
        draw_accepted(self.sheet, self.review, self.clauses)
        self._draw_balanced()
        draw_marks(self.sheet, self.review, self.clauses, full=self.why)
        self._draw_gaps()
        if overview is not None:
            self.whole.draw_questions(overview)
            self.whole.draw_cautions(overview)
        self._draw_end()

    def _quote(self, start: int, end: int, limit: int) -> str:
        return quote(self.document.text[start:end], limit)

    def _place(self, start: int, end: int) -> str:
        return describe_place(self.document, start, end)

    def _draw_facts(self) -> None:
        review, document = self.review, self.document
        self.sheet.add_title(f"Review of {document.name}")
        rows = [("Document", f"{document.name} (sha256 {document.sha256[:12] or 'unknown'})")]
        if review.kind is not None and not review.kind.within:
            rows.append(("Outside its ground", review.kind.note))
        status = {
            "complete": "complete",
            "partial": "partial: part of the source was not read, see below",
            "failed": "failed: the document could not be reviewed",
        }
        rows.append(("Status", status[review.status]))
        if review.status == "failed":
            self.sheet.add_table(rows)
            return
        names = {"customer": "Customer", "supplier": "Supplier", "unknown": "Role unknown"}
        rows += [(names[p.role], wording.describe_party(p)) for p in review.parties]
        if not review.parties:
            rows.append(("Parties", wording.NO_PARTIES))
        law = wording.NO_LAW
        if review.governing_law is not None:
            law = (
                f"{self._quote(*review.governing_law, 300)} ({self._place(*review.governing_law)})"
            )
        rows.append(("Governing law", law))
        rows += [(name.capitalize(), value) for name, value in document.facts]
        gaps = len(document.unread)
        rows.append(("Not read", f"{gaps} part(s), listed below" if gaps else "nothing known"))
        self.sheet.add_table(rows)
        self.sheet.add_gap()
        self.sheet.add_text(wording.CAVEAT_SHORT, label="Read this first:")

    def _cite(self, finding: Finding) -> str:
        place = self._place(finding.start, finding.end)
        return f"{self._quote(finding.start, finding.end, _SHORT)} ({place})"

    def _draw_main(self) -> None:
        self.sheet.add_title("Findings to discuss (severity 3 to 5, most severe first)")
        if not self.main:
            text = "None at this level." if self.all else wording.tell_none(self.review)
            self.sheet.add_text(text, indent=2)
            return
        self.sheet.add_text(wording.SUGGESTED)
        for number, finding in enumerate(self.full, 1):
            self.sheet.add_gap()
            self._draw_finding(number, finding)
        left = len(self.main) - len(self.full)
        if left:
            self.sheet.add_gap()
            self.sheet.add_text(
                f"{left} more of this severity stand below in contract order; --why draws them all."
            )

    def _draw_finding(self, number: int, finding: Finding) -> None:
        add = self.sheet.add_text
        severity = wording.SEVERITY_WORDS[finding.severity]
        style = _SEVERITY_STYLES[finding.severity]
        add(f"{number}. {name_clause(self.clauses, finding.clause)}", style="bold")
        add(f"[{severity.upper()}] {finding.code} {finding.name}", indent=3, style=style)
        confidence = wording.name_confidence(finding.confidence)
        facts = (
            f"severity {finding.severity} of 5 ({severity}); "
            f"confidence {confidence} ({finding.confidence:.2f}); "
            f"{wording.FAMILY_WORDS[finding.family]}; "
            f"seen by {wording.ORIGIN_WORDS[finding.origin]}"
        )
        balance = wording.BALANCE_WORDS[finding.balance]
        add(f"{facts}; {balance}" if balance else facts, indent=3, label="Weight:")
        add(wording.name_carrier(finding), indent=3, label="Carried by:")
        start, end = find_sentence(self.document, self.clauses.get(finding.clause), finding)
        add(self._quote(start, end, _WHOLE), indent=3, label="Text:")
        if (start, end) != (finding.start, finding.end):
            add(self._quote(finding.start, finding.end, _WHOLE), indent=3, label="Flagged words:")
        add(self._place(finding.start, finding.end), indent=3, label="Place:")
        if self.why and finding.fingerprint:
            add(finding.fingerprint, indent=3, label="Fingerprint of the clause:")
        if finding.message:
            add(finding.message, indent=3, label=f"{wording.ON_ITS_FACE}:")
        for label, text in _describe_tests(finding.tests, full=self.why):
            add(text, indent=3, label=label)
        if finding.why:
            add(finding.why, indent=3, label="Why it matters:")
        shown = finding.suggestions if self.why else finding.suggestions[:1]
        for suggestion in shown:
            self._draw_suggestion(suggestion)
        if len(shown) < len(finding.suggestions):
            add(f"clausecheck explain {finding.code}", indent=3, label="More wording:")
        if self.why:
            self._draw_evidence(finding.evidence)

    def _draw_suggestion(self, suggestion: Suggestion) -> None:
        add = self.sheet.add_text
        grade = f"{suggestion.grade}: {wording.GRADE_WORDS[suggestion.grade]}"
        add(suggestion.text, indent=3, label=f"Consider instead ({grade}):")
        if suggestion.open:
            names = ", ".join(name.replace("_", " ") for name in suggestion.open)
            add(names, indent=6, label="Still to fill:")
        norms = f" (serves {', '.join(suggestion.norms)})" if suggestion.norms else ""
        if suggestion.rationale:
            add(suggestion.rationale + norms, indent=6, label="Reason:")
        if suggestion.caution:
            add(suggestion.caution, indent=6, label="Caution, to be checked by counsel:")

    def _draw_evidence(self, evidence: Sequence[Evidence]) -> None:
        add = self.sheet.add_text
        add("" if evidence else "none recorded", indent=3, label="Evidence:")
        for item in evidence:
            parts = []
            if item.end > item.start:
                parts.append(self._quote(item.start, item.end, _EVIDENCE))
            parts.append(item.note)
            if item.weight:
                parts.append(f"({item.weight:+.2f})")
            kind = wording.EVIDENCE_WORDS.get(item.kind, item.kind)
            add(" ".join(parts), indent=6, label=f"{kind}:")

    def _draw_all(self) -> None:
        if not self.all:
            return
        self.sheet.add_title("All findings, in contract order")
        drawn = {id(finding) for finding in self.full}
        for finding in self.all:
            severity = wording.SEVERITY_WORDS[finding.severity]
            confidence = wording.name_confidence(finding.confidence)
            self.sheet.add_text(
                f"{finding.code} {finding.name}; {severity}, confidence {confidence}; "
                f"carried by {wording.name_carrier(finding)}; {self._cite(finding)}",
                indent=2,
                label=f"{name_clause(self.clauses, finding.clause)}:",
            )
            if self.why and id(finding) not in drawn:
                for label, text in _describe_tests(finding.tests, full=True):
                    self.sheet.add_text(text, indent=6, label=label)
                self._draw_evidence(finding.evidence)
        self.sheet.add_gap()
        self.sheet.add_text("'clausecheck explain CODE' shows the reasons and other wording.")

    def _draw_looks(self) -> None:
        """Draw what is less sure: counted by code, each with its clause only."""
        looks = sorted(self.review.worth_a_look, key=contract_order)
        if not looks:
            return
        self.sheet.add_title(f"Worth a look ({len(looks)}, less sure)")
        self.sheet.add_text(wording.LOOKS)
        by_code: dict[str, list[Finding]] = {}
        for finding in sorted(looks, key=lambda f: f.code):
            by_code.setdefault(finding.code, []).append(finding)
        for code, found in by_code.items():
            where = dict.fromkeys(name_clause(self.clauses, f.clause) for f in found)
            self.sheet.add_text(
                "; ".join(where), indent=2, label=f"{code} {found[0].name} ({len(found)}):"
            )

    def _draw_credit(self) -> None:
        if not self.credit:
            return
        self.sheet.add_title("Collaborative terms credited")
        for finding in self.credit:
            strength = wording.STRENGTH_WORDS.get(finding.severity, "strong")
            self.sheet.add_text(
                f"{finding.code} {finding.name}; {strength} (strength {finding.severity} of 3), "
                f"confidence {wording.name_confidence(finding.confidence)}; {self._cite(finding)}",
                indent=2,
                label=f"{name_clause(self.clauses, finding.clause)}:",
            )
            if self.why:
                self._draw_evidence(finding.evidence)

    def _draw_balanced(self) -> None:
        if not self.review.balanced:
            return
        self.sheet.add_title("Reviewed and found balanced")
        for item in sorted(self.review.balanced, key=lambda b: (b.start, b.end, b.code, b.clause)):
            other = ""
            if item.other is not None and item.other != item.clause:
                other = f"; read with {name_clause(self.clauses, item.other)}"
            self.sheet.add_text(
                f"{item.code} {item.name} not flagged: {item.note.rstrip('.')}{other} "
                f"({self._place(item.start, item.end)})",
                indent=2,
                label=f"{name_clause(self.clauses, item.clause)}:",
            )

    def _draw_gaps(self) -> None:
        self.sheet.add_title("Not read, not assessed")
        # A problem that only repeats an unread part would be said twice.
        told = {(gap.where, gap.advice) for gap in self.document.unread}
        for problem in self.review.problems:
            if (problem.where, problem.advice) in told:
                continue
            text = f"{problem.message} {problem.advice} [{problem.code}]"
            self.sheet.add_text(text, indent=2, label=f"{problem.where}:")
        for gap in self.document.unread:
            text = f"{gap.where}. {gap.advice}" if gap.advice else gap.where
            self.sheet.add_text(text, indent=2, label=f"Not read: {gap.what};")
        if self.review.overview is not None:
            self.whole.draw_missing(self.review.overview)
        if self.review.status != "failed":
            for text in wording.NOT_ASSESSED:
                self.sheet.add_text(text, indent=2, label="Not assessed:")

    def _draw_end(self) -> None:
        self.sheet.add_title("About this report")
        self.sheet.add_text(wording.CAVEAT)
        self.sheet.add_gap()
        self.sheet.add_text(wording.PROCESSED)
        self.sheet.add_gap()
        made = self.review.versions
        self.sheet.add_text(
            f"clausecheck {made.tool or 'unknown'}; rules {made.rules or 'none'}; "
            f"model {made.model or 'none'}",
            label="Made by:",
        )


def _describe_tests(tests: Sequence[BalanceTest], *, full: bool) -> list[tuple[str, str]]:
    """Return the six C's in words: what aggravates, what protects and, if ``full``, the silence."""
    groups: dict[int, list[str]] = {2: [], 0: [], 1: []}
    for test in tests:
        known = wording.TEST_WORDS.get(test.name)
        words = known[test.value] if known else ""
        note = f" ({test.note})" if test.note and test.note != words else ""
        groups[test.value].append(f"{test.name.capitalize()}: {words or test.note}{note}")
    labels = {2: "Aggravated by:", 0: "Softened by:", 1: "Not noted:"}
    shown = [(labels[value], "; ".join(groups[value]) + ".") for value in (2, 0) if groups[value]]
    if groups[1]:
        names = ", ".join(test.name for test in tests if test.value == 1)
        shown.append((labels[1], ("; ".join(groups[1]) if full else names) + "."))
    return shown
