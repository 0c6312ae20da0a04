"""Write the model card from a fit's figures: data, base rates, held-out precision and recall."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from training.data import Example

_HEAD = """# Model card

Written by `python -m training.fit`; do not edit by hand.

**What it is.** A linear classifier (TF-IDF over single words and pairs of role-folded text, one
logistic regression per label, sigmoid calibration), and the weights that combine it with the
rules. Stored as plain arrays (`classifier.npz`), never pickled; scored with numpy alone.

**What it is for.** To see one-sided and collaborative wording that no rule covers, and to doubt a
rule. It is not a measure of legal risk.

**Known bias.** Most contracts are US filings between companies, 1996-2020; small-supplier
purchase terms are rare. Labels were read once. Written clauses take part in fitting, but never in
the figures below.
"""


def write_card(
    examples: Sequence[Example],
    figures: dict[str, Any],
    combination: dict[str, Any],
    wanted: float,
) -> str:
    """Return the card as Markdown; every figure is from contract-grouped held-out folds."""
    held = [i for i, e in enumerate(examples) if e.stratum != "written"]
    contracts = len({examples[i].group for i in held})
    written = len(examples) - len(held)
    lines = [
        _HEAD,
        "## Trained on\n",
        f"{written} clauses written for the project (`corpora/clauses`) and {len(held)} labelled "
        f"spans of {contracts} public contracts, joined by position; the texts are not in the "
        "project. Held-out figures: 5 folds, each contract in one fold.\n",
    ]
    if held:
        lines += [
            "## Held-out precision and recall, span by span\n",
            "Each clause as a review of its whole contract sees it. `natural` weighs the clauses "
            "to the base rates of uniform draws. The rules were written on these same contracts, "
            "so their column, and that of both, is too kind; `benchmarks/README.md` has "
            "contracts that neither has seen.\n",
            _table(examples, figures, held),
        ]
    bands = "\n".join(
        f"| {name} | {values['tension']} | {values['collaborative']} |"
        for name, values in combination["thresholds"].items()
    )
    lines.append(
        "\n## Thresholds\n\nThe confidence from which a finding is reported. Precise: the "
        f"lowest at which held-out precision at natural base rates stays at {wanted:.2f}; "
        "balanced: the best F1; thorough: what is still worth a look.\n\n| sensitivity "
        "| tension | collaborative |\n"
        f"|---|---|---|\n{bands}\n"
    )
    return "\n".join(lines)


def _table(examples: Sequence[Example], figures: dict[str, Any], held: Sequence[int]) -> str:
    weights = figures["weights"]
    kept: dict[int, set[str]] = {i: set() for i in held}
    for i, code, confidence, _ in figures["pairs"]:
        group = "collaborative" if code.startswith("CO") else "tension"
        if i in kept and confidence >= figures["threshold"][group]:
            kept[i].add(code)
    rules = {i: {c for c, v in figures["verdicts"][i].items() if v == "flag"} for i in held}
    columns = {label: n for n, label in enumerate(figures["labels"])}
    model = {
        i: {c for c, n in columns.items() if len(c) == 5 and figures["probabilities"][i, n] >= 0.5}
        for i in held
    }
    rows = [
        "| what | base rate | rules P / R / F1 | classifier P / R / F1 | both P / R / F1 "
        "| both, natural P |",
        "|---|---|---|---|---|---|",
    ]
    tests: list[tuple[str, Callable[[str], bool]]] = [
        ("any tension", lambda c: not c.startswith("CO"))
    ]
    tests += [(family, lambda c, f=family: c.startswith(f)) for family in ("RS", "WL", "AB", "CO")]  # type: ignore[misc]
    codes = sorted({c for i in held for c in examples[i].labels})
    tests += [(code, lambda c, k=code: c == k) for code in codes]  # type: ignore[misc]
    for name, test in tests:
        gold = {i for i in held if any(map(test, examples[i].labels))}
        if len(gold) < 5:
            continue
        cells = []
        for seen in (rules, model, kept):
            flagged = {i for i in held if any(map(test, seen[i]))}
            cells.append(_figures(len(gold & flagged), len(flagged), len(gold)))
        flagged = {i for i in held if any(map(test, kept[i]))}
        heavy = sum(weights[i] for i in flagged)
        natural = sum(weights[i] for i in flagged & gold) / heavy if heavy else 0.0
        base = sum(weights[i] for i in gold) / sum(weights[i] for i in held)
        rows.append(
            f"| {name} (n={len(gold)}) | {base:.1%} | {' | '.join(cells)} | {natural:.2f} |"
        )
    return "\n".join(rows)


def _figures(right: int, flagged: int, gold: int) -> str:
    precision = right / flagged if flagged else 0.0
    recall = right / gold if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"{precision:.2f} / {recall:.2f} / {f1:.2f}"
