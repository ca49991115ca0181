"""Simulated head CTs registered within an index: side and territory on every kind of grid."""

from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from analytics.atlas.choice import choose_atlas
from analytics.engine import engine
from analytics.foreground import packed_foreground, unpacked_foreground
from analytics.lesions import foreground_of
from analytics.measure import measure_lesions, place_masks, register_images
from analytics.placement import place
from analytics.standard_space import voxels_of
from analytics.territories import standard_space
from analytics.transform import Transform
from data_loader.build import Built, build_index
from data_loader.cohort import EVERYONE, Cohort
from data_loader.demo.anatomy import Protocol, draw_head, place_grid, see_anatomy
from data_loader.demo.ncct import draw_ncct
from data_loader.demo.volume import write_volume
from data_loader.index import Index, IndexFolder
from data_loader.nifti import read_volume
from data_loader.packed import unpack
from data_loader.registering import Registering
from data_loader.rows import Row
from tests.images import write_image

RADIUS_MM = 13.0
HEADS = {
    "sub-stroke0001": ("LAS", 9.0, 44.0, 1.0),
    "sub-stroke0002": ("LPS", -11.0, -44.0, 1.0),
    "sub-stroke0003": ("RAS", 0.0, 44.0, 1.0),
    "sub-stroke0004": ("LAS", 0.0, -44.0, 0.4),
}
"""Axes, tilt in degrees, x in MNI152 of an infarct in the MCA territory, share of the head seen."""

CUT = "sub-stroke0004"


def write_head(root: Path, subject: str, *, axes: str, tilt: float, x: float, share: float) -> None:
    rng = np.random.default_rng(int(subject[-4:]))
    head = draw_head(65.0, rng)
    shape = (100, 124, 38)
    grid = place_grid(head, Protocol(shape, (2.0, 2.0, 4.8), axes, tilt, (0.0, 0.0, 3.0)))
    anatomy = see_anatomy(head, grid.upper(share) if share < 1 else grid)
    where = np.array([x, -8.0, 18.0 if share == 1 else 50.0]).reshape(3, 1, 1, 1)
    mask = np.linalg.norm(anatomy.mm - where, axis=0) < RADIUS_MM
    ncct = root / "raw_data" / subject / "ses-01" / f"{subject}_ses-01_ncct.nii.gz"
    derived = root / "derivatives" / subject / "ses-02"
    write_volume(ncct, draw_ncct(anatomy, mask, rng), anatomy.grid)
    name = f"{subject}_ses-02_space-ncct_lesion-msk.nii.gz"
    write_volume(derived / name, mask.astype(np.uint8), anatomy.grid)


