"""The exact test of Fisher, and of Freeman and Halton (1951) for tables of any size.

p is the probability, given the margins, of all tables no more probable than the one observed, as
in R's `fisher.test`. As in the network algorithm of Mehta and Patel (1983), ways to fill columns
that leave the same of the rows, in any order of the rows, and are equally probable are counted
together. Here the columns are cut into two halves, filled each for itself, and the halves are
paired: the work grows with the ways to fill a half, not with those to fill the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from scipy import special

from analytics.table_one.values import Float, Int

MOST_WAYS = 1_500_000
"""Ways looked at in one step at most, some half second: beyond them the exact p is too dear."""

_SAME = 1e-7
"""Tables whose probabilities differ by less than this part count as equally probable, as in R."""

_MERGED = 11
"""Decimals of a logarithm up to which two ways are equally probable."""


@dataclass(frozen=True)
class _Half:
    """Ways to fill some columns, sorted by what they take of the rows, then by probability.

    Attributes:
        keys: what is taken of the rows, in order of size, as one number a set, shape (sets,).
        starts: where the ways of each set begin, and the end of the last, shape (sets + 1,).
        logs: logarithm of the weight of each way, shape (ways,).
        counts: ways that are alike, over all orders of the rows, shape (ways,).
        total: subjects of the columns.
    """

    keys: Int
    starts: Int
    logs: Float
    counts: Float
    total: int

    def ways(self, place: int) -> tuple[Float, Float]:
        """Logarithms and counts of the ways of one set."""
        found = slice(self.starts[place], self.starts[place + 1])
        return self.logs[found], self.counts[found]


@dataclass(frozen=True)
class _Margins:
    """Rows of the table, and what is looked up for them again and again.

    Attributes:
        rows: totals, in order of size, shape (rows,).
        sizes: what a unit of each row counts for in a key, shape (rows,).
        factorials: logarithms of 0!, 1!, … n!
    """

    rows: Int
    sizes: Int
    factorials: Float

    @classmethod
    def of(cls, table: Int) -> "_Margins":
        rows = np.sort(table.sum(axis=1))
        n = int(rows.sum())
        if (n + 1) ** len(rows) > np.iinfo(np.int64).max:
            raise _TooDearError  # a key wouldn't fit
        factorials = np.asarray(special.gammaln(np.arange(n + 1) + 1.0))
        return cls(rows, (n + 1) ** np.arange(len(rows)), factorials)

    def weights(self, parts: Int) -> Float:
        """Logarithms of the multinomial coefficients of rows of parts, shape (n,)."""
        return np.asarray(self.factorials[parts.sum(axis=1)] - self.factorials[parts].sum(axis=1))

    def keys(self, taken: Int) -> Int:
        """What is taken of the rows, in order of size, as one number, shape (n,)."""
        return np.asarray(taken @ self.sizes)


class _TooDearError(Exception):
    """More ways than are worth the time."""


def exact_p(table: Int) -> float | None:
    """Two-sided p by point probability; None where it is too dear.

    Args:
        table: counts without empty rows and columns, shape (rows, columns), two of each at least.
    """
    try:
        return _exact_p(min((table, table.T), key=_ways_to_fill))
    except _TooDearError:
        return None


def monte_carlo_p(table: Int, *, replicates: int, seed: int) -> float:
    """Estimate the same p from tables drawn at random: (b + 1) / (m + 1) (Davison, Hinkley 1997).

    Args:
        table: counts without empty rows and columns, shape (rows, columns).
        replicates: m, tables drawn.
        seed: of the draws.
    """
    random = np.random.default_rng(seed)
    columns = np.broadcast_to(table.sum(axis=0), (replicates, table.shape[1])).copy()
    logs = np.zeros(replicates)
    for total in table.sum(axis=1)[:-1]:
        row = _drawn_row(columns, int(total), random)
        columns -= row
        logs -= special.gammaln(row + 1.0).sum(axis=1)
    logs -= special.gammaln(columns + 1.0).sum(axis=1)
    observed = -float(special.gammaln(table + 1.0).sum())
    return float((logs <= observed + _SAME).sum() + 1) / (replicates + 1)


def _drawn_row(columns: Int, total: int, random: np.random.Generator) -> Int:
    """One row of each table, given what is left of the columns, shape (replicates, columns)."""
    row = np.zeros_like(columns)
    wanted = np.full(len(columns), total)
    left = columns.sum(axis=1)
    for place in range(columns.shape[1]):
        left = left - columns[:, place]
        row[:, place] = random.hypergeometric(columns[:, place], left, wanted)
        wanted = wanted - row[:, place]
    return row


def _ways_to_fill(table: Int) -> int:
    """Ways to fill the larger half, none of them merged."""
    return max(_product(half, len(table)) for half in _halves(table))


def _product(totals: Sequence[int], rows: int) -> int:
    product = 1
    for total in totals:
        product *= comb(total + rows - 1, rows - 1)
    return product


def _halves(table: Int) -> tuple[list[int], list[int]]:
    """Totals of the columns in two parts with about as many ways to fill each."""
    halves: tuple[list[int], list[int]] = ([], [])
    for total in sorted(map(int, table.sum(axis=0)), reverse=True):
        smaller = min(halves, key=lambda half: _product(half, len(table)))
        smaller.append(total)
    return halves


def _exact_p(table: Int) -> float:
    margins = _Margins.of(table)
    left, right = (_fill(half, margins) for half in _halves(table))
    observed = float(margins.weights(table.T).sum())
    return _paired(left, right, margins, most=observed + _SAME)


def _fill(totals: Sequence[int], margins: _Margins) -> _Half:
    """All ways to fill columns of these totals within the rows."""
    rows = margins.rows
    taken = np.zeros((1, len(rows)), dtype=np.int64)
    logs, counts = np.zeros(1), np.ones(1)
    for total in totals:
        parts = _compositions(total, np.full(len(rows), rows[-1]))
        if len(taken) * len(parts) > MOST_WAYS:
            raise _TooDearError
        logs = (logs[:, None] + margins.weights(parts)[None, :]).ravel()
        taken = np.sort((taken[:, None, :] + parts[None, :, :]).reshape(-1, len(rows)), axis=1)
        counts = np.repeat(counts, len(parts))
        fits = (taken <= rows).all(axis=1)
        taken, logs, counts = _merged(taken[fits], logs[fits], counts[fits], margins)
    keys = margins.keys(taken)
    starts = np.flatnonzero(np.append(True, np.diff(keys) != 0))
    return _Half(keys[starts], np.append(starts, len(keys)), logs, counts, sum(totals))


def _compositions(total: int, most: Int) -> Int:
    """Every way to write a total as a sum of parts that are bounded, shape (ways, parts)."""
    found = np.zeros((1, 0), dtype=np.int64)
    for place, bound in enumerate(most[:-1]):
        left = total - found.sum(axis=1)
        options = np.arange(min(int(bound), total) + 1)
        if len(found) * len(options) > MOST_WAYS:
            raise _TooDearError
        rest = int(most[place + 1 :].sum())
        fits = (options[None, :] <= left[:, None]) & (left[:, None] - options[None, :] <= rest)
        before, option = np.nonzero(fits)
        found = np.column_stack([found[before], options[option]])
    return np.column_stack([found, total - found.sum(axis=1)])


def _merged(taken: Int, logs: Float, counts: Float, margins: _Margins) -> tuple[Int, Float, Float]:
    """Ways alike in what they take and in probability, counted together, sorted by both."""
    keys = margins.keys(taken)
    order = np.lexsort((logs, keys))
    keys, logs = keys[order], logs[order]
    new = np.append(True, (np.diff(keys) != 0) | (np.diff(np.round(logs, _MERGED)) != 0))
    starts = np.flatnonzero(new)
    return taken[order[starts]], logs[starts], np.add.reduceat(counts[order], starts)


def _paired(left: _Half, right: _Half, margins: _Margins, *, most: float) -> float:
    """Probability of all pairs of ways that fill the rows and whose weight isn't above a bound."""
    taken = _compositions(left.total, margins.rows)
    rest = margins.rows - taken
    logs = margins.weights(taken) + margins.weights(rest)
    logs -= margins.weights(margins.rows[None, :])
    i = np.searchsorted(left.keys, margins.keys(np.sort(taken, axis=1)))
    j = np.searchsorted(right.keys, margins.keys(np.sort(rest, axis=1)))
    heaviest = left.logs[left.starts[i + 1] - 1] + right.logs[right.starts[j + 1] - 1]
    lightest = left.logs[left.starts[i]] + right.logs[right.starts[j]]
    whole = heaviest <= most
    total = float(np.exp(logs[whole]).sum())
    part = np.flatnonzero(~whole & (lightest <= most))
    _, first, times = np.unique(
        np.column_stack([i, j])[part], axis=0, return_index=True, return_counts=True
    )
    for place, repeats in zip(part[first], times, strict=True):
        share = _share_below(left.ways(i[place]), right.ways(j[place]), most)
        total += float(repeats * np.exp(logs[place])) * share
    return min(1.0, total)


def _share_below(a: tuple[Float, Float], b: tuple[Float, Float], most: float) -> float:
    """Share of pairs of ways, by their weight, whose logarithms add up to at most a bound."""
    (few, few_counts), (many, many_counts) = sorted((a, b), key=lambda ways: len(ways[0]))
    weights = few_counts * np.exp(few - few[-1])
    sums = np.append(0.0, np.cumsum(many_counts * np.exp(many - many[-1])))
    below = sums[np.searchsorted(many, most - few, side="right")]
    return float((weights * below).sum() / (weights.sum() * sums[-1]))
