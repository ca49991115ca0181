"""Draws of one variable's blanks, given the others: what each step of chained equations does.

Every draw is proper: parameters are drawn from their posterior first, so that the spread over
imputations includes that of the model (Rubin 1987, section 5.4; van Buuren, Flexible Imputation
of Missing Data, 2nd edition, algorithms 3.1, 3.3 and 3.4).

`x` are predictors with the constant first, shape (n, p), scaled to mean 0 and SD 1; `known` and
`blank` in a name say of whom.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from analytics.outcome.cumulative import CumulativeLikelihood
from analytics.outcome.newton import Maximum, maximise

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.intp]

_RIDGE = 1e-5


def matched_donors(
    rng: np.random.Generator, x_known: Float, y_known: Float, x_blank: Float, *, donors: int
) -> Int:
    """Predictive mean matching, type 1.

    Each blank takes the value of one of the known whose predictions, from the estimated
    coefficients, lie nearest to its own, from drawn ones (Little 1988; van Buuren, algorithm 3.3).

    Returns:
        Whose value each blank takes, as places among the known.
    """
    estimate, drawn = _linear(rng, x_known, y_known)
    return _near(rng, x_known @ estimate, x_blank @ drawn, donors)


def drawn_levels(
    rng: np.random.Generator, x_known: Float, level_known: Int, x_blank: Float, *, levels: int
) -> Int:
    """Proportional-odds regression; logistic regression where there are two levels.

    Thresholds are drawn as the first and the logarithms of the steps to the others, by the delta
    method, so that they keep their order.

    Returns:
        The level of each blank, from 0.
    """
    x, level, weight = _augmented(x_known, level_known, levels)
    order = np.argsort(level, kind="stable")
    # The thresholds stand for the constant.
    likelihood = CumulativeLikelihood(
        x=x[order, 1:],
        z=np.empty((len(x), 0)),
        counts=tuple(np.bincount(level, minlength=levels).tolist()),
        weights=weight[order],
    )
    best = maximise(likelihood, likelihood.start())
    slopes, thresholds = _drawn_in_order(rng, best, x.shape[1] - 1)
    below = expit(thresholds - (x_blank[:, 1:] @ slopes)[:, None])
    return _pick(rng, below)


def drawn_classes(
    rng: np.random.Generator, x_known: Float, class_known: Int, x_blank: Float, *, classes: int
) -> Int:
    """Multinomial logistic regression.

    Returns:
        The class of each blank, from 0.
    """
    x, found, weight = _augmented(x_known, class_known, classes)
    likelihood = MultinomialLikelihood(x, found, weight, classes)
    best = maximise(likelihood, np.zeros((classes - 1) * x.shape[1]))
    drawn = best.parameters + _spread(rng, _inverse(-best.hessian))
    return _pick(rng, np.cumsum(likelihood.chances(drawn, x_blank)[:, :-1], axis=1))


@dataclass(frozen=True)
class MultinomialLikelihood:
    """Log-likelihood of multinomial logistic regression, class 0 being the reference.

    Parameters are the coefficients of class 1, then those of class 2, and so on.

    Attributes:
        x: predictors with the constant, shape (n, p).
        found: class of each row, shape (n,).
        weights: how much each row counts, shape (n,).
        classes: how many there are.
    """

    x: Float
    found: Int
    weights: Float
    classes: int

    def chances(self, parameters: Float, x: Float) -> Float:
        """Chance of each class, shape (n, classes)."""
        free = x @ parameters.reshape(self.classes - 1, -1).T
        score = np.hstack([np.zeros((len(x), 1)), free])
        raised = np.exp(score - score.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    def value(self, parameters: Float) -> float:
        """The log-likelihood."""
        return self._value(self.chances(parameters, self.x))

    def _value(self, chances: Float) -> float:
        here = chances[np.arange(len(self.found)), self.found]
        return float(self.weights @ np.log(np.maximum(here, np.finfo(float).tiny)))

    def derivatives(self, parameters: Float) -> tuple[float, Float, Float]:
        """Log-likelihood, gradient (m,) and Hessian (m, m)."""
        chances = self.chances(parameters, self.x)
        others = range(1, self.classes)
        is_class = self.found[:, None] == np.arange(1, self.classes)
        gradient = ((is_class - chances[:, 1:]) * self.weights[:, None]).T @ self.x
        blocks = [[self._block(chances, a, b) for b in others] for a in others]
        return self._value(chances), gradient.ravel(), np.block(blocks)

    def _block(self, chances: Float, a: int, b: int) -> Float:
        pull = self.weights * chances[:, a] * (chances[:, b] - (a == b))
        return np.asarray((self.x * pull[:, None]).T @ self.x)


def _linear(rng: np.random.Generator, x: Float, y: Float) -> tuple[Float, Float]:
    """Least-squares coefficients, and a draw from their posterior."""
    square = x.T @ x
    square[np.diag_indices_from(square)] *= 1 + _RIDGE
    inverse = _inverse(square)
    estimate = inverse @ (x.T @ y)
    residual = y - x @ estimate
    variance = residual @ residual / rng.chisquare(max(len(y) - x.shape[1], 1))
    return estimate, estimate + np.sqrt(variance) * _spread(rng, inverse)


def _near(rng: np.random.Generator, known: Float, blank: Float, donors: int) -> Int:
    donors = min(donors, len(known))
    # Sorted after shuffling, so that those who tie are drawn alike.
    order = rng.permutation(len(known))
    order = order[np.argsort(known[order], kind="stable")]
    ranked = known[order]
    width = min(2 * donors, len(known))
    first = np.clip(np.searchsorted(ranked, blank) - donors, 0, len(known) - width)
    window = first[:, None] + np.arange(width)
    distance = np.abs(ranked[window] - blank[:, None])
    nearest = np.argpartition(distance, donors - 1, axis=1)[:, :donors]
    each = np.arange(len(blank))
    return np.asarray(order[window[each, nearest[each, rng.integers(donors, size=len(blank))]]])


def _augmented(x: Float, level: Int, levels: int) -> tuple[Float, Int, Float]:
    """Add a few light rows at every level, so that nothing is predicted perfectly.

    At each level, for each predictor, a row half an SD to either side and at the mean of all
    others; together they weigh one more than there are predictors (White, Daniel and Royston,
    Computational Statistics & Data Analysis 2010; 54: 2267-2275).
    """
    p = x.shape[1] - 1
    shifts = np.vstack([np.eye(p), -np.eye(p)]) / 2
    shifted = np.clip(shifts, x[:, 1:].min(axis=0), x[:, 1:].max(axis=0)) if p else shifts
    extra = np.hstack([np.ones((2 * p, 1)), np.where(shifts == 0, 0.0, shifted)])
    rows = np.vstack([x, np.tile(extra, (levels, 1))])
    weight = np.concatenate([np.ones(len(x)), np.full(2 * p * levels, (p + 1) / (2 * p * levels))])
    return rows, np.concatenate([level, np.repeat(np.arange(levels), 2 * p)]), weight


def _drawn_in_order(rng: np.random.Generator, best: Maximum, slopes: int) -> tuple[Float, Float]:
    """Slopes and rising thresholds, drawn from their posterior."""
    steps = np.diff(best.parameters[slopes:])
    to_logs = np.eye(len(best.parameters))
    at = np.arange(slopes + 1, len(best.parameters))
    to_logs[at, at], to_logs[at, at - 1] = 1 / steps, -1 / steps
    moved = _spread(rng, to_logs @ _inverse(-best.hessian) @ to_logs.T)
    first = best.parameters[slopes] + moved[slopes]
    rises = np.cumsum(steps * np.exp(moved[at]))
    return best.parameters[:slopes] + moved[:slopes], first + np.concatenate([[0.0], rises])


def _inverse(matrix: Float) -> Float:
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def _spread(rng: np.random.Generator, covariance: Float) -> Float:
    """A draw with mean 0 and this covariance."""
    lower = np.linalg.cholesky((covariance + covariance.T) / 2)
    return np.asarray(lower @ rng.standard_normal(len(covariance)))


def _pick(rng: np.random.Generator, below: Float) -> Int:
    """One class a row, by the chance of each class but the last or one before it, shape (n, cuts)."""
    return np.asarray((rng.random((len(below), 1)) > below).sum(axis=1))
