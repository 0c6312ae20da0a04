"""Draw reviews as one HTML page that needs nothing but itself: no network, no script to be read.

Comes in: reviews. Goes out: ASCII text, other characters as numeric references, so that no
encoding can alter it. Jinja2 escapes every expression and is imported only when a page is drawn;
every string passes ``visible`` first, so that a contract can neither be markup nor hide characters.
The page's policy allows one style sheet and one script, both by their hash, and nothing else.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clausecheck.records import Review
from clausecheck.report import wording
from clausecheck.report.html.pictures import FAMILIES, MODEL_ZONES, STANCE_ORDER
from clausecheck.report.html.view import ReviewView
from clausecheck.report.layout import PLAIN_OPTIONS, ReportOptions, visible

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_HERE = Path(__file__).resolve().parent
_STATUS = {"complete": "complete", "partial": "partial", "failed": "failed"}
# A blank to fill, as it stands in suggested wording: [cap_amount: money limit].
_BLANK = re.compile(r"\[[a-z][^\[\]]{0,120}\]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the index of a page with several documents."""

    target: str
    name: str
    status: str
    counts: tuple[int, ...]


def write_page(reviews: Iterable[Review], options: ReportOptions = PLAIN_OPTIONS) -> Iterator[str]:
    """Yield one page for all reviews, piece by piece; several get an index in front.

    >>> from clausecheck.records import Document
    >>> page = "".join(write_page([Review(Document("<x>.docx", "", "", ""), "failed")]))
    >>> page.splitlines()[0], page.isascii(), "<x>" in page, "&lt;x&gt;.docx" in page
    ('<!DOCTYPE html>', True, False, True)
    """
    environment = make_environment()
    # The index stands first, so that all reviews have to be there before the first is drawn.
    known = list(reviews)
    several = len(known) != 1
    views = [
        ReviewView(review, options, number=number if several else 0)
        for number, review in enumerate(known, 1)
    ]
    shared = share_assets(read_source("report.css"))
    shared |= {
        "zones": MODEL_ZONES,
        "stances": STANCE_ORDER,
        "shareable": options.edition == "shareable",
    }
    kind = "Points for discussion:" if shared["shareable"] else "Review of"
    title = f"{kind} {f'{len(views)} documents' if several else views[0].title}"
    index = [_index(view, options) for view in views] if several else []
    yield finish(environment.get_template("head.html.j2").render(shared, title=title, index=index))
    name = "shareable.html.j2" if shared["shareable"] else "review.html.j2"
    template = environment.get_template(name)
    for view in views:
        yield finish(template.render(shared, view=view))
    yield finish(environment.get_template("tail.html.j2").render(shared))


def share_assets(style: Markup) -> dict[str, Any]:
    """Return what the templates of every page need: fixed texts, style and script with hashes."""
    script = read_source("report.js")
    return {
        "w": wording,
        "style": style,
        "script": script,
        "style_hash": _hash(style),
        "script_hash": _hash(script),
        "families": FAMILIES,
        "explain": wording.FAMILY_QUESTIONS,
    }


def _index(view: ReviewView, options: ReportOptions) -> Entry:
    target = f"{view.prefix}top"
    if options.edition == "shareable":
        return Entry(target, view.title, view.review.status, (len(view.talk),))
    main = sum(note.finding.family != "CO" and note.finding.severity >= 3 for note in view.notes)
    counts = (main, view.tensions - main, len(view.notes) - view.tensions, len(view.balanced))
    return Entry(target, view.name_shown, view.review.status, counts)


def finish(text: str) -> str:
    """Return text as ASCII; outside the style and script, which are ASCII, references are safe."""
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")


@cache
def read_source(name: str) -> Markup:
    """Return a style sheet or script of this folder."""
    from markupsafe import Markup

    # Our own file, never contract text.
    return Markup((_HERE / name).read_text("ascii"))  # noqa: S704


def _hash(text: str) -> str:
    """Return the hash by which a content security policy allows ``text``."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


@cache
def make_environment(folder: Path = _HERE / "templates") -> Environment:
    """Return the environment of a folder of templates: all escaped, visible, nothing undefined."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_show,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["placeholders"] = mark_placeholders
    return environment


def _show(value: Any) -> Any:
    """Make a plain string visible; markup has passed here before."""
    return visible(value) if type(value) is str else value


def mark_placeholders(text: str) -> Markup:
    """Return suggested wording with its open blanks marked, everything else escaped.

    >>> str(mark_placeholders("<i> within [notice_days: days] days"))
    '&lt;i&gt; within <span class="blank">[notice_days: days]</span> days'
    """
    from markupsafe import Markup

    parts, here = [], 0
    for blank in _BLANK.finditer(text):
        parts.append(Markup.escape(visible(text[here : blank.start()])))
        parts.append(Markup('<span class="blank">{}</span>').format(visible(blank[0])))
        here = blank.end()
    parts.append(Markup.escape(visible(text[here:])))
    return Markup("").join(parts)


__all__: Sequence[str] = ("make_environment", "write_page")
