"""Write comments and tracked changes into every Word file of a folder, and check the copies.

In: a folder of Word files. Each is reviewed; its findings are written back, and so are made-up
notes and changes whose ends fall on, and beside, the borders of runs, links, fields, revisions and
content controls. An independent walk (``benchmarks.word_walk``) and LibreOffice
(``benchmarks.office``) then check that nothing else changed. Run
``python -m benchmarks.wordout [--write] [--no-office] [--keep=DIR] [FOLDER]``; ``--keep`` leaves
what LibreOffice printed in a new folder, ``--speed`` measures alone.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TypeVar

from benchmarks import word_walk as walk
from benchmarks.blocks import format_table, replace_block
from clausecheck.errors import InputError
from clausecheck.markup.word import WordMarker
from clausecheck.markup.word_copy import Author
from clausecheck.markup.word_review import mark_word
from clausecheck.pipeline import Checker
from clausecheck.read import read_document
from clausecheck.records import Change, Document, Marks, Note, Review

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "contracts" / "docx"
AUTHOR = Author("Benchmark", "B")
MOST_NOTES, MOST_CHANGES = 150, 60
MAIN = "word/document.xml"
_ADDED = ("comments.xml", "[Content_Types].xml", ".rels")
SPEED_TARGET = 0.5
_T = TypeVar("_T")


@dataclass(slots=True)
class Tally:
    """What was written and what went wrong, over all files."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def check(self, what: str, name: str, good: bool, detail: str = "") -> None:
        """Count one check, and keep it when it fails."""
        self.counts[what] += 1
        if not good:
            self.failures.append(f"{name}: {what} {detail}".rstrip())

    def failed(self, what: str) -> int:
        """Return how often a check failed."""
        return sum(1 for line in self.failures if f": {what}" in line)


def make_notes(document: Document, *, most: int = MOST_NOTES) -> list[Note]:
    """Return made-up notes around the borders of runs and over whole and part paragraphs."""
    text, spans = document.text, []
    anchors = [a for a in document.anchors if a.end - a.start > 2]
    for before, after in pairwise(anchors):
        spans.append((before.start, before.end))
        spans.append((before.end - 2, after.start + 2))
        spans.append((before.start + 1, after.end - 1))
    for block in document.blocks:
        third = (block.end - block.start) // 3
        spans += [(block.start, block.end), (block.start + third, block.end - third)]
    for one, two in zip(document.blocks, document.blocks[2:], strict=False):
        spans.append((max(one.start, one.end - 6), min(two.end, two.start + 6)))
    useful = sorted({span for span in spans if text[slice(*span)].strip()})
    return [Note(start, end, ("Made up", f"{start}")) for start, end in thin(useful, most)]


def list_paragraph_notes(document: Document) -> list[Note]:
    """Return a made-up note on the words of each paragraph."""
    spans = ((block.start, block.end) for block in document.blocks)
    return [Note(a, b, ("Made up",)) for a, b in spans if document.text[a:b].strip()]


