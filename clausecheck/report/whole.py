"""Draw what a review says of the document as a whole, before and after its clauses (taxonomy D.1).

Comes in: a review with its overview, and a page. Goes out: sections on that page: bottom line,
foundations, balance with value stance and sourcing model, questions, cautions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clausecheck.records import Clause, ClauseSet, Overview, Quotation, Review
from clausecheck.report import wording
from clausecheck.report.layout import Page, quote
from clausecheck.report.places import describe_place, find_sentence, name_clause

_SHOWN = 240
# So many quotations for one statement unless all are asked for.
_FEW = 2


class Whole:
    """Draws the sections of one review's overview on one page."""

    def __init__(
        self, page: Page, review: Review, clauses: Mapping[str, Clause], *, why: bool
    ) -> None:
        self.page, self.review, self.clauses, self.why = page, review, clauses, why

    def cite(self, quotation: Quotation) -> str:
        """Return the sentence that holds a quotation, its clause and its place."""
        clause = self.clauses.get(quotation.clause)
        start, end = find_sentence(self.review.document, clause, quotation)
        words = quote(self.review.document.text[start:end], _SHOWN)
        where = name_clause(self.clauses, quotation.clause)
        place = describe_place(self.review.document, quotation.start, quotation.end)
        return f"{words} ({where}; {place})"

    def _draw_evidence(
        self, evidence: Sequence[Quotation], indent: int = 2, *, few: bool = False
    ) -> None:
        for item in evidence[:_FEW] if few and not self.why else evidence:
            code = f" ({item.code})" if item.code else ""
            label = f"{item.note}{code}:"
            self.page.add_text(self.cite(item), indent=indent, label=label)

    def draw_lines(self, overview: Overview) -> None:
        """Draw the bottom line, each statement with the words that back it."""
        self.page.add_title("Bottom line")
        for line in overview.lines:
            self.page.add_text(line.text, label=f"{wording.TOPIC_WORDS[line.topic]}:")
            # The clauses to discuss first are each a statement of their own.
            self._draw_evidence(line.evidence, few=line.topic != "first")
        if overview.meeting:
            self.page.add_text(overview.meeting, label="First step:")

    def draw_foundations(self, overview: Overview) -> None:
        """Draw the ten foundations, the six norms and, if asked for, the suggested clauses."""
        page = self.page
        page.add_title("Foundations of the relationship")
        laid = f"{overview.completeness:.0%} of the foundations, by weight, is laid in this text."
        page.add_text(f"{laid} {wording.FOUNDATION_NOTE}")
        for item in overview.foundations:
            page.add_text(
                f"{item.status}. {item.note}".strip(), label=f"{item.code} {item.name}:", indent=2
            )
            self._draw_evidence(item.evidence, indent=4, few=True)
            if item.lacks:
                page.add_text("; ".join(item.lacks), indent=4, label="Next step:")
            if item.drafts is not None:
                self._draw_drafts(item.drafts)
        page.add_gap()
        page.add_text(wording.NORM_NOTE, label="Six norms at work:")
        for light in overview.norms:
            lit = "lit" if light.lit else "not lit: no clause that puts it to work was recognised"
            page.add_text(lit, indent=2, label=f"{light.norm}:")
            self._draw_evidence(light.evidence[:1] if not self.why else light.evidence, indent=4)
        if not self.why and any(item.drafts for item in overview.foundations):
            page.add_gap()
            page.add_text(wording.MORE_DRAFTS)

    def _draw_drafts(self, drafts: ClauseSet) -> None:
        add = self.page.add_text
        if not self.why:
            add(drafts.where, indent=4, label="Suggested clauses would stand")
            return
        for suggestion in drafts.clauses:
            grade = f"{suggestion.grade}: {wording.GRADE_WORDS[suggestion.grade]}"
            add(suggestion.text, indent=4, label=f"Consider ({grade}), {drafts.where}:")
            if suggestion.open:
                names = ", ".join(name.replace("_", " ") for name in suggestion.open)
                add(names, indent=6, label="Still to fill:")
            if suggestion.caution:
                add(suggestion.caution, indent=6, label="Caution, to be checked by counsel:")

    def draw_economics(self, overview: Overview) -> None:
        """Draw balance, value stance and sourcing model with their limits."""
        self.page.add_title("Balance, value and sourcing model")
        self._draw_balance()
        self._draw_stance(overview)
        self._draw_sourcing(overview)
        if overview.profiles:
            self.page.add_text(wording.PROFILE_NOTE, label="How often each party is bound:")
            for profile in overview.profiles:
                self.page.add_text(
                    f"{profile.duties} duties, {profile.powers} powers, {profile.bans} bans, "
                    f"{profile.immunities} immunities "
                    f"({profile.powers_per_1000_words:.1f} powers in 1,000 words)",
                    indent=2,
                    label=f"{profile.party} ({profile.role}):",
                )

    def _draw_balance(self) -> None:
        balance = self.review.balance
        if balance is None:
            self.page.add_text(wording.NO_BALANCE, label="Balance index:")
            return
        spread = f" ({balance.low:+.2f} to {balance.high:+.2f} when findings are resampled)"
        # One finding resampled is always itself: no spread is not certainty.
        shown = spread if balance.low < balance.high else ""
        scale = f"Index {balance.index:+.2f}{shown}, {wording.BALANCE_SCALE}."
        if balance.reciprocity is not None:
            scale += f" {balance.reciprocity:.0%} of the risk and power clauses are balanced."
        words = balance.words.rstrip(".")
        self.page.add_text(f"{words}. {scale} {wording.BALANCE_SENTENCE}", label="Balance index:")

    def _draw_stance(self, overview: Overview) -> None:
        stance = overview.stance
        leaning = f", leaning to {stance.leaning}" if stance.leaning else ""
        shares = ", ".join(f"{share.name} {share.value:.0%}" for share in stance.shares)
        self.page.add_text(
            f"{stance.label}{leaning} ({shares}). {wording.STANCE_NOTE}", label="Value stance:"
        )
        for flag in stance.flags:
            self.page.add_text(flag.text, indent=2, label=f"{flag.name}:")
            self._draw_evidence(flag.evidence, indent=4)

    def _draw_sourcing(self, overview: Overview) -> None:
        add, sourcing = self.page.add_text, overview.sourcing
        shares = ", ".join(f"{share.name} {share.value:.0%}" for share in sourcing.shares)
        label = sourcing.label or "unclear"
        second = f", then {sourcing.runner_up}" if sourcing.runner_up else ""
        add(f"{label}{second} ({shares}). {sourcing.note}".strip(), label="Sourcing model:")
        for feature in sourcing.features:
            points = ", ".join(f"{share.name} {share.value:+.0f}" for share in feature.points)
            add(points or "decides the label", indent=2, label=f"{feature.name}:")
            self._draw_evidence(feature.evidence if self.why else feature.evidence[:1], indent=4)
        ties = "; ".join(tie.note for tie in sourcing.ties) or "none recognised"
        add(f"{sourcing.dependency} of 8 ({ties}).", label="What ties the parties:")
        if sourcing.mismatch:
            add(sourcing.mismatch, label="Aims and economics:")
            self._draw_evidence(sourcing.mismatch_evidence)

    def draw_missing(self, overview: Overview) -> None:
        """Draw what the text refers to and does not hold."""
        for item in overview.missing:
            self.page.add_text(
                self.cite(item.evidence[0]), indent=2, label=f"Not supplied: {item.name};"
            )

    def draw_questions(self, overview: Overview) -> None:
        """Draw what only the business can tell."""
        self.page.add_title("Questions for the business")
        for item in overview.questions:
            self.page.add_text(item.text, indent=2, label=f"{item.topic}:")
            self.page.add_text(item.because, indent=4, label="Raised by:")

    def draw_cautions(self, overview: Overview) -> None:
        """Draw the enforceability cautions with their date."""
        if not overview.cautions:
            return
        stamp = max(caution.as_of for caution in overview.cautions)
        self.page.add_title("Enforceability cautions, to be checked by counsel")
        self.page.add_text(f"As of {stamp}. {wording.CAUTION_NOTE}")
        for caution in overview.cautions:
            self.page.add_text(
                f"{caution.text} [{caution.because}]",
                indent=2,
                label=f"{caution.topic} ({caution.jurisdiction}):",
            )
