"""The images: volumes and grids recounted with nibabel and scipy, and what a reader would see."""

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from scipy import ndimage

from data_loader.demo.patients import Patient
from tests.data_loader.demo.conftest import Array, Mask, Volume, read_header, read_volume


def subject_images(root: Path, patient: Patient) -> tuple[Volume, Volume]:
    sub = patient.subject
    derived = root / patient.split / "derivatives" / sub / "ses-02"
    raw = root / patient.split / "raw_data" / sub / "ses-01"
    return (
        read_volume(raw / f"{sub}_ses-01_ncct.nii.gz"),
        read_volume(derived / f"{sub}_ses-02_space-ncct_lesion-msk.nii.gz"),
    )


@pytest.fixture(scope="module")
def images(demo: Path, small_plan: list[Patient]) -> list[tuple[Patient, Volume, Volume]]:
    return [(patient, *subject_images(demo, patient)) for patient in small_plan]


Images = list[tuple[Patient, Volume, Volume]]


def test_every_infarct_has_the_planned_volume_to_the_voxel(images: Images) -> None:
    for patient, _, mask in images:
        volume_ml = np.count_nonzero(mask.values > 0.5) * mask.voxel_ml
        assert volume_ml == pytest.approx(patient.infarct.volume_ml, abs=mask.voxel_ml)


def test_infarcts_come_in_several_pieces(images: Images) -> None:
    counts = [ndimage.label(mask.values > 0.5, np.ones((3, 3, 3)))[1] for _, _, mask in images]
    # Later figures of the challenge: 10.55 ± 11.10 infarcts a case, at most 84.
    assert 1 <= min(counts) < max(counts) <= 84
    assert 3 < np.mean(counts) < 16


def test_infarcts_lie_in_brain_tissue(images: Images) -> None:
    for _, ncct, mask in images:
        infarct = ncct.values[mask.values > 0.5]
        assert 15 < np.median(infarct) < 40
        assert np.mean((infarct > 0) & (infarct < 60)) > 0.95


def test_infarcts_lie_on_their_side_of_the_head(images: Images) -> None:
    for patient, ncct, mask in images:
        head = world_mm(ncct.affine, ncct.values > -500)
        infarct = world_mm(mask.affine, mask.values > 0.5)
        # The head's middle in the world: negative x of it is the patient's left.
        off = np.median(infarct[:, 0]) - head[:, 0].mean()
        assert off < 0 if patient.infarct.side == "left" else off > 0


def world_mm(affine: Array, where: Mask) -> Array:
    return np.asarray(nib.affines.apply_affine(affine, np.argwhere(where)))


def test_infarcts_are_slightly_dark(images: Images) -> None:
    for _, ncct, mask in images:
        inside = mask.values > 0.5
        ring = ndimage.binary_dilation(inside, iterations=2) & ~inside
        tissue = ring & (ncct.values > 20) & (ncct.values < 45)
        if np.count_nonzero(inside) * mask.voxel_ml > 5:
            darker = np.median(ncct.values[tissue]) - np.median(ncct.values[inside])
            assert 0 < darker < 15


def test_heads_have_skull_ventricles_and_padding(images: Images) -> None:
    for _, ncct, _ in images:
        assert ncct.values.max() > 700
        assert ncct.values.min() == -1024
        csf = np.count_nonzero((ncct.values > 0) & (ncct.values < 15)) * ncct.voxel_ml
        brain = np.count_nonzero((ncct.values > 18) & (ncct.values < 48)) * ncct.voxel_ml
        assert 40 < csf < 600
        assert 1000 < brain < 2600


def test_masks_lie_on_the_grid_of_their_ncct(images: Images) -> None:
    for _, ncct, mask in images:
        assert mask.values.shape == ncct.values.shape
        np.testing.assert_array_equal(mask.affine, ncct.affine)


def test_grids_are_tilted_and_shifted_each_in_its_own_way(images: Images) -> None:
    linear = [ncct.affine[:3, :3] for _, ncct, _ in images]
    tilts = [float(np.degrees(np.arcsin(abs(a[1, 2]) / np.linalg.norm(a[:, 2])))) for a in linear]
    assert sum(tilt > 1 for tilt in tilts) >= 4
    assert max(tilts) <= 11.001
    assert len({"".join(nib.aff2axcodes(ncct.affine)) for _, ncct, _ in images}) > 1
    assert len({ncct.values.shape for _, ncct, _ in images}) > 3
    centres = [
        nib.affines.apply_affine(ncct.affine, (np.array(ncct.values.shape) - 1) / 2)
        for _, ncct, _ in images
    ]
    # 120 to 165 mm off, and the operator's few mm.
    assert all(105 < np.linalg.norm(centre) < 180 for centre in centres)


def test_header_gives_both_forms_and_units(demo: Path) -> None:
    for path in demo.rglob("*_ncct.nii.gz"):
        header = read_header(path)
        assert (int(header["qform_code"]), int(header["sform_code"])) == (1, 1)
        np.testing.assert_allclose(header.get_qform(), header.get_sform(), atol=1e-3)
        assert header.get_xyzt_units() == ("mm", "sec")


def test_masks_are_stored_in_the_ways_of_the_release(demo: Path) -> None:
    """One through a slope, as case 0158: its foreground is not quite 1."""
    paths = list(demo.rglob("*_lesion-msk.nii.gz"))
    kinds = {str(read_header(path).get_data_dtype()) for path in paths}
    assert {"uint8", "uint16"} < kinds
    for path in paths:
        np.testing.assert_allclose(np.unique(read_volume(path).values), [0, 1], atol=1e-4)
