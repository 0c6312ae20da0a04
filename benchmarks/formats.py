"""Read the same contract as Word and as PDF, and compare clause by clause.

In: a folder of Word files. LibreOffice prints each to PDF once, into a cache outside the project;
it prints the automatic numbers that Word files do not store, so that it vouches for the labels.
Out: the share of the Word clauses that the PDF reading has under the same label with at least 99%
of the same words. Run ``python -m benchmarks.formats [--write] [--show NAME] [FOLDER]``; ``--show``
lists what differs in the files whose names hold NAME.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.blocks import format_table, replace_block

if TYPE_CHECKING:
    from clausecheck.records import Clause

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "contracts" / "docx"
TIERS = ("A", "B")
SAME_WORDS = 0.99
MEDIAN_TARGET, OVERALL_TARGET = 0.98, 0.95
# Raised when the conversion changes, so that the cache is not used any more.
RECIPE = "4"
_CONVERSION_SECONDS = 900
_WORD = re.compile(r"[^\W_]+")
_SETTING = re.compile(
    rb"(<w:settings\b[^>]*>.*?)(?=<w:(?:trackRevisions|doNotTrack|defaultTabStop|proofState"
    rb"|characterSpacing|compat|rsids)\b|</w:settings>)",
    re.DOTALL,
)
_FIELD_CODE = re.compile(
    rb"<w:fldChar\b[^>]*/>|<w:fldChar\b[^>]*[^/]>.*?</w:fldChar>|<w:instrText\b[^>]*/>"
    rb"|<w:instrText\b[^>]*>.*?</w:instrText>|</?w:fldSimple\b[^>]*>",
    re.DOTALL,
)
# Clauses with fewer of their words in common are not the same clause, only in the same place.
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Passage:
    """A clause reduced to what is compared: its label and its words, without the label."""

    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause of the Word file and the one of the PDF in its place, if any."""

    word: Passage
    pdf: Passage | None

    @property
    def labelled(self) -> bool:
        """Whether both readings give the same label."""
        return self.pdf is not None and self.pdf.label == self.word.label

    @property
    def worded(self) -> bool:
        """Whether at least 99% of the words are the same, in the same order."""
        return self.pdf is not None and share_words(self.word, self.pdf) >= SAME_WORDS


def make_passage(text: str, clause: Clause, furniture: Sequence[tuple[int, int]]) -> Passage:
    """Return what is compared of ``clause``; furniture inside it is left out."""
    start, end = clause.start, clause.end
    parts = []
    for left, right in furniture:
        if start <= left < end:
            parts.append(text[start:left])
            start = max(start, right)
    parts.append(text[start:end])
    # A page shows the capitals that a Word file only asks for.
    words = unicodedata.normalize("NFKC", " ".join(parts)).replace("\u00ad", "").casefold()
    label = " ".join(unicodedata.normalize("NFKC", clause.label).casefold().split())
    if not _WORD.search(label):
        label = ""  # a bullet is no label
    printed = re.compile(r"\s*" + r"\s*".join(map(re.escape, label.replace(" ", ""))))
    if label and (found := printed.match(words)):
        words = words[found.end() :]
    return Passage(label, tuple(_WORD.findall(words)))


def list_passages(data: bytes, name: str) -> list[Passage]:
    """Read ``data``, cut it into clauses and return those that hold words or a label."""
    from clausecheck.read import read_document
    from clausecheck.segment import segment_document

    document = read_document(data, name=name)
    clauses = segment_document(document).clauses
    furniture = [(c.start, c.end) for c in clauses if c.kind == "furniture"]
    passages = [
        make_passage(document.text, clause, furniture)
        for clause in clauses
        if clause.kind != "furniture"
    ]
    return [p for p in passages if p.words or p.label]


