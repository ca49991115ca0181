"""Small NIfTI files whose every voxel is known."""

from pathlib import Path

import nibabel as nib
import numpy as np
from numpy.typing import NDArray

SHAPE = (54, 64, 50)
# As DICOM converters write it: the first axis runs to the patient's left.
AFFINE = np.array([[-3.0, 0, 0, 81], [0, 3, 0, -96], [0, 0, 3, -75], [0, 0, 0, 1]])
MIDDLE_MM = (1.5, -1.5, -1.5)
LESION_MM = (-36.0, 12.0, 9.0)
LESION_RADIUS_MM = 15.0
FRAMES = 12


def world(shape: tuple[int, int, int] = SHAPE) -> NDArray[np.float64]:
    """The mm coordinates of every voxel, in the last axis."""
    voxels = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1)
    return np.asarray(voxels @ AFFINE[:3, :3].T + AFFINE[:3, 3])


def head() -> NDArray[np.int16]:
    """A sphere whose value tells left from right: 40 plus x in mm over 4."""
    mm = world()
    inside = np.linalg.norm(mm - (0, 0, 0), axis=-1) < 70
    return np.where(inside, np.round(40 + mm[..., 0] / 4), -1000).astype(np.int16)


def lesion() -> NDArray[np.uint8]:
    """A ball in the patient's left hemisphere."""
    distance = np.linalg.norm(world() - LESION_MM, axis=-1)
    return np.asarray(distance < LESION_RADIUS_MM, np.uint8)


def territories() -> NDArray[np.uint8]:
    """Label 1 on the left, 2 on the right, 0 outside the head."""
    return np.where(head() > -1000, np.where(world()[..., 0] < 0, 1, 2), 0).astype(np.uint8)


def perfusion() -> NDArray[np.float32]:
    """A bolus: every voxel of the head rises to a peak and falls."""
    curve = 100 * np.exp(-((np.arange(FRAMES) - 5) ** 2) / 4)
    return np.where(head()[..., None] > -1000, curve, np.nan).astype(np.float32)


def write_images(folder: Path) -> None:
    """Writes the images above, and three files that are broken in different ways."""
    for make in (head, lesion, territories, perfusion):
        image = nib.Nifti1Image(make(), AFFINE)
        nib.save(image, folder / f"{make.__name__}.nii.gz")
    whole = (folder / "head.nii.gz").read_bytes()
    (folder / "cut.nii.gz").write_bytes(whole[: len(whole) // 2])
    (folder / "page.nii.gz").write_bytes(b"<html>" + b" " * 500)
    false_header = nib.Nifti1Header()
    false_header.set_data_shape((2000, 2000, 500))
    false_header["magic"] = b"n+1"
    (folder / "false.nii").write_bytes(false_header.binaryblock + bytes(1000))
