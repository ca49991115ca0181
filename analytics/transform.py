"""The way from an image's own world to standard space and back, for points."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
"""World coordinates in mm (RAS+), shape (3, n)."""


@dataclass(frozen=True)
class Warp:
    """Displacements in MNI152 on a lattice, interpolated linearly between its nodes.

    Attributes:
        out: from the template to the affinely placed image, in mm, shape (3, x, y, z).
        back: the other way.
        origin_mm: where the first node lies.
        spacing_mm: between nodes.
    """

    out: npt.NDArray[np.float32]
    back: npt.NDArray[np.float32]
    origin_mm: npt.NDArray[np.float64]
    spacing_mm: float

    def moved(self, points: Points, field: npt.NDArray[np.float32]) -> Points:
        """Points displaced by one of the two fields."""
        from scipy import ndimage  # noqa: PLC0415 - affine ways do without

        index = (points - self.origin_mm[:, None]) / self.spacing_mm
        steps = [ndimage.map_coordinates(axis, index, order=1, mode="nearest") for axis in field]
        moved: Points = points + np.array(steps)
        return moved


@dataclass(frozen=True)
class Transform:
    """An affine way, then perhaps a warp; points go through it, images need not be resampled.

    Attributes:
        matrix: 4 x 4, world mm of the image to mm of MNI152 (RAS+ both).
        warp: of what the affine way leaves; None where it is all.
    """

    matrix: npt.NDArray[np.float64]
    warp: Warp | None = None

    def to_standard(self, points: Points) -> Points:
        """Where points of the image's world lie in MNI152."""
        placed = through(self.matrix, points)
        return self.warp.moved(placed, self.warp.back) if self.warp else placed

    def to_native(self, points: Points) -> Points:
        """Where points of MNI152 lie in the image's world."""
        placed = self.warp.moved(points, self.warp.out) if self.warp else points
        return through(np.linalg.inv(self.matrix), placed)


IDENTITY = Transform(np.eye(4))
"""Of an image that lies in MNI152 already."""


def through(matrix: npt.NDArray[np.floating], points: Points) -> Points:
    """Points through an affine matrix of 4 x 4."""
    return np.asarray(matrix[:3, :3] @ points + matrix[:3, 3:])


def transform_of(matrix: Sequence[float], warp: Path | None) -> Transform:
    """The way that 16 numbers, row by row, and perhaps a file of `warp_bytes` describe."""
    return Transform(np.array(matrix).reshape(4, 4), read_warp(warp) if warp else None)


def warp_bytes(warp: Warp) -> bytes:
    """A warp as a file; a displacement of 30 mm is kept to a hundredth of a mm."""
    file = BytesIO()
    np.savez_compressed(
        file,
        out=warp.out.astype(np.float16),
        back=warp.back.astype(np.float16),
        origin_mm=warp.origin_mm,
        spacing_mm=np.float64(warp.spacing_mm),
    )
    return file.getvalue()


def read_warp(path: Path) -> Warp:
    """Read a file of `warp_bytes`."""
    with np.load(path) as stored:
        return Warp(
            out=stored["out"].astype(np.float32),
            back=stored["back"].astype(np.float32),
            origin_mm=stored["origin_mm"],
            spacing_mm=float(stored["spacing_mm"]),
        )
