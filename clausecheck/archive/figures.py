"""Gather what the summary of an archive shows, by SQL over its dataset.

Comes in: a connection to a dataset. Goes out: plain records of counts, shares and ranked contracts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

FAMILIES = ("RS", "WL", "AB", "CO")
# Columns of a heat map beyond which it can no longer be read; years are then taken by five.
_MOST_TYPES, _MOST_YEARS = 14, 16
_LEAST_FOR_YEARS, _MOST_YEAR_MAPS = 10, 12
_BINS = 20
_QUOTED, _GROUPS, _UNCHECKED = 8, 20, 50


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A code and its share of the contracts of each column, in percent; ``None``: in none."""

    code: str
    name: str
    family: str
    shares: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """A heat map: what its columns are, how many contracts each has, and a row per code."""

    title: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[HeatRow, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """One finding of a ranked contract."""

    code: str
    name: str
    family: str
    severity: int
    clause: str
    quotation: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """A contract to talk about, why, and its gravest findings; ``report`` links to its report."""

    document: str
    path: str
    title: str
    contract_type: str
    year: int | None
    customer: str
    supplier: str
    points: int
    reasons: tuple[str, ...]
    findings: int
    words: tuple[Words, ...]
    report: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """All that the page shows."""

    counts: dict[str, int]
    severities: tuple[tuple[int, int], ...]
    families: tuple[tuple[str, int, int], ...]
    heats: tuple[Heat, ...]
    year_heats: tuple[Heat, ...]
    balance: tuple[int, ...]
    balance_counts: dict[str, int]
    median: float | None
    foundations: tuple[tuple[str, str, int, int, int], ...]
    ranked: tuple[Ranked, ...]
    groups: tuple[tuple[int, str, str], ...]
    reasons: tuple[tuple[str, str, int], ...]
    unchecked: tuple[tuple[str, str, str], ...] = field(default=())


def gather_summary(connection: duckdb.DuckDBPyConnection, top: int) -> Summary:
    """Return the figures of a dataset, with the ``top`` contracts to talk about first."""
    ask = _Asker(connection)
    ask.keep("kept_codes", "FROM codes_by_type_year")
    ask.keep("kept_worst", f"FROM worst_contracts LIMIT {int(top)}")
    below = ask.one(
        "SELECT count(*) FILTER (balance < -0.2), count(*) FILTER (abs(balance) <= 0.2),"
        " count(*) FILTER (balance > 0.2), count(*) FILTER (balance IS NULL), median(balance)"
        " FROM documents WHERE status <> 'failed'"
    )
    return Summary(
        counts=_count(ask),
        severities=tuple(
            ask.rows(
                "SELECT severity, count(*) FROM findings WHERE band = 'finding'"
                " AND family <> 'CO' GROUP BY 1 ORDER BY 1 DESC"
            )
        ),
        families=_count_families(ask),
        heats=_by_type(ask),
        year_heats=_by_year(ask),
        balance=_histogram(ask),
        balance_counts=dict(zip(("customer", "even", "supplier", "none"), below[:4], strict=True)),
        median=below[4],
        foundations=tuple(
            ask.rows(
                "SELECT code, name, contracts, absent, words_only FROM missing_foundations"
                " ORDER BY substr(code, 2)::int"
            )
        ),
        ranked=_rank(ask),
        groups=tuple(
            ask.rows(
                "SELECT documents, min(path), any_value(title) FROM near_copies"
                ' GROUP BY "group", documents ORDER BY documents DESC, 2',
                _GROUPS,
            )
        ),
        reasons=tuple(
            ask.rows(
                "SELECT code, message, count(*) FROM unchecked GROUP BY ALL ORDER BY 3 DESC, 1, 2",
                _GROUPS,
            )
        ),
        unchecked=tuple(
            ask.rows("SELECT path, message, advice FROM unchecked ORDER BY 1, 2", _UNCHECKED)
        ),
    )


class _Asker:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, sql: str, limit: int | None = None) -> list[tuple[Any, ...]]:
        answer = self._connection.sql(sql)
        return list((answer if limit is None else answer.limit(limit)).fetchall())

    def codes(self) -> dict[str, tuple[str, str]]:
        """Return name and family of every code that was found."""
        return {
            code: (name, family)
            for code, name, family in self.rows(
                "SELECT code, min(name), min(family) FROM findings WHERE band = 'finding'"
                " GROUP BY 1"
            )
        }

    def keep(self, name: str, sql: str) -> None:
        """Work out a view once, for the questions that follow."""
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")

    def one(self, sql: str) -> tuple[Any, ...]:
        return self.rows(sql)[0]


def _count(ask: _Asker) -> dict[str, int]:
    names = ("documents", "complete", "partial", "failed", "outside", "words", "copies")
    values = ask.one(
        "SELECT count(*), count(*) FILTER (status = 'complete'),"
        " count(*) FILTER (status = 'partial'), count(*) FILTER (status = 'failed'),"
        " count(*) FILTER (NOT within), coalesce(sum(words), 0)::bigint,"
        " count(*) FILTER (group_size > 1) FROM documents"
    )
    counts = dict(zip(names, values, strict=True))
    files, unreadable = ask.one("SELECT count(*), count(*) FILTER (document IS NULL) FROM files")
    (clauses,) = ask.one("SELECT count(*) FROM clauses")
    return {**counts, "files": files, "unreadable": unreadable, "clauses": clauses}


def _count_families(ask: _Asker) -> tuple[tuple[str, int, int], ...]:
    found = {
        family: (findings, documents)
        for family, findings, documents in ask.rows(
            "SELECT family, count(*), count(DISTINCT document) FROM findings"
            " WHERE band = 'finding' GROUP BY 1"
        )
    }
    return tuple((family, *found.get(family, (0, 0))) for family in FAMILIES)


