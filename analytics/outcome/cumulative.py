"""Log-likelihood of the cumulative logit model, with its derivatives.

P(Y <= j) = 1 / (1 + exp(-(theta_j - z gamma_j - x beta))): McCullagh, J R Stat Soc B 1980;42:109.
Where no column has an estimate a cut (`z` is empty) these are proportional odds; with two levels
it is logistic regression. A positive estimate means higher levels.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from analytics.outcome.level_chances import LevelChances, level_chances
from analytics.outcome.tall import cross, times, total

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
        common = times(self.x, parameters[:p])
        above, below = np.full(len(common), np.inf), np.full(len(common), -np.inf)
        for cut in range(self.cuts):
            own = parameters[self.block(cut)]
            for bound, level in ((above, cut), (below, cut + 1)):
                at = self.rows(level)
                bound[at] = times(self._design[at], own) - common[at]
        return above, below

    @cached_property
    def _is_inner(self) -> slice:
        """Rows that have a cut on both sides."""
        return slice(int(self._ends[1]), int(self._ends[-2]))

    def value(self, parameters: Float) -> float:
        """The log-likelihood; minus infinity where cuts cross for a row."""
        chances = self._chances(parameters)
        return -np.inf if chances is None else self._sum(chances)

    def derivatives(self, parameters: Float) -> tuple[float, Float, Float]:
        """Log-likelihood, gradient (m,) and Hessian (m, m); zeros where cuts cross for a row."""
        chances = self._chances(parameters)
        if chances is None:
            return -np.inf, np.zeros(self.size), np.zeros((self.size, self.size))
        slope_above, slope_below = chances.slopes
        gradient = self._gradient(slope_above * self.weights, slope_below * self.weights)
        return self._sum(chances), gradient, self._hessian(chances)

    def _sum(self, chances: LevelChances) -> float:
        return float((self.weights * chances.logarithm).sum())

    def _chances(self, parameters: Float) -> LevelChances | None:
        return level_chances(*self._bounds(parameters), inner=self._is_inner)

    def _possible(self, parameters: Float) -> LevelChances:
        chances = self._chances(parameters)
        if chances is None:
            raise ValueError("Cuts cross, so that there are no derivatives.")
        return chances

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
        slopes = np.column_stack(self._possible(parameters).slopes)
        return np.asarray(slopes * self.weights[:, None])

    def curvatures(self, parameters: Float) -> Float:
        """Second derivatives by the two predictors, the sign turned, shape (n, 2, 2)."""
        dense_above, dense_below, shared = self._curvatures(self._possible(parameters))
        curvatures = np.empty((len(shared), 2, 2))
        curvatures[:, 0, 0], curvatures[:, 1, 1] = dense_above + shared, dense_below + shared
        curvatures[:, 0, 1] = curvatures[:, 1, 0] = -shared
        return curvatures

    def _gradient(self, slope_above: Float, slope_below: Float) -> Float:
        gradient = np.empty(self.size)
        gradient[: self.x.shape[1]] = -total(slope_above + slope_below, self.x)
        for cut in range(self.cuts):
            lower, upper = self.rows(cut), self.rows(cut + 1)
            gradient[self.block(cut)] = total(slope_above[lower], self._design[lower]) + total(
                slope_below[upper], self._design[upper]
            )
        return gradient

    def _curvatures(self, chances: LevelChances) -> tuple[Float, Float, Float]:
        dense_above, dense_below, shared = chances.curvatures
        return dense_above * self.weights, dense_below * self.weights, shared * self.weights

    def _hessian(self, chances: LevelChances) -> Float:
        dense_above, dense_below, shared = self._curvatures(chances)
        p, x, design = self.x.shape[1], self.x, self._design
        hessian = np.zeros((self.size, self.size))
        hessian[:p, :p] = -cross(x, dense_above + dense_below, x)
        for cut in range(self.cuts):
            here, lower, upper = self.block(cut), self.rows(cut), self.rows(cut + 1)
            for dense, at in ((dense_above, lower), (dense_below, upper)):
                hessian[:p, here] += cross(x[at], dense[at], design[at])
                hessian[here, here] -= cross(design[at], (dense + shared)[at], design[at])
            hessian[here, :p] = hessian[:p, here].T
            if cut:
                before = self.block(cut - 1)
                hessian[here, before] = cross(design[lower], shared[lower], design[lower])
                hessian[before, here] = hessian[here, before].T
        return hessian
