"""A lesion taken to standard space.

Volumes come from its voxel centres, pushed there one by one: none is lost and none is counted
twice. Maps come the other way, each voxel of standard space asking which voxel of the mask it lies
in, so that thick slices leave no gaps. On a grid of whole millimetres both are the same.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from analytics.coverage import BRAIN_MM, TIE, covered
from analytics.standard_space import AFFINE, ORIGIN_MM, SHAPE, runs_of, runs_on
from analytics.transform import IDENTITY, Points, Transform, through
from data_loader.packed import pack

Bool = npt.NDArray[np.bool_]
Affine = npt.NDArray[np.float64]

_WHOLE_MM = 1e-3
"""What rounding to 32 bits may leave of a whole number of mm."""

_HEAD_MM = 100.0
_CORE_MM = ((-50.0, 50.0), (-80.0, 50.0), (-30.0, 60.0))
"""A box in MNI152 that is full of brain; every image of a whole head there covers it."""

_MOST = 0.5


class OnGrid(Protocol):
    """The grid of an image: that of a header will do."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Voxels along i, j and k, and perhaps frames."""

    @property
    def affine(self) -> Affine:
        """4 x 4, voxel indices to world mm (RAS+)."""


@dataclass(frozen=True)
class Placement:
    """Where a lesion lies in standard space; `data_loader.packed` reads the texts.

    Attributes:
        runs: of the voxels of standard space that lie in it, packed as `first, behind, …`.
        voxels: packed numbers of the voxels in which its voxels' centres lie, where those aren't
            just the voxels of `runs`, once each.
        counts: packed running total of how many lie in each of those.
        outside: how many lie outside the grid.
        seen: packed runs of what the image covers of standard space, as far as there is brain;
            None where that is all.
        reason: why it can't be placed; nothing else is then known.
    """

    runs: str = ""
    voxels: str | None = None
    counts: str | None = None
    outside: int = 0
    seen: str | None = None
    reason: str | None = None


def place(
    mask: Bool,
    start_kji: tuple[int, int, int],
    image: OnGrid,
    way: Transform = IDENTITY,
) -> Placement:
    """Take a lesion to standard space.

    Args:
        mask: its foreground, cropped, axes (k, j, i); at least one voxel.
        start_kji: where in the image that begins.
        image: its grid.
        way: from its world to MNI152.
    """
    grid = image.affine @ _shift(start_kji[::-1])
    seen = covered(image.shape[:3], (way.matrix @ image.affine).tobytes())
    if way is IDENTITY and (turned := _whole_mm(mask, grid)) is not None:
        runs = runs_on(SHAPE, *_clipped(*turned))
        outside = int(np.count_nonzero(mask)) - int((runs[:, 1] - runs[:, 0]).sum())
        return Placement(runs=pack(runs.ravel()), outside=outside, seen=seen)
    voxels, counts, outside = _pushed(mask, grid, way)
    runs = _pulled(mask, grid, way)
    return Placement(
        runs=pack(runs.ravel()),
        voxels=pack(voxels),
        counts=pack(np.cumsum(counts)),
        outside=outside,
        seen=seen,
    )


def misplacement(mask: Bool, start_kji: tuple[int, int, int], image: OnGrid) -> str | None:
    """Why a mask whose name says that it lies in MNI152 can't; None where nothing speaks against it.

    Args:
        mask: its foreground, cropped, axes (k, j, i).
        start_kji: where in the image that begins.
        image: its grid.
    """
    world = _corners(image.shape[:3], image.affine)
    low, high = world.min(axis=1), world.max(axis=1)
    is_whole_head = bool(((high - low) >= _HEAD_MM).all())
    covers = all(
        low[axis] <= first and high[axis] >= last for axis, (first, last) in enumerate(_CORE_MM)
    )
    if is_whole_head and not covers:
        return "By its affine the image doesn't cover the brain in MNI152, as its name says."
    if lies_outside(mask, start_kji, image):
        return "By its affine most of the infarct lies outside the brain in MNI152."
    return None


def lies_outside(
    mask: Bool, start_kji: tuple[int, int, int], image: OnGrid, way: Transform = IDENTITY
) -> bool:
    """Whether most of a lesion comes to lie outside a box about the brain; otherwise as `place`."""
    grid = image.affine @ _shift(start_kji[::-1])
    if _in_brain(way.to_standard(_corners(mask.shape[::-1], grid))).all():
        return False
    points = through(grid, np.argwhere(mask).T[::-1].astype(float))
    return float(np.mean(_in_brain(way.to_standard(points)))) < _MOST


def _corners(shape: tuple[int, ...], affine: Affine) -> Points:
    """Where the corner voxels of an image lie in the world."""
    ends = np.array(np.meshgrid(*((0, size - 1) for size in shape))).reshape(3, -1)
    return through(affine, ends.astype(float))


