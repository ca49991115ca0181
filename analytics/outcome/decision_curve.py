"""Whether decisions by a model do more good than harm, at every exchange rate of the two."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.outcome.effect import Z95
from data_loader.errors import AnalysisError

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

THRESHOLDS: Float = np.arange(1, 100) / 100


@dataclass(frozen=True)
class DecisionCurve:
    """Net benefit (Vickers and Elkin, Med Decis Making 2006; 26: 565-574).

    True positives less false positives, each of which weighs the odds of the threshold, over all
    subjects. Intervals are Wald's, from the variance of that mean.

    Attributes:
        threshold: probability from which on one would act.
        net_benefit: of acting by the model.
        ci_low: lower 95 % limit.
        ci_high: upper 95 % limit.
        treat_all: net benefit of acting for everybody; acting for nobody has 0.
    """

    threshold: Float
    net_benefit: Float
    ci_low: Float
    ci_high: Float
    treat_all: Float


def decision_curve(
    event: Bool, probability: Float, *, thresholds: Float = THRESHOLDS
) -> DecisionCurve:
    """Draw the decision curve.

    Args:
        event: who had it, shape (n,).
        probability: predicted, shape (n,), or (repeats, n) of repeated cross-validation, over
            which each subject's benefit is averaged.
        thresholds: above 0 and below 1.

    Raises:
        AnalysisError: a threshold is none.
    """
    if not ((thresholds > 0) & (thresholds < 1)).all():
        raise AnalysisError("Thresholds of a decision curve lie above 0 and below 1.")
    each = [_benefit(event, np.atleast_2d(probability), threshold) for threshold in thresholds]
    mean = np.array([one.mean() for one in each])
    half = Z95 * np.array([one.std() for one in each]) / np.sqrt(len(event))
    odds = thresholds / (1 - thresholds)
    return DecisionCurve(
        threshold=thresholds,
        net_benefit=mean,
        ci_low=mean - half,
        ci_high=mean + half,
        treat_all=np.asarray(event.mean() - (1 - event.mean()) * odds),
    )


def _benefit(event: Bool, probability: Float, threshold: float) -> Float:
    """Each subject's share of the net benefit, times their number."""
    acted = (probability >= threshold).mean(axis=0)
    return np.asarray(np.where(event, acted, -acted * threshold / (1 - threshold)))
