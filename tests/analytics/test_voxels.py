"""Values of images that no header shows."""

from pathlib import Path
from typing import Any, NamedTuple

import nibabel as nib
import numpy as np
import numpy.typing as npt
import pytest

from analytics.voxels import Asked, Voxels, check_series
from data_loader.profile import Holds
from tests.images import box, nifti_bytes, write_image


def count_voxels(
    path: Path, holds: Holds = "quantities", dimensions: int = 3, mask: Path | None = None
) -> Voxels:
    (found,) = check_series([Asked(path, "image", holds, dimensions)], mask).images
    assert isinstance(found, Voxels)
    return found


class Case(NamedTuple):
    """Stored values, scaling, and what is counted."""

    stored: npt.NDArray[Any]
    voxels: Voxels
    slope: float = 1.0
    inter: float = 0.0


def floats(*values: float) -> npt.NDArray[np.float32]:
    stored = np.zeros((3, 4, 5), np.float32)
    stored[1, : len(values), 2] = values
    return stored


NAN, INF = float("nan"), float("inf")

CASES = {
    "a mask": Case(box(), Voxels(8, 0)),
    "nothing": Case(np.zeros((3, 3, 3), np.uint8), Voxels(0, 0)),
    "a half is background": Case(floats(0.5, 0.51, 1), Voxels(2, 0)),
    "scaled": Case(box().astype(np.uint16) * 65535, Voxels(8, 0), 0.99999999977 / 65535),
    "shifted": Case(box(), Voxels(6**3 - 8, 0), -1, 1),
    "not finite": Case(floats(NAN, INF, -INF, 7), Voxels(2, 3)),
    "not finite, scaled": Case(floats(NAN, INF, -INF, 7), Voxels(2, 3), 0.5),
}


