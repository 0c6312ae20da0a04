"""Where an archive's dataset keeps what, and which reviews in it are the current ones.

Comes in: the folder of a dataset, the choices of a run. Goes out: paths. ::

    DIR/archive.json                 format and version
    DIR/reviews/EDITION/PART/*.parquet   reviews made by one tool, rules, model and settings
    DIR/listing/NUMBER/*.parquet     the files of a finished run, and the edition they refer to
    DIR/runs.jsonl                   a line for each run: counts, duration, versions
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from clausecheck.archive.schema import SCHEMA_VERSION
from clausecheck.archive.store import (
    EDITION_FILE,
    PartStore,
    list_listings,
    list_parts,
    make_folder,
)
from clausecheck.errors import ArchiveError
from clausecheck.pipeline import Checker
from clausecheck.settings import Settings

FORMAT = "clausecheck-archive"
# What says where files lie or opens them, or shapes what the tables do not hold.
_NO_PART_OF_KEY = ("rule_dirs", "model_dir", "password", "cautions", "wording")


@dataclass(frozen=True, slots=True)
class Edition:
    """What reviews depend on beside the document: equal editions give equal rows."""

    tool: str
    rules: str
    model: str
    settings: dict[str, Any]

    @property
    def key(self) -> str:
        """A name of 16 hex digits, equal for equal editions."""
        told = json.dumps([SCHEMA_VERSION, asdict(self)], sort_keys=True)
        return sha256(told.encode()).hexdigest()[:16]


def end_acceptances(settings: Settings) -> Settings:
    """Return settings without the acceptances that have ended, and without the day.

    A new day alone must not make every review an old one.
    """
    kept = tuple(
        item
        for item in settings.accept
        if not (settings.today and item.until and item.until < settings.today)
    )
    return replace(settings, accept=kept, today="")


def describe_edition(checker: Checker) -> Edition:
    """Return the edition that a checker's reviews belong to."""
    settings = asdict(checker.settings)
    for name in _NO_PART_OF_KEY:
        del settings[name]
    # Limits of a single file and everything else count; so does how a tuple is written in JSON.
    settings = json.loads(json.dumps(settings))
    versions = checker.versions
    return Edition(versions.tool, versions.rules, versions.model, settings)


class Dataset:
    """The folder of a dataset; opening one that is none raises ``ArchiveError``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reviews, self.listing = folder / "reviews", folder / "listing"
        self.drafts, self.log = folder / ".drafts", folder / "runs.jsonl"

    @classmethod
    def open(cls, folder: str | os.PathLike[str]) -> Dataset:
        """Open a dataset to read it."""
        made = cls(Path(folder))
        made._check_mark()
        return made

    @classmethod
    def create(cls, folder: str | os.PathLike[str]) -> Dataset:
        """Open a dataset to write it; makes it when the folder is new or empty."""
        made = cls(Path(folder))
        mark = made.folder / "archive.json"
        make_folder(made.folder)
        strangers = [p for p in made.folder.iterdir() if p.name not in (".lock", ".archive.json")]
        if not mark.exists() and not strangers:
            draft = made.folder / ".archive.json"
            draft.write_text(json.dumps({"format": FORMAT, "schema": SCHEMA_VERSION}) + "\n")
            draft.chmod(0o600)
            draft.replace(mark)
        made._check_mark()
        for folder_ in (made.reviews, made.listing, made.drafts):
            make_folder(folder_)
        return made

    def _check_mark(self) -> None:
        try:
            told = json.loads((self.folder / "archive.json").read_text("utf-8"))
            fits = told["format"] == FORMAT
        except (OSError, ValueError, KeyError, TypeError):
            fits = False
        if not fits:
            raise ArchiveError(
                "C511",
                "This folder holds no archive dataset.",
                str(self.folder),
                "Name the folder that 'clausecheck archive run' wrote, or a new one for --out.",
            )
        if told.get("schema") != SCHEMA_VERSION:
            raise ArchiveError(
                "C513",
                f"The dataset has version {told.get('schema')} of the columns, this program writes "
                f"version {SCHEMA_VERSION}.",
                str(self.folder),
                "Use the program that wrote it, or make a new dataset.",
            )

    def parts_of(self, edition: str) -> PartStore:
        """Return the store of an edition's parts, to write."""
        return PartStore(self.reviews / edition, self.drafts)

    def finished(self, back: int = 0) -> Path | None:
        """Return the listing of the last finished run, or of the one ``back`` runs before."""
        known = list_listings(self.listing)
        return known[-1 - back] if len(known) > back else None

    def edition_of(self, listing: Path | None) -> str | None:
        """Return the edition that a listing refers to; without one, that of the run under way."""
        if listing is not None:
            return (listing / EDITION_FILE).read_text("utf-8")
        begun = (
            [p for p in self.reviews.iterdir() if list_parts(p)] if self.reviews.exists() else []
        )
        return max(begun, key=lambda p: (p.stat().st_mtime_ns, p.name)).name if begun else None

    def files_of(self, table: str, edition: str | None) -> list[Path]:
        """Return the Parquet files that hold an edition's rows of a table."""
        if edition is None:
            return []
        parts = list_parts(self.reviews / edition)
        return [part.folder / f"{table}.parquet" for part in parts]

    def describe_versions(self) -> str:
        """Return what reviewed the documents of the last finished run, in words."""
        for line in reversed(self.log.read_text("utf-8").splitlines()):
            told = json.loads(line)
            if told["edition"] == self.edition_of(self.finished()):
                return (
                    f"clausecheck {told['tool']}, rules {told['rules'][:12]}, "
                    f"model {told['model'][:12] or 'none'}"
                )
        return "clausecheck"

    def unfinished(self) -> bool:
        """Tell whether a run began and did not end since the last finished one."""
        try:
            last = json.loads(self.log.read_text("utf-8").splitlines()[-1])
        except (OSError, IndexError, ValueError):
            return True
        return bool(last.get("event") == "begun")
