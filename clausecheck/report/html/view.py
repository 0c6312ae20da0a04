"""Put one review into the shape that the templates show: numbered notes, rows, tables, pictures.

Comes in: a review. Goes out: plain values; nothing here is markup, so nothing can escape escaping.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from clausecheck.records import (
    Balanced,
    Caution,
    Clause,
    Finding,
    Line,
    Missing,
    Quotation,
    Review,
    TalkPoint,
    Unused,
)
from clausecheck.report import wording
from clausecheck.report.html import pictures
from clausecheck.report.html.passages import Piece, Row, cut_rows
from clausecheck.report.layout import ReportOptions, cut_middle, fold, visible
from clausecheck.report.marks import Mark, list_changes, list_comments, name_changes
from clausecheck.report.places import (
    contract_order,
    describe_place,
    find_sentence,
    index_clauses,
    is_tension,
    list_lapsed,
    name_clause,
)

MAX_TOP = 10
_AROUND, _QUOTED, _LAW = 420, 900, 400
_SIDES = ("supplier", "customer")


@dataclass(frozen=True, slots=True)
class TestLine:
    """One of the six C's in words; ``value`` is 0 protective, 1 silent, 2 aggravated."""

    name: str
    value: int
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class Note:
    """One finding with all that is said about it; ``number`` is its place in the contract."""

    number: int
    finding: Finding
    clause: str
    place: str
    before: str
    quoted: str
    after: str
    carrier: str
    side: str
    level: str
    confidence: str
    tests: tuple[TestLine, ...]
    cautions: tuple[Caution, ...]
    top: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with its notes, the balanced clauses in it, and which findings end in each piece.

    ``kind`` is ``article`` for the title of an article, ``title`` for another heading that stands
    alone, and empty for a clause with words of its own.
    """

    row: Row
    label: str
    level: int
    kind: str
    aside: bool
    pieces: tuple[tuple[Piece, Note | None, tuple[Note, ...]], ...]
    notes: tuple[Note, ...]
    balanced: tuple[Balanced, ...]


class ReviewView:
    """Everything that the page shows of one review; parts are worked out when they are asked for.

    ``number`` sets the ids and labels of one document apart from those of others on the same
    page; it is 0 for a document that is alone.
    """

    def __init__(self, review: Review, options: ReportOptions, *, number: int = 0) -> None:
        self.review, self.why = review, options.why
        self.prefix = f"d{number}-" if number else ""
        self.suffix = f", document {number}" if number else ""
        self.document = review.document
        self.overview = review.overview
        self.clauses: Mapping[str, Clause] = index_clauses(review)

    @cached_property
    def name_shown(self) -> str:
        """The name of the document, with nothing in it that does not print."""
        return visible(self.document.name)

    @cached_property
    def title(self) -> str:
        """The name of the document without its folders."""
        return PurePath(self.name_shown.replace("\\", "/")).name or self.name_shown

    @cached_property
    def sections(self) -> list[tuple[str, str]]:
        """The sections in their order: the end of the id of each, and its short name."""
        overview = self.overview
        wanted = (
            ("line", "Bottom line", True),
            ("foundations", "Foundations", overview is not None),
            ("first", "To discuss first", True),
            ("whole", "Balance, value, model", True),
            ("contract", "Contract and findings", True),
            ("accepted", "Accepted", bool(self.review.accepted or self.lapsed)),
            ("balanced", "Found balanced", True),
            ("marks", "In the file already", self.marked),
            ("gaps", "Not assessed", True),
            ("questions", "Questions", bool(overview and overview.questions)),
            ("appendix", "Appendix", True),
        )
        return [(key, name) for key, name, there in wanted if there]

    @cached_property
    def marks(self) -> list[tuple[str, list[Mark]]]:
        """The tracked changes and the comments that stand in the file, each under its title."""
        return [
            (name_changes(self.document), list_changes(self.review, self.clauses)),
            ("Comments", list_comments(self.review, self.clauses)),
        ]

    @cached_property
    def marked(self) -> bool:
        """Whether the file holds any of them."""
        return any(marks for _, marks in self.marks)

    # Findings

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """All findings in contract order."""
        ordered = sorted(self.review.findings, key=contract_order)
        worst = sorted(
            (f for f in ordered if is_tension(f)),
            key=lambda f: (-f.severity, -f.confidence, contract_order(f)),
        )
        rank = {id(finding): n for n, finding in enumerate(worst[:MAX_TOP], 1)}
        return tuple(self._note(n, f, rank.get(id(f), 0)) for n, f in enumerate(ordered, 1))

    def _note(self, number: int, finding: Finding, top: int) -> Note:
        text = self.document.text
        start, end = find_sentence(self.document, self.clauses.get(finding.clause), finding)
        before, after = fold(text[start : finding.start]), fold(text[finding.end : end])
        known = self.overview.cautions if self.overview else ()
        return Note(
            number=number,
            finding=finding,
            clause=name_clause(self.clauses, finding.clause),
            place=describe_place(self.document, finding.start, finding.end),
            before=cut_middle(before, _AROUND) + (" " if before else ""),
            quoted=cut_middle(fold(text[finding.start : finding.end]), _QUOTED),
            after=self._space(finding.end) + cut_middle(after, _AROUND) if after else "",
            carrier=wording.name_carrier(finding),
            side=finding.burden if finding.burden in _SIDES else "other",
            level=pictures.name_level(finding),
            confidence=wording.name_confidence(finding.confidence),
            tests=tuple(_put_in_words(finding)),
            cautions=tuple(c for c in known if finding.code in c.codes),
            top=top,
        )

    def _space(self, place: int) -> str:
        return " " if self.document.text[place : place + 1].isspace() else ""

    @cached_property
    def top(self) -> tuple[Note, ...]:
        """The ten tensions to talk about first, the most severe first."""
        return tuple(sorted((n for n in self.notes if n.top), key=lambda n: n.top))

    @cached_property
    def tensions(self) -> int:
        """How many findings are tensions, not credit."""
        return sum(is_tension(note.finding) for note in self.notes)

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many notes each choice of a filter would show."""
        families = dict.fromkeys(pictures.FAMILIES, 0)
        levels = {str(n): 0 for n in (5, 4, 3, 2, 1)}
        sides = {"supplier": 0, "customer": 0, "other": 0}
        for note in self.notes:
            families[note.finding.family] += 1
            sides[note.side] += 1
            if is_tension(note.finding):
                levels[str(note.finding.severity)] += 1
        return {"family": families, "level": levels, "side": sides}

    @cached_property
    def names(self) -> dict[str, str]:
        """What each side is called in this contract."""
        names = {side: side.capitalize() for side in _SIDES}
        for party in reversed(self.review.parties):
            if party.role in names:
                shown = party.name
                same = shown.lower() == party.role
                names[party.role] = shown if same else f"{shown} ({party.role})"
        return {**names, "other": "Both, or not resolved"}

    @cached_property
    def accepted(self) -> list[Finding]:
        """What someone decided to let stand, in contract order."""
        return sorted(self.review.accepted, key=contract_order)

    @cached_property
    def lapsed(self) -> tuple[Unused, ...]:
        """The acceptances to look at again."""
        return list_lapsed(self.review)

    # The contract

    @cached_property
    def rows(self) -> tuple[Shown, ...]:
        """The whole text, one row a clause, with the notes that belong to it."""
        notes = self.notes
        rows = cut_rows(self.review, [(n.finding.start, n.finding.end) for n in notes])
        here = {row.clause.id for row in rows if row.clause is not None}
        by_clause: dict[str, list[Note]] = {}
        for note in notes:
            key = note.finding.clause
            by_clause.setdefault(key if key in here else _find_row(rows, note), []).append(note)
        balanced: dict[str, list[Balanced]] = {}
        for item in self.balanced:
            balanced.setdefault(item.clause, []).append(item)
        return tuple(self._show(row, notes, by_clause, balanced) for row in rows)

    def _show(
        self,
        row: Row,
        notes: Sequence[Note],
        by_clause: Mapping[str, Sequence[Note]],
        balanced: Mapping[str, Sequence[Balanced]],
    ) -> Shown:
        clause = row.clause
        key = clause.id if clause is not None else f"x{row.start}"
        label = clause.label if clause is not None else ""
        # A number that Word prints stands in no text; one that was typed is there already.
        if label and fold(self.document.text[row.start : row.end]).startswith(label):
            label = ""
        pieces = []
        for place, piece in enumerate(row.pieces):
            covering = [notes[n] for n in piece.findings]
            gravest = min(covering, key=_gravity, default=None)
            following = row.pieces[place + 1].findings if place + 1 < len(row.pieces) else ()
            ended = tuple(n for n in covering if n.number - 1 not in following)
            ended = tuple(n for n in ended if n.finding.end <= row.end)
            pieces.append((piece, gravest, ended))
        return Shown(
            row,
            label,
            min(clause.level, 4) if clause is not None else 0,
            _name_kind(clause, row),
            clause is None,
            tuple(pieces),
            tuple(by_clause.get(key, ())),
            tuple(balanced.get(key, ())),
        )

    @cached_property
    def quiet_rows(self) -> int:
        """How many rows have no note."""
        return sum(not shown.notes for shown in self.rows)

    # The document as a whole

    @cached_property
    def facts(self) -> list[tuple[str, str]]:
        """What the reader says of the source, each with a name."""
        return [(name.capitalize(), value) for name, value in self.document.facts]

    @cached_property
    def law(self) -> tuple[str, str]:
        """The words on governing law and their place; empty when none was recognised."""
        span = self.review.governing_law
        if span is None:
            return "", ""
        words = cut_middle(fold(self.document.text[slice(*span)]), _LAW)
        return words, describe_place(self.document, *span)

    @cached_property
    def strip(self) -> pictures.Strip:
        """The picture of the whole contract."""
        rows = [shown.row for shown in self.rows]
        return pictures.draw_strip(self.review, rows, [note.finding for note in self.notes])

    @cached_property
    def articles(self) -> list[pictures.Article]:
        """The articles that hold findings."""
        return pictures.count_articles(self.clauses, [note.finding for note in self.notes])

    @cached_property
    def balance(self) -> pictures.BalanceBar | None:
        """The picture of the balance, or ``None`` when there is none."""
        return pictures.draw_balance(self.review.balance) if self.review.balance else None

    @cached_property
    def balanced(self) -> tuple[Balanced, ...]:
        """What was found balanced, in contract order."""
        return tuple(
            sorted(self.review.balanced, key=lambda b: (b.start, b.end, b.code, b.clause, b.note))
        )

    @cached_property
    def shares(self) -> dict[str, int]:
        """Per cent of each sourcing model, and of each value stance."""
        if self.overview is None:
            return {}
        groups = (self.overview.sourcing.shares, self.overview.stance.shares)
        merged: dict[str, int] = {}
        for group in groups:
            merged.update(pictures.round_shares({share.name: share.value for share in group}))
        return merged

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """Documents that the text refers to and does not hold."""
        return self.overview.missing if self.overview else ()

    @cached_property
    def talk(self) -> tuple[TalkPoint, ...]:
        """Points for both parties: those that no clause lays yet first, then contract order."""
        points = self.overview.talk if self.overview else ()
        return tuple(sorted(points, key=lambda p: (p.clause is not None, p.start, p.end)))

    @cached_property
    def gaps(self) -> list[tuple[str, str, str]]:
        """What was not read or done: what, where, and what to do; each said once."""
        told = {(gap.where, gap.advice) for gap in self.document.unread}
        problems = [
            (f"{p.message.rstrip('.')} [{p.code}]", p.where, p.advice)
            for p in self.review.problems
            if (p.where, p.advice) not in told
        ]
        unread = [(f"Not read: {g.what}", g.where, g.advice) for g in self.document.unread]
        return problems + unread

    # Small lookups for the templates

    def tell(self, line: Line, title: str) -> str:
        """Return a line of the bottom line without the title that stands beside it already."""
        text = line.text
        if text.lower().startswith(title.lower()):
            text = text[len(title) :].lstrip(" :")
        return text[:1].upper() + text[1:]

    def name(self, clause_id: str) -> str:
        """Return the path of a clause in one line."""
        return name_clause(self.clauses, clause_id)

    def place(self, item: Quotation | Balanced | TalkPoint) -> str:
        """Return where the words stand in the source."""
        return describe_place(self.document, item.start, item.end)

    def quote(self, item: Quotation | Balanced | TalkPoint, limit: int = 260) -> str:
        """Return the words, cut in the middle when they are long."""
        return cut_middle(fold(self.document.text[item.start : item.end]), limit)

    def target(self, clause_id: str | None) -> str:
        """Return the id of the row of a clause, or an empty text when it has none."""
        return f"{self.prefix}{clause_id}" if clause_id in self.row_ids else ""

    @cached_property
    def row_ids(self) -> frozenset[str]:
        """The clauses that have a row of their own."""
        return frozenset(s.row.clause.id for s in self.rows if s.row.clause is not None)


def _name_kind(clause: Clause | None, row: Row) -> str:
    if clause is None or not clause.heading:
        return ""
    if row.end - row.start > len(clause.label) + len(clause.heading) + 4:
        return ""
    body = clause.kind in ("operative", "schedule")
    return "article" if body and pictures.is_article(clause) else "title"


def _gravity(note: Note) -> tuple[bool, int, int]:
    return (note.finding.family == "CO", -note.finding.severity, note.number)


def _find_row(rows: Sequence[Row], note: Note) -> str:
    """Return the key of the row in which a finding begins whose own clause has no row."""
    for row in rows:
        if row.start <= note.finding.start < row.end:
            return row.clause.id if row.clause is not None else f"x{row.start}"
    return ""


def _put_in_words(finding: Finding) -> list[TestLine]:
    lines = []
    for test in finding.tests:
        known = wording.TEST_WORDS.get(test.name)
        words = known[test.value] if known else test.note
        note = test.note if test.note not in ("", words, "silent") else ""
        lines.append(TestLine(test.name, test.value, words, note))
    return lines
