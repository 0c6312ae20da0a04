"""Weigh what rules and classifier saw into one confidence, and choose what is shown from which.

In: sightings of whole reviews by models that have not seen the contracts. Out: a ``Combination``
with its thresholds. Everything is measured here; nothing is set by hand.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from clausecheck.assess.merge import FLOOR, Combination, Group, combine_features, group_of
from clausecheck.detect.rules import load_rule_set
from training.review import Sighting

Array = NDArray[np.float64]
GROUPS: tuple[Group, ...] = ("tension", "collaborative")
FAMILIES = ("RS", "WL", "AB", "CO")
TENSION = 3  # the first so many families
# Asked of the folds, weighed to nature, so that .65 is left on contracts that rules and model have
# not seen, and no more than two in a hundred neutral clauses are flagged.
WANTED_PRECISION = 0.72
# What is still worth a look at the most thorough sensitivity.
LEAST_PRECISION = 0.3
# Rules were written on the labelled contracts and reach about this much less on others (their
# first recall on contracts not yet read, against the recall in the end; hints, on the fifth of the
# contracts that was kept apart while they were written, against the rest). As many of their true
# verdicts are hidden from the fit of the combination, or the classifier would seem superfluous.
UNSEEN_LOSS = 0.35
GRID = tuple(round(0.05 + 0.01 * step, 2) for step in range(51))
# The probability from which the classifier counts as having seen a code by itself.
ALONE = 0.3
# How many imagined average clauses a rule's measured precision is drawn towards.
PRIOR_COUNT = 6


def thin_verdicts(sightings: Sequence[Sighting], known: Collection[str]) -> list[Sighting]:
    """Return the sightings with the share ``UNSEEN_LOSS`` of the true flags and hints hidden.

    Hidden are those in spans that are ``known`` to who wrote the rules. Where a flag is hidden,
    what the rule's hints say stands in its place, if it is not hidden too. Which are hidden hangs
    on a hash alone.
    """
    thinned = []
    for s in sightings:
        verdict = s.verdict
        if s.id in known:
            if verdict == "flag" and _is_hidden(s, ""):
                verdict = "hint" if s.broad == "hint" else None
            if verdict == "hint" and _is_hidden(s, "hint"):
                verdict = None
        if verdict is not None or (s.p_code or 0.0) >= FLOOR:
            thinned.append(replace(s, verdict=verdict))
    return thinned


def _is_hidden(sighting: Sighting, salt: str) -> bool:
    digest = hashlib.sha256(f"{sighting.id}{sighting.code}{salt}".encode()).digest()
    return sighting.true and digest[0] / 256 < UNSEEN_LOSS


def measure_reliability(sightings: Sequence[Sighting], verdict: str) -> dict[str, float]:
    """Return how often each rule's flags, or hints, are right, drawn towards its group's mean."""
    right: Counter[str] = Counter(s.code for s in sightings if s.verdict == verdict and s.true)
    fired: Counter[str] = Counter(s.code for s in sightings if s.verdict == verdict)
    means = {}
    for group in GROUPS:
        codes = [c for c in fired if group_of(c) == group]
        total = sum(fired[c] for c in codes)
        means[group] = sum(right[c] for c in codes) / total if total else 0.5
    return {
        rule.code: round(
            (right[rule.code] + PRIOR_COUNT * means[group_of(rule.code)])
            / (fired[rule.code] + PRIOR_COUNT),
            3,
        )
        for rule in load_rule_set().rules
        if verdict == "flag" or rule.hints or fired[rule.code]
    }


def list_beside(sightings: Sequence[Sighting]) -> list[list[str]]:
    """Return, per sighting, the verdicts on other codes of its family in the same clause."""
    said: dict[tuple[str, int, str], list[tuple[str, str]]] = defaultdict(list)
    for s in sightings:
        if s.verdict:
            said[s.id, s.clause, s.code[:2]].append((s.code, s.verdict))
    return [
        ["cancelled"] * s.withdrawn
        + [v for code, v in said[s.id, s.clause, s.code[:2]] if code != s.code]
        for s in sightings
    ]


def fit_combination(
    sightings: Sequence[Sighting], beside: Sequence[Sequence[str]], weights: Array
) -> Combination:
    """Return the combination fitted on sightings, its thresholds not yet chosen."""
    trust = {v: measure_reliability(sightings, v) for v in ("flag", "hint")}
    blank = Combination(trust["flag"], {}, {}, ALONE, hints=trust["hint"])
    features = [
        combine_features(blank.trust(s.code, s.verdict), s.verdict, s.p_code, s.p_family, near)
        for s, near in zip(sightings, beside, strict=True)
    ]
    fitted: dict[Group, dict[str, float]] = {}
    for group in GROUPS:
        mine = [i for i, s in enumerate(sightings) if group_of(s.code) == group]
        names = [n for n in features[mine[0]] if n != "bias"]
        matrix = np.array([[features[i][n] for n in names] for i in mine])
        truth = np.array([sightings[i].true for i in mine])
        model = LogisticRegression(C=1.0).fit(matrix, truth, sample_weight=weights[mine])
        fitted[group] = {"bias": round(float(model.intercept_[0]), 4)} | {
            n: round(float(w), 4) for n, w in zip(names, model.coef_[0], strict=True)
        }
    return replace(blank, weights=fitted)


def choose_threshold(
    scored: Sequence[tuple[float, bool, float]], wanted: float = WANTED_PRECISION
) -> float:
    """Return the lowest confidence from which precision, weighed to nature, stays at ``wanted``."""
    best, right, total = 0.95, 0.0, 0.0
    for confidence, true, weight in sorted(scored, reverse=True):
        total += weight
        right += weight * true
        if right / total >= wanted and total > 0:
            best = confidence
    return round(max(0.05, best), 3)


class Outcomes:
    """What reviews would show of labelled spans at given thresholds, and how often they are right.

    ``gold`` maps a span to the readers' codes, ``drawn`` and ``weights`` to its weight among spans
    drawn for what they say, and to what it stands for in nature.
    """

    def __init__(
        self,
        sightings: Sequence[Sighting],
        sure: Sequence[float],
        gold: Mapping[str, Collection[str]],
        drawn: Mapping[str, float],
        weights: Mapping[str, float],
    ) -> None:
        ids = {name: i for i, name in enumerate(gold)}
        self.sure = np.array(sure)
        self.row = np.array([ids[s.id] for s in sightings])
        self.true = np.array([s.true for s in sightings])
        self.family = np.array([FAMILIES.index(s.code[:2]) for s in sightings])
        best: dict[tuple[str, int, str], int] = {}
        for i, s in enumerate(sightings):
            key = (s.id, s.clause, s.code[:2])
            if key not in best or sure[i] > sure[best[key]]:
                best[key] = i
        self.first = np.zeros(len(sightings), dtype=bool)
        self.first[list(best.values())] = True
        self.gold = np.array(
            [[any(c.startswith(f) for c in codes) for f in FAMILIES] for codes in gold.values()]
        )
        self.codes = np.array([len(codes) for codes in gold.values()])
        self.drawn = np.array([drawn[name] for name in gold])
        self.weights = np.array([weights[name] for name in gold])

    def score_groups(self, group: Group) -> list[tuple[float, bool, float]]:
        """Return each span's surest sighting of a group, whether the group is there, and weight."""
        tension = group == "tension"
        here = np.isin(self.family, range(TENSION) if tension else range(TENSION, len(FAMILIES)))
        columns = slice(TENSION) if tension else slice(TENSION, len(FAMILIES))
        gold: NDArray[np.bool_] = np.any(self.gold[:, columns], axis=1)
        top = np.zeros(len(self.gold))
        np.maximum.at(top, self.row[here], self.sure[here])
        return [(float(top[i]), bool(gold[i]), float(self.weights[i])) for i in np.nonzero(top)[0]]

    def measure(self, thresholds: Sequence[float], further: float) -> list[float]:
        """Return the F1s of any tension, each family and all codes, as drawn and as in nature."""
        least = np.array(thresholds)[self.family]
        shown = self.sure >= np.where(self.first, least, np.maximum(least, further))
        seen = np.zeros(self.gold.shape, dtype=bool)
        seen[self.row[shown], self.family[shown]] = True
        figures = []
        for w in (self.drawn, self.weights):
            told = [(seen[:, :TENSION].any(axis=1), self.gold[:, :TENSION].any(axis=1))]
            told += [(seen[:, f], self.gold[:, f]) for f in range(len(FAMILIES))]
            figures += [
                _f1(w[mine & gold].sum(), w[mine].sum() + w[gold].sum()) for mine, gold in told
            ]
            each = w[self.row[shown]]
            figures.append(_f1(each[self.true[shown]].sum(), each.sum() + (w * self.codes).sum()))
        return figures

    def choose_balanced(self, highest: Sequence[float]) -> tuple[list[float], float]:
        """Return the thresholds per family, and the further one, of the best mean of all F1s.

        Each is moved in turn until nothing gains; none passes its ``highest``. Neither a set rich
        in positives nor a plain contract alone chooses, and no family at the cost of the others.
        """
        chosen = [*(min(0.2, most) for most in highest), 0.3]
        best = sum(self.measure(chosen[:-1], chosen[-1]))
        for _ in range(4):
            before = list(chosen)
            for place in range(len(chosen)):
                for value in GRID:
                    if place < len(highest) and value > highest[place]:
                        continue
                    tried = [*chosen[:place], value, *chosen[place + 1 :]]
                    score = sum(self.measure(tried[:-1], tried[-1]))
                    if score > best + 1e-9:
                        best, chosen = score, tried
            if chosen == before:
                break
        return chosen[:-1], chosen[-1]


def _f1(right: float, together: float) -> float:
    """Return F1 from what is right, and what was shown and wanted together."""
    return float(2 * right / together) if together else 0.0


def choose_thresholds(outcomes: Outcomes, combination: Combination) -> Combination:
    """Return the combination with the thresholds of its three sensitivities."""
    precise, thorough = (
        {group: choose_threshold(outcomes.score_groups(group), wanted) for group in GROUPS}
        for wanted in (WANTED_PRECISION, LEAST_PRECISION)
    )
    highest = [precise[group_of(f)] for f in FAMILIES]
    balanced, further = outcomes.choose_balanced(highest)
    least = [min(b, thorough[group_of(f)]) for b, f in zip(balanced, FAMILIES, strict=True)]
    return replace(
        combination,
        thresholds={
            "precise": dict(zip(FAMILIES, highest, strict=True)),
            "balanced": dict(zip(FAMILIES, balanced, strict=True)),
            "thorough": dict(zip(FAMILIES, least, strict=True)),
        },
        further={"precise": max(further, *highest), "balanced": further, "thorough": further},
    )
