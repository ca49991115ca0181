"""The components of one infarct, each with its volume and a voxel that lies in it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.connected import connected_components
from analytics.lesions import FOREGROUND_ABOVE
from data_loader.nifti import Volume


@dataclass(frozen=True)
class InfarctComponent:
    """Voxels that share a face, an edge or a corner.

    Attributes:
        volume_ml: voxels times the header's voxel size.
        at_mm: world x, y, z (RAS+) of its voxel nearest to its centre of mass, so that a crosshair
            there lies in the infarct even where the component is hollow or bent.
    """

    volume_ml: float
    at_mm: tuple[float, float, float]


def infarct_components(volume: Volume) -> list[InfarctComponent]:
    """Find the 26-connected components of a mask, the largest first.

    Args:
        volume: shape (i, j, k); foreground above 0.5 after scaling.
    """
    mask, start = _foreground(volume)
    if not mask.size:
        return []
    labels, _ = connected_components(mask, 26)
    voxels = np.argwhere(mask) + start
    of_voxel = labels[mask]
    order = np.argsort(of_voxel, kind="stable")
    ends = np.cumsum(np.bincount(of_voxel)[1:])
    parts = np.split(voxels[order], ends[:-1])
    found = [_component(part, volume) for part in parts]
    return sorted(found, key=lambda component: -component.volume_ml)


def _foreground(volume: Volume) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Crop to the foreground; gives also the voxel at which the crop begins.

    Plane by plane: real values of a whole grid would take eight times the memory of its bytes.
    """
    mask: npt.NDArray[np.bool_] = np.empty(volume.data.shape, dtype=np.bool_, order="F")
    is_plain = volume.slope == 1 and volume.inter == 0
    for k in range(mask.shape[2]):
        plane = volume.data[:, :, k]
        values = plane if is_plain else plane * np.float64(volume.slope) + volume.inter
        np.greater(values, FOREGROUND_ABOVE, out=mask[:, :, k])
    at_i, at_j, at_k = (
        np.flatnonzero(np.any(mask, axis=others)) for others in ((1, 2), (0, 2), (0, 1))
    )
    if not at_i.size:
        return mask[:0], np.zeros(3, dtype=np.int64)
    box = tuple(slice(int(at[0]), int(at[-1]) + 1) for at in (at_i, at_j, at_k))
    start = np.array([at_i[0], at_j[0], at_k[0]], dtype=np.int64)
    return np.ascontiguousarray(mask[box]), start


def _component(voxels: npt.NDArray[np.int64], volume: Volume) -> InfarctComponent:
    away = (voxels - voxels.mean(axis=0)) * np.array(volume.header.voxel_mm)
    nearest = voxels[np.argmin((away**2).sum(axis=1))]
    x, y, z = volume.affine[:3, :3] @ nearest + volume.affine[:3, 3]
    ml = len(voxels) * volume.header.voxel_mm3 / 1000
    return InfarctComponent(ml, (float(x), float(y), float(z)))