def make_changes(
    document: Document, marker: WordMarker, *, most: int = MOST_CHANGES
) -> tuple[list[Change], int]:
    """Return made-up changes that do not overlap, and how many the marker denied."""
    spans = []
    anchors = {a.start: a for a in document.anchors}
    for number, block in enumerate(document.blocks):
        size = block.end - block.start
        inner = [a for a in anchors.values() if block.start < a.start < block.end][:3]
        cuts = [block.start, block.start + size // 4, *(a.start for a in inner)]
        start = cuts[number % len(cuts)]
        end = (block.end, block.end - size // 4)[number % 2]
        if document.text[start:end].strip():
            spans.append((start, end))
    chosen, denied, done = [], 0, 0
    for start, end in thin(spans, most * 2):
        change = Change(start, end, f"Made up & <new> words {start}.")
        if start < done:
            continue
        if not marker.can_change(change):
            denied += 1
        elif len(chosen) < most:
            chosen.append(change)
            done = end
    return chosen, denied


def thin(items: Sequence[_T], most: int) -> list[_T]:
    """Return at most ``most`` items, spread evenly."""
    step = max(1, -(-len(items) // most))
    return list(items[::step])


def edit_text(text: str, changes: Sequence[Change]) -> str:
    """Return the text after the changes."""
    for change in sorted(changes, key=lambda item: -item.start):
        text = text[: change.start] + change.text + text[change.end :]
    return text


def check_copy(
    tally: Tally, name: str, data: bytes, made: bytes, marks: Marks, document: Document
) -> None:
    """Check one copy against its original, without LibreOffice."""
    old, new = walk.open_parts(data), walk.open_parts(made)
    main = find_main(old)
    changed = {part for part in old.keys() | new.keys() if old.get(part) != new.get(part)}
    strays = [part for part in changed if part != main and not part.endswith(_ADDED)]
    tally.check("other parts byte-identical", name, not strays and old.keys() <= new.keys())
    tally.check("well-formed, deterministic", name, _remake(data, document, marks) == made)
    root, before = walk.parse(new[main]), walk.parse(old[main])
    part = next((p for p in new if p.endswith("comments.xml") and p in changed), None)
    comments = walk.parse(new[part]) if part else None
    known = list(walk.parse(old[part])) if part in old else []
    breaches = walk.list_breaches(root, comments, AUTHOR.name, before)
    tally.check("schema order and ids", name, not breaches, "; ".join(breaches[:3]))
    tally.check(
        "re-read to the same text", name,
        read_document(made, name=name).text == edit_text(document.text, marks.changes),
    )  # fmt: skip
    if comments is not None:
        kept = [walk.flatten(c) for c in comments][: len(known)]
        tally.check("earlier comments kept", name, kept == [walk.flatten(c) for c in known])
        _check_words(tally, name, root, list(comments)[len(known) :], marks, document)
        ids = {walk.value_of(c, "id") or "" for c in list(comments)[len(known) :]}
        walk.drop_comments(root, ids)
    walk.settle(root, AUTHOR.name, accept=False)
    same = walk.flatten(root) == walk.flatten(before)
    tally.check("reject all = the original (walk)", name, same)


def _check_words(
    tally: Tally,
    name: str,
    root: walk.Element,
    comments: Sequence[walk.Element],
    marks: Marks,
    document: Document,
) -> None:
    """Check that the words under each comment are those of its note."""
    under = walk.find_words(root, AUTHOR.name)
    notes = sorted(marks.notes, key=lambda item: (item.start, item.end, item.paragraphs))
    for note, comment in zip(notes, comments, strict=True):
        number = walk.value_of(comment, "id") or ""
        said = "".join(comment.itertext())
        words = document.text[note.start : note.end]
        if number not in under:
            tally.check(
                "comments beside notes and text boxes say so", name, "of this place" in said
            )
        elif "go on in a note" in said:
            tally.counts["comments partly in notes or boxes"] += 1
        else:
            same = "".join(under[number].split()) == "".join(words.split())
            if "\n" not in words and "\t" not in words:
                # A style separator ends a paragraph of the file, but not one of the page.
                same = under[number].replace("\n", "") == words
            tally.check("words under the comment = the quotation", name, same, str(note.start))


def _remake(data: bytes, document: Document, marks: Marks) -> bytes:
    return WordMarker(data, document).write(marks, AUTHOR)


def find_main(parts: dict[str, bytes]) -> str:
    """Return the name of the part that holds the main story."""
    if MAIN in parts:
        return MAIN
    return next(p for p in parts if p.startswith("word/document") and p.endswith(".xml"))


def accept_mine(data: bytes) -> bytes:
    """Return a copy in which the walk, not the writer, accepted the marks' changes."""
    main = find_main(walk.open_parts(data))
    root = walk.parse(walk.open_parts(data)[main])
    walk.settle(root, AUTHOR.name, accept=True)
    raw = walk.etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return walk.replace_part(data, main, raw)


def check_folder(folder: Path, *, office: bool, keep: Path) -> Tally:
    """Check every Word file of a folder; what LibreOffice prints is written to ``keep``."""
    tally, checker = Tally(), Checker()
    copies: dict[str, dict[str, bytes]] = {}
    for path in sorted(folder.glob("*.doc[xm]")):
        name, data = path.name, path.read_bytes()
        try:
            review = checker.check(data, name=name)
        except InputError as error:
            if error.code != "C130":
                tally.counts["not readable"] += 1
                continue
            review = Review(read_document(data, name=name), "complete")
        document = review.document
        tally.counts["files"] += 1
        marker = WordMarker(data, document)
        found = mark_word(data, review, redline=True, author=AUTHOR)
        tally.counts["findings"] += len(found.marks.notes)
        tally.counts["findings as tracked changes"] += len(found.marks.changes)
        check_copy(tally, name, data, found.data, found.marks, document)
        notes = Marks(tuple(make_notes(document)))
        commented = marker.write(notes, AUTHOR)
        check_copy(tally, name, data, commented, notes, document)
        changes, denied = make_changes(document, marker)
        both = Marks(tuple(make_notes(document, most=MOST_NOTES // 3)), tuple(changes))
        redlined = marker.write(both, AUTHOR)
        check_copy(tally, name, data, redlined, both, document)
        tally.counts["made-up notes"] += len(notes.notes) + len(both.notes)
        tally.counts["made-up changes"] += len(changes)
        tally.counts["made-up changes denied"] += denied
        main = find_main(walk.open_parts(data))
        plain = [
            n for n in list_paragraph_notes(document) if not marker.find_outside(n.start, n.end)
        ]
        noted = (*mark_word(data, review).marks.notes, *thin(plain, MOST_NOTES))
        commented_whole = marker.write(Marks(noted), AUTHOR)
        edited = accept_mine(redlined)
        copies[name] = {
            "original": data,
            "comments": commented,
            "redline": redlined,
            "noted": commented_whole,
            "notable": walk.add_comments(data, main, commented_whole),
            "rejectable": walk.add_changes(data, main, redlined, AUTHOR.name, "ins"),
            "edited": edited,
            "accepted": walk.add_changes(edited, main, redlined, AUTHOR.name, "del"),
        }
    if office:
        from benchmarks.word_office import run_office

        run_office(tally, copies, keep)
    return tally


def measure_speed(folder: Path, *, rounds: int = 3) -> tuple[list[float], float, float]:
    """Return per file the share of writing in the review's own time, and both sums of seconds."""
    checker = Checker()
    shares, reviewed, written = [], 0.0, 0.0
    for path in sorted(folder.glob("*.doc[xm]")):
        data = path.read_bytes()
        try:
            review = checker.check(data, name=path.name)
        except InputError:
            continue
        if not review.findings:
            continue
        times: list[list[float]] = [[], []]
        for _ in range(rounds):
            # Processor time: what else the machine does must not count.
            begun = time.process_time()
            review = checker.check(data, name=path.name)
            between = time.process_time()
            mark_word(data, review, redline=True)
            times[0].append(between - begun)
            times[1].append(time.process_time() - between)
        slow, quick = min(times[0]), min(times[1])
        shares.append(quick / slow)
        reviewed, written = reviewed + slow, written + quick
    return shares, reviewed, written


def draw(tally: Tally) -> str:
    """Return the figures as Markdown."""
    counts = tally.counts
    checks = (
        "words under the comment = the quotation",
        "comments beside notes and text boxes say so",
        "reject all = the original (walk)",
        "reject all = the original (LibreOffice)",
        "accept all = the edited text (LibreOffice)",
        "re-read to the same text",
        "opens in LibreOffice without repair",
        "printed pages: same words",
        "printed pages: same picture",
        "other parts byte-identical",
        "earlier comments kept",
        "schema order and ids",
        "well-formed, deterministic",
    )
    rows = [(what, str(counts[what]), str(tally.failed(what))) for what in checks]
    said = ", ".join(
        f"{counts[what]:,} {what}"
        for what in (
            *("files", "findings", "findings as tracked changes", "made-up notes"),
            *("comments partly in notes or boxes", "made-up changes", "made-up changes denied"),
            *("not readable", "originals that LibreOffice refuses", "pages printed and compared"),
            *(
                "files printed exactly as without comments",
                "lines in which LibreOffice settles no change at all",
            ),
        )
    )
    return f"{said}.\n\n" + format_table(("check", "made", "failed"), rows)


def main(arguments: Sequence[str]) -> int:
    """Run what the command line asks for; 1 when a check failed."""
    folder = next((Path(a) for a in arguments if not a.startswith("--")), FOLDER)
    write = "--write" in arguments
    if "--speed" in arguments:
        shares, reviewed, written = measure_speed(folder)
        body = (
            f"{len(shares)} files with findings: writing the copy takes {written / reviewed:.2f} "
            f"times the review in all, {median(shares):.2f} by file median, {max(shares):.2f} at "
            f"most (target: at most {SPEED_TARGET}), in processor time."
        )
        print(body)
        if write:
            replace_block("word speed", body)
        return 0
    kept = next((a.partition("=")[2] for a in arguments if a.startswith("--keep=")), "")
    with tempfile.TemporaryDirectory() as passing:
        keep = Path(kept or passing)
        tally = check_folder(folder, office="--no-office" not in arguments, keep=keep)
    print(draw(tally), *tally.failures[:80], sep="\n")
    if write:
        replace_block("word output", draw(tally))
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
