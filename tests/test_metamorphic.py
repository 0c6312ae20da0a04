"""Changes to a clause that must, or must not, change what is found (taxonomy F)."""

from itertools import islice

import pytest

from benchmarks.metamorphic import CHANGES, TARGET, measure, real_cases, written_cases
from clausecheck import Checker, Settings
from training.data import SHARED


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(Settings(sensitivity="balanced"))


def rate(results: dict[str, tuple[int, int]]) -> float:
    good, of = (sum(n) for n in zip(*results.values(), strict=True))
    return good / of


def test_written_clauses(checker: Checker) -> None:
    results = measure(checker, islice(written_cases(checker), 0, None, 12))
    assert set(results) == set(CHANGES)
    assert rate(results) >= TARGET, results
    for change in ("capitals", "spaces doubled", "lines broken", "quotation marks"):
        good, of = results[change]
        assert good == of > 0, change


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the labels kept outside the repository")
def test_real_clauses(checker: Checker) -> None:
    assert rate(measure(checker, islice(real_cases(checker), 60))) >= TARGET
