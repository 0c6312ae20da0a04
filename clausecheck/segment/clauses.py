"""Cut a document into its clauses.

Comes in: a Document. Goes out: a flat tuple of Clause records that form a tree through ``parent``;
every character but white space is in exactly one clause, furniture apart.
"""

from __future__ import annotations

import re
from collections import Counter

from clausecheck.records import Clause, Document
from clausecheck.segment.cuts import Cut, find_cuts, find_heading, look_ahead, skip_space
from clausecheck.segment.drafts import Draft, merge_furniture, number_clauses
from clausecheck.segment.furniture import mark_furniture
from clausecheck.segment.headings import (
    is_heading,
    may_caption,
    reads_on,
    trim_heading,
)
from clausecheck.segment.kinds import KindReader, is_numbered
from clausecheck.segment.labels import Label
from clausecheck.segment.lines import collect_lines
from clausecheck.segment.outline import Candidate, Frame, Outline, Placement, is_list
from clausecheck.segment.owners import LEAD_IN, find_owner, introduces, keep_for_heading
from clausecheck.segment.pieces import (
    LINE,
    PARAGRAPH,
    group_lines,
    resolve_numbers,
    split_gaps,
    split_pages,
)

_TITLE = re.compile(
    r"\b(?:agreement|contract|deed|terms and conditions|amendment|addendum)\b", re.IGNORECASE
)
_AGREE = re.compile(r"\bagree[ds]?\b", re.IGNORECASE)
_BODY = 120
_COVER = 60
_TITLE_LINES = 3
_RECURS = 3
_SCHEDULE_LONGEST = 160
_ACRONYM = 3
_BELOW_LEVELS = 10  # headings that only look like one stand below those of a style
_TYPED = -1  # a table that is typed with tabs


def split_clauses(document: Document) -> tuple[Clause, ...]:
    r"""Return the clauses of ``document`` in reading order, with ids "c1", "c2" and so on.

    >>> text = "1. Fees. Customer shall pay:\n(a) the price; and\n(b) tax."
    >>> clauses = split_clauses(Document("a.txt", "text/plain", "", text))
    >>> [(c.label, c.heading, c.parent, c.level) for c in clauses]
    [('1.', 'Fees', None, 0), ('(a)', '', 'c1', 1), ('(b)', '', 'c1', 1)]
    """
    text = document.text
    lines = split_gaps(text, split_pages(text, collect_lines(document)))
    mark_furniture(text, lines)
    resolve_numbers(text, lines)
    cuts = [cut for piece in group_lines(text, lines) for cut in find_cuts(text, piece)]
    look_ahead(cuts)
    drafts = _Builder(text).build(cuts)
    return number_clauses(text, drafts, merge_furniture(text, lines))


