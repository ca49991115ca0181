"""The components of one infarct, each with its volume and a voxel that lies in it."""

from dataclasses import dataclass

import cc3d
import numpy as np
import numpy.typing as npt

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
    mask = _foreground(volume)
    if not mask.any():
        return []
    labels = cc3d.connected_components(mask, connectivity=26, binary_image=True)
    voxels = np.argwhere(mask)
    of_voxel = labels[mask]
    order = np.argsort(of_voxel, kind="stable")
    ends = np.cumsum(np.bincount(of_voxel)[1:])
    parts = np.split(voxels[order], ends[:-1])
    found = [_component(part, volume) for part in parts]
    return sorted(found, key=lambda component: -component.volume_ml)


def _foreground(volume: Volume) -> npt.NDArray[np.bool_]:
    """Plane by plane: real values of a whole grid would take eight times the memory."""
    mask = np.empty(volume.data.shape, dtype=np.bool_, order="F")
    for k in range(mask.shape[2]):
        values = volume.data[:, :, k] * np.float64(volume.slope) + volume.inter
        mask[:, :, k] = values > FOREGROUND_ABOVE
    return mask


def _component(voxels: npt.NDArray[np.int64], volume: Volume) -> InfarctComponent:
    away = (voxels - voxels.mean(axis=0)) * np.array(volume.header.voxel_mm)
    nearest = voxels[np.argmin((away**2).sum(axis=1))]
    x, y, z = volume.affine[:3, :3] @ nearest + volume.affine[:3, 3]
    ml = len(voxels) * volume.header.voxel_mm3 / 1000
    return InfarctComponent(ml, (float(x), float(y), float(z)))
