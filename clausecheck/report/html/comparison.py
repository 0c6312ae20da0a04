"""Draw a comparison of two drafts as one HTML page in the look of the report.

Comes in: a ``Comparison``. Goes out: ASCII text under the same rules as a report's page; what a
template gets is plain values, and only words at the offsets of an edit are marked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from clausecheck.records import (
    Clause,
    ClauseChange,
    Comparison,
    Finding,
    FindingChange,
    FindingStatus,
    Foundation,
    Review,
)
from clausecheck.report import wording
from clausecheck.report.comparison import (
    FINDING_STATUSES,
    TRACKING_WORDS,
    compare_whole,
    count_statuses,
    describe_change,
    list_changed,
    list_hidden,
    name_change,
    take,
    tell_credit_status,
)
from clausecheck.report.html import finish, make_environment, read_source, share_assets
from clausecheck.report.html.pictures import FAMILIES, BalanceBar, draw_balance
from clausecheck.report.html.view import Note, ReviewView
from clausecheck.report.layout import PLAIN_OPTIONS, ReportOptions, cut_middle, fold
from clausecheck.report.places import is_tension

# Unchanged words around edits are shown up to this length, longer ones with a gap.
_KEPT, _CHANGED = 420, 4000
_ORDER: tuple[FindingStatus, ...] = FINDING_STATUSES


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a clause: ``kind`` is ``kept``, ``gone`` (old words) or ``come`` (new words)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownClause:
    """One changed clause: its number in both drafts, what became of it, its words with edits."""

    name: str
    told: str
    status: str
    hidden: bool
    paragraphs: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding that changed, as it stood and as it stands, with the edits of its clause."""

    number: int
    change: FindingChange
    note: Note
    before: Note | None
    view: ReviewView
    status: str
    edits: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One row of what changed in the document as a whole."""

    name: str
    old: str
    new: str

    @property
    def same(self) -> bool:
        """Whether both drafts agree."""
        return self.old == self.new


class ComparisonView:
    """Everything that the page shows of one comparison."""

    prefix = ""

    def __init__(self, comparison: Comparison, options: ReportOptions) -> None:
        self.comparison = comparison
        self.old = ReviewView(comparison.old, options, number=1)
        self.new = ReviewView(comparison.new, options, number=2)
        self.tracking = TRACKING_WORDS[comparison.tracking]

    @cached_property
    def sections(self) -> list[tuple[str, str]]:
        """The sections in their order: the id of each, and its short name."""
        wanted = (
            ("untracked", "Changed without tracking", bool(self.hidden)),
            ("line", "Bottom line", True),
            ("whole", "Balance and foundations", bool(self.steps)),
            ("findings", "Findings that changed", True),
            ("persisting", "Findings that persist", bool(self.persisting)),
            ("clauses", "Changed clauses", True),
            ("gaps", "Not assessed", bool(self.gaps)),
        )
        return [(key, name) for key, name, there in wanted if there]

    # Clauses

    @cached_property
    def changed(self) -> list[ClauseChange]:
        """The clauses that are not simply the same."""
        return list_changed(self.comparison)

    @cached_property
    def clause_counts(self) -> list[tuple[str, int]]:
        """How many clauses became what, and how many stayed as they were."""
        kinds = Counter(describe_change(c).removesuffix(", not tracked") for c in self.changed)
        rows = sorted(kinds.items())
        return [*rows, ("as before", len(self.comparison.clauses) - len(self.changed))]

    @cached_property
    def hidden(self) -> list[ShownClause]:
        """What the new Word file changed without tracking while it tracks other changes."""
        return [self._show(change) for change in list_hidden(self.comparison)]

    @cached_property
    def reworded(self) -> list[ShownClause]:
        """The clauses with other words, in the order of the new draft."""
        return [self._show(change) for change in self.changed if change.kind != "same"]

    @cached_property
    def shifted(self) -> list[ShownClause]:
        """The clauses that only moved or were renumbered."""
        return [self._show(change) for change in self.changed if change.kind == "same"]

    def _show(self, change: ClauseChange) -> ShownClause:
        return ShownClause(
            name_change(self.comparison, change),
            describe_change(change),
            change.kind,
            bool(change.hidden),
            self._cut(change) if change.kind != "same" else (),
        )

    def _cut(self, change: ClauseChange) -> tuple[tuple[Part, ...], ...]:
        """Return the words of a changed clause, one paragraph per clause of the new draft."""
        both = self.comparison
        if change.kind in ("added", "removed"):
            kind, review = ("come", both.new) if change.new else ("gone", both.old)
            text = review.document.text
            spans = _find_spans(review, change.new or change.old)
            return tuple((_make_part(kind, text[start:end]),) for start, end in spans)
        old, new = both.old.document.text, both.new.document.text
        spans = _find_spans(both.new, change.new)
        paragraphs = []
        edits = list(change.edits)
        for index, (start, end) in enumerate(spans):
            last = index + 1 == len(spans)
            parts, here = [], start
            while edits and (last or edits[0].new_start < end):
                edit = edits.pop(0)
                parts += [
                    _make_part("kept", new[here : max(here, edit.new_start)]),
                    _make_part("gone", old[edit.old_start : edit.old_end]),
                    _make_part("come", new[edit.new_start : edit.new_end]),
                ]
                here = max(here, edit.new_end)
            parts.append(_make_part("kept", new[here:end]))
            paragraphs.append(tuple(part for part in parts if part.text))
        return tuple(paragraphs)

    # Findings

    @cached_property
    def _clause_of(self) -> dict[str, ClauseChange]:
        listed = self.comparison.clauses
        return {f"old {i}": c for c in listed for i in c.old} | {
            f"new {i}": c for c in listed for i in c.new
        }

    @cached_property
    def findings(self) -> list[ShownFinding]:
        """What changed, tensions and credit, the gravest status first, then severity and place."""
        listed = [c for c in self.comparison.findings if c.status != "persisting"]
        tension = [c for c in listed if is_tension(take(c))]
        ordered = sorted(tension, key=lambda c: (_ORDER.index(c.status), -take(c).severity))
        credit = sorted(
            (c for c in listed if not is_tension(take(c))), key=lambda c: _ORDER.index(c.status)
        )
        return [self._show_finding(n, c) for n, c in enumerate([*ordered, *credit], 1)]

    @cached_property
    def persisting(self) -> list[ShownFinding]:
        """The findings that are there in both drafts, in the order of the new one."""
        kept = [c for c in self.comparison.findings if c.status == "persisting"]
        return [self._show_finding(n, c) for n, c in enumerate(kept, 1)]

    @cached_property
    def _notes(self) -> dict[tuple[int, int], Note]:
        return {
            (side, id(note.finding)): note
            for side, view in ((0, self.old), (1, self.new))
            for note in view.notes
        }

    def _find_note(self, side: int, finding: Finding | None) -> Note | None:
        return None if finding is None else self._notes[side, id(finding)]

    def _show_finding(self, number: int, change: FindingChange) -> ShownFinding:
        before, now = self._find_note(0, change.old), self._find_note(1, change.new)
        note = now or before
        assert note is not None
        clause = self._clause_of.get(
            f"new {note.finding.clause}" if now else f"old {note.finding.clause}"
        )
        shows = clause is not None and clause.edits and change.status != "persisting"
        return ShownFinding(
            number,
            change,
            note,
            before if now else None,
            self.new if now else self.old,
            change.status if note.finding.family != "CO" else tell_credit_status(change.status),
            self._cut(clause) if clause is not None and shows else (),
        )

    @cached_property
    def table(self) -> list[tuple[str, str, list[int]]]:
        """Per family: its letters, its name, and how many findings have each status."""
        counts = Counter((str(take(c).family), str(c.status)) for c in self.comparison.findings)
        return [
            (name, wording.FAMILY_WORDS[name], [counts[name, status] for status in _ORDER])
            for name in FAMILIES
        ]

    @cached_property
    def status_counts(self) -> list[tuple[str, int]]:
        """How many of the changed findings have each status, for the filter."""
        counts = Counter(shown.change.status for shown in self.findings)
        return [(status, counts[status]) for status in _ORDER if counts[status]]

    @cached_property
    def family_counts(self) -> list[tuple[str, int]]:
        """How many of the changed findings are of each family, for the filter."""
        counts = Counter(str(shown.note.finding.family) for shown in self.findings)
        return [(family, counts[family]) for family in FAMILIES if counts[family]]

    @property
    def statuses(self) -> tuple[FindingStatus, ...]:
        """The statuses in the order of the table's columns."""
        return _ORDER

    @cached_property
    def worse(self) -> int:
        """How many tensions are new or press harder."""
        counts = count_statuses(self.comparison)
        return counts["new"] + counts["hardened"]

    @cached_property
    def better(self) -> int:
        """How many tensions are gone or press less."""
        counts = count_statuses(self.comparison)
        return counts["resolved"] + counts["softened"]

    # The document as a whole

    @cached_property
    def balances(self) -> tuple[BalanceBar, BalanceBar] | None:
        """The balance of both drafts as places on one line, where both have one."""
        old, new = self.comparison.old.balance, self.comparison.new.balance
        return None if old is None or new is None else (draw_balance(old), draw_balance(new))

    @cached_property
    def foundations(self) -> list[tuple[Foundation, Foundation]]:
        """The foundations of both drafts, side by side."""
        before, after = self.comparison.old.overview, self.comparison.new.overview
        if before is None or after is None:
            return []
        known = {f.code: f for f in before.foundations}
        return [(known[f.code], f) for f in after.foundations if f.code in known]

    @cached_property
    def steps(self) -> list[Step]:
        """Balance, sourcing model and value stance in words, old and new."""
        return [Step(*row) for row in compare_whole(self.comparison)]

    @cached_property
    def gaps(self) -> list[tuple[str, str, str, str]]:
        """What could not be read or done in either draft, with the draft's name."""
        return [
            (view.title, what, where, advice)
            for view in (self.old, self.new)
            for what, where, advice in view.gaps
        ]


