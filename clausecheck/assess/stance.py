"""Say whether the terms exchange, extract or create value, and run the checks (B.4, B.5).

In: findings, foundations and grounds. Out: one ``Stance`` with the checks that fired.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from clausecheck.assess.grounds import Grounds, pick
from clausecheck.assess.knowledge import load_table, read_threshold
from clausecheck.records import Finding, Flag, Foundation, Quotation, Share, Stance, StanceName

_WASHING = "Words of partnership"
_WORDS = ("CO401", "CO402", "CO416")
_DISCRETION = "WL204"


def take_stance(
    findings: Sequence[Finding],
    foundations: Sequence[Foundation],
    completeness: float,
    grounds: Grounds,
) -> Stance:
    """Return the shares of extraction, exchange and creation, the label and the checks.

    >>> take_stance([], [], 0.0, Grounds([], [], [])).label
    'exchange'
    """
    laid = {f.code: f.score for f in foundations}
    scale, credit = read_threshold("stance", "scale"), read_threshold("stance", "credit")
    parts: dict[StanceName, float] = {
        "extraction": _weigh(findings, ("RS", "WL")) / scale,
        "exchange": 1 + _weigh(findings, ("AB",)) / scale,
        "creation": completeness * _weigh(findings, ("CO",)) / credit,
    }
    whole = sum(parts.values())
    shares = {name: value / whole for name, value in parts.items()}
    label = _label(shares, laid)
    order = sorted(shares, key=lambda name: (-shares[name], name))
    near = [n for n in order if n != label and shares[n] >= read_threshold("stance", "leaning")]
    return Stance(
        label=label,
        leaning=near[0] if near else "",
        shares=tuple(Share(name, shares[name]) for name in order),
        flags=(*_find_washing(shares, laid, grounds), *_run_checks(grounds)),
    )


def _weigh(findings: Iterable[Finding], families: Sequence[str]) -> float:
    """Return severity (for credit: strength) times confidence, summed."""
    return sum((f.severity * f.confidence for f in findings if f.family in families), 0.0)


def _label(shares: Mapping[StanceName, float], laid: Mapping[str, int]) -> StanceName:
    if shares["extraction"] >= read_threshold("stance", "extraction"):
        return "extraction"
    least = read_threshold("stance", "laid")
    worked = all(laid.get(code, 0) >= least for code in ("F3", "F4", "F6"))
    if shares["creation"] >= read_threshold("stance", "creation") and worked:
        return "creation"
    return "exchange"


def _find_washing(
    shares: Mapping[StanceName, float], laid: Mapping[str, int], grounds: Grounds
) -> list[Flag]:
    """Return the flag that the words of partnership stand without money and powers behind them."""
    words = [found for code in _WORDS if (found := grounds.quote(code))]
    low = read_threshold("stance", "washing_laid")
    hollow = laid.get("F4", 0) <= low and laid.get("F6", 0) <= low
    if not words or not hollow or shares["extraction"] < read_threshold("stance", "washing"):
        return []
    text = (
        "The words of partnership are here; the money and the powers appear to point elsewhere: no "
        "incentive and no joint board with a mechanism was recognised, and one-sided terms carry "
        "much of the weight."
    )
    return [Flag(_WASHING, text, pick(words))]


def _run_checks(grounds: Grounds) -> list[Flag]:
    """Return the checks across clauses that fire, in the order of ``checks.yaml``."""
    flags = []
    for check in load_table("checks"):
        every = [grounds.quote(name) for name in check["all"]]
        some = [found for name in check["any"] if (found := grounds.quote(name))]
        against = any(grounds.quote(name) for name in check.get("none", ()))
        if all(every) and some and not against:
            codes = ", ".join(grounds.list_codes(check["any"]))
            text = " ".join(check["text"].split()).replace("{codes}", codes)
            flags.append(Flag(check["name"], text, pick([*every, *some])))
    discretions = grounds.quote(_DISCRETION)
    words: list[Quotation] = [q for code in _WORDS for q in grounds.quote(code)]
    if words and len(discretions) >= read_threshold("checks", "discretion"):
        text = (
            f"{len(discretions)} sole discretions or final decisions stand beside the words of "
            "purpose or principle, which appear to leave them little to govern."
        )
        flags.append(Flag("Principles beside discretions", text, pick([words, discretions])))
    return flags
