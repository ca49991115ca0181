"""One patient's head: how it lies in the scanner, how it differs from the template, and its grids.

World coordinates are RAS mm, as a NIfTI affine gives them: negative x is the patient's left.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data_loader.demo.template import Array, load_template

GRAY_HU: Final = 37.0
WHITE_HU: Final = 28.0
# The middle of the head in MNI mm, which the scanner's operator centres on.
_MIDDLE_MM: Final = np.array([0.0, -17.0, 4.0])
_VENTRICLES_MM: Final = np.array([0.0, -12.0, 14.0])


@dataclass(frozen=True)
class Grid:
    """A voxel grid: its shape, and the affine from indices to world mm."""

    shape: tuple[int, int, int]
    affine: NDArray[np.float64]

    @property
    def voxel_ml(self) -> float:
        """Volume of a voxel in ml."""
        return float(abs(np.linalg.det(self.affine[:3, :3])) / 1000)

    def upper(self, share: float) -> "Grid":
        """Keep a share of its slices, the last ones."""
        x, y, z = self.shape
        kept = round(share * z)
        affine = self.affine.copy()
        affine[:3, 3] += affine[:3, 2] * (z - kept)
        return Grid((x, y, kept), affine)


@dataclass(frozen=True)
class Head:
    """A head's pose and shape: the way from the scanner's world into the template.

    Attributes:
        matrix: 3 x 4, world mm to MNI mm before the local warp.
        waves: wave vectors of the local warp, shape (3, m, 3), radians a mm.
        phases: shape (3, m).
        amplitudes_mm: shape (3, m).
        ventricles: how much the middle is magnified (0 to 0.3).
        atrophy: how much cortex has given way to CSF (0 to 1).
    """

    matrix: NDArray[np.float64]
    waves: Array
    phases: Array
    amplitudes_mm: Array
    ventricles: float
    atrophy: float

    @property
    def middle_mm(self) -> NDArray[np.float64]:
        """Where the middle of the head lies in the world."""
        linear, shift = self.matrix[:, :3], self.matrix[:, 3]
        return np.asarray(np.linalg.solve(linear, _MIDDLE_MM - shift))

    def template_mm(self, grid: Grid) -> Array:
        """Give the MNI coordinates of every voxel of a grid, shape (3, x, y, z)."""
        to_template = self.matrix @ grid.affine
        i, j, k = np.ogrid[tuple(slice(0, n) for n in grid.shape)]
        plain = np.stack(
            [(row[0] * i + row[1] * j + (row[2] * k + row[3])) for row in to_template]
        ).astype(np.float32)
        return self._warp(plain)

    def _warp(self, plain: Array) -> Array:
        middle = _VENTRICLES_MM.astype(np.float32).reshape(3, 1, 1, 1)
        offset = plain - middle
        squared = np.einsum("a...,a...->...", offset, offset)
        magnified = np.float32(-self.ventricles) * np.exp(squared * np.float32(-1 / (2 * 26**2)))
        warped = plain + offset * magnified
        for axis in range(3):
            for wave, phase, amplitude in zip(
                self.waves[axis], self.phases[axis], self.amplitudes_mm[axis], strict=True
            ):
                angle = np.einsum("a,a...->...", wave, plain)
                angle += phase
                warped[axis] += amplitude * np.sin(angle)
        return np.asarray(warped, dtype=np.float32)


def draw_head(age_years: float, rng: np.random.Generator) -> Head:
    """Draw a head: its place in the scanner, its size, and the atrophy that comes with age."""
    pitch, roll, yaw = np.radians(rng.normal(0, [5.0, 2.0, 2.5]))
    # The MNI brain is larger than most: about 0.95 of it gives 1.4 to 1.6 l with the CSF.
    size = 1.0 / (rng.normal(0.955, 0.025) * rng.normal(1.0, 0.015, 3)).clip(0.9, 1.04)
    # The table stands where it stands: origins are 120 to 165 mm off, along y and z.
    direction = rng.uniform(0, 2 * np.pi)
    away = rng.uniform(120.0, 165.0)
    anchor = np.array([rng.normal(0, 2.5), away * np.cos(direction), away * np.sin(direction)])
    linear = np.diag(size) @ rotation(pitch=pitch, roll=roll, yaw=yaw).T
    directions = rng.standard_normal((3, 2, 3))
    directions /= np.linalg.norm(directions, axis=2, keepdims=True)
    aged = np.clip((age_years - 45) / 45, 0, 1)
    return Head(
        matrix=np.column_stack([linear, -linear @ anchor]),
        waves=(directions * 2 * np.pi / rng.uniform(90, 160, (3, 2, 1))).astype(np.float32),
        phases=rng.uniform(0, 2 * np.pi, (3, 2)).astype(np.float32),
        amplitudes_mm=rng.uniform(0.5, 1.8, (3, 2)).astype(np.float32),
        ventricles=float(np.clip(0.05 + 0.16 * aged + rng.normal(0, 0.05), 0.0, 0.3)),
        atrophy=float(np.clip(0.1 + 0.6 * aged + rng.normal(0, 0.12), 0.0, 1.0)),
    )


def rotation(*, pitch: float, roll: float, yaw: float) -> NDArray[np.float64]:
    """Rotate by `pitch` about x, `roll` about y and `yaw` about z, all in radians."""
    (cx, sx), (cy, sy), (cz, sz) = ((np.cos(a), np.sin(a)) for a in (pitch, roll, yaw))
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return np.asarray(about_z @ about_y @ about_x)


@dataclass(frozen=True)
class Protocol:
    """How a scan is set up.

    Attributes:
        shape: voxels along each axis.
        voxel_mm: their size.
        axes: orientation as nibabel writes it: `LAS`, `LPS` or `RAS`.
        tilt_deg: tilt about the left-right axis, as of a gantry.
        shift_mm: how far the grid is centred off the head's middle, along its own axes.
    """

    shape: tuple[int, int, int]
    voxel_mm: tuple[float, float, float]
    axes: str
    tilt_deg: float
    shift_mm: tuple[float, float, float]


def place_grid(head: Head, protocol: Protocol) -> Grid:
    """Place a protocol's grid on a head."""
    signs = [1.0 if letter in "RAS" else -1.0 for letter in protocol.axes]
    turned = rotation(pitch=float(np.radians(protocol.tilt_deg)), roll=0.0, yaw=0.0)
    linear = turned @ np.diag(np.array(signs) * protocol.voxel_mm)
    centre = (np.array(protocol.shape) - 1) / 2
    affine = np.eye(4)
    affine[:3, :3] = linear
    affine[:3, 3] = head.middle_mm + turned @ np.array(protocol.shift_mm) - linear @ centre
    return Grid(protocol.shape, affine)


