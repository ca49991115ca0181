"""Correction for many voxels: how often noise gives a finding, and what a p is made of."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import binom

from analytics.brunner_munzel import BrunnerMunzel
from analytics.family_wise import ALPHA, Statistic, correct
from analytics.lesion_patterns import LesionPatterns, lesion_patterns
from analytics.lesion_regression import LesionRegression
from data_loader.errors import AnalysisError
from tests.analytics.lesion_cohorts import cohort_of, random_status

Floats = npt.NDArray[np.float64]

SUBJECTS, RUNS = 40, 200


@pytest.fixture(scope="module")
def patterns() -> LesionPatterns:
    status = random_status(np.random.default_rng(1), subjects=SUBJECTS, places=150)
    return lesion_patterns(cohort_of(status), least=4)


def _unheard(done: int, total: int) -> None:
    pass


def _mrs(rng: np.random.Generator) -> Statistic:
    return BrunnerMunzel(rng.integers(0, 7, SUBJECTS).astype(float))


def _continuous(rng: np.random.Generator) -> Statistic:
    return BrunnerMunzel(rng.normal(size=SUBJECTS))


def _adjusted(rng: np.random.Generator) -> Statistic:
    age = rng.normal(size=SUBJECTS)
    return LesionRegression(rng.normal(size=SUBJECTS) + age, age[:, None])


@pytest.mark.parametrize("noise", [_mrs, _continuous, _adjusted])
def test_noise_gives_findings_at_the_nominal_rate(
    patterns: LesionPatterns, noise: Callable[[np.random.Generator], Statistic]
) -> None:
    rng = np.random.default_rng(11)
    found = 0
    for seed in range(RUNS):
        result = correct(noise(rng), patterns, permutations=99, seed=seed, report=_unheard)
        found += bool((result.p <= ALPHA).any())
    low, high = binom.interval(0.99, RUNS, ALPHA)
    assert low <= found <= high


class _Known:
    """A statistic whose permutations give 1, 2, 3, ... and whose voxels have chosen values."""

    def __init__(self, observed: list[float]) -> None:
        self._observed = np.array(observed)
        self._given = 0

    def observed(self, patterns: LesionPatterns) -> Floats:
        return self._observed

    def largest(self, patterns: LesionPatterns, permutations: npt.NDArray[np.int64]) -> Floats:
        first = self._given + 1
        self._given += len(permutations)
        return np.arange(first, self._given + 1, dtype=np.float64)


def test_p_counts_the_observed_arrangement_too(patterns: LesionPatterns) -> None:
    # Of 99 permutations 99 reach 0.5, 50 reach -50, 5 reach 95, 4 reach 95.5, none reaches 100.
    observed = [0.5, -50.0, 95.0, 95.5, 100.0]
    found = correct(_Known(observed), patterns, permutations=99, seed=1, report=_unheard)
    assert found.p.tolist() == [1.0, 0.51, 0.06, 0.05, 0.01]
    assert found.critical == 95.0


@pytest.mark.parametrize("permutations", [19, 20, 38, 39, 99, 1000])
def test_a_statistic_beyond_the_critical_value_is_one_whose_p_counts(
    patterns: LesionPatterns, permutations: int
) -> None:
    observed = np.arange(0.5, permutations + 2).tolist()
    found = correct(_Known(observed), patterns, permutations=permutations, seed=1, report=_unheard)
    assert ((found.p <= ALPHA) == (np.array(observed) > found.critical)).all()


def test_the_seed_says_which_permutations(patterns: LesionPatterns) -> None:
    def p(seed: int) -> list[float]:
        test = BrunnerMunzel(np.random.default_rng(3).normal(size=SUBJECTS))
        found = correct(test, patterns, permutations=99, seed=seed, report=_unheard)
        return [*found.p.tolist(), found.critical]

    assert p(1) == p(1)
    assert p(1) != p(2)


@pytest.mark.parametrize("permutations", [0, 18, 100_001])
def test_a_number_of_permutations_that_makes_no_sense_is_refused(
    patterns: LesionPatterns, permutations: int
) -> None:
    with pytest.raises(AnalysisError, match="permutations can't be made"):
        correct(_Known([1.0]), patterns, permutations=permutations, seed=1, report=_unheard)
