"""Write the bottom line: five statements about the whole document, each backed by its words (D.1).

In: everything else that was assessed. Out: ``Line`` records on model, foundations, balance, what to
discuss first, and what the draft does well. A line without quotations speaks of what was not found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clausecheck.assess.grounds import lower_first, name_place, pick
from clausecheck.assess.knowledge import read_threshold
from clausecheck.records import (
    Balanced,
    BalanceIndex,
    Clause,
    Finding,
    Foundation,
    Line,
    Quotation,
    Sourcing,
)


def draw_lines(
    clauses: Mapping[str, Clause],
    findings: Sequence[Finding],
    balanced: Sequence[Balanced],
    balance: BalanceIndex | None,
    foundations: Sequence[Foundation],
    sourcing: Sourcing,
) -> tuple[Line, ...]:
    """Return the five lines, in the order in which they are read."""
    return (
        _tell_model(sourcing),
        _tell_foundations(foundations),
        _tell_balance(findings, balanced, balance),
        _tell_first(clauses, findings),
        _tell_credit(clauses, findings, balanced),
    )


def _tell_model(sourcing: Sourcing) -> Line:
    shown = [feature.evidence for feature in sourcing.features]
    if sourcing.label:
        best = next((s.value for s in sourcing.shares if s.name == sourcing.label), None)
        # Under a limit the share of what was ruled out would still count against the label.
        share = f" (share {best:.0%})" if best is not None and not sourcing.note else ""
        names = ", ".join(f.name for f in sourcing.features if _speaks_for(f.points, sourcing))
        text = f"On its face the text reads as the {sourcing.label} model{share}: {names}."
        shown = [f.evidence for f in sourcing.features if _speaks_for(f.points, sourcing)] or shown
        if sourcing.note:
            text = f"{text} {sourcing.note}"
    elif sourcing.features:
        text = "The text does not settle on one sourcing model"
        if sourcing.note:
            text = f"{text}. {sourcing.note}"
        else:
            close = sourcing.shares[0].value - read_threshold("sourcing", "unclear")
            near = [share.name for share in sourcing.shares if share.value > close]
            text = f"{text}: {', '.join(near[:-1])} and {near[-1]} are near each other."
    else:
        text = "No words that tell the sourcing model were recognised."
    if sourcing.mismatch:
        return Line(
            "model", f"{text} {sourcing.mismatch}", pick([sourcing.mismatch_evidence, *shown])
        )
    return Line("model", text, pick(shown))


def _speaks_for(points: Sequence[object], sourcing: Sourcing) -> bool:
    """Tell whether a feature gave the label points; one without points decided it."""
    return not points or any(
        getattr(share, "name", "") == sourcing.label and getattr(share, "value", 0) > 0
        for share in points
    )


def _tell_foundations(foundations: Sequence[Foundation]) -> Line:
    groups = {
        "with a working mechanism": [f for f in foundations if f.status == "working"],
        "in part": [f for f in foundations if f.status == "partial"],
        "in words only": [f for f in foundations if f.status == "words only"],
        "not found in the text supplied": [f for f in foundations if f.status == "absent"],
        "cannot tell, as schedules are missing": [
            f for f in foundations if f.status == "cannot tell"
        ],
    }
    told = [
        f"{words}: {', '.join(f'{f.code} {lower_first(f.name)}' for f in found)}"
        for words, found in groups.items()
        if found
    ]
    text = "; ".join(told)
    shown = sorted((f for f in foundations if f.evidence), key=lambda f: (-f.score, f.code))
    return Line("foundations", f"{text[0].upper()}{text[1:]}.", pick([f.evidence for f in shown]))


def _tell_balance(
    findings: Sequence[Finding], balanced: Sequence[Balanced], balance: BalanceIndex | None
) -> Line:
    tension = [f for f in findings if f.family in ("RS", "WL")]
    if balance is None or not (tension or balanced):
        return Line("balance", "No risk or power terms were recognised, so no balance is given.")
    heaviest = sorted(
        (f for f in tension if f.burden in ("customer", "supplier")),
        key=lambda f: (-f.severity * f.confidence, f.start, f.end, f.code),
    )
    sides = [[f for f in heaviest if f.burden == side] for side in ("supplier", "customer")]
    text = f"Risk and power terms, {balance.words}"
    if balance.reciprocity is not None:
        text += f"; {balance.reciprocity:.0%} of them bind both parties in the same way"
    shown = [[_quote(f) for f in side] for side in sides]
    if not any(shown):
        shown = [[Quotation(b.clause, b.start, b.end, b.note, b.code) for b in balanced]]
    return Line("balance", f"{text}.", pick(shown))


def _quote(finding: Finding) -> Quotation:
    return Quotation(finding.clause, finding.start, finding.end, finding.name, finding.code)


def _tell_first(clauses: Mapping[str, Clause], findings: Sequence[Finding]) -> Line:
    least = read_threshold("lines", "severity")
    ranked = sorted(
        (f for f in findings if f.family != "CO" and f.severity >= least),
        key=lambda f: (-f.severity, -f.confidence, f.start, f.end, f.code),
    )
    chosen: dict[str, Finding] = {}
    for finding in ranked:
        chosen.setdefault(finding.clause, finding)
    first = list(chosen.values())[: int(read_threshold("lines", "first"))]
    if not first:
        return Line("first", "No clause stands out for discussion on the words alone.")
    told = "; ".join(
        f"{name_place(clauses, f.clause)}: {lower_first(f.name)}, carried by {_name_carrier(f)}"
        for f in first
    )
    return Line("first", f"{told}.", tuple(_quote(f) for f in first))


def _name_carrier(finding: Finding) -> str:
    if finding.burden == "both":
        return "both parties"
    return finding.party or (
        "a party not resolved" if finding.burden == "unclear" else finding.burden
    )


def _tell_credit(
    clauses: Mapping[str, Clause], findings: Sequence[Finding], balanced: Sequence[Balanced]
) -> Line:
    credit = sorted(
        (
            f
            for f in findings
            if f.family == "CO" and f.confidence >= read_threshold("grounds", "confidence")
        ),
        key=lambda f: (-f.severity, -f.confidence, f.start, f.end, f.code),
    )
    if credit:
        best = credit[0]
        text = f"{name_place(clauses, best.clause)}: {lower_first(best.name)}."
        return Line("credit", text, (_quote(best),))
    if balanced:
        same = min(balanced, key=lambda b: (b.start, b.end, b.code))
        text = (
            f"{name_place(clauses, same.clause)} was reviewed for "
            f"{lower_first(same.name)} and is balanced ({same.note})."
        )
        return Line("credit", text, (Quotation(same.clause, same.start, same.end, same.note),))
    return Line(
        "credit",
        "No collaborative mechanism or balanced clause was recognised; consider what the parties "
        "already do well in practice.",
    )
