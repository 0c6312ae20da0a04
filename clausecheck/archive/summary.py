"""Draw the summary of an archive as one HTML page that needs nothing but itself.

Comes in: the figures of a dataset. Goes out: ASCII text. The engine of the review's page
writes it under the same rules: everything escaped and made visible, one style sheet allowed by its
hash; there is no script.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from clausecheck.archive.figures import Heat, Summary
from clausecheck.report.html import finish, make_environment, read_source, share_assets

if TYPE_CHECKING:
    from markupsafe import Markup

_HERE = Path(__file__).resolve().parent
_STEPS = 5
_BAR_HEIGHT = 120


class Bar(NamedTuple):
    """One bar of the histogram, in units of the picture: 1000 wide, 120 high."""

    x: int
    y: int
    width: int
    height: int
    label: str


def write_summary(summary: Summary, *, folder: str, versions: str) -> str:
    """Return the page; ``folder`` names the dataset in commands, ``versions`` what reviewed it."""
    shared = share_assets(read_source("report.css") + _read_own("summary.css"))
    template = make_environment(_HERE / "templates").get_template("summary.html.j2")
    text = template.render(
        shared,
        s=summary,
        bars=draw_bars(summary.balance),
        shade=shade,
        folder=folder,
        versions=versions,
        name_file=name_file,
        widest=max((len(heat.columns) for heat in summary.year_heats), default=0),
    )
    return finish(text)


def _read_own(name: str) -> Markup:
    from markupsafe import Markup

    # Our own file, never contract text.
    return Markup((_HERE / "templates" / name).read_text("ascii"))  # noqa: S704


def draw_bars(counts: tuple[int, ...]) -> list[Bar]:
    """Return the bars of the balance of the contracts, from -1 to +1.

    >>> [bar.height for bar in draw_bars((0, 5, 10))]
    [0, 60, 120]
    """
    most, width = max(*counts, 1), 1000 // len(counts)
    bars = []
    for place, count in enumerate(counts):
        height = max(round(_BAR_HEIGHT * count / most), 2 if count else 0)
        low, high = (round(-1 + 2 * edge / len(counts), 2) for edge in (place, place + 1))
        label = f"{low:+.1f} to {high:+.1f}: {count:,} contracts"
        bars.append(Bar(place * width, _BAR_HEIGHT - height, width - 4, height, label))
    return bars


def shade(share: int | None) -> int:
    """Return the step of shade of a share in percent: 0 for none, then 1 to 5.

    >>> shade(None), shade(0), shade(20), shade(21), shade(100)
    (0, 1, 1, 2, 5)
    """
    if share is None:
        return 0
    return min(_STEPS, max(1, -(-share * _STEPS // 100)))


def name_file(path: str) -> str:
    """Return the last part of a path, by which a contract without a title is called.

    >>> name_file("/archive/old.zip!/2015/msa.docx")
    'msa.docx'
    """
    return path.rstrip("/").rpartition("/")[2] or path


__all__ = ["Heat", "draw_bars", "name_file", "shade", "write_summary"]
