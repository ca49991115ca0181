"""The shift between two samples: median of all pairwise differences, without listing them all."""

from math import floor, sqrt

import numpy as np

from analytics.table_one.values import Float

_MOST_LISTED = 4_000_000
"""Pairs of distinct values that are listed; more are searched."""

_CLOSE = 1e-13
"""Part of the range of the differences to which a search comes close."""


def median_difference(first: Float, second: Float, *, z: float) -> tuple[float, float, float]:
    """Hodges-Lehmann estimate and Moses' interval by normal approximation.

    The interval runs from the C-th smallest to the C-th largest of the differences, where
    C = n1 n2 / 2 - z √(n1 n2 (n1 + n2 + 1) / 12), as in Hollander, Wolfe and Chicken (2014).

    Args:
        first: numbers, shape (n1,), one at least.
        second: numbers, shape (n2,), one at least.
        z: quantile of the normal distribution.

    Returns:
        Estimate, low and high, in the unit of the numbers; first minus second.
    """
    n1, n2 = len(first), len(second)
    pairs = n1 * n2
    c = max(1, floor(pairs / 2 - z * sqrt(pairs * (n1 + n2 + 1) / 12)))
    wanted = [c, (pairs + 1) // 2, pairs // 2 + 1, pairs + 1 - c]
    low, below, above, high = _ranked_differences(first, second, wanted)
    return below + (above - below) / 2, low, high


def _ranked_differences(first: Float, second: Float, wanted: list[int]) -> list[float]:
    """The differences of these ranks, from 1."""
    a, a_times = np.unique(first, return_counts=True)
    b, b_times = np.unique(second, return_counts=True)
    if len(a) * len(b) > _MOST_LISTED:
        return [_search(np.sort(first), np.sort(second), rank) for rank in wanted]
    differences = (a[:, None] - b[None, :]).ravel()
    order = np.argsort(differences)
    reached = np.cumsum((a_times[:, None] * b_times[None, :]).ravel()[order])
    return [float(differences[order[np.searchsorted(reached, rank)]]) for rank in wanted]


def _search(first: Float, second: Float, rank: int) -> float:
    """Halve the range of the differences around one of them; both samples are sorted."""
    low, high = float(first[0] - second[-1]), float(first[-1] - second[0])
    closest = _CLOSE * max(abs(low), abs(high))
    while high - low > closest:
        middle = low + (high - low) / 2
        reached = int(np.searchsorted(first, second + middle, side="right").sum())
        low, high = (low, middle) if reached >= rank else (middle, high)
    return high
