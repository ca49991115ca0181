"""Axial slices as PNG, drawn on the server: the infarct over an image of the same grid.

Radiological convention: the patient's right is on the picture's left. Tilted grids are laid along
their closest world axes, without interpolation between slices; proportions are those of the voxels.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

import nibabel as nib
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageColor, ImageDraw, ImageFont
from scipy import ndimage

from dashboard.theme import LESION
from data_loader.nifti import Header, Volume

FULL_PX, SMALL_PX = 640, 192
"""Longest side of a picture."""

_FOREGROUND_ABOVE = 0.5
_FILL_OPACITY = 0.30
_SAMPLED = 200_000
_SAME_GRID = 0.25
"""Corners closer than this share of a voxel lie on one grid."""

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Grid:
    """Voxels along the world axes closest to their own, x to the patient's right (RAS+).

    Attributes:
        shape: voxels along x, y, z.
        voxel_mm: voxel size along x, y, z.
        affine: 4 x 4, indices (x, y, z) to world mm.
    """

    shape: tuple[int, int, int]
    voxel_mm: tuple[float, float, float]
    affine: npt.NDArray[np.float64]

    @classmethod
    def of(cls, header: Header) -> "Grid":
        """Turn the grid of a file upright."""
        turn = nib.io_orientation(header.affine)
        x, y, z = np.argsort(turn[:, 0]).tolist()
        shape, mm = header.shape, header.voxel_mm
        return cls(
            (shape[x], shape[y], shape[z]),
            (mm[x], mm[y], mm[z]),
            header.affine @ nib.orientations.inv_ornt_aff(turn, shape[:3]),
        )

    @property
    def slices(self) -> int:
        """Number of axial slices."""
        return self.shape[2]

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """World z of the middle of each slice, in whole mm."""
        x, y, z = self.shape
        at = np.stack([np.full(z, (x - 1) / 2), np.full(z, (y - 1) / 2), np.arange(z)])
        return tuple(round(float(mm)) for mm in self.affine[2, :3] @ at + self.affine[2, 3])

    def matches(self, other: "Grid") -> bool:
        """Whether two grids are one, to a part of a voxel."""
        if self.shape != other.shape:
            return False
        (x, y, z), ends = self.shape, (0, 1)
        corners = np.array(
            [(i * (x - 1), j * (y - 1), k * (z - 1), 1) for i in ends for j in ends for k in ends]
        )
        apart = np.abs((self.affine - other.affine) @ corners.T).max()
        return bool(apart < _SAME_GRID * min(self.voxel_mm))


@dataclass(frozen=True)
class Upright:
    """A volume turned upright.

    Attributes:
        data: stored values of shape (x, y, z).
        slope: factor to real values.
        inter: added after the factor.
        grid: where the voxels lie.
    """

    data: npt.NDArray[Any]
    slope: float
    inter: float
    grid: Grid

    @classmethod
    def of(cls, volume: Volume) -> "Upright":
        """Turn a volume upright; of a series, its first frame."""
        frame = volume.data if volume.data.ndim == 3 else volume.data[..., 0].copy(order="F")
        data = nib.apply_orientation(frame, nib.io_orientation(volume.affine))
        return cls(data, volume.slope, volume.inter, Grid.of(volume.header))

    def values(self, place: int) -> npt.NDArray[np.float32]:
        """Real values of one slice, of shape (x, y)."""
        stored = self.data[:, :, place].astype(np.float32)
        return np.asarray(stored * np.float32(self.slope) + np.float32(self.inter))

    @cached_property
    def areas(self) -> tuple[int, ...]:
        """Voxels above a half in each slice."""
        counts = (np.count_nonzero(self.foreground(place)) for place in range(self.grid.slices))
        return tuple(int(count) for count in counts)

    @cached_property
    def window(self) -> tuple[float, float]:
        """From the 1st to the 99.9th percentile of what is brighter than the ground."""
        step = max(1, self.data.size // _SAMPLED)
        sample = np.asarray(self.data).ravel(order="K")[::step].astype(np.float64)
        sample = sample[np.isfinite(sample)] * self.slope + self.inter
        bright = sample[sample > sample.min()] if sample.size else sample
        if not bright.size:
            return 0.0, 1.0
        low, high = np.quantile(bright, (0.01, 0.999)).tolist()
        return (low, high) if high > low else (low - 1, low)

    def foreground(self, place: int) -> npt.NDArray[np.bool_]:
        """Whether each voxel of a slice is above a half."""
        is_plain = self.slope == 1 and self.inter == 0
        values = self.data[:, :, place] if is_plain else self.values(place)
        return np.asarray(values > _FOREGROUND_ABOVE)


def resampled(template: Upright, grid: Grid) -> Upright:
    """A template on another grid of the same space, interpolated linearly."""
    to_template = np.linalg.inv(template.grid.affine) @ grid.affine
    data = ndimage.affine_transform(
        template.data,
        to_template[:3, :3],
        to_template[:3, 3],
        output_shape=grid.shape,
        order=1,
        output=template.data.dtype,
    )
    return Upright(data, template.slope, template.inter, grid)


def main_slice(areas: tuple[int, ...]) -> int:
    """The slice with most of the infarct; the middle one if there is none."""
    return max(range(len(areas)), key=areas.__getitem__) if any(areas) else len(areas) // 2


def axial_slice(
    place: int,
    *,
    background: Upright | None,
    mask: Upright | None,
    window: tuple[float, float] | None = None,
    longest_px: int = FULL_PX,
) -> bytes:
    """Draw one slice as PNG.

    Args:
        place: counted from 0, from below.
        background: drawn grey; None leaves the ground black.
        mask: infarct, on the grid of the background; None draws none.
        window: values drawn black and white; chosen by the background's values by default.
        longest_px: longest side of the picture.
    """
    drawn = background or mask
    if drawn is None:
        raise ValueError("There is nothing to draw.")
    size = _size_px(drawn.grid, longest_px)
    picture = Image.new("L", size)
    if background is not None:
        grey = _grey(background.values(place), window or background.window)
        picture = Image.fromarray(_as_seen(grey)).resize(size, Image.Resampling.BICUBIC)
    picture = picture.convert("RGB")
    if mask is not None and mask.areas[place]:
        _draw_infarct(picture, mask.foreground(place))
    _draw_sides(picture)
    stored = BytesIO()
    picture.save(stored, "PNG", compress_level=2)
    return stored.getvalue()


def _size_px(grid: Grid, longest_px: int) -> tuple[int, int]:
    width_mm, height_mm = (n * mm for n, mm in zip(grid.shape[:2], grid.voxel_mm[:2], strict=True))
    per_mm = longest_px / max(width_mm, height_mm)
    return max(1, round(width_mm * per_mm)), max(1, round(height_mm * per_mm))


def _grey(values: npt.NDArray[np.float32], window: tuple[float, float]) -> Bytes:
    low, high = window
    scaled = np.nan_to_num((values - low) * (255 / (high - low)), posinf=255, neginf=0)
    return np.asarray(np.clip(scaled, 0, 255), dtype=np.uint8)


def _as_seen(plane: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Rows from front to back, columns from the patient's right to left, of a plane (x, y)."""
    return np.ascontiguousarray(plane[::-1, ::-1].T)


