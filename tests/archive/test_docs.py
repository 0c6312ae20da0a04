"""The page on archives tells the tables and views as they are."""

import os
import re
from pathlib import Path

from clausecheck.archive.schema import LISTING, TABLES
from clausecheck.archive.views import VIEWS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "archive.md"


def make_views() -> str:
    return "".join(f"| `{view.name}` | {view.meaning} |\n" for view in VIEWS)


def make_tables() -> str:
    parts = []
    for name, columns in {**TABLES, **LISTING}.items():
        rows = "".join(f"| `{c.name}` | {c.type} | {c.meaning} |\n" for c in columns)
        parts.append(f"### {name}\n\n| column | type | meaning |\n|---|---|---|\n{rows}")
    return "\n" + "\n".join(parts) + "\n"


def test_the_page_tells_every_view_and_column() -> None:
    page = PAGE.read_text("utf-8")
    made = page
    for marker, text in (("views", make_views()), ("tables", make_tables())):
        pattern = rf"(<!-- {marker} -->\n).*(<!-- /{marker} -->)"
        made = re.sub(pattern, lambda m, t=text: m[1] + t + m[2], made, flags=re.DOTALL)
    if os.environ.get("CLAUSECHECK_REGENERATE"):
        PAGE.write_text(made, "utf-8")
    assert PAGE.read_text("utf-8") == made
