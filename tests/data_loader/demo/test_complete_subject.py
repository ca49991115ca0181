"""The subject with every image: maps, bolus, diffusion and vessels agree with the infarct."""

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from analytics.voxels import Asked, check_series
from data_loader.demo.patients import Patient
from tests.data_loader.demo.conftest import Array, Mask, Volume, read_header, read_volume


@pytest.fixture(scope="module")
def patient(small_plan: list[Patient]) -> Patient:
    return next(patient for patient in small_plan if patient.complete)


@pytest.fixture(scope="module")
def derived(demo: Path, patient: Patient) -> dict[str, Volume]:
    folder = demo / patient.split / "derivatives" / patient.subject
    return {
        path.name.removesuffix(".nii.gz").rpartition("_")[2]: read_volume(path)
        for path in folder.rglob("*.nii.gz")
    }


@pytest.fixture(scope="module")
def raw(demo: Path, patient: Patient) -> dict[str, Volume]:
    folder = demo / patient.split / "raw_data" / patient.subject
    return {
        path.name.removesuffix(".nii.gz").rpartition("_")[2]: read_volume(path)
        for path in folder.rglob("*.nii.gz")
    }


def seen(derived: dict[str, Volume]) -> Mask:
    """Brain that the perfusion slab covers."""
    return np.asarray(derived["mtt"].values > 0)


def test_all_derivatives_lie_on_the_ncct(
    derived: dict[str, Volume], raw: dict[str, Volume]
) -> None:
    for name, volume in derived.items():
        assert volume.values.shape[:3] == raw["ncct"].values.shape, name
        np.testing.assert_allclose(volume.affine, raw["ncct"].affine)


def test_native_images_have_grids_of_their_own(raw: dict[str, Volume]) -> None:
    assert raw["cta"].values.shape != raw["ncct"].values.shape
    assert not np.allclose(raw["cta"].affine, raw["ncct"].affine)
    for name in ("cbf", "cbv", "mtt", "tmax"):
        assert raw[name].values.shape == raw["ctp"].values.shape[:3]


def test_tmax_over_6_s_contains_the_core_and_exceeds_it(derived: dict[str, Volume]) -> None:
    late, infarct = derived["tmax"].values > 6, derived["lesion-msk"].values > 0.5
    covered = infarct & seen(derived)
    assert np.count_nonzero(covered) > 0.5 * np.count_nonzero(infarct)
    assert not (covered & ~late).any()
    assert np.count_nonzero(late) > 1.5 * np.count_nonzero(covered)


def test_the_core_that_is_measured_is_the_infarct_that_was_planted(
    demo: Path, patient: Patient, derived: dict[str, Volume]
) -> None:
    folder = demo / patient.split / "derivatives" / patient.subject
    asked = [
        Asked(next(folder.rglob(f"*_{kind}.nii.gz")), kind, "perfusion") for kind in ("cbf", "tmax")
    ]
    found = check_series(asked, next(folder.rglob("*_lesion-msk.nii.gz"))).perfusion
    assert found is not None
    assert found.core_ml is not None
    assert found.infarct_in_core_ml is not None
    voxel_ml = abs(np.linalg.det(derived["mtt"].affine[:3, :3])) / 1000
    covered = (derived["lesion-msk"].values > 0.5) & seen(derived)
    planted_ml = voxel_ml * np.count_nonzero(covered)
    assert found.core_ml == pytest.approx(planted_ml, rel=0.25)
    assert found.infarct_in_core_ml > 0.75 * planted_ml
    assert found.infarct_in_tmax_6_ml == pytest.approx(planted_ml)


def test_core_has_lost_flow_and_volume_but_the_penumbra_only_time(
    derived: dict[str, Volume],
) -> None:
    infarct = (derived["lesion-msk"].values > 0.5) & seen(derived)
    penumbra = (derived["tmax"].values > 6) & ~infarct
    healthy = seen(derived) & (derived["tmax"].values < 4)

    def median(name: str, where: Mask) -> float:
        return float(np.median(derived[name].values[where]))

    assert median("cbf", infarct) < 0.3 * median("cbf", healthy)
    assert 0.3 * median("cbf", healthy) < median("cbf", penumbra) < 0.8 * median("cbf", healthy)
    assert median("cbv", infarct) < 0.5 * median("cbv", healthy)
    assert median("cbv", penumbra) > 0.6 * median("cbv", healthy)
    assert median("mtt", penumbra) > 1.3 * median("mtt", healthy)


