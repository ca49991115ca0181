"""Whether the columns of a Table 1 differ: one test a variable, by its kind or as chosen.

Formulas are those of R's `t.test`, `oneway.test`, `wilcox.test`, `kruskal.test`, `chisq.test` and
`prop.trend.test`; values are known ones only, and columns without any take no part.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from analytics.table_one.choices import Adjustment, Test
from analytics.table_one.exact import exact_p, monte_carlo_p
from analytics.table_one.values import Float, Int

LEAST_EXPECTED = 5.0
"""Below this expected count, χ² is no good approximation (Cochran 1954)."""

_CONSTANT = 10 * np.finfo(float).eps
"""Spread, as a part of the mean, at which R calls values essentially constant."""


@dataclass(frozen=True)
class Comparison:
    """A test and what came of it.

    Attributes:
        test: its name; None where none was made.
        p: two-sided; None where none was made.
        statistic: of the test; an exact test has none.
        df: degrees of freedom.
        reason: why no test was made; None where one was.
        columns: places of the columns that took part.
        replicates: tables drawn at random; None where p is no estimate.
        seed: of the draws.
        p_adjusted: p adjusted for the number of tests in the table.
    """

    test: str | None = None
    p: float | None = None
    statistic: float | None = None
    df: tuple[float, ...] = ()
    reason: str | None = None
    columns: tuple[int, ...] = ()
    replicates: int | None = None
    seed: int | None = None
    p_adjusted: float | None = None


def compare_numbers(samples: Sequence[Float], test: Test) -> Comparison:
    """Compare numbers between columns.

    Args:
        samples: known numbers of each column, shape (n,) each.
        test: `welch` or `rank`.
    """
    columns = tuple(place for place, sample in enumerate(samples) if len(sample))
    if reason := _too_few(columns):
        return Comparison(reason=reason)
    known = [samples[place] for place in columns]
    if test == "welch":
        done = _welch_t(known) if len(known) == 2 else _welch_anova(known)
    else:
        done = _wilcoxon(known) if len(known) == 2 else _kruskal_wallis(known)
    return replace(done, columns=columns)


def compare_levels(table: Int, test: Test | None, *, replicates: int, seed: int) -> Comparison:
    """Compare shares of levels between columns.

    Args:
        table: subjects, shape (levels, columns).
        test: `chi2` or `fisher`; None for χ² where every expected count is 5 or more.
        replicates: tables drawn where the exact test is too dear.
        seed: of the draws.
    """
    columns = tuple(int(place) for place in np.flatnonzero(table.sum(axis=0)))
    if reason := _too_few(columns):
        return Comparison(reason=reason)
    table = table[:, columns]
    table = table[table.sum(axis=1) > 0]
    if len(table) < 2:
        return Comparison(reason="all known values are the same", columns=columns)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    if test == "chi2" or (test is None and expected.min() >= LEAST_EXPECTED):
        statistic = float(((table - expected) ** 2 / expected).sum())
        df = (table.shape[0] - 1) * (table.shape[1] - 1)
        p = float(special.chdtrc(df, statistic))
        return Comparison("Pearson chi-squared test", p, statistic, (df,), columns=columns)
    return replace(_fisher(table, replicates=replicates, seed=seed), columns=columns)


def compare_trend(table: Int, level_scores: Sequence[float]) -> Comparison:
    """Compare two columns over ordered levels, or two levels over ordered columns.

    The test of Cochran (1954) and Armitage (1955), two-sided; ordered columns score 1, 2, …

    Args:
        table: subjects, shape (levels, columns).
        level_scores: of the levels, shape (levels,).
    """
    columns = tuple(int(place) for place in np.flatnonzero(table.sum(axis=0)))
    if reason := _too_few(columns):
        return Comparison(reason=reason)
    kept = table.sum(axis=1) > 0
    scores = np.asarray(level_scores, float)[kept]
    table = table[kept][:, columns]
    if len(table) < 2:
        return Comparison(reason="all known values are the same", columns=columns)
    if table.shape[1] > 2:
        if len(table) > 2:
            return Comparison(reason="a trend needs two columns or two levels", columns=columns)
        table, scores = table[::-1].T, np.arange(1.0, table.shape[1] + 1)
    totals, share = table.sum(axis=1), table[:, 0].sum() / table.sum()
    centred = scores - (totals * scores).sum() / totals.sum()
    variance = share * (1 - share) * (totals * centred**2).sum()
    statistic = float((table[:, 0] * centred).sum() ** 2 / variance)
    p = float(special.chdtrc(1, statistic))
    return Comparison("Cochran-Armitage trend test", p, statistic, (1,), columns=columns)


def adjusted(comparisons: Sequence[Comparison], how: Adjustment) -> list[Comparison]:
    """Adjust the p-values of a table for their number.

    Holm (1979) keeps the chance of any false rejection, Benjamini and Hochberg (1995) the
    expected share of false ones.
    """
    tested = [c.p for c in comparisons if c.p is not None]
    if how == "none" or not tested:
        return list(comparisons)
    p = np.asarray(tested)
    order, m = np.argsort(p, kind="stable"), len(p)
    if how == "holm":
        stepped = np.maximum.accumulate(p[order] * np.arange(m, 0, -1))
    else:
        stepped = np.minimum.accumulate((p[order] * m / np.arange(1, m + 1))[::-1])[::-1]
    found = np.empty(m)
    found[order] = np.minimum(stepped, 1)
    left = iter(found)
    return [c if c.p is None else replace(c, p_adjusted=float(next(left))) for c in comparisons]


def _too_few(columns: Sequence[int]) -> str | None:
    if len(columns) > 1:
        return None
    return "fewer than two columns have known values"


def _welch_t(samples: Sequence[Float]) -> Comparison:
    if reason := _no_variance(samples):
        return Comparison(reason=reason)
    (m1, m2), (e1, e2) = _means(samples), _squared_errors(samples)
    if np.sqrt(e1 + e2) < _CONSTANT * max(abs(m1), abs(m2)):
        return Comparison(reason="the values do not vary within the columns")
    statistic = float((m1 - m2) / np.sqrt(e1 + e2))
    df = welch_df(samples)
    p = float(2 * special.stdtr(df, -abs(statistic)))
    return Comparison("Welch t-test", p, statistic, (df,))


def welch_df(samples: Sequence[Float]) -> float:
    """Degrees of freedom of Welch (1947) and Satterthwaite (1946), of two samples."""
    errors = _squared_errors(samples)
    parts = [e**2 / (len(s) - 1) for e, s in zip(errors, samples, strict=True)]
    return float(errors.sum() ** 2 / sum(parts))


def _welch_anova(samples: Sequence[Float]) -> Comparison:
    if reason := _no_variance(samples, each=True):
        return Comparison(reason=reason)
    k = len(samples)
    weights, means = 1 / _squared_errors(samples), _means(samples)
    lengths = np.array([len(sample) for sample in samples])
    total = weights.sum()
    spread = float(((1 - weights / total) ** 2 / (lengths - 1)).sum() / (k**2 - 1))
    centre = (weights * means).sum() / total
    above = float((weights * (means - centre) ** 2).sum())
    statistic = above / ((k - 1) * (1 + 2 * (k - 2) * spread))
    df = (float(k - 1), 1 / (3 * spread))
    return Comparison("Welch ANOVA", float(special.fdtrc(*df, statistic)), statistic, df)


def _no_variance(samples: Sequence[Float], *, each: bool = False) -> str | None:
    if any(len(sample) < 2 for sample in samples):
        return "a column has a single known value"
    still = [bool(np.ptp(sample) == 0) for sample in samples]
    return "the values do not vary within the columns" if (any if each else all)(still) else None


def _means(samples: Sequence[Float]) -> Float:
    return np.array([sample.mean() for sample in samples])


def _squared_errors(samples: Sequence[Float]) -> Float:
    return np.array([sample.var(ddof=1) / len(sample) for sample in samples])


def ranks(numbers: Float) -> tuple[Float, Int]:
    """Ranks from 1, ties sharing their mean, shape (n,), and how many share each value."""
    _, places, shared = np.unique(numbers, return_inverse=True, return_counts=True)
    middle = np.cumsum(shared) - (shared - 1) / 2
    return middle[places], shared


def _wilcoxon(samples: Sequence[Float]) -> Comparison:
    n1, n2 = map(len, samples)
    ranked, shared = ranks(np.concatenate(samples))
    if len(shared) < 2:
        return Comparison(reason="all known values are the same")
    statistic = float(ranked[:n1].sum() - n1 * (n1 + 1) / 2)
    n, tied = n1 + n2, shared.astype(float)
    lost = float((tied**3 - tied).sum()) / (n * (n - 1))
    deviation = np.sqrt(n1 * n2 / 12 * (n + 1 - lost))
    centred = statistic - n1 * n2 / 2
    z = (centred - np.sign(centred) * 0.5) / deviation
    p = float(2 * special.ndtr(-abs(z)))
    return Comparison("Wilcoxon rank-sum test", p, statistic)


def _kruskal_wallis(samples: Sequence[Float]) -> Comparison:
    ranked, shared = ranks(np.concatenate(samples))
    if len(shared) < 2:
        return Comparison(reason="all known values are the same")
    n, tied = len(ranked), shared.astype(float)
    ends = np.cumsum([len(sample) for sample in samples])[:-1]
    parts = np.split(ranked, ends)
    apart = sum(len(part) * (float(part.mean()) - (n + 1) / 2) ** 2 for part in parts)
    statistic = 12 * apart / (n * (n + 1)) / (1 - float((tied**3 - tied).sum()) / (n**3 - n))
    df = len(samples) - 1
    p = float(special.chdtrc(df, statistic))
    return Comparison("Kruskal-Wallis test", p, statistic, (df,))


def _fisher(table: Int, *, replicates: int, seed: int) -> Comparison:
    name = "Fisher exact test" if table.shape == (2, 2) else "Fisher-Freeman-Halton exact test"
    p = exact_p(table)
    if p is not None:
        return Comparison(name, p)
    drawn = name.replace("exact test", "test, Monte Carlo")
    p = monte_carlo_p(table, replicates=replicates, seed=seed)
    return Comparison(drawn, p, replicates=replicates, seed=seed)
