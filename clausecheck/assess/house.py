"""Apply what a house decided: severities of its own, and findings that may stand.

In: findings with the fingerprints of their clauses, and the settings. Out: findings with the
house's severity and with the acceptances that meet them, and the acceptances that met none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from clausecheck.records import Acceptance, Clause, Document, Evidence, Finding, Unused
from clausecheck.settings import SeverityChange

# The first line of a comment of ours: the code of the finding.
_OURS = re.compile(r"\s*([A-Z]{2}\d{3})\b")
_ACCEPT = re.compile(r"\s*accept(?:ed)?\s*[:–—-]\s*(\S.*)", re.IGNORECASE | re.DOTALL)


def take_fingerprints(
    text: str, clauses: Sequence[Clause], wanted: Iterable[str] | None = None
) -> dict[str, str]:
    """Return the fingerprint of each clause by its id: all clauses, or those ``wanted``.

    Page furniture inside a clause does not count, so that the same clause has the same fingerprint
    in a Word file and in a PDF made from it.
    """
    from clausecheck.segment.words import read_unit, take_fingerprint  # brings the segmenter

    chosen = None if wanted is None else set(wanted)
    furniture = [(c.start, c.end) for c in clauses if c.kind == "furniture"]
    found = {}
    for clause in clauses:
        if chosen is None or clause.id in chosen:
            inside = [f for f in furniture if f[0] < clause.end and f[1] > clause.start]
            found[clause.id] = take_fingerprint(read_unit(text, clause, inside).words)
    return found


def change_severity(
    findings: Iterable[Finding], changes: Sequence[SeverityChange]
) -> tuple[Finding, ...]:
    """Return the findings with the severity that the house gives their code, and a word on why.

    Credit for collaborative terms is left as it is.
    """
    return tuple(_change(finding, changes) for finding in findings)


def _change(finding: Finding, changes: Sequence[SeverityChange]) -> Finding:
    fitting = [c for c in changes if finding.code.startswith(c.code.upper())]
    if not fitting or finding.family == "CO":
        return finding
    change = max(fitting, key=lambda c: len(c.code))
    wanted = finding.severity + change.steps if change.relative else change.steps
    wanted = min(5, max(1, wanted))
    if wanted == finding.severity:
        return finding
    note = f"severity {wanted} is set by the house; the words alone gave {finding.severity}"
    reason = Evidence("house", 0, 0, note, float(wanted - finding.severity))
    return replace(finding, severity=wanted, evidence=(*finding.evidence, reason))


def read_replies(
    document: Document,
    clauses: Sequence[Clause],
    prints: Mapping[str, str],
    reviewers: Sequence[str] = (),
) -> tuple[Acceptance, ...]:
    """Return the acceptances that stand in a Word file, as replies to the comments of a review.

    A reply counts when it begins "accept: reason" and answers a comment that begins with a code;
    with ``reviewers``, only when one of them wrote it.
    """
    comments = document.comments
    found = []
    for reply in comments:
        said = _ACCEPT.match(reply.text)
        if said is None or reply.reply_to is None:
            continue
        first = comments[reply.reply_to]
        code = _OURS.match(first.text)
        if code is None or (reviewers and reply.author not in reviewers):
            continue
        clause = _find_clause(clauses, first.start, first.end)
        if clause is not None:
            reason = " ".join(said[1].split())
            found.append(
                Acceptance(code[1], prints[clause.id], reason, reply.author, source="reply")
            )
    return tuple(found)


def _find_clause(clauses: Sequence[Clause], start: int, end: int) -> Clause | None:
    """Return the clause that holds most of ``[start, end)``."""
    held = [
        (min(c.end, end) - max(c.start, start), c)
        for c in clauses
        if c.kind != "furniture" and c.start < end and start < c.end
    ]
    return max(held, key=lambda pair: (pair[0], -pair[1].start))[1] if held else None


def accept_findings(
    findings: Iterable[Finding],
    acceptances: Sequence[Acceptance],
    *,
    name: str,
    prints: Iterable[str],
    today: str = "",
) -> tuple[tuple[Finding, ...], tuple[Unused, ...]]:
    """Return the findings, those that may stand with their acceptance, and what was not used.

    Each acceptance is for one finding of its rule on a clause of these very words, surer ones
    first; ``name`` is the document's and ``prints`` the fingerprints of all its clauses. With
    ``today``, an acceptance whose last day has passed holds no more.
    """
    known = set(prints)
    waiting: dict[tuple[str, str], list[Acceptance]] = {}
    unused: list[Unused] = []
    for item in acceptances:
        if item.document and item.document != PurePath(name.replace("\\", "/")).name:
            continue
        if today and item.until and item.until < today:
            unused.append(Unused(item, "ended" if item.clause in known else "changed"))
        else:
            waiting.setdefault((item.rule, item.clause), []).append(item)
    order = sorted(findings, key=lambda f: (f.band == "look", f.start, f.end, f.code, f.burden))
    made = []
    for finding in order:
        fitting = waiting.get((finding.code, finding.fingerprint))
        taken = fitting.pop(0) if fitting and finding.family != "CO" else None
        made.append(replace(finding, accepted=taken) if taken else finding)
    unused += [
        Unused(item, "gone" if item.clause in known else "changed")
        for left in waiting.values()
        for item in left
    ]
    return tuple(made), tuple(unused)
