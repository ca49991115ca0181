"""A head on the coarse grid on which it is registered, and the template on the same."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from analytics.brain_mask import SPACING_MM, Bool, Floats, find_brain
from data_loader.mni152 import read_mni152
from data_loader.nifti import Volume, read_volume
from data_loader.profile import Modality

AIR_HU = -1000.0

_CT_WINDOW_HU = (0.0, 80.0)
_MR_PERCENTILE = 99.0

Affine = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Head:
    """An image of a head on a grid of `SPACING_MM` along the axes of its world.

    Attributes:
        values: axes (x, y, z); HU on CT.
        brain: where its brain is.
        grid: affine, voxel indices to world mm (RAS+).
    """

    values: Floats
    brain: Bool
    grid: Affine

    @property
    def brain_ml(self) -> float:
        """Volume of the brain."""
        return int(np.count_nonzero(self.brain)) * SPACING_MM**3 / 1000


def read_head(path: Path, modality: Modality) -> Head:
    """Read an image of a head; of a series its first frame.

    Raises:
        ImageError: the file is no image that can be read.
    """
    volume = read_volume(path, dimensions=4)
    values, grid = coarsened(volume, outside=AIR_HU if modality == "ct" else 0.0)
    return Head(values, find_brain(values, modality), grid)


def windowed(head: Head, modality: Modality) -> Head:
    """A head with only those values that tell tissues apart, from 0 up."""
    low, high = _CT_WINDOW_HU
    if modality == "mr":
        low = 0.0
        high = (
            float(np.percentile(head.values[head.brain], _MR_PERCENTILE))
            if head.brain.any()
            else 1.0
        )
    return replace(head, values=np.clip(head.values, low, high) - low)


@cache
def mni_head() -> Head:
    """The T1-weighted template, which is all brain."""
    volume = read_mni152("t1")
    values, grid = coarsened(volume, outside=0.0)
    is_brain = replace(volume, data=(volume.data > 0).astype(np.uint8, order="F"))
    return Head(values, coarsened(is_brain, outside=0.0)[0] >= 0.5, grid)


def coarsened(volume: Volume, *, outside: float) -> tuple[Floats, npt.NDArray[np.float64]]:
    """An image on a grid of `SPACING_MM` along the axes of its world.

    Args:
        volume: of three dimensions, or four, of which the first frame is taken.
        outside: value beyond the image.

    Returns:
        Its values, axes (x, y, z), and the affine of the grid. Voxels smaller than the grid's are
        averaged, which takes their noise away.
    """
    stored = volume.data[..., 0] if volume.data.ndim == 4 else volume.data
    size_mm = np.linalg.norm(volume.affine[:3, :3], axis=0)
    blocks = np.clip(np.floor(SPACING_MM / size_mm + 0.01).astype(int), 1, stored.shape)
    values = _block_means(stored, blocks) * np.float32(volume.slope) + np.float32(volume.inter)
    np.nan_to_num(values, copy=False, nan=outside, posinf=outside, neginf=outside)
    affine = volume.affine @ np.diag([*blocks, 1.0])
    affine[:3, 3] += volume.affine[:3, :3] @ ((blocks - 1) / 2)
    corners = np.array(np.meshgrid(*((0, n - 1) for n in values.shape))).reshape(3, -1)
    world = affine[:3, :3] @ corners + affine[:3, 3:]
    grid = np.diag([SPACING_MM, SPACING_MM, SPACING_MM, 1.0])
    grid[:3, 3] = np.floor(world.min(axis=1))
    shape = np.ceil((world.max(axis=1) - grid[:3, 3]) / SPACING_MM).astype(int) + 1
    to_index = np.linalg.inv(affine) @ grid
    coarse = ndimage.affine_transform(
        values, to_index[:3, :3], to_index[:3, 3], tuple(shape), np.float32, order=1, cval=outside
    )
    return np.asarray(coarse), grid


def _block_means(stored: npt.NDArray[np.generic], blocks: npt.NDArray[np.int_]) -> Floats:
    counts = [size // block for size, block in zip(stored.shape, blocks, strict=True)]
    i, j, k = (slice(0, n * block) for n, block in zip(counts, blocks, strict=True))
    split = [part for pair in zip(counts, blocks, strict=True) for part in pair]
    return np.asarray(stored[i, j, k].reshape(split).mean(axis=(1, 3, 5), dtype=np.float32))
