"""Merge what the rules and the classifier saw into one finding per clause and code.

In: mirrored hits, the classifier's probabilities, the fitted combination. Out: ``Finding`` records
with one calibrated confidence each, and the clauses found balanced.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Literal

from clausecheck.assess.mutuality import Mirror
from clausecheck.detect.match import FIRED
from clausecheck.errors import InputError
from clausecheck.records import Band, Origin
from clausecheck.settings import Sensitivity
from clausecheck.shipped import shipped_folder

Group = Literal["tension", "collaborative"]
# From the surest; what the next band adds to the chosen one is worth a look.
BANDS: tuple[Sensitivity, ...] = ("precise", "balanced", "thorough")
# A rule that no labelled clause has measured (a user's own) is trusted as its author does.
_UNMEASURED, _UNMEASURED_HINT = 0.8, 0.5
# The surest findings were right in about nine of ten clauses of contracts not seen before.
SUREST = 0.9
# Below this the classifier has no opinion worth combining.
FLOOR = 0.02


@dataclass(frozen=True, slots=True)
class Combination:
    """How the two detectors are weighed, fitted by ``training.fit`` on held-out predictions.

    ``reliability`` is each rule's precision on labelled clauses, drawn towards the mean when there
    are few, ``hints`` that of its hints; ``weights`` the log-odds weights per group; ``thresholds``
    the confidence from which a finding is reported, per sensitivity and family, and ``further`` the
    one for a second code of the same family in a clause, which must be surer; ``alone`` the
    probability at which the classifier counts as having seen a code by itself.
    """

    reliability: Mapping[str, float]
    weights: Mapping[Group, Mapping[str, float]]
    thresholds: Mapping[Sensitivity, Mapping[str, float]]
    alone: float
    further: Mapping[Sensitivity, float] = field(default_factory=dict)
    hints: Mapping[str, float] = field(default_factory=dict)

    def trust(self, code: str, verdict: str | None) -> float | None:
        """Return how often a rule's flag or hint is right, ``None`` where neither was given."""
        if verdict == "flag":
            return self.reliability.get(code, _UNMEASURED)
        return self.hints.get(code, _UNMEASURED_HINT) if verdict == "hint" else None

    def confidence(
        self,
        code: str,
        verdict: str | None,
        p_code: float | None,
        p_family: float | None,
        beside: Sequence[str] = (),
    ) -> float:
        """Return the probability that a careful reader would give this code to the clause.

        ``verdict`` is the rule's ("flag", "hint", "balanced", "cancelled"), ``None`` where it is
        silent; the probabilities are the classifier's, ``None`` where it knows no such code or is
        off. ``beside`` are the verdicts on other codes of the family in the clause.
        """
        trust = self.trust(code, verdict)
        if p_family is None:
            return trust or 0.0
        features = combine_features(trust, verdict, p_code, p_family, beside)
        sure = _sigmoid(_dot(self.weights[group_of(code)], features))
        if verdict == "flag" and code not in self.reliability:
            return max(_UNMEASURED, sure)
        return min(SUREST, sure)

    def band(
        self, code: str, confidence: float, sensitivity: Sensitivity, *, first: bool = True
    ) -> Band | None:
        """Return where a finding of this confidence is shown, ``None`` for nowhere.

        ``first`` tells whether it is the surest of its family in its clause.
        """
        place = BANDS.index(sensitivity)
        shown: tuple[Band, ...] = ("finding", "look")
        for name, band in zip(BANDS[place : place + 2], shown, strict=False):
            least = self.thresholds[name][code[:2]]
            if confidence >= (least if first else max(least, self.further.get(name, least))):
                return band
        return None


def combine_features(
    trust: float | None,
    verdict: str | None,
    p_code: float | None,
    p_family: float,
    beside: Sequence[str] = (),
) -> dict[str, float]:
    """Return the features of the combination; training and review both use this function.

    ``trust`` is how often this rule's flag or hint is right, ``None`` where it gave neither;
    ``beside`` are the verdicts on other codes of the family in the same clause.
    """
    flag, hint = verdict == "flag", verdict == "hint"
    logit = _logit(trust) if trust is not None else 0.0
    return {
        "bias": 1.0,
        "rule": 1.0 if flag else 0.0,
        "reliability": logit if flag else 0.0,
        "hint": 1.0 if hint else 0.0,
        "hint_reliability": logit if hint else 0.0,
        "withdrawn": 1.0 if any(v not in FIRED for v in beside) else 0.0,
        "sibling": 1.0 if "flag" in beside else 0.0,
        "code": _logit(p_code) if p_code is not None else 0.0,
        "no_code": 1.0 if p_code is None else 0.0,
        "family": _logit(p_family),
    }


