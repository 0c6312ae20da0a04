"""Marked copies of a reviewed file, as the command line writes them.

Comes in: the options and reviews, or a comparison. Goes out: the same reviews, each followed to its
copy on the way. What cannot work is refused before anything is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausecheck.errors import InputError, SettingsError
from clausecheck.output import STDIN, print_error, refuse_target, save_bytes

if TYPE_CHECKING:
    from clausecheck.markup.word_review import MarkedWord
    from clausecheck.records import Comparison, Document, Review
    from clausecheck.settings import Limits

_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")
_WORD, _MACROS = "wordprocessingml.document", "macroEnabled"


@dataclass(frozen=True, slots=True)
class CopyOptions:
    """Which copies are wanted, and what stands in them; names of files as they were given.

    ``shareable`` copies are for the other side.
    """

    word: str | None = None
    redline: bool = False
    add_foundations: bool = False
    annotate: str | None = None
    author: str = "clausecheck"
    initials: str = "CC"
    date: str = ""
    shareable: bool = False


def read_date(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str:
    """Return a date as Word wants it; ``--date`` takes a day or a UTC time."""
    if value is None:
        return ""
    if not _DATE.fullmatch(value):
        raise click.BadParameter("write a date such as 2026-03-31 or 2026-03-31T12:00:00Z.")
    return value if "T" in value else f"{value}T00:00:00Z"


def author_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say under which name and day the marks stand."""
    options = (
        click.option(
            "--author",
            default="clausecheck",
            show_default=True,
            help="Author of the comments, changes and notes.",
        ),
        click.option("--initials", default="CC", show_default=True, help="The author's initials."),
        click.option(
            "--date",
            metavar="DATE",
            callback=read_date,
            help="Date of the comments, changes and notes: 2026-03-31. [default: none]",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


class CopyWriter:
    """Writes the copies that the options ask for. Raises a usage error for what cannot be done."""

    def __init__(self, options: CopyOptions, files: Sequence[str], *, output: str | None) -> None:
        self._options, self._files = options, files
        wanted = [("--word", options.word), ("--annotate", options.annotate)]
        targets = [(option, name) for option, name in wanted if name is not None]
        extras = {"--redline": options.redline, "--add-foundations": options.add_foundations}
        for option, asked in extras.items():
            if asked and options.word is None:
                raise click.UsageError(f"{option} says what to write with --word FILE: add it.")
        for option, _ in targets:
            if len(files) > 1:
                raise click.UsageError(f"{option} marks one file; give one FILE at a time.")
            if files[0] == STDIN:
                raise click.UsageError(f"{option} marks a copy of a file, not of standard input.")
        _check_targets(targets, files, output)

    def follow(self, reviews: Iterable[Review], *, limits: Limits, quiet: bool) -> Iterator[Review]:
        """Yield the reviews, after the copies of the one reviewed file were written."""
        for review in reviews:
            if review.status != "failed":
                if self._options.word is not None:
                    self._mark_word(self._options.word, review, limits, quiet=quiet)
                if self._options.annotate is not None:
                    self._annotate(self._options.annotate, review, quiet=quiet)
            yield review

    def _mark_word(self, target: str, review: Review, limits: Limits, *, quiet: bool) -> None:
        from clausecheck.markup.word_copy import Author
        from clausecheck.markup.word_review import mark_word

        _check_word(
            review.document,
            target,
            "Give the .docx it was made from; for a PDF use --annotate FILE.",
        )
        options = self._options
        made = mark_word(
            _load(self._files[0], review.document),
            review,
            redline=options.redline,
            foundations=options.add_foundations,
            shareable=options.shareable,
            author=Author(options.author, options.initials, options.date),
            limits=limits,
        )
        save_bytes("--word", target, made.data)
        if not quiet:
            said = [_count(len(made.marks.notes), "comment")]
            if options.redline:
                said.append(_count(len(made.marks.changes), "tracked change"))
            if options.add_foundations:
                said.append(_count(len(made.marks.insertions), "foundation") + " added")
                if made.unplaced:
                    said.append(f"no place found for {', '.join(made.unplaced)}")
            said += _tell_outside(made)
            print_error(f"{target}: {', '.join(said)}.")

    def _annotate(self, target: str, review: Review, *, quiet: bool) -> None:
        from clausecheck.markup.pdf import annotate_pdf
        from clausecheck.markup.word_copy import Author

        document = review.document
        if document.media_type != "application/pdf":
            raise SettingsError(
                "C322",
                "--annotate marks PDF files, and this is none.",
                document.name,
                "For a Word file use --word FILE, for anything else a report with --output FILE.",
            )
        options = self._options
        author = Author(options.author, options.initials, options.date)
        made = annotate_pdf(
            _load(self._files[0], document), review, shareable=options.shareable, author=author
        )
        save_bytes("--annotate", target, made.data)
        if not quiet:
            lacking = f", {made.unplaced} without a place" if made.unplaced else ""
            print_error(f"{target}: {_count(made.notes, 'note')}{lacking}.")


class ComparisonCopy:
    """Writes the marked copy of the new draft; raises a usage error for what cannot be done."""

    def __init__(self, options: CopyOptions, old: str, new: str, *, output: str | None) -> None:
        self._options, self._new = options, new
        if options.word is not None:
            _check_targets([("--word", options.word)], (old, new), output)

    def write(self, comparison: Comparison, *, limits: Limits, quiet: bool) -> None:
        """Write the copy, if one is wanted."""
        options, document = self._options, comparison.new.document
        if options.word is None:
            return
        _check_word(
            document, options.word,
            "Compare with the .docx it was made from, or write a report with --output FILE.",
        )  # fmt: skip
        from clausecheck.markup.word_comparison import mark_comparison
        from clausecheck.markup.word_copy import Author

        made = mark_comparison(
            _load(self._new, document),
            comparison,
            author=Author(options.author, options.initials, options.date),
            limits=limits,
        )
        save_bytes("--word", options.word, made.data)
        if not quiet:
            said = [_count(len(made.marks.notes), "comment"), *_tell_outside(made)]
            if made.unplaced:
                said.append(f"gone with their clause: {', '.join(made.unplaced)}")
            print_error(f"{options.word}: {', '.join(said)}.")


def _check_targets(
    targets: Sequence[tuple[str, str]], files: Sequence[str], output: str | None
) -> None:
    """Raise a usage error for a copy over an input, in no folder, or where a report goes."""
    for option, name in targets:
        refuse_target(option, Path(name), files)
    names = [Path(name).resolve() for _, name in targets]
    if output not in (None, STDIN):
        names.append(Path(str(output)).resolve())
    if len(set(names)) < len(names):
        raise click.UsageError("--output, --word and --annotate need a file each.")


def _check_word(document: Document, target: str, advice: str) -> None:
    """Raise ``SettingsError`` for a document that is no Word file, or a copy named unlike it."""
    if _WORD not in document.media_type and _MACROS not in document.media_type:
        raise SettingsError(
            "C320", "--word marks Word files, and this is none.", document.name, advice
        )
    suffix = ".docm" if _MACROS in document.media_type else ".docx"
    if Path(target).suffix.lower() != suffix:
        # Word refuses to open a file whose name and content disagree about macros.
        raise SettingsError(
            "C321", f"--word {target}: the copy of this file must be called {suffix}.",
            document.name, "Name it so.",
        )  # fmt: skip


def _load(path: str, document: Document) -> bytes:
    """Return the bytes that were reviewed."""
    data = Path(path).read_bytes()
    if sha256(data).hexdigest() != document.sha256:
        raise InputError(
            "C150", "The file was changed while it was reviewed.", document.name,
            "Close it in other programs and try again.",
        )  # fmt: skip
    return data


def _tell_outside(made: MarkedWord) -> list[str]:
    if not made.outside:
        return []
    return [f"{made.outside} of them beside the note or text box that they speak of"]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
