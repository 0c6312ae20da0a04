"""One marked copy of a Word file under construction.

Comes in: tracked changes, comments and new paragraphs, each with its place in the story. Goes out:
the bytes of the parts that change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clausecheck.markup.word_paragraphs import write_paragraphs
from clausecheck.markup.word_parts import Styles, write_comments
from clausecheck.markup.word_runs import (
    ANY_ID,
    CLOSING,
    NEW_WORDS,
    OPENING,
    RunPlan,
    measure_run,
    read_plain_properties,
    rewrite_run,
)
from clausecheck.markup.word_xml import Writer
from clausecheck.read.word_names import FIELD_MARK, FIELD_TYPE, PARAGRAPH, RUN, STRICT, W
from clausecheck.records import Note

if TYPE_CHECKING:
    from lxml.etree import _Element

    from clausecheck.markup.word_changes import TrackedChange
    from clausecheck.markup.word_story import Paragraph, Piece, Story
    from clausecheck.read.word_package import Package
    from clausecheck.records import Insertion

_CONTROL, _CONTENT = f"{W}sdt", f"{W}sdtContent"
# Ids are 32-bit numbers; a file may already use the highest.
_HIGHEST = 2**31 - 1_000_000


@dataclass(frozen=True, slots=True)
class Author:
    """Who is shown as the author of comments and changes; ``date`` is ISO 8601, or empty."""

    name: str = "clausecheck"
    initials: str = "CC"
    date: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a comment is anchored: on pieces of runs, or at one run that it hangs on."""

    pieces: tuple[Piece, ...] = ()
    host: tuple[Paragraph, _Element] | None = None


class WordCopy:
    """Collects what is to be written into the main story, and writes it."""

    def __init__(self, story: Story, package: Package, author: Author) -> None:
        self._story, self._package, self._author = story, package, author
        self._strict = STRICT[1:-1] in story.root.nsmap.values()
        self._xml = Writer(story.root.nsmap, strict=self._strict)
        self._styles = Styles(package, story.part)
        self._ids = _count_free(story.find_used_ids())
        self._signed = {"author": author.name} | ({"date": author.date} if author.date else {})
        self._runs: dict[int, RunPlan] = {}
        # (place in the bytes, rank, bytes to put in there)
        self._between: list[tuple[int, int, bytes]] = []
        self._comments: list[tuple[int, Note]] = []

    def change(self, change: TrackedChange, text: str) -> None:
        """Delete the words of ``change`` and insert ``text``, both tracked."""
        for paragraph, run, characters in change.deleted:
            plan = self._plan_run(paragraph, run)
            if characters is None:
                plan.all_deleted = True
            else:
                plan.deleted.append(characters)
        paragraph = change.model.paragraph
        looks = read_plain_properties(self._story, paragraph, change.model.run).decode()
        new = self._insert(self._xml.wrap("r", looks + self._xml.text(text)))
        if change.reopen is not None:
            head = self._story.read_head(paragraph.numbers[change.reopen])
            name = head[1:].split(None, 1)[0].rstrip(b">")
            again = ANY_ID.sub(lambda _: b'id="%d"' % self._next_id(), head)
            new = b"</" + name + b">" + new + again
        if change.at is not None:
            self._plan_run(paragraph, change.behind).marks.append((change.at, NEW_WORDS, new))
        else:
            self._put_behind(paragraph, change.behind, NEW_WORDS, new)

    def comment(self, note: Note, spot: Spot) -> None:
        """Add a comment at ``spot``."""
        number = self._next_id()
        self._comments.append((number, note))
        if spot.host is not None:
            self._put_behind(*spot.host, CLOSING, self._refer(number, *spot.host))
            return
        first, last = spot.pieces[0], spot.pieces[-1]
        reference = self._refer(number, last.paragraph, last.run)
        begin = self._xml.empty("commentRangeStart", id=str(number)).encode()
        end = self._xml.empty("commentRangeEnd", id=str(number)).encode() + reference
        around = _find_edge(first, backwards=True) if first.start == 0 else None
        if around is None:
            self._plan_run(first.paragraph, first.run).marks.append((first.start, OPENING, begin))
        else:
            at = self._story.locate(first.paragraph.numbers[around])[0]
            self._between.append((at, OPENING, begin))
        whole = last.end == measure_run(last.run)
        around = _find_edge(last, backwards=False) if whole else None
        if around is None:
            self._plan_run(last.paragraph, last.run).marks.append((last.end, CLOSING, end))
        else:
            self._put_behind(last.paragraph, around, CLOSING, end)

    def _refer(self, number: int, paragraph: Paragraph, run: _Element) -> bytes:
        """Return the run with a comment's sign, in the looks of ``run``: no line grows by it."""
        looks = read_plain_properties(self._story, paragraph, run).decode()
        sign = self._xml.empty("commentReference", id=str(number))
        return self._xml.wrap("r", looks + sign).encode()

    def insert(self, behind: Piece, insertion: Insertion) -> None:
        """Insert new paragraphs, tracked, behind the one in which ``behind`` stands."""
        paragraph = behind.paragraph
        number = None
        if insertion.note:
            number = self._next_id()
            self._comments.append((number, Note(insertion.after, insertion.after, insertion.note)))
        new = write_paragraphs(
            self._story,
            behind,
            insertion.paragraphs,
            xml=self._xml,
            insert=lambda content: self._insert(content).decode(),
            mark=lambda: self._xml.empty("ins", id=str(self._next_id()), **self._signed),
            comment=number,
            looks=self._styles.mark_reference(self._xml),
        )
        at = self._story.locate(paragraph.numbers[paragraph.element])[1]
        self._between.append((at, NEW_WORDS, new.encode()))

    def finish(self) -> dict[str, bytes]:
        """Return the parts that change with their new bytes; none if nothing was added."""
        if not (self._runs or self._between):
            return {}
        parts = {self._story.part: self._splice()}
        if self._comments:
            signed = self._signed | {"initials": self._author.initials}
            parts |= write_comments(
                self._package,
                self._story.part,
                self._comments,
                styles=self._styles,
                strict=self._strict,
                author=signed,
            )
        return parts

    def _splice(self) -> bytes:
        raw = self._story.raw
        steps = [(at, rank, index, at, new) for index, (at, rank, new) in enumerate(self._between)]
        for number, plan in sorted(self._runs.items()):
            start, end = self._story.locate(number)
            new = rewrite_run(self._story, plan, delete=self._delete, new_id=self._next_id)
            steps.append((start, OPENING + 1, number, end, new))
        out = []
        done = 0
        for start, _, _, end, new in sorted(steps, key=lambda step: step[:3]):
            out += [raw[done:start], new]
            done = end
        return b"".join([*out, raw[done:]])

    def _plan_run(self, paragraph: Paragraph, run: _Element) -> RunPlan:
        number = paragraph.numbers[run]
        return self._runs.setdefault(number, RunPlan(paragraph, run))

    def _put_behind(self, paragraph: Paragraph, element: _Element, rank: int, new: bytes) -> None:
        at = self._story.locate(paragraph.numbers[element])[1]
        self._between.append((at, rank, new))

    def _insert(self, content: str) -> bytes:
        return self._xml.wrap("ins", content, id=str(self._next_id()), **self._signed).encode()

    def _delete(self, piece: bytes) -> bytes:
        head = self._xml.open("del", id=str(self._next_id()), **self._signed)
        return head.encode() + piece + self._xml.close("del").encode()

    def _next_id(self) -> int:
        return next(self._ids)


