"""Score clauses with the shipped linear model, using numpy alone.

In: folded token forms. Out: calibrated probabilities per label (family, code, burden), and the
terms that made them. The arrays are written by ``training.fit``; no pickle, no scikit-learn.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest
from pathlib import Path
from typing import TYPE_CHECKING

from clausecheck.errors import InputError
from clausecheck.shipped import shipped_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_NGRAM = 2
FORMAT = 1


def list_terms(forms: Iterable[str]) -> list[str]:
    """Return the terms of a clause: single words and pairs, figures folded to ``#``.

    Punctuation is left out, so that layout and drafting style weigh nothing.

    >>> list_terms(["@s", "shall", ",", "pay", "30"])
    ['@s', 'shall', 'pay', '#', '@s shall', 'shall pay', 'pay #']
    """
    words = []
    for form in forms:
        if form[0] == "@" or form.isalpha():
            words.append(form)
        elif form[0].isdigit():
            words.append("#")
        elif any(c.isalpha() for c in form):
            words.append(form)
    terms = list(words)
    for size in range(2, MAX_NGRAM + 1):
        terms += map(" ".join, zip(*(words[i:] for i in range(size)), strict=False))
    return terms


@dataclass(frozen=True, slots=True)
class Classifier:
    """A linear model over TF-IDF terms, one column per label, each with its own calibration.

    ``weights`` has shape (terms, labels); a clause's vector is (1 + log tf) x idf, scaled to
    length 1; the probability is ``sigmoid(slope * (vector @ weights + bias) + offset)``.
    """

    labels: tuple[str, ...]
    vocabulary: dict[str, int]
    terms: tuple[str, ...]
    idf: NDArray[np.float64]
    weights: NDArray[np.float32]
    bias: NDArray[np.float64]
    slope: NDArray[np.float64]
    offset: NDArray[np.float64]
    digest: str

    def vectorise(self, forms: Iterable[str]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return a clause's term numbers, ascending, and their values, of length 1 together."""
        import numpy as np

        counts = Counter(map(self.vocabulary.get, list_terms(forms)))
        ordered = sorted(number for number in counts if number is not None)
        numbers = np.array(ordered, dtype=np.intp)
        values = np.array([1.0 + math.log(counts[n]) for n in ordered]) * self.idf[numbers]
        length = math.sqrt(float(values @ values))
        return numbers, values / length if length else values

    def score(self, clauses: Sequence[Iterable[str]]) -> NDArray[np.float64]:
        """Return the probabilities, shape (clauses, labels)."""
        import numpy as np

        raw = np.zeros((len(clauses), len(self.labels)))
        for row, forms in enumerate(clauses):
            numbers, values = self.vectorise(forms)
            raw[row] = values @ self.weights[numbers]
        return 1.0 / (1.0 + np.exp(-(self.slope * (raw + self.bias) + self.offset)))

    def explain(self, forms: Iterable[str], label: str, most: int = 5) -> list[tuple[str, float]]:
        """Return the terms that raised a label's log-odds most, with what each added."""
        numbers, values = self.vectorise(forms)
        column = self.labels.index(label)
        added = (values * self.weights[numbers, column] * self.slope[column]).tolist()
        raised = [
            (-weight, self.terms[number])
            for weight, number in zip(added, numbers.tolist(), strict=True)
            if weight > 0
        ]
        return [(term, -weight) for weight, term in nsmallest(most, raised)]


def save_classifier(model: Classifier, folder: Path) -> None:
    """Write a model as plain arrays and text that ``load_classifier`` reads."""
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    np.savez(
        folder / "classifier.npz",
        terms=np.frombuffer("\n".join(model.terms).encode(), dtype=np.uint8),
        idf=model.idf,
        weights=model.weights.astype(np.float32),
        bias=model.bias,
        slope=model.slope,
        offset=model.offset,
    )
    (folder / "classifier.json").write_text(
        json.dumps({"format": FORMAT, "labels": list(model.labels)}, indent=1) + "\n", "utf-8"
    )


@cache
def load_classifier(folder: Path | None = None) -> Classifier:
    """Return the shipped model, or the one in ``folder``.

    Raises ``InputError`` when the files are missing or of another format.

    >>> "RS101" in load_classifier().labels
    True
    """
    import numpy as np

    folder = folder or shipped_folder("models")
    try:
        head = json.loads((folder / "classifier.json").read_text("utf-8"))
        data = (folder / "classifier.npz").read_bytes()
    except (OSError, ValueError):
        raise InputError(
            "C150", "the trained model cannot be read.", "models", "Reinstall clausecheck."
        ) from None
    if head.get("format") != FORMAT:
        raise InputError(
            "C150", "the trained model has another format.", "models", "Reinstall clausecheck."
        )
    with np.load(folder / "classifier.npz", allow_pickle=False) as arrays:
        terms = tuple(arrays["terms"].tobytes().decode().split("\n"))
        return Classifier(
            labels=tuple(head["labels"]),
            vocabulary={term: number for number, term in enumerate(terms)},
            terms=terms,
            idf=arrays["idf"],
            weights=arrays["weights"],
            bias=arrays["bias"],
            slope=arrays["slope"],
            offset=arrays["offset"],
            digest=hashlib.sha256(data).hexdigest()[:16],
        )