def _draw_infarct(picture: Image.Image, foreground: npt.NDArray[np.bool_]) -> None:
    """Lay the infarct's colour over the picture, thin inside and full along its edge."""
    small = Image.fromarray(_as_seen(foreground.astype(np.uint8) * 255))
    inside = np.asarray(small.resize(picture.size, Image.Resampling.NEAREST)) > 0
    width = max(1, math.ceil(max(picture.size) / 400))
    edge = inside & ~ndimage.binary_erosion(inside, iterations=width)
    opacity = np.where(edge, 255, np.where(inside, round(255 * _FILL_OPACITY), 0))
    color = Image.new("RGB", picture.size, ImageColor.getrgb(LESION))
    picture.paste(color, mask=Image.fromarray(opacity.astype(np.uint8)))


def _draw_sides(picture: Image.Image) -> None:
    """Write R on the left and L on the right."""
    width, height = picture.size
    font = ImageFont.load_default(size=max(11, round(max(picture.size) / 30)))
    draw = ImageDraw.Draw(picture)
    edge = width * 0.02
    for letter, x, anchor in (("R", edge, "lm"), ("L", width - edge, "rm")):
        where = (x, height / 2)
        draw.text(where, letter, "white", font, anchor, stroke_width=1, stroke_fill="black")