def draw_ncct_grid(head: Head, rng: np.random.Generator, *, coarse: bool) -> Grid:
    """Draw the reference grid: 1.7 to 2.1 mm in plane, slices of 4 to 6 mm, tilted up to 11°."""
    in_plane = round(float(rng.uniform(2.1, 2.3) if coarse else rng.uniform(1.7, 2.1)), 3)
    slice_mm = 5.0 if coarse else float(rng.choice([4.0, 4.5, 5.0, 6.0]))
    tilt = float(np.clip(rng.normal(0, 6.0), -11, 11)) if rng.random() < 0.7 else 0.0
    shape = (round(204 / in_plane), round(248 / in_plane), round(178 / slice_mm))
    protocol = Protocol(
        shape=shape,
        voxel_mm=(in_plane, in_plane, slice_mm),
        axes=str(rng.choice(["LAS", "LPS", "RAS"], p=[0.5, 0.35, 0.15])),
        tilt_deg=round(tilt, 2),
        shift_mm=(float(rng.normal(0, 2)), float(rng.normal(0, 3)), float(rng.normal(3, 3))),
    )
    return place_grid(head, protocol)


@dataclass(frozen=True)
class Anatomy:
    """A head seen on a grid: template coordinates, tissue shares and CT numbers.

    Attributes:
        grid: the grid of all arrays.
        mm: MNI coordinates, shape (3, x, y, z).
        gray: share of grey matter, 0 to 1.
        white: share of white matter, 0 to 1.
        hu: CT numbers without noise or disease.
    """

    grid: Grid
    mm: Array
    gray: Array
    white: Array
    hu: Array

    @property
    def brain(self) -> NDArray[np.bool_]:
        """Where brain tissue fills most of the voxel."""
        return np.asarray(self.gray + self.white > 0.5)

    def mm_of(self, voxels: tuple[NDArray[np.int64], ...]) -> Array:
        """Give the MNI coordinates of some voxels, shape (n, 3)."""
        x, y, z = voxels
        return np.asarray(self.mm[:, x, y, z].T)


def see_anatomy(head: Head, grid: Grid) -> Anatomy:
    """Sample the template through a head's warp on a grid."""
    template = load_template()
    mm = head.template_mm(grid)
    # Cortex thins and sulci widen: the partial-volume rim gives way first.
    gray = _thin(template.gray.sample(mm), 1 + head.atrophy)
    white = _thin(template.white.sample(mm), 1 + 0.3 * head.atrophy)
    hu = template.head.sample(mm)
    tissue = gray + white
    hu = hu * (1 - np.minimum(tissue, 1)) + GRAY_HU * gray + WHITE_HU * white
    return Anatomy(grid, mm, gray, white, hu)


def _thin(tissue: Array, power: float) -> Array:
    return np.asarray((tissue / 255) ** np.float32(power), dtype=np.float32)
