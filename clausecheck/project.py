"""Read ``clausecheck.toml``: the settings of a house or a matter, and what may stand.

Comes in: the file. Goes out: a ``Project``, or a ``SettingsError`` that names the file, the entry
and what to write instead. What the options mean is for the command line to say.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from clausecheck.errors import SettingsError
from clausecheck.records import Acceptance, Finding, Grade
from clausecheck.settings import HouseWording, SeverityChange
from clausecheck.suggest.filler import load_placeholders

FILE_NAME = "clausecheck.toml"
BASELINE_FORMAT = "clausecheck-baseline/1"
_TABLES = ("severity", "wording", "accept", "reviewers")
_GRADES = ("drop-in", "redraft", "discuss")
_ACCEPT_KEYS = ("rule", "clause", "reason", "who", "until", "document")
_CODE = re.compile(r"[A-Z]{2}\d{3}")
_PRINT = re.compile(r"[0-9a-f]{12}")
_SLOT = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Project:
    """What a project file says. ``options`` are those of the command line, by their long names."""

    path: Path
    options: Mapping[str, Any]
    severity: tuple[SeverityChange, ...] = ()
    wording: tuple[HouseWording, ...] = ()
    accept: tuple[Acceptance, ...] = ()
    reviewers: tuple[str, ...] = ()


def find_project(folder: Path) -> Path | None:
    """Return the project file of ``folder`` or of the nearest folder above it, if there is one."""
    start = folder.resolve()
    for place in (start, *start.parents):
        if (place / FILE_NAME).is_file():
            return place / FILE_NAME
    return None


def load_project(path: Path) -> Project:
    """Read a project file.

    Raises ``SettingsError`` when it cannot be read or a table in it is wrong; the options are
    checked by the command that uses them.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise _wrong(path, f"it cannot be read: {error.strerror}.", "Check the path.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, f"it is no TOML: {error}.", "Mend that line.") from None
    reader = _Reader(path)
    return Project(
        path,
        {key: value for key, value in data.items() if key not in _TABLES},
        reader.read_severity(data.get("severity", {})),
        reader.read_wording(data.get("wording", {})),
        reader.read_accept(data.get("accept", [])),
        reader.read_names(data.get("reviewers", [])),
    )


def _wrong(path: Path, message: str, advice: str) -> SettingsError:
    return SettingsError("C330", message, str(path), advice)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Checks the tables of one file, entry by entry."""

    path: Path

    def _fail(self, message: str, advice: str) -> SettingsError:
        return _wrong(self.path, message, advice)

    def _table(self, name: str, value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._fail(f"[{name}] is not a table.", f"Write [{name}] on a line of its own.")
        return value

    def read_severity(self, value: object) -> tuple[SeverityChange, ...]:
        """Read ``WL201 = 2`` or ``RS = "+1"``."""
        changes = []
        for code, given in self._table("severity", value).items():
            change = None
            if code.upper().startswith("CO"):
                raise self._fail(
                    f"[severity] {code}: collaborative codes are credit and have no severity.",
                    "Take it out.",
                )
            if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= 5:
                change = SeverityChange(code, given)
            elif isinstance(given, str) and re.fullmatch(r"[+-][1-4]", given):
                change = SeverityChange(code, int(given), relative=True)
            if change is None:
                raise self._fail(
                    f"[severity] {code}: {_show(given)} is no severity.",
                    'Write 1 to 5, or a step such as "+1" or "-1".',
                )
            changes.append(change)
        return tuple(changes)

    def read_wording(self, value: object) -> tuple[HouseWording, ...]:
        """Read ``WL201 = "text"``, or a table with text, grade and rationale."""
        wordings = []
        for code, given in self._table("wording", value).items():
            entry = {"text": given} if isinstance(given, str) else given
            where = f"[wording] {code}"
            if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
                raise self._fail(f"{where} has no text.", f'Write {code} = "…".')
            self._check_keys(where, entry, ("text", "grade", "rationale"))
            grade = entry.get("grade", "redraft")
            if grade not in _GRADES:
                raise self._fail(
                    f"{where}: {_show(grade)} is no grade.", f"Write one of {', '.join(_GRADES)}."
                )
            known = load_placeholders()
            for name in _SLOT.findall(entry["text"]):
                if name not in known:
                    raise self._fail(
                        f"{where}: there is no placeholder {{{name}}}.",
                        f"{_advise(name, known)} Other blanks stand as [text].",
                    )
            rationale = str(
                entry.get("rationale", HouseWording.__dataclass_fields__["rationale"].default)
            )
            wordings.append(
                HouseWording(code, entry["text"].strip(), cast("Grade", grade), rationale)
            )
        return tuple(wordings)

    def read_accept(self, value: object) -> tuple[Acceptance, ...]:
        """Read the ``[[accept]]`` entries."""
        if not isinstance(value, list):
            raise self._fail("[accept] is not a list.", "Write [[accept]] before each entry.")
        return tuple(self._read_acceptance(n, entry) for n, entry in enumerate(value, 1))

    def _read_acceptance(self, number: int, entry: object) -> Acceptance:
        where = f"[[accept]] {number}"
        if not isinstance(entry, dict):
            raise self._fail(f"{where} is no table.", "Write [[accept]] before each entry.")
        self._check_keys(where, entry, _ACCEPT_KEYS)
        texts = {}
        for key in _ACCEPT_KEYS:
            given = entry.get(key, "")
            if isinstance(given, date):
                given = given.isoformat()[:10]
            if not isinstance(given, str):
                raise self._fail(f"{where}: {key} is no text.", f'Write {key} = "…".')
            texts[key] = given.strip()
        for key in ("rule", "clause", "reason", "who"):
            if not texts[key]:
                raise self._fail(
                    f"{where} does not say {key}.",
                    "An acceptance names its rule, clause, reason and who decided.",
                )
        texts["rule"] = texts["rule"].upper()
        if texts["rule"].startswith("CO") or not _CODE.fullmatch(texts["rule"]):
            raise self._fail(
                f"{where}: {_show(entry['rule'])} is no rule to accept a finding of.",
                "Write a code such as WL201.",
            )
        if not _PRINT.fullmatch(texts["clause"]):
            raise self._fail(
                f"{where}: {_show(entry['clause'])} is no fingerprint of a clause.",
                "'clausecheck accept' writes it, and --why and --format json show it.",
            )
        try:
            texts["until"] = (
                date.fromisoformat(texts["until"]).isoformat() if texts["until"] else ""
            )
        except ValueError:
            raise self._fail(
                f"{where}: {_show(texts['until'])} is no date.", "Write a day such as 2027-03-31."
            ) from None
        return Acceptance(
            texts["rule"], texts["clause"], texts["reason"], texts["who"], texts["until"],
            texts["document"],
        )  # fmt: skip

    def read_names(self, value: object) -> tuple[str, ...]:
        """Read the list of reviewers."""
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise self._fail("reviewers is no list of names.", 'Write reviewers = ["A. Lawyer"].')
        return tuple(value)

    def _check_keys(self, where: str, entry: Mapping[str, Any], known: Sequence[str]) -> None:
        for key in entry:
            if key not in known:
                raise self._fail(f"{where}: there is no {_show(key)}.", _advise(key, known))


def _show(value: object) -> str:
    return repr(value) if isinstance(value, str) else str(value)


def _advise(word: str, known: Iterable[str]) -> str:
    names = list(known)
    near = get_close_matches(word, names, 1, 0.5)
    return f"Did you mean {near[0]}?" if near else f"Write one of {', '.join(sorted(names)[:12])}."


def format_acceptance(acceptance: Acceptance) -> str:
    """Return an ``[[accept]]`` entry as it stands in a project file.

    >>> print(format_acceptance(Acceptance("WL201", "0" * 12, "agreed", "A. Lawyer")), end="")
    [[accept]]
    rule = "WL201"
    clause = "000000000000"
    reason = "agreed"
    who = "A. Lawyer"
    """
    lines = ["[[accept]]"]
    for key in _ACCEPT_KEYS:
        value = getattr(acceptance, key)
        if key == "until" and value:
            lines.append(f"until = {value}")
        elif value:
            # A JSON string is a TOML string, once nothing is written as half of a surrogate pair.
            lines.append(
                f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
            )
    return "\n".join(lines) + "\n"


def encode_baseline(documents: Iterable[Sequence[Finding]]) -> str:
    """Return a baseline of the findings of some documents, as JSON.

    Each rule and clause has the number of findings that the document with most of them holds, so
    that one more in any document is new. No contract text stands in it.
    """
    most: Counter[tuple[str, str]] = Counter()
    for findings in documents:
        most |= Counter((f.code, f.fingerprint) for f in findings if f.family != "CO")
    rows = [
        {"rule": rule, "clause": clause, "count": count}
        for (rule, clause), count in sorted(most.items())
    ]
    return json.dumps({"format": BASELINE_FORMAT, "findings": rows}, indent=1) + "\n"


def load_baseline(path: Path) -> tuple[Acceptance, ...]:
    """Return the acceptances of a baseline, one for each finding that it counts.

    Raises ``SettingsError`` when it cannot be read or is none.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise _wrong(path, f"it cannot be read: {error.strerror}.", "Check the path.") from None
    except ValueError:
        data = None
    if not isinstance(data, dict) or data.get("format") != BASELINE_FORMAT:
        raise _wrong(
            path, "it is no baseline.", "'clausecheck baseline FILE... -o PATH' makes one."
        )
    found: list[Acceptance] = []
    for row in data.get("findings", []):
        match row:
            case {"rule": str(rule), "clause": str(clause), "count": int(count)} if count < 10_000:
                item = Acceptance(rule, clause, "known before", source="baseline")
                found += [item] * count
            case _:
                raise _wrong(path, "an entry of it is wrong.", "Make the baseline again.")
    return tuple(found)
