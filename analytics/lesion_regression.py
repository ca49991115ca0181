"""The t statistic of lesion status in a linear model of a score, for many patterns at once.

The model is score = constant + covariates + lesion status. What the constant and the covariates
explain is taken out of both sides (Frisch and Waugh), so that t follows from one correlation.
Permuted are the residuals of the model without lesion status, which leaves the covariates their
part (Freedman & Lane, J Bus Econ Stat 1983;1:292; Winkler et al., NeuroImage 2014;92:381); without
covariates that is permuting the score.
"""

import numpy as np
import numpy.typing as npt

from analytics.lesion_patterns import LesionPatterns
from data_loader.errors import AnalysisError

_NOTHING_LEFT = 1e-6
"""Part of a column below which its residual is rounding."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class LesionRegression:
    """The model of one score: t is positive where subjects with a lesion have the higher score.

    Args:
        score: of each subject.
        covariates: shape (subjects, covariates); without a column of ones.

    Raises:
        AnalysisError: a covariate repeats others, they explain the score wholly, or there are
            too many of them.
    """

    def __init__(self, score: Floats, covariates: Floats) -> None:
        subjects = len(score)
        self.df = subjects - covariates.shape[1] - 2
        if self.df < 1:
            raise AnalysisError(
                f"{subjects} subjects are too few for a model of {covariates.shape[1]} covariates."
            )
        self._basis = _basis(covariates)
        self._residual = self._without_covariates(score)
        if _norm(self._residual) <= _NOTHING_LEFT * _norm(score - score.mean()):
            raise AnalysisError("The covariates explain the score wholly: nothing is left to map.")

    def observed(self, patterns: LesionPatterns) -> Floats:
        """The t of every pattern; 0 where the covariates tell who has a lesion."""
        return self._t(patterns.matrix @ _unit(self._residual) * self._scale(patterns))

    def largest(self, patterns: LesionPatterns, permutations: Ints) -> Floats:
        """The largest absolute t over all patterns, of each permutation.

        Args:
            patterns: at least one.
            permutations: shape (permutations, subjects): whose residual each subject gets.
        """
        operand = _unit(self._without_covariates(self._residual[permutations].T)).astype(np.float32)
        scale = self._scale(patterns).astype(np.float32)[:, None]
        best = np.zeros(len(permutations))
        for rows in patterns.blocks():
            correlation = (patterns.matrix[rows] @ operand) * scale[rows]
            np.maximum(best, correlation.max(axis=0), out=best)
            np.maximum(best, -correlation.min(axis=0), out=best)
        return self._t(best)

    def _without_covariates(self, values: Floats) -> Floats:
        return np.asarray(values - self._basis @ (self._basis.T @ values))

    def _scale(self, patterns: LesionPatterns) -> Floats:
        """One over the length of what the covariates leave of lesion status."""
        explained = ((patterns.matrix @ self._basis) ** 2).sum(axis=1)
        left = patterns.lesions - explained
        is_left = left > _NOTHING_LEFT * patterns.lesions
        return np.asarray(is_left / np.sqrt(np.where(is_left, left, 1)))

    def _t(self, correlation: Floats) -> Floats:
        unexplained = np.maximum(1 - correlation**2, 1e-12)
        return np.asarray(correlation * np.sqrt(self.df / unexplained))


def _basis(covariates: Floats) -> Floats:
    """Orthonormal columns that span the constant and the covariates."""
    subjects = len(covariates)
    centred = covariates - covariates.mean(axis=0)
    lengths = np.sqrt((centred**2).sum(axis=0))
    if (lengths <= 1e-12 * np.abs(covariates).max(axis=0, initial=1)).any():
        raise AnalysisError("A covariate has the same value in all subjects; leave it out.")
    basis, triangle = np.linalg.qr(centred / lengths)
    if (np.abs(np.diag(triangle)) <= _NOTHING_LEFT).any():
        raise AnalysisError("A covariate follows from the others; leave it out.")
    return np.column_stack([np.full(subjects, subjects**-0.5), basis])


def _norm(values: Floats) -> float:
    return float(np.sqrt((values**2).sum()))


def _unit(columns: Floats) -> Floats:
    """Columns of length 1."""
    return np.asarray(columns / np.sqrt((columns**2).sum(axis=0)))
