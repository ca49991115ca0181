"""Label images of atlases: read, checked and laid on the grid of standard space."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from analytics.atlas.atlas import Labels
from analytics.standard_space import AFFINE, SHAPE
from data_loader.errors import AtlasError, ImageError
from data_loader.nifti import Volume, read_volume

MOST = 255
"""The largest label that is read."""

_ROUNDING = 0.01
"""Copies hold 31.99999 where 32 is meant."""

_BRAIN_MM = ((-60.0, 60.0), (-90.0, 60.0), (-40.0, 70.0))
"""A box in MNI152 that any atlas of the brain covers."""


def read_labels(path: Path) -> Labels:
    """Read a label image in MNI152 of any grid; a voxel of standard space takes the nearest label.

    Raises:
        AtlasError: it can't be read, holds other values than labels, or doesn't cover the brain.
    """
    try:
        volume = read_volume(path)
    except ImageError as error:
        raise AtlasError(f"The atlas {path.name} can't be read: {error}") from None
    values = _whole_numbers(volume, path)
    _check_cover(volume, path)
    if volume.data.shape == SHAPE and np.allclose(volume.affine, AFFINE, atol=1e-3):
        return values.ravel(order="F")
    return _nearest(values, volume.affine)


def _whole_numbers(volume: Volume, path: Path) -> npt.NDArray[np.uint8]:
    values = volume.data * volume.slope + volume.inter
    whole = np.rint(values)
    if not np.isfinite(values).all() or np.abs(values - whole).max() > _ROUNDING:
        raise AtlasError(f"The atlas {path.name} holds values that are no whole numbers.")
    if whole.min() < 0 or whole.max() > MOST:
        raise AtlasError(f"The atlas {path.name} holds labels below 0 or above {MOST}.")
    return whole.astype(np.uint8)


def _check_cover(volume: Volume, path: Path) -> None:
    corners = np.array([[x, y, z, 1.0] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
    corners[:, :3] *= np.array(volume.data.shape) - 1
    world = corners @ volume.affine.T
    for axis, (low, high) in enumerate(_BRAIN_MM):
        if world[:, axis].min() > low or world[:, axis].max() < high:
            shape = " x ".join(map(str, volume.data.shape))
            raise AtlasError(
                f"The atlas {path.name} of {shape} voxels doesn't cover the brain in MNI152, as"
                " its affine has it."
            )


def _nearest(values: npt.NDArray[np.uint8], affine: npt.NDArray[np.float64]) -> Labels:
    to_index = np.linalg.inv(affine) @ AFFINE
    i, j, k = np.ogrid[tuple(slice(0, size) for size in SHAPE)]
    index = [
        np.floor(row[0] * i + row[1] * j + row[2] * k + row[3] + 0.5).astype(np.int32)
        for row in to_index[:3]
    ]
    inside = np.ones(SHAPE, np.bool_)
    for axis, size in zip(index, values.shape, strict=True):
        inside &= (axis >= 0) & (axis < size)
        np.clip(axis, 0, size - 1, out=axis)
    return np.asarray(values[tuple(index)] * inside, np.uint8).ravel(order="F")
