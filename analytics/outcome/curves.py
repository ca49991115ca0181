"""ROC, calibration and decision curve of a model's predictions, at one cut of the outcome."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.outcome.calibration import CalibrationCurve, calibration_curve
from analytics.outcome.decision_curve import DecisionCurve, decision_curve
from analytics.outcome.discrimination import RocCurve, roc_curve
from analytics.outcome.endpoint import Endpoint, is_mrs
from analytics.outcome.performance import Truth
from data_loader.errors import AnalysisError

Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Curves:
    """What is drawn of predicted probabilities.

    Attributes:
        event: whose probability it is, such as `mRS at three months above 2`.
        n: subjects.
        events: how many of them had it.
        roc: sensitivity against specificity.
        calibration: observed against predicted.
        decision: net benefit.
    """

    event: str
    n: int
    events: int
    roc: RocCurve
    calibration: CalibrationCurve
    decision: DecisionCurve


def usual_cut(endpoint: Endpoint, truth: Truth) -> int:
    """Place of the level above which an outcome is usually called poor.

    For an mRS that is 2, or the highest level below it that occurs; for another scale the one
    that parts subjects most evenly.
    """
    if endpoint.scale == "ordinal" and is_mrs(endpoint.variable):
        return max(int(np.searchsorted(truth.levels[:-1], 2, side="right")) - 1, 0)
    return int(np.abs(truth.above.mean(axis=0) - 0.5).argmin())


def curves_at(endpoint: Endpoint, truth: Truth, predicted: Float, *, cut: int) -> Curves:
    """Draw the curves.

    Args:
        endpoint: names the outcome.
        truth: what happened.
        predicted: shape (repeats, n, cuts); one repeat of a model on its own subjects. ROC and
            calibration are of each subject's mean over repeats, decisions are averaged.
        cut: place of the level above which it is the event.

    Raises:
        AnalysisError: the outcome is a number, or too few subjects had the event or hadn't.
    """
    if truth.scale == "linear":
        raise AnalysisError("ROC and decision curves take an outcome with levels.")
    known = ~np.isnan(predicted[:, :, cut]).any(axis=0)
    event, probability = truth.above[known, cut], predicted[:, known, cut]
    mean = probability.mean(axis=0)
    return Curves(
        event=_named(endpoint, truth, cut),
        n=len(event),
        events=int(event.sum()),
        roc=roc_curve(event, mean),
        calibration=calibration_curve(event, mean),
        decision=decision_curve(event, probability),
    )


def _named(endpoint: Endpoint, truth: Truth, cut: int) -> str:
    if endpoint.scale == "binary":
        return endpoint.label
    return f"{endpoint.label} above {endpoint.level_label(truth.levels[cut])}"
