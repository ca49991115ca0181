"""Measures of masks: against published numbers, recounts by scipy, and masks made by hand."""

import csv
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import nibabel as nib
import numpy as np
import numpy.typing as npt
import pytest
from scipy import ndimage

from analytics.lesions import Lesion, measure_lesion
from data_loader.cohort import EVERYONE
from data_loader.index import Index
from tests.images import box, write_image


class Recount(NamedTuple):
    """The same measures, the plain way."""

    voxels: int
    volume_ml: float
    components_26: int
    components_6: int
    largest_ml: float
    centroid_mm: tuple[float, ...] | None
    laterality_index: float | None


def recount(path: Path) -> Recount:
    image: Any = nib.load(path)
    mask = image.get_fdata() > 0.5
    voxel_ml = float(np.prod(image.header.get_zooms()[:3], dtype=np.float64)) / 1000
    labels, components_26 = ndimage.label(mask, np.ones((3, 3, 3)))
    sizes = np.bincount(labels.ravel())[1:]
    world = nib.affines.apply_affine(image.affine, np.argwhere(mask))
    right, left = int((world[:, 0] > 0).sum()), int((world[:, 0] < 0).sum())
    return Recount(
        voxels=int(mask.sum()),
        volume_ml=int(mask.sum()) * voxel_ml,
        components_26=components_26,
        components_6=ndimage.label(mask)[1],
        largest_ml=int(sizes.max(initial=0)) * voxel_ml,
        centroid_mm=tuple(world.mean(axis=0)) if mask.any() else None,
        laterality_index=(right - left) / (right + left) if right + left else None,
    )


def assert_agrees(path: Path) -> None:
    found, expected = measure_lesion(path), recount(path)
    counts = (found.voxels, found.components_26, found.components_6)
    assert counts == (expected.voxels, expected.components_26, expected.components_6)
    assert found.volume_ml == pytest.approx(expected.volume_ml, rel=1e-12)
    assert found.largest_ml == pytest.approx(expected.largest_ml, rel=1e-12)
    assert found.laterality_index == expected.laterality_index
    centroid = (found.centroid_x_mm, found.centroid_y_mm, found.centroid_z_mm)
    assert centroid == pytest.approx(expected.centroid_mm or (None, None, None), abs=1e-6)


class TestRealMasks:
    """Numbers that others published for the same files."""

    def test_all_soop_volumes_are_those_published(self, soop: Index, real_data: Path) -> None:
        with (real_data / "expected" / "soop_artery.tsv").open(encoding="utf-8") as file:
            rows = csv.DictReader(file, delimiter="\t")
            published = {row["participant_id"]: int(row["lesion_volume"]) / 1000 for row in rows}
        measured = {row["subject"]: row["volume_ml"] for row in soop.lesions(EVERYONE)}
        assert len(measured) == 721
        assert measured == {subject: published[subject] for subject in measured}

    @pytest.mark.parametrize(
        ("pattern", "volume_ml", "components_6", "components_26"),
        [
            ("isles24/derivatives/sub-stroke0014/**/*_lesion-msk.nii.gz", 222.129, 28, 16),
            ("isles24/derivatives/sub-stroke0158/**/*_lesion-msk.nii.gz", 118.930, None, None),
            ("isles22/derivatives/**/*_msk.nii.gz", 4.184, 21, 18),
        ],
    )
    def test_native_masks(
        self,
        real_data: Path,
        pattern: str,
        volume_ml: float,
        components_6: int | None,
        components_26: int | None,
    ) -> None:
        (path,) = real_data.glob(pattern)
        found = measure_lesion(path)
        assert round(found.volume_ml, 3) == volume_ml
        assert components_6 in (None, found.components_6)
        assert components_26 in (None, found.components_26)
        assert_agrees(path)

    def test_a_sample_agrees_with_a_plain_recount(self, real_data: Path) -> None:
        masks = sorted((real_data / "soop" / "derivatives").rglob("*_mask.nii.gz"))
        for path in masks[::73]:
            assert_agrees(path)


def lesion_of_mask(tmp_path: Path, stored: npt.ArrayLike, **how: Any) -> Lesion:
    return measure_lesion(write_image(tmp_path / "mask.nii.gz", stored, **how))


