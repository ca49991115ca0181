"""What the values of an image show that its header can't: no labels at all, or no numbers."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analytics.lesions import FOREGROUND_ABOVE, lesion_of
from data_loader.nifti import Volume, read_volume


@dataclass(frozen=True)
class Voxels:
    """Counts of voxels.

    Attributes:
        foreground: above 0.5 after scaling.
        not_finite: NaN or infinite.
        laterality_index: of the foreground, as `lesions.Lesion` has it; of labels only.
    """

    foreground: int
    not_finite: int
    laterality_index: float | None = None


def count_voxels(path: Path) -> Voxels:
    """Count the voxels of the image in a file.

    Raises:
        ImageError: the file is no image that can be read.
    """
    return voxels_of(read_volume(path))


def voxels_of(volume: Volume) -> Voxels:
    """Count the voxels of an image in memory, plane by plane: real values take more memory."""
    foreground = not_finite = 0
    is_float = volume.data.dtype.kind == "f"
    is_plain = volume.slope == 1 and volume.inter == 0
    for plane in volume.data.T:
        values = plane if is_plain else plane * np.float64(volume.slope) + volume.inter
        foreground += int(np.count_nonzero(values > FOREGROUND_ABOVE))
        if is_float:
            not_finite += plane.size - int(np.count_nonzero(np.isfinite(plane)))
    # Maps are above a half nearly everywhere: they have no side.
    is_labels = not is_float and 0 < foreground < volume.data.size / 10
    return Voxels(foreground, not_finite, lesion_of(volume).laterality_index if is_labels else None)
