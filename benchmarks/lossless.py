"""Count the characters of Word files without the reader, and compare: nothing lost, nothing twice.

In: a folder of Word files. The count walks the raw XML with expat, by rules of its own (the final
view; one branch of each alternative; notes that are referred to; results of fields, not codes).
Out: per folder, how many characters were expected, read, missing and too many. Run
``python -m benchmarks.lossless [--write] [FOLDER]``.
"""

from __future__ import annotations

import posixpath
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from xml.parsers import expat

from benchmarks.blocks import format_table, replace_block

HERE = Path(__file__).resolve()
FOLDERS = (HERE.parents[2] / "shared" / "contracts" / "docx", HERE.parents[1] / "corpora/samples")
# What stands for a symbol of a font: any character will do.
SYMBOL = "\ufffc"
_SPACE = re.compile(r"\s+")
_GONE = ("del", "moveFrom")
_SKIPPED = ("rt", "delText", "instrText", "delInstrText")


@dataclass(slots=True)
class _Frame:
    """An open element whose content is kept or thrown away when it ends."""

    name: str
    text: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    words: bool = False
    dropped: bool = False
    taken: bool = False


class StoryCount:
    """The characters of one part in the final view, in order; text boxes apart."""

    def __init__(self, data: bytes, *, notes: str = "") -> None:
        self.stories: dict[str, str] = {}
        self.boxes: dict[str, str] = {}
        self.references: dict[str, list[str]] = {}
        self._notes = notes
        self._frames = [_Frame("")]
        self._path: list[str] = []
        self._codes: list[bool] = []
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._read
        parser.buffer_text = True
        parser.Parse(data, True)
        if not notes:
            self._keep("", self._frames[0])

    def _keep(self, key: str, frame: _Frame) -> None:
        self.stories[key] = "".join(frame.text)
        self.boxes[key] = "".join(frame.boxes)
        self.references[key] = frame.notes

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        values = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        parent = self._path[-1] if self._path else ""
        self._path.append(name)
        top = self._frames[-1]
        if name in ("tr", "tc", "Choice", "Fallback", "txbxContent", "sdtPr") or (
            self._notes and name == self._notes
        ):
            self._frames.append(_Frame(name))
            if name == self._notes:
                self._frames[-1].name = f"note {values.get('id', '')} {values.get('type', '')}"
        elif name == "AlternateContent":
            self._frames.append(_Frame(name))
        elif name in _GONE and parent not in ("rPr", "trPr", "numPr"):
            self._frames.append(_Frame("gone", dropped=True))
        elif name == "del" and parent == "trPr":
            self._mark("tr")
        elif name == "cellDel":
            self._mark("tc")
        elif name in _SKIPPED:
            self._frames.append(_Frame("gone", dropped=True))
        elif name == "fldChar":
            self._follow(values.get("fldCharType", ""))
        elif name == "noBreakHyphen" and parent == "r":
            top.text.append("-")
        elif name == "sym" and parent == "r":
            top.text.append(SYMBOL)
        elif name in ("footnoteReference", "endnoteReference"):
            top.notes.append(f"{name[:-9]} {values.get('id', '')}")

    def _mark(self, name: str) -> None:
        for frame in reversed(self._frames):
            if frame.name == name:
                frame.dropped = True
                return

    def _follow(self, kind: str) -> None:
        if any(frame.name == "gone" for frame in self._frames):
            return
        if kind == "begin":
            self._codes.append(True)
        elif kind == "separate" and self._codes:
            self._codes[-1] = False
        elif kind == "end" and self._codes:
            self._codes.pop()

    def _read(self, text: str) -> None:
        if self._path[-1] == "t" and len(self._path) > 1 and not any(self._codes):
            self._frames[-1].text.append(_SPACE.sub("", text))
            self._frames[-1].words = True

    def _end(self, tag: str) -> None:
        name = self._path.pop()
        top = self._frames[-1]
        closes = (
            top.name == name
            or (top.name == "gone" and name in (*_GONE, *_SKIPPED) and tag)
            or (top.name.startswith("note ") and name == self._notes)
        )
        if not closes or len(self._frames) == 1:
            return
        if top.name == "gone" and name in _GONE and self._path and self._path[-1] in (
            "rPr", "trPr", "numPr",
        ):  # fmt: skip
            return
        self._frames.pop()
        above = self._frames[-1]
        if top.name.startswith("note "):
            _, key, kind = top.name.split(" ")
            if kind in ("", "normal"):
                self._keep(key, top)
            return
        if top.dropped:
            return
        if name in ("Choice", "Fallback"):
            # The first branch with words is the one that is read; else the first.
            if above.taken:
                return
            if top.words or name == "Choice":
                above.text, above.boxes, above.notes = top.text, top.boxes, top.notes
                above.taken = above.words = top.words
            return
        if name == "txbxContent":
            above.boxes += top.text
        else:
            above.text += top.text
        above.boxes += top.boxes
        above.notes += top.notes
        above.words |= top.words


