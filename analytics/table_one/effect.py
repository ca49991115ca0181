"""How far apart two columns are: standardised mean differences, and differences with intervals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import fsum, sqrt

import numpy as np
from scipy import special

from analytics.table_one.comparison import ranks, welch_df
from analytics.table_one.location import median_difference
from analytics.table_one.values import Float, Int
from analytics.wilson import wilson

ALIKE = 0.1
"""An SMD below this is commonly called negligible (Austin 2009)."""

Z = float(special.ndtri(0.975))


@dataclass(frozen=True)
class Smd:
    """A standardised mean difference of two columns, the first minus the second.

    Attributes:
        value: None where it isn't defined.
        low: lower end of its 95 % interval.
        high: upper end.
        method: how it was computed, as a footnote says it.
        reason: why it isn't defined; None where it is.
        columns: places of the two columns.
        by_chance: what it stays below in 95 of 100 draws of all columns from one population; where
            it is one of several pairs, what all of them stay below (by Bonferroni).
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    method: str = ""
    reason: str | None = None
    columns: tuple[int, int] = (0, 1)
    by_chance: float | None = None


@dataclass(frozen=True)
class Difference:
    """A difference of two columns, the first minus the second, with its 95 % interval.

    Attributes:
        value: in the variable's unit, or in percentage points.
        low: lower end of the interval.
        high: upper end.
        method: how it was computed, as a footnote says it.
    """

    value: float
    low: float
    high: float
    method: str


MEANS = "of numbers, the difference of means over the root of the mean variance"
SHARES = (
    "of levels, the distance of their shares (Yang and Dalton 2012), without a sign but for flags,"
    " and by chance the larger the more levels there are"
)
RANKS = "of scores, the difference of mean ranks over the root of their mean variance"


def smd_of_numbers(first: Float, second: Float, *, of_ranks: bool = False, pairs: int = 1) -> Smd:
    """(m1 - m2) / √((s1² + s2²) / 2), of values or of their ranks in both columns together.

    Args:
        first: known numbers of the first column, shape (n,).
        second: those of the second.
        of_ranks: whether ranks are taken.
        pairs: of columns that are looked at, of which this is one.
    """
    sizes = len(first), len(second)
    if min(sizes) < 2:
        return Smd(reason="a column has fewer than two known values")
    if of_ranks:
        ranked, _ = ranks(np.concatenate([first, second]))
        first, second = ranked[: sizes[0]], ranked[sizes[0] :]
    spread = float(np.sqrt((first.var(ddof=1) + second.var(ddof=1)) / 2))
    if spread <= 1e-12 * max(abs(first.mean()), abs(second.mean())):
        return Smd(reason="the values do not vary within the columns")
    distance = float(first.mean() - second.mean()) / spread
    return _with_interval(distance, sizes, RANKS if of_ranks else MEANS, pairs=pairs)


def smd_of_levels(table: Int, *, signed: bool = False, pairs: int = 1) -> Smd:
    """Mahalanobis distance of the shares of the levels (Yang and Dalton 2012).

    Args:
        table: subjects of two columns, shape (levels, 2).
        signed: of two levels, whether the sign of the last one's difference is kept.
        pairs: of columns that are looked at, of which this is one.
    """
    sizes = tuple(map(int, table.sum(axis=0)))
    if not all(sizes):
        return Smd(reason="a column has no known values")
    table = table[table.sum(axis=1) > 0]
    if len(table) < 2:
        return Smd(reason="all known values are the same")
    if not (table > 0).all(axis=1).any():
        return Smd(reason="the columns share no level")
    shares = table / table.sum(axis=0)
    distance = sqrt(max(_squared_distance(shares), 0.0))
    if signed and len(table) == 2 and shares[1, 0] < shares[1, 1]:
        distance = -distance
    df = len(table) - 1
    return _with_interval(distance, (sizes[0], sizes[1]), SHARES, df=df, pairs=pairs)


