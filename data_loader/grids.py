"""Whether an image lies on the grid of another."""

import numpy as np

from data_loader.nifti import Header

TOLERANCE_MM = 1e-3
"""Largest difference of two affines, entry by entry, that rounding to 32 bits explains."""


def grid_difference(found: Header, wanted: Header) -> str | None:
    """How the grid of one image differs from that of its reference, as the end of a sentence.

    Returns:
        None where they agree: the same shape along i, j and k, and affines within `TOLERANCE_MM`.
    """
    if found.shape[:3] != wanted.shape[:3]:
        return f"has {_shape(found)} voxels, not {_shape(wanted)}"
    apart_mm = float(np.abs(found.affine - wanted.affine).max())
    if apart_mm > TOLERANCE_MM:
        return f"has an affine that differs by up to {apart_mm:.3g} mm"
    return None


def _shape(header: Header) -> str:
    return " x ".join(map(str, header.shape[:3]))
