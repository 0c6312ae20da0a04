"""Measure how often the detectors are right on contracts that they have not seen.

In: the labels kept beside the project. Out: a Markdown table per set of labels;
``python -m benchmarks.accuracy --write`` puts them into README.md.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from benchmarks import PREVIEW
from benchmarks.blocks import format_table, replace_block
from clausecheck.settings import Sensitivity

if TYPE_CHECKING:
    from clausecheck.evaluate import Evaluation, Figure

SHARED = Path(__file__).resolve().parents[2] / "shared"
SETS = ("whole", "test")
Detectors = tuple[Literal["rules", "model"], ...]
RUNS: tuple[tuple[str, Detectors, Sensitivity], ...] = (
    ("rules", ("rules",), "balanced"),
    ("model", ("model",), "balanced"),
    ("both", ("rules", "model"), "balanced"),
    ("both, precise", ("rules", "model"), "precise"),
)
HEAD = (
    "detectors", "group", "labelled", "base rate", "flagged", "precision", "recall", "F1",
    "neutral flagged", "in natural draws", "burden right", "calibration error",
)  # fmt: skip


def fit_without(labels: Path, folder: Path) -> None:
    """Fit a model that has seen none of the contracts that ``labels`` point into."""
    command = [sys.executable, "-m", "training.fit", "--without", str(labels), "--out", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def measure_labels(labels: Path, texts: Path, model_dir: str | None = None) -> str:
    """Return the table of one set of labels, for the rules, the classifier, and both.

    ``model_dir`` holds the model to use, the shipped one when it is ``None``.
    """
    from clausecheck import Settings
    from clausecheck.evaluate import evaluate_labels

    rows: list[list[str]] = []
    size = ""
    for name, detectors, sensitivity in RUNS:
        settings = Settings(
            detectors=detectors, preview=PREVIEW, model_dir=model_dir, sensitivity=sensitivity
        )
        evaluation = evaluate_labels(labels, texts, settings)
        size = f"{evaluation.clauses:,} clauses of {evaluation.contracts} contracts"
        rows += list_rows(name, evaluation)
    return f"`{labels.name}`: {size}\n\n{format_table(HEAD, rows)}"


def list_rows(name: str, evaluation: Evaluation) -> list[list[str]]:
    """Return the rows of one evaluation: any tension, families, burdens, and all codes together."""
    rows = [_write_row(name, f) for f in evaluation.figures if not f.name[-1].isdigit()]
    right, of = evaluation.burden_right
    rows[0][-4:] = [
        *(f"{f / n:.1%}" if n else "-" for f, n in (
            evaluation.neutral_flagged, evaluation.natural_flagged,
        )),
        f"{right / of:.0%} of {of}" if of else "-",
        f"{evaluation.calibration_error:.3f}" if evaluation.bins else "-",
    ]  # fmt: skip
    return rows


def _write_row(name: str, figure: Figure) -> list[str]:
    return [
        name, figure.name, str(figure.labelled), f"{figure.base_rate:.1%}", str(figure.flagged),
        _write_share(figure.precision, figure.precision_interval),
        _write_share(figure.recall, figure.recall_interval),
        _write_share(figure.f1, figure.f1_interval), "", "", "", "",
    ]  # fmt: skip


def _write_share(value: float, interval: tuple[float, float]) -> str:
    return f"{value:.2f} ({interval[0]:.2f}-{interval[1]:.2f})"


def main(arguments: Sequence[str]) -> int:
    """Measure and print; with ``--write``, put the tables into README.md too."""
    labels = [SHARED / "labels" / f"{name}.jsonl" for name in SETS]
    missing = [str(path) for path in labels if not path.exists()]
    if missing:
        sys.stderr.write(f"{', '.join(missing)}: no labels. They are kept beside the project.\n")
        return 2
    whole, test = labels
    with tempfile.TemporaryDirectory() as folder:
        fit_without(whole, Path(folder))  # some of its clauses stand in the training labels too
        tables = [measure_labels(whole, SHARED / "contracts", folder)]
    tables.append(measure_labels(test, SHARED / "contracts"))
    report = "\n\n".join(tables)
    sys.stdout.write(report + "\n")
    if "--write" in arguments:
        replace_block("accuracy", report)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
