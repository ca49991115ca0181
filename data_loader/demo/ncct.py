"""The non-contrast CT: the head in HU, with noise, and the infarct slightly darker."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from data_loader.demo.anatomy import Anatomy, Grid
from data_loader.demo.template import AIR_HU, Array

_PADDING_HU = -1024


def draw_ncct(
    anatomy: Anatomy, infarct: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.int16]:
    """Draw the NCCT in HU; what lies outside the scanner's round field of view is padding."""
    darkening = soften(infarct, anatomy.grid) * np.float32(rng.uniform(3.0, 8.0))
    hu = anatomy.hu - darkening * (anatomy.gray + anatomy.white)
    return to_hu(hu, anatomy.grid, noise_hu=float(rng.uniform(2.2, 3.2)), rng=rng)


def soften(mask: NDArray[np.bool_], grid: Grid, *, mm: float = 2.5) -> Array:
    """Blur a mask by a Gaussian of `mm` (SD), whatever the voxel size; values 0 to 1."""
    sigma = mm / np.linalg.norm(grid.affine[:3, :3], axis=0)
    return np.asarray(ndimage.gaussian_filter(mask.astype(np.float32), sigma))


def to_hu(hu: Array, grid: Grid, *, noise_hu: float, rng: np.random.Generator) -> NDArray[np.int16]:
    """Add a scanner's noise inside the head, clip, and pad outside the field of view."""
    head = hu > -500
    noise = rng.standard_normal(int(head.sum()), dtype=np.float32) * np.float32(noise_hu)
    noisy = np.full(grid.shape, AIR_HU, dtype=np.float32)
    noisy[head] = hu[head] + noise
    partial = (hu > AIR_HU + 20) & ~head
    noisy[partial] = hu[partial]
    image = np.rint(np.clip(noisy, AIR_HU, 2000)).astype(np.int16)
    image[~_field_of_view(grid)] = _PADDING_HU
    return image


def _field_of_view(grid: Grid) -> NDArray[np.bool_]:
    i, j = np.ogrid[: grid.shape[0], : grid.shape[1]]
    centre_i, centre_j = (grid.shape[0] - 1) / 2, (grid.shape[1] - 1) / 2
    radius = 0.53 * max(grid.shape[:2])
    inside = (i - centre_i) ** 2 + (j - centre_j) ** 2 <= radius**2
    return np.asarray(np.broadcast_to(inside[:, :, None], grid.shape))
