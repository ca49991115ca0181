"""How good predictions are: discrimination, accuracy and calibration in one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from analytics.outcome.brier import brier, root_mean_square, variance_explained
from analytics.outcome.calibration import linear_recalibration, recalibration
from analytics.outcome.discrimination import auc, concordance
from analytics.outcome.endpoint import Scale
from analytics.outcome.influence import Measure, mean_of
from data_loader.errors import AnalysisError

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.intp]
Bool = npt.NDArray[np.bool_]

Found = TypeVar("Found")
Measures = Mapping[str, Measure | None]
"""Name to measure; None where it isn't defined."""

LABELS: Mapping[str, str] = {
    "auc": "AUC",
    "c": "c (concordance)",
    "r_squared": "R² of predictions",
    "brier": "Brier score",
    "brier_scaled": "Scaled Brier score",
    "rmse": "Root mean squared error",
    "slope": "Calibration slope",
    "intercept": "Calibration intercept",
    "in_the_large": "Calibration in the large",
}
"""Every measure by name, as a table lists them."""


@dataclass(frozen=True)
class Truth:
    """What predictions are held against.

    Attributes:
        scale: of the outcome.
        response: shape (n,).
        levels: those that occur, in order; empty for a number.
    """

    scale: Scale
    response: Float
    levels: tuple[float, ...]

    @property
    def width(self) -> int:
        """Columns of predictions: the chance of being above each level but the last; or a number."""
        return max(len(self.levels) - 1, 1)

    @property
    def above(self) -> Bool:
        """Who is above each level but the last, shape (n, cuts)."""
        return np.asarray(self.response[:, None] > np.array(self.levels[:-1]))

    def of(self, places: Int) -> "Truth":
        """The same of some subjects."""
        return Truth(self.scale, self.response[places], self.levels)


def measure_all(truth: Truth, predicted: Float, *, strata: Int | None = None) -> Measures:
    """Measure predictions in every way that fits the outcome.

    Args:
        truth: what happened.
        predicted: shape (n, width); rows of NaN are of subjects without a prediction.
        strata: subjects are ranked within them only, shape (n,).

    Returns:
        The measures by name, in the order of `LABELS`.
    """
    known = np.flatnonzero(~np.isnan(predicted[:, 0]))
    some, at = truth.of(known), None if strata is None else strata[known]
    predicted, n = predicted[known], len(predicted)
    found = {discrimination_name(truth.scale): _defined(discrimination, some, predicted, at)}
    if truth.scale == "linear":
        numbers = some.response, predicted[:, 0]
        found["rmse"] = _defined(root_mean_square, *numbers)
        again = _defined(linear_recalibration, *numbers)
    else:
        score = _defined(brier, some.above, predicted)
        found["brier"] = score.score if score else None
        found["brier_scaled"] = score.scaled if score else None
        again = _defined(recalibration, some.above, predicted)
    found["slope"] = again.slope if again else None
    found["intercept"] = again.intercept if again else None
    found["in_the_large"] = again.in_the_large if again else None
    return {name: _spread(measure, known, n) for name, measure in found.items()}


def mean_measures(repeats: Sequence[Measures]) -> Measures:
    """Means over repeats; None where one of them isn't defined."""
    means: dict[str, Measure | None] = {}
    for name in repeats[0]:
        each = [repeat[name] for repeat in repeats]
        known = [measure for measure in each if measure is not None]
        means[name] = mean_of(known) if len(known) == len(each) else None
    return means


def discrimination(truth: Truth, predicted: Float, strata: Int | None = None) -> Measure:
    """AUC with DeLong's variance, c within strata, or R² for a number.

    Raises:
        AnalysisError: it isn't defined.
    """
    if truth.scale == "linear":
        return variance_explained(truth.response, predicted[:, 0])
    # The sum over cuts is the expected level, counted from the lowest.
    score = predicted.sum(axis=1)
    if truth.scale == "binary" and strata is None:
        return auc(truth.response == truth.levels[-1], score)
    return concordance(truth.response, score, strata=strata)


def discrimination_name(scale: Scale) -> str:
    """Name of the measure of discrimination for a scale."""
    return {"binary": "auc", "ordinal": "c", "linear": "r_squared"}[scale]


def _defined(measure: Callable[..., Found], *of: object) -> Found | None:
    try:
        return measure(*of)
    except AnalysisError:
        return None


def _spread(measure: Measure | None, known: Int, n: int) -> Measure | None:
    """A measure of some subjects as one of all, on whom the others have no influence."""
    if measure is None or len(known) == n:
        return measure
    influence = np.zeros(n)
    influence[known] = measure.influence * (n / len(known))
    return Measure(measure.value, influence, measure.bounds)
