"""Draw a comparison of two drafts for the terminal: what to look at first, then every change.

Comes in: a ``Comparison``. Goes out: wrapped text that is complete without colour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from clausecheck.records import (
    BalanceIndex,
    Clause,
    ClauseChange,
    Comparison,
    Document,
    Edit,
    Finding,
    FindingChange,
    FindingStatus,
    Review,
)
from clausecheck.report import wording
from clausecheck.report.layout import PLAIN_OPTIONS, ReportOptions, Sheet, cut_middle, fold, quote
from clausecheck.report.places import describe_place, index_clauses, is_tension, name_clause

_QUOTE, _EDIT, _AROUND, _MOST_EDITS = 300, 160, 40, 6
TRACKING_WORDS: dict[str, str] = {
    "unknown": "",
    "all": "Every change in the new file is tracked.",
    "some": "Some changes in the new file are not tracked; they are marked below.",
    "none": "None of the changes is tracked in the new file.",
}
# In the order in which a reader looks for them.
FINDING_STATUSES: tuple[FindingStatus, ...] = (
    "new",
    "hardened",
    "softened",
    "resolved",
    "persisting",
)
# More of a collaborative term is less of a burden: "hardened" means that it lost some of its force.
_CREDIT_WORDS = {"new": "gained", "resolved": "lost", "softened": "stronger", "hardened": "weaker"}
_KIND_WORDS = {
    "same": "same words",
    "reworded": "reworded",
    "split": "split",
    "merged": "merged",
    "added": "added",
    "removed": "removed",
}


def write_comparison(
    comparison: Comparison, options: ReportOptions = PLAIN_OPTIONS
) -> Iterator[str]:
    """Yield the report of one comparison."""
    yield _Report(comparison, options).draw()


def count_statuses(comparison: Comparison, *, credit: bool = False) -> Counter[FindingStatus]:
    """Return how many tensions, or collaborative terms (``credit``), have each status."""
    return Counter(c.status for c in comparison.findings if is_tension(take(c)) is not credit)


def take(change: FindingChange) -> Finding:
    """Return the finding as it now stands, or as it last stood."""
    finding = change.new or change.old
    assert finding is not None
    return finding


def tell_credit_status(status: FindingStatus) -> str:
    """Return what became of a collaborative term.

    >>> tell_credit_status("new"), tell_credit_status("softened")
    ('gained', 'stronger')
    """
    return _CREDIT_WORDS.get(status, status)


def list_hidden(comparison: Comparison) -> list[ClauseChange]:
    """Return what a Word file that tracks other changes does not show, and of it only that."""
    if comparison.tracking != "some":
        return []
    return [
        replace(change, edits=tuple(edit for edit in change.edits if edit.hidden))
        for change in list_changed(comparison)
        if change.hidden
    ]


def list_changed(comparison: Comparison) -> list[ClauseChange]:
    """Return the clauses that are not simply the same."""
    return [c for c in comparison.clauses if c.kind != "same" or c.moved or c.renumbered]


def describe_change(change: ClauseChange) -> str:
    """Return what became of a clause in a few words.

    >>> describe_change(ClauseChange("reworded", ("c1",), ("c2",), moved=True))
    'reworded, moved'
    """
    words = [_KIND_WORDS[change.kind]] if change.kind != "same" else []
    words += ["moved"] * change.moved + ["renumbered"] * change.renumbered
    words += ["not tracked"] * bool(change.hidden)
    return ", ".join(words) or _KIND_WORDS["same"]


def name_change(comparison: Comparison, change: ClauseChange) -> str:
    """Return the number and heading of a clause in both drafts; both when they differ."""
    old = _name_all(comparison.old, change.old)
    new = _name_all(comparison.new, change.new)
    return new if old == new or not old else old if not new else f"{old} -> {new}"


def _name_all(review: Review, clauses: Sequence[str]) -> str:
    index = index_clauses(review)
    return " + ".join(name_clause(index, clause) for clause in clauses)


def cut_edit(text: str, start: int, end: int) -> tuple[str, str, str]:
    """Return replaced words with a little of what stands before and after, for display."""
    before = fold(text[max(0, start - _AROUND) : start])
    after = fold(text[end : end + _AROUND])
    return before, cut_middle(fold(text[start:end]), _EDIT), after


class _Report:
    def __init__(self, comparison: Comparison, options: ReportOptions) -> None:
        self.comparison = comparison
        self.sheet = Sheet(options)

    def draw(self) -> str:
        self._draw_facts()
        self._draw_bottom_line()
        self._draw_hidden()
        self._draw_findings()
        self._draw_credit()
        self._draw_clauses()
        self.sheet.add_title("About this comparison")
        self.sheet.add_text(wording.CAVEAT_SHORT)
        self.sheet.add_text(wording.PROCESSED)
        return self.sheet.as_text()

    def _draw_facts(self) -> None:
        both = self.comparison
        self.sheet.add_title(f"{both.old.document.name} compared with {both.new.document.name}")
        rows = []
        for name, review in (("Old draft", both.old), ("New draft", both.new)):
            document = review.document
            words = f"{document.name} (sha256 {document.sha256[:12] or 'unknown'})"
            rows.append((name, words + ("" if review.status == "complete" else ": read in part")))
        if TRACKING_WORDS[both.tracking]:
            rows.append(("Tracking", TRACKING_WORDS[both.tracking]))
        self.sheet.add_table(rows)

    def _draw_bottom_line(self) -> None:
        add, both = self.sheet.add_text, self.comparison
        self.sheet.add_title("Bottom line")
        changed = list_changed(both)
        if not changed:
            add(wording.SAME_WORDS)
        else:
            kinds = Counter(describe_change(c).removesuffix(", not tracked") for c in changed)
            listed = "; ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
            add(f"{listed}; {len(both.clauses) - len(changed)} as before.", label="Clauses:")
        add(_list_statuses(count_statuses(both)), label="Findings:")
        credit = count_statuses(both, credit=True)
        if credit:
            add(_list_statuses(credit), label="Collaborative terms:")
        for label, text in compare_overviews(both):
            add(text, label=f"{label}:")

    def _draw_hidden(self) -> None:
        hidden = list_hidden(self.comparison)
        if hidden:
            self.sheet.add_title("Changed without tracking")
        for change in hidden:
            self._draw_clause(change)

    def _draw_findings(self) -> None:
        tension = [c for c in self.comparison.findings if is_tension(take(c))]
        for status in FINDING_STATUSES[:-1]:
            listed = [change for change in tension if change.status == status]
            if listed:
                self.sheet.add_title(f"{status.capitalize()} ({len(listed)})")
            for change in listed:
                self._draw_finding(change)
        kept = [take(change) for change in tension if change.status == "persisting"]
        if kept:
            self.sheet.add_title(f"Persisting ({len(kept)})")
            for finding in kept:
                self.sheet.add_text(_name_finding(self.comparison.new, finding), indent=2)

    def _draw_finding(self, change: FindingChange) -> None:
        review = self.comparison.old if change.new is None else self.comparison.new
        finding = take(change)
        add = self.sheet.add_text
        add(_name_finding(review, finding), indent=2, style="bold")
        add(_cite(review.document, finding), indent=4)
        add(change.because + ".", indent=4, label="Because:")
        if change.status in ("new", "hardened") and finding.suggestions:
            add(finding.suggestions[0].text, indent=4, label="Consider instead:")

    def _draw_credit(self) -> None:
        changed = [
            c
            for c in self.comparison.findings
            if not is_tension(take(c)) and c.status != "persisting"
        ]
        if changed:
            self.sheet.add_title("Collaborative terms gained and lost")
        for change in changed:
            review = self.comparison.old if change.new is None else self.comparison.new
            finding = take(change)
            text = f"{_name_finding(review, finding)}; {change.because}"
            self.sheet.add_text(text, indent=2, label=f"{tell_credit_status(change.status)}:")

    def _draw_clauses(self) -> None:
        changed = list_changed(self.comparison)
        if not changed:
            return
        self.sheet.add_title("Every changed clause, in the order of the new draft")
        for change in changed:
            self._draw_clause(change)

    def _draw_clause(self, change: ClauseChange) -> None:
        both = self.comparison
        add = self.sheet.add_text
        add(
            describe_change(change),
            indent=2,
            label=f"{name_change(both, change)}:",
        )
        if change.kind in ("added", "removed"):
            review = both.new if change.new else both.old
            index = index_clauses(review)
            for clause in change.new or change.old:
                add(_quote_clause(review.document, index[clause]), indent=6)
        for edit in change.edits[:_MOST_EDITS]:
            self._draw_edit(edit)
        if len(change.edits) > _MOST_EDITS:
            add(f"and {len(change.edits) - _MOST_EDITS} more edits", indent=6)

    def _draw_edit(self, edit: Edit) -> None:
        old, new = self.comparison.old.document.text, self.comparison.new.document.text
        before, gone, _ = cut_edit(old, edit.old_start, edit.old_end)
        _, come, after = cut_edit(new, edit.new_start, edit.new_end)
        marks = (f"[-{gone}-]" if gone else "") + (f"{{+{come}+}}" if come else "")
        self.sheet.add_text(f"… {before} {marks} {after} …", indent=6)


def _list_statuses(counts: Counter[FindingStatus]) -> str:
    listed = [f"{counts[status]} {status}" for status in FINDING_STATUSES if counts[status]]
    return (", ".join(listed) or "none in either draft") + "."


def _name_finding(review: Review, finding: Finding) -> str:
    place = name_clause(index_clauses(review), finding.clause)
    if not is_tension(finding):
        return f"{place}: {finding.code} {finding.name}"
    severity = wording.SEVERITY_WORDS[finding.severity]
    return (
        f"{place}: {finding.code} {finding.name} [{severity}], "
        f"carried by {wording.name_carrier(finding)}"
    )


def _cite(document: Document, finding: Finding) -> str:
    words = quote(document.text[finding.start : finding.end], _QUOTE)
    return f"{words} ({describe_place(document, finding.start, finding.end)})"


def _quote_clause(document: Document, clause: Clause) -> str:
    return quote(document.text[clause.start : clause.end], _QUOTE)


def compare_overviews(both: Comparison) -> list[tuple[str, str]]:
    """Return what changed in the document as a whole: balance, foundations, sourcing, stance."""
    rows = [
        (label, two if one == two else f"{one} -> {two}") for label, one, two in compare_whole(both)
    ]
    before, after = both.old.overview, both.new.overview
    if before is not None and after is not None:
        statuses = {f.code: f for f in before.foundations}
        moved = [
            f"{f.code} {f.name}: {statuses[f.code].status} -> {f.status}"
            for f in after.foundations
            if f.code in statuses and statuses[f.code].status != f.status
        ]
        rows.append(("Foundations", "; ".join(moved) or "as before"))
    return rows


def compare_whole(both: Comparison) -> list[tuple[str, str, str]]:
    """Return balance, sourcing model and value stance: a name, the old words and the new ones."""
    rows = []
    old, new = both.old.balance, both.new.balance
    if old is not None or new is not None:
        rows.append(("Balance", _tell_balance(old), _tell_balance(new)))
    before, after = both.old.overview, both.new.overview
    if before is not None and after is not None:
        rows += [
            (
                "Sourcing model",
                before.sourcing.label or "unclear",
                after.sourcing.label or "unclear",
            ),
            ("Value stance", before.stance.label, after.stance.label),
        ]
    return rows


def _tell_balance(balance: BalanceIndex | None) -> str:
    return "not stated" if balance is None else f"{balance.words} (index {balance.index:+.2f})"
