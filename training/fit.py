"""Fit the classifier and its combination with the rules, and write them to ``models/``.

In: the clauses in ``corpora/clauses`` and, when present, stand-off labels with their texts. Out:
``classifier.npz``, ``classifier.json``, ``combination.json`` and the model card.

    python -m training.fit [--labels FILE ... --texts DIR] [--without LABELS.jsonl] [--out DIR]

Everything that is chosen (regularisation, calibration, combination, thresholds) is chosen on
held-out folds that keep each contract on one side. Test labels are never read here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import vstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from clausecheck.assess.merge import Combination
from clausecheck.detect.classifier import Classifier, list_terms, save_classifier
from clausecheck.detect.rules import load_rule_set
from training.card import write_card
from training.data import (
    READ,
    ROOT,
    SHARED,
    Contract,
    Example,
    list_examples,
    load_stand_off,
    load_written,
    read_labels,
)
from training.review import Sighting, see_contract
from training.weigh import (
    FAMILIES,
    WANTED_PRECISION,
    Outcomes,
    choose_thresholds,
    fit_combination,
    list_beside,
    thin_verdicts,
)

Array = NDArray[np.float64]
BURDEN = "burden:supplier"
_SWAPPED = {"@c": "@s", "@s": "@c"}
FOLDS = 5
# Columns of fewer see their code almost nowhere, and so doubt the rule's flags.
MIN_POSITIVES = 30
MIN_DF = 8  # 3 gives as much at twice the size
STRENGTH = 4.0  # inverse regularisation; 2, 8 and 30 tried, see docs/detection.md


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a fit produced: the model, the combination, and the held-out figures for the card."""

    classifier: Classifier
    combination: Combination
    figures: dict[str, Any]


def choose_labels(examples: Sequence[Example]) -> list[str]:
    """Return the columns: families, codes that have a rule and enough positives, and the burden.

    Positives in other people's contracts count, if there are any: a column that knows a code from
    written clauses alone sees it where it is not.
    """
    examples = [e for e in examples if e.stratum != "written"] or examples
    known = {rule.code for rule in load_rule_set().rules}
    counts: dict[str, int] = {}
    for example in examples:
        for code in example.labels:
            counts[code] = counts.get(code, 0) + 1
    codes = sorted(c for c, n in counts.items() if n >= MIN_POSITIVES and c in known)
    return [*FAMILIES, *codes, BURDEN]


def label_target(examples: Sequence[Example], label: str) -> tuple[Array, NDArray[np.bool_]]:
    """Return a column's 0/1 target and which examples take part in it."""
    target = np.zeros(len(examples))
    part = np.ones(len(examples), dtype=bool)
    # What falls on one party by its nature teaches nothing about whom words burden.
    either = {r.code for r in load_rule_set().rules if r.carries in ("A", "B", "other")}
    for i, example in enumerate(examples):
        if label == BURDEN:
            sides = {b for c, (b, _) in example.labels.items() if c in either}
            part[i] = len(sides) == 1 and sides <= {"customer", "supplier"}
            target[i] = sides == {"supplier"}
        else:
            target[i] = any(c.startswith(label) for c in example.labels)
    return target, part


def weigh_examples(examples: Sequence[Example]) -> tuple[Array, Array]:
    """Return two weights per example: as drawn for what they say, and as in nature.

    Each sums to the number of examples. Clauses written for the project stand for nothing in
    nature; where there are no others, all weigh alike.
    """
    foreign = np.array([e.stratum != "written" for e in examples])
    if not foreign.any():
        return np.ones(len(examples)), np.ones(len(examples))
    natural = np.array([e.stands_for for e in examples]) * foreign
    drawn = np.array([e.found for e in examples]) * foreign
    size = len(examples)
    return drawn * size / max(drawn.sum(), 1), natural * size / natural.sum()


def swap_roles(forms: Sequence[str]) -> list[str]:
    """Return the forms with customer and supplier exchanged.

    >>> swap_roles(["@s", "shall", "pay", "@c"])
    ['@c', 'shall', 'pay', '@s']
    """
    return [_SWAPPED.get(form, form) for form in forms]


