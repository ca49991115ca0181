"""Cumulative logit models fitted: proportional odds, partial proportional odds, logistic.

Newton's method with the observed information, on columns that are centred and scaled, then
carried back: estimates, covariance and profile limits are in the units of the columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtr, stdtrit

from analytics.outcome.cumulative import CumulativeLikelihood
from analytics.outcome.effect import Z95
from analytics.outcome.newton import Maximum, maximise, profile_limit
from analytics.outcome.separation import runaway_columns
from analytics.outcome.tall import times
from data_loader.errors import AnalysisError

Float = npt.NDArray[np.float64]

FLAT = 1e-4
"""A fit has converged where no component of the gradient is larger."""

_SUSPECT_STEPS = 12
"""Where estimates are finite, Newton's method needs half as many; where not, it never ends."""


@dataclass(frozen=True)
class CumulativeFit:
    """A fitted cumulative logit model.

    Parameters are ordered as in `CumulativeLikelihood`: an estimate a common column, then for
    every cut its threshold and an estimate a freed column.

    Attributes:
        levels: values of the outcome that occur, in order.
        common: places of the columns with one estimate for all cuts.
        free: places of the columns with an estimate a cut.
        likelihood: of the scaled columns, rows in order of the level.
        maximum: of the scaled parameters.
        back: carries scaled parameters to the units of the columns, shape (m, m).
        order: the row of the design that each row of the likelihood is.
        clusters: code of each row of the design; None where subjects are independent.
        runaway: places of the columns whose estimate is infinite, the outcome being separated.
        log_likelihood_null: of the thresholds alone.
    """

    levels: tuple[float, ...]
    common: tuple[int, ...]
    free: tuple[int, ...]
    likelihood: CumulativeLikelihood
    maximum: Maximum
    back: Float
    order: npt.NDArray[np.intp]
    clusters: npt.NDArray[np.object_] | None
    runaway: tuple[int, ...]
    log_likelihood_null: float

    @property
    def estimates(self) -> Float:
        """Shape (m,)."""
        return np.asarray(self.back @ self.maximum.parameters)

    @property
    def log_likelihood(self) -> float:
        """At the maximum."""
        return self.maximum.value

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return 2 * self.likelihood.size - 2 * self.log_likelihood

    @cached_property
    def gradient(self) -> float:
        """Largest absolute component of the gradient, in the units of the columns."""
        return float(np.abs(np.linalg.solve(self.back.T, self.maximum.gradient)).max())

    @property
    def converged(self) -> bool:
        """Whether there is a maximum and the search ended on it."""
        return not self.runaway and self.gradient < FLAT

    @cached_property
    def model_covariance(self) -> Float:
        """Inverse of the observed information, shape (m, m)."""
        scaled = np.linalg.inv(-self.maximum.hessian)
        return np.asarray(self.back @ scaled @ self.back.T)

    @cached_property
    def covariance(self) -> Float:
        """The covariance that intervals are made of: by cluster where there are some.

        With G clusters, the sandwich of summed scores times G/(G - 1): Liang & Zeger, Biometrika
        1986;73:13.
        """
        if self.clusters is None:
            return self.model_covariance
        codes, places = np.unique(self.clusters.astype(str), return_inverse=True)
        summed = np.zeros((len(codes), self.likelihood.size))
        np.add.at(summed, places, self.scores)
        bread = self.model_covariance
        return np.asarray(bread @ summed.T @ summed @ bread * len(codes) / (len(codes) - 1))

    @cached_property
    def reach(self) -> float:
        """Factor of the standard error in a 95 % interval.

        With G clusters, that of Student's t with G - 1 degrees of freedom: Cameron & Miller, J
        Human Resources 2015;50:317, section VI.
        """
        return Z95 if self.df is None else float(stdtrit(self.df, 0.975))

    @property
    def df(self) -> int | None:
        """Degrees of freedom of t: clusters less one; None for the normal distribution."""
        return None if self.clusters is None else len(set(self.clusters)) - 1

    def p_value(self, place: int) -> float:
        """Wald's, two-sided, of a parameter."""
        z = -abs(float(self.estimates[place])) / float(np.sqrt(self.covariance[place, place]))
        return 2 * float(ndtr(z) if self.df is None else stdtr(self.df, z))

    @cached_property
    def scores(self) -> Float:
        """Each subject's share of the gradient, shape (n, m), in the order of the design."""
        scaled = self.likelihood.scores(self.maximum.parameters)
        scores = np.empty_like(scaled)
        scores[self.order] = np.linalg.solve(self.back.T, scaled.T).T
        return scores

    def changes(self, place: int) -> Float:
        """Change of a parameter by each subject, shape (n,), in the order of the design.

        The estimate of all less that after one Newton step without the subject: Pregibon, Ann
        Stat 1981;9:705, for the two predictors that a subject's level lies between.
        """
        parameters, jacobian = self.maximum.parameters, self.likelihood.jacobian
        pulled = jacobian @ np.linalg.inv(-self.maximum.hessian)
        spread = pulled @ jacobian.transpose(0, 2, 1)
        rest = np.eye(2) - self.likelihood.curvatures(parameters) @ spread
        # Of whoever alone determines an estimate nothing is left to divide by.
        rest[np.abs(np.linalg.det(rest)) < 1e-9] = np.nan
        weight = np.linalg.solve(rest, self.likelihood.slopes(parameters)[:, :, None])[:, :, 0]
        changes = np.empty(len(self.order))
        changes[self.order] = np.einsum("nb,nb->n", pulled @ self.back[place], weight)
        return changes

    def place(self, column: int, cut: int = 0) -> int:
        """Place of a column's parameter; of a freed column, the one at a cut."""
        if column in self.common:
            return self.common.index(column)
        return int(self.likelihood.block(cut).start) + 1 + self.free.index(column)

    def threshold(self, cut: int) -> int:
        """Place of a cut's threshold."""
        return int(self.likelihood.block(cut).start)

    def linear_predictor(self, matrix: Float) -> Float:
        """The sum of columns times estimates for rows of the design, shape (n,)."""
        return times(matrix[:, list(self.common)], self.estimates[: len(self.common)])

    def profile_limits(self, place: int, *, z: float) -> tuple[float | None, float | None]:
        """Profile-likelihood limits of a parameter that belongs to a column."""
        low, high = (
            profile_limit(self.likelihood, self.maximum, place=place, height=z, direction=side)
            for side in (-1, 1)
        )
        unit = float(self.back[place, place])
        return (None if low is None else low * unit, None if high is None else high * unit)

    def cumulative(self, matrix: Float, parameters: Float | None = None) -> Float:
        """Linear predictors of P(Y <= cut), shape (n, cuts).

        Args:
            matrix: rows of the design, shape (n, columns).
            parameters: shape (m,); the estimates by default.
        """
        parameters = self.estimates if parameters is None else parameters
        shared = times(matrix[:, list(self.common)], parameters[: len(self.common)])
        own = matrix[:, list(self.free)]
        cuts = []
        for cut in range(self.likelihood.cuts):
            threshold, *slopes = parameters[self.likelihood.block(cut)]
            cuts.append(threshold - shared - times(own, np.asarray(slopes)))
        return np.column_stack(cuts)


