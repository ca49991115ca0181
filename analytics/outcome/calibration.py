"""Whether predicted probabilities are those that are found: slope, intercept, curve, tenths."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.outcome.effect import Z95
from analytics.outcome.influence import Measure
from analytics.wilson import wilson
from data_loader.errors import AnalysisError

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

_SPAN = 2 / 3
_MOST_POINTS = 101
_CLOSEST = 1e-6
"""Probabilities nearer to 0 or 1 count as this far from them, since their logit is infinite."""


@dataclass(frozen=True)
class Recalibration:
    """Logistic recalibration (Cox, Biometrika 1958; 45: 562-565).

    Attributes:
        slope: of the predicted logit; below 1 where predictions are too extreme.
        intercept: beside that slope.
        in_the_large: intercept where the slope is held at 1; above 0 where predictions are too low.
    """

    slope: Measure
    intercept: Measure
    in_the_large: Measure


@dataclass(frozen=True)
class Tenth:
    """Subjects with predictions next to each other.

    Attributes:
        n: how many.
        predicted: mean probability.
        observed: share that had the event.
        ci_low: lower limit of the share, Wilson's 95 % interval.
        ci_high: upper limit.
    """

    n: int
    predicted: float
    observed: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True)
class CalibrationCurve:
    """Observed against predicted probability.

    Attributes:
        predicted: probabilities that occur, in order; about a hundred of them where there are
            more.
        observed: smoothed shares there (lowess, span 2/3, no robustness steps, as R's
            rms::val.prob draws it).
        ci_low: lower end of the curve's pointwise 95 % band.
        ci_high: upper end.
        tenths: the same by tenths of the predictions.
    """

    predicted: Float
    observed: Float
    ci_low: Float
    ci_high: Float
    tenths: tuple[Tenth, ...]


def recalibration(above: Bool, probability: Float) -> Recalibration:
    """Regress what is found on the logit of what was predicted.

    For an ordered outcome there are a row for each cut-point of each subject, and one slope and
    intercept for all of them. Variances are sandwiches with the subject as the cluster.

    Args:
        above: who is above each cut-point, shape (n, cuts); one column for an event.
        probability: predicted, shape (n, cuts).

    Raises:
        AnalysisError: predictions are all alike, or tell the levels apart without error.
    """
    chance = np.clip(probability, _CLOSEST, 1 - _CLOSEST)
    logit = np.log(chance / (1 - chance))
    if np.ptp(logit) == 0:
        raise AnalysisError("A calibration slope takes predictions that differ.")
    centre = logit.mean()
    ones = np.ones_like(logit)
    both, pull = _regress(above, np.stack([ones, logit - centre], axis=-1), np.zeros_like(logit))
    large, large_pull = _regress(above, ones[..., None], logit)
    return Recalibration(
        slope=Measure(float(both[1]), pull[:, 1]),
        intercept=Measure(float(both[0] - centre * both[1]), pull[:, 0] - centre * pull[:, 1]),
        in_the_large=Measure(float(large[0]), large_pull[:, 0]),
    )


def linear_recalibration(found: Float, predicted: Float) -> Recalibration:
    """Regress found numbers on predicted ones by least squares, both of shape (n,).

    Raises:
        AnalysisError: predictions are all alike.
    """
    away = predicted - predicted.mean()
    spread = float((away**2).mean())
    if spread == 0:
        raise AnalysisError("A calibration slope takes predictions that differ.")
    slope = float((away * found).mean() / spread)
    residual = found - found.mean() - slope * away
    slope_pull = away * residual / spread
    error = found - predicted
    return Recalibration(
        slope=Measure(slope, slope_pull),
        intercept=Measure(
            float(found.mean() - slope * predicted.mean()),
            residual - predicted.mean() * slope_pull,
        ),
        in_the_large=Measure(float(error.mean()), error - error.mean()),
    )


def calibration_curve(event: Bool, probability: Float) -> CalibrationCurve:
    """Smooth curve and tenths for one event, both of shape (n,)."""
    order = np.argsort(probability, kind="stable")
    x, y = probability[order], event[order].astype(float)
    at = np.unique(x)
    if len(at) > _MOST_POINTS:
        at = at[np.linspace(0, len(at) - 1, _MOST_POINTS).round().astype(int)]
    weights = np.stack([_weights(x, point) for point in at])
    smooth = weights @ y
    # The share of events at a point has the variance of one drawn with that chance.
    chance = np.clip(smooth, 0, 1)
    half = Z95 * np.sqrt(chance * (1 - chance) * (weights**2).sum(axis=1))
    low, high = np.maximum(smooth - half, 0), np.minimum(smooth + half, 1)
    return CalibrationCurve(at, smooth, low, high, _tenths(event, probability))


def _weights(x: Float, point: float) -> Float:
    """What each subject weighs in a local straight line, read at a point, with tricube weights.

    Cleveland, JASA 1979; 74: 829-836.

    Args:
        x: shape (n,), rising.
        point: where the line is read.
    """
    away = np.abs(x - point)
    nearest = min(max(int(_SPAN * len(x)), 2), len(x)) - 1
    # More than the span may tie.
    radius = max(float(np.partition(away, nearest)[nearest]), 1e-12)
    weight = (1 - np.minimum(away / radius, 1) ** 3) ** 3
    weight = weight / weight.sum()
    centre = float(weight @ x)
    spread = float(weight @ (x - centre) ** 2)
    # Where nearly all weight lies on one prediction there is no slope, only a mean.
    if np.sqrt(spread) > 0.001 * np.ptp(x):
        weight = weight * (1 + (point - centre) * (x - centre) / spread)
    return np.asarray(weight)


def _tenths(event: Bool, probability: Float) -> tuple[Tenth, ...]:
    """Fewer than ten where predictions tie."""
    edges = np.unique(np.quantile(probability, np.arange(1, 10) / 10))
    place = np.searchsorted(edges, probability, side="left")
    return tuple(
        _tenth(event[place == group], probability[place == group]) for group in np.unique(place)
    )


def _tenth(event: Bool, probability: Float) -> Tenth:
    n, share = len(event), float(event.mean())
    low, high = wilson(event.mean(), n)
    return Tenth(n, float(probability.mean()), share, float(low), float(high))


def _regress(above: Bool, x: Float, offset: Float) -> tuple[Float, Float]:
    """Logistic regression of stacked rows.

    Args:
        above: shape (n, cuts).
        x: shape (n, cuts, p).
        offset: shape (n, cuts).

    Returns:
        Coefficients (p,), and the influence of each subject on them (n, p).
    """
    beta = np.zeros(x.shape[-1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-(x @ beta + offset)))
        score = ((above - chance)[..., None] * x).sum(axis=1)
        information = np.einsum("ncp,nc,ncq->pq", x, chance * (1 - chance), x)
        try:
            step = np.linalg.solve(information, score.sum(axis=0))
        except np.linalg.LinAlgError:
            break
        if np.abs(step).max() < 1e-10:
            return beta, np.asarray(len(above) * np.linalg.solve(information, score.T).T)
        beta = beta + step
        if np.abs(beta).max() > 1e4:
            break
    raise AnalysisError("Predictions tell the levels apart without error; there is no slope.")