def checkerboard() -> npt.NDArray[np.uint8]:
    i, j, k = np.indices((5, 5, 5))
    return np.asarray((i + j + k) % 2 == 0, dtype=np.uint8)


def random_mask(density: float) -> npt.NDArray[np.uint8]:
    return (np.random.default_rng(7).random((17, 9, 12)) < density).astype(np.uint8)


def corners() -> npt.NDArray[np.uint8]:
    mask = np.zeros((4, 5, 6), dtype=np.uint8)
    mask[np.ix_((0, -1), (0, -1), (0, -1))] = 1
    return mask


AWKWARD: dict[str, Callable[[], npt.NDArray[np.uint8]]] = {
    "box": box,
    "all foreground": lambda: np.ones((3, 4, 5), dtype=np.uint8),
    "one voxel": lambda: box(at=(5, 5, 5)),
    "every corner of the grid": corners,
    "checkerboard": checkerboard,
    "sparse noise": lambda: random_mask(0.05),
    "dense noise": lambda: random_mask(0.6),
    "one slice thick": lambda: np.ones((7, 7, 1), dtype=np.uint8),
    "empty": lambda: np.zeros((4, 4, 4), dtype=np.uint8),
}

OBLIQUE = nib.affines.from_matvec(
    nib.eulerangles.euler2mat(0.15, -0.1, 0.19) @ np.diag((-0.4, 0.5, 2.0)), (1.7, -2.0, 9.0)
)


@pytest.mark.parametrize("name", AWKWARD)
@pytest.mark.parametrize("affine", [np.eye(4), OBLIQUE], ids=["plain", "tilted"])
def test_awkward_masks_agree_with_a_plain_recount(
    tmp_path: Path, name: str, affine: npt.NDArray[np.float64]
) -> None:
    path = write_image(tmp_path / "mask.nii.gz", AWKWARD[name](), affine=affine)
    assert_agrees(path)


def test_connectivity_by_hand(tmp_path: Path) -> None:
    mask = np.zeros((5, 5, 5), dtype=np.uint8)
    mask[0, 0, 0] = mask[1, 1, 1] = 1  # share a corner
    mask[3, 3, 0] = mask[4, 3, 0] = 1  # share a face
    mask[3, 0, 3] = mask[3, 1, 4] = 1  # share an edge
    found = lesion_of_mask(tmp_path, mask, affine=np.diag((2.0, 2.0, 5.0, 1.0)))
    assert (found.components_6, found.components_26) == (5, 3)
    assert found.volume_ml == pytest.approx(6 * 20 / 1000)
    assert found.largest_ml == pytest.approx(2 * 20 / 1000)


def test_an_empty_mask_has_no_place(tmp_path: Path) -> None:
    found = lesion_of_mask(tmp_path, np.zeros((4, 4, 4), dtype=np.uint8))
    assert asdict(found) == {
        "voxels": 0,
        "volume_ml": 0.0,
        "components_26": 0,
        "components_6": 0,
        "largest_ml": 0.0,
        "centroid_x_mm": None,
        "centroid_y_mm": None,
        "centroid_z_mm": None,
        "laterality_index": None,
        "voxel_size_ratio": 1.0,
        "placement": None,
        "foreground": None,
    }


AXES = {
    "RAS": np.array([[1.0, 0, 0, -10], [0, 1, 0, -10], [0, 0, 1, -10], [0, 0, 0, 1]]),
    "LAS": np.array([[-1.0, 0, 0, 10], [0, 1, 0, -10], [0, 0, 1, -10], [0, 0, 0, 1]]),
    "LPS": np.array([[-1.0, 0, 0, 10], [0, -1, 0, 10], [0, 0, 1, -10], [0, 0, 0, 1]]),
    "SRA": np.array([[0.0, 1, 0, -10], [0, 0, 1, -10], [1, 0, 0, -10], [0, 0, 0, 1]]),
    "tilted by 11 degrees": nib.affines.from_matvec(
        nib.eulerangles.euler2mat(0.19, 0.19, 0.0) @ np.diag((-0.9, -0.9, 1.5)), (9.0, 9.0, -14.0)
    ),
}


