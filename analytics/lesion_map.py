"""How often each voxel of standard space has a lesion: in a cohort, and in two groups of it."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from analytics.peaks import Peak, highest
from analytics.standard_space import lesion_counts
from data_loader.errors import AnalysisError

if TYPE_CHECKING:
    from data_loader.standard_index import CohortRuns

Counts = npt.NDArray[np.int32]
Singles = npt.NDArray[np.float32]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class OverlapMap:
    """Lesion frequency of a cohort.

    Attributes:
        counts: subjects with a lesion by voxel, a volume of shape `standard_space.SHAPE`.
        n: subjects whose lesion is known in standard space, those without any included.
        least: fewest lesions with which a voxel is shown.
    """

    counts: Counts
    n: int
    least: int = 1

    @cached_property
    def shown(self) -> Counts:
        """The counts, 0 where they are below the minimum."""
        return np.where(self.counts >= self.least, self.counts, 0)

    @property
    def percent(self) -> Singles:
        """The counts shown as percentages of the subjects."""
        return np.asarray(self.shown.astype(np.float32) * np.float32(100 / self.n))

    @cached_property
    def peaks(self) -> tuple[Peak, ...]:
        """Where most subjects have a lesion: the count, and the position in mm."""
        return highest(self.counts)


@dataclass(frozen=True)
class DifferenceMap:
    """Lesion frequency of one group less that of another.

    Attributes:
        counts: subjects with a lesion by voxel, of both groups.
        n: subjects of both groups.
        least: fewest lesions, of both groups together, with which a voxel is shown.
    """

    counts: tuple[Counts, Counts]
    n: tuple[int, int]
    least: int = 1

    @property
    def is_shown(self) -> Bool:
        """Whether a voxel has lesions enough."""
        return np.asarray(self.counts[0] + self.counts[1] >= self.least)

    @property
    def percent(self) -> Singles:
        """Percentage of the first group less that of the second; 0 where nothing is shown."""
        first, second = (
            counts * np.float32(100 / n) for counts, n in zip(self.counts, self.n, strict=True)
        )
        return np.where(self.is_shown, first - second, np.float32(0))

    @property
    def z(self) -> Singles:
        """The difference over its standard error if there were none; 0 where nothing is shown.

        Its square is Pearson's chi-squared without continuity correction. It isn't corrected for
        the number of voxels: `symptom_map` does that, of the group as a score of 0 and 1.
        """
        a, b = self.n
        share = (self.counts[0] + self.counts[1]) / np.float32(a + b)
        error = 100 * np.sqrt(share * (1 - share) * np.float32(1 / a + 1 / b))
        return np.asarray(self.percent / np.where(error > 0, error, np.inf), np.float32)


def overlap_map(lesions: "CohortRuns", *, least: int = 1) -> OverlapMap:
    """Count a cohort's lesions at every voxel.

    Args:
        lesions: of all its subjects.
        least: fewest lesions with which a voxel is shown.

    Raises:
        AnalysisError: nobody has a lesion map in standard space.
    """
    return OverlapMap(_counts(lesions), len(lesions.subjects), max(least, 1))


def difference_map(first: "CohortRuns", second: "CohortRuns", *, least: int = 1) -> DifferenceMap:
    """Compare the lesions of two groups at every voxel.

    Args:
        first: of all subjects of the one group.
        second: of those of the other.
        least: fewest lesions, of both together, with which a voxel is shown.

    Raises:
        AnalysisError: nobody in a group has a lesion map in standard space.
    """
    counts = (_counts(first), _counts(second))
    return DifferenceMap(counts, (len(first.subjects), len(second.subjects)), max(least, 1))


def _counts(lesions: "CohortRuns") -> Counts:
    if not len(lesions.subjects):
        raise AnalysisError("A group without a lesion map in standard space can't be mapped.")
    return lesion_counts(lesions.runs)


def lesions_of(lesions: "CohortRuns", chosen: Bool) -> "CohortRuns":
    """The lesions of some of the subjects.

    Args:
        lesions: of all of them.
        chosen: whether each subject is one of those.
    """
    kept = chosen[np.searchsorted(lesions.subjects, lesions.of)]
    return replace(
        lesions,
        subjects=lesions.subjects[chosen],
        of=lesions.of[kept],
        runs=lesions.runs[kept],
    )
