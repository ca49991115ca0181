"""The grid of standard space, and lesions on it as runs of voxels.

The grid is that of MNI152 at 1 mm as atlases have it: 182 x 218 x 182 voxels, RAS, the first one's
centre at (-91, -126, -72) mm. A voxel (i, j, k) has the number `i + 182 * (j + 218 * k)`, so that
neighbours from left to right have neighbouring numbers and a lesion is a few runs of them.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from data_loader import mni152

SHAPE = mni152.SHAPE
ORIGIN_MM = mni152.ORIGIN_MM
SIZE = SHAPE[0] * SHAPE[1] * SHAPE[2]

AFFINE = np.array(
    [[1, 0, 0, ORIGIN_MM[0]], [0, 1, 0, ORIGIN_MM[1]], [0, 0, 1, ORIGIN_MM[2]], [0, 0, 0, 1]],
    dtype=float,
)
"""From voxel to world, in mm."""

Runs: TypeAlias = npt.NDArray[np.int32]
"""A row a run, of two columns: number of its first voxel, and of the one behind its last."""


def runs_of(voxels: npt.NDArray[np.integer]) -> Runs:
    """Voxel numbers, ascending and each once, as runs."""
    if not len(voxels):
        return np.empty((0, 2), np.int32)
    breaks = np.flatnonzero(np.diff(voxels) != 1)
    first = voxels[np.concatenate(([0], breaks + 1))]
    last = voxels[np.concatenate((breaks, [len(voxels) - 1]))]
    return np.column_stack((first, last + 1)).astype(np.int32)


def runs_on(
    shape: tuple[int, int, int], mask: npt.NDArray[np.bool_], low: tuple[int, int, int]
) -> Runs:
    """Runs of a mask on a larger grid, line by line.

    Args:
        shape: voxels of the grid along its axes; voxel (i, j, k) has the number
            `i + nx * (j + ny * k)`.
        mask: axes (k, j, i), all of it within the grid.
        low: voxel (i, j, k) of the grid at which it begins.
    """
    depth, height, width = mask.shape
    flat = np.zeros(depth * height * (width + 1) + 1, np.bool_)
    # Background between the lines, so that every run begins and ends within one.
    flat[1:].reshape(depth, height, width + 1)[:, :, :width] = mask
    begins, ends = np.flatnonzero(flat[1:] != flat[:-1]).reshape(-1, 2).T
    line, x = np.divmod(begins, width + 1)
    z, y = np.divmod(line, height)
    first = (x + low[0]) + shape[0] * ((y + low[1]) + shape[1] * (z + low[2]))
    return np.column_stack((first, first + (ends - begins))).astype(np.int32)


def voxels_of(runs: Runs) -> npt.NDArray[np.int32]:
    """The voxel numbers of runs, ascending."""
    lengths = runs[:, 1] - runs[:, 0]
    ends = np.cumsum(lengths)
    offsets = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths, lengths)
    voxels: npt.NDArray[np.int32] = (np.repeat(runs[:, 0], lengths) + offsets).astype(np.int32)
    return voxels


def lesion_counts(runs: Runs) -> npt.NDArray[np.int32]:
    """How many lesions hold each voxel.

    Args:
        runs: of all lesions, one below the other.

    Returns:
        A volume of shape `SHAPE`.
    """
    steps = np.bincount(runs[:, 0], minlength=SIZE + 1).astype(np.int32)
    steps -= np.bincount(runs[:, 1], minlength=SIZE + 1).astype(np.int32)
    counts: npt.NDArray[np.int32] = np.cumsum(steps[:-1], dtype=np.int32)
    return counts.reshape(SHAPE, order="F")
