"""What is printed of a variable: mean and SD, quantiles, counts and percentages."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from analytics.table_one.values import Float, Int


@dataclass(frozen=True)
class Numbers:
    """Summary of the known numbers of one column; None where it isn't defined or is hidden.

    Attributes:
        mean: arithmetic.
        sd: with n - 1.
        median: as the quartiles, by linear interpolation (type 7 of Hyndman and Fan 1996).
        q1: first quartile.
        q3: third quartile.
        min: least value.
        max: largest value.
    """

    mean: float | None = None
    sd: float | None = None
    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    min: float | None = None
    max: float | None = None

    def as_dict(self) -> dict[str, float | None]:
        """By name, for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Share:
    """How many subjects of one column have a level; None where that is hidden.

    Attributes:
        count: of them.
        percent: of the known values of the column; None where there are none too.
    """

    count: int | None = None
    percent: float | None = None

    def as_dict(self) -> dict[str, float | int | None]:
        """By name, for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Known:
    """How many values of one column are known; None where that is hidden.

    Attributes:
        n: known values.
        missing: values that exist and aren't known.
        structural: blanks that can't have a value.
    """

    n: int | None
    missing: int | None
    structural: int | None


def summarise_numbers(numbers: Float) -> Numbers | None:
    """Summarise the known numbers of a column, shape (n,); None where there are none."""
    n = len(numbers)
    if not n:
        return None
    ranked = np.sort(numbers)
    mean = float(numbers.mean())
    q1, median, q3 = (_quantile(ranked, share) for share in (0.25, 0.5, 0.75))
    return Numbers(
        mean=mean,
        sd=float(numbers.std(ddof=1)) if n > 1 else None,
        median=median,
        q1=q1,
        q3=q3,
        min=float(ranked[0]),
        max=float(ranked[-1]),
    )


def _quantile(ranked: Float, share: float) -> float:
    place = (len(ranked) - 1) * share
    below = int(place)
    above = min(below + 1, len(ranked) - 1)
    low, high = float(ranked[below]), float(ranked[above])
    return low if low == high else low + (place - below) * (high - low)


def shares_of(counts: Int | Sequence[int], known: Int) -> tuple[Share, ...]:
    """Counts of one level by column, with their percentages of the known values.

    Args:
        counts: subjects with the level, shape (columns,).
        known: known values, shape (columns,).
    """
    return tuple(
        Share(int(count), 100 * int(count) / int(n) if n else None)
        for count, n in zip(counts, known, strict=True)
    )