def _by_type(ask: _Asker) -> tuple[Heat, ...]:
    """Return the share of the contracts of each type that hold a code."""
    columns = ask.rows(
        "SELECT contract_type, count(*) FROM documents WHERE status <> 'failed'"
        " GROUP BY 1 ORDER BY 2 DESC, 1",
        _MOST_TYPES,
    )
    cells = ask.rows("SELECT code, contract_type, sum(documents)::int FROM kept_codes GROUP BY ALL")
    return (_make_heat(ask, "By type", columns, cells),)


def _by_year(ask: _Asker) -> tuple[Heat, ...]:
    """Return the same by year: of all contracts, then of each type that has enough of them."""
    (distinct,) = ask.one("SELECT count(DISTINCT year) FROM documents WHERE status <> 'failed'")
    step = 1 if distinct <= _MOST_YEARS else 5
    (latest,) = ask.one("SELECT max(year) FROM documents WHERE status <> 'failed'")
    # The last so many columns; what is older stands in the dataset.
    since = (latest or 0) // step * step - step * (_MOST_YEARS - 1)
    period = f"(year // {step} * {step})"
    types = ask.rows(
        "SELECT contract_type, count(*) FROM documents WHERE status <> 'failed'"
        " AND year IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1",
        _MOST_YEAR_MAPS,
    )
    heats = []
    for name in (None, *(kind for kind, count in types if count >= _LEAST_FOR_YEARS)):
        where = "true" if name is None else "contract_type = '" + name.replace("'", "''") + "'"
        columns = [
            (f"{first}-{(first + step - 1) % 100:02}" if step > 1 else str(first), count)
            for first, count in ask.rows(
                f"SELECT {period} AS p, count(*) FROM documents WHERE status <> 'failed'"  # noqa: S608
                f" AND year >= {since} AND {where} GROUP BY 1 ORDER BY 1"
            )
        ]
        cells = [
            (code, f"{first}-{(first + step - 1) % 100:02}" if step > 1 else str(first), count)
            for code, first, count in ask.rows(
                f"SELECT code, {period} AS p, sum(documents)::int FROM kept_codes"  # noqa: S608
                f" WHERE year >= {since} AND {where} GROUP BY ALL"
            )
        ]
        if columns:
            title = f"By year: {name or 'all contracts'}"
            heats.append(_make_heat(ask, title, columns, cells))
    return tuple(heats)


def _make_heat(
    ask: _Asker, title: str, columns: Sequence[tuple[str, int]],
    cells: Sequence[tuple[str, str, int]],
) -> Heat:  # fmt: skip
    known = ask.codes()
    counts = {(code, column): count for code, column, count in cells}
    totals = dict(columns)
    rows = []
    for code in sorted({code for code, column, _ in cells if column in totals}, key=_code_order):
        shares = tuple(
            round(100 * counts[code, column] / total) if (code, column) in counts else None
            for column, total in columns
        )
        rows.append(HeatRow(code, *known[code], shares))
    return Heat(title, tuple(columns), tuple(rows))


def _code_order(code: str) -> tuple[int, str]:
    family = code[:2]
    return (FAMILIES.index(family) if family in FAMILIES else len(FAMILIES), code)


def _histogram(ask: _Asker) -> tuple[int, ...]:
    """Return how many contracts lie in each of twenty steps from -1 to +1."""
    counts = dict(
        ask.rows(
            f"SELECT least({_BINS - 1}, floor((balance + 1) / 2 * {_BINS})::int), count(*)"  # noqa: S608
            " FROM documents WHERE balance IS NOT NULL GROUP BY 1"
        )
    )
    return tuple(counts.get(step, 0) for step in range(_BINS))


def _rank(ask: _Asker) -> tuple[Ranked, ...]:
    chosen = ask.rows(
        "SELECT document, path, title, contract_type, year, customer, supplier, points, fives,"
        " fours, threes, gravest, balance, foundations_missing, findings, group_size"
        " FROM kept_worst ORDER BY points DESC, document"
    )
    words: dict[str, list[Words]] = {}
    for document, *rest in ask.rows(
        "SELECT document, code, name, family, severity, path, quotation FROM findings"
        " SEMI JOIN kept_worst USING (document) WHERE band = 'finding' AND family <> 'CO'"
        " ORDER BY document, severity DESC, number"
    ):
        held = words.setdefault(document, [])
        if len(held) < _QUOTED:
            held.append(Words(*rest))
    return tuple(
        Ranked(
            document, path or document, title or "", kind, year, customer or "", supplier or "",
            points, _tell_reasons(rest), rest[6], tuple(words.get(document, ())),
        )
        for document, path, title, kind, year, customer, supplier, points, *rest in chosen
    )  # fmt: skip


def _tell_reasons(values: Sequence[Any]) -> tuple[str, ...]:
    """Return why a contract stands where it does, in the order of its points."""
    fives, fours, threes, gravest, balance, missing, _, copies = values
    parts = [
        f"{count} of severity {level}"
        for level, count in ((5, fives), (4, fours), (3, threes))
        if count
    ]
    reasons = [f"codes: {', '.join(parts)} ({', '.join(gravest)})"] if parts else []
    if balance is not None and abs(balance) > 0.2:
        side = "supplier" if balance > 0 else "customer"
        reasons.append(f"balance {balance:+.2f}: the {side} carries more")
    if missing:
        reasons.append(f"{missing} of 10 foundations missing")
    if copies > 1:
        reasons.append(f"{copies - 1:,} near copies: one answer serves all")
    return tuple(reasons)