def fit_cumulative(
    matrix: Float,
    response: Float,
    *,
    free: Sequence[int] = (),
    weights: Float | None = None,
    clusters: npt.NDArray[np.object_] | None = None,
) -> CumulativeFit:
    """Fit a cumulative logit model; a level that doesn't occur is no level.

    Args:
        matrix: shape (n, columns), without an intercept, none constant or aliased.
        response: values of the outcome, shape (n,); two of them make it logistic regression.
        free: places of the columns that get an estimate at every cut.
        weights: how often each row counts, shape (n,); once by default.
        clusters: code of each row's cluster, shape (n,).

    Raises:
        AnalysisError: the outcome has one level, or there are too few subjects or clusters.
    """
    levels, level = np.unique(response, return_inverse=True)
    weights = np.ones(len(response)) if weights is None else weights
    common = tuple(n for n in range(matrix.shape[1]) if n not in free)
    _check_size(len(levels), len(common) + (len(levels) - 1) * (1 + len(free)), weights, clusters)
    order = np.argsort(level, kind="stable")
    mean, spread = matrix.mean(axis=0), matrix.std(axis=0)
    scaled = ((matrix - mean) / spread)[order]
    likelihood = CumulativeLikelihood(
        x=np.asfortranarray(scaled[:, list(common)]),
        z=np.asfortranarray(scaled[:, list(free)]),
        counts=tuple(np.bincount(level).tolist()),
        weights=weights[order],
    )
    start = likelihood.start()
    maximum = maximise(likelihood, start)
    runaway: tuple[int, ...] = ()
    if maximum.steps > _SUSPECT_STEPS:
        runaway = tuple((*common, *free)[n] for n in runaway_columns(likelihood))
    return CumulativeFit(
        levels=tuple(map(float, levels)),
        common=common,
        free=tuple(free),
        likelihood=likelihood,
        maximum=maximum,
        back=_back(likelihood, mean=mean, spread=spread, common=common, free=tuple(free)),
        order=order,
        clusters=clusters,
        runaway=runaway,
        log_likelihood_null=likelihood.value(start),
    )


def _check_size(
    levels: int, parameters: int, weights: Float, clusters: npt.NDArray[np.object_] | None
) -> None:
    subjects = float(weights.sum())
    if subjects < 2:
        raise AnalysisError("One subject is too few for a model; widen the cohort.")
    if levels < 2:
        raise AnalysisError(
            "The outcome has the same value for every subject used, so that there is nothing to"
            " explain; widen the cohort or choose another outcome."
        )
    if subjects <= parameters:
        raise AnalysisError(
            f"{subjects:g} subjects are too few for a model of {parameters} estimates; drop terms"
            " or widen the cohort."
        )
    if clusters is not None and len(set(clusters)) < 2:
        raise AnalysisError("All subjects used are in one cluster; leave the clusters out.")


def _back(
    likelihood: CumulativeLikelihood,
    *,
    mean: Float,
    spread: Float,
    common: tuple[int, ...],
    free: tuple[int, ...],
) -> Float:
    """The matrix that undoes centring and scaling of the columns."""
    p = len(common)
    back = np.zeros((likelihood.size, likelihood.size))
    back[range(p), range(p)] = 1 / spread[list(common)]
    for cut in range(likelihood.cuts):
        at = likelihood.block(cut)
        own = np.arange(at.start + 1, at.stop)
        back[own, own] = 1 / spread[list(free)]
        back[at.start, at.start] = 1
        back[at.start, :p] = mean[list(common)] / spread[list(common)]
        back[at.start, own] = mean[list(free)] / spread[list(free)]
    return back
