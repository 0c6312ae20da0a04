"""Decide which labels are clauses and what stands below what, by the sequence of the numbers.

Comes in: candidates, one after another. Goes out: a placement (reading, depth) or a refusal.
The stack of open series is bounded, so a hostile document costs no more than an honest one.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from clausecheck.segment.headings import is_heading
from clausecheck.segment.labels import Label, Reading
from clausecheck.segment.pieces import INLINE, LINE, PARAGRAPH

DEEPEST = 24
SURE, FIRST, SKIPPED, ODD = 3, 2, 1, 0
TITLE = "T"  # what precedes a candidate: the words of a heading, with no stop after them

_RANKS = {"schedule": 0, "part": 1, "article": 2, "section": 3, "clause": 4, "paragraph": 5}
NAMED = ("schedule", "part", "article", "section", "clause", "paragraph", "task")
_REFERENCE = re.compile(
    r"\s*(?:[,;)]|(?:of|above|below|hereof|thereof|or|through|to|and)\b|\bin\b\s(?:this|the))"
)
_UPPER = re.compile(r"\s*[\"“]?[A-Z]")
# A sentence of its own: "(b) Either Party may terminate" after a comma that should be a stop.
_SUBJECT = re.compile(r"\s*[A-Z][^.,;:]{2,80}?\s(?:shall|will|may|must|agrees?|is|are|has|have)\s")
_CAPITAL = re.compile(r"\s*(?:[\"“‘(\[_*]{0,3}[A-Z]|\[|\Z)")


class Frame(NamedTuple):
    """An open series: its scheme, last path, the clause it stands for and Word's list level.

    ``held`` are the series that an unnumbered heading closed; a number that continues one of them
    shows that the heading stood inside a clause (a caption of a table), and opens it again.
    """

    scheme: str
    path: tuple[int, ...]
    clause: int
    level: int | None = None
    held: tuple[Frame, ...] = ()


class Candidate(NamedTuple):
    """A label that may open a clause: where, how strong the break before it is, what precedes.

    ``headed`` says that nothing but a heading stands between the label before and this one,
    ``firm`` that the line cannot have begun there by wrapping.
    """

    start: int
    label: Label
    strength: int
    before: str
    auto: bool = False
    level: int | None = None
    headed: bool = False
    firm: bool = False


class Placement(NamedTuple):
    """Where an accepted label goes: its reading, how many frames stay, which are opened again."""

    reading: Reading
    keep: int
    again: tuple[Frame, ...] = ()


def is_list(scheme: str) -> bool:
    """Tell whether a scheme numbers list items, below which no unnumbered paragraph stands."""
    return scheme[0] == "(" or scheme[-1] == ")" or scheme in ("a.", "i.", "bullet", "plain")


def is_dotted(scheme: str) -> bool:
    """Tell whether a scheme's path names the numbers above it ("5.3" is below "5")."""
    return scheme.startswith(("dec", "section", "article", "clause", "paragraph", "letter"))


