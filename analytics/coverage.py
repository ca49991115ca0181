"""How much of standard space an image covers."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from analytics.standard_space import AFFINE, ORIGIN_MM, SHAPE, Runs
from data_loader.packed import pack

BRAIN_MM = ((-80.0, 80.0), (-116.0, 84.0), (-72.0, 92.0))
"""A box in MNI152 that holds the brain, cerebellum and brainstem included, with some rim."""

TIE = 0.5 + 1e-6
"""Added before rounding down: a point between two voxels is in the upper one, whichever way its
coordinates were rounded."""

_FLAT = 1e-9


@lru_cache(maxsize=8)
def covered(shape: tuple[int, ...], to_standard: bytes) -> str | None:
    """What an image covers of standard space; the same for all images of one grid.

    Args:
        shape: voxels along i, j and k.
        to_standard: bytes of the 4 x 4 matrix from its voxel indices to mm of MNI152.

    Returns:
        Packed runs of voxels; None where that is the whole brain.
    """
    to_index = np.linalg.inv(np.frombuffer(to_standard).reshape(4, 4)) @ AFFINE
    y, z = (axis.ravel() for axis in np.meshgrid(np.arange(SHAPE[1]), np.arange(SHAPE[2])))
    first, behind = np.zeros(y.size), np.full(y.size, float(SHAPE[0]))
    for row, size in zip(to_index[:3], shape, strict=True):
        _narrow(first, behind, row[0], row[1] * y + row[2] * z + row[3] + TIE, size)
    if _is_whole(first, behind, y, z):
        return None
    kept = first < behind
    lines = SHAPE[0] * np.flatnonzero(kept)
    runs: Runs = np.column_stack((first[kept] + lines, behind[kept] + lines)).astype(np.int32)
    return pack(runs.ravel())


def _narrow(
    first: npt.NDArray[np.float64],
    behind: npt.NDArray[np.float64],
    step: float,
    start: npt.NDArray[np.float64],
    size: int,
) -> None:
    """Narrow each line to those x for which `0 <= step * x + start < size`."""
    if abs(step) < _FLAT:
        behind[(start < 0) | (start >= size)] = 0
    elif step > 0:
        np.maximum(first, np.ceil(-start / step), out=first)
        np.minimum(behind, np.ceil((size - start) / step), out=behind)
    else:
        np.maximum(first, np.floor((size - start) / step) + 1, out=first)
        np.minimum(behind, np.floor(-start / step) + 1, out=behind)


def _is_whole(
    first: npt.NDArray[np.float64],
    behind: npt.NDArray[np.float64],
    y: npt.NDArray[np.int_],
    z: npt.NDArray[np.int_],
) -> bool:
    low, high = (np.array(BRAIN_MM) - np.array(ORIGIN_MM)[:, None]).T
    lines = (y >= low[1]) & (y <= high[1]) & (z >= low[2]) & (z <= high[2])
    return bool((first[lines] <= low[0]).all() and (behind[lines] > high[0]).all())
