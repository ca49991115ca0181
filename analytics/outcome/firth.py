"""Logistic regression with Firth's penalty: finite where the terms part the outcome."""

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.outcome.ordinal import FLAT

Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FirthFit:
    """A logistic model with Jeffreys' prior as a penalty: Firth, Biometrika 1993;80:27.

    Parameters are an estimate a column, then the intercept.

    Attributes:
        estimates: shape (columns + 1,).
        covariance: inverse of the information at the estimates, shape (columns + 1, columns + 1).
        limits: of the profile of the penalised likelihood, shape (columns + 1, 2); NaN where none
            is found.
        p: two-sided, of the penalised likelihood ratio: Heinze & Schemper, Stat Med
            2002;21:2409; shape (columns + 1,).
        log_likelihood: penalised, at the maximum.
        gradient: largest absolute component of the penalised score.
    """

    estimates: Float
    covariance: Float
    limits: Float
    p: Float
    log_likelihood: float
    gradient: float

    @property
    def aic(self) -> float:
        """Akaike's criterion with the penalised likelihood."""
        return 2 * len(self.estimates) - 2 * self.log_likelihood

    @property
    def converged(self) -> bool:
        """Whether the search ended on the maximum."""
        return self.gradient < FLAT

    def linear_predictor(self, matrix: Float) -> Float:
        """The sum of columns times estimates, without the intercept, shape (n,)."""
        return np.asarray(matrix @ self.estimates[:-1])


def fit_firth(matrix: Float, event: Float) -> FirthFit:
    """Fit with Firth's penalty.

    Args:
        matrix: shape (n, columns), without an intercept, none constant or aliased.
        event: 0 or 1, shape (n,).
    """
    from firthmodels import FirthLogisticRegression  # noqa: PLC0415 - takes most of a second

    mean, spread = matrix.mean(axis=0), matrix.std(axis=0)
    scaled = (matrix - mean) / spread
    model = FirthLogisticRegression(gtol=1e-9, xtol=1e-9, max_iter=200)
    with warnings.catch_warnings():
        # What it warns of, the gradient and the limits say.
        warnings.simplefilter("ignore")
        model.fit(scaled, event)
        model.lrt()
        limits = model.conf_int(method="pl", max_iter=200, tol=1e-7)
    unit = np.append(1 / spread, 1.0)
    back = np.diag(unit)
    back[-1, :-1] = -mean / spread
    scaled_estimates = np.append(model.coef_[: matrix.shape[1]], model.intercept_)
    information, score = _information_and_score(scaled, event, scaled_estimates)
    return FirthFit(
        estimates=back @ scaled_estimates,
        covariance=back @ np.linalg.inv(information) @ back.T,
        limits=np.asarray(limits) * unit[:, None],
        p=np.asarray(model.lrt_pvalues_),
        # The penalty is half the logarithm of the information's determinant, which has units.
        log_likelihood=float(model.loglik_ + np.log(spread).sum()),
        gradient=float(np.abs(np.linalg.solve(back.T, score)).max()),
    )


def _information_and_score(x: Float, event: Float, estimates: Float) -> tuple[Float, Float]:
    """Fisher information, and the score with Firth's correction, at the estimates."""
    design = np.column_stack([x, np.ones(len(x))])
    chance = 1 / (1 + np.exp(-design @ estimates))
    weight = chance * (1 - chance)
    information = (design * weight[:, None]).T @ design
    leverage = weight * np.einsum("ij,ij->i", design @ np.linalg.inv(information), design)
    residual = event - chance + leverage * (0.5 - chance)
    return information, design.T @ residual
