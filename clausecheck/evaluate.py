"""Measure reviews against labelled clauses: precision, recall, base rates, with intervals.

In: labels, one JSON object per line, either stand-off (``file``, ``sha256``, ``start``, ``end``)
with the folder that holds the texts, or with the clause's ``text``. Out: an ``Evaluation``.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clausecheck.errors import InputError
from clausecheck.pipeline import Checker
from clausecheck.records import Finding
from clausecheck.settings import Settings

_RESAMPLES = 300
FAMILIES = {"RS": "risk-shifting", "WL": "win-lose", "AB": "activity-based", "CO": "collaborative"}


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled clause and what the review said of it; both map code to burden."""

    group: str
    stratum: str
    gold: dict[str, str]
    seen: dict[str, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """Precision, recall and F1 of one code, family or group, with 95% intervals by contract."""

    name: str
    labelled: int
    flagged: int
    right: int
    base_rate: float
    precision_interval: tuple[float, float]
    recall_interval: tuple[float, float]

    @property
    def precision(self) -> float:
        """Share of flagged clauses that the readers flagged too."""
        return self.right / self.flagged if self.flagged else 0.0

    @property
    def recall(self) -> float:
        """Share of the readers' clauses that the review flagged."""
        return self.right / self.labelled if self.labelled else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one run. ``neutral_flagged`` is the share of neutral clauses with a flag."""

    clauses: int
    contracts: int
    figures: tuple[Figure, ...]
    burden_right: tuple[int, int]
    neutral_flagged: tuple[int, int]

    def as_dict(self) -> dict[str, Any]:
        """Return the evaluation as plain data, shares rounded to four places."""
        return {
            "clauses": self.clauses,
            "contracts": self.contracts,
            "burden": {"right": self.burden_right[0], "of": self.burden_right[1]},
            "neutral": {"flagged": self.neutral_flagged[0], "of": self.neutral_flagged[1]},
            "figures": [
                {
                    "name": f.name,
                    "labelled": f.labelled,
                    "flagged": f.flagged,
                    "right": f.right,
                    "base_rate": round(f.base_rate, 4),
                    "precision": round(f.precision, 4),
                    "precision_interval": [round(x, 4) for x in f.precision_interval],
                    "recall": round(f.recall, 4),
                    "recall_interval": [round(x, 4) for x in f.recall_interval],
                    "f1": round(f.f1, 4),
                }
                for f in self.figures
            ],
        }

    def as_text(self) -> str:
        """Return the evaluation as a table for the terminal."""
        head = f"{'':<14}{'labelled':>9}{'base':>7}{'flagged':>9}  {'precision':<20}{'recall':<20}"
        lines = [
            f"{self.clauses} labelled clauses of {self.contracts} contracts",
            "",
            f"{head}{'F1':>5}",
        ]
        for f in self.figures:
            p, r = f.precision_interval, f.recall_interval
            lines.append(
                f"{f.name:<14}{f.labelled:>9}{f.base_rate:>7.1%}{f.flagged:>9}  "
                f"{f'{f.precision:.2f} ({p[0]:.2f}-{p[1]:.2f})':<20}"
                f"{f'{f.recall:.2f} ({r[0]:.2f}-{r[1]:.2f})':<20}{f.f1:>5.2f}"
            )
        right, of = self.burden_right
        flagged, neutral = self.neutral_flagged
        lines += [
            "",
            f"burdened party right in {right} of {of} true tension findings"
            + (f" ({right / of:.0%})" if of else ""),
            f"neutral clauses with a tension flag: {flagged} of {neutral}"
            + (f" ({flagged / neutral:.1%})" if neutral else ""),
            "intervals: 95%, contracts resampled",
        ]
        return "\n".join(lines)


def evaluate_labels(
    labels: Path, texts: Path | None = None, settings: Settings | None = None
) -> Evaluation:
    """Review every labelled clause, or every contract that holds one, and compare.

    A finding belongs to the labelled span that holds most of its words. Raises ``InputError`` when
    the labels cannot be read, a text is missing, or a text is not the one that was labelled.
    """
    checker = Checker(settings)
    rows = _read_rows(labels)
    inline = [r for r in rows if "file" not in r]
    items = [_judge_inline(checker, row) for row in inline]
    by_file: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if "file" in row:
            by_file[row["file"]].append(row)
    for file in sorted(by_file):
        items += _judge_file(checker, texts, file, by_file[file], labels)
    return summarise(items)


def _read_rows(labels: Path) -> list[dict[str, Any]]:
    try:
        # Not splitlines: a text may hold U+2028, which ends no line of JSON.
        lines = labels.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise _refuse_labels(error.strerror or "input error", str(labels)) from None
    except UnicodeDecodeError:
        raise _refuse_labels("it is not UTF-8", str(labels)) from None
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        fault = None
        try:
            row = json.loads(line)
            fault = _find_fault(row)
        except json.JSONDecodeError as error:
            fault = f"not valid JSON: {error.msg} at column {error.colno}"
        if fault:
            raise _refuse_labels(fault, f"{labels}:{number}")
        rows.append({"id": str(number), **row})
    if not rows:
        raise _refuse_labels("there are none", str(labels))
    return rows


def _refuse_labels(fault: str, where: str) -> InputError:
    return InputError(
        "C160", f"the labels cannot be read ({fault}).", where, "See docs/evaluate.md."
    )


def _find_fault(row: object) -> str | None:
    """Return what is wrong with one line of labels, without its text."""
    if not isinstance(row, dict):
        return "not an object"
    texts, numbers = ("file", "sha256") if "file" in row else ("text",), ("start", "end")
    for name in texts:
        if not isinstance(row.get(name), str) or not row[name].strip():
            return f"{name!r} must be text"
    if "file" in row:
        if not all(type(row.get(name)) is int for name in numbers):
            return "'start' and 'end' must be whole numbers"
        if not 0 <= row["start"] < row["end"]:
            return "'start' must lie before 'end'"
    codes = row.get("codes")
    if not isinstance(codes, list):
        return "'codes' must be a list; it is empty for a neutral clause"
    for item in codes:
        if not isinstance(item, dict) or not all(
            isinstance(item.get(name), str) for name in ("code", "burden")
        ):
            return "each of 'codes' must hold 'code' and 'burden'"
    if not isinstance(row.get("parties") or {}, dict):
        return "'parties' must hold 'customer' and 'supplier'"
    return None


def _gold(row: dict[str, Any]) -> dict[str, str]:
    return {c["code"]: c["burden"] for c in row["codes"]}


def _judge_inline(checker: Checker, row: dict[str, Any]) -> Item:
    parties = row.get("parties") or {}
    findings = checker.check_clause(
        row["text"], customer=parties.get("customer"), supplier=parties.get("supplier")
    )
    seen = {f.code: f.burden for f in findings}
    return Item(str(row["id"]), row.get("stratum", ""), _gold(row), dict(seen))


def _judge_file(
    checker: Checker, texts: Path | None, file: str, rows: list[dict[str, Any]], labels: Path
) -> list[Item]:
    if texts is None:
        raise InputError("C161", "these labels point into files.", str(labels), "Give --texts DIR.")
    try:
        data = (texts / file).read_bytes()
    except OSError:
        raise InputError("C161", "a labelled text is missing.", file, "Check --texts.") from None
    digest = hashlib.sha256(data).hexdigest()
    if any(row["sha256"] != digest for row in rows):
        raise InputError(
            "C162", "this is not the text that was labelled.", file, "Get the same file."
        )
    findings = checker.check(data, name=file).findings
    seen: list[dict[str, str]] = [{} for _ in rows]
    for finding in findings:
        overlaps = [_overlap(finding, row) for row in rows]
        best = max(range(len(rows)), key=lambda i: overlaps[i])
        if overlaps[best] * 2 > finding.end - finding.start:
            seen[best].setdefault(finding.code, finding.burden)
    return [
        Item(file, row.get("stratum", ""), _gold(row), flags)
        for row, flags in zip(rows, seen, strict=True)
    ]


def _overlap(finding: Finding, row: dict[str, Any]) -> int:
    start, end = int(row["start"]), int(row["end"])
    return max(0, min(finding.end, end) - max(finding.start, start))


def summarise(items: Sequence[Item]) -> Evaluation:
    """Return the figures for any tension, each family, and each code labelled or flagged."""
    tests: list[tuple[str, Callable[[str], bool]]] = [
        ("any tension", lambda code: not code.startswith("CO"))
    ]
    for family, name in FAMILIES.items():
        tests.append((name, lambda code, f=family: code.startswith(f)))  # type: ignore[misc]
    codes = sorted({c for item in items for c in (*item.gold, *item.seen)})
    tests += [(code, lambda code, k=code: code == k) for code in codes]  # type: ignore[misc]
    figures = tuple(_measure(items, name, test) for name, test in tests)
    both = [
        item.gold[c] == item.seen[c]
        for item in items
        for c in item.gold
        if c in item.seen and not c.startswith("CO")
    ]
    neutral = [item for item in items if not item.gold]
    flagged = sum(any(not c.startswith("CO") for c in item.seen) for item in neutral)
    return Evaluation(
        len(items),
        len({item.group for item in items}),
        figures,
        (sum(both), len(both)),
        (flagged, len(neutral)),
    )


def _measure(items: Sequence[Item], name: str, test: Callable[[str], bool]) -> Figure:
    counts: dict[str, list[int]] = {}
    for item in items:
        gold, seen = any(map(test, item.gold)), any(map(test, item.seen))
        row = counts.setdefault(item.group, [0, 0, 0])
        row[0] += gold
        row[1] += seen
        row[2] += gold and seen
    labelled, flagged, right = _add(counts.values())
    precision, recall = [], []
    rng = random.Random(0)  # noqa: S311 - resampling, not secrets; seeded so that runs agree
    groups = [counts[g] for g in sorted(counts)]
    if labelled + flagged:
        for _ in range(_RESAMPLES):
            g, f, r = _add(rng.choices(groups, k=len(groups)))
            precision.append(r / f if f else 0.0)
            recall.append(r / g if g else 0.0)
    return Figure(
        name,
        labelled,
        flagged,
        right,
        labelled / len(items),
        _interval(precision),
        _interval(recall),
    )


def _add(rows: Iterable[Sequence[int]]) -> tuple[int, int, int]:
    a = b = c = 0
    for row in rows:
        a, b, c = a + row[0], b + row[1], c + row[2]
    return a, b, c


def _interval(values: list[float]) -> tuple[float, float]:
    if not values:
        return 0.0, 0.0
    values.sort()
    return values[int(0.025 * len(values))], values[min(len(values) - 1, int(0.975 * len(values)))]