def share_words(one: Passage, other: Passage) -> float:
    """Return the share of words that stand in both, in order.

    >>> share_words(Passage("1.", ("a", "b", "c")), Passage("", ("a", "c")))
    0.6666666666666666
    """
    if one.words == other.words:
        return 1.0
    longest = max(len(one.words), len(other.words))
    matcher = SequenceMatcher(None, one.words, other.words, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / longest


def align(word: Sequence[Passage], pdf: Sequence[Passage]) -> list[Pair]:
    """Return a pair for each clause of the Word file, in order.

    Clauses that are equal settle the places; between them the most similar ones are paired. What
    is left over is paired with its equal elsewhere.

    >>> one, two, three = Passage("1", ("a", "b")), Passage("2", ("c",)), Passage("3", ("d", "e"))
    >>> [pair.pdf and pair.pdf.label for pair in align([one, two, three], [one, three])]
    ['1', None, '3']
    """
    pairs: list[Pair] = []
    spare: list[Passage] = []
    matcher = SequenceMatcher(None, word, pdf, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            pairs += [Pair(a, b) for a, b in zip(word[i:j], pdf[k:m], strict=True)]
        else:
            found = _align_gap(word[i:j], pdf[k:m])
            taken = {id(pair.pdf) for pair in found}
            spare += [passage for passage in pdf[k:m] if id(passage) not in taken]
            pairs += found
    # Footnotes stand at the foot of a page in the one, and after their paragraph in the other.
    for at, pair in enumerate(pairs):
        if pair.pdf is None and pair.word in spare:
            pairs[at] = Pair(pair.word, spare.pop(spare.index(pair.word)))
    return pairs


def _align_gap(word: Sequence[Passage], pdf: Sequence[Passage]) -> list[Pair]:
    best = [[0.0] * (len(pdf) + 1) for _ in range(len(word) + 1)]
    scores: dict[tuple[int, int], float] = {}
    for i in range(len(word) - 1, -1, -1):
        for j in range(len(pdf) - 1, -1, -1):
            scores[i, j] = score = _score(word[i], pdf[j])
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + score)
    pairs: list[Pair] = []
    i = j = 0
    while i < len(word):
        if j < len(pdf) and scores[i, j] and best[i][j] == best[i + 1][j + 1] + scores[i, j]:
            pairs.append(Pair(word[i], pdf[j]))
            i, j = i + 1, j + 1
        elif j < len(pdf) and best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append(Pair(word[i], None))
            i += 1
    return pairs


def _score(one: Passage, other: Passage) -> float:
    same = one.label == other.label
    if not one.words and not other.words:
        return float(same)
    shorter, longer = sorted((len(one.words), len(other.words)))
    if shorter < _ALIKE * longer:
        return 0.0
    share = share_words(one, other)
    return share + 0.1 * same if share >= _ALIKE else 0.0


def prepare(data: bytes) -> bytes:
    """Return a Word file that LibreOffice prints as Word would.

    It asks for the final view without change marks, and its fields are replaced by the results that
    Word last stored: LibreOffice would work them out anew, and not as Word does.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w") as new:
        for entry in old.infolist():
            if entry.is_dir():  # LibreOffice refuses a package that lists its folders
                continue
            part = old.read(entry)
            if entry.filename == "word/settings.xml":
                part = re.sub(rb"<w:revisionView\b[^>]*/>", b"", part)
                part = _SETTING.sub(rb'\1<w:revisionView w:markup="0" w:insDel="0"/>', part, 1)
            elif entry.filename in ("word/document.xml", "word/footnotes.xml"):
                part = _FIELD_CODE.sub(b"", part)
            new.writestr(entry, part, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def cache_folder() -> Path:
    """Return the folder of printed files, made if need be."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "clausecheck-benchmarks" / "printed"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def print_files(paths: Sequence[Path], folder: Path) -> dict[Path, Path]:
    """Print each Word file to PDF by LibreOffice unless it was before; return where they are."""
    printed = {}
    waiting: list[tuple[Path, Path, bytes]] = []
    for path in paths:
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()[:20]
        printed[path] = folder / f"{digest}-{RECIPE}.pdf"
        if not printed[path].exists():
            waiting.append((path, printed[path], data))
    if not waiting:
        return printed
    office = shutil.which("soffice")
    if office is None:
        raise SystemExit("formats: LibreOffice (soffice) is needed to print the Word files.")
    with tempfile.TemporaryDirectory() as work:
        inner, out = Path(work, "in"), Path(work, "out")
        inner.mkdir()
        for number, (_, _, data) in enumerate(waiting):
            (inner / f"{number}.docx").write_bytes(prepare(data))
        # A profile of its own: LibreOffice does not start twice on one.
        subprocess.run(
            [
                office, f"-env:UserInstallation=file://{work}/profile", "--headless",
                "--convert-to", "pdf", "--outdir", str(out), *sorted(map(str, inner.iterdir())),
            ],
            check=True, timeout=_CONVERSION_SECONDS, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for number, (path, target, _) in enumerate(waiting):
            made = out / f"{number}.pdf"
            if made.exists():
                shutil.copy(made, target.with_suffix(".part"))
                target.with_suffix(".part").rename(target)
            else:
                sys.stderr.write(f"formats: LibreOffice did not print {path.name}\n")
                del printed[path]
    return printed


def list_word_files(folder: Path) -> list[Path]:
    """Return the Word files of tiers A and B of a folder, or all if it has no index."""
    index = folder / "index.csv"
    if not index.exists():
        return sorted(folder.glob("*.docx"))
    with index.open(encoding="utf-8", newline="") as stream:
        names = [row["file"] for row in csv.DictReader(stream) if row["tier"] in TIERS]
    return [folder / name for name in sorted(names)]


def compare(path: Path, printed: Path) -> list[Pair] | str:
    """Return the pairs of one file, or the code of the error that kept one of them unread."""
    from clausecheck.errors import ClausecheckError

    try:
        word = list_passages(path.read_bytes(), path.name)
        return align(word, list_passages(printed.read_bytes(), printed.name))
    except ClausecheckError as error:
        return error.code


def share_right(pairs: Sequence[Pair]) -> float:
    """Return the share of clauses with the same label and words."""
    return sum(p.labelled and p.worded for p in pairs) / len(pairs)


def write_report(found: dict[Path, list[Pair] | str]) -> str:
    """Return the tables as Markdown."""
    compared = {
        path: pairs for path, pairs in found.items() if not isinstance(pairs, str) and pairs
    }
    every = [pair for pairs in compared.values() for pair in pairs]
    if not every:
        return "No clause was compared.\n"
    shares = [share_right(pairs) for pairs in compared.values()]
    rows = [
        ("same label and words, median of the files", f"{median(shares):.1%}",
         f"at least {MEDIAN_TARGET:.0%}", "yes" if median(shares) >= MEDIAN_TARGET else "no"),
        ("same label and words, all clauses", f"{share_right(every):.1%}",
         f"at least {OVERALL_TARGET:.0%}", "yes" if share_right(every) >= OVERALL_TARGET else "no"),
        ("clause found, same label", f"{sum(p.labelled for p in every) / len(every):.1%}", "", ""),
        ("clause found, same words", f"{sum(p.worded for p in every) / len(every):.1%}", "", ""),
        ("no clause in its place", f"{sum(p.pdf is None for p in every) / len(every):.1%}", "", ""),
    ]  # fmt: skip
    parts = [
        f"{len(compared)} Word files, {len(every):,} clauses.",
        format_table(("Word against its PDF", "share", "target", "met"), rows),
    ]
    refused = sorted((code, path.name) for path, code in found.items() if isinstance(code, str))
    if refused:
        parts.append("Not compared: " + "; ".join(f"{code} `{name}`" for code, name in refused))
    low = sorted((share, p.name, len(c)) for share, (p, c) in zip(shares, compared.items()))[:12]  # noqa: B905
    lines = [(f"`{name[:70]}`", f"{count}", f"{share:.1%}") for share, name, count in low]
    parts.append(format_table(("lowest", "clauses", "same"), lines))
    return "\n\n".join(parts) + "\n"


def list_differences(pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield a line for each clause that is not the same; for the eyes of a developer only."""
    for at, pair in enumerate(pairs):
        if pair.labelled and pair.worded:
            continue
        word, pdf = pair.word, pair.pdf
        yield f"{at:4} W {word.label!r:10} {len(word.words)} {' '.join(word.words)[:150]}"
        if pdf is None:
            yield "     P -"
            continue
        yield f"     P {pdf.label!r:10} {len(pdf.words)} {' '.join(pdf.words)[:150]}"
        matcher = SequenceMatcher(None, word.words, pdf.words, autojunk=False)
        for kind, i, j, k, m in matcher.get_opcodes():
            if kind != "equal":
                lost, got = " ".join(word.words[i:j]), " ".join(pdf.words[k:m])
                yield f"       {lost[:70]!r} -> {got[:70]!r}"


def main(arguments: Sequence[str]) -> int:
    """Compare the files and print the report."""
    given = list(arguments)
    shown = ""
    if "--show" in given:
        at = given.index("--show")
        shown = given[at + 1]
        del given[at : at + 2]
    named = [a for a in given if not a.startswith("--")]
    folder = Path(named[0]) if named else FOLDER
    files = [p for p in list_word_files(folder) if shown in p.name] if folder.is_dir() else []
    if not files:
        sys.stderr.write(f"{folder}: no Word file to compare. Name a folder of contracts.\n")
        return 2
    found = {path: compare(path, pdf) for path, pdf in print_files(files, cache_folder()).items()}
    if shown:
        for path, pairs in found.items():
            sys.stdout.write(f"{path.name}\n")
            for line in [pairs] if isinstance(pairs, str) else list_differences(pairs):
                sys.stdout.write(f"{line}\n")
    report = write_report(found)
    sys.stdout.write(report)
    if "--write" in arguments:
        replace_block("formats", report)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
