"""Utility-weighted mRS: each level counts as much as a life with it is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from scipy.special import stdtr, stdtrit

from analytics.outcome.effect import Effect
from analytics.outcome.ranks import Counts


@dataclass(frozen=True)
class WeightSet:
    """Utilities of mRS 0 to 6.

    Attributes:
        key: names it in addresses and JSON.
        label: as a reader sees it.
        weights: of mRS 0 to 6; 1 is perfect health and 0 is dead.
        source: where they come from.
    """

    key: str
    label: str
    weights: tuple[float, ...]
    source: str


WEIGHT_SETS: Mapping[str, WeightSet] = {
    one.key: one
    for one in (
        WeightSet(
            "wang_2020",
            "Wang 2020",
            (0.96, 0.83, 0.72, 0.54, 0.22, -0.18, 0.0),
            "Wang et al., Stroke 2020;51:2411: EQ-5D of 22,946 patients of eight trials",
        ),
        WeightSet(
            "dawn",
            "DAWN",
            (1.0, 0.91, 0.76, 0.65, 0.33, 0.0, 0.0),
            "Chaisinanunkul et al., Stroke 2015;46:2238, as used in the DAWN trial",
        ),
    )
}


@dataclass(frozen=True)
class UtilityDifference:
    """Mean utility of two groups.

    Attributes:
        weights: whose utilities.
        means: of the first group and the second; None where a group is empty.
        difference: second less first, with Welch's interval.
        p: of Welch's t test, two-sided; None where it isn't defined.
    """

    weights: WeightSet
    means: tuple[float | None, float | None]
    difference: Effect
    p: float | None

    def as_dict(self) -> dict[str, Any]:
        """Unrounded, for JSON."""
        difference = self.difference.as_dict() | {"p": self.p}
        return {"weights": self.weights.key, "means": list(self.means), "difference": difference}


def compare_utility(counts: Counts, weights: WeightSet) -> UtilityDifference:
    """Compare the mean utility of two groups: Welch, Biometrika 1947;34:28.

    Args:
        counts: subjects by group and mRS, shape (2, 7).
        weights: utilities of the levels.
    """
    values, sizes = np.asarray(weights.weights), counts.sum(axis=1)
    first, second = (
        float(own @ values / n) if n else None for own, n in zip(counts, sizes, strict=True)
    )
    means = first, second
    if first is None or second is None:
        return UtilityDifference(weights, means, Effect(None, note="a group is empty"), None)
    difference = second - first
    if min(sizes) < 2:
        note = "no interval: a group has a single subject"
        return UtilityDifference(weights, means, Effect(difference, note=note), None)
    parts = [
        float(own @ (values - mean) ** 2) / ((n - 1) * n)
        for own, mean, n in zip(counts, (first, second), sizes, strict=True)
    ]
    if not sum(parts):
        note = "no interval: nobody differs within the groups"
        return UtilityDifference(weights, means, Effect(difference, note=note), None)
    error = sqrt(sum(parts))
    df = sum(parts) ** 2 / sum(v**2 / (n - 1) for v, n in zip(parts, sizes, strict=True))
    half = float(stdtrit(df, 0.975)) * error
    p = 2 * float(stdtr(df, -abs(difference) / error))
    interval = Effect(difference, difference - half, difference + half)
    return UtilityDifference(weights, means, interval, p)
