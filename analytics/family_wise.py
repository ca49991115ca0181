"""Many tests of one score corrected together, by permuting it.

A statistic counts if it is beyond what chance gives the largest of all of them, two-sided: the
chance that any of a map without effects counts is then at most `ALPHA`, however the tests hang
together (Nichols & Holmes, Hum Brain Mapp 2002;15:1).
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from analytics.lesion_patterns import LesionPatterns
from data_loader.errors import AnalysisError
from data_loader.progress import Report

ALPHA = 0.05
"""Chance of any false positive in a whole map."""

FEWEST_PERMUTATIONS, MOST_PERMUTATIONS = round(1 / ALPHA) - 1, 100_000

_AT_ONCE = 32
_ROUNDING = 1e-6
"""Part of a statistic by which the same arrangement of scores may differ."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Statistic(Protocol):
    """A test of one score against lesion status."""

    def observed(self, patterns: LesionPatterns) -> Floats:
        """The statistic of every pattern."""

    def largest(self, patterns: LesionPatterns, permutations: Ints) -> Floats:
        """The largest absolute statistic over all patterns, of each permutation."""


@dataclass(frozen=True)
class Corrected:
    """Statistics with what corrects them.

    Attributes:
        statistic: of each pattern.
        p: of each, corrected for all: (b + 1) / (m + 1), b being those of m permutations whose
            largest statistic reaches it (Phipson & Smyth, Stat Appl Genet Mol Biol 2010;9:39).
        critical: what an absolute statistic must exceed for a p of at most `ALPHA`.
    """

    statistic: Floats
    p: Floats
    critical: float


def correct(
    statistic: Statistic, patterns: LesionPatterns, *, permutations: int, seed: int, report: Report
) -> Corrected:
    """Test all patterns.

    Args:
        statistic: of the score.
        patterns: at least one, of the same subjects.
        permutations: of the score.
        seed: of their draw.
        report: told of permutations; what it raises ends the work.

    Raises:
        AnalysisError: so few or so many permutations make no sense.
    """
    if not FEWEST_PERMUTATIONS <= permutations <= MOST_PERMUTATIONS:
        raise AnalysisError(
            f"{permutations:,} permutations can't be made: {FEWEST_PERMUTATIONS} are needed for a p"
            f" of {ALPHA:g}, and {MOST_PERMUTATIONS:,} are the most."
        )
    report(0, permutations)
    observed = statistic.observed(patterns)
    rng, done, found = np.random.default_rng(seed), 0, []
    while done < permutations:
        count = min(_AT_ONCE, permutations - done)
        unpermuted = np.tile(np.arange(patterns.subjects), (count, 1))
        found.append(statistic.largest(patterns, rng.permuted(unpermuted, axis=1)))
        done += count
        report(done, permutations)
    largest = np.sort(np.concatenate(found))
    below = np.searchsorted(largest, np.abs(observed) * (1 - _ROUNDING))
    return Corrected(
        statistic=observed,
        p=np.asarray((permutations - below + 1) / (permutations + 1)),
        critical=float(largest[-int(ALPHA * (permutations + 1) + _ROUNDING)]),
    )
