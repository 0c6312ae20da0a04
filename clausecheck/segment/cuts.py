"""Find the places at which a clause may begin.

Comes in: pieces. Goes out: cuts, in order, each with its candidate label and what comes after it in
the same series; the outline decides which of them stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from clausecheck.segment.headings import find_run_in, is_heading, trim_heading
from clausecheck.segment.labels import Reading, read_label
from clausecheck.segment.outline import NAMED, TITLE, Candidate, is_list
from clausecheck.segment.pieces import INLINE, LINE, Piece

_INLINE = re.compile(
    r"(?P<before>[.;:!?])(?:[\"”’)\]]{0,2})\s{1,60}(?:(?:and|or|AND|OR)\s{1,4})?"
    r"(?=(?P<word>WHEREAS[,:]|NOW,?\s+THEREFORE|IN\s+WITNESS\s+WHEREOF)"
    r"|\([a-zA-Z]{1,5}\)|\(\d{1,3}\)|\d{1,3}[.)]|[A-Za-z]{1,4}[.)]\s|ARTICLE\s|Article\s|S(?:ection|ECTION)\s|§)"
    r"|(?P<comma>,)\s{1,60}(?=\([a-z]{1,4}\)\s[A-Z])"
)
# After a heading in capitals, or the dashes that underline one, a number needs no stop before it.
_UNSTOPPED = re.compile(
    r"(?:(?P<caps>\b[A-Z]{2,})|(?<!-)-{3,})\)?\s{1,60}"
    r"(?=(?:ARTICLE|Article|SECTION|Section)\s{1,3}[\dIVXL]|\d{1,2}\.\d{1,2}\.?\s{1,9}[A-Z])"
)
# What it looks ahead to, which few paragraphs hold.
_UNSTOPPED_AHEAD = re.compile(
    r"(?:ARTICLE|Article|SECTION|Section)\s{1,3}[\dIVXL]|\d\.\d{1,2}\.?\s{1,9}[A-Z]"
)
# "2.0 Services 2.1 Client ...": the first number below a heading's own needs no stop before it.
_PARENTED = re.compile(
    r"(?<![\w.])(\d{1,2})\.0?\.?\s{1,9}(?:[A-Z&][\w&,’'/-]*\s{1,9}|(?:of|and|the|for|to|in|or)\s){1,8}"
    r"(?=\1\.1\.?\s{1,9}[A-Z])"
)
# "Member Duties 13. Each Member ...": an unnumbered heading stands before the next number.
_TITLED = re.compile(r"(?P<caps>\b[A-Z][a-z]{2,})\s{1,9}(?=\d{1,2}\.\s{1,9}[A-Z][a-z])")
_MONTHS = "January February March April May June July August September October November December"
_CITED = "Section Sections Article Articles Exhibit Schedule Annex Appendix Clause Paragraph Item"
_NO_TITLE = frozenset(f"{_MONTHS} {_CITED} Page Part Rule Form Phase Level Tier Class".split())
_NO_HEADING = frozenset("IN OF TO UNDER AND OR BY WITH THE SEE THIS PER FROM ANY SAID AT".split())  # noqa: SIM905
_LONG = 300
_HEADING = 110
_HEADED = 120
_REFERRED = re.compile(
    r"\b(?:Sec|Secs|Art|No|Nos|Cl|Para|Par|Ex|Fig|Vol|Inc|Corp|Ltd|Co|approx)\.\s*\Z", re.IGNORECASE
)


class Cut:
    """A place at which a clause may begin: a candidate, a plain paragraph or a fixed word."""

    __slots__ = ("ahead", "candidate", "end", "fixed", "piece", "start")

    def __init__(
        self, start: int, end: int, piece: Piece, candidate: Candidate | None, *, fixed: bool
    ) -> None:
        self.start, self.end, self.piece = start, end, piece
        self.candidate, self.fixed = candidate, fixed
        self.ahead: dict[str, int] = {}


def find_cuts(text: str, piece: Piece) -> Iterator[Cut]:
    """Yield the start of a piece and the places inside it where a clause may begin.

    Inside a paragraph that is a label, or "WHEREAS" and its like, after the end of a sentence.
    """
    label, line = piece.label, piece.line
    candidate = None
    if label is not None:
        before = text[max(0, piece.start - 80) : piece.start].rstrip()[-1:]
        if piece.fresh and before not in ".;:":
            before = ":"
        firm = piece.strength > LINE or piece.fresh or piece.shifted
        candidate = Candidate(
            piece.start, label, piece.strength, before, piece.auto, line.level, firm=firm
        )
    end = piece.end
    found = [Cut(piece.start, end, piece, candidate, fixed=False)]
    if label is not None and not piece.auto:
        inner = skip_space(text, label.end, piece.ranges[0][1])
        second = read_label(text, inner, piece.ranges[0][1])
        # Two labels of one series in a row are a person's initials.
        # "(a) Section 2: Scope" cites a section.
        cites = second is not None and is_list(label.family) and second.family.startswith(NAMED)
        if (
            second
            and second.printed
            and second.family not in ("bullet", label.family)
            and not cites
        ):
            found.append(Cut(inner, end, piece, Candidate(inner, second, INLINE, ":"), fixed=False))
    # A line break inside a Word paragraph was typed; the paragraphs of a PDF keep their wrapping.
    broken = line.whole and not line.page
    for start, stop in piece.ranges:
        for at, before, word, strong in _find_places(text, start, stop, broken=broken):
            last = found[-1]
            if at <= last.start:
                continue
            if word:
                found.append(Cut(at, end, piece, None, fixed=True))
                continue
            inside = read_label(text, at, stop)
            if inside is not None:
                strength = LINE if strong else INLINE
                headed = _is_headed(text, last, at)
                maybe = Candidate(at, inside, strength, before, headed=headed, firm=strong)
                found.append(Cut(at, end, piece, maybe, fixed=False))
    yield from found


def _find_places(
    text: str, start: int, stop: int, *, broken: bool
) -> list[tuple[int, str, bool, bool]]:
    """Return the places inside a range where a label may open a clause.

    Each is (position, the mark before it, whether it is a fixed word, whether a line begins there).
    """
    places = []
    for match in _INLINE.finditer(text, start, stop):
        at = match.end()
        if text[at].isdigit() and _REFERRED.search(text, max(start, match.start() - 8), at):
            continue
        strong = broken and "\n" in text[match.start() : at]
        places.append((at, match["before"] or match["comma"], bool(match["word"]), strong))
    if stop - start >= _LONG:
        extra = []
        if _UNSTOPPED_AHEAD.search(text, start, stop):
            extra = [
                (match.end(), ".", False, False)
                for match in _UNSTOPPED.finditer(text, start, stop)
                if match["caps"] not in _NO_HEADING
            ]
        extra += [(m.end(), ".", False, False) for m in _PARENTED.finditer(text, start, stop)]
        extra += [
            (match.end(), TITLE, False, False)
            for match in _TITLED.finditer(text, start, stop)
            if match["caps"] not in _NO_TITLE
        ]
        if extra:
            places = sorted({*places, *extra})
    return places


def _is_headed(text: str, last: Cut, at: int) -> bool:
    """Tell whether only a heading stands between the label of ``last`` and ``at``."""
    if last.candidate is None or at - last.candidate.label.end > _HEADING:
        return False
    words = text[last.candidate.label.end : at].strip().rstrip(".:")
    return bool(words) and is_heading(words, 0, len(words), numbered=True)


def skip_space(text: str, start: int, end: int) -> int:
    """Return the first position from ``start`` on that holds no white space, or ``end``."""
    while start < end and text[start].isspace():
        start += 1
    return start


def look_ahead(cuts: list[Cut]) -> None:
    """Give every candidate, for each way to read it, the next number of its series.

    A number that comes again before its successor begins another series, so it has none.
    """
    strong: dict[Reading, Candidate] = {}
    every: dict[Reading, Candidate] = {}
    for cut in reversed(cuts):
        candidate = cut.candidate
        if candidate is None:
            continue
        known = strong if candidate.strength >= LINE else every
        for reading in candidate.label.readings:
            scheme, path = reading
            following = known.get(Reading(scheme, (*path[:-1], path[-1] + 1)))
            same = known.get(reading)
            if following is not None and (same is None or following.start < same.start):
                # In wrapped text a label may stand at the start of a line by chance.
                cut.ahead[scheme] = following.strength if following.firm else INLINE
        for reading in candidate.label.readings:
            every[reading] = candidate
            if candidate.strength >= LINE:
                strong[reading] = candidate


def find_heading(text: str, cut: Cut, words: int, end: int, scheme: str) -> tuple[int, int]:
    """Return the range of the heading of a clause whose words are ``[words, end)``, maybe empty.

    ``scheme`` is that of its label, "" when it has none.
    """
    end = min(end, cut.piece.ranges[0][1]) if words < cut.piece.ranges[0][1] else end
    if cut.piece.line.whole and (newline := text.find("\n", words, min(end, words + _HEADED))) > 0:
        # A line break inside a Word paragraph may part the heading from the clause.
        end = newline if is_heading(text, words, newline) else end
    labelled = bool(scheme)
    if labelled and end - words < _HEADED and text[end - 1] in ".;]":
        # A short sentence after a run-in heading may look like more of the heading.
        run_in = find_run_in(text, words, end, labelled=True)
        if run_in:
            return run_in
    styled = cut.piece.line.style in ("heading", "title") and end - words <= 300
    if (styled and labelled and not _runs_on(text, words, end)) or is_heading(
        text, words, end, numbered=labelled and not is_list(scheme)
    ):
        return trim_heading(text, words, end)
    return find_run_in(text, words, end, labelled=labelled) or (words, words)


def _runs_on(text: str, words: int, end: int) -> bool:
    """Tell whether a paragraph in a heading style holds its clause too, as run-in styles do."""
    return end - words > _HEADED or find_run_in(text, words, end, labelled=True) not in (
        None,
        trim_heading(text, words, end),
    )
