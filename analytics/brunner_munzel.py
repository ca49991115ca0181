"""Brunner and Munzel's statistic of a score against lesion status, for many patterns at once.

The statistic (Biometrical Journal 2000;42:17) compares subjects with a lesion and those without by
ranks: the difference of the mean ranks over its standard error, which allows the two to spread
differently. With `below` the number of subjects of the other group that have a lower score, those
with the same for a half, it needs of each group no more than the sum of `below` and of its square.

The sums are exact from how many of the lesioned have each value of the score, at the cost of one
step a value. Only few of the permuted statistics are worth that: where the largest is sought, a
bound that takes three sparse products says which ones can be. The bound holds since the squares
within a half of the scores add up to no less than those of their mean (Cauchy and Schwarz).
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from analytics.lesion_patterns import LesionPatterns

_LEAST_VARIANCE = 0.5
"""Of perfectly separated groups it is 0; a single tie between them would make it this."""

_ROUNDING = 1e-5
"""Allowed for in the bound, whose sums are of single precision."""

_PAIRS_AT_ONCE = 512

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Array = npt.NDArray[Any]
"""Of double precision where it is exact, of single precision where it bounds."""


class BrunnerMunzel:
    """The statistic of one score: positive where subjects with a lesion have the higher score.

    Args:
        score: of each subject, with two values or more.
    """

    def __init__(self, score: Floats) -> None:
        levels, level = np.unique(score, return_inverse=True)
        self._counts = np.bincount(level)
        self._upto = np.cumsum(self._counts)
        self._ascending = np.argsort(level, kind="stable")
        self._below = (self._upto - self._counts / 2)[level].astype(np.float32)
        middle = min(int(np.searchsorted(self._upto, len(score) / 2)), len(levels) - 2)
        low = int(self._upto[middle])
        self._is_low = level <= middle
        self._halves = (low, len(score) - low)
        self._subjects = len(score)

    def observed(self, patterns: LesionPatterns) -> Floats:
        """The statistic of every pattern."""
        parts = (patterns.matrix[rows].toarray() for rows in patterns.blocks())
        return np.concatenate([self._statistic(part[:, self._ascending]) for part in parts])

    def largest(self, patterns: LesionPatterns, permutations: Ints) -> Floats:
        """The largest absolute statistic over all patterns, of each permutation.

        Args:
            patterns: at least one.
            permutations: shape (permutations, subjects): whose score each subject gets.
        """
        best = np.zeros(len(permutations))
        operand = self._operand(permutations)
        ascending = np.argsort(permutations, axis=1)[:, self._ascending]
        for rows in patterns.blocks():
            block = patterns.matrix[rows]
            bound = self._bound(block @ operand, patterns.lesions[rows])
            columns = np.flatnonzero(bound.max(axis=0) > best)
            self._raise(best, block, ascending, (bound.argmax(axis=0)[columns], columns))
            self._raise(best, block, ascending, np.nonzero(bound > best))
        return best

    def _raise(
        self, best: Floats, block: csr_matrix, ascending: Ints, pairs: tuple[Ints, ...]
    ) -> None:
        """Raise the largest to the exact statistics of pairs of pattern and permutation."""
        for start in range(0, len(pairs[0]), _PAIRS_AT_ONCE):
            rows, columns = (places[start : start + _PAIRS_AT_ONCE] for places in pairs)
            lesioned = np.take_along_axis(block[rows].toarray(), ascending[columns], axis=1)
            np.maximum.at(best, columns, np.abs(self._statistic(lesioned)))

    def _statistic(self, lesioned: Array) -> Floats:
        """Exact, of rows whose columns stand in ascending order of the score."""
        upto = np.cumsum(lesioned, axis=1, dtype=np.float32)[:, self._upto - 1].astype(np.float64)
        at = np.diff(upto, axis=1, prepend=0)
        lesioned_below = upto - at / 2
        spared_below = self._upto - self._counts / 2 - lesioned_below
        n = upto[:, -1]
        of_lesioned = _sums(at, spared_below)
        of_spared = _sums(self._counts - at, lesioned_below)
        variance = _variance(of_lesioned, n) + _variance(of_spared, self._subjects - n)
        return _over_error(of_lesioned[0] - n * (self._subjects - n) / 2, variance)

    def _operand(self, permutations: Ints) -> Array:
        """What patterns are multiplied by: who is in the lower half, `below` in it and above."""
        is_low, below = self._is_low[permutations].T, self._below[permutations].T
        parts = (is_low, np.where(is_low, below, 0), np.where(is_low, 0, below))
        return np.hstack(parts).astype(np.float32)

    def _bound(self, products: Array, lesions: Ints) -> Array:
        """What the absolute statistic is at most, shape (patterns, permutations)."""
        low, *ranks = np.hsplit(products, 3)
        n = lesions.astype(np.float32)[:, None]
        of_lesioned = of_spared = (np.zeros_like(low), np.zeros_like(low))
        lesioned_before, before = np.zeros_like(n), 0.0
        for at, rank, size in zip((low, n - low), ranks, self._halves, strict=True):
            # The number of lesioned below, added up over the lesioned and over all of this half.
            within = at * (2 * lesioned_before + at) / 2
            over_all = size * lesioned_before + (before + size) * at - rank
            of_lesioned = _with_half(of_lesioned, rank - within, at)
            of_spared = _with_half(of_spared, over_all - within, size - at)
            lesioned_before, before = lesioned_before + at, before + size
        others = self._subjects - n
        variance = _variance(of_lesioned, n) + _variance(of_spared, others)
        variance -= _ROUNDING * n * others * self._subjects
        return np.abs(_over_error(of_lesioned[0] - n * others / 2, variance))


def _sums(weights: Array, values: Array) -> tuple[Array, Array]:
    """Weighted sums of values and of their squares, a row each."""
    return np.einsum("ij,ij->i", weights, values), np.einsum("ij,ij,ij->i", weights, values, values)


def _with_half(sums: tuple[Array, Array], added: Array, count: Array) -> tuple[Array, Array]:
    """Sum, and what the sum of squares is at least, with those of one half added."""
    return sums[0] + added, sums[1] + added * added / np.maximum(count, 1)


def _variance(sums: tuple[Array, Array], count: Array) -> Array:
    """Variance of values times their number, from their sum and that of their squares."""
    return np.asarray((sums[1] - sums[0] * sums[0] / count) * (count / (count - 1)))


def _over_error(difference: Array, variance: Array) -> Array:
    return np.asarray(difference / np.sqrt(np.maximum(variance, _LEAST_VARIANCE)))
