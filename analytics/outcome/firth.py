"""Logistic regression with Firth's penalty: finite where the terms part the outcome.

Made here rather than bought: of the libraries tried, profile limits ended on the wrong side of the
estimate, or nowhere, where terms are correlated and subjects few, which is where the penalty is
wanted.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, expit

from analytics.outcome.effect import Z95
from analytics.outcome.newton import Maximum, maximise, profile_limit
from analytics.outcome.ordinal import FLAT

Float = npt.NDArray[np.float64]

_DONE = 1e-20
"""The information stands in for the curvature, so that steps shrink by a factor, not squared."""


@dataclass(frozen=True)
class FirthLikelihood:
    """Log-likelihood and half the logarithm of the information's determinant.

    Firth, Biometrika 1993;80:27.

    Attributes:
        rows: columns and an intercept, shape (n, m).
        event: 0 or 1, shape (n,).
    """

    rows: Float
    event: Float

    def value(self, parameters: Float) -> float:
        """The penalised log-likelihood."""
        score = self.rows @ parameters
        likelihood = float(self.event @ score - np.logaddexp(0, score).sum())
        sign, logarithm = np.linalg.slogdet(self._information(expit(score)))
        return likelihood + float(logarithm) / 2 if sign > 0 else -np.inf

    def derivatives(self, parameters: Float) -> tuple[float, Float, Float]:
        """Penalised log-likelihood, its gradient, and the information with its sign turned."""
        value, size = self.value(parameters), len(parameters)
        if not np.isfinite(value):
            return -np.inf, np.zeros(size), np.zeros((size, size))
        chance = expit(self.rows @ parameters)
        pull = self.event - chance + self.leverage(parameters) * (0.5 - chance)
        return value, self.rows.T @ pull, -self._information(chance)

    def leverage(self, parameters: Float) -> Float:
        """Of each row, between 0 and 1, shape (n,)."""
        chance = expit(self.rows @ parameters)
        covariance = np.linalg.inv(self._information(chance))
        return np.asarray(
            chance * (1 - chance) * np.einsum("ij,jk,ik->i", self.rows, covariance, self.rows)
        )

    def _information(self, chance: Float) -> Float:
        return np.asarray((self.rows * (chance * (1 - chance))[:, None]).T @ self.rows)


@dataclass(frozen=True)
class FirthFit:
    """A fitted model; parameters are an estimate a column, then the intercept.

    Attributes:
        likelihood: of the columns, centred and scaled.
        maximum: of the scaled parameters.
        back: carries scaled parameters to the units of the columns, shape (m, m).
    """

    likelihood: FirthLikelihood
    maximum: Maximum
    back: Float

    @property
    def estimates(self) -> Float:
        """Shape (m,)."""
        return np.asarray(self.back @ self.maximum.parameters)

    @cached_property
    def covariance(self) -> Float:
        """Inverse of the information at the estimates, shape (m, m)."""
        return np.asarray(self.back @ np.linalg.inv(-self.maximum.hessian) @ self.back.T)

    @property
    def log_likelihood(self) -> float:
        """Penalised, at the maximum; the penalty has the units of the columns."""
        return self.maximum.value - float(np.linalg.slogdet(self.back)[1])

    @property
    def aic(self) -> float:
        """Akaike's criterion with the penalised likelihood."""
        return 2 * len(self.estimates) - 2 * self.log_likelihood

    @cached_property
    def gradient(self) -> float:
        """Largest absolute component of the penalised score, in the units of the columns."""
        return float(np.abs(np.linalg.solve(self.back.T, self.maximum.gradient)).max())

    @property
    def converged(self) -> bool:
        """Whether the search ended on the maximum."""
        return self.gradient < FLAT

    def profile_limits(self, place: int) -> tuple[float | None, float | None]:
        """95 % limits from the profile of the penalised likelihood."""
        low, high = (
            profile_limit(self.likelihood, self.maximum, place=place, height=Z95, direction=side)
            for side in (-1, 1)
        )
        unit = float(self.back[place, place])
        return (None if low is None else low * unit, None if high is None else high * unit)

    def p_value(self, place: int) -> float:
        """Two-sided, of the penalised likelihood ratio: Heinze & Schemper, Stat Med 2002;21:2409."""
        without = self.maximum.parameters.copy()
        without[place] = 0
        held = maximise(self.likelihood, without, fixed=place, done=_DONE)
        return float(chdtrc(1, max(2 * (self.maximum.value - held.value), 0.0)))

    def linear_predictor(self, matrix: Float) -> Float:
        """The sum of columns times estimates, without the intercept, shape (n,)."""
        return np.asarray(matrix @ self.estimates[:-1])

    def changes(self, place: int) -> Float:
        """Change of a parameter by each subject, shape (n,): one step, the penalty held."""
        likelihood, parameters = self.likelihood, self.maximum.parameters
        chance, leverage = expit(likelihood.rows @ parameters), likelihood.leverage(parameters)
        residual = likelihood.event - chance + leverage * (0.5 - chance)
        covariance = np.linalg.inv(-self.maximum.hessian) @ self.back[place]
        # Of whoever alone determines a column nothing is left to divide by.
        left = np.where(leverage < 1 - 1e-9, 1 - leverage, np.nan)
        return np.asarray(likelihood.rows @ covariance * residual / left)


def fit_firth(matrix: Float, event: Float) -> FirthFit:
    """Fit with Firth's penalty.

    Args:
        matrix: shape (n, columns), without an intercept, none constant or aliased.
        event: 0 or 1, shape (n,).
    """
    mean, spread = matrix.mean(axis=0), matrix.std(axis=0)
    rows = np.column_stack([(matrix - mean) / spread, np.ones(len(matrix))])
    likelihood = FirthLikelihood(rows, event)
    back = np.diag(np.append(1 / spread, 1.0))
    back[-1, :-1] = -mean / spread
    maximum = maximise(likelihood, np.zeros(rows.shape[1]), done=_DONE)
    return FirthFit(likelihood, maximum, back)
