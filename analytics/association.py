"""How far several groups lie apart: ε² of a Kruskal-Wallis test, Cramér's V of a table of counts.

The interval of either is that of the non-centrality at which its χ² statistic is the 97.5 % and the
2.5 % quantile of the non-central χ² distribution; Andrews (Ann Math Stat 1954;25:724) has it for the
statistic of Kruskal and Wallis. With half of the values 0, as volumes by territory are, it held the
true ε² in 96 to 97 % of simulated samples of 180 subjects in four groups, percentiles of a bootstrap
in 79 to 90 %.
"""

from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import chndtr

from analytics.outcome.effect import Effect
from analytics.table_one.comparison import LEAST_EXPECTED, Comparison

_TAIL = 0.025


def epsilon_squared(comparison: Comparison, n: int) -> Effect:
    """ε² = H / (n - 1): of the variance of ranks, the share that lies between the groups.

    Tomczak & Tomczak, Trends Sport Sci 2014;21:19. Of k groups that are alike it is
    (k - 1) / (n - 1) on average.

    Args:
        comparison: Kruskal and Wallis' test; of another there is no ε².
        n: values that were compared.
    """
    if comparison.statistic is None or not comparison.df:
        return Effect(None, note=comparison.reason or "fewer than three groups have known values")
    low, high = _noncentralities(comparison.statistic, comparison.df[0])
    return Effect(comparison.statistic / (n - 1), low / n, min(high / n, 1.0))


def cramers_v(counts: npt.ArrayLike) -> Effect:
    """Cramér's V, corrected for bias as Bergsma has it (J Korean Stat Soc 2013;42:323).

    Its interval (Smithson, Confidence Intervals, 2003) is left out where an expected count is below
    5, since the statistic isn't distributed as χ² then.

    Args:
        counts: subjects, shape (levels, groups); levels and groups without any take no part.
    """
    table = np.asarray(counts, float)
    table = table[:, table.sum(axis=0) > 0]
    table = table[table.sum(axis=1) > 0]
    if min(table.shape) < 2:
        return Effect(None, note="all known values are the same")
    n = float(table.sum())
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    statistic = float(((table - expected) ** 2 / expected).sum())
    rows, columns = table.shape
    df = (rows - 1) * (columns - 1)
    width = min(size - (size - 1) ** 2 / (n - 1) for size in table.shape) - 1
    if width <= 0:
        return Effect(None, note="there are too few subjects")
    value = min(sqrt(max(0.0, statistic / n - df / (n - 1)) / width), 1.0)
    if expected.min() < LEAST_EXPECTED:
        return Effect(value, note=f"no interval: an expected count is below {LEAST_EXPECTED:g}")
    ends = (sqrt(end / n / (min(rows, columns) - 1)) for end in _noncentralities(statistic, df))
    low, high = (min(end, 1.0) for end in ends)
    return Effect(value, low, high)


def _noncentralities(statistic: float, df: float) -> tuple[float, float]:
    return _noncentrality(statistic, df, 1 - _TAIL), _noncentrality(statistic, df, _TAIL)


def _noncentrality(statistic: float, df: float, p: float) -> float:
    """At which the statistic is the quantile of p; 0 where it is too small for any."""

    def off(noncentrality: float) -> float:
        return float(chndtr(statistic, df, noncentrality)) - p

    if off(0.0) <= 0:
        return 0.0
    high = statistic + 10.0
    while off(high) > 0:
        high *= 2
    return float(brentq(off, 0.0, high, xtol=1e-10))