@dataclass(frozen=True, slots=True)
class Balance:
    """What one file should give and gave. ``code``: the error with which it was refused."""

    path: Path
    expected: int = 0
    missing: int = 0
    extra: int = 0
    hidden: int = 0
    ordered: bool = True
    code: str = ""


def count_file(data: bytes) -> tuple[str, str]:
    """Return the characters of the body in order, and those of text boxes and notes."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = {name.lower(): name for name in package.namelist()}
        relations = package.read(parts["_rels/.rels"]).decode()
        found = re.search(
            r'Target="/?([^"]+)"[^>]*officeDocument"|officeDocument"[^>]*Target="/?([^"]+)"',
            relations,
        )
        main = next(filter(None, found.groups())) if found else "word/document.xml"
        body = StoryCount(package.read(parts[main.lower()]))
        rest = [body.boxes[""]]
        wanted = list(dict.fromkeys(body.references[""]))
        for kind in ("footnote", "endnote"):
            place = f"{posixpath.dirname(main)}/{kind}s.xml".lower()
            if place not in parts:
                continue
            notes = StoryCount(package.read(parts[place]), notes=kind)
            for name in wanted:
                key = name.split(" ")[1]
                if name.startswith(kind) and key in notes.stories:
                    rest += [notes.stories[key], notes.boxes[key]]
    return body.stories[""], "".join(rest)


def compare(path: Path) -> Balance:
    """Read one file both ways and return the balance."""
    from clausecheck.errors import ClausecheckError
    from clausecheck.read import read_document

    data = path.read_bytes()
    try:
        document = read_document(data, name=path.name)
    except ClausecheckError as error:
        return Balance(path, code=error.code)
    body, rest = count_file(data)
    aside = [(b.start, b.end) for b in document.blocks if b.style in ("note", "textbox")]
    main, cursor = [], 0
    for start, end in aside:
        main.append(document.text[cursor:start])
        cursor = end
    main.append(document.text[cursor:])
    expected, read = Counter(body + rest), Counter(_SPACE.sub("", document.text))
    symbols = expected.pop(SYMBOL, 0)
    missing, extra = sum((expected - read).values()), sum((read - expected).values())
    hidden = int(dict(document.facts).get("hidden characters", "0"))
    return Balance(
        path,
        expected.total() + symbols,
        max(missing - hidden, 0),
        max(extra - symbols, 0),
        hidden,
        hidden > 0 or _match(body, _SPACE.sub("", "".join(main))),
    )


def _match(expected: str, read: str) -> bool:
    """Return whether both are the same, a symbol standing for any character.

    >>> _match("a\ufffcb", "a*b"), _match("ab", "ba")
    (True, False)
    """
    if SYMBOL not in expected:
        return expected == read
    pattern = ".?".join(map(re.escape, expected.split(SYMBOL)))
    return re.fullmatch(pattern, read, re.DOTALL) is not None


def write_report(balances: Sequence[Balance]) -> str:
    """Return the table as Markdown."""
    read = [b for b in balances if not b.code]
    rows = [
        ("Word files read", f"{len(read)} of {len(balances)}"),
        ("characters expected", f"{sum(b.expected for b in read):,}"),
        ("missing", f"{sum(b.missing for b in read):,}"),
        ("too many", f"{sum(b.extra for b in read):,}"),
        ("files with the body in another order", str(sum(not b.ordered for b in read))),
        ("hidden characters, left out and counted", f"{sum(b.hidden for b in read):,}"),
    ]
    parts = [format_table(("measure", "count"), rows)]
    bad = [b for b in read if b.missing or b.extra or not b.ordered]
    if bad:
        parts.append("\n".join(
            f"- `{b.path.name}`: {b.missing} missing, {b.extra} too many"
            + ("" if b.ordered else ", another order") for b in bad
        ))  # fmt: skip
    refused = [b for b in balances if b.code]
    if refused:
        parts.append("Refused: " + ", ".join(f"{b.code} `{b.path.name}`" for b in refused))
    return "\n\n".join(parts) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Compare the files and print the report; 1 when anything was lost or doubled."""
    named = [Path(a) for a in arguments if not a.startswith("--")]
    files = sorted(path for folder in named or FOLDERS for path in folder.glob("*.docx"))
    if not files:
        sys.stderr.write("lossless: no Word file was found. Name a folder.\n")
        return 2
    balances = [compare(path) for path in files]
    report = write_report(balances)
    sys.stdout.write(report)
    if "--write" in arguments:
        replace_block("lossless", report)
    return 1 if any(b.missing or b.extra or not b.ordered for b in balances) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
