"""Chance of each row's level in the cumulative logit model, with its derivatives.

The chance is F(above) - F(below), where F(t) = 1 / (1 + exp(-t)): the logarithm and all its
derivatives are made of three exponentials, none of which overflows.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LevelChances:
    """Rows' chances of their own levels, from their distance to the cuts around.

    Attributes:
        above: predictor of the cut above, infinite for the highest level, shape (n,).
        below: predictor of the cut below, minus infinite for the lowest level, shape (n,).
        decay_above: exp(-|above|).
        decay_below: exp(-|below|).
        gap: 1 - exp(below - above), 1 where a side has no cut.
    """

    above: Float
    below: Float
    decay_above: Float
    decay_below: Float
    gap: Float

    @cached_property
    def logarithm(self) -> Float:
        """Logarithm of each chance, shape (n,)."""
        # log F(a) + log F(-b) + log(1 - exp(b - a)), where log F(t) is min(t, 0) less
        # log(1 + exp(-|t|)): exact in the tails too.
        near = np.log(self.gap / ((1 + self.decay_above) * (1 + self.decay_below)))
        return np.asarray(np.minimum(self.above, 0) - np.maximum(self.below, 0) + near)

    @cached_property
    def slopes(self) -> tuple[Float, Float]:
        """Derivatives of the logarithm by the predictors of the cut above and below."""
        above = np.where(self.above > 0, self.decay_above, 1) / (1 + self.decay_above)
        below = np.where(self.below < 0, self.decay_below, 1) / (1 + self.decay_below)
        return above + self._pull, -below - self._pull

    @cached_property
    def curvatures(self) -> tuple[Float, Float, Float]:
        """Second derivatives, the sign turned: of each cut alone, and by their distance."""
        above = self.decay_above / (1 + self.decay_above) ** 2
        below = self.decay_below / (1 + self.decay_below) ** 2
        return above, below, self._pull * (1 + self._pull)

    @cached_property
    def _pull(self) -> Float:
        """1 / (exp(above - below) - 1)."""
        return np.asarray((1 - self.gap) / self.gap)


def level_chances(above: Float, below: Float, *, inner: slice) -> LevelChances | None:
    """The chances of rows between two cuts.

    Args:
        above: predictor of the cut above, infinite for the highest level, shape (n,).
        below: predictor of the cut below, minus infinite for the lowest level, shape (n,).
        inner: rows that have a cut on both sides.

    Returns:
        None where cuts cross, so that a chance isn't positive.
    """
    gap = np.ones(len(above))
    gap[inner] = -np.expm1(below[inner] - above[inner])
    if gap.size and gap.min() <= 0:
        return None
    return LevelChances(above, below, np.exp(-np.abs(above)), np.exp(-np.abs(below)), gap)
