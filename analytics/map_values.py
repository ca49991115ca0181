"""Values of images as they are meant, and the infarct mask that is laid over them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.lesions import Bool, foreground_of
from data_loader.errors import ImageError
from data_loader.grids import grid_difference
from data_loader.nifti import Header, Volume, read_volume


@dataclass(frozen=True)
class Infarct:
    """Foreground of a mask, cropped, and where in the image it lies; axes are (k, j, i)."""

    header: Header
    mask: Bool
    box: tuple[slice, slice, slice]

    def lies_on(self, grid: Header) -> bool:
        """Whether the mask has the grid of an image, which is no series."""
        return len(grid.shape) <= 3 and grid_difference(self.header, grid) is None


def read_infarct(path: Path) -> Infarct | None:
    """The infarct of a mask; None if that can't be read, which is listed elsewhere, or is empty."""
    try:
        volume = read_volume(path)
    except ImageError:
        return None
    found = foreground_of(volume)
    if found is None:
        return None
    mask, start = found
    k, j, i = (slice(at, at + size) for at, size in zip(start, mask.shape, strict=True))
    return Infarct(volume.header, mask, (k, j, i))


def real_values(volume: Volume, stored: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Some of a volume's stored values, after scaling."""
    is_plain = volume.slope == 1 and volume.inter == 0
    return stored if is_plain else stored * np.float64(volume.slope) + volume.inter


def has_data(volume: Volume, stored: npt.NDArray[Any]) -> Bool:
    """Finite and above zero, as flow, volume and times are; blanks are 0, below it, or NaN."""
    # Zero stored as a whole number with an offset comes back as next to nothing.
    least = abs(volume.slope) / 2 if volume.data.dtype.kind in "iu" else 0.0
    values = real_values(volume, stored)
    return np.asarray((values > least) & (values < np.inf))
