"""One infarct mask in numbers.

Foreground is every voxel above 0.5 after the header's scaling: real masks are stored as integers
with a factor (0.99999999977 for one), as floats, and as plain 0 and 1.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.connected import connected_components
from analytics.foreground import Foreground, packed_foreground
from analytics.placement import Placement, misplacement, place
from data_loader.nifti import Header, Volume, read_volume

FOREGROUND_ABOVE = 0.5

Bool = npt.NDArray[np.bool_]

Planes = tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]
"""Foreground voxels of each plane along k, j and i."""


@dataclass(frozen=True)
class Lesion:
    """Measures of one mask.

    Attributes:
        voxels: foreground voxels.
        volume_ml: voxels times the header's voxel size.
        components_26: components whose voxels share a face, an edge or a corner.
        components_6: components whose voxels share a face.
        largest_ml: volume of the largest 26-connected component.
        centroid_x_mm: mean world x of the foreground (RAS+: the patient's right is positive),
            None if the mask is empty.
        centroid_y_mm: mean world y (anterior is positive).
        centroid_z_mm: mean world z (superior is positive).
        laterality_index: (right - left) / (right + left), counted by the sign of world x; voxels
            whose centre lies on x = 0 count for neither; None if no voxel lies on either side.
        voxel_size_ratio: |det(affine)| over the product of the header's voxel sizes; 1 in a
            header that agrees with itself.
        placement: where it lies in standard space, for a mask that is there already.
        foreground: the mask itself, for one that isn't; None too where it is empty or too large.
    """

    voxels: int
    volume_ml: float
    components_26: int
    components_6: int
    largest_ml: float
    centroid_x_mm: float | None
    centroid_y_mm: float | None
    centroid_z_mm: float | None
    laterality_index: float | None
    voxel_size_ratio: float
    placement: Placement | None = None
    foreground: Foreground | None = None


def measure_lesion(path: Path, *, in_mni: bool = False) -> Lesion:
    """Measure the mask in a file.

    Args:
        path: the file.
        in_mni: whether its name says that it lies in MNI152.

    Raises:
        ImageError: the file is no mask that can be read.
    """
    return lesion_of(read_volume(path), in_mni=in_mni)


def lesion_of(volume: Volume, *, in_mni: bool = False) -> Lesion:
    """Measure a mask in memory.

    Args:
        volume: shape (i, j, k); foreground above 0.5 after scaling.
        in_mni: whether it is said to lie in MNI152.
    """
    header = volume.header
    found = foreground_of(volume)
    if found is None:
        return _empty(header, in_mni=in_mni)
    mask, start_kji = found
    largest, components_26 = _largest_component(mask)
    _, components_6 = connected_components(mask, 6)
    planes = _count_by_plane(mask)
    voxels = int(planes[0].sum())
    x, y, z = _centroid_mm(planes, start_kji, header.affine)
    return Lesion(
        voxels=voxels,
        volume_ml=voxels * header.voxel_mm3 / 1000,
        components_26=components_26,
        components_6=components_6,
        largest_ml=largest * header.voxel_mm3 / 1000,
        centroid_x_mm=x,
        centroid_y_mm=y,
        centroid_z_mm=z,
        laterality_index=_laterality_index(mask, planes, start_kji, header.affine),
        voxel_size_ratio=_voxel_size_ratio(header),
        placement=_placement(mask, start_kji, header) if in_mni else None,
        foreground=None if in_mni else packed_foreground(mask, start_kji, header),
    )


def _empty(header: Header, *, in_mni: bool) -> Lesion:
    placement = Placement() if in_mni else None
    ratio = _voxel_size_ratio(header)
    return Lesion(0, 0.0, 0, 0, 0.0, None, None, None, None, ratio, placement)


def _placement(mask: Bool, start_kji: tuple[int, int, int], header: Header) -> Placement:
    if reason := misplacement(mask, start_kji, header):
        return Placement(reason=reason)
    return place(mask, start_kji, header)


def _voxel_size_ratio(header: Header) -> float:
    return abs(float(np.linalg.det(header.affine[:3, :3]))) / header.voxel_mm3


def foreground_of(volume: Volume) -> tuple[Bool, tuple[int, int, int]] | None:
    """Crop to the foreground.

    Returns:
        The mask as a C-ordered array (k, j, i), which is how NIfTI data lie in memory, and the
        indices (k, j, i) at which it begins; None if there is no foreground.
    """
    # Without an offset, background is stored as 0 and the box can be found on the stored bytes.
    stored = volume.data.T
    if volume.inter == 0 and volume.slope > 0:
        stored, start = _cropped(stored)
    else:
        start = (0, 0, 0)
    if stored.size == 0:
        return None
    mask, inner = _cropped(_above_half(stored, volume.slope, volume.inter))
    if mask.size == 0:
        return None
    begin = (start[0] + inner[0], start[1] + inner[1], start[2] + inner[2])
    return np.ascontiguousarray(mask), begin


def _above_half(stored: npt.NDArray[Any], slope: float, inter: float) -> Bool:
    if slope == 1 and inter == 0:
        # Whole numbers above a half are those above zero; the detour over floats takes twice as long.
        return np.asarray(stored > (0 if stored.dtype.kind in "iu" else FOREGROUND_ABOVE))
    return np.asarray(stored * np.float64(slope) + inter > FOREGROUND_ABOVE)


def _cropped(array: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], tuple[int, int, int]]:
    """Crop to what isn't zero; gives the indices at which that begins."""
    # Whole planes are joined bit by bit, which runs at the speed of memory.
    is_whole = array.dtype.kind in "iub"
    join = np.bitwise_or if is_whole else np.logical_or
    projected = np.asarray(join.reduce(array, axis=0))
    j, i = _extent(projected, 0), _extent(projected, 1)
    array = array[:, j, i]
    k = _extent(array, 0)
    return array[k], (k.start, j.start, i.start)


def _extent(array: npt.NDArray[Any], axis: int) -> slice:
    others = tuple(other for other in range(array.ndim) if other != axis)
    found = np.flatnonzero(array.any(axis=others))
    return slice(int(found[0]), int(found[-1]) + 1) if found.size else slice(0, 0)


def _largest_component(mask: Bool) -> tuple[int, int]:
    labels, count = connected_components(mask, 26)
    return int(np.bincount(labels[mask]).max()), count


def _count_by_plane(mask: Bool) -> Planes:
    by_k = np.array([np.count_nonzero(plane) for plane in mask])
    projected = np.add.reduce(mask.view(np.uint8), axis=0, dtype=np.uint32)
    return by_k, projected.sum(axis=1), projected.sum(axis=0)


def _centroid_mm(
    planes_kji: Planes, start_kji: tuple[int, int, int], affine: npt.NDArray[np.float64]
) -> tuple[float, float, float]:
    k, j, i = (
        float(np.average(np.arange(planes.size), weights=planes)) + start
        for planes, start in zip(planes_kji, start_kji, strict=True)
    )
    x, y, z = affine[:3, :3] @ (i, j, k) + affine[:3, 3]
    return float(x), float(y), float(z)


def _laterality_index(
    mask: Bool,
    planes_kji: Planes,
    start_kji: tuple[int, int, int],
    affine: npt.NDArray[np.float64],
) -> float | None:
    k, j, i = (np.arange(size) + start for size, start in zip(mask.shape, start_kji, strict=True))
    a_i, a_j, a_k, origin = affine[0]
    if a_j == 0 and a_k == 0:
        x, weight = a_i * i + origin, planes_kji[2]
    else:
        at_k, at_j, at_i = np.nonzero(mask)
        x = a_i * i[at_i] + a_j * j[at_j] + a_k * k[at_k] + origin
        weight = np.ones(x.size, dtype=np.int64)
    right, left = int(weight[x > 0].sum()), int(weight[x < 0].sum())
    return (right - left) / (right + left) if right + left else None
