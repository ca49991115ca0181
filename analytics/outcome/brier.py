"""How far predicted probabilities lie from what happened, and predicted numbers from found ones."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.outcome.influence import Measure
from data_loader.errors import AnalysisError

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Brier:
    """Brier's score (Monthly Weather Review 1950; 78: 1-3).

    Attributes:
        score: mean squared distance of probability and event, 0 at best; for an ordered outcome
            the mean over its cut-points, which is the ranked probability score over their number.
        scaled: 1 less the score over that of predicting the shares for everybody; 1 at best, 0
            where the predictions are worth no more than the shares.
    """

    score: Measure
    scaled: Measure


def brier(above: Bool, probability: Float) -> Brier:
    """Score predicted probabilities.

    Args:
        above: who is above each cut-point, shape (n, cuts); one column for an event.
        probability: predicted, shape (n, cuts).

    Raises:
        AnalysisError: the outcome has one level.
    """
    distance = ((probability - above) ** 2).mean(axis=1)
    share = above.mean(axis=0)
    plain = float((share * (1 - share)).mean())
    if plain == 0:
        raise AnalysisError("A scaled Brier score takes two levels of the outcome; there is one.")
    score = float(distance.mean())
    # The shares vary with the subjects as well.
    plain_influence = ((above - share) * (1 - 2 * share)).mean(axis=1)
    scaled = (score * plain_influence / plain - (distance - score)) / plain
    return Brier(
        Measure(score, distance - score, (0.0, 1.0)),
        Measure(1 - score / plain, scaled, (-np.inf, 1.0)),
    )


def root_mean_square(found: Float, predicted: Float) -> Measure:
    """Root mean squared error of predicted numbers, shape (n,)."""
    squared = (found - predicted) ** 2
    root = float(np.sqrt(squared.mean()))
    influence = (squared - squared.mean()) / (2 * root) if root else np.zeros_like(squared)
    return Measure(root, influence, (0.0, np.inf))


def variance_explained(found: Float, predicted: Float) -> Measure:
    """1 less the mean squared error over the variance: R2 of predictions, below 0 if useless.

    Raises:
        AnalysisError: all found numbers are alike.
    """
    squared, spread = (found - predicted) ** 2, (found - found.mean()) ** 2
    error, variance = float(squared.mean()), float(spread.mean())
    if variance == 0:
        raise AnalysisError("The outcome has the same value for every subject used.")
    influence = (error * (spread - variance) / variance - (squared - error)) / variance
    return Measure(1 - error / variance, influence, (-np.inf, 1.0))
