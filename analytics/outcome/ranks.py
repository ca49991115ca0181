"""Groups compared by rank: Wilcoxon, Kruskal-Wallis and win odds, from counts per level.

All of them depend on the data through how many of each group have each value, so that a published
table gives the same numbers as the rows behind it.
"""

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
import numpy.typing as npt

from analytics.outcome.effect import Z95, Effect
from analytics.table_one.comparison import compare_numbers

Counts = npt.NDArray[np.int64]
"""Subjects by group and level, shape (groups, levels), levels rising."""


@dataclass(frozen=True)
class RankTest:
    """A test of whether groups have the same distribution.

    Attributes:
        name: of the test; empty where none was made.
        statistic: Wilcoxon's W of the first group, or Kruskal and Wallis' H.
        df: degrees of freedom of H; None for W.
        p: two-sided; None where no test was made.
        note: why none was made; empty where one was.
    """

    name: str
    statistic: float | None
    df: int | None
    p: float | None
    note: str = ""


@dataclass(frozen=True)
class WinOdds:
    """Odds that a subject of the second group does better than one of the first.

    Attributes:
        odds: (wins + ties / 2) / (losses + ties / 2), with its interval.
        wins: share of pairs in which the second has the lower value.
        ties: share of pairs in which both have the same.
        losses: share of pairs in which the second has the higher value.
    """

    odds: Effect
    wins: float
    ties: float
    losses: float


def rank_test(counts: Counts) -> RankTest:
    """Wilcoxon's rank-sum test of two groups, Kruskal and Wallis' of more, as Table 1 makes them.

    W counts the pairs in which the first group has the higher value, a tie for a half.

    Args:
        counts: of two groups or more; those that are empty take no part.
    """
    levels = np.arange(counts.shape[1], dtype=float)
    found = compare_numbers([np.repeat(levels, group) for group in counts], "rank")
    df = int(found.df[0]) if found.df else None
    return RankTest(found.test or "", found.statistic, df, found.p, found.reason or "")


def win_odds(counts: Counts) -> WinOdds | None:
    """Win odds of the second group against the first; a lower value wins, ties are split.

    The share of wins is an area under the ROC curve; its variance is DeLong's (Biometrics
    1988;44:837), and the interval is laid on the scale of log odds, so that it stays above 0:
    Brunner, Vandemeulebroecke & Mütze, Stat Med 2021;40:3367.

    Args:
        counts: of two groups.

    Returns:
        None where a group is empty.
    """
    if not counts.sum(axis=1).all():
        return None
    pairs = np.outer(counts[0], counts[1])
    wins, ties = int(np.tril(pairs, -1).sum()), int(np.trace(pairs))
    n = int(pairs.sum())
    losses = n - wins - ties
    return WinOdds(_odds((2 * wins + ties) / (2 * n), counts), wins / n, ties / n, losses / n)


def _odds(theta: float, counts: Counts) -> Effect:
    if theta in (0.0, 1.0):
        return Effect(None, note=f"the second group {'wins' if theta else 'loses'} every pair")
    odds = theta / (1 - theta)
    if (counts.sum(axis=1) < 2).any():
        return Effect(odds, note="no interval: a group has a single subject")
    others = counts[::-1]
    variance = sum(
        _variance(_below(other) / other.sum(), own) / own.sum()
        for own, other in zip(counts, others, strict=True)
    )
    if variance <= 0:
        return Effect(odds, note="no interval: nobody differs within the groups")
    half = Z95 * sqrt(variance) / (theta * (1 - theta))
    return Effect(odds, exp(log(odds) - half), exp(log(odds) + half))


def _below(counts: Counts) -> npt.NDArray[np.float64]:
    """Of each level, how many have a lower one, those of the same for a half."""
    return np.asarray(np.cumsum(counts) - counts / 2)


def _variance(values: npt.NDArray[np.float64], weights: Counts) -> float:
    n = float(weights.sum())
    mean = float((values * weights).sum()) / n
    return float((weights * (values - mean) ** 2).sum()) / (n - 1)