def _count_free(used: set[int]) -> Iterator[int]:
    """Yield numbers that no annotation of the file has, upwards."""
    highest = max(used, default=-1)
    number = highest + 1 if highest < _HIGHEST else 0
    while True:
        if number not in used:
            yield number
        number += 1


def _find_edge(piece: Piece, *, backwards: bool) -> _Element | None:
    """Return the element at whose edge a comment goes, if not at the edge of the piece's run.

    A comment that begins or ends in a field's result would make LibreOffice show the field anew.
    """
    field = _leave_field(piece, backwards=backwards)
    inner = piece.run if field is None else field
    control = _leave_control(inner, backwards=backwards)
    return field if control is None else control


def _leave_field(piece: Piece, *, backwards: bool) -> _Element | None:
    """Return the first, or last, run of the outermost field at the edge of whose result it is."""
    runs = piece.paragraph.runs
    at = runs.index(piece.run)
    beside = reversed(runs[:at]) if backwards else runs[at + 1 :]
    found, depth = None, 0
    for run in beside:
        if not depth and measure_run(run):
            break
        kinds = [mark.get(FIELD_TYPE) for mark in run.iterchildren(FIELD_MARK)]
        for kind in reversed(kinds) if backwards else kinds:
            if not backwards:
                if kind != "end":
                    return found
                found = run
            elif kind == "separate":
                depth += 1
            elif kind == "begin" and depth:
                depth -= 1
                found = found if depth else run
            elif not depth:
                return found
    return found


def _leave_control(run: _Element, *, backwards: bool) -> _Element | None:
    """Return the outermost content control within the paragraph at whose edge ``run`` stands.

    A control that holds plain text or is filled from data takes no comment inside; at its edge the
    words under the comment are the same.
    """
    found = None
    element = run
    while True:
        parent = element.getparent()
        if parent is None or parent.tag == PARAGRAPH:
            return found
        siblings = element.itersiblings(preceding=backwards)
        if any(next(other.iter(RUN), None) is not None for other in siblings):
            return found
        element = parent
        if parent.tag == _CONTENT:
            control = parent.getparent()
            if control is None or control.tag != _CONTROL:
                return found
            found = element = control