def _in_brain(points: Points) -> Bool:
    low, high = np.array(BRAIN_MM).T[:, :, None]
    return np.asarray(((points >= low) & (points <= high)).all(axis=0))


def _shift(indices: tuple[int, ...]) -> Affine:
    matrix = np.eye(4)
    matrix[:3, 3] = indices
    return matrix


def _whole_mm(mask: Bool, grid: Affine) -> tuple[Bool, tuple[int, int, int]] | None:
    """Turn a mask of 1 mm whose axes are those of the world: axes (z, y, x), and where it begins."""
    to_index = np.linalg.inv(AFFINE) @ grid
    whole = np.rint(to_index)
    steps = whole[:3, :3].astype(int)
    if np.abs(to_index - whole).max() > _WHOLE_MM or not (np.abs(steps).sum(axis=0) == 1).all():
        return None
    if not (np.abs(steps).sum(axis=1) == 1).all():
        return None
    driver = [int(axis) for axis in np.abs(steps).argmax(axis=1)]
    turned = mask.transpose([2 - driver[axis] for axis in (2, 1, 0)])
    low = [int(at) for at in whole[:3, 3]]
    for axis in range(3):
        if steps[axis, driver[axis]] < 0:
            turned = np.flip(turned, 2 - axis)
            low[axis] -= mask.shape[2 - driver[axis]] - 1
    return turned, (low[0], low[1], low[2])


def _clipped(mask: Bool, low: tuple[int, int, int]) -> tuple[Bool, tuple[int, int, int]]:
    """What of a mask, axes (z, y, x), lies within the grid, and where that begins."""
    within, begin = [], []
    for axis, at in enumerate(low):
        size = mask.shape[2 - axis]
        first, last = max(0, -at), min(size, SHAPE[axis] - at)
        within.append(slice(first, max(first, last)))
        begin.append(at + first)
    x, y, z = within
    return mask[z, y, x], (begin[0], begin[1], begin[2])


def _pushed(
    mask: Bool, grid: Affine, way: Transform
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], int]:
    """Numbers of the voxels that voxel centres lie in, how many in each, how many in none."""
    k, j, i = np.nonzero(mask)
    points = way.to_standard(through(grid, np.array((i, j, k), float)))
    index = np.floor(points - np.array(ORIGIN_MM)[:, None] + TIE).astype(np.int64)
    inside = ((index >= 0) & (index < np.array(SHAPE)[:, None])).all(axis=0)
    x, y, z = index[:, inside]
    voxels, counts = np.unique(x + SHAPE[0] * (y + SHAPE[1] * z), return_counts=True)
    return voxels, counts, int(inside.size - np.count_nonzero(inside))


def _pulled(mask: Bool, grid: Affine, way: Transform) -> npt.NDArray[np.int32]:
    """Runs of the voxels of standard space that lie in a voxel of the mask, slice by slice."""
    low, high = _box(mask, grid, way)
    if not (low < high).all():
        return runs_of(np.empty(0, np.int64))
    to_index = np.linalg.inv(grid)
    x, y = np.meshgrid(np.arange(low[0], high[0]), np.arange(low[1], high[1]))
    slices = []
    for z in range(low[2], high[2]):
        at = np.array((x.ravel(), y.ravel(), np.full(x.size, z)), float)
        native = way.to_native(at + np.array(ORIGIN_MM)[:, None])
        index = np.floor(through(to_index, native) + TIE).astype(np.int64)
        known = ((index >= 0) & (index < np.array(mask.shape[::-1])[:, None])).all(axis=0)
        hit = np.zeros(x.size, np.bool_)
        i, j, k = index[:, known]
        hit[known] = mask[k, j, i]
        slices.append(hit.reshape(x.shape))
    return runs_on(SHAPE, np.array(slices), (int(low[0]), int(low[1]), int(low[2])))


def _box(
    mask: Bool, grid: Affine, way: Transform
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Voxels of standard space, from and to below, among which all that lie in the mask are."""
    surface = np.argwhere(_surface(mask)).T[::-1].astype(float)
    reach = np.abs(grid[:3, :3]).sum(axis=1).max() + 1  # half a voxel, whatever its tilt, and more
    points = way.to_standard(through(grid, surface)) - np.array(ORIGIN_MM)[:, None]
    low = np.floor(points.min(axis=1) - reach).astype(np.int64)
    high = np.ceil(points.max(axis=1) + reach).astype(np.int64) + 1
    return np.maximum(low, 0), np.minimum(high, SHAPE)


def _surface(mask: Bool) -> Bool:
    """The first and last voxel of every line along i: the extremes are among them."""
    edges = mask.copy()
    edges[:, :, 1:-1] &= ~(mask[:, :, :-2] & mask[:, :, 2:])
    return edges
