"""Slices as pictures: sides, proportions, windows, and which slice is shown first."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from dashboard.figures.slices import Grid, Upright, axial_slice, main_slice, resampled
from data_loader.nifti import read_volume
from tests.images import write_image

Array = npt.NDArray[Any]


def _turned(degrees: float) -> Array:
    """A rotation about x, as scanners tilt."""
    angle = np.deg2rad(degrees)
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


_RAS, _LAS, _LPS = np.diag([1.0, 1, 1]), np.diag([-1.0, 1, 1]), np.diag([-1.0, -1, 1])
_SAGITTAL = np.array([[0.0, 0, -1], [1, 0, 0], [0, -1, 0]])  # i to anterior, j down, k to left
_AXES = {
    "RAS": _RAS,
    "LAS": _LAS,
    "LPS": _LPS,
    "tilted LAS": _turned(11) @ _LAS,
    "tilted LPS": _turned(-20) @ _LPS,
    "sagittal": _SAGITTAL,
}
_MM = np.array([2.0, 3.0, 4.0])
_SIZE = 24


@pytest.fixture(params=_AXES)
def mask(request: pytest.FixtureRequest, tmp_path: Path) -> Upright:
    """A ball of 8 mm about x 16, y 12, z 4 mm: right, in front, above, in some grid."""
    return _ball(tmp_path, _AXES[request.param])


def _ball(folder: Path, axes: Array, *, value: int = 1, slope: float = float("nan")) -> Upright:
    affine = np.eye(4)
    affine[:3, :3] = axes * _MM
    affine[:3, 3] = -affine[:3, :3] @ np.full(3, (_SIZE - 1) / 2)
    ijk = np.indices((_SIZE,) * 3).reshape(3, -1)
    mm = affine[:3, :3] @ ijk + affine[:3, 3:]
    inside = ((mm - np.array([[16.0], [12.0], [4.0]])) ** 2).sum(axis=0) < 8**2
    stored = (inside * value).reshape((_SIZE,) * 3).astype(np.uint16)
    path = write_image(folder / "mask.nii.gz", stored, affine=affine, slope=slope)
    return Upright.of(read_volume(path))


def _pixels(png: bytes) -> Array:
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


def _red(png: bytes) -> tuple[Array, Array]:
    """Rows and columns of what is red, as shares of the picture."""
    pixels = _pixels(png)
    rows, columns = np.nonzero(pixels[..., 0] > pixels[..., 1] + 25)
    return rows / pixels.shape[0], columns / pixels.shape[1]


def test_patients_right_is_on_the_pictures_left_and_front_is_up(mask: Upright) -> None:
    rows, columns = _red(axial_slice(main_slice(mask.areas), background=None, mask=mask))
    assert columns.size > 100
    assert columns.max() < 0.5
    assert rows.mean() < 0.5


def test_slices_go_from_below_upwards(mask: Upright) -> None:
    levels = mask.grid.levels
    assert list(levels) == sorted(levels)
    # The ball's middle; on a tilted grid a slice's middle lies elsewhere in z than the ball.
    tilt_mm = 12 * np.tan(np.deg2rad(20))
    assert levels[main_slice(mask.areas)] == pytest.approx(4, abs=2 + tilt_mm)


def test_place_of_the_infarct_in_mm(tmp_path: Path) -> None:
    mask = _ball(tmp_path, _LPS)
    rows, columns = _red(axial_slice(main_slice(mask.areas), background=None, mask=mask))
    width_mm, height_mm = _SIZE * _MM[:2]
    assert (0.5 - columns.mean()) * width_mm == pytest.approx(16, abs=1)
    assert (0.5 - rows.mean()) * height_mm == pytest.approx(12, abs=1)


def test_proportions_are_those_of_the_voxels(tmp_path: Path) -> None:
    path = write_image(
        tmp_path / "i.nii", np.zeros((40, 20, 3), np.int16), affine=np.diag([1, 5, 9, 1])
    )
    picture = Image.open(
        BytesIO(axial_slice(0, background=Upright.of(read_volume(path)), mask=None))
    )
    assert picture.width / picture.height == pytest.approx(40 / 100, rel=0.01)


def test_factor_just_below_one_is_infarct_all_the_same(tmp_path: Path) -> None:
    mask = _ball(tmp_path, _RAS, slope=0.99999999977)
    assert sum(mask.areas) == sum(_ball(tmp_path, _RAS).areas) > 0


def test_window_draws_low_black_and_high_white(tmp_path: Path) -> None:
    stored = np.zeros((40, 40, 1), np.int16)
    stored[:20], stored[20:] = 1024, 1104  # 0 and 80 HU once 1024 is taken away
    path = write_image(tmp_path / "ct.nii", stored, slope=1.0, inter=-1024.0)
    ct = Upright.of(read_volume(path))
    pixels = _pixels(axial_slice(0, background=ct, mask=None, window=(0, 80)))
    # x grows to the patient's right, which is drawn on the left.
    assert pixels[10, 600].tolist() == [0, 0, 0]
    assert pixels[10, 40].tolist() == [255, 255, 255]


def test_values_that_are_no_numbers_are_drawn_as_ground(tmp_path: Path) -> None:
    stored = np.full((8, 8, 2), np.nan, np.float32)
    path = write_image(tmp_path / "mtt.nii", stored)
    mtt = Upright.of(read_volume(path))
    assert _pixels(axial_slice(0, background=mtt, mask=None))[5, 5].max() == 0


def test_first_slice_is_the_one_with_most_infarct() -> None:
    assert main_slice((0, 3, 9, 2)) == 2
    assert main_slice((0, 0, 0, 0, 0)) == 2


def test_series_shows_its_first_frame(tmp_path: Path) -> None:
    frames = np.arange(2 * 2 * 2 * 3, dtype=np.int16).reshape((2, 2, 2, 3))
    path = write_image(tmp_path / "dwi.nii", frames)
    series = Upright.of(read_volume(path, dimensions=4))
    assert series.data.shape == (2, 2, 2)
    assert series.values(1).tolist() == frames[:, :, 1, 0].tolist()


def test_grids_match_to_a_part_of_a_voxel(tmp_path: Path) -> None:
    grid = _ball(tmp_path, _LAS).grid
    nudged, moved = grid.affine.copy(), grid.affine.copy()
    nudged[0, 3] += 0.1
    moved[0, 3] += 2.0
    assert grid.matches(Grid(grid.shape, grid.voxel_mm, nudged))
    assert not grid.matches(Grid(grid.shape, grid.voxel_mm, moved))
    assert not grid.matches(Grid((24, 24, 23), grid.voxel_mm, grid.affine))


def test_template_is_laid_on_the_masks_grid_by_world_coordinates(tmp_path: Path) -> None:
    x = np.broadcast_to(np.arange(10, dtype=np.uint8)[:, None, None] * 20, (10, 10, 10))
    template = Upright.of(read_volume(write_image(tmp_path / "t.nii", x)))
    shifted = np.diag([1.0, 1, 1, 1])
    shifted[0, 3] = 2.5
    grid = Grid((3, 4, 5), (1, 1, 1), shifted)
    laid = resampled(template, grid)
    assert laid.data[:, 2, 2].tolist() == [50, 70, 90]
    assert laid.grid is grid
