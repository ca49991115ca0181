"""The arteries and sinuses as centrelines in MNI mm, and the territories nearest to them.

Hand-set after anatomy atlases, on the right; the left mirrors it. Schematic: good enough to place
an infarct and to make a CT angiogram recognisable, and for nothing else.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from data_loader.demo.patients import TERRITORIES
from data_loader.demo.template import Field, load_template

Line = tuple[tuple[float, float, float], ...]

# The TopCoW labels of the circle of Willis: (right, left); midline vessels have one label.
CIRCLE: Final[dict[tuple[int, int], Line]] = {
    (1, 1): ((0, -20, -46), (0, -13, -38), (0, -10, -28), (0, -14, -17)),
    (2, 3): ((0, -14, -17), (9, -15, -15), (17, -22, -12), (23, -32, -8)),
    (4, 6): ((16, -6, -40), (14, 4, -32), (10, 6, -26), (12, 1, -20), (12, 2, -15)),
    (5, 7): ((12, 2, -15), (20, 1, -17), (28, 2, -18), (35, 3, -14), (39, 4, -9)),
    (8, 9): ((12, 1, -17), (10, -7, -16), (9, -15, -15)),
    (10, 10): ((-3, 14, -11), (3, 14, -11)),
    (11, 12): ((12, 2, -15), (7, 8, -14), (3, 14, -11), (3, 24, -9), (3, 32, -2)),
}

# Branches beyond the circle, by territory: wall to wall they define who supplies what.
BRANCHES: Final[dict[str, tuple[Line, ...]]] = {
    "ACA": (
        ((3, 32, -2), (4, 38, 10), (4, 28, 24), (4, 8, 32), (4, -16, 34), (5, -34, 34)),
        ((4, 38, 10), (5, 52, 10), (6, 60, 2)),
        ((4, 34, 20), (6, 46, 32), (10, 38, 48), (10, 20, 58)),
        ((4, 8, 32), (7, 2, 52), (9, -6, 66)),
        ((4, -16, 34), (7, -28, 54), (8, -36, 64)),
        ((3, 24, -9), (8, 40, -20), (10, 56, -12)),
    ),
    "MCA": (
        ((39, 4, -9), (41, -6, -1), (42, -20, 9), (50, -30, 20), (54, -44, 32), (46, -60, 38)),
        ((39, 4, -9), (40, 12, -2), (44, 20, 8), (52, 18, 20), (48, 22, 36), (38, 30, 42)),
        ((44, 20, 8), (46, 36, 6), (40, 50, 6)),
        ((41, -6, -1), (48, -4, 14), (58, -4, 26), (50, -8, 46), (36, -14, 60)),
        ((50, -30, 20), (58, -26, 36), (48, -32, 52), (34, -42, 58)),
        ((41, -6, -1), (50, -14, -8), (62, -26, -4), (62, -46, 6), (50, -64, 14)),
        ((39, 4, -9), (46, 8, -22), (50, 4, -34), (58, -12, -24)),
        ((22, 2, -14), (24, 2, -2), (26, -4, 10), (22, -4, 20)),
        ((18, 8, -8), (16, 12, 4), (18, 4, 18)),
        ((26, -4, 10), (28, -16, 22), (26, -28, 28)),
    ),
    "PCA": (
        ((23, -32, -8), (26, -46, -10), (18, -62, 0), (12, -78, 4), (10, -94, 4)),
        ((18, -62, 0), (14, -66, 18), (14, -78, 28)),
        ((23, -32, -8), (34, -36, -20), (46, -46, -22), (40, -66, -16)),
        ((23, -32, -8), (26, -16, -22), (30, -6, -34)),
        ((26, -46, -10), (30, -72, -8), (28, -92, -2)),
        ((9, -15, -15), (8, -18, 0), (12, -22, 10)),
    ),
}

SINUSES: Final[tuple[Line, ...]] = (
    ((0, 62, 36), (0, 44, 60), (0, 20, 77), (0, -10, 83), (0, -40, 81), (0, -66, 68)),
    ((0, -66, 68), (0, -92, 42), (0, -108, 10), (0, -106, -8)),
    (
        (0, -106, -8),
        (22, -102, -14),
        (44, -86, -22),
        (58, -64, -28),
        (57, -46, -36),
        (44, -38, -52),
    ),
    ((0, -36, -2), (0, -48, 8), (0, -74, 4), (0, -98, -4)),
)


def trace(line: Line, *, mirrored: bool, step_mm: float = 0.5) -> NDArray[np.float64]:
    """Give points of shape (n, 3) along a centreline, at most `step_mm` apart."""
    corners = np.array(line, dtype=float) * ([-1, 1, 1] if mirrored else [1, 1, 1])
    lengths = np.linalg.norm(np.diff(corners, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    at = np.linspace(0, along[-1], int(along[-1] / step_mm) + 2)
    return np.stack([np.interp(at, along, corners[:, axis]) for axis in range(3)], axis=1)


@cache
def territory_field() -> Field:
    """Label the brain on a 4 mm grid: 1 to 4 in the order of `TERRITORIES`, 0 elsewhere."""
    head = load_template().head
    shape = tuple(n // 2 for n in head.values.shape)
    axes = [o + 4.0 * np.arange(n) for o, n in zip(head.origin_mm, shape, strict=True)]
    mm = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    labels = supplying_artery(mm.reshape(-1, 3)).reshape(shape) + 1
    return Field(labels.astype(np.int8), head.origin_mm, 4.0)


def supplying_artery(mm: NDArray[np.float64]) -> NDArray[np.int64]:
    """Say which artery supplies each point of shape (n, 3): its position in `TERRITORIES`."""
    points, owners = _branch_points()
    _, nearest = cKDTree(points).query(mm)
    arteries = owners[nearest]
    arteries[_below_tentorium(mm)] = TERRITORIES.index("VB")
    return np.asarray(arteries)


def _branch_points() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    points, owners = [], []
    for territory, lines in BRANCHES.items():
        for line in lines:
            for mirrored in (False, True):
                traced = trace(line, mirrored=mirrored, step_mm=3.0)
                points.append(traced)
                owners.append(np.full(len(traced), TERRITORIES.index(territory)))
    return np.concatenate(points), np.concatenate(owners)


def _below_tentorium(mm: NDArray[np.float64]) -> NDArray[np.bool_]:
    x, y, z = np.abs(mm[..., 0]), mm[..., 1], mm[..., 2]
    tentorium = -7.0 - 0.42 * x - 0.35 * np.maximum(0.0, -(y + 58))
    cerebellum = (y < -38) & (z < tentorium)
    brainstem = (x < 17) & (y < -8) & (z < -12)
    return np.asarray(cerebellum | brainstem)