def group_of(code: str) -> Group:
    """Return whether a code speaks of tension or of collaboration."""
    return "collaborative" if code.startswith("CO") else "tension"


def _dot(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    return sum(weights.get(name, 0.0) * value for name, value in features.items())


def _logit(p: float) -> float:
    p = min(max(p, 0.001), 0.999)
    return math.log(p / (1 - p))


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


@cache
def load_combination(folder: Path | None = None) -> Combination:
    """Return the shipped combination, or the one in ``folder``.

    Raises ``InputError`` when the file is missing or damaged.
    """
    path = (folder or shipped_folder("models")) / "combination.json"
    try:
        data = json.loads(path.read_text("utf-8"))
        return Combination(
            data["reliability"],
            data["weights"],
            data["thresholds"],
            data["alone"],
            data["further"],
            data["hints"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(
            "C150", "the trained model cannot be read.", "models", "Reinstall clausecheck."
        ) from None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A (clause, code) pair that either detector saw, with the merged confidence."""

    clause: int
    code: str
    confidence: float
    origin: Origin
    mirror: Mirror | None
    band: Band = "finding"


def merge_detections(
    mirrors: Sequence[Mirror],
    scores: Mapping[int, Mapping[str, float]],
    codes: Sequence[str],
    combination: Combination,
    sensitivity: Sensitivity = "precise",
) -> list[Candidate]:
    """Return the candidates that are shown at this sensitivity, sorted by clause and code.

    ``scores`` maps a clause's position to the classifier's probability per label; it is empty when
    the classifier is off. ``codes`` are the codes that may be reported.
    """
    found: dict[tuple[int, str], Mirror] = {(m.hit.clause, m.hit.code): m for m in mirrors}
    pairs = set(found)
    for clause, likely in scores.items():
        pairs.update((clause, code) for code in codes if likely.get(code, 0.0) >= FLOOR)
    wanted = frozenset(codes)
    said: dict[tuple[int, str], dict[str, str]] = {}
    for (clause, code), mirror in found.items():
        said.setdefault((clause, code[:2]), {})[code] = mirror.hit.verdict
    families: dict[tuple[int, str], list[Candidate]] = {}
    for clause, code in sorted(pairs):
        known = said.get((clause, code[:2]), {})
        verdict = known.get(code)
        if code not in wanted or (verdict is not None and verdict not in FIRED):
            continue
        row = scores.get(clause)
        p_code = row.get(code) if row else None
        confidence = combination.confidence(
            code, verdict, p_code, row.get(code[:2]) if row else None,
            [known[other] for other in known if other != code],
        )  # fmt: skip
        seen = p_code is not None and p_code >= combination.alone
        origin: Origin = "model" if verdict is None else "both" if seen else "rule"
        families.setdefault((clause, code[:2]), []).append(
            Candidate(clause, code, confidence, origin, found.get((clause, code)))
        )
    return [
        replace(candidate, band=band)
        for family in families.values()
        for candidate, band in _choose_bands(
            family, combination, sensitivity, two_views=bool(scores)
        )
        if band is not None
    ]


def _choose_bands(
    family: Sequence[Candidate],
    combination: Combination,
    sensitivity: Sensitivity,
    *,
    two_views: bool,
) -> list[tuple[Candidate, Band | None]]:
    """Return where the candidates of one family in one clause are shown, in the order of codes.

    The surest stands for its family; a second one must be surer to be shown beside it. Rules that
    run alone report what they flag, and a hint is worth a look: the thresholds weigh two views. A
    hint that the classifier does not share decides nothing at the precise sensitivity.
    """
    first = max(family, key=lambda c: c.confidence)
    chosen: list[tuple[Candidate, Band | None]] = []
    for one in family:
        verdict = one.mirror.hit.verdict if one.mirror else None
        band = combination.band(one.code, one.confidence, sensitivity, first=one is first)
        if not two_views:
            band = "finding" if verdict == "flag" else "look"
        elif verdict == "hint" and one.origin == "rule" and sensitivity == "precise":
            band = band and "look"
        chosen.append((one, band))
    return chosen
