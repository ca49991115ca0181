"""The brain in a CT or MR image of a head, coarsely: enough to register it by.

Registering heads with their skulls fails. On CT the brain is the largest piece of soft tissue that
stays in one piece when everything narrow is worn off: the skull holds it apart from the scalp. On
MR it is the largest bright piece, the same way.
"""

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from analytics.connected import connected_components
from data_loader.profile import Modality

Bool = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]

SPACING_MM = 2.0
"""Of the grid on which brains are found."""

_SOFT_HU = (-10.0, 110.0)
_WORN_VOXELS = 3
_CLOSED_VOXELS = 4
_HEIGHT_MM = 165.0
"""From the crown down; what lies below is neck."""

_BRIGHT = 0.8
"""Share of the threshold that best parts bright from dark (Otsu, IEEE Trans Syst Man Cybern
1979;9:62): it falls between brain and infarct where the latter shines."""

_SMOOTH_VOXELS = 0.7
_NEIGHBOURS = ndimage.generate_binary_structure(3, 2)


def find_brain(values: Floats, modality: Modality) -> Bool:
    """Find the brain in an image of `SPACING_MM`; all False where there is none.

    Args:
        values: axes (x, y, z) along those of the world; in HU on CT.
        modality: what the image is.
    """
    smooth = ndimage.gaussian_filter(values, _SMOOTH_VOXELS)
    if modality == "ct":
        tissue = (smooth > _SOFT_HU[0]) & (smooth < _SOFT_HU[1])
    else:
        tissue = smooth > _BRIGHT * _otsu(np.minimum(smooth, np.percentile(smooth, 99.5)))
    core = _largest(ndimage.binary_erosion(tissue, _NEIGHBOURS, _WORN_VOXELS))
    grown = ndimage.binary_dilation(core, _NEIGHBOURS, _WORN_VOXELS + 1) & tissue
    return _without_neck(_filled(grown))


def _otsu(values: Floats) -> float:
    counts, edges = np.histogram(values, 256)
    centres = (edges[1:] + edges[:-1]) / 2
    below, above = np.cumsum(counts)[:-1], np.cumsum(counts[::-1])[-2::-1]
    mass = np.cumsum(counts * centres)
    apart = mass[:-1] / np.maximum(below, 1) - (mass[-1] - mass[:-1]) / np.maximum(above, 1)
    return float(centres[int(np.argmax(below * above * apart**2))])


def _largest(mask: Bool) -> Bool:
    labels, _ = connected_components(mask, 6)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return np.asarray((labels == sizes.argmax()) & (sizes.max() > 0))


def _filled(mask: Bool) -> Bool:
    """Close sulci and whatever else is dark within the brain: ventricles, the falx, calcium."""
    padded = np.pad(mask, _CLOSED_VOXELS)
    closed = ndimage.binary_closing(padded, _NEIGHBOURS, _CLOSED_VOXELS)
    inner = slice(_CLOSED_VOXELS, -_CLOSED_VOXELS)
    return np.asarray(ndimage.binary_fill_holes(closed)[inner, inner, inner])


def _without_neck(mask: Bool) -> Bool:
    heights = np.flatnonzero(mask.any(axis=(0, 1)))
    if heights.size:
        mask[:, :, : max(0, heights[-1] + 1 - round(_HEIGHT_MM / SPACING_MM))] = False
    return mask
