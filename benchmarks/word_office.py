"""What LibreOffice makes of marked Word files: it opens, prints, accepts and rejects them.

In: copies of Word files. Out: checks in a ``Tally``. Texts are compared after all changes were
rejected and accepted; printed pages by their words and by their pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks import word_walk as walk
from benchmarks.office import Job, convert_files, run_jobs
from benchmarks.pages import compare_pages
from benchmarks.wordout import Tally, find_main

# Share of a page's pixels that may look different: cutting a run moves letters by a hair.
MOST_PIXELS = 0.001


def run_office(tally: Tally, copies: dict[str, dict[str, bytes]], keep: Path) -> None:
    """Let LibreOffice open, print, accept and reject the copies; compare texts and pages.

    What it prints stays in ``keep``, to be looked at.
    """
    wanted = {
        "original": ("accept", "reject"),
        "comments": ("accept", "reject"),
        "redline": ("accept", "reject"),
        "accepted": ("accept",),
    }
    opened: dict[tuple[str, str], bool] = {}
    jobs: list[Job] = []
    keys = []
    for kind, actions in wanted.items():
        folder = keep / kind
        folder.mkdir(parents=True)
        paths = {}
        for number, name in enumerate(copies):
            data = copies[name][kind]
            # All copies of a file bear one name, as a page may show it.
            paths[name] = folder / f"{number}.docx"
            paths[name].write_bytes(data)
            # Without a screen LibreOffice ends when it has to show a comment in a window.
            bare = folder / f"bare{number}.docx"
            bare.write_bytes(walk.strip_comments(data, find_main(walk.open_parts(data))))
            for action in actions:
                prints = action == "reject" and kind != "comments"
                printed = str(folder / f"{number}-rejected.pdf") if prints else ""
                jobs.append((str(bare), action, printed))
                keys.append((name, kind, action))
        if kind != "accepted":
            done = convert_files(list(paths.values()), folder, kind="pdf")
            opened |= {(name, kind): good for name, good in zip(paths, done, strict=True)}
    texts = dict(zip(keys, run_jobs(jobs), strict=True))
    for number, name in enumerate(copies):
        plain = texts[name, "original", "reject"]
        if plain is None or not opened[name, "original"]:
            tally.counts["originals that LibreOffice refuses"] += 1
            continue
        parts = walk.open_parts(copies[name]["original"])
        trimmed = walk.list_trimmed(walk.parse(parts[find_main(parts)]))
        for kind in ("comments", "redline"):
            tally.check("opens in LibreOffice without repair", name, opened[name, kind], kind)
            same = _say_the_same(tally, plain, texts[name, kind, "reject"], trimmed)
            tally.check("reject all = the original (LibreOffice)", name, same, kind)
        for kind, other in (("comments", "original"), ("redline", "accepted")):
            same = texts[name, kind, "accept"] == texts[name, other, "accept"]
            tally.check("accept all = the edited text (LibreOffice)", name, same, kind)
        for before, after in (
            (f"original/{number}.pdf", f"comments/{number}.pdf"),
            (f"original/{number}-rejected.pdf", f"redline/{number}-rejected.pdf"),
        ):
            _check_pages(tally, name, keep / before, keep / after)


def _say_the_same(tally: Tally, one: str, two: str | None, trimmed: Sequence[str]) -> bool:
    """Tell whether two texts are one, but for the spaces that LibreOffice itself drops.

    It drops the spaces at the end of a cell's paragraph when it opens a file, unless an insertion
    follows them, even one that is rejected later: an untouched original with a single insertion put
    there by hand shows the same.
    """
    if two is None:
        return False
    lines, others = one.split("\n"), two.split("\n")
    if len(lines) != len(others):
        return False
    for line, other in zip(lines, others, strict=True):
        if line == other:
            continue
        if line != other.rstrip(" ") or not line.endswith(tuple(trimmed)):
            return False
        tally.counts["lines with spaces that LibreOffice drops from cells"] += 1
    return True


def _check_pages(tally: Tally, name: str, before: Path, after: Path) -> None:
    if not (before.exists() and after.exists()):
        tally.check("printed pages: same words", name, False, f"{after.name} is missing")
        return
    found = compare_pages(before, after)
    tally.counts["pages printed and compared"] += found.pages
    where = f"{after.parent.name}, pages {found.other_words[:8]}"
    tally.check("printed pages: same words", name, not found.other_words, where)
    where = f"{after.parent.name}, page {found.worst_page}: {found.worst_share:.3%}"
    tally.check("printed pages: same picture", name, found.worst_share <= MOST_PIXELS, where)
