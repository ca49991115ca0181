"""A measure with each subject's pull on it: intervals, differences and averages alike.

The influence function of a measure says how much each subject moves it. The mean of its squares
over n is the variance, whatever the measure; the difference of two models on the same subjects
has the difference of influences, which makes the comparison paired; and the mean over repeats of
cross-validation has their mean, so that repeating doesn't feign more subjects (LeDell, Petersen
and van der Laan, Electronic Journal of Statistics 2015; 9: 1583-1607).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]

_REACH = 1.959963984540054


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval.

    Attributes:
        value: the estimate.
        se: standard error.
        ci_low: lower limit.
        ci_high: upper limit.
    """

    value: float
    se: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True)
class Measure:
    """A measure of subjects.

    Attributes:
        value: the measure.
        influence: of each subject, mean 0, shape (n,).
        bounds: that the measure can't pass.
    """

    value: float
    influence: Float
    bounds: tuple[float, float] = (-np.inf, np.inf)

    @property
    def se(self) -> float:
        """Standard error."""
        return float(np.sqrt(self.influence @ self.influence)) / len(self.influence)

    def estimate(self) -> Estimate:
        """The value with its 95 % Wald interval, cut at the bounds."""
        low, high = self.value - _REACH * self.se, self.value + _REACH * self.se
        return Estimate(self.value, self.se, max(low, self.bounds[0]), min(high, self.bounds[1]))

    def __sub__(self, other: "Measure") -> "Measure":
        return Measure(self.value - other.value, self.influence - other.influence)


def mean_of(measures: Sequence[Measure]) -> Measure:
    """The mean of one measure over repeats on the same subjects."""
    return Measure(
        float(np.mean([measure.value for measure in measures])),
        np.mean([measure.influence for measure in measures], axis=0),
        measures[0].bounds,
    )
