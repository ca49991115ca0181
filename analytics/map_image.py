"""A map in standard space as a NIfTI file, for a viewer or to be kept."""

from typing import Any

import nibabel as nib
import numpy as np
import numpy.typing as npt
from isal import igzip

from analytics.standard_space import AFFINE, SHAPE

_LONGEST_DESCRIPTION = 80
_MOST_INT16 = np.iinfo(np.int16).max


def map_image(
    values: npt.NDArray[Any], description: str, *, scale: float = 1.0, compressed: bool = True
) -> bytes:
    """Write a map as NIfTI-1, in mm of MNI152.

    Args:
        values: shape `standard_space.SHAPE`; whole numbers are stored as such, others as float32.
        description: of what it is, for the header, which holds 80 letters of ASCII.
        scale: what a stored value is to be multiplied with, such as 100 / n where counts are
            meant as percentages.
        compressed: as `.nii.gz`, else `.nii`.
    """
    stored = values.astype(_stored_type(values), copy=False)
    header = nib.Nifti1Header()
    header.set_data_dtype(stored.dtype)
    header.set_data_shape(SHAPE)
    header.set_qform(AFFINE, code="mni")
    header.set_sform(AFFINE, code="mni")
    header.set_xyzt_units("mm")
    header["descrip"] = description.encode("ascii", "replace")[:_LONGEST_DESCRIPTION]
    header["magic"], header["vox_offset"] = b"n+1", 352
    header["scl_slope"], header["scl_inter"] = scale, 0
    header["cal_min"], header["cal_max"] = scale * stored.min(), scale * stored.max()
    content = bytes(header.binaryblock) + b"\0\0\0\0" + stored.tobytes(order="F")
    # Without a time, so that the same map has the same bytes.
    return igzip.compress(content, 1, mtime=0) if compressed else content


def _stored_type(values: npt.NDArray[Any]) -> type[np.generic]:
    if values.dtype.kind == "f":
        return np.float32
    return np.int16 if np.abs(values).max() <= _MOST_INT16 else np.int32