@pytest.mark.parametrize("name", AXES)
@pytest.mark.parametrize("side", [1, -1], ids=["right", "left"])
def test_sides_are_the_patients_whatever_the_grid(tmp_path: Path, name: str, side: int) -> None:
    affine = AXES[name]
    shape = (21, 21, 21)
    indices = np.indices(shape).reshape(3, -1).T
    # World x grows towards the patient's right ear in RAS+ as the program reports it.
    x = nib.affines.apply_affine(affine, indices)[:, 0].reshape(shape)
    found = lesion_of_mask(tmp_path, (x * side > 2).astype(np.uint8), affine=affine)
    assert found.laterality_index == side
    assert found.centroid_x_mm is not None
    assert found.centroid_x_mm * side > 2


def test_voxels_on_the_midline_count_for_neither_side(tmp_path: Path) -> None:
    mask = np.ones((4, 1, 1), dtype=np.uint8)
    affine = nib.affines.from_matvec(np.eye(3), (-1, 0, 0))  # x = -1, 0, 1, 2
    assert lesion_of_mask(tmp_path, mask, affine=affine).laterality_index == pytest.approx(1 / 3)
    on_it = box((3, 3, 3), at=(1, slice(None), slice(None)))
    assert lesion_of_mask(tmp_path, on_it, affine=affine).laterality_index is None


def test_centroid_is_in_world_mm(tmp_path: Path) -> None:
    mask = box((10, 10, 10), at=(slice(2, 5), slice(4, 5), slice(0, 4)))  # centre (3, 4, 1.5)
    affine = np.array([[-2.0, 0, 0, 50], [0, 0.5, 0, -7], [0, 0, 4, 1], [0, 0, 0, 1]])
    found = lesion_of_mask(tmp_path, mask, affine=affine)
    centroid = (found.centroid_x_mm, found.centroid_y_mm, found.centroid_z_mm)
    assert centroid == pytest.approx((44.0, -5.0, 7.0))


class Scaled(NamedTuple):
    """Stored values of a row of voxels, and how many are above 0.5 once scaled."""

    stored: npt.NDArray[Any]
    above: int
    slope: float = float("nan")
    inter: float = 0.0


@pytest.mark.parametrize("endianness", ["<", ">"], ids=["little-endian", "big-endian"])
@pytest.mark.parametrize(
    "case",
    [
        pytest.param(Scaled(np.array([0, 1, 2, 255], np.uint8), 3), id="any code above zero"),
        pytest.param(
            Scaled(np.array([0, 65535], np.uint16), 1, slope=0.99999999977 / 65535), id="0.9999"
        ),
        pytest.param(Scaled(np.array([0, 1, 2], np.uint8), 1, slope=0.5), id="0.5 is not above"),
        pytest.param(Scaled(np.array([0, 1], np.uint8), 1, slope=0.0), id="slope 0 means none"),
        pytest.param(Scaled(np.array([0, 1, 2], np.int16), 2, slope=-1.0, inter=2.0), id="minus"),
        pytest.param(Scaled(np.array([-3, 0, 1], np.int16), 1, slope=-1.0), id="minus, no offset"),
        pytest.param(Scaled(np.array([0, 1], np.uint8), 2, slope=1.0, inter=1.0), id="offset"),
        pytest.param(Scaled(np.array([-1, 1], np.int8), 1), id="signed"),
        pytest.param(
            Scaled(np.array([np.nan, 0.5, 0.51, 1, np.inf, -np.inf], np.float32), 3), id="floats"
        ),
        pytest.param(Scaled(np.array([np.nan, 0, 1], np.float64), 1), id="NaN is background"),
        pytest.param(Scaled(np.array([0, 2**62], np.int64), 1), id="int64"),
    ],
)
def test_foreground_is_above_half_after_scaling(
    tmp_path: Path, case: Scaled, endianness: str
) -> None:
    found = lesion_of_mask(
        tmp_path,
        case.stored.reshape(-1, 1, 1),
        slope=case.slope,
        inter=case.inter,
        endianness=endianness,
    )
    assert found.voxels == case.above


def test_a_header_that_contradicts_its_affine_is_told(tmp_path: Path) -> None:
    path = write_image(tmp_path / "mask.nii", box(), pixdim=(1, 2, 1, 1, 1, 1, 1, 1))
    found = measure_lesion(path)
    assert found.voxel_size_ratio == pytest.approx(0.5)
    assert found.volume_ml == pytest.approx(8 * 2 / 1000)  # by the header's voxel size
