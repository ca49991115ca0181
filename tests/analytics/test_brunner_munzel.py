"""The statistic of each voxel, and the largest of a permuted map, beside scipy's."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import brunnermunzel

from analytics.brunner_munzel import BrunnerMunzel
from analytics.lesion_patterns import LesionPatterns, lesion_patterns
from tests.analytics.lesion_cohorts import cohort_of, random_status

Floats = npt.NDArray[np.float64]

SUBJECTS = 80
RNG = np.random.default_rng(7)
SCORES = {
    "continuous": RNG.normal(size=SUBJECTS),
    "mRS": RNG.integers(0, 7, SUBJECTS).astype(float),
    "NIHSS": np.minimum(RNG.exponential(8, SUBJECTS), 42).round(),
    "mostly zero": RNG.poisson(0.3, SUBJECTS).astype(float),
    "mostly full": 6.0 - RNG.poisson(0.3, SUBJECTS),
    "two values": (RNG.random(SUBJECTS) < 0.2).astype(float),
}


@pytest.fixture(scope="module")
def patterns() -> LesionPatterns:
    status = random_status(np.random.default_rng(1), subjects=SUBJECTS, places=300)
    return lesion_patterns(cohort_of(status), least=3)


def _scipy(patterns: LesionPatterns, score: Floats) -> Floats:
    status = patterns.matrix.toarray() > 0
    # Positive where the second sample, that with a lesion, has the higher score.
    return np.array([brunnermunzel(score[~row], score[row]).statistic for row in status])


@pytest.mark.parametrize("name", SCORES)
def test_every_statistic_is_that_of_scipy(patterns: LesionPatterns, name: str) -> None:
    found = BrunnerMunzel(SCORES[name]).observed(patterns)
    assert found == pytest.approx(_scipy(patterns, SCORES[name]), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", SCORES)
def test_the_largest_of_a_permutation_is_the_largest_of_all_voxels(
    patterns: LesionPatterns, name: str
) -> None:
    score, count = SCORES[name], 12
    permutations = RNG.permuted(np.tile(np.arange(SUBJECTS), (count, 1)), axis=1)
    found = BrunnerMunzel(score).largest(patterns, permutations)
    expected = [np.abs(_scipy(patterns, score[order])).max() for order in permutations]
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", SCORES)
def test_scores_as_they_are_give_the_largest_statistic_observed(
    patterns: LesionPatterns, name: str
) -> None:
    test = BrunnerMunzel(SCORES[name])
    (largest,) = test.largest(patterns, np.arange(SUBJECTS)[None])
    assert largest == np.abs(test.observed(patterns)).max()


def test_perfectly_separated_groups_have_a_large_statistic_that_is_finite() -> None:
    status = np.repeat([[1], [0]], 10, axis=0)
    patterns = lesion_patterns(cohort_of(status), least=5)
    rising = np.arange(20, dtype=np.float64)
    falling = np.flip(rising)
    # As if one pair of the two groups were tied: 100 (1 - 0.5) / sqrt(0.5).
    assert BrunnerMunzel(falling).observed(patterns) == pytest.approx([50 / 0.5**0.5])
    assert BrunnerMunzel(rising).observed(patterns) == pytest.approx([-50 / 0.5**0.5])
