"""What printed numbers can be, given that they were rounded and counted: the checker's arithmetic.

GRIM (Brown and Heathers 2017): the mean of whole numbers times their number is a whole number.
GRIMMER (Anaya 2016; in closed form Allard 2018): so is the sum of their squares, it is odd where the
sum is, and it can't be less than that of numbers as alike as they can be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from analytics.table_one.values import Float

_SLACK = 1e-9
MOST_MISSING = 1000
"""So many missing values of one column are thought of at most."""


@dataclass(frozen=True)
class Rounded:
    """A printed number.

    Attributes:
        value: as printed.
        decimals: as printed.
    """

    value: float
    decimals: int

    @property
    def half(self) -> float:
        """Half of the last digit, which rounding may have taken or added."""
        return 0.5 * 10.0**-self.decimals + _SLACK

    @property
    def low(self) -> float:
        """The least number that is printed so."""
        return self.value - self.half

    @property
    def high(self) -> float:
        """The largest number that is printed so, rounded up or to even."""
        return self.value + self.half

    def __str__(self) -> str:
        return f"{self.value:.{self.decimals}f}"


@dataclass(frozen=True)
class Part:
    """A mean, or a share as a mean of zeros and ones, of at most so many values.

    Attributes:
        low: least mean that is printed so.
        high: largest.
        n: values, none missing.
        is_whole: whether the values add up to a whole number.
        may_miss: whether some of the n may be missing.
    """

    low: float
    high: float
    n: int
    is_whole: bool
    may_miss: bool

    def sums(self, most: int) -> tuple[Float, Float]:
        """Least and largest sum for 0, 1, … missing values; infinite where there is none."""
        missing = np.arange(min(most, self.n - 1 if self.may_miss else 0) + 1)
        low, high = self.low * (self.n - missing), self.high * (self.n - missing)
        if self.is_whole:
            low, high = np.ceil(low), np.floor(high)
        none = low > high
        return np.where(none, np.inf, low), np.where(none, -np.inf, high)

    def least_missing(self) -> int | None:
        """The least number of missing values with which it can be; None where it never can."""
        low, high = self.sums(MOST_MISSING)
        found = np.flatnonzero(low <= high)
        return int(found[0]) if len(found) else None


def least_missing(parts: Sequence[Part], whole: Part) -> int | None:
    """The least number of missing values with which the mean of all is that of its parts.

    Args:
        parts: columns that together are all.
        whole: the column of all.

    Returns:
        0 where nothing need be missing, None where no number is enough.
    """
    low, high = np.zeros(1), np.zeros(1)
    for part in parts:
        part_low, part_high = part.sums(MOST_MISSING)
        low, high = _added(low, part_low), -_added(-high, -part_high)
    n = sum(part.n for part in parts) - np.arange(len(low))
    if not whole.may_miss:
        n = np.where(n == whole.n, n, -1)
    fits = (n > 0) & (low <= whole.high * n) & (high >= whole.low * n)
    found = np.flatnonzero(fits)
    return int(found[0]) if len(found) else None


def _added(a: Float, b: Float) -> Float:
    """The least sum of one of each for every number of missing values of both together."""
    found = np.full(len(a) + len(b) - 1, np.inf)
    for missing, sums in enumerate(a):
        np.minimum(
            found[missing : missing + len(b)], sums + b, out=found[missing : missing + len(b)]
        )
    return found


def whole_sums(mean: Rounded, n: int) -> range:
    """Sums that n whole numbers of this mean can have; empty where GRIM finds none."""
    return range(ceil(mean.low * n - _SLACK), floor(mean.high * n + _SLACK) + 1)


def can_have_sd(mean: Rounded, sd: Rounded, n: int, *, scale: tuple[int, int] | None) -> bool:
    """Whether n whole numbers can have this mean and this SD with n - 1 (GRIMMER).

    Args:
        mean: as printed.
        sd: as printed.
        n: of the numbers; one alone has no SD.
        scale: least and largest value that each can have, if that is known.
    """
    for total in whole_sums(mean, n) if n > 1 else ():
        squares = total**2 / n
        low = max(sd.low, 0.0) ** 2 * (n - 1) + squares
        high = sd.high**2 * (n - 1) + squares
        least, most = _squares(total, n, scale)
        first = max(ceil(low - _SLACK), least)
        first += (first - total) % 2
        if first <= min(floor(high + _SLACK), most):
            return True
    return False


def _squares(total: int, n: int, scale: tuple[int, int] | None) -> tuple[int, float]:
    """Least and largest sum of squares of n whole numbers that add up to a total."""
    each, over = divmod(total, n)
    least = (n - over) * each**2 + over * (each + 1) ** 2
    if scale is None:
        return least, np.inf
    bottom, top = scale
    if not bottom * n <= total <= top * n:
        return least, -np.inf
    at_top, rest = divmod(total - bottom * n, top - bottom)
    most = at_top * top**2 + (n - at_top) * bottom**2
    if rest:
        most += (bottom + rest) ** 2 - bottom**2
    return least, most
