"""How well predictions tell subjects apart: ROC, AUC with DeLong's interval, concordance."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.outcome.influence import Estimate, Measure
from analytics.wilson import wilson
from data_loader.errors import AnalysisError

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
Int = npt.NDArray[np.intp]

_UNIT = (0.0, 1.0)


@dataclass(frozen=True)
class RocCurve:
    """Sensitivity and specificity at every threshold, from the strictest to none.

    Attributes:
        threshold: predictions from it on count as positive; the first is infinite.
        sensitivity: share of events that are positive.
        specificity: share of non-events that are not.
        ci_low: lower limit of the sensitivity, Wilson's 95 % interval.
        ci_high: upper limit.
        auc: area below, with DeLong's interval.
    """

    threshold: Float
    sensitivity: Float
    specificity: Float
    ci_low: Float
    ci_high: Float
    auc: Estimate


def roc_curve(event: Bool, prediction: Float) -> RocCurve:
    """Draw the ROC curve.

    Args:
        event: who had it, shape (n,).
        prediction: higher where it is likelier, shape (n,).

    Raises:
        AnalysisError: fewer than two had it, or fewer than two didn't.
    """
    area = auc(event, prediction).estimate()
    order = np.argsort(-prediction, kind="stable")
    ranked = prediction[order]
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    positive = np.cumsum(event[order])[last]
    false_positive = last + 1 - positive
    sensitivity = np.concatenate([[0.0], positive / event.sum()])
    low, high = wilson(sensitivity, int(event.sum()))
    return RocCurve(
        threshold=np.concatenate([[np.inf], ranked[last]]),
        sensitivity=sensitivity,
        specificity=np.concatenate([[1.0], 1 - false_positive / (~event).sum()]),
        ci_low=low,
        ci_high=high,
        auc=area,
    )


def auc(event: Bool, prediction: Float) -> Measure:
    """Area under the ROC curve, ties counted a half.

    The variance is DeLong's (Biometrics 1988; 44: 837-845), and so is that of the difference of
    two predictions for the same subjects.

    Args:
        event: who had it, shape (n,).
        prediction: higher where it is likelier, shape (n,).

    Raises:
        AnalysisError: fewer than two had it, or fewer than two didn't.
    """
    with_, without = prediction[event], prediction[~event]
    if min(len(with_), len(without)) < 2:
        raise AnalysisError(
            f"An AUC takes two subjects with the event and two without; there are {len(with_)}"
            f" and {len(without)}."
        )
    placed = _share_below(with_, without)
    area = float(placed.mean())
    influence = np.empty(len(event))
    influence[event] = _scaled(placed - area, len(event))
    influence[~event] = _scaled(1 - _share_below(without, with_) - area, len(event))
    return Measure(area, influence, _UNIT)


def _scaled(centred: Float, n: int) -> Float:
    """Influence whose squares add up to DeLong's variance, which divides by one less."""
    count = len(centred)
    return np.asarray(centred * n / np.sqrt(count * (count - 1)))


def concordance(outcome: Float, prediction: Float, *, strata: Int | None = None) -> Measure:
    """Concordance (c) for an ordered outcome, ties of prediction counted a half.

    Of the pairs of subjects whose outcomes differ, the share in which the one with the higher
    outcome has the higher prediction: the AUC where there are two levels, Harrell's C without
    censoring. The variance is the infinitesimal jackknife's, as that of R's
    survival::concordance.

    Args:
        outcome: shape (n,).
        prediction: higher where a higher outcome is likelier, shape (n,).
        strata: pairs are made within them only, shape (n,); everybody is one by default.

    Raises:
        AnalysisError: there is no pair.
    """
    right, pairs = np.zeros(len(outcome)), np.zeros(len(outcome))
    strata = np.zeros(len(outcome), dtype=np.intp) if strata is None else strata
    for stratum in np.unique(strata):
        at = np.flatnonzero(strata == stratum)
        right[at], pairs[at] = _pairs(outcome[at], prediction[at])
    if not pairs.any():
        raise AnalysisError("Concordance takes two levels of the outcome; there is one.")
    share = float(right.sum() / pairs.sum())
    influence = 2 * len(outcome) * (right - share * pairs) / pairs.sum()
    return Measure(share, influence, _UNIT)


def _pairs(outcome: Float, prediction: Float) -> tuple[Float, Float]:
    """Of each subject's pairs with another outcome, how many are in the right order; and all."""
    right, pairs = np.zeros(len(outcome)), np.zeros(len(outcome))
    for level in np.unique(outcome):
        of_level = prediction[outcome == level]
        above, below = outcome > level, outcome < level
        right[above] += len(of_level) * _share_below(prediction[above], of_level)
        right[below] += len(of_level) * (1 - _share_below(prediction[below], of_level))
        pairs[above | below] += len(of_level)
    return right, pairs


def _share_below(values: Float, others: Float) -> Float:
    """Share of others that lie below each value, those that tie counted a half."""
    ranked = np.sort(others)
    twice = np.searchsorted(ranked, values, "left") + np.searchsorted(ranked, values, "right")
    return np.asarray(twice / (2 * len(others)))
