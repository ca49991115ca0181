"""Odds ratios at every cut of an ordinal outcome: one logistic regression a cut."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from analytics.outcome.effect import Z95
from analytics.outcome.ordinal import fit_cumulative
from analytics.outcome.tall import cross
from data_loader.errors import AnalysisError

Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class CutFits:
    """Logistic regressions of being above each cut, on the same subjects and terms.

    Attributes:
        cuts: highest level below each cut, for the cuts that could be fitted, shape (k,).
        estimates: of the columns, shape (k, columns).
        covariance: of all estimates stacked, cut by cut, shape (k * columns, k * columns).
        se: standard errors for intervals, by cluster where there are some, shape (k, columns).
        reach: factor of the standard errors in a 95 % interval.
        unfitted: highest level below each cut at which the terms part the outcome: the levels on
            its two sides count as one.
    """

    cuts: tuple[float, ...]
    estimates: Float
    covariance: Float
    se: Float
    reach: float
    unfitted: tuple[float, ...]

    def interval(self, cut: int, column: int) -> tuple[float, float, float]:
        """Odds ratio with its 95 % Wald interval."""
        estimate, half = self.estimates[cut, column], self.reach * self.se[cut, column]
        low, value, high = np.exp([estimate - half, estimate, estimate + half])
        return float(value), float(low), float(high)


def fit_cuts(
    matrix: Float, response: Float, *, clusters: npt.NDArray[np.object_] | None = None
) -> CutFits:
    """Fit a logistic regression at every cut.

    The covariance between cuts is Brant's (Biometrics 1990;46:1171): the same subjects are in
    all of them.

    Args:
        matrix: shape (n, columns), without an intercept.
        response: values of an ordinal outcome, shape (n,).
        clusters: code of each subject's cluster.

    Raises:
        AnalysisError: the terms part the outcome at every cut.
    """
    design = np.column_stack([np.ones(len(matrix)), matrix])
    levels = np.unique(response)
    estimates, errors, chances, cuts, unfitted = [], [], [], [], []
    reach = Z95
    for level in levels[:-1]:
        fit = fit_cumulative(matrix, (response > level).astype(float), clusters=clusters)
        if not fit.converged:
            unfitted.append(float(level))
            continue
        columns, reach = len(fit.common), fit.reach
        cuts.append(float(level))
        estimates.append(fit.estimates[:columns])
        errors.append(np.sqrt(np.diag(fit.covariance))[:columns])
        chances.append(expit(-fit.cumulative(matrix)[:, 0]))
    if not cuts:
        raise AnalysisError("The terms part the outcome at every cut; drop terms.")
    return CutFits(
        cuts=tuple(cuts),
        estimates=np.array(estimates),
        covariance=_stacked(design, chances),
        se=np.array(errors),
        reach=reach,
        unfitted=tuple(unfitted),
    )


def _stacked(design: Float, chances: list[Float]) -> Float:
    """Covariance of the slopes of all cuts, from the chance of each subject to be above each."""
    columns = design.shape[1] - 1
    spread = design.std(axis=0)
    spread[0] = 1
    scaled = np.asfortranarray(design / spread)
    bread = [np.linalg.inv(cross(scaled, p * (1 - p), scaled)) for p in chances]
    covariance = np.empty((len(chances) * columns, len(chances) * columns))
    for low, lower in enumerate(chances):
        for high, upper in enumerate(chances[low:], start=low):
            # Who is above the higher cut is above the lower one too.
            joint = cross(scaled, upper - lower * upper, scaled)
            block = (bread[low] @ joint @ bread[high])[1:, 1:] / np.outer(spread[1:], spread[1:])
            rows, others = (slice(n * columns, (n + 1) * columns) for n in (low, high))
            covariance[rows, others], covariance[others, rows] = block, block.T
    return covariance
