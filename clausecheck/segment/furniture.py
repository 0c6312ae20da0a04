"""Find what belongs to the page and not to the contract.

Comes in: the lines of a document. Goes out: flags for page numbers, running heads and footers,
filing marks, confidential-treatment legends and tables of contents.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from clausecheck.segment.headings import is_heading
from clausecheck.segment.labels import read_label
from clausecheck.segment.lines import Line

_ALWAYS = re.compile(
    r"\s*(?:"
    r"Source:\s.{3,160}\d{1,2}/\d{1,2}/\d{4}\W*"
    r"|</?PAGE>.{0,30}"
    r"|\W{0,4}(?:page|pg\.?)\s{0,3}(?:\d{1,4}|[ivxlIVXL]{1,7})(?:\s?(?:of|/)\s?\d{1,4})?\W{0,4}"
    r"|\d{1,4}\s?(?:of|/)\s?\d{1,4}"
    r"|[-–—]\s?(?:\d{1,4}|[ivxl]{1,7})\s?[-–—]"
    r"|[A-Z]{1,2}\s?-\s?\d{1,3}|[ivxl]{1,6}"
    r"|QuickLinks\b.{0,100}|(?:<<)?\s?Back to (?:contents|top).{0,20}"
    r"|\[?\s?signatures? (?:pages? )?(?:to )?(?:follows?|appear).{0,40}"
    r"|\W{0,3}(?:the )?(?:remainder|rest|balance) of (?:this|the) page .{0,90}"
    r"|\W{0,3}(?:this )?(?:page|space) (?:has been )?(?:intentionally )?left "
    r"(?:intentionally )?blank.{0,30}"
    r"|(?:\d{1,4}\s+){1,3}\d{1,4}"
    r"|[-=_*~\s]{3,}"
    r"|\(?continued\)?"
    r"|[-*\d.\s]{0,6}\[[^\]]{1,120}\]\(#[^)]{1,80}\)(?:<br>)?"
    r")\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,4}")
_LEGEND = re.compile(
    r"\b(?:confidential\s+treatment\s+(?:has\s+been\s+|is\s+being\s+|was\s+)?(?:requested|granted|request)"
    r"|request\s+for\s+confidential\s+treatment|omitted\s+(?:portions|and\s+filed\s+separately)"
    r"|filed\s+separately\s+with\s+the\s+(?:securities|commission|sec\b)|competitive\s+harm\s+(?:to|if)"
    r"|has\s+been\s+(?:omitted|excluded)\s+(?:from|because))",
    re.IGNORECASE,
)
_LEGEND_WORDS = tuple(
    form
    for word in ("treatment", "separately", "competitive harm", "been omitted", "been excluded")
    for form in (word, word.upper(), word.title())
)
_FILING = re.compile(
    r"\s*(?:EX-|EXHIBIT\s+(?:NO\.?\s*)?)(?:\d{1,3}|\(\w{1,3}\))(?:[.(-]\w{1,4}\)?)+\W*",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"[\W_]*(?P<title>TABLE\s+OF\s+CONTENTS|T\s?able\s+[oO]f\s+[cC]ontents|CONTENTS|Contents"
    r"|I\s?N\s?D\s?E\s?X|Index)[\W_]*"
    r"(?P<rest>(?:(?:\(?(?:CONTINUED|[cC]ontinued|CONT|[cC]ont)['’]?[.d]*\)?|PAGE|[pP]age|CLAUSE|Clause"
    r"|SECTION|Section|NO|No)[\W_]*){0,4})"
)
# Words that bind: a line with one of them is a term of the contract, whatever else it looks like.
_BINDING = re.compile(
    r"\b(?:shall|SHALL|must|MUST|will|WILL|may|cannot|agrees?|AGREES?|hereby|HEREBY|warrants|covenants"
    r"|undertakes?|represents|entitled)\b"
)
_DOTS = re.compile(r"(?:\.\s?){4,}|…|_{5,}")
_LEADER = re.compile(r"(?:\.\s?){4,}|…|_{5,}|\t")
_PAGED = re.compile(r"(?:[.…_\s-]{2,}|\s)(?:(?P<page>\d{1,3})|[ivxl]{1,5}|[A-Z]-\d{1,2})\s*\Z")
_ENTRY = re.compile(r"[A-Za-z.)](?:[.…_\s-]+)\d{1,3}(?=\s+[A-Z\d]|\s*\Z)")
_LEADER_PAGED = re.compile(
    r"(?:(?:\.\s?){4,}|…|\t|\s{3,})\s*(?:\d{1,3}|[ivxl]{1,5}|[A-Z]-\d{1,2})\s*\Z"
)
_SENTENCE = re.compile(
    r"\b(?:shall|hereby|agrees|agree as|hereinafter|hereto|WHEREAS|means|will)\b"
)
_KEY = re.compile(r"[^a-z]+")
_DIGITS = re.compile(r"\d+")
_SPACE = re.compile(r"\s+")
_SIGNATURE = re.compile(
    r"\s*(?:by|name|title|date|its|and|or|whereas|address|attention)\b\s*:?", re.IGNORECASE
)
_PAGE_ENDS = frozenset("0123456789ivxlIVXL")
_LONGEST_REPEAT = 160
_PAGE_LENGTH = 900


def mark_furniture(text: str, lines: Sequence[Line]) -> None:
    """Set ``furniture`` on the lines that belong to pages; bare numbers get ``number``.

    A number alone may be a clause number: only the numbering can tell, so it is left to the
    outline, and ``number`` holds it.
    """
    repeats: dict[str, list[int]] = defaultdict(list)
    for position, line in enumerate(lines):
        length = line.end - line.start
        if line.style in ("furniture", "toc"):
            line.furniture = True
        elif line.label:
            continue
        elif length <= 4 and _NUMBER.fullmatch(text, line.start, line.end):
            line.number = int(text[line.start : line.end])
        elif length <= _LONGEST_REPEAT:
            if _BINDING.search(text, line.start, line.end):
                continue
            if _ALWAYS.fullmatch(text, line.start, line.end) or (
                position < 4 and _FILING.fullmatch(text, line.start, line.end)
            ):
                line.furniture = True
            elif (
                line.cell is None
                and not line.whole
                and line.style != "heading"
                and length >= 8
                and _alone(text, lines, position)
            ):
                piece = text[line.start : line.end]
                repeats[_DIGITS.sub("#", _SPACE.sub(" ", piece))].append(position)
    for key, places in repeats.items():
        if len(places) < 3 or not _KEY.sub("", key.lower()) or _SIGNATURE.match(key):
            continue
        if read_label(text, lines[places[0]].start, lines[places[0]].end):
            continue
        gaps = sorted(lines[b].start - lines[a].start for a, b in itertools.pairwise(places))
        if gaps[len(gaps) // 2] >= _PAGE_LENGTH and not key.rstrip().endswith((";", ",", ":")):
            for place in places:
                lines[place].furniture = True
    _mark_legends(text, lines)
    _mark_contents(text, lines)


def _mark_legends(text: str, lines: Sequence[Line]) -> None:
    """Mark confidential-treatment legends; plain finds choose the lines worth a closer look."""
    places: set[int] = set()
    for word in _LEGEND_WORDS:
        at = text.find(word)
        while at >= 0:
            places.add(at)
            at = text.find(word, at + 1)
    if not places:
        return
    starts = [line.start for line in lines]
    for at in sorted(places):
        line = lines[max(0, bisect_right(starts, at) - 1)]
        if line.furniture or not 20 < line.end - line.start < 700:
            continue
        if _LEGEND.search(text, line.start, line.end):
            line.furniture = _is_legend(text[line.start : line.end])


def _alone(text: str, lines: Sequence[Line], position: int) -> bool:
    """Tell whether a line stands apart: a wrapped line of a sentence may recur by chance."""
    line = lines[position]
    after = lines[position + 1] if position + 1 < len(lines) else None
    apart = (line.gap > 0 or position == 0) and (after is None or after.gap > 0 or after.furniture)
    return apart and not text[line.start].islower()


def _is_legend(piece: str) -> bool:
    """Tell a legend from a clause about confidential treatment."""
    if _BINDING.search(piece):
        return False
    return not re.search(r"\bpart(?:y|ies)\b", piece) or "[*" in piece[:20]


def _mark_contents(text: str, lines: Sequence[Line]) -> None:
    """Mark tables of contents: under their title, or a run of lines that end in page numbers."""
    position, count = 0, len(lines)
    while position < count:
        line = lines[position]
        # A title that stands on each page is furniture already; the list below it is not yet.
        titled = _is_contents_title(text, line)
        paged = text[line.end - 1] in _PAGE_ENDS
        if titled or (
            paged
            and not line.furniture
            and _LEADER_PAGED.search(text, max(line.start, line.end - 40), line.end)
        ):
            stop = _end_contents(text, lines, position, titled=titled)
            if stop > position and _is_list_of_contents(text, lines, position, stop, titled=titled):
                for inside in lines[position:stop]:
                    inside.furniture = True
                position = stop
                continue
        position += 1


def _is_contents_title(text: str, line: Line) -> bool:
    """Tell whether a whole line is the title of a table of contents and nothing else."""
    length = line.end - line.start
    if line.style not in ("", "title", "heading") or length < 5:
        return False
    if text[line.start] not in "TtCcIi_*#-[":
        return False
    if length <= 60 and _CONTENTS.fullmatch(text, line.start, line.end):
        return True
    # Some converters put the whole table on the line of its title.
    found = _CONTENTS.match(text, line.start, line.end)
    return (
        found is not None
        and "table" in found["title"].lower()
        and _ENTRY.search(text, found.end(), line.end) is not None
        and not _BINDING.search(text, line.start, line.end)
    )


def _is_list_of_contents(
    text: str, lines: Sequence[Line], start: int, stop: int, *, titled: bool
) -> bool:
    """Tell whether the lines are contents: a title with rows, or four rows that count upwards.

    "Table of contents" may stand alone, as a link to it does on each page; "Index" may not.
    """
    if titled:
        return stop > start + 2 or "table" in text[lines[start].start : lines[start].end].lower()
    rows = lines[start:stop]
    sure = sum(
        1
        for row in rows
        if _DOTS.search(text, row.start, row.end)
        or (row.cell is None and _opens_row(text[row.start : row.end]))
    )
    return len(rows) >= 4 and 2 * sure > len(rows)


def _opens_row(piece: str) -> bool:
    """Tell whether a line begins with a number or with the name of a part."""
    return piece[:1].isdigit() or _KEY.sub("", piece[:24].lower()).startswith(_OPENERS)


def _end_contents(text: str, lines: Sequence[Line], start: int, *, titled: bool) -> int:
    """Return the position after the last line of a table of contents that begins at ``start``."""
    seen: set[str] = set()
    stop = position = start
    misses = last_page = 0
    for position in range(start, len(lines)):
        line = lines[position]
        if position == start and titled:
            stop = position + 1
            continue
        if line.furniture or line.number is not None:
            if line.number is not None and stop == position:
                stop = position + 1
            continue
        length = line.end - line.start
        piece = text[line.start : min(line.end, line.start + 400)]
        page = _PAGED.search(text, max(line.start, line.end - 40), line.end)
        dots = _DOTS.search(piece)
        if page and not dots and not _goes_up(page, last_page):
            page = None
        key = _KEY.sub("", (piece[: page.start() - line.start] if page else piece).lower())
        below = position + 1 < len(lines) and lines[position + 1].number is not None
        packed = titled and len(_ENTRY.findall(text, line.start, line.end)) >= 3
        if not dots and not packed and _is_prose(text, line, piece, paged=page is not None):
            break
        if page is None and below:
            stop, misses = position + 1, 0
            continue
        if page is None and len(key) > 4 and key in seen:
            return stop
        if length > 400 and not packed and _SENTENCE.search(text, line.start, line.end):
            break
        seen.add(key)
        if page or packed or (titled and _opens_row(piece)) or _LEADER.search(piece):
            if page and page["page"]:
                last_page = int(page["page"])
            stop, misses = position + 1, 0
        else:
            # A long table wraps its entries and has captions; two or more strange lines end it.
            misses += 1
            if misses > (6 if titled else 1):
                break
    return stop


def _goes_up(page: re.Match[str], last: int) -> bool:
    """Tell whether a number at the end of a row can be the page after the one before."""
    return page["page"] is None or last <= int(page["page"]) <= last + 60


def _is_prose(text: str, line: Line, piece: str, *, paged: bool) -> bool:
    """Tell a sentence, or a wrapped line of one, from a row of a table of contents."""
    if _BINDING.search(piece) or (_SENTENCE.search(piece) and not paged):
        return True
    if paged:
        return False
    if line.end - line.start > 200:
        return True
    if text[line.end - 1] not in ".;,:":
        return False
    label = read_label(text, line.start, line.end)
    words = label.end if label else line.start
    rest = text[words : line.end].strip()
    return rest != "" and not rest.isupper() and not is_heading(rest, 0, len(rest))


_OPENERS = (
    "article",
    "section",
    "schedule",
    "exhibit",
    "annex",
    "appendix",
    "page",
    "clause",
    "part",
)
