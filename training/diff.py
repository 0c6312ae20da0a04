"""List the findings gained and lost over real contracts between two states of the project.

    python -m training.diff OLD NEW [--texts DIR] [--sensitivity balanced] [--list]

OLD and NEW are git revisions, or folders that hold a checkout. Each state reviews the same files
with its own code, rules and model. Out: a table of codes; with ``--list`` every finding, named by
file and place and never quoted, so that the output may be shared.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import click

from training.data import ROOT, SHARED

# Run inside a checkout, whose ``clausecheck`` stands first on the path; an older one may know no
# sensitivities.
_REVIEW = """
import json, sys
from pathlib import Path
from clausecheck import Checker, Settings
folder, sensitivity = Path(sys.argv[1]), sys.argv[2]
known = "sensitivity" in Settings.__dataclass_fields__
checker = Checker(Settings(**({"sensitivity": sensitivity} if known else {})))
for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".txt", ".md", ".docx")):
    name = str(path.relative_to(folder))
    try:
        found = checker.check(path.read_bytes(), name=name).findings
    except Exception as error:
        sys.stderr.write(f"{name}: {error}\\n")
        continue
    rows = [[f.code, f.start, f.end, f.burden] for f in found]
    print(json.dumps([name, rows]))
"""

Place = tuple[str, str, int, int, str]


def review_state(checkout: Path, texts: Path, sensitivity: str) -> set[Place]:
    """Return (file, code, start, end, burden) of every finding of one checkout."""
    command = [sys.executable, "-c", _REVIEW, str(texts.resolve()), sensitivity]
    done = subprocess.run(  # noqa: S603 - our own code, in a folder that the caller names
        command, cwd=checkout, check=True, capture_output=True, text=True
    )
    return {
        (name, code, start, end, burden)
        for name, rows in map(json.loads, done.stdout.splitlines())
        for code, start, end, burden in rows
    }


def pair_findings(old: set[Place], new: set[Place]) -> tuple[list[Place], list[Place]]:
    """Return the findings gained and lost, sorted; one that moved within its words is neither.

    >>> old = {("a", "RS101", 0, 9, "supplier"), ("a", "WL201", 20, 30, "customer")}
    >>> new = {("a", "RS101", 3, 12, "supplier"), ("b", "WL201", 20, 30, "customer")}
    >>> pair_findings(old, new)
    ([('b', 'WL201', 20, 30, 'customer')], [('a', 'WL201', 20, 30, 'customer')])
    """

    def missing(these: set[Place], others: set[Place]) -> list[Place]:
        spans: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
        for name, code, start, end, burden in others:
            spans.setdefault((name, code, burden), []).append((start, end))
        return sorted(
            place
            for place in these
            if not any(
                start < place[3] and place[2] < end
                for start, end in spans.get((place[0], place[1], place[4]), [])
            )
        )

    return missing(new, old), missing(old, new)


def draw_table(gained: list[Place], lost: list[Place], old: set[Place], new: set[Place]) -> str:
    """Return a Markdown table: per code, findings before and after, gained and lost."""
    counts = [Counter(place[1] for place in part) for part in (old, new, gained, lost)]
    codes = sorted({code for count in counts for code in count})
    rows = [
        f"| {code} | {' | '.join(str(count[code]) for count in counts)} |"
        for code in codes
        if counts[2][code] or counts[3][code]
    ]
    total = f"| all | {' | '.join(str(sum(count.values())) for count in counts)} |"
    head = ["| code | before | after | gained | lost |", "|---|---:|---:|---:|---:|"]
    return "\n".join([*head, *rows, total])


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--texts", type=click.Path(path_type=Path, exists=True), default=SHARED / "contracts")
@click.option(
    "--sensitivity",
    type=click.Choice(["precise", "balanced", "thorough"]),
    default="precise",
    show_default=True,
)
@click.option("--list", "listed", is_flag=True, help="Name every finding gained or lost.")
def main(old: str, new: str, texts: Path, sensitivity: str, listed: bool) -> None:
    """Compare the findings of OLD and NEW, git revisions or checkouts, over real contracts."""
    states = []
    for state in (old, new):
        if Path(state).is_dir():
            states.append(review_state(Path(state), texts, sensitivity))
            continue
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder, "state")
            git = ["git", "-C", str(ROOT)]
            add = [*git, "worktree", "add", "--quiet", "--detach", str(place), state]
            if subprocess.run(add, check=False).returncode:  # noqa: S603 - no shell
                raise click.BadParameter(f"{state!r} is neither a folder nor a revision.")
            try:
                states.append(review_state(place, texts, sensitivity))
            finally:
                remove = [*git, "worktree", "remove", "--force", str(place)]
                subprocess.run(remove, check=True)  # noqa: S603 - no shell
    gained, lost = pair_findings(*states)
    click.echo(draw_table(gained, lost, *states))
    if listed:
        for sign, places in (("+", gained), ("-", lost)):
            for name, code, start, end, burden in places:
                click.echo(f"{sign} {name}:{start}-{end} {code} on {burden}")


if __name__ == "__main__":
    main()
