"""NIfTI files that are the same, byte for byte, whenever the same image is written."""

import zlib
from pathlib import Path

import nibabel as nib
import numpy as np
from numpy.typing import NDArray

from data_loader.demo.anatomy import Grid

_LEVEL = 5
_GZIP_WITHOUT_NAME_AND_TIME = 31


def write_volume(
    path: Path,
    values: NDArray[np.generic],
    grid: Grid,
    *,
    frame_s: float | None = None,
    stored_as: type[np.generic] | None = None,
) -> None:
    """Write a 3-D or 4-D image as `.nii.gz` with qform and sform set, making its folder.

    Args:
        path: where to.
        values: shape (x, y, z) or (x, y, z, t).
        grid: its first three axes.
        frame_s: seconds from frame to frame of a 4-D image.
        stored_as: A data type on disk other than that of `values`. An integer one makes the
            header carry a slope, as case 0158 of the release has it.
    """
    image = nib.Nifti1Image(values, grid.affine, dtype=values.dtype)
    image.set_qform(grid.affine, code=1)
    image.set_sform(grid.affine, code=1)
    image.header.set_xyzt_units("mm", "sec")
    if frame_s is not None:
        image.header["pixdim"][4] = frame_s
    if stored_as is not None:
        image.set_data_dtype(stored_as)
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP_WITHOUT_NAME_AND_TIME)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packer.compress(image.to_bytes()) + packer.flush())