def _find_spans(review: Review, clauses: Sequence[str]) -> list[tuple[int, int]]:
    known: dict[str, Clause] = {clause.id: clause for clause in review.clauses}
    return [(known[clause].start, known[clause].end) for clause in clauses]


def _make_part(kind: str, text: str) -> Part:
    shown = cut_middle(fold(text), _KEPT if kind == "kept" else _CHANGED)
    if not shown:
        return Part(kind, "")
    # Spaces at the edges part words of different kinds; inside a mark they would be marked.
    if kind == "kept":
        before = " " if text[:1].isspace() else ""
        shown = before + shown + (" " if text[-1:].isspace() else "")
    return Part(kind, shown)


def write_comparison_page(
    comparison: Comparison, options: ReportOptions = PLAIN_OPTIONS
) -> Iterator[str]:
    """Yield the page of one comparison, piece by piece."""
    environment = make_environment()
    view = ComparisonView(comparison, options)
    shared = share_assets(read_source("report.css") + read_source("comparison.css"))
    title = f"{view.old.title} compared with {view.new.title}"
    head = environment.get_template("head.html.j2")
    yield finish(head.render(shared, title=title, index=[]))
    yield finish(environment.get_template("comparison.html.j2").render(shared, view=view))
    yield finish(environment.get_template("tail.html.j2").render(shared))