class Outline:
    """The open series at one point of a document."""

    def __init__(self) -> None:
        self.stack: list[Frame] = []
        self.closed: dict[str, tuple[tuple[int, ...], int]] = {}

    def judge(self, reading: Reading, level: int | None, *, lead_in: bool) -> tuple[int, int]:
        """Return how well ``reading`` follows (SURE to ODD) and how many frames would stay."""
        scheme, path = reading
        if scheme == "schedule":
            return FIRST, 0
        if scheme == "bullet":
            return self._judge_bullet(path, level)
        value, prefix = path[-1], path[:-1]
        backwards = None
        for position in range(len(self.stack) - 1, -1, -1):
            frame = self.stack[position]
            if frame.scheme != scheme or (level is not None and frame.level not in (None, level)):
                continue
            if frame.path[:-1] != prefix:
                backwards = position
                break
            last = frame.path[-1]
            if value == last + 1 or (value == last and scheme[:3] == "dec" and value > 1):
                return (SURE if value > last else SKIPPED), position
            if value == 1 and lead_in and position < len(self.stack) - 1:
                return FIRST, self._below(reading, level, lead_in=lead_in)
            if last < value <= last + 4:
                return SKIPPED, position
            if backwards is None:
                backwards = position
        if backwards is not None:
            return self._restart(reading, backwards)
        keep = self._below(reading, level, lead_in=lead_in)
        if (depth := self._find_closed(reading)) is not None:
            # It ends what began below it, but not a heading that stands above both.
            while depth < keep and self.stack[depth].scheme == "head":
                depth += 1
            return SURE, keep if prefix else min(keep, depth)
        if value == 1 or (value == 0 and scheme[:3] == "dec"):
            return FIRST, keep
        parent = self.stack[keep - 1] if keep else None
        if prefix and parent is not None and parent.path == prefix and value <= 4:
            return SKIPPED, keep
        return ODD, keep

    def _judge_bullet(self, path: tuple[int, ...], level: int | None) -> tuple[int, int]:
        """Tell by Word's level, or else by its look, at which level a bullet stands."""
        keep = len(self.stack)
        for position in range(len(self.stack) - 1, -1, -1):
            frame = self.stack[position]
            if frame.scheme != "bullet":
                return FIRST, max(keep, position + 1)
            if level is None or frame.level is None:
                if frame.path == path:
                    return FIRST, position
            elif frame.level >= level:
                keep = position
            else:
                return FIRST, keep
        return FIRST, keep

    def _restart(self, reading: Reading, position: int) -> tuple[int, int]:
        """Judge a label whose series is open at ``position`` with another prefix or value."""
        scheme, path = reading
        keep = position
        if is_dotted(scheme) and len(path) > 1:
            while keep and is_dotted(self.stack[keep - 1].scheme):
                above = self.stack[keep - 1].path
                if above == path[: len(above)]:
                    break
                keep -= 1
        old = self.stack[position].path
        if path[-1] in (0, 1):
            return FIRST, keep
        if path[:-1] > old[:-1]:
            return SKIPPED, keep
        return ODD, keep

    def _find_closed(self, reading: Reading) -> int | None:
        """Return how deep the closed series stood that ``reading`` goes on with, if any."""
        if is_list(reading.scheme) or reading.scheme not in self.closed:
            return None
        last, depth = self.closed[reading.scheme]
        follows = last[:-1] == reading.path[:-1] and last[-1] + 1 == reading.path[-1]
        return depth if follows else None

    def _below(self, reading: Reading, level: int | None, *, lead_in: bool) -> int:
        """Return how many frames stay when a series opens that is not open yet."""
        scheme, path = reading
        stack = self.stack
        # "3.1" stands below its article, whatever introduces it.
        nested = is_dotted(scheme) and len(path) > 1
        lead_in = lead_in and (path[-1] <= 1 or is_list(scheme)) and not scheme.startswith(NAMED)
        lead_in = lead_in and not nested
        rank = _RANKS.get(scheme)
        if rank is not None:
            keep = len(stack)
            while keep and _RANKS.get(stack[keep - 1].scheme, 9) >= rank:
                keep -= 1
            return keep
        if is_dotted(scheme) and len(path) > 1:
            for position in range(len(stack) - 1, -1, -1):
                frame = stack[position]
                if is_dotted(frame.scheme) and frame.path == path[: len(frame.path)]:
                    return position + 1
        keep = len(stack)
        if not lead_in:
            if level is not None:
                while keep and (stack[keep - 1].level or -1) >= level:
                    keep -= 1
            if not is_list(scheme):
                while keep and self._ends(stack[keep - 1], reading, level):
                    keep -= 1
        return keep

    @staticmethod
    def _ends(frame: Frame, reading: Reading, level: int | None) -> bool:
        """Tell whether an open series ends where a numbered clause of another series begins."""
        if is_list(frame.scheme):
            return True
        if level is not None and frame.level is not None and frame.level < level:
            return False
        deep = len(frame.path) >= len(reading.path) and frame.scheme[:3] in ("dec", "sec")
        return (
            deep
            and is_dotted(reading.scheme)
            and frame.scheme[:3] != "art"
            and (len(frame.path) > 1 or reading.scheme[:3] == frame.scheme[:3])
        )

    def make_room(self, placement: Placement) -> None:
        """Close what a label ends and open again what it continues."""
        self.cut(placement.keep)
        self.stack += placement.again
        if placement.reading.scheme == "schedule":
            self.closed.clear()

    def push_heading(self, depth: int, keep: int, clause: int) -> None:
        """Put an unnumbered heading on top of the first ``keep`` series and hold the others."""
        ended = self.stack[keep:]
        held = tuple(f for f in ended if is_dotted(f.scheme) or f.scheme[0] == "(")
        if not held:
            held = next((frame.held for frame in ended if frame.held), ())
        self.cut(keep)
        self.push(Frame("head", (depth,), clause, None, held))

    def _resume(self, reading: Reading) -> tuple[int, int, tuple[Frame, ...]] | None:
        """Judge a number that continues what a heading closed; ``None`` if it does not."""
        scheme, path = reading
        if scheme[0] == "(" and path[-1] > 1:
            return self._resume_list(reading)
        if not is_dotted(scheme) or len(path) < 2:
            return None
        for position in range(len(self.stack) - 1, -1, -1):
            frame = self.stack[position]
            if is_dotted(frame.scheme) and frame.path[: len(path) - 1] == path[: len(frame.path)]:
                return None
            for index in range(len(frame.held) - 1, -1, -1):
                held = frame.held[index]
                if held.scheme == scheme and held.path[:-1] == path[:-1]:
                    if 1 <= path[-1] - held.path[-1] <= 2:
                        return SURE, position, frame.held[:index]
                elif held.path == path[:-1] and path[-1] == 1:
                    return FIRST, position, frame.held[: index + 1]
        return None

    def _resume_list(self, reading: Reading) -> tuple[int, int, tuple[Frame, ...]] | None:
        """Judge an item like "(b)" after a heading, or what looked like one, inside its list."""
        for position in range(len(self.stack) - 1, -1, -1):
            frame = self.stack[position]
            if frame.scheme == reading.scheme:
                return None
            for index in range(len(frame.held) - 1, -1, -1):
                held = frame.held[index]
                if held.scheme == reading.scheme and reading.path[-1] == held.path[-1] + 1:
                    return SURE, position, frame.held[:index]
        return None

    def push(self, frame: Frame) -> None:
        """Open a series on top of the others, or in place of the last one at the greatest depth."""
        self.cut(min(len(self.stack), DEEPEST - 1))
        self.stack.append(frame)

    def cut(self, keep: int) -> None:
        """Close all series but the first ``keep``."""
        for depth, frame in enumerate(self.stack[keep:], keep):
            self.closed[frame.scheme] = frame.path, depth
        del self.stack[keep:]

    def choose(
        self,
        candidate: Candidate,
        text: str,
        end: int,
        ahead: dict[str, int],
        *,
        lead_in: bool,
    ) -> Placement | None:
        """Return where a candidate goes, or ``None`` when it is no label of a clause.

        ``ahead`` gives for each scheme of the label how strong the break before its successor is.
        """
        best: tuple[int, int, int] | None = None
        chosen: Placement | None = None
        judged = ODD
        readings = candidate.label.readings
        for order, reading in enumerate(readings):
            level = candidate.level if candidate.auto else None
            again: tuple[Frame, ...] = ()
            resumed = self._resume(reading)
            if resumed is not None:
                sure, keep, again = resumed
            else:
                sure, keep = self.judge(reading, level, lead_in=lead_in)
            # A letter that is roman one too: what follows in either series decides.
            goes_on = sure >= FIRST and ahead.get(reading.scheme, -1) >= INLINE
            bonus = 2 if goes_on and len(readings) > 1 else 0
            keep = min(keep, DEEPEST - 1)
            rank = (sure + bonus, keep, -order)
            if best is None or rank > best:
                best, chosen, judged = rank, Placement(reading, keep, again), sure
        if chosen is None:
            return None
        if candidate.auto:
            return chosen
        accepted = self._accepts(candidate, chosen.reading, judged, text, end, ahead)
        return chosen if accepted else None

    def _accepts(
        self,
        candidate: Candidate,
        reading: Reading,
        sure: int,
        text: str,
        end: int,
        ahead: dict[str, int],
    ) -> bool:
        label, strength, before = candidate.label, candidate.strength, candidate.before
        scheme = reading.scheme
        alone = label.end >= end
        if scheme in ("bullet", "head"):
            return strength >= LINE
        capital = _CAPITAL.match(text, label.end, end) is not None
        stopped = label.printed[-1:] in ".):" or label.printed.endswith(".0")
        if (
            not alone
            and _REFERENCE.match(text, label.end, end)
            and (strength < PARAGRAPH or scheme[:3] not in ("(a)", "(i)"))
        ):
            # "8.2.4 to take any action" after "...;" goes on with the series all the same.
            deep = sure == SURE and len(reading.path) > 1
            if not deep or (strength < PARAGRAPH and (strength < LINE or before not in ".;:")):
                return False
        goes_on = ahead.get(scheme, -1)
        if scheme.startswith(NAMED):
            if strength == LINE and before not in ".;:":
                return False
            if not alone and not capital and text[label.end : end].lstrip()[:1] not in "-–—:.":
                return False
            if strength == INLINE:
                return (
                    scheme != "schedule"
                    and (stopped or scheme == "article" or len(reading.path) > 1)
                    and _UPPER.match(text, label.end, end) is not None
                    and (sure == SURE or (sure == FIRST and goes_on >= INLINE))
                )
            return strength == PARAGRAPH or sure >= SKIPPED
        if scheme == "dec1" and not stopped and not alone:
            # "12 months" and "30 days" are no labels; "12 Notices" may be.
            if not capital or strength < LINE:
                return False
            if sure == SKIPPED and goes_on > INLINE:
                return is_heading(text, label.end + 1, end, numbered=True)
            if sure == ODD and goes_on > INLINE and strength == PARAGRAPH:
                # An excerpt may begin with "3 FEES", if "4" follows.
                titled = text[label.end : end].isupper()
                return titled and is_heading(text, label.end + 1, end, numbered=True)
            return sure == SURE or (sure == FIRST and goes_on > INLINE)
        if scheme[:3] == "dec" and not alone and not capital and sure < SURE:
            listed = goes_on > INLINE or before in ":;"
            plain = scheme != "dec1" and strength == PARAGRAPH
            return sure >= FIRST and (plain or (listed and strength >= LINE))
        if scheme in ("A.", "I.") and sure < SURE and not (sure == FIRST and goes_on > INLINE):
            return sure >= SKIPPED and strength == PARAGRAPH
        if strength == PARAGRAPH:
            return sure > ODD or is_list(scheme) or (reading.path[-1] <= 150)
        if strength == LINE:
            if sure == SURE:
                return before != ""
            if is_list(scheme) and not candidate.firm and goes_on <= INLINE and before != ":":
                # A wrapped line may begin with an item of a list inside its sentence.
                return False
            return before in ".;:," and (sure >= FIRST or (before != "," and capital and stopped))
        if scheme[:3] == "dec" and not capital:
            return False
        if before == ",":
            return sure == SURE and _SUBJECT.match(text, label.end, end) is not None
        if before == TITLE:
            return sure == SURE and goes_on >= INLINE
        if before not in ".;:!" or not before:
            return False
        if sure == SURE:
            return True
        if sure < FIRST and scheme[:3] == "dec" and len(reading.path) > 1 and before == ".":
            # "1.2" with "1.3" to follow: the first numbers of the series were not recognised.
            return goes_on >= INLINE
        if sure == FIRST and is_list(scheme) and before == "." and capital:
            # An item that is a sentence of its own, not one of a list inside a sentence.
            return goes_on >= INLINE or (candidate.headed and reading.path[-1] == 1)
        if sure == FIRST and candidate.headed and len(reading.path) > 1 and reading.path[-1] == 1:
            return True
        needed = LINE if is_list(scheme) else INLINE
        return sure == FIRST and goes_on >= needed