@pytest.mark.parametrize("name", CASES)
def test_voxels(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    how: dict[str, Any] = {"slope": case.slope, "inter": case.inter}
    path = write_image(tmp_path / "image.nii.gz", case.stored, **how)
    assert count_voxels(path) == case.voxels


def test_labels_have_a_side(tmp_path: Path) -> None:
    affine = np.eye(4)
    affine[0, 3] = -2.0  # voxels 1 and 2 along i lie at x = -1 and 0
    path = write_image(tmp_path / "lvo.nii.gz", box((9, 9, 9)), affine=affine)
    assert count_voxels(path, holds="labels") == Voxels(8, 0, -1.0)


GRID = (8, 8, 8)


def beside(tmp_path: Path, image: npt.ArrayLike, mask: npt.ArrayLike, holds: Holds) -> Voxels:
    """What comes of an image under a mask."""
    stored = np.asarray(image)
    path = write_image(tmp_path / "image.nii.gz", stored)
    return count_voxels(
        path, holds=holds, dimensions=stored.ndim, mask=write_image(tmp_path / "mask.nii", mask)
    )


def perfused(first: int, last: int) -> npt.NDArray[np.float32]:
    """A map of a slab of whole planes, both named ones among them."""
    values = np.zeros(GRID, np.float32)
    values[:, :, first : last + 1] = 4
    return values


class TestSlab:
    """How much of the infarct a perfusion map covers."""

    @pytest.mark.parametrize(("last", "share"), [(0, 0.0), (2, 0.25), (3, 0.5), (7, 1.0)])
    def test_a_slab_that_ends_within_the_infarct(
        self, tmp_path: Path, last: int, share: float
    ) -> None:
        infarct = box(GRID, at=(slice(2, 5), slice(2, 4), slice(2, 6)))
        assert beside(tmp_path, perfused(0, last), infarct, "perfusion").inside_share == share

    @pytest.mark.parametrize("blank", [0, -1, NAN, INF])
    def test_blanks_within_the_slab_are_covered(self, tmp_path: Path, blank: float) -> None:
        infarct = box(GRID, at=(slice(2, 5), slice(2, 4), slice(2, 6)))
        image = perfused(0, 3)
        image[2:6, 1:5, 2:4] = blank
        assert beside(tmp_path, image, infarct, "perfusion").inside_share == 0.5

    def test_a_tilted_slab(self, tmp_path: Path) -> None:
        j, k = np.arange(8)[:, None], np.arange(8)
        image = np.broadcast_to(np.where(k <= j, 4, 0), GRID).astype(np.float32)
        infarct = box(GRID, at=(3, slice(0, 4), slice(0, 4)))
        assert beside(tmp_path, image, infarct, "perfusion").inside_share == 10 / 16

    def test_an_infarct_that_reaches_beyond_the_brain(self, tmp_path: Path) -> None:
        image = perfused(0, 7)
        image[:4], image[:, :4] = 0, 0
        infarct = box(GRID, at=(slice(2, 6), slice(5, 7), slice(2, 4)))
        assert beside(tmp_path, image, infarct, "perfusion").inside_share == 0.5

    def test_a_map_without_any_data_says_nothing(self, tmp_path: Path) -> None:
        blank = np.full(GRID, NAN, np.float32)
        blank[0, 0, 0] = 0
        assert beside(tmp_path, blank, box(GRID), "perfusion").inside_share is None

    def test_a_map_stored_with_an_offset(self, tmp_path: Path) -> None:
        stored = np.round(perfused(0, 3) / 0.1 - 77).astype(np.int16)  # blanks are -77
        path = write_image(tmp_path / "map.nii", stored, slope=0.1, inter=7.7)
        infarct = box(GRID, at=(slice(2, 5), slice(2, 4), slice(2, 6)))
        mask = write_image(tmp_path / "mask.nii", infarct)
        assert count_voxels(path, holds="perfusion", mask=mask).inside_share == 0.5


def diffusion() -> npt.NDArray[np.int16]:
    """Air at 0, brain in a cube of 6 whose quarters have 80, 100, 120 and 140."""
    values = np.zeros((12, 12, 12), np.int16)
    values[3:9, 3:9, 3:9] = np.repeat((80, 100, 120, 140), 54).reshape(6, 6, 6)
    return values


def contrast(voxels: Voxels) -> float:
    """Of the infarct to the bright quarter of the brain."""
    assert voxels.infarct_signal is not None
    assert voxels.brain_signal is not None
    return voxels.infarct_signal / voxels.brain_signal


class TestDiffusion:
    """Whether the infarct is brighter than the brain around it."""

    def test_signals_of_the_infarct_and_of_the_brain_outside_it(self, tmp_path: Path) -> None:
        image = diffusion()
        image[3:5, 3:6, 3:6] = 300
        image[3, 3, 3], image[8, 8, 8] = 1000, 999
        infarct = box((12, 12, 12), at=(slice(3, 5), slice(3, 6), slice(3, 6)))
        voxels = beside(tmp_path, image, infarct, "diffusion")
        brain = image[(image > 0) & (infarct == 0)]
        assert voxels.infarct_signal == 300
        assert voxels.brain_signal == 140 == sorted(brain)[len(brain) * 3 // 4]

    def test_what_is_no_number_is_left_out(self, tmp_path: Path) -> None:
        image = diffusion().astype(np.float32)
        image[3, 3, 3:9], image[8, 8, 3:9], image[0] = NAN, NAN, INF
        voxels = beside(tmp_path, image, box((12, 12, 12), at=(3, 3, slice(3, 10))), "diffusion")
        assert (voxels.infarct_signal, voxels.brain_signal) == (0, 120)
        assert voxels.not_finite == 12 + 144

    @pytest.mark.parametrize("value", [0, 7, NAN])
    def test_an_image_of_one_value_says_nothing(self, tmp_path: Path, value: float) -> None:
        voxels = beside(tmp_path, np.full(GRID, value, np.float32), box(GRID), "diffusion")
        assert (voxels.infarct_signal, voxels.brain_signal) == (None, None)

    def test_a_fine_grid_gives_the_same_percentiles(self, tmp_path: Path) -> None:
        planes = np.zeros((600, 500, 2), np.int16)
        planes[100:500, 100:400] = np.random.default_rng(3).normal(200, 20, (400, 300, 2))
        infarct = box((600, 500, 2), at=(slice(200, 220), slice(200, 220), 0))
        voxels = beside(tmp_path, planes, infarct, "diffusion")
        brain = planes[(planes > 0) & (infarct == 0)]
        assert voxels.brain_signal == pytest.approx(np.percentile(brain, 75), abs=1)

    def test_a_real_infarct_is_bright_and_its_mirror_image_is_not(
        self, real_data: Path, tmp_path: Path
    ) -> None:
        case = "sub-strokecase0009_ses-0001"
        (image,) = (real_data / "isles22").rglob(f"{case}_dwi.nii.gz")
        (mask,) = (real_data / "isles22").rglob(f"{case}_msk.nii.gz")
        loaded: Any = nib.load(mask)
        stored = np.asarray(loaded.dataobj)
        other_side = write_image(tmp_path / "mask.nii", stored[::-1], affine=loaded.affine)
        bright = count_voxels(image, holds="diffusion", mask=mask)
        dark = count_voxels(image, holds="diffusion", mask=other_side)
        values = np.asarray(nib.load(image).dataobj)  # type: ignore[attr-defined]
        assert bright.infarct_signal == np.median(values[stored > 0])
        assert contrast(bright) > 1.3
        assert dark.infarct_signal == np.median(values[::-1][stored > 0])
        assert contrast(dark) < 1


FLIPPED = np.diag((-1.0, 1, 1, 1))
FLIPPED[0, 3] = 7
SHIFTED = np.eye(4)
SHIFTED[0, 3] = 0.5
UNFIT = {
    "of another shape": nifti_bytes(box((8, 8, 7))),
    "shifted": nifti_bytes(box(GRID), affine=SHIFTED),
    "the same place in another orientation": nifti_bytes(box(GRID)[::-1], affine=FLIPPED),
    "empty": nifti_bytes(np.zeros(GRID, np.uint8)),
    "truncated": nifti_bytes(box(GRID))[:-9],
    "no image": b"no image",
}


@pytest.mark.parametrize("holds", ["perfusion", "diffusion"])
@pytest.mark.parametrize("name", UNFIT)
def test_masks_that_are_compared_with_nothing(tmp_path: Path, name: str, holds: Holds) -> None:
    image = write_image(tmp_path / "image.nii", perfused(0, 3))
    mask = tmp_path / "mask.nii"
    mask.write_bytes(UNFIT[name])
    assert count_voxels(image, holds=holds, mask=mask) == Voxels(8 * 8 * 4, 0)
    assert count_voxels(image, holds=holds, mask=tmp_path / "gone.nii") == Voxels(8 * 8 * 4, 0)


@pytest.mark.parametrize("holds", ["labels", "quantities", "perfusion", "diffusion"])
def test_values_beyond_all_numbers_are_infinite(tmp_path: Path, holds: Holds) -> None:
    stored = np.ones(GRID)
    stored[0], stored[1], stored[2] = 1e308, -1e308, NAN
    path = write_image(tmp_path / "image.nii", stored, slope=1e30)
    voxels = count_voxels(path, holds=holds, mask=write_image(tmp_path / "mask.nii", box(GRID)))
    assert (voxels.foreground, voxels.not_finite) == (8 * 64 - 2 * 64, 64)


@pytest.mark.parametrize("holds", ["labels", "quantities", "perfusion", "diffusion"])
def test_a_series_has_no_side_and_is_compared_with_nothing(tmp_path: Path, holds: Holds) -> None:
    series = np.ones((*GRID, 2), np.float32)
    assert beside(tmp_path, series, box(GRID), holds) == Voxels(2 * 8**3, 0)
