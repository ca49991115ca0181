"""Log-likelihood of the cumulative logit model, with its derivatives.

P(Y <= j) = 1 / (1 + exp(-(theta_j - z gamma_j - x beta))): McCullagh, J R Stat Soc B 1980;42:109.
Where no column has an estimate a cut (`z` is empty) these are proportional odds; with two levels
it is logistic regression. A positive estimate means higher levels.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import expit

Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class CumulativeLikelihood:
    """The likelihood of given numbers.

    Parameters are ordered beta (a column of x each), then for every cut theta and the cut's own
    gamma (a column of z each).

    Attributes:
        x: columns with one estimate for all cuts, shape (n, p); rows in order of the level.
        z: columns with an estimate a cut, shape (n, q).
        counts: rows of each level, all positive.
        weights: how often each row counts, shape (n,).
    """

    x: Float
    z: Float
    counts: tuple[int, ...]
    weights: Float

    @property
    def cuts(self) -> int:
        """Number of cut-points."""
        return len(self.counts) - 1

    @property
    def size(self) -> int:
        """Number of parameters."""
        return int(self.x.shape[1]) + self.cuts * self._width

    @property
    def _width(self) -> int:
        return 1 + int(self.z.shape[1])

    @cached_property
    def _ends(self) -> npt.NDArray[np.int64]:
        return np.concatenate([[0], np.cumsum(self.counts)])

    @cached_property
    def _design(self) -> Float:
        """Columns of a cut: 1 for its threshold, -z for its own estimates."""
        return np.column_stack([np.ones(len(self.x)), -self.z])

    def rows(self, level: int) -> slice:
        """Rows of a level."""
        return slice(int(self._ends[level]), int(self._ends[level + 1]))

    def block(self, cut: int) -> slice:
        """Places of the parameters that belong to a cut."""
        start = int(self.x.shape[1]) + cut * self._width
        return slice(start, start + self._width)

    def start(self) -> Float:
        """Thresholds of the model without terms, which has a closed form."""
        totals = [self.weights[self.rows(level)].sum() for level in range(len(self.counts))]
        below = np.cumsum(totals)[:-1] / np.sum(totals)
        parameters = np.zeros(self.size)
        for cut, share in enumerate(below):
            parameters[self.block(cut).start] = np.log(share / (1 - share))
        return parameters

    def _bounds(self, parameters: Float) -> tuple[Float, Float]:
        """Linear predictors of the cuts above and below each row's level, infinite at the ends."""
        p = self.x.shape[1]
        common = self.x @ parameters[:p]
        above, below = np.full(len(common), np.inf), np.full(len(common), -np.inf)
        for cut in range(self.cuts):
            own = parameters[self.block(cut)]
            for bound, level in ((above, cut), (below, cut + 1)):
                at = self.rows(level)
                bound[at] = self._design[at] @ own - common[at]
        return above, below

    @cached_property
    def _is_inner(self) -> slice:
        """Rows that have a cut on both sides."""
        return slice(int(self._ends[1]), int(self._ends[-2]))

    def value(self, parameters: Float) -> float:
        """The log-likelihood; minus infinity where cuts cross for a row."""
        return self._value(*self._bounds(parameters))

    def _value(self, above: Float, below: Float) -> float:
        gap = (above - below)[self._is_inner]
        if gap.size and gap.min() <= 0:
            return -np.inf
        # log(F(a) - F(b)) = log F(a) + log F(-b) + log(1 - exp(b - a)), exact in the tails too.
        terms = -np.logaddexp(0, -above) - np.logaddexp(0, below)
        terms[self._is_inner] += np.log(-np.expm1(-gap))
        return float(self.weights @ terms)

    def derivatives(self, parameters: Float) -> tuple[float, Float, Float]:
        """Log-likelihood, gradient (m,) and Hessian (m, m)."""
        above, below = self._bounds(parameters)
        slope_above, slope_below = self._slopes(above, below)
        gradient = self._gradient(slope_above * self.weights, slope_below * self.weights)
        return self._value(above, below), gradient, self._hessian(above, below)

    def scores(self, parameters: Float) -> Float:
        """Each row's share of the gradient, shape (n, m), in the order of the rows."""
        return np.asarray(np.einsum("nb,nbm->nm", self.slopes(parameters), self.jacobian))

    @cached_property
    def jacobian(self) -> Float:
        """Derivatives of each row's linear predictors above and below, shape (n, 2, m)."""
        jacobian = np.zeros((len(self.x), 2, self.size))
        for cut in range(self.cuts):
            for side, level in ((0, cut), (1, cut + 1)):
                at = self.rows(level)
                jacobian[at, side, : self.x.shape[1]] = -self.x[at]
                jacobian[at, side, self.block(cut)] = self._design[at]
        return jacobian

    def slopes(self, parameters: Float) -> Float:
        """Derivatives of each row's log-likelihood by its two predictors, shape (n, 2)."""
        slopes = np.column_stack(self._slopes(*self._bounds(parameters)))
        return np.asarray(slopes * self.weights[:, None])

    def curvatures(self, parameters: Float) -> Float:
        """Second derivatives by the two predictors, the sign turned, shape (n, 2, 2)."""
        dense_above, dense_below, shared = self._curvatures(*self._bounds(parameters))
        curvatures = np.empty((len(shared), 2, 2))
        curvatures[:, 0, 0], curvatures[:, 1, 1] = dense_above + shared, dense_below + shared
        curvatures[:, 0, 1] = curvatures[:, 1, 0] = -shared
        return curvatures

    def _slopes(self, above: Float, below: Float) -> tuple[Float, Float]:
        """Derivatives of each row's log-probability by its two linear predictors."""
        slope_above, slope_below = expit(-above), -expit(below)
        gap = (above - below)[self._is_inner]
        with np.errstate(over="ignore", divide="ignore"):
            pull = 1 / np.expm1(gap)
        slope_above[self._is_inner] += pull
        slope_below[self._is_inner] -= pull
        return slope_above, slope_below

    def _gradient(self, slope_above: Float, slope_below: Float) -> Float:
        gradient = np.empty(self.size)
        gradient[: self.x.shape[1]] = -(slope_above + slope_below) @ self.x
        for cut in range(self.cuts):
            lower, upper = self.rows(cut), self.rows(cut + 1)
            gradient[self.block(cut)] = (
                slope_above[lower] @ self._design[lower] + slope_below[upper] @ self._design[upper]
            )
        return gradient

    def _curvatures(self, above: Float, below: Float) -> tuple[Float, Float, Float]:
        """What each row adds for the cut above, the cut below, and both by their distance."""
        dense_above = expit(above) * expit(-above) * self.weights
        dense_below = expit(below) * expit(-below) * self.weights
        shared = np.zeros(len(above))
        with np.errstate(over="ignore", divide="ignore"):
            gap = (above - below)[self._is_inner]
            shared[self._is_inner] = self.weights[self._is_inner] / (4 * np.sinh(gap / 2) ** 2)
        return dense_above, dense_below, shared

    def _hessian(self, above: Float, below: Float) -> Float:
        dense_above, dense_below, shared = self._curvatures(above, below)
        p, x, design = self.x.shape[1], self.x, self._design
        hessian = np.zeros((self.size, self.size))
        hessian[:p, :p] = -(x * (dense_above + dense_below)[:, None]).T @ x
        for cut in range(self.cuts):
            here, lower, upper = self.block(cut), self.rows(cut), self.rows(cut + 1)
            for dense, at in ((dense_above, lower), (dense_below, upper)):
                weighted = design[at] * dense[at, None]
                hessian[:p, here] += x[at].T @ weighted
                hessian[here, here] -= design[at].T @ (weighted + design[at] * shared[at, None])
            hessian[here, :p] = hessian[:p, here].T
            if cut:
                before = self.block(cut - 1)
                hessian[here, before] = (design[lower] * shared[lower, None]).T @ design[lower]
                hessian[before, here] = hessian[here, before].T
        return hessian
