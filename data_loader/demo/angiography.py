"""The CT angiogram, the circle-of-Willis labels and the occlusion.

Vessels are tubes around the centrelines, painted once a process into a 1 mm grid of the template.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from data_loader.demo.anatomy import Anatomy, Grid, Head, Protocol, place_grid, see_anatomy
from data_loader.demo.arteries import BRANCHES, CIRCLE, SINUSES, Line, trace
from data_loader.demo.ncct import to_hu
from data_loader.demo.patients import Infarct
from data_loader.demo.template import Array, Field

Mask = NDArray[np.bool_]

_ARTERY_HU: Final = 330.0
_SINUS_HU: Final = 190.0
_PARENCHYMA_HU: Final = 5.0
# Where the M1 segment is blocked, MNI mm on the right.
_OCCLUSION_MM: Final = (23.0, 1.5, -17.5)
_ORIGIN_MM: Final = np.array([-80.0, -116.0, -76.0])
_SHAPE: Final = (161, 201, 173)


def draw_cta_grid(head: Head, rng: np.random.Generator) -> Grid:
    """Draw the CTA's own grid: finer than the NCCT and tilted otherwise."""
    protocol = Protocol(
        shape=(168, 204, 76),
        voxel_mm=(1.2, 1.2, 2.2),
        axes="LPS",
        tilt_deg=round(float(rng.normal(0, 2.0)), 2),
        shift_mm=(float(rng.normal(0, 2)), float(rng.normal(0, 2)), float(rng.normal(2, 2))),
    )
    return place_grid(head, protocol)


def draw_cta(
    head: Head, grid: Grid, *, infarct: Infarct, rng: np.random.Generator
) -> NDArray[np.int16]:
    """Draw the CTA in HU: the occluded side's middle cerebral artery stays dark."""
    anatomy = see_anatomy(head, grid)
    arteries, sinuses = sample_vessels(anatomy.mm, infarct)
    hu = anatomy.hu + _PARENCHYMA_HU * (anatomy.gray + anatomy.white)
    hu = hu + arteries * (_ARTERY_HU - 40) + sinuses * (_SINUS_HU - 40)
    return to_hu(hu, grid, noise_hu=7.0, rng=rng)


def sample_vessels(mm: Array, infarct: Infarct) -> tuple[Array, Array]:
    """Give the share of each voxel that is contrast-filled artery, and that is sinus (0 to 1)."""
    arteries, middle_cerebral, sinuses = _vessel_fields()
    filled = arteries.sample(mm) / 255
    side = -1.0 if infarct.side == "left" else 1.0
    beyond = np.clip((side * mm[0] - _OCCLUSION_MM[0]) / 2 + 0.5, 0, 1)
    # Collaterals fill what lies behind the clot late and thinly.
    lost = 0.85 * beyond * middle_cerebral.sample(mm) / 255
    return _share(filled - lost), _share(sinuses.sample(mm) / 255)


def _share(values: NDArray[np.floating]) -> Array:
    return np.asarray(np.clip(values, 0, 1), dtype=np.float32)


@cache
def _vessel_fields() -> tuple[Field, Field, Field]:
    """Paint all arteries, those of the MCA alone, and the sinuses (0 to 255)."""
    stem = list(_both_sides(CIRCLE[5, 7]))
    circle = [points for line in CIRCLE.values() for points in _both_sides(line)]
    branches = {
        name: [points for line in lines for points in _both_sides(line)]
        for name, lines in BRANCHES.items()
    }
    others = branches["ACA"] + branches["PCA"]
    sinuses = [points for line in SINUSES for points in _both_sides(line)]
    middle = np.maximum(_paint(stem, radius_mm=1.7), _paint(branches["MCA"], radius_mm=1.1))
    rest = np.maximum(_paint(circle, radius_mm=1.7), _paint(others, radius_mm=1.0))
    arteries, veins = np.maximum(middle, rest), _paint(sinuses, radius_mm=3.2)
    fields = (Field(values, _ORIGIN_MM, 1.0) for values in (arteries, middle, veins))
    return next(fields), next(fields), next(fields)


def _both_sides(line: Line) -> Iterator[NDArray[np.float64]]:
    yield trace(line, mirrored=False)
    yield trace(line, mirrored=True)


def _paint(lines: list[NDArray[np.float64]], *, radius_mm: float) -> NDArray[np.uint8]:
    """Paint tubes with soft walls around points in MNI mm."""
    values = np.zeros(_SHAPE, dtype=np.float32)
    reach = int(radius_mm) + 2
    box = np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * 3, indexing="ij"), -1)
    for point in np.concatenate(lines) - _ORIGIN_MM:
        voxels = np.rint(point).astype(int) + box.reshape(-1, 3)
        inside = ((voxels >= 0) & (voxels < _SHAPE)).all(axis=1)
        voxels = voxels[inside]
        distance = np.linalg.norm(voxels - point, axis=1)
        share = np.clip(radius_mm - distance + 0.5, 0, 1)
        index = tuple(voxels.T)
        values[index] = np.maximum(values[index], share)
    return np.asarray(np.rint(values * 255), dtype=np.uint8)


def label_circle(anatomy: Anatomy) -> NDArray[np.uint8]:
    """Label the circle of Willis on a grid, in TopCoW's numbering (right is the lower number)."""
    points, owners = [], []
    for (right, left), line in CIRCLE.items():
        for label, mirrored in ((right, False), (left, True)):
            traced = trace(line, mirrored=mirrored)
            points.append(traced)
            owners.append(np.full(len(traced), label, dtype=np.uint8))
    labels = np.zeros(anatomy.grid.shape, dtype=np.uint8)
    near = np.nonzero(np.abs(anatomy.mm - _column(0, -5, -22)).max(axis=0) < 45)
    distance, nearest = cKDTree(np.concatenate(points)).query(anatomy.mm_of(near))
    hit = distance < 2.4
    labels[tuple(axis[hit] for axis in near)] = np.concatenate(owners)[nearest[hit]]
    return labels


def mark_occlusion(anatomy: Anatomy, infarct: Infarct) -> Mask:
    """Mark the clot in the M1 segment on the infarct's side; never empty."""
    x, y, z = _OCCLUSION_MM
    centre = _column(-x if infarct.side == "left" else x, y, z)
    offset = (anatomy.mm - centre) / _column(6.0, 3.0, 3.4)
    distance = np.einsum("a...,a...->...", offset, offset)
    clot = distance < 1.0
    clot[np.unravel_index(int(distance.argmin()), distance.shape)] = True
    return np.asarray(clot)


def _column(x: float, y: float, z: float) -> Array:
    return np.array([x, y, z], dtype=np.float32).reshape(3, 1, 1, 1)


def resample(values: NDArray[np.generic], source: Grid, target: Grid, *, outside: float) -> Array:
    """Interpolate an image linearly onto another grid."""
    matrix = np.linalg.inv(source.affine) @ target.affine
    resampled = ndimage.affine_transform(
        values,
        matrix[:3, :3],
        matrix[:3, 3],
        output_shape=target.shape,
        output=np.float32,
        order=1,
        cval=outside,
    )
    return np.asarray(resampled, dtype=np.float32)