def _squared_distance(shares: Float) -> float:
    """D' S⁻¹ d without the level that both columns have most of, S being the mean covariance.

    S is diagonal but for a matrix of rank two, so that it is inverted by sums (Woodbury 1950):
    unlike those of a linear solver, they come out alike to the last digit on any machine.

    Args:
        shares: of levels that occur, shape (levels, 2), one at least above 0 in both columns.
    """
    p, q = np.delete(shares, int(shares.min(axis=1).argmax()), axis=0).T
    d, weights = p - q, 2 / (p + q)
    pp, pq, qq, pd, qd, dd = (
        fsum(weights * a * b) for a, b in ((p, p), (p, q), (q, q), (p, d), (q, d), (d, d))
    )
    determinant = (2 - pp) * (2 - qq) - pq**2
    return dd + ((2 - qq) * pd**2 + 2 * pq * pd * qd + (2 - pp) * qd**2) / determinant


def _with_interval(
    d: float, sizes: tuple[int, int], method: str, *, df: int = 1, pairs: int = 1
) -> Smd:
    """The interval of Hedges and Olkin (1985)."""
    n, product = sum(sizes), sizes[0] * sizes[1]
    half = 1.96 * float(np.sqrt(n / product + d**2 / (2 * n)))
    by_chance = float(np.sqrt(special.chdtri(df, 0.05 / pairs) * n / product))
    return Smd(d, d - half, d + half, method, by_chance=by_chance)


def smd_pairs(samples: Sequence[Float], *, of_ranks: bool) -> tuple[Smd, ...]:
    """The SMD of numbers for every pair of columns."""
    places = list(combinations(range(len(samples)), 2))
    return tuple(
        replace(
            smd_of_numbers(samples[i], samples[j], of_ranks=of_ranks, pairs=len(places)),
            columns=(i, j),
        )
        for i, j in places
    )


def smd_pairs_of_levels(table: Int, *, signed: bool) -> tuple[Smd, ...]:
    """The SMD of levels for every pair of columns of a table, shape (levels, columns)."""
    places = list(combinations(range(table.shape[1]), 2))
    return tuple(
        replace(smd_of_levels(table[:, [i, j]], signed=signed, pairs=len(places)), columns=(i, j))
        for i, j in places
    )


def largest(pairs: Sequence[Smd]) -> Smd | None:
    """The SMD of two columns; of more, the largest of any pair, without an interval.

    An interval holds for a pair that was named before, not for the one that came out on top.
    """
    if len(pairs) < 2:
        return pairs[0] if pairs else None
    defined = [smd for smd in pairs if smd.value is not None]
    if not defined:
        return pairs[0]
    found = max(defined, key=lambda smd: abs(smd.value or 0.0))
    return replace(found, low=None, high=None)


def difference_of_means(first: Float, second: Float) -> Difference | None:
    """With the interval of Welch (1947); None where a column has fewer than two values."""
    if min(len(first), len(second)) < 2 or not (np.ptp(first) or np.ptp(second)):
        return None
    error = np.sqrt(first.var(ddof=1) / len(first) + second.var(ddof=1) / len(second))
    half = float(special.stdtrit(welch_df((first, second)), 0.975) * error)
    value = float(first.mean() - second.mean())
    return Difference(value, value - half, value + half, "of means, by Welch")


def difference_of_locations(first: Float, second: Float) -> Difference | None:
    """Hodges and Lehmann's (1963), with the interval of Moses; None where a column is empty."""
    if not (len(first) and len(second)):
        return None
    value, low, high = median_difference(first, second, z=Z)
    method = "of locations, the median of all pairwise differences, by Hodges, Lehmann and Moses"
    return Difference(value, low, high, method)


def difference_of_shares(counts: tuple[int, int], known: tuple[int, int]) -> Difference | None:
    """In percentage points, with the interval of Newcombe (1998, method 10); None without values.

    Args:
        counts: subjects with the level.
        known: known values.
    """
    if not all(known):
        return None
    p = [count / n for count, n in zip(counts, known, strict=True)]
    (l1, u1), (l2, u2) = (map(float, wilson(share, n)) for share, n in zip(p, known, strict=True))
    value = p[0] - p[1]
    low = value - np.hypot(p[0] - l1, u2 - p[1])
    high = value + np.hypot(u1 - p[0], p[1] - l2)
    method = "of shares in percentage points, by Newcombe"
    return Difference(100 * value, float(100 * low), float(100 * high), method)
