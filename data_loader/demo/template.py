"""The MNI152 template that nilearn brings, with a head drawn around it.

The template is brain-extracted, so skull, scalp, face and neck are built from distances to the
brain. Values of the head are CT numbers in HU; coordinates are MNI mm (RAS).
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from data_loader.mni152 import Map, read_mni152

Array = NDArray[np.float32]

CSF_HU: Final = 8.0
AIR_HU: Final = -1000.0
_SPACING_MM: Final = 2.0
_ORIGIN_MM: Final = np.array([-104.0, -144.0, -104.0])
_SHAPE: Final = (105, 133, 112)


@dataclass(frozen=True)
class Field:
    """Values on an isotropic grid in MNI space.

    Attributes:
        values: shape (x, y, z).
        origin_mm: where the first voxel's centre lies.
        spacing_mm: edge of a voxel.
        outside: what is beyond the grid.
    """

    values: NDArray[np.generic]
    origin_mm: NDArray[np.float64]
    spacing_mm: float
    outside: float = 0.0

    def sample(self, mm: Array) -> Array:
        """Interpolate linearly at `mm` of shape (3, ...); gives shape (...)."""
        index = self._index(mm)
        sampled = ndimage.map_coordinates(
            self.values, index, output=np.float32, order=1, cval=self.outside
        )
        return np.asarray(sampled, dtype=np.float32)

    def nearest(self, mm: Array) -> NDArray[np.int8]:
        """Look the nearest label up at `mm` of shape (3, ...); gives shape (...)."""
        index = np.rint(self._index(mm)).astype(np.int32)
        limits = np.array(self.values.shape).reshape(-1, *(1,) * (mm.ndim - 1))
        inside = ((index >= 0) & (index < limits)).all(axis=0)
        labels = self.values[tuple(np.clip(index, 0, limits - 1))].astype(np.int8)
        return np.asarray(labels * inside, dtype=np.int8)

    def _index(self, mm: Array) -> Array:
        origin = self.origin_mm.astype(np.float32).reshape(-1, *(1,) * (mm.ndim - 1))
        return np.asarray((mm - origin) / np.float32(self.spacing_mm), dtype=np.float32)


@dataclass(frozen=True)
class Template:
    """Grey and white matter (0 to 255), and the head without its brain (HU; CSF inside)."""

    gray: Field
    white: Field
    head: Field


@cache
def load_template() -> Template:
    """Load the template and draw its head; about two seconds, once a process.

    Raises:
        FileNotFoundError: nilearn or its packaged template is missing.
    """
    gray, white = _read_packaged("gm"), _read_packaged("wm")
    tissue = np.maximum(gray.values, white.values) > 64
    coarse = np.zeros(_SHAPE, dtype=bool)
    start = np.rint((gray.origin_mm - _ORIGIN_MM) / _SPACING_MM).astype(int)
    half = ndimage.maximum_filter(tissue, size=3)[::2, ::2, ::2]  # no tissue left in the bone
    coarse[tuple(slice(a, a + n) for a, n in zip(start, half.shape, strict=True))] = half
    return Template(gray, white, Field(_draw_head(coarse), _ORIGIN_MM, _SPACING_MM, AIR_HU))


def _read_packaged(tissue: Map) -> Field:
    volume = read_mni152(tissue)
    return Field(np.ascontiguousarray(volume.data), volume.affine[:3, 3], 1.0)


def _draw_head(brain: NDArray[np.bool_]) -> Array:
    """Draw skull, scalp, face and neck around the brain by distance, as CT numbers."""
    x, y, z = _coordinates()
    lowest = int(np.flatnonzero(brain.any(axis=(0, 1)))[0]) + 2
    cord = (x**2 + (y + 44) ** 2 < 8**2) & (z < _ORIGIN_MM[2] + lowest * _SPACING_MM)
    cavity = _close(brain | cord, radius_mm=9.0)
    depth = _distance_mm(cavity)
    # The outside of a skull doesn't follow the brain into its clefts.
    outer = np.minimum(depth, _distance_mm(_close(cavity, radius_mm=22.0)))
    head = np.full(_SHAPE, AIR_HU, dtype=np.float32)
    outline = (outer < 16.0) | _face(x, y, z) | _neck(x, y, z)
    head[outline] = 45.0
    # Subcutaneous fat: under the skin.
    skin = ndimage.distance_transform_edt(outline, sampling=_SPACING_MM)
    head[outline & (skin > 4.0) & (skin < 7.0) & (outer > 8.5)] = -70.0
    _draw_orbits(head, outline, x, y, z)
    ring = (depth > 0) & (outer < 8.5)
    across = depth[ring] / (depth[ring] + 8.5 - outer[ring])
    head[ring] = np.interp(across, [0, 0.2, 0.4, 0.6, 0.8, 1], [60, 1150, 800, 650, 1000, 900])
    head[cavity] = CSF_HU
    return np.asarray(ndimage.gaussian_filter(head, 0.45), dtype=np.float32)


def _coordinates() -> tuple[Array, Array, Array]:
    axes = [
        (o + _SPACING_MM * np.arange(n)).astype(np.float32)
        for o, n in zip(_ORIGIN_MM, _SHAPE, strict=True)
    ]
    x, y, z = np.meshgrid(*axes, indexing="ij", sparse=True)
    return x, y, z


def _distance_mm(mask: NDArray[np.bool_]) -> Array:
    distance = ndimage.distance_transform_edt(~mask, sampling=_SPACING_MM)
    return np.asarray(distance, dtype=np.float32)


def _close(mask: NDArray[np.bool_], *, radius_mm: float) -> NDArray[np.bool_]:
    grown = _distance_mm(mask) <= radius_mm
    kept = ndimage.distance_transform_edt(grown, sampling=_SPACING_MM) > radius_mm - 1.0
    return np.asarray(ndimage.binary_fill_holes(kept | mask))


def _face(x: Array, y: Array, z: Array) -> NDArray[np.bool_]:
    cheeks = (x / 68) ** 2 + ((y - 26) / 66) ** 2 + ((z + 70) / 66) ** 2 < 1
    nose = (x / 13) ** 2 + ((y - 88) / 20) ** 2 + ((z + 62) / 20) ** 2 < 1
    return np.asarray(cheeks | nose)


def _neck(x: Array, y: Array, z: Array) -> NDArray[np.bool_]:
    return np.asarray(((x / 66) ** 2 + ((y + 32) / 66) ** 2 < 1) & (z < -55))


def _draw_orbits(head: Array, outline: NDArray[np.bool_], x: Array, y: Array, z: Array) -> None:
    """Add what makes a low slice look like one: eyes, ethmoid cells, cheekbones, mastoids."""
    side = np.abs(x)
    socket = (side - 32) ** 2 + ((y - 56) / 1.6) ** 2 + (z + 38) ** 2
    globe = (side - 33) ** 2 + (y - 68) ** 2 + (z + 38) ** 2
    air = (side / 11) ** 2 + ((y - 50) / 24) ** 2 + ((z + 45) / 17) ** 2 < 1
    antrum = ((side - 28) / 14) ** 2 + ((y - 50) / 16) ** 2 + ((z + 75) / 16) ** 2 < 1
    petrous = ((side - 45) / 22) ** 2 + ((y + 25) / 11) ** 2 + ((z + 46) / 9) ** 2 < 1
    for region, hu in (
        (petrous, 950.0),
        ((socket > 17**2) & (socket < 20**2), 700.0),
        (socket <= 17**2, -80.0),
        (globe < 12**2, 15.0),
        (air | antrum, -900.0),
    ):
        head[region & outline] = hu