class _Builder:
    """Walks the cuts in order and keeps the outline and the clause that is open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.outline = Outline()
        self.kinds = KindReader(text)
        self.drafts: list[Draft] = []
        self.pending = False
        self.body = False
        self.row_table: int | None = None
        self.levels: Counter[int] = Counter()
        self.topmost = self.titles = 0
        self.named: set[str] = set()
        self.captions: frozenset[str] = frozenset()
        self.following: Cut | None = None

    def build(self, cuts: list[Cut]) -> list[Draft]:
        """Return the drafts of all clauses but the furniture."""
        for cut in cuts:
            line = cut.piece.line
            if line.style != "heading" or line.level is None or cut.start != line.start:
                continue
            if not reads_on(self.text, cut.start, cut.end):
                self.levels[line.level] += 1
        self.topmost = self._count_topmost(cuts)
        self.captions = self._find_captions(cuts)
        for cut, following in zip(cuts, [*cuts[1:], None], strict=False):
            self.following = following
            self._take(cut)
        self._mark_cover()
        return self.drafts

    def _count_topmost(self, cuts: list[Cut]) -> int:
        """Return how many headings open the document that are set as no heading below them is.

        Where a heading's look tells no depth, the first one names the document all the same.
        """
        plain = [
            cut.piece.line
            for cut in cuts
            if cut.candidate is None
            and cut.start == cut.piece.start
            and cut.piece.line.style == "heading"
            and not reads_on(self.text, cut.start, cut.end)
        ]
        if not cuts or not plain or plain[0] is not cuts[0].piece.line or not plain[0].whole:
            return 0
        level = plain[0].level
        opening = sum(
            cut.piece.line is line and line.level == level
            for cut, line in zip(cuts[:_TITLE_LINES], plain, strict=False)
        )
        if opening == sum(line.level == level for line in plain):
            return opening
        return 1 if level is None else 0

    def _find_captions(self, cuts: list[Cut]) -> frozenset[str]:
        """Return the headings that recur, each time right below another: they stand below it."""
        found: Counter[str] = Counter()
        apart: set[str] = set()
        before = ""
        for cut in cuts:
            words = ""
            if cut.candidate is None and cut.piece.line.style == "heading":
                words = self.text[cut.start : cut.end].strip(" .:").casefold()
            if words:
                found[words] += 1
                if not before or before == words:
                    apart.add(words)
            before = words
        return frozenset(w for w, count in found.items() if count >= _RECURS and w not in apart)

    def _mark_cover(self) -> None:
        """Give the title and cover above the preamble its kind."""
        for position, draft in enumerate(self.drafts[:_COVER]):
            if draft.kind == "recital" and draft.scheme == "plain":
                for above in self.drafts[:position]:
                    above.kind = "recital"
                return
            if draft.scheme not in ("plain", "head"):
                return

    def _take(self, cut: Cut) -> None:
        first = cut.start == cut.piece.start
        if cut.candidate is not None:
            placement = self._place(cut, cut.candidate)
            if placement is not None:
                self._open_labelled(cut, cut.candidate, placement)
                return
        if not first:
            if cut.fixed:
                self._end_at(cut.start)
                self._open_plain(cut)
            return
        joins = cut.candidate is not None and cut.piece.strength == LINE
        if self.drafts and (joins or (self.pending and self._takes_over(cut))):
            self._extend(cut)
            return
        self._open_unlabelled(cut)

    def _place(self, cut: Cut, candidate: Candidate) -> Placement | None:
        piece, label = cut.piece, candidate.label
        end = piece.ranges[0][1] if cut.start < piece.ranges[0][1] else cut.end
        if label.family == "head" and not label.printed:
            return None
        if (
            label.family == "schedule"
            and not candidate.auto
            and not self._is_schedule(cut, label, end)
        ):
            return None
        if self._counts_rows(cut, candidate):
            return None
        # "The parties agree to the following:" introduces the terms, not a list inside one.
        lead_in = bool(self.drafts) and self._ends_open() and not self._opens_terms()
        if cut.start != piece.start and self.drafts and self.drafts[-1].end > cut.start:
            draft = self.drafts[-1]
            open_text = self.text[max(draft.start, cut.start - 6) : cut.start].rstrip()
            lead_in = open_text.endswith(LEAD_IN)
        return self.outline.choose(candidate, self.text, end, cut.ahead, lead_in=lead_in)

    def _counts_rows(self, cut: Cut, candidate: Candidate) -> bool:
        """Tell whether a bare number in a table counts its rows, not the clauses.

        A contract may stand in a table, numbers in its first column; then they go on from row to
        row. Numbers that do not continue what is open above the table count the rows.
        """
        label, cell = candidate.label, cut.piece.line.cell
        if candidate.auto or label.family != "dec1" or not label.printed.isdigit():
            return False
        if cell is None and self.text.count("\t", label.end, cut.piece.line.end) < 2:
            return False
        table = cell[0] if cell is not None else _TYPED
        if table != self.row_table:
            frames = [frame for frame in self.outline.stack if frame.scheme == "dec1"]
            inside = bool(frames) and frames[-1].path[0] + 1 != label.readings[0].path[0]
            if not inside:
                return False
            self.row_table = table
        return True

    def _is_schedule(self, cut: Cut, label: Label, end: int) -> bool:
        if cut.start != cut.piece.start or cut.piece.end - cut.start > _SCHEDULE_LONGEST:
            return False
        rest = skip_space(self.text, label.end, end)
        while rest < end and self.text[rest] in "-–—:. \t":
            rest += 1
        if self.kinds.operative > cut.start and not self.body:
            return False
        if not self.drafts and len(label.readings[0].path) > 1:
            # "Exhibit 10.4 SUPPLY AGREEMENT" is where a filing keeps the contract.
            return False
        if rest >= end or label.printed.isupper():
            return True
        # "Schedule 1 Scope and limits" is written in sentence case too.
        return is_heading(self.text, rest, end, numbered=cut.piece.strength == PARAGRAPH)

    def _opens_terms(self) -> bool:
        draft = self.drafts[-1]
        words = self.text[max(draft.start, draft.end - 200) : draft.end]
        return not self.kinds.started and _AGREE.search(words) is not None

    def _ends_open(self) -> bool:
        if not self.drafts:
            return False
        draft = self.drafts[-1]
        if draft.start <= self.kinds.operative < draft.end:
            return False
        return (
            self.text[max(draft.start, draft.end - 3) : draft.end].rstrip('"”* ').endswith(LEAD_IN)
        )

    def _takes_over(self, cut: Cut) -> bool:
        """Tell whether a paragraph goes on with a label that stood alone on its line."""
        last = self.drafts[-1]
        line = cut.piece.line
        if last.scheme in ("article", "schedule", "part", "section", "clause", "paragraph"):
            fits = is_heading(self.text, cut.start, cut.end, numbered=True)
            fits = fits or line.style == "heading"
            return fits and cut.end - cut.start <= _BODY
        return True

    def _extend(self, cut: Cut) -> None:
        last = self.drafts[-1]
        last.end = cut.end
        if self.pending:
            self.pending = False
            words = skip_space(self.text, cut.start, cut.end)
            last.heading = self._heading(cut, words, cut.end, labelled=True)
            last.defining = last.defining or self._defines(last.heading)
            if last.scheme != "schedule":
                heading = self.text[slice(*last.heading)]
                above = self.drafts[last.parent].kind if last.parent is not None else None
                last.kind = self.kinds.read(
                    words,
                    cut.end,
                    last.scheme,
                    heading,
                    above,
                    defining=self._defining(last.parent),
                )

    def _end_at(self, start: int) -> None:
        last = self.drafts[-1]
        last.end = last.start + len(self.text[last.start : start].rstrip())
        if last.heading[1] > last.end:
            last.heading = (min(last.heading[0], last.end), last.end)
        first, numbered = last.heading[0], not is_list(last.scheme)
        bare = last.label and last.heading[1] == first and first < last.end <= first + _BODY
        if bare and is_heading(self.text, first, last.end, numbered=numbered):
            # "2.0 Fees 2.1 Client ...": what is left before the next number is a heading.
            last.heading = trim_heading(self.text, first, last.end)

    def _heading(self, cut: Cut, words: int, end: int, *, labelled: bool) -> tuple[int, int]:
        # Without a candidate the words go on with a label that stood alone above them.
        scheme = cut.candidate.label.family if cut.candidate else "plain"
        if labelled and cut.candidate is None:
            scheme = self.drafts[-1].scheme
        return find_heading(self.text, cut, words, end, scheme if labelled else "")

    def _defines(self, heading: tuple[int, int]) -> bool:
        return heading[1] - heading[0] < 80 and self.kinds.is_definitions(
            self.text[slice(*heading)]
        )

    def _defining(self, parent: int | None) -> bool:
        return parent is not None and self.drafts[parent].defining

    def _open_labelled(self, cut: Cut, candidate: Candidate, placement: Placement) -> None:
        if cut.start != cut.piece.start:
            self._end_at(cut.start)
        label = candidate.label
        words = cut.start if candidate.auto else skip_space(self.text, label.end, cut.end)
        level = candidate.level if candidate.auto else None
        self.outline.make_room(placement)
        scheme = placement.reading.scheme
        if cut.piece.line.style == "heading" and is_numbered(scheme):
            self._close_captions()
        heading = self._heading(cut, words, cut.end, labelled=scheme != "bullet")
        stack = self.outline.stack
        titled = is_numbered(scheme) and heading[1] > heading[0]
        if stack and titled and self.drafts[stack[-1].clause].kind == "recital":
            # A numbered clause with a heading is a term: it ends the recitals above it.
            self.outline.cut(0)
        parent = stack[-1].clause if stack else None
        self._add(cut, words, label.printed, heading, scheme, parent)
        if cut.piece.line.style == "heading" and cut.start == cut.piece.start:
            level = cut.piece.line.level
            self.drafts[-1].depth = None if level is None else 2 * level
        self.outline.push(Frame(scheme, placement.reading.path, len(self.drafts) - 1, level))
        self.pending = words >= cut.end
        self.body = True
        self.row_table = None

    def _close_captions(self) -> None:
        """Close what only reads like a heading: it stands above none that is set as one."""
        stack = self.outline.stack
        while stack and stack[-1].scheme == "head" and not self.drafts[stack[-1].clause].styled:
            self.outline.cut(len(stack) - 1)

    def _open_unlabelled(self, cut: Cut) -> None:
        text, line = self.text, cut.piece.line
        words = cut.start
        if text[words] == "#":
            words = skip_space(
                text,
                words + len(text[words : words + 7]) - len(text[words : words + 7].lstrip("#")),
                cut.end,
            )
        styled = line.style in ("heading", "title") and not reads_on(text, words, cut.end)
        if self._names_signer(cut):
            self.kinds.signing = True
        signing = self.kinds.opens_signature(words, cut.end)
        plain = signing or line.style in ("list", "note", "textbox") or line.cell is not None
        if plain or not (styled or self._is_caption(cut, words)):
            self._open_plain(cut, signing=signing)
            return
        heading = trim_heading(text, words, cut.end)
        upper = text[slice(*heading)].isupper() and heading[1] - heading[0] > _ACRONYM
        depth = line.level if line.level is not None and styled else (0 if upper else 1)
        if self.levels and not (styled and line.level is not None):
            depth += _BELOW_LEVELS
        # Between two depths there is room for the captions that recur below their headings.
        depth = 2 * depth + (text[slice(*heading)].casefold() in self.captions)
        titular = self._is_title(cut, heading, styled=styled)
        # A heading that the page sets larger says no more of its depth than its capitals do, but
        # the definitions stand beside the terms.
        leveled = styled and (line.level is not None or self._defines(heading))
        stack = self.outline.stack
        keep = (
            0
            if titular
            else keep_for_heading(stack, self.drafts, depth, leveled=leveled, upper=upper)
        )
        parent = stack[keep - 1].clause if keep else None
        self._add(cut, words, "", heading, "head", parent)
        self.drafts[-1].styled = styled
        opens = self.body or styled or self.drafts[-1].defining
        opens = opens or self.kinds.is_recitals(text[slice(*heading)], words)
        if titular:
            self.titles = len(self.drafts)
            self.named.add(text[slice(*heading)].casefold())
        if not titular and opens:
            self.outline.push_heading(depth, keep, len(self.drafts) - 1)
        else:
            self.outline.cut(keep)

    def _names_signer(self, cut: Cut) -> bool:
        """Tell whether an unlabelled line names who signs in the line below it."""
        below = self.following
        if below is None or below.candidate is not None or cut.end - cut.start > _BODY:
            return False
        return below.start >= cut.end and self.kinds.is_signing_line(below.start, below.end)

    def _is_caption(self, cut: Cut, words: int) -> bool:
        """Tell whether an unlabelled paragraph is a heading by its words and by what follows it."""
        text, end, following = self.text, cut.end, self.following
        if words >= end:
            return False
        if is_heading(text, words, end):
            titled = text[words:end]
            return ": " not in titled or titled.isupper()
        if not cut.piece.line.whole or cut.piece.line.style or not may_caption(text, words, end):
            return False
        if following is None or following.start < end or following.candidate is not None:
            return False
        long = following.end - following.start > _BODY and text[following.end - 1] in ".!?:"
        return long and following.piece.line.cell is None and not self._ends_open()

    def _is_title(self, cut: Cut, heading: tuple[int, int], *, styled: bool) -> bool:
        """Tell whether a heading names the whole document, so that nothing stands below it."""
        line = cut.piece.line
        if line.style == "title" or self.text[slice(*heading)].casefold() in self.named:
            return True
        if self.kinds.started or len(self.drafts) >= _COVER // 2:
            return False
        if styled and len(self.drafts) < self.topmost:
            words = self.text[slice(*heading)]
            return not (
                self.kinds.is_definitions(words) or self.kinds.is_recitals(words, cut.start)
            )
        if styled and line.level is not None and self.levels[line.level] == 1:
            first = self.titles == len(self.drafts) or min(self.levels) == line.level
            if first and max(self.levels) > line.level:
                return True
        named = _TITLE.search(self.text, *heading) is not None
        early = all(draft.kind != "recital" for draft in self.drafts)
        return named and not self.titles and (early or self.text[slice(*heading)].isupper())

    def _open_plain(self, cut: Cut, *, signing: bool = False) -> None:
        outline, text = self.outline, self.text
        operative = self.kinds.operative
        if cut.start <= operative < cut.end:
            # "NOW, THEREFORE ..." ends the recitals: the terms stand at the top again.
            outline.cut(0)
        if signing:
            # The signatures end the terms; those of a schedule stand inside it.
            outline.cut(sum(frame.scheme == "schedule" for frame in outline.stack[:1]))
        owner = find_owner(text, outline.stack, self.drafts)
        parent = outline.stack[owner].clause if owner is not None else None
        heading = self._heading(cut, cut.start, cut.end, labelled=False)
        if heading[0] == cut.start and heading[1] >= cut.end - 1:
            heading = (cut.start, cut.start)
        self._add(cut, cut.start, "", heading, "plain", parent)
        opens = text[cut.end - 1] not in ".;" or introduces(text, self.drafts[-1])
        if opens and not cut.start <= operative < cut.end:
            # It may introduce a list, which then stands below it; the list before is over.
            for position in range(0 if owner is None else owner + 1, len(outline.stack)):
                if outline.stack[position].scheme == "plain":
                    outline.cut(position)
                    break
            outline.push(Frame("plain", (), len(self.drafts) - 1))
        length = cut.end - cut.start
        self.body = self.body or length > _BODY or (length > 40 and text[cut.end - 1] == ".")

    def _add(
        self,
        cut: Cut,
        words: int,
        label: str,
        heading: tuple[int, int],
        scheme: str,
        parent: int | None,
    ) -> None:
        above = self.drafts[parent].kind if parent is not None else None
        defining = self._defining(parent)
        kind = self.kinds.read(
            words, cut.end, scheme, self.text[slice(*heading)], above, defining=defining
        )
        level = self.drafts[parent].level + 1 if parent is not None else 0
        self.drafts.append(
            Draft(
                cut.start,
                cut.end,
                label,
                heading,
                kind,
                parent,
                level,
                defining or self._defines(heading),
                scheme,
            )
        )
        self.pending = False
