"""Write the model card from a fit's figures: data, base rates, held-out precision and recall."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from clausecheck.assess.merge import Combination

_HEAD = """# Model card

Written by `python -m training.fit`; do not edit by hand.

**What it is.** A linear classifier (TF-IDF over single words and pairs of role-folded text, one
logistic regression per label, sigmoid calibration), and the weights that combine it with the
rules. Stored as plain arrays (`classifier.npz`), never pickled; scored with numpy alone.

**What it is for.** To see one-sided and collaborative wording that no rule covers, and to doubt a
rule. It is not a measure of legal risk.

**Known bias.** Most contracts are US filings between companies, 1996-2020; small-supplier
purchase terms are rare. Labels were read once, six in seven of them by language models. Written
clauses take part in fitting, but never in the figures below.
"""


def write_card(
    written: int, figures: dict[str, Any], combination: Combination, wanted: float
) -> str:
    """Return the card as Markdown; every figure is from contract-grouped held-out folds.

    ``written`` counts the clauses written for the project; ``figures`` are those of ``fit_all``.
    """
    gold = figures["gold"]
    table = _table(figures, combination)
    bands = "\n".join(
        f"| {name} | {' | '.join(map(str, values.values()))} | {combination.further[name]} |"
        for name, values in combination.thresholds.items()
    )
    return f"""{_HEAD}
## Trained on

{written} clauses written for the project (`corpora/clauses`) and {len(gold)} labelled spans of
{figures["contracts"]} public contracts, joined by position; the texts are not in the project.
Held-out figures: 5 folds, each contract in one fold and reviewed whole.

## Held-out precision and recall

`both` is what the balanced sensitivity shows. In clauses that were drawn for what they say, and
that the rules were written from, a third of the rules' true flags and hints is hidden, as on
contracts that they were not written on; most clauses nobody had read before. `natural` weighs them
to the base rates of all clauses. `benchmarks/README.md` has contracts that neither has seen.

{table}

## Thresholds

The confidence from which a finding is reported, per family, and from which a second code of the
same family in a clause is. Precise: the lowest at which held-out precision at natural base rates
stays at {wanted:.2f}; balanced: the best mean F1 of any tension, the families and all codes;
thorough: what is still worth a look.

| sensitivity | {" | ".join(next(iter(combination.thresholds.values())))} | further code |
|---|---|---|---|---|---|
{bands}
"""


def _table(figures: dict[str, Any], combination: Combination) -> str:
    gold, weights = figures["gold"], figures["weights"]
    rules: dict[str, set[str]] = defaultdict(set)
    model: dict[str, set[str]] = defaultdict(set)
    both: dict[str, set[str]] = defaultdict(set)
    for s in figures["sightings"]:
        if s.verdict == "flag":
            rules[s.id].add(s.code)
        if (s.p_code or 0.0) >= combination.alone:
            model[s.id].add(s.code)
    for s, _, first, sure in figures["told"]:
        if combination.band(s.code, sure, "balanced", first=first) == "finding":
            both[s.id].add(s.code)
    rows = [
        "| what | base rate | rules P / R / F1 | classifier P / R / F1 | both P / R / F1 "
        "| both, natural P |",
        "|---|---|---|---|---|---|",
    ]
    tests: list[tuple[str, Callable[[str], bool]]] = [
        ("any tension", lambda c: not c.startswith("CO"))
    ]
    codes = sorted({c for found in gold.values() for c in found})
    parts = ("RS", "WL", "AB", "CO", *codes)
    tests += [(part, lambda c, p=part: c.startswith(p)) for part in parts]  # type: ignore[misc]
    for name, test in tests:
        true = {i for i, found in gold.items() if any(map(test, found))}
        if len(true) < 5:
            continue
        cells = []
        for seen in (rules, model, both):
            flagged = {i for i in gold if any(map(test, seen[i]))}
            cells.append(_figures(len(true & flagged), len(flagged), len(true)))
        heavy = sum(weights[i] for i in flagged)
        natural = sum(weights[i] for i in flagged & true) / heavy if heavy else 0.0
        base = sum(weights[i] for i in true) / sum(weights.values())
        rows.append(
            f"| {name} (n={len(true)}) | {base:.1%} | {' | '.join(cells)} | {natural:.2f} |"
        )
    return "\n".join(rows)


def _figures(right: int, flagged: int, gold: int) -> str:
    precision = right / flagged if flagged else 0.0
    recall = right / gold if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"{precision:.2f} / {recall:.2f} / {f1:.2f}"
