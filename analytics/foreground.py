"""An infarct mask as it lies in its own image, short enough to be kept with its measures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.placement import Affine, Bool, OnGrid
from analytics.standard_space import runs_on, voxels_of
from data_loader.packed import pack, unpack

_MOST_VOXELS = 2**31 - 1
"""As `data_loader.packed` writes them."""


@dataclass(frozen=True)
class Foreground:
    """What of a mask has to be known to take it elsewhere; the file need not be read again.

    Attributes:
        runs: packed `first, behind, …` of runs of foreground; voxel (i, j, k) has the number
            `i + nx * (j + ny * k)`.
        shape: voxels along i, j and k.
        affine: 16 numbers, row by row: voxel indices to world mm (RAS+).
    """

    runs: str
    shape: tuple[int, ...]
    affine: tuple[float, ...]


@dataclass(frozen=True)
class Cropped:
    """A mask cut to its foreground.

    Attributes:
        mask: axes (k, j, i); without a voxel where there is no foreground.
        start_kji: where in the image it begins.
        shape: voxels of the image along i, j and k.
        affine: of the image, 4 x 4.
    """

    mask: Bool
    start_kji: tuple[int, int, int]
    shape: tuple[int, ...]
    affine: Affine


def packed_foreground(
    mask: Bool, start_kji: tuple[int, int, int], image: OnGrid
) -> Foreground | None:
    """Pack a mask that is cropped to its foreground; None where the image is too large for that.

    Args:
        mask: axes (k, j, i).
        start_kji: where in the image that begins.
        image: its grid.
    """
    k, j, i = start_kji
    nx, ny, nz = image.shape[:3]
    if nx * ny * nz > _MOST_VOXELS:
        return None
    runs = runs_on((nx, ny, nz), mask, (i, j, k))
    return Foreground(pack(runs.ravel()), (nx, ny, nz), tuple(image.affine.ravel().tolist()))


def unpacked_foreground(kept: Mapping[str, Any]) -> Cropped:
    """The mask of a `Foreground`, as the journal has it."""
    shape, affine = tuple(kept["shape"]), np.array(kept["affine"]).reshape(4, 4)
    voxels = voxels_of(unpack(kept["runs"]).reshape(-1, 2))
    if not voxels.size:
        return Cropped(np.zeros((0, 0, 0), np.bool_), (0, 0, 0), shape, affine)
    at = np.unravel_index(voxels, shape, order="F")
    low = [int(axis.min()) for axis in at]
    size = [int(axis.max()) - first + 1 for axis, first in zip(at, low, strict=True)]
    mask = np.zeros(size[::-1], np.bool_)
    i, j, k = (axis - first for axis, first in zip(at, low, strict=True))
    mask[k, j, i] = True
    return Cropped(mask, (low[2], low[1], low[0]), shape, affine)
