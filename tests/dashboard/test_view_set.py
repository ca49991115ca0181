"""What the viewer is told: which image beside which, what lies over them, and where from."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.measure import measure_lesions
from dashboard.stacks import Stacks
from dashboard.vessels import willis_labels
from dashboard.view_set import view_set
from data_loader.build import build_index
from data_loader.cohort import Cohort
from data_loader.index import Index, IndexFolder
from tests.images import box, write_dataset

_RAW, _DERIVED = "raw_data/sub-1/ses-01/", "derivatives/sub-1/"
_CT = np.zeros((6, 6, 6), np.int16)
_COARSE = np.zeros((3, 3, 3), np.int16)
_NCCT = {f"{_RAW}sub-1_ses-01_ncct.nii.gz": _CT}
_MASK = {f"{_DERIVED}ses-02/sub-1_ses-02_space-ncct_lesion-msk.nii.gz": box()}
_CTA = {
    f"{_RAW}sub-1_ses-01_cta.nii.gz": _COARSE,
    f"{_DERIVED}ses-01/sub-1_ses-01_space-ncct_cta.nii.gz": _CT,
}
_RAW_CTA = {f"{_RAW}sub-1_ses-01_cta.nii.gz": _COARSE}
_MR = {
    f"{_DERIVED}ses-02/sub-1_ses-02_space-ncct_adc.nii.gz": _CT,
    f"{_DERIVED}ses-02/sub-1_ses-02_space-ncct_dwi.nii.gz": _CT,
}
_WILLIS = {f"{_DERIVED}ses-01/sub-1_ses-01_space-ncct_cow-msk.nii.gz": box()}


@pytest.fixture
def seen(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    def describe(*files: dict[str, Any]) -> dict[str, Any]:
        root = write_dataset(tmp_path / "d", {k: v for part in files for k, v in part.items()})
        folder = tmp_path / "index"
        build_index([root], folder, measure=partial(measure_lesions, workers=1))
        return _of(IndexFolder(folder).current(), "d", "sub-1")

    return describe


def _of(index: Index, dataset: str, subject: str) -> dict[str, Any]:
    row = index.subject(dataset, subject)
    assert row is not None
    return view_set(index, row, Stacks().describe(index, dataset, subject))


def test_acute_ct_is_left_and_follow_up_right(seen: Callable[..., dict[str, Any]]) -> None:
    found = seen(_NCCT, _MASK, _MR, _CTA)
    assert found["left"] == ["ncct", "cta"]
    assert found["right"] == ["dwi", "adc"]
    assert list(found["over"]) == ["infarct"]


def test_one_image_has_one_side(seen: Callable[..., dict[str, Any]]) -> None:
    found = seen(_NCCT, _MASK)
    assert (found["left"], found["right"]) == (["ncct"], [])


def test_of_two_images_of_a_kind_the_one_on_the_masks_grid_is_shown(
    seen: Callable[..., dict[str, Any]],
) -> None:
    cta = seen(_NCCT, _MASK, _CTA)["kinds"]["cta"]
    assert cta["volume"]["url"].endswith("space-ncct_cta.nii.gz")
    assert cta["aligned"]


def test_image_on_another_grid_is_said_to_be(seen: Callable[..., dict[str, Any]]) -> None:
    assert not seen(_NCCT, _MASK, _RAW_CTA)["kinds"]["cta"]["aligned"]


def test_mask_alone_is_its_own_background(seen: Callable[..., dict[str, Any]]) -> None:
    found = seen(_MASK)
    assert found["left"] == ["lesion"]
    assert found["kinds"]["lesion"]["volume"]["url"] == found["over"]["infarct"]["url"]


def test_windows_are_those_that_readers_know(seen: Callable[..., dict[str, Any]]) -> None:
    kinds = seen(_NCCT, _MASK, _MR)["kinds"]
    assert [(p["low"], p["high"]) for p in kinds["ncct"]["presets"]] == [(0, 80), (20, 60)]
    assert kinds["dwi"]["presets"] == []


def test_components_are_told_with_their_place(seen: Callable[..., dict[str, Any]]) -> None:
    (component,) = seen(_NCCT, _MASK)["components"]
    assert component["ml"] == pytest.approx(0.008)
    assert set(component["mm"]) <= {1.0, 2.0}


def test_masks_in_mni_space_lie_on_the_template(soop: Index) -> None:
    found = _of(soop, "soop", "sub-9")
    assert found["left"] == ["template"]
    assert found["kinds"]["template"]["volume"]["url"] == "/template/mni152.nii.gz"
    assert found["dataset"].endswith("(CC0)")


def test_subject_without_images_has_nothing_to_see(soop: Index) -> None:
    cohort, _ = Cohort.parse("has_mask=0", soop.variables)
    bare = soop.subjects(cohort, columns=[], limit=1)[0]["subject"]
    assert Stacks().describe(soop, "soop", bare).grids == {}


def test_vessels_bear_the_names_of_their_numbers(seen: Callable[..., dict[str, Any]]) -> None:
    labels = seen(_NCCT, _MASK, _WILLIS)["over"]["willis"]["colormap_label"]
    named = dict(zip(labels["I"], labels["labels"], strict=True))
    assert named[1] == "basilar artery"
    assert (named[5], named[7], named[15]) == ("right MCA", "left MCA", "third A2")
    assert len({*zip(labels["R"], labels["G"], labels["B"], strict=True)}) == len(named)
    assert willis_labels() == labels
