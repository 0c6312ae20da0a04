"""Tell which sourcing model a text implies, and whether its aims and its economics agree (B.2).

In: grounds and foundations. Out: one ``Sourcing``. Features, points and decisive evidence stand in
``sourcing.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp
from typing import Any, Literal, cast

from clausecheck.assess.grounds import Grounds, Requirement, lower_first, pick
from clausecheck.assess.knowledge import load_table, read_threshold
from clausecheck.records import Feature, Foundation, Model, Quotation, Share, Sourcing

_MODELS: tuple[Model, ...] = (
    "basic provider",
    "approved provider",
    "preferred provider",
    "performance-based",
    "outcome partnership",
)
_TRANSACTIONAL = (*_MODELS[:3], "")
_TOP: Model = "outcome partnership"
_NEEDED = ("F1", "F2", "F3", "F4", "F6")
_CAPPED = (
    "Features of an outcome partnership are there, but not all of the foundations that it rests on "
    "(intent, principles, outcomes, pricing model and governance with a mechanism each)."
)


def count_ties(grounds: Grounds) -> tuple[tuple[Quotation, ...], ...]:
    """Return what ties the parties to each other, one group of quotations for each tie found."""
    found = []
    for entry in load_table("sourcing")["ties"]:
        group = pick(Requirement.read(entry).collect(grounds), 1)
        if group:
            quoted = group[0]
            found.append(
                (Quotation(quoted.clause, quoted.start, quoted.end, entry["note"], quoted.code),)
            )
    return tuple(found)


def imply_model(
    grounds: Grounds, foundations: Sequence[Foundation], ties: Sequence[Sequence[Quotation]]
) -> Sourcing:
    """Return the model that the text implies, with the features that speak for it."""
    features = _find_features(grounds)
    totals = dict.fromkeys(_MODELS, 0.0)
    for feature in features:
        for share in feature.points:
            totals[cast("Model", share.name)] += share.value
    shares = _soften(totals)
    label: Model | Literal[""] = ""
    runner_up: Model | Literal[""] = ""
    note = ""
    if features:
        label, runner_up, note = _choose(shares, foundations)
    decisive = _decide(grounds)
    if decisive:
        label, runner_up, feature, note = decisive[0], label, decisive[1], decisive[2]
        features = (feature, *features)
    mismatch, evidence = _find_mismatch(grounds, label, len(ties))
    return Sourcing(
        label=label,
        runner_up=runner_up,
        shares=shares,
        features=features,
        dependency=len(ties),
        ties=tuple(quotation for group in ties for quotation in group),
        mismatch=mismatch,
        mismatch_evidence=evidence,
        note=note,
    )


def _find_features(grounds: Grounds) -> tuple[Feature, ...]:
    found = []
    for entry in load_table("sourcing")["features"]:
        evidence = _prove(grounds, entry)
        if evidence:
            points = tuple(Share(name, float(value)) for name, value in entry["points"].items())
            found.append(Feature(entry["name"], points, evidence))
    return tuple(found)


def _prove(grounds: Grounds, entry: Mapping[str, Any]) -> tuple[Quotation, ...]:
    """Return the words for a feature; empty when one of the two sets it asks for is not there."""
    first = Requirement.read(entry).collect(grounds)
    if not first:
        return ()
    also = [grounds.quote(name) for name in entry.get("also", ())]
    if any(not found for found in also):
        return ()
    return pick([*first, *also], 3)


def _decide(grounds: Grounds) -> tuple[Model, Feature, str] | None:
    for entry in load_table("sourcing")["decisive"]:
        evidence = _prove(grounds, entry)
        if evidence:
            note = " ".join(str(entry["note"]).split())
            return entry["model"], Feature(f"marks of {entry['model']}", (), evidence), note
    return None


def _soften(totals: Mapping[Model, float]) -> tuple[Share, ...]:
    """Return the points as shares (softmax), the largest first."""
    heat = read_threshold("sourcing", "temperature")
    top = max(totals.values())
    weights = {model: exp((points - top) / heat) for model, points in totals.items()}
    whole = sum(weights.values())
    order = sorted(totals, key=lambda model: (-weights[model], _MODELS.index(model)))
    return tuple(Share(model, weights[model] / whole) for model in order)


def _choose(
    shares: Sequence[Share], foundations: Iterable[Foundation]
) -> tuple[Model | Literal[""], Model | Literal[""], str]:
    """Return the label, the runner-up and what limited the choice."""
    laid = {f.code: f.score for f in foundations}
    least = read_threshold("sourcing", "laid")
    note = ""
    ranked = list(shares)
    if ranked[0].name == _TOP and any(laid[code] < least for code in _NEEDED):
        ranked = [share for share in ranked if share.name != _TOP]
        note = _CAPPED
    whole = sum(share.value for share in ranked)
    if (ranked[0].value - ranked[1].value) / whole < read_threshold("sourcing", "unclear"):
        return "", "", note
    return cast("Model", ranked[0].name), cast("Model", ranked[1].name), note


def _find_mismatch(
    grounds: Grounds, label: str, dependency: int
) -> tuple[str, tuple[Quotation, ...]]:
    """Return the sentence on aims and economics that point apart, empty when they do not."""
    table = load_table("sourcing")
    codes = grounds.list_codes(table["activity"])
    aims = [found for name in table["aims"] if (found := grounds.quote(name))]
    tied = dependency >= read_threshold("dependency", "high")
    if label not in _TRANSACTIONAL or not codes or not (aims or tied):
        return "", ()
    paid = [grounds.quote(code) for code in codes]
    ways = ", ".join(f"{lower_first(found[0].note)} ({found[0].code})" for found in paid)
    if aims:
        wanted = " and ".join(found[0].note.removeprefix("words of ") for found in aims)
        text = (
            f"The text asks for {wanted} but pays by {ways}; on its face, a supplier that does "
            "what the text asks earns less."
        )
    else:
        text = (
            f"The parties are tied to each other in {dependency} ways but the text pays by {ways}; "
            "consider whether a result could be paid for instead."
        )
    return text, pick([*aims, *paid])
