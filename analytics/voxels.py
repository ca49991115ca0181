"""What the values of an image show that its header can't: no labels, no numbers, another place.

Maps and diffusion-weighted images are also laid under the infarct mask of their subject, where
both have one grid.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from analytics.lesions import FOREGROUND_ABOVE, Bool, foreground_of, lesion_of
from data_loader.errors import ImageError
from data_loader.grids import grid_difference
from data_loader.nifti import Header, Volume, read_header, read_volume

if TYPE_CHECKING:
    from data_loader.profile import Holds

_SAMPLES = 128
"""Voxels along i and j of which percentiles are taken: those of a finer grid are the same."""


@dataclass(frozen=True)
class Voxels:
    """Counts of voxels.

    Attributes:
        foreground: above 0.5 after scaling.
        not_finite: NaN or infinite.
        laterality_index: of the foreground, as `lesions.Lesion` has it; of labels only.
        inside_share: share of the infarct's voxels that lie inside the slab that a perfusion map
            covers; None without an infarct on its grid.
        infarct_signal: median within the infarct of a diffusion-weighted image; None without one.
        brain_signal: upper quartile of the brain outside it.
    """

    foreground: int
    not_finite: int
    laterality_index: float | None = None
    inside_share: float | None = None
    infarct_signal: float | None = None
    brain_signal: float | None = None


@dataclass(frozen=True)
class _Infarct:
    """Foreground of a mask, cropped, and where in the image it lies; axes are (k, j, i)."""

    mask: Bool
    box: tuple[slice, slice, slice]


def count_voxels(
    path: Path, *, holds: "Holds" = "quantities", dimensions: int = 3, mask: Path | None = None
) -> Voxels:
    """Count the voxels of the image in a file.

    Args:
        path: the image.
        holds: what its values are.
        dimensions: the most that it may have.
        mask: of its subject's infarct, if it is to be compared with it.

    Raises:
        ImageError: the file is no image that can be read.
    """
    volume = read_volume(path, dimensions=dimensions)
    infarct = _infarct_on(volume.header, mask) if mask else None
    return voxels_of(volume, holds=holds, infarct=infarct)


def _infarct_on(header: Header, path: Path) -> _Infarct | None:
    """The infarct of a mask; None if that can't be read, is empty or lies on another grid."""
    try:
        if len(header.shape) > 3 or grid_difference(read_header(path), header):
            return None
        found = foreground_of(read_volume(path))
    except ImageError:
        return None  # listed where the mask is measured
    if found is None:
        return None
    mask, start = found
    k, j, i = (slice(at, at + size) for at, size in zip(start, mask.shape, strict=True))
    return _Infarct(mask, (k, j, i))


@np.errstate(over="ignore", invalid="ignore")  # what overflows is infinite, and left out
def voxels_of(volume: Volume, *, holds: "Holds", infarct: _Infarct | None) -> Voxels:
    """Count the voxels of an image in memory, plane by plane: real values take more memory."""
    foreground = not_finite = 0
    is_float = volume.data.dtype.kind == "f"
    for plane in volume.data.T:
        foreground += int(np.count_nonzero(_real(volume, plane) > FOREGROUND_ABOVE))
        if is_float:
            not_finite += plane.size - int(np.count_nonzero(np.isfinite(plane)))
    has_side = holds == "labels" and foreground and volume.data.ndim == 3
    side = lesion_of(volume).laterality_index if has_side else None
    inside = _inside_share(volume, infarct) if holds == "perfusion" and infarct else None
    dwi, brain = _signals(volume, infarct) if holds == "diffusion" and infarct else (None, None)
    return Voxels(foreground, not_finite, side, inside, dwi, brain)


def _real(volume: Volume, stored: npt.NDArray[Any]) -> npt.NDArray[Any]:
    is_plain = volume.slope == 1 and volume.inter == 0
    return stored if is_plain else stored * np.float64(volume.slope) + volume.inter


def _inside_share(volume: Volume, infarct: _Infarct) -> float | None:
    """Share of the infarct's voxels inside the slab; None where a map is blank altogether.

    A slab has no dents: what lies between two voxels with data, along any axis, is covered too.
    Blanks within it are common, such as a Tmax of 0 in healthy tissue and no values in dead.
    """
    inside = np.zeros_like(infarct.mask)
    for axis in range(3):
        lines, within = list(infarct.box), [slice(None)] * 3
        lines[axis], within[axis] = within[axis], lines[axis]
        has = _has_data(volume, volume.data.T[tuple(lines)])
        before = np.logical_or.accumulate(has, axis=axis)
        behind = np.flip(np.logical_or.accumulate(np.flip(has, axis), axis=axis), axis)
        inside |= (before & behind)[tuple(within)]
    if not inside.any() and not any(_has_data(volume, plane).any() for plane in volume.data.T):
        return None
    return int(np.count_nonzero(inside & infarct.mask)) / int(np.count_nonzero(infarct.mask))


def _has_data(volume: Volume, stored: npt.NDArray[Any]) -> Bool:
    """Finite and above zero, as flow, volume and times are; blanks are 0, below it, or NaN."""
    # Zero stored as a whole number with an offset comes back as next to nothing.
    least = abs(volume.slope) / 2 if volume.data.dtype.kind in "iu" else 0.0
    values = _real(volume, stored)
    return np.asarray((values > least) & (values < np.inf))


def _signals(volume: Volume, infarct: _Infarct) -> tuple[float, float] | tuple[None, None]:
    """Median within the infarct, and upper quartile of the brain outside it.

    Brain is what is brighter than a tenth of the way from the 2nd to the 98th percentile (Smith,
    Hum Brain Mapp 2002;17:143-55).
    """
    stored = volume.data.T
    outside = np.ones(stored.shape, np.bool_)
    outside[infarct.box] = ~infarct.mask
    _, *steps = (max(1, size // _SAMPLES) for size in stored.shape)
    some = (slice(None), *(slice(None, None, step) for step in steps))
    values = _finite(_real(volume, stored[some])[outside[some]])
    infarcted = _finite(_real(volume, stored[infarct.box])[infarct.mask])
    if not values.size or not infarcted.size:
        return None, None
    low, high = np.percentile(values, (2, 98))
    brain = values[values > low + (high - low) / 10]
    if not brain.size:
        return None, None
    return float(np.median(infarcted)), float(np.percentile(brain, 75))


def _finite(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.asarray(values[np.isfinite(values)])
