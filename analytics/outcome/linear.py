"""Least squares with classical, heteroscedasticity-consistent or cluster-robust errors."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from data_loader.errors import AnalysisError

Float = npt.NDArray[np.float64]
Errors = Literal["classical", "HC3", "cluster"]


@dataclass(frozen=True)
class LinearFit:
    """A fitted linear model; parameters are an estimate a column, then the intercept.

    Attributes:
        estimates: shape (columns + 1,).
        covariance: as `errors` says, shape (columns + 1, columns + 1).
        errors: classical (one variance for all); HC3 (MacKinnon & White, J Econometrics
            1985;29:305); cluster (sandwich of summed scores, Liang & Zeger 1986, times
            G/(G - 1) x (n - 1)/(n - m)).
        df: degrees of freedom of t: n less the estimates; clusters less one.
        residual_sd: root of the residual sum of squares over n less the estimates.
        r_squared: share of variance explained.
        log_likelihood: of normal errors, at the maximum.
        changes: how each subject moves the estimates: those of all less those without it,
            shape (n, columns + 1); NaN where there is no estimate without the subject.
    """

    estimates: Float
    covariance: Float
    errors: Errors
    df: int
    residual_sd: float
    r_squared: float
    log_likelihood: float
    changes: Float

    @property
    def aic(self) -> float:
        """Akaike's criterion, the variance counted as a parameter, as in R."""
        return 2 * (len(self.estimates) + 1) - 2 * self.log_likelihood

    @property
    def t(self) -> float:
        """Factor of the standard error in a 95 % interval."""
        return float(stdtrit(self.df, 0.975))

    def p_values(self) -> Float:
        """Two-sided, of t; shape (columns + 1,)."""
        t = np.abs(self.estimates) / np.sqrt(np.diag(self.covariance))
        return np.asarray(2 * stdtr(self.df, -t))


def fit_linear(
    matrix: Float,
    response: Float,
    *,
    hc3: bool = False,
    clusters: npt.NDArray[np.object_] | None = None,
) -> LinearFit:
    """Fit by least squares.

    Args:
        matrix: shape (n, columns), without an intercept, none constant or aliased.
        response: shape (n,).
        hc3: whether errors allow for a variance that differs between subjects.
        clusters: code of each subject's cluster; errors then allow for likeness within.

    Raises:
        AnalysisError: the response is constant, or there are too few subjects or clusters.
    """
    n, m = len(matrix), matrix.shape[1] + 1
    _check(response, m, clusters)
    mean, spread = matrix.mean(axis=0), matrix.std(axis=0)
    scaled = np.column_stack([(matrix - mean) / spread, np.ones(n)])
    q, r = np.linalg.qr(scaled)
    back = np.diag([*(1 / spread), 1.0])
    back[-1, :-1] = -mean / spread
    bread = back @ np.linalg.inv(r)
    estimates = bread @ (q.T @ response)
    residual = response - q @ (q.T @ response)
    unexplained = float(residual @ residual)
    # Of whoever alone determines an estimate nothing is left to divide by.
    leverage = (q**2).sum(axis=1)
    left = np.where(leverage < 1 - 1e-9, 1 - leverage, np.nan)
    pull = q @ bread.T
    errors: Errors = "classical" if clusters is None else "cluster"
    covariance = bread @ bread.T * unexplained / (n - m)
    if clusters is not None:
        covariance = _clustered(pull * residual[:, None], clusters, m)
    elif hc3:
        # Its residual is 0, and so is what it adds.
        errors, weighted = "HC3", pull * np.nan_to_num(residual / left)[:, None]
        covariance = weighted.T @ weighted
    return LinearFit(
        estimates=estimates,
        covariance=covariance,
        errors=errors,
        df=n - m if clusters is None else len(set(clusters)) - 1,
        residual_sd=float(np.sqrt(unexplained / (n - m))),
        r_squared=1 - unexplained / float(((response - response.mean()) ** 2).sum()),
        log_likelihood=_log_likelihood(n, unexplained),
        changes=pull * (residual / left)[:, None],
    )


def _check(response: Float, m: int, clusters: npt.NDArray[np.object_] | None) -> None:
    if len(response) < 2:
        raise AnalysisError("One subject is too few for a model; widen the cohort.")
    if np.ptp(response) == 0:
        raise AnalysisError(
            "The outcome has the same value for every subject used, so that there is nothing to"
            " explain; widen the cohort or choose another outcome."
        )
    if len(response) <= m:
        raise AnalysisError(
            f"{len(response)} subjects are too few for a model of {m} estimates; drop terms or"
            " widen the cohort."
        )
    if clusters is not None and len(set(clusters)) < 2:
        raise AnalysisError("All subjects used are in one cluster; leave the clusters out.")


def _clustered(pulls: Float, clusters: npt.NDArray[np.object_], m: int) -> Float:
    codes, places = np.unique(clusters.astype(str), return_inverse=True)
    summed = np.zeros((len(codes), m))
    np.add.at(summed, places, pulls)
    n, g = len(pulls), len(codes)
    return np.asarray(summed.T @ summed * g / (g - 1) * (n - 1) / (n - m))


def _log_likelihood(n: int, unexplained: float) -> float:
    # Residuals of exactly nothing would be a likelihood without end.
    variance = max(unexplained / n, np.finfo(float).tiny)
    return float(-n / 2 * (np.log(2 * np.pi * variance) + 1))
