"""Change clauses in ways that must, or must not, change what is found, and count how often it does.

In: the clauses written for the project and, where they are present, labelled clauses of real
contracts. Out: a Markdown table per source; ``python -m benchmarks.metamorphic --write`` puts it
into README.md. The changes are those of the guideline: swapped parties, a duty for each party, a
power denied, a limit to own fault, and what means nothing (figures, case, space, quotation marks,
spelling, page furniture).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.blocks import format_table, replace_block
from clausecheck import Checker, Settings
from clausecheck.records import Finding, Party
from training.data import SHARED, WRITTEN, read_labels, read_source

TARGET = 0.98
MOST = 400
# Codes that fall on either party (taxonomy A.7); the others belong to one by their nature.
EITHER = frozenset((
    "RS101", "RS103", "RS104", "RS110", "RS118", "WL201", "WL202", "WL203", "WL204", "WL208",
    "WL210", "WL211", "WL216", "WL217", "WL218",
))  # fmt: skip
_OPPOSITE = {"customer": "supplier", "supplier": "customer"}
_BRITISH = {
    "organisation": "organization", "authorised": "authorized", "favour": "favor",
    "labour": "labor", "programme": "program", "honour": "honor", "utilisation": "utilization",
    "recognise": "recognize", "judgement": "judgment", "licence": "license", "centre": "center",
    "minimise": "minimize", "unauthorised": "unauthorized", "behaviour": "behavior",
}  # fmt: skip
_SPELLING = re.compile(rf"\b({'|'.join(_BRITISH)})\b")
_POWER = re.compile(r"\bmay\b(?! not\b)")


@dataclass(frozen=True, slots=True)
class Case:
    """One clause with its parties and what is found in it as it stands."""

    text: str
    parties: tuple[Party, ...]
    found: tuple[Finding, ...]


Outcome = set[tuple[str, str]]


def outcome(findings: Iterable[Finding]) -> Outcome:
    """Return what must stay the same: codes and who carries them."""
    return {(f.code, f.burden) for f in findings}


def _same(change: Callable[[str], str]) -> Callable[[Checker, Case], bool | None]:
    def judge(checker: Checker, case: Case) -> bool | None:
        changed = change(case.text)
        if changed == case.text:
            return None
        return outcome(_look(checker, changed, case.parties)) == outcome(case.found)

    return judge


def _look(checker: Checker, text: str, parties: Sequence[Party]) -> list[Finding]:
    return [f for f in checker.look_at(text, parties) if f.band == "finding"]


def swap_parties(checker: Checker, case: Case) -> bool | None:
    """Tell whether swapped roles keep the codes and turn every burden; ``None``: not applicable."""
    mine = {(c, b) for c, b in outcome(case.found) if c in EITHER and b in _OPPOSITE}
    if not mine or {p.role for p in case.parties} != {"customer", "supplier"}:
        return None
    turned = [
        Party(p.name, p.aliases, "supplier" if p.role == "customer" else "customer", p.how)
        for p in case.parties
    ]
    return {(c, _OPPOSITE[b]) for c, b in mine} <= outcome(_look(checker, case.text, turned))


def bind_each(checker: Checker, case: Case) -> bool | None:
    """Tell whether a clause that binds each party alike loses its one-sided flags."""
    mine = {f.code for f in case.found if f.code in EITHER}
    if not mine or len(case.parties) != 2:
        return None
    names = sorted((a for p in case.parties for a in p.aliases), key=len, reverse=True)
    every = re.compile(rf"\b(?:the |The )?(?:{'|'.join(map(re.escape, names))})(?:'s|’s)?(?!\w)")
    first = every.match(case.text)
    if first is None or (first[0].endswith("s") and first[0][-2:-1] in "'’"):
        return None
    text = "Each party" + every.sub("the other party", case.text[first.end() :])
    return mine.isdisjoint(f.code for f in _look(checker, text, case.parties))


def deny_power(checker: Checker, case: Case) -> bool | None:
    """Tell whether a power loses its flag when it is denied."""
    for finding in case.found:
        words = case.text[finding.start : finding.end]
        if finding.code in ("WL201", "WL203", "WL208") and len(_POWER.findall(words)) == 1:
            changed = _POWER.sub("may not", words)
            text = case.text[: finding.start] + changed + case.text[finding.end :]
            return finding.code not in {f.code for f in _look(checker, text, case.parties)}
    return None


def limit_to_fault(checker: Checker, case: Case) -> bool | None:
    """Tell whether a promise limited to own fault is less severe, or no longer flagged."""
    mine = [f for f in case.found if f.code == "RS101" and f.party]
    if len(mine) != 1 or "to the extent" in case.text:
        return None
    limit = f" to the extent caused by the negligence of {mine[0].party}."
    text = case.text.rstrip().rstrip(".") + limit
    after = {f.code: f.severity for f in _look(checker, text, case.parties)}
    return after.get("RS101", 0) < max(2, mine[0].severity)


def _other_figures(text: str) -> str:
    return re.sub(r"(?<![\w.,/-])([2-8])(?=0{1,3}\b)", lambda m: str(int(m[1]) + 1), text)


def _spread(text: str) -> str:
    return re.sub(r"(\w) (?=\w)", r"\1  ", text)


def _wrap(text: str) -> str:
    words = text.split(" ")
    lines = [" ".join(words[i : i + 9]) for i in range(0, len(words), 9)]
    return "\n".join(lines)


def _curl(text: str) -> str:
    if "’" in text or "“" in text:
        return text.replace("’", "'").replace("“", '"').replace("”", '"')
    return re.sub(r'"([^"]*)"', r"“\1”", text.replace("'", "’"))


def _to_american(text: str) -> str:
    return _SPELLING.sub(lambda found: _BRITISH[found[1]], text)


CHANGES: dict[str, Callable[[Checker, Case], bool | None]] = {
    "parties swapped: burdens turn": swap_parties,
    "each party bound: no flag": bind_each,
    "power denied: no flag": deny_power,
    "limited to own fault: less severe": limit_to_fault,
    "other figures": _same(_other_figures),
    "capitals": _same(str.upper),
    "spaces doubled": _same(_spread),
    "lines broken": _same(_wrap),
    "quotation marks": _same(_curl),
    "American spelling": _same(_to_american),
}


def written_cases(checker: Checker) -> Iterator[Case]:
    """Yield the project's own clauses."""
    import json

    for path in sorted(WRITTEN.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            named = tuple(
                Party(name, (name,), "customer" if role == "customer" else "supplier", "given")
                for role, name in row["parties"].items()
                if name
            )
            yield Case(row["text"], named, tuple(_look(checker, row["text"], named)))


def real_cases(checker: Checker) -> Iterator[Case]:
    """Yield labelled clauses of real contracts, each alone with its contract's parties."""
    texts = SHARED / "contracts"
    for file, rows in read_labels(SHARED / "labels" / "train.jsonl").items():
        document, segments = read_source(texts, file, rows[0]["sha256"])
        for row in rows:
            text = document.text[row["start"] : row["end"]]
            yield Case(text, segments.parties, tuple(_look(checker, text, segments.parties)))


def measure(checker: Checker, cases: Iterable[Case]) -> dict[str, tuple[int, int]]:
    """Return, per change, the cases that came out as they must and the cases it applies to."""
    counts = {name: [0, 0] for name in CHANGES}
    for case in cases:
        for name, judge in CHANGES.items():
            kept = judge(checker, case)
            if kept is not None:
                counts[name][0] += kept
                counts[name][1] += 1
    return {name: (good, of) for name, (good, of) in counts.items()}


def main(arguments: Sequence[str]) -> int:
    """Measure and print; with ``--write``, put the table into README.md too."""
    from itertools import islice

    checker = Checker(Settings(sensitivity="balanced"))
    sources = {"written": written_cases(checker)}
    if SHARED.is_dir():
        sources["real"] = islice(real_cases(checker), MOST)
    results = {name: measure(checker, cases) for name, cases in sources.items()}
    rows = [[change, *(_share(*results[name][change]) for name in sources)] for change in CHANGES]
    totals = [[sum(n) for n in zip(*results[name].values(), strict=True)] for name in sources]
    rows.append(["all", *(_share(*total) for total in totals)])
    report = format_table(("change", *sources), rows)
    sys.stdout.write(report + "\n")
    if "--write" in arguments:
        replace_block("metamorphic", report)
    return 0


def _share(good: int, of: int) -> str:
    return f"{good / of:.1%} of {of}" if of else "-"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