def fit_column(
    vectoriser: TfidfVectorizer, vectors: Any, examples: Sequence[Example], label: str
) -> LogisticRegression | None:
    """Return a fitted model for one label, ``None`` where the examples show one side only.

    ``vectors`` are those of the examples. The burden is learnt from every clause and from its twin
    with the parties exchanged, so that it turns when they do.
    """
    target, part = label_target(examples, label)
    chosen, wanted = vectors[part], target[part]
    if label == BURDEN:
        taught = [swap_roles(e.forms) for e, within in zip(examples, part, strict=True) if within]
        chosen = vstack([chosen, vectoriser.transform(taught)])
        wanted = np.concatenate([wanted, 1 - wanted])
    if not 0 < wanted.sum() < len(wanted):
        return None
    return fit_linear(chosen, wanted)


def fit_linear(vectors: Any, target: Array) -> LogisticRegression:
    """Return a fitted linear model for one column."""
    # In its dual form the same fit takes a tenth of the time; the seed orders its steps.
    model = LogisticRegression(
        C=STRENGTH, class_weight="balanced", solver="liblinear", tol=1e-2, dual=True, random_state=0
    )
    return model.fit(vectors, target)


def fit_calibration(decisions: Array, target: Array, weights: Array) -> tuple[float, float]:
    """Return slope and offset of the sigmoid that turns decisions into probabilities."""
    model = LogisticRegression(C=1e6).fit(decisions.reshape(-1, 1), target, sample_weight=weights)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def predict_folds(
    examples: Sequence[Example], labels: Sequence[str]
) -> tuple[Array, Array, Array, dict[str, Classifier]]:
    """Return held-out decisions, each label's slope and offset, and each contract's model.

    The folds are grouped by contract; a contract's model has not seen it, and is not calibrated.
    """
    groups = [e.group for e in examples]
    forms = [e.forms for e in examples]
    decisions = np.zeros((len(examples), len(labels)))
    models: dict[str, Classifier] = {}
    plain = np.ones(len(labels)), np.zeros(len(labels))
    for inside, outside in GroupKFold(FOLDS).split(forms, groups=groups):
        model, vectoriser, columns = fit_classifier([examples[i] for i in inside], labels, *plain)
        vectors = vectoriser.transform([forms[i] for i in outside])
        for column, linear in enumerate(columns):
            decisions[outside, column] = linear.decision_function(vectors)
        models |= dict.fromkeys((groups[i] for i in outside), model)
    _, weights = weigh_examples(examples)
    slopes, offsets = np.ones(len(labels)), np.zeros(len(labels))
    for column, label in enumerate(labels):
        target, part = label_target(examples, label)
        w = np.ones(int(part.sum())) if label == BURDEN else weights[part]
        slopes[column], offsets[column] = fit_calibration(decisions[part, column], target[part], w)
    return decisions, slopes, offsets, models


def make_vectoriser() -> TfidfVectorizer:
    """Return the vectoriser that ``Classifier.vectorise`` repeats without scikit-learn."""
    return TfidfVectorizer(analyzer=list_terms, min_df=MIN_DF, sublinear_tf=True)


def fit_classifier(
    examples: Sequence[Example], labels: Sequence[str], slopes: Array, offsets: Array
) -> tuple[Classifier, TfidfVectorizer, list[LogisticRegression]]:
    """Return the model fitted on all examples, with its scikit-learn twin for the equality test."""
    forms = [e.forms for e in examples]
    vectoriser = make_vectoriser().fit(forms)
    vectors = vectoriser.transform(forms)

    def fit_one(label: str) -> LogisticRegression:
        model = fit_column(vectoriser, vectors, examples, label)
        assert model is not None, label
        # Stored in single precision; the twin takes the same numbers, so that both agree exactly.
        model.coef_ = model.coef_.astype(np.float32).astype(np.float64)
        return model

    with ThreadPoolExecutor() as pool:  # the solver lets other threads run
        models = list(pool.map(fit_one, labels))
    terms = tuple(vectoriser.get_feature_names_out())
    classifier = Classifier(
        labels=tuple(labels),
        vocabulary={term: i for i, term in enumerate(terms)},
        terms=terms,
        idf=np.asarray(vectoriser.idf_),
        weights=np.stack([m.coef_[0] for m in models], axis=1).astype(np.float32),
        bias=np.array([m.intercept_[0] for m in models]),
        slope=slopes,
        offset=offsets,
        digest="",
    )
    return classifier, vectoriser, models


