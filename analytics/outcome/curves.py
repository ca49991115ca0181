"""ROC, calibration and decision curve of a model's predictions, at one cut of the outcome."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.outcome.calibration import CalibrationCurve, calibration_curve
from analytics.outcome.coefficient import Fit
from analytics.outcome.decision_curve import DecisionCurve, decision_curve
from analytics.outcome.design import Design
from analytics.outcome.discrimination import RocCurve, roc_curve
from analytics.outcome.endpoint import Endpoint, is_mrs
from analytics.outcome.learners import predicted_by
from analytics.outcome.performance import Truth
from data_loader.errors import AnalysisError

Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Curves:
    """What is drawn of predicted probabilities.

    Attributes:
        event: whose probability it is, such as `mRS at three months above 2`.
        happened: who had it, shape (n,).
        probability: predicted, shape (n,).
        roc: sensitivity against specificity.
        calibration: observed against predicted.
        decision: net benefit.
    """

    event: str
    happened: npt.NDArray[np.bool_]
    probability: Float
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
        AnalysisError: too few subjects had the event or hadn't.
    """
    known = ~np.isnan(predicted[:, :, cut]).any(axis=0)
    event, probability = truth.above[known, cut], predicted[:, known, cut]
    mean = probability.mean(axis=0)
    return Curves(
        event=_named(endpoint, truth, cut),
        happened=event,
        probability=mean,
        roc=roc_curve(event, mean),
        calibration=calibration_curve(event, mean),
        decision=decision_curve(event, probability),
    )


def curves_of(design: Design, fit: Fit, *, cut: int | None = None) -> Curves:
    """Draw the curves of a fitted model on its own subjects, on whom it looks better than it is.

    Args:
        design: outcome and terms as numbers.
        fit: the fitted model.
        cut: place of the level above which it is the event; the usual one by default.

    Raises:
        AnalysisError: the outcome is a number, or too few subjects had the event or hadn't.
    """
    scale = design.endpoint.scale
    if scale == "linear":
        raise AnalysisError("ROC and decision curves take an outcome with levels.")
    truth = Truth(scale, design.response, tuple(map(float, np.unique(design.response))))
    cut = usual_cut(design.endpoint, truth) if cut is None else cut
    return curves_at(design.endpoint, truth, predicted_by(fit, design.matrix)[None], cut=cut)


def _named(endpoint: Endpoint, truth: Truth, cut: int) -> str:
    if endpoint.scale == "binary":
        return endpoint.label
    return f"{endpoint.label} above {endpoint.level_label(truth.levels[cut])}"
