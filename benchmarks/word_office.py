"""What LibreOffice makes of marked Word files: it opens, prints, accepts and rejects them.

In: copies of Word files. Out: checks in a ``Tally``. Texts are compared after all changes were
rejected and accepted; printed pages by their words and by their pictures. LibreOffice computes
fields anew and drops spaces otherwise in a file with tracked changes. So a file with made-up
changes is held against the untouched original with one other change in each of the same paragraphs,
put there by the walk. It also sets some files otherwise as soon as there is a comment in them. So
copies with a comment on every finding and on whole paragraphs that do not print as the untouched
original does are held against that original with comments by the walk at the ends of the same
paragraphs.
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
    wanted: dict[str, tuple[str, ...]] = {
        "original": ("accept", "reject"),
        "comments": ("accept", "reject"),
        "redline": ("accept", "reject"),
        "rejectable": ("reject",),
        "edited": ("accept",),
        "accepted": ("accept",),
        "noted": (),
        "notable": (),
    }
    converted = dict.fromkeys(("original", "noted", "notable"), "pdf")
    converted |= dict.fromkeys(("comments", "redline"), "txt:Text")
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
                jobs.append((str(bare), action))
                keys.append((name, kind, action))
        if kind in converted:
            done = convert_files(list(paths.values()), folder, kind=converted[kind])
            opened |= {(name, kind): good for name, good in zip(paths, done, strict=True)}
    texts = dict(zip(keys, run_jobs(jobs), strict=True))
    for number, name in enumerate(copies):
        plain = texts[name, "original", "reject"]
        if plain is None or not opened[name, "original"]:
            tally.counts["originals that LibreOffice refuses"] += 1
            continue
        for kind in ("noted", "comments", "redline"):
            tally.check("opens in LibreOffice without repair", name, opened[name, kind], kind)
        for kind, controls in (("comments", ()), ("redline", ("rejectable",))):
            others = [texts[name, other, "reject"] for other in ("original", *controls)]
            same = _say_the_same(tally, texts[name, kind, "reject"], others)
            tally.check("reject all = the original (LibreOffice)", name, same, kind)
        for kind, controls in (("comments", ("original",)), ("redline", ("edited", "accepted"))):
            others = [texts[name, other, "accept"] for other in controls]
            same = _say_the_same(tally, texts[name, kind, "accept"], others)
            tally.check("accept all = the edited text (LibreOffice)", name, same, kind)
        _check_pages(tally, name, keep, number)


def _say_the_same(tally: Tally, text: str | None, others: Sequence[str | None]) -> bool:
    """Tell whether each line of a text is that of one of the others.

    Lines in which LibreOffice does not undo the control's own change say nothing.
    """
    if text is None or None in others:
        return False
    lines, *controls = (found.split("\n") for found in (text, *others) if found is not None)
    if any(len(control) != len(lines) for control in controls):
        return False
    told = list(zip(*controls, strict=True))
    stuck = [any(walk.CONTROL in other for other in line) for line in told]
    tally.counts["lines in which LibreOffice settles no change at all"] += sum(stuck)
    pairs = zip(lines, told, stuck, strict=True)
    return all(skipped or line in among for line, among, skipped in pairs)


def _check_pages(tally: Tally, name: str, keep: Path, number: int) -> None:
    original, control, noted = (
        keep / kind / f"{number}.pdf" for kind in ("original", "notable", "noted")
    )
    if not (control.exists() and noted.exists()):
        tally.check("printed pages: same words", name, False, "not printed")
        return
    plain = compare_pages(original, noted)
    same = not plain.other_words and plain.worst_share <= MOST_PIXELS
    tally.counts["files printed exactly as without comments"] += same
    # A copy that prints as the untouched original needs no control.
    found = plain if same else compare_pages(control, noted)
    tally.counts["pages printed and compared"] += found.pages
    where = f"pages {found.other_words[:8]}"
    tally.check("printed pages: same words", name, not found.other_words, where)
    where = f"page {found.worst_page}: {found.worst_share:.3%}"
    tally.check("printed pages: same picture", name, found.worst_share <= MOST_PIXELS, where)