def predict_contracts(
    contracts: Sequence[Contract], examples: Sequence[Example], labels: Sequence[str]
) -> tuple[list[Sighting], Array, Array, Array]:
    """Return what reviews see of contracts that their model was not fitted on.

    Besides, the held-out decisions of the examples, and each label's slope and offset.
    """
    decisions, slopes, offsets, models = predict_folds(examples, labels)
    sightings = []
    for contract in contracts:
        if contract.file in models:
            model = replace(models[contract.file], slope=slopes, offset=offsets)
            sightings += see_contract(contract, model)
    return sightings, decisions, slopes, offsets


def fit_all(contracts: Sequence[Contract]) -> Fitted:
    """Fit everything on labelled contracts and measure it on held-out folds.

    The classifier learns from the clauses written for the project too; what the combination weighs
    is seen on other people's contracts alone, if there are any.
    """
    examples = [e for contract in contracts for e in list_examples(contract)]
    labels = choose_labels(examples)
    foreign = [c for c in contracts if c.rows[0]["stratum"] != "written"] or list(contracts)
    sightings, _, slopes, offsets = predict_contracts(foreign, examples, labels)
    files = {c.file for c in foreign}
    held = [e for e in examples if e.group in files]
    gold = {e.id: tuple(e.labels) for e in held}
    drawn, natural = (dict(zip(gold, w.tolist(), strict=True)) for w in weigh_examples(held))
    sightings = [s for s in sightings if s.id in gold]
    thinned = thin_verdicts(sightings, {e.id for e in held if e.found})
    beside = list_beside(thinned)
    # Between a set that is rich in positives and a plain contract, as for the thresholds.
    weights = np.array([(drawn[s.id] + natural[s.id]) / 2 for s in thinned])
    combination = fit_combination(thinned, beside, weights)
    sure = [
        combination.confidence(s.code, s.verdict, s.p_code, s.p_family, near)
        for s, near in zip(thinned, beside, strict=True)
    ]
    outcomes = Outcomes(thinned, sure, gold, drawn, natural)
    combination = choose_thresholds(outcomes, combination)
    classifier, _, _ = fit_classifier(examples, labels, slopes, offsets)
    figures = {
        "gold": gold,
        "weights": natural,
        "contracts": len(files),
        "sightings": sightings,
        "told": list(zip(thinned, beside, outcomes.first.tolist(), sure, strict=True)),
    }
    return Fitted(classifier, combination, figures)


@click.command()
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    multiple=True,
    default=[SHARED / "labels/train.jsonl", READ],
    show_default="the labels for fitting, and those read afterwards",
)
@click.option("--texts", type=click.Path(path_type=Path), default=SHARED / "contracts")
@click.option(
    "--without",
    type=click.Path(path_type=Path, exists=True),
    help="Leave out the contracts that these labels point into, to measure on them.",
)
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "models")
def main(labels: tuple[Path, ...], texts: Path, without: Path | None, out: Path) -> None:
    """Fit on the written clauses and, where they are present, on stand-off labels."""
    contracts = list(load_written())
    written = len(contracts)
    click.echo(f"{written} clauses written for the project")
    if texts.is_dir() and all(path.is_file() for path in labels):
        held = set(read_labels(without, domain=None)) if without else set()
        joined = [c for c in load_stand_off(labels, texts) if c.file not in held]
        click.echo(f"{sum(len(c.rows) for c in joined)} labelled spans of {len(joined)} contracts")
        contracts += joined
    else:
        click.echo("no stand-off labels found: fitting on the written clauses alone")
    fitted = fit_all(contracts)
    save_classifier(fitted.classifier, out)
    stored = {
        "reliability": fitted.combination.reliability,
        "hints": fitted.combination.hints,
        "weights": fitted.combination.weights,
        "thresholds": fitted.combination.thresholds,
        "further": fitted.combination.further,
        "alone": fitted.combination.alone,
    }
    (out / "combination.json").write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    card = write_card(written, fitted.figures, fitted.combination, WANTED_PRECISION)
    (out / "README.md").write_text(card, "utf-8")
    click.echo(card)


if __name__ == "__main__":
    main()