def test_maps_obey_the_central_volume_principle(raw: dict[str, Volume]) -> None:
    """On the NCCT grid and on its own, MTT = 60 CBV / CBF."""
    inside = raw["mtt"].values > 0
    cbf, cbv, mtt = (raw[name].values[inside] for name in ("cbf", "cbv", "mtt"))
    assert np.median(np.abs(60 * cbv / cbf / mtt - 1)) < 0.03


def test_bolus_passes_through_healthy_brain_and_late_through_the_penumbra(
    derived: dict[str, Volume],
) -> None:
    infarct = derived["lesion-msk"].values > 0.5
    late = (derived["tmax"].values > 6) & ~infarct
    healthy = seen(derived) & (derived["tmax"].values < 2.5)
    curve, delayed = (enhancement(derived["ctp"], where) for where in (healthy, late))
    assert 44 <= len(curve) <= 60
    assert np.abs(curve[:6]).max() < 0.5  # nothing before the bolus
    assert 3 < curve.max() < 20
    assert 8 < int(curve.argmax()) < 30
    assert curve[-1] < 0.3 * curve.max()
    assert int(delayed.argmax()) > int(curve.argmax()) + 2


def enhancement(ctp: Volume, where: Mask) -> Array:
    """Mean HU over the first three frames' in a region, frame by frame."""
    curve = ctp.values[where].mean(axis=0)
    return np.asarray(curve - curve[:3].mean())


def test_ctp_says_that_a_frame_is_a_second(demo: Path, patient: Patient) -> None:
    paths = list((demo / patient.split).rglob("*_ctp.nii.gz"))
    assert len(paths) == 2
    for path in paths:
        header = read_header(path)
        assert float(header.get_zooms()[3]) == 1.0
        assert header.get_xyzt_units() == ("mm", "sec")


def test_dwi_is_bright_and_adc_low_in_the_infarct(derived: dict[str, Volume]) -> None:
    infarct = derived["lesion-msk"].values > 0.5
    brain = seen(derived) & ~infarct
    dwi, adc = derived["dwi"].values, derived["adc"].values
    assert np.median(dwi[infarct]) > 1.6 * np.median(dwi[brain])
    # The usual threshold of restricted diffusion: 620e-6 mm²/s.
    assert np.median(adc[infarct]) < 620 < np.median(adc[brain]) < 1000


def test_vessels_are_filled_but_not_beyond_the_clot(
    derived: dict[str, Volume], patient: Patient
) -> None:
    labels, cta = derived["cow-msk"].values, derived["cta"].values
    # TopCoW's numbering; the short communicating arteries may fall between slices.
    assert {1, 2, 3, 4, 5, 6, 7, 11, 12} <= set(np.unique(labels).astype(int))
    assert set(np.unique(labels).astype(int)) <= set(range(13))
    right, left = cta[labels == 5].mean(), cta[labels == 7].mean()
    occluded, open_side = (left, right) if patient.infarct.side == "left" else (right, left)
    assert open_side > occluded + 20
    clot = derived["lvo-msk"].values > 0.5
    assert 0 < np.count_nonzero(clot) * derived["lvo-msk"].voxel_ml < 1.0


def test_labels_of_the_right_lie_on_the_right(derived: dict[str, Volume]) -> None:
    volume = derived["cow-msk"]

    def x_mm(label: int) -> float:
        voxels = np.argwhere(volume.values == label)
        return float(nib.affines.apply_affine(volume.affine, voxels)[:, 0].mean())

    for right, left in ((2, 3), (4, 6), (5, 7), (11, 12)):
        assert x_mm(right) > x_mm(left)