def build(root: Path, folder: Path) -> Built:
    return build_index(
        [root],
        folder,
        measure=partial(measure_lesions, workers=1),
        registering=Registering(
            engine("affine"), partial(register_images, method="affine", workers=2)
        ),
        place=partial(place_masks, workers=1),
        standard=standard_space(choose_atlas()),
    )


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The dataset and its index."""
    folder = tmp_path_factory.mktemp("heads")
    for subject, (axes, tilt, x, share) in HEADS.items():
        write_head(folder / "isles24", subject, axes=axes, tilt=tilt, x=x, share=share)
    assert build(folder / "isles24", folder / "index").registered == len(HEADS)
    return folder / "isles24", folder / "index"


@pytest.fixture(scope="module")
def index(folders: tuple[Path, Path]) -> Index:
    return IndexFolder(folders[1]).current()


def by_subject(rows: list[Row]) -> dict[str, Row]:
    return {row["subject"]: row for row in rows}


@pytest.mark.parametrize("subject", [subject for subject in HEADS if subject != CUT])
def test_side_and_territory_are_those_of_the_infarct(index: Index, subject: str) -> None:
    side = "right" if HEADS[subject][2] > 0 else "left"
    row = by_subject(list(index.subjects(EVERYONE)))[subject]
    assert row["dominant_territory"] == f"MCA-{side[0].upper()}"
    assert row["lesion_side"] == side
    way = by_subject(list(index.registrations(EVERYONE)))[subject]
    assert way["status"] == "registered"
    assert way["dice"] >= 0.9
    assert way["outside_voxels"] == 0


def test_the_volume_is_kept_to_the_voxel(index: Index) -> None:
    lesions = by_subject(list(index.lesions(EVERYONE)))
    for subject in HEADS:
        for level in (1, 2):
            ml = [
                row["ml"]
                for row in index.territories(EVERYONE)
                if row["subject"] == subject and row["level"] == level
            ]
            if subject == CUT:
                assert ml == []
            else:
                assert sum(ml) == pytest.approx(lesions[subject]["volume_ml"], rel=1e-12)


def test_the_infarct_lies_where_it_was_put(index: Index) -> None:
    for subject, (_, _, x, share) in HEADS.items():
        if share < 1:
            continue
        voxels = voxels_of(index.lesion_runs(Cohort(subjects=(f"isles24/{subject}",))).runs)
        at = np.array(np.unravel_index(voxels, (182, 218, 182), order="F")).mean(axis=1)
        centre = at + np.array([-91.0, -126.0, -72.0])
        assert np.linalg.norm(centre - (x, -8.0, 18.0)) < 8


def test_a_cut_head_fails_the_gate_with_a_picture_and_no_number(
    index: Index, folders: tuple[Path, Path]
) -> None:
    way = by_subject(list(index.registrations(EVERYONE)))[CUT]
    assert way["status"] == "failed"
    assert "less than the 900 from which the gate lets it pass" in way["reason"]
    assert "part of the head may lie outside the image" in way["reason"]
    assert (folders[1] / "registrations" / way["overlay"]).read_bytes().startswith(b"\x89PNG")
    problems = [p for p in index.problems(EVERYONE) if p["code"] == "territory-unavailable"]
    assert [p["subject"] for p in problems] == [CUT]
    assert by_subject(list(index.subjects(EVERYONE)))[CUT]["dominant_territory"] is None


def test_a_second_run_registers_nothing(folders: tuple[Path, Path]) -> None:
    assert build(*folders).registered == 0


@pytest.mark.parametrize("axes", ["LAS", "LPS", "RAS", "PIR"])
@pytest.mark.parametrize("tilt", [0.0, 11.0])
def test_what_measuring_keeps_of_a_mask_is_placed_like_the_mask(
    tmp_path: Path, axes: str, tilt: float
) -> None:
    affine = affine_of(axes, tilt)
    rng = np.random.default_rng(5)
    stored = (rng.random((9, 11, 7)) < 0.3).astype(np.uint8)
    volume = read_volume(write_image(tmp_path / "mask.nii.gz", stored, affine=affine))
    found = foreground_of(volume)
    assert found is not None
    way = Transform(np.array([[1.1, 0.02, 0, 3], [0, 0.95, 0.1, -4], [0, 0, 1, 8], [0, 0, 0, 1]]))
    kept = packed_foreground(*found, volume.header)
    assert kept is not None
    again = unpacked_foreground(vars(kept))
    np.testing.assert_array_equal(again.mask, found[0])
    placed = place(again.mask, again.start_kji, again, way)
    assert placed == place(*found, volume.header, way)
    assert placed.counts is not None
    assert unpack(placed.counts)[-1] + placed.outside == stored.sum()


def affine_of(axes: str, tilt: float) -> npt.NDArray[np.float64]:
    world = {"R": (1, 0, 0), "L": (-1, 0, 0), "A": (0, 1, 0), "P": (0, -1, 0)}
    world |= {"S": (0, 0, 1), "I": (0, 0, -1)}
    turn = np.radians(tilt)
    turned = np.array(
        [[1, 0, 0], [0, np.cos(turn), -np.sin(turn)], [0, np.sin(turn), np.cos(turn)]]
    )
    affine = np.eye(4)
    affine[:3, :3] = turned @ np.array([world[axis] for axis in axes]).T @ np.diag([2.0, 1.5, 3.0])
    return affine
