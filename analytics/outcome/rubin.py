"""Rubin's rules: estimates from imputed data sets as one.

Rubin, Multiple Imputation for Nonresponse in Surveys (1987), chapter 3; degrees of freedom by
Barnard and Rubin, Biometrika 1999; 86: 948-955; the joint test D1 by Li, Raghunathan and Rubin,
JASA 1991; 86: 1065-1073, with the degrees of freedom of Reiter, Biometrika 2007; 94: 502-508.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import fdtrc, stdtr, stdtrit

from data_loader.errors import AnalysisError

Float = npt.NDArray[np.float64]

_LEAST_SHARE = 1e-4
"""As in R's mice: a share of variance due to missingness below it counts as this much."""


@dataclass(frozen=True)
class Pooled:
    """Pooled estimates, shape (p,) each unless stated.

    Attributes:
        estimate: mean over imputations.
        covariance: total, shape (p, p).
        se: standard error.
        df: degrees of freedom.
        t: estimate over standard error.
        p: two-sided, of t with those degrees of freedom.
        ci_low: lower 95 % limit.
        ci_high: upper 95 % limit.
        increase: relative increase of variance due to missing values.
        share: of the variance that is due to missing values (lambda).
        missing_information: fraction of missing information.
        efficiency: variance of an infinite number of imputations over that of these.
        imputations: how many.
    """

    estimate: Float
    covariance: Float
    se: Float
    df: Float
    t: Float
    p: Float
    ci_low: Float
    ci_high: Float
    increase: Float
    share: Float
    missing_information: Float
    efficiency: Float
    imputations: int


@dataclass(frozen=True)
class JointTest:
    """Whether several pooled coefficients are all zero.

    Attributes:
        statistic: F.
        df1: coefficients tested.
        df2: degrees of freedom of the denominator.
        p: of F.
    """

    statistic: float
    df1: int
    df2: float
    p: float


def pool(
    estimates: Sequence[Float] | Float, covariances: Sequence[Float] | Float, *, complete_df: float
) -> Pooled:
    """Pool estimates.

    Args:
        estimates: of each imputation, shape (m, p).
        covariances: of each imputation, shape (m, p, p).
        complete_df: residual degrees of freedom, had nothing been missing.

    Raises:
        AnalysisError: there are fewer than two imputations.
    """
    found = np.asarray(estimates, dtype=float)
    m = len(found)
    _, between, within, total = _variances(found, np.asarray(covariances, dtype=float))
    b, u, variance = np.diag(between), np.diag(within), np.diag(total)
    estimate, se = found.mean(axis=0), np.sqrt(variance)
    share = (1 + 1 / m) * b / variance
    df = _barnard_rubin(m, share, complete_df)
    increase = (1 + 1 / m) * b / u
    missing = (increase + 2 / (df + 3)) / (increase + 1)
    reach = stdtrit(df, 0.975) * se
    return Pooled(
        estimate=estimate,
        covariance=total,
        se=se,
        df=df,
        t=estimate / se,
        p=2 * stdtr(df, -np.abs(estimate / se)),
        ci_low=estimate - reach,
        ci_high=estimate + reach,
        increase=increase,
        share=share,
        missing_information=missing,
        efficiency=1 / (1 + missing / m),
        imputations=m,
    )


def joint_test(
    estimates: Sequence[Float] | Float,
    covariances: Sequence[Float] | Float,
    *,
    complete_df: float,
    places: Sequence[int],
) -> JointTest:
    """Test that the coefficients at some places are all zero (D1).

    Args:
        estimates: of each imputation, shape (m, p).
        covariances: of each imputation, shape (m, p, p).
        complete_df: residual degrees of freedom, had nothing been missing.
        places: of the coefficients.

    Raises:
        AnalysisError: there are fewer than two imputations, or no places.
    """
    if not places:
        raise AnalysisError("There is no coefficient to test.")
    at = np.asarray(places)
    found = np.asarray(estimates, dtype=float)[:, at]
    m, k = found.shape
    of_these = np.asarray(covariances, dtype=float)[:, at[:, None], at]
    mean, between, within, _ = _variances(found, of_these)
    increase = (1 + 1 / m) * float(np.trace(np.linalg.solve(within, between))) / k
    statistic = float(mean @ np.linalg.solve(within, mean)) / k / (1 + increase)
    df2 = _reiter(m, k, increase, complete_df)
    return JointTest(statistic, k, df2, float(fdtrc(k, df2, statistic)))


def _variances(estimates: Float, covariances: Float) -> tuple[Float, Float, Float, Float]:
    """Mean, and covariance between, within and in total."""
    m = len(estimates)
    if m < 2:
        raise AnalysisError("Pooling takes at least two imputations.")
    mean = estimates.mean(axis=0)
    away = estimates - mean
    between = away.T @ away / (m - 1)
    within = covariances.mean(axis=0)
    return mean, between, within, within + (1 + 1 / m) * between


def _barnard_rubin(m: int, share: Float, complete_df: float) -> Float:
    counted = np.maximum(share, _LEAST_SHARE)
    old = (m - 1) / counted**2
    observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - counted)
    return np.asarray(old * observed / (old + observed))


def _reiter(m: int, k: int, increase: float, complete_df: float) -> float:
    t = k * (m - 1)
    if t <= 4:
        # Reiter's approximation needs more; this is that of Li, Raghunathan and Rubin.
        return t * (1 + 1 / k) * (1 + 1 / max(increase, _LEAST_SHARE)) ** 2 / 2
    a = increase * t / (t - 2)
    v = complete_df * (complete_df + 1) / (complete_df + 3)
    c0 = 1 / (t - 4)
    c1 = v - 2 * (1 + a)
    c2 = v - 4 * (1 + a)
    z = (
        1 / c2
        + c0 * (a**2 * c1 / ((1 + a) ** 2 * c2))
        + c0 * (8 * a**2 * c1 / ((1 + a) * c2**2) + 4 * a**2 / ((1 + a) * c2))
        + c0 * (4 * a**2 / (c2 * c1) + 16 * a**2 * c1 / c2**3)
        + c0 * (8 * a**2 / c2**2)
    )
    return 4 + 1 / z
