"""Which subjects have a lesion where: voxels with the very same lesions taken together.

Voxels side by side often have a lesion in the same subjects. Whatever is computed of lesion status
is the same in all of them, so it is computed once a pattern (Pustina et al., Hum Brain Mapp 2018).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

from analytics.standard_space import SIZE, lesion_counts, voxels_of

if TYPE_CHECKING:
    from data_loader.standard_index import CohortRuns

_BLOCK = 4096
"""Patterns worked on at once: what is computed of them stays in the processor's cache."""


@dataclass(frozen=True)
class LesionPatterns:
    """Lesion status at the voxels where it differs enough between subjects.

    Attributes:
        matrix: a row a pattern, a column a subject; 1 where the subject has a lesion.
        lesions: subjects with a lesion, by pattern.
        voxels: numbers of the voxels, ascending.
        pattern: row of `matrix` of each of them.
    """

    matrix: sparse.csr_matrix
    lesions: npt.NDArray[np.int64]
    voxels: npt.NDArray[np.int64]
    pattern: npt.NDArray[np.int64]

    @property
    def subjects(self) -> int:
        """Number of subjects."""
        return int(self.matrix.shape[1])

    def blocks(self) -> Iterator[slice]:
        """Rows of the matrix, some at a time."""
        count = self.matrix.shape[0]
        return (slice(start, start + _BLOCK) for start in range(0, count, _BLOCK))


def lesion_patterns(lesions: "CohortRuns", *, least: int) -> LesionPatterns:
    """Find the patterns of a cohort.

    Args:
        lesions: of all its subjects.
        least: voxels in which fewer subjects have a lesion, or fewer have none, are left out.
    """
    subjects = len(lesions.subjects)
    counts = lesion_counts(lesions.runs).ravel(order="F")
    voxels = np.flatnonzero((counts >= least) & (counts <= subjects - least))
    first, pattern = _same(_signatures(lesions)[voxels])
    matrix = _matrix(lesions, voxels[first])
    return LesionPatterns(matrix, np.diff(matrix.indptr).astype(np.int64), voxels, pattern)


def _signatures(lesions: "CohortRuns") -> npt.NDArray[np.uint64]:
    """A number a voxel, the same for the same subjects: the sum of theirs, drawn at random.

    Among a million patterns, two have one of the 2^64 sums in common once in 37 million times.
    """
    own = np.random.default_rng(0).integers(2**64, size=len(lesions.subjects), dtype=np.uint64)
    own = own[np.searchsorted(lesions.subjects, lesions.of)]
    steps = np.zeros(SIZE + 1, np.uint64)
    np.add.at(steps, lesions.runs[:, 0], own)
    np.subtract.at(steps, lesions.runs[:, 1], own)
    return np.cumsum(steps[:-1])


def _same(
    signatures: npt.NDArray[np.uint64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where each signature occurs first, ascending, and which of those each one equals."""
    _, first, which = np.unique(signatures, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return first[order], place[which]


def _matrix(lesions: "CohortRuns", voxels: npt.NDArray[np.int64]) -> sparse.csr_matrix:
    """Lesion status at some voxels."""
    before = np.zeros(SIZE + 1, np.int32)
    before[voxels + 1] = 1
    np.cumsum(before, out=before)
    # Of the chosen voxels alone, numbered anew, a run is a run again.
    chosen = before[lesions.runs]
    rows = voxels_of(chosen)
    sizes = np.concatenate(([0], np.cumsum(chosen[:, 1] - chosen[:, 0])))
    begins = np.searchsorted(lesions.of, lesions.subjects)
    columns = np.append(sizes[begins], len(rows))
    shape = (len(voxels), len(lesions.subjects))
    return sparse.csc_matrix((np.ones(len(rows), np.float32), rows, columns), shape=shape).tocsr()
