"""NIfTI files and datasets written by hand, byte for byte as a test wants them."""

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import nibabel as nib
import numpy as np
import numpy.typing as npt

Content = npt.NDArray[Any] | str | bytes | None
"""An image's stored values, text, bytes as they are, or None for a link that leads nowhere."""


def nifti_bytes(
    stored: npt.ArrayLike,
    *,
    affine: npt.ArrayLike | None = None,
    slope: float = float("nan"),
    inter: float = 0.0,
    endianness: Literal["<", ">"] = "<",
    version: Literal[1, 2] = 1,
    **fields: Any,
) -> bytes:
    """A NIfTI file, uncompressed.

    Args:
        stored: values as they stand in the file, indexed (i, j, k), with the type to be written.
        affine: 4 x 4; 1 mm, RAS+, the origin at the first voxel by default.
        slope: factor to real values; NaN means none.
        inter: added after the factor.
        endianness: `<` or `>`.
        version: of NIfTI.
        fields: header fields set last, so that a header can lie.
    """
    array = np.asarray(stored)
    kind: Any = nib.Nifti1Header if version == 1 else nib.Nifti2Header
    header = kind(endianness=endianness)
    header.set_data_dtype(array.dtype)
    header.set_data_shape(array.shape)
    header.set_sform(np.eye(4) if affine is None else affine, code="scanner")
    sizes = np.linalg.norm(np.asarray(header.get_sform())[:3, :3], axis=0)
    header["pixdim"][1:4] = sizes
    header["magic"] = b"n+1" if version == 1 else b"n+2\0\r\n\x1a\n"
    header["vox_offset"] = 352 if version == 1 else 544
    header["scl_slope"], header["scl_inter"] = slope, inter
    for name, value in fields.items():
        header[name] = value
    data = array.astype(array.dtype.newbyteorder(endianness)).tobytes(order="F")
    return bytes(header.binaryblock) + b"\0\0\0\0" + data


def write_image(path: Path, stored: npt.ArrayLike, **how: Any) -> Path:
    """Write `nifti_bytes` to a file, compressed if its name ends in `.gz`."""
    content = nifti_bytes(stored, **how)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, 1) if path.suffix == ".gz" else content)
    return path


def box(
    shape: tuple[int, int, int] = (6, 6, 6),
    *,
    at: tuple[slice | int, slice | int, slice | int] = (slice(1, 3), slice(1, 3), slice(1, 3)),
) -> npt.NDArray[np.uint8]:
    """A mask of ones within a box, eight voxels by default."""
    mask = np.zeros(shape, dtype=np.uint8)
    mask[at] = 1
    return mask


def write_dataset(root: Path, files: Mapping[str, Content]) -> Path:
    """Write a dataset from a table of path and content."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.symlink_to(root / "annex" / "nowhere")
        elif isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            write_image(path, content)
    return root


def soop_mask(subject: str) -> str:
    """Where SOOP keeps a subject's mask."""
    return (
        f"derivatives/lesions-mni152/{subject}/anat/{subject}_space-MNI152_desc-lesion_mask.nii.gz"
    )
