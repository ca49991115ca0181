"""The t of lesion status in a linear model, beside statsmodels' and scipy's."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import ttest_ind

from analytics.lesion_patterns import LesionPatterns, lesion_patterns
from analytics.lesion_regression import LesionRegression
from data_loader.errors import AnalysisError
from tests.analytics.lesion_cohorts import cohort_of, random_status

SUBJECTS = 60
RNG = np.random.default_rng(5)
COVARIATES = np.column_stack([RNG.normal(70, 12, SUBJECTS), RNG.lognormal(2, 1, SUBJECTS)])
SCORE = RNG.normal(size=SUBJECTS) + 0.02 * COVARIATES[:, 0]
NONE = np.empty((SUBJECTS, 0))


@pytest.fixture(scope="module")
def patterns() -> LesionPatterns:
    status = random_status(np.random.default_rng(2), subjects=SUBJECTS, places=120)
    return lesion_patterns(cohort_of(status), least=3)


def test_without_covariates_it_is_students_t(patterns: LesionPatterns) -> None:
    status = patterns.matrix.toarray() > 0
    expected = [ttest_ind(SCORE[row], SCORE[~row]).statistic for row in status]
    assert LesionRegression(SCORE, NONE).observed(patterns) == pytest.approx(expected, rel=1e-9)


def test_with_covariates_it_is_t_of_least_squares(patterns: LesionPatterns) -> None:
    expected = [
        sm.OLS(SCORE, np.column_stack([np.ones(SUBJECTS), COVARIATES, row])).fit().tvalues[-1]
        for row in patterns.matrix.toarray()
    ]
    found = LesionRegression(SCORE, COVARIATES).observed(patterns)
    assert found == pytest.approx(expected, rel=1e-9)


def test_residuals_are_permuted_as_freedman_and_lane_do(patterns: LesionPatterns) -> None:
    reduced = sm.OLS(SCORE, np.column_stack([np.ones(SUBJECTS), COVARIATES])).fit()
    permutations = RNG.permuted(np.tile(np.arange(SUBJECTS), (3, 1)), axis=1)
    expected = []
    for order in permutations:
        permuted = reduced.fittedvalues + reduced.resid[order]
        t = [
            sm.OLS(permuted, np.column_stack([np.ones(SUBJECTS), COVARIATES, row])).fit().tvalues
            for row in patterns.matrix.toarray()
        ]
        expected.append(np.abs(np.array(t)[:, -1]).max())
    found = LesionRegression(SCORE, COVARIATES).largest(patterns, permutations)
    assert found == pytest.approx(expected, rel=1e-5)


def test_a_voxel_whose_lesions_a_covariate_tells_shows_nothing(patterns: LesionPatterns) -> None:
    same = patterns.matrix.toarray()[4].astype(float)
    found = LesionRegression(SCORE, same[:, None]).observed(patterns)
    assert found[4] == 0
    assert np.isfinite(found).all()


@pytest.mark.parametrize(
    ("covariates", "sentence"),
    [
        (np.ones((SUBJECTS, 1)), "same value in all"),
        (np.column_stack([COVARIATES, COVARIATES.sum(axis=1)]), "follows from the others"),
        (SCORE[:, None] * 2 + 1, "explain the score wholly"),
        (RNG.normal(size=(SUBJECTS, SUBJECTS - 2)), "too few"),
    ],
)
def test_what_cant_be_modelled_is_said(covariates: np.ndarray, sentence: str) -> None:
    with pytest.raises(AnalysisError, match=sentence):
        LesionRegression(SCORE, covariates)
