"""By which image a mask comes to standard space where only its grid says on which it was drawn."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from data_loader.content import select_masks
from data_loader.native import select_native
from data_loader.profile import Modality
from data_loader.scan import scan_dataset
from tests.images import box, write_image

Affine = npt.NDArray[np.float64]

FINE = np.diag([1.0, 1.0, 1.0, 1.0])
COARSE = np.array([[-2.0, 0, 0, 90], [0, 2, 0, -110], [0, 0, 5, -60], [0, 0, 0, 1]])
MASK = "derivatives/drawn/sub-1/anat/sub-1_label-lesion_mask.nii.gz"
T1W, FLAIR = "sub-1/anat/sub-1_T1w.nii.gz", "sub-1/anat/sub-1_FLAIR.nii.gz"
DWI, CT = "sub-1/dwi/sub-1_dwi.nii.gz", "sub-1/ct/sub-1_ct.nii.gz"


def write(root: Path, affines: Mapping[str, Affine], **how: Any) -> Path:
    for name, affine in affines.items():
        write_image(root / name, box(), affine=affine, **how)
    return root


def chosen(root: Path) -> tuple[str, Modality | None] | None:
    """Path and modality of the image by which the one mask can be registered."""
    (native,) = select_native(select_masks([scan_dataset(root)]))
    return (native.image.image.file.path, native.modality) if native.image else None


@pytest.mark.parametrize(
    ("image", "modality"), [(T1W, "mr"), (FLAIR, "mr"), (DWI, "mr"), (CT, "ct")]
)
def test_it_is_the_image_on_the_mask_s_grid(tmp_path: Path, image: str, modality: Modality) -> None:
    others = {name: FINE for name in (T1W, FLAIR, DWI, CT) if name != image}
    write(tmp_path, {**others, image: COARSE, MASK: COARSE})
    assert chosen(tmp_path) == (image, modality)


def test_a_series_counts_by_the_grid_of_its_frames(tmp_path: Path) -> None:
    write(tmp_path, {T1W: FINE, MASK: COARSE})
    write_image(tmp_path / DWI, np.ones((6, 6, 6, 3), np.int16), affine=COARSE)
    assert chosen(tmp_path) == (DWI, "mr")


def test_of_several_the_t1_weighted_goes_first(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys((DWI, FLAIR, CT, MASK), COARSE))
    assert chosen(tmp_path) == (FLAIR, "mr")
    write(tmp_path, {T1W: COARSE})
    assert chosen(tmp_path) == (T1W, "mr")


def test_of_one_kind_that_beside_the_mask_goes_first_then_the_raw_one(tmp_path: Path) -> None:
    elsewhere = "derivatives/a/sub-1/anat/sub-1_desc-brain_T1w.nii.gz"
    write(tmp_path, dict.fromkeys((T1W, elsewhere, MASK), COARSE))
    assert chosen(tmp_path) == (T1W, "mr")
    beside = str(Path(MASK).with_name("sub-1_desc-brain_T1w.nii.gz"))
    write(tmp_path, {beside: COARSE})
    assert chosen(tmp_path) == (beside, "mr")


def test_rounding_is_no_other_grid_and_a_shift_is_one(tmp_path: Path) -> None:
    write(tmp_path, {T1W: COARSE + 5e-4, MASK: COARSE})
    assert chosen(tmp_path) == (T1W, "mr")
    shifted = COARSE.copy()
    shifted[2, 3] += 0.01
    write(tmp_path, {T1W: shifted})
    assert chosen(tmp_path) is None


def test_another_number_of_voxels_is_another_grid(tmp_path: Path) -> None:
    write(tmp_path, {MASK: COARSE})
    write_image(tmp_path / T1W, box((6, 6, 7)), affine=COARSE)
    assert chosen(tmp_path) is None


def test_an_image_of_another_session_or_subject_shows_another_head_position(
    tmp_path: Path,
) -> None:
    mask = "derivatives/drawn/sub-1/ses-2/anat/sub-1_ses-2_label-lesion_mask.nii.gz"
    first, second = (f"sub-1/ses-{n}/anat/sub-1_ses-{n}_T1w.nii.gz" for n in (1, 2))
    write(tmp_path, dict.fromkeys((mask, first, "sub-2/ses-2/anat/sub-2_ses-2_T1w.nii"), COARSE))
    assert chosen(tmp_path) is None
    write(tmp_path, {second: COARSE})
    assert chosen(tmp_path) == (second, "mr")


def test_a_space_named_after_a_kind_leaves_that_kind(tmp_path: Path) -> None:
    mask = MASK.replace("_label", "_space-FLAIR_label")
    write(tmp_path, dict.fromkeys((T1W, FLAIR, mask), COARSE))
    assert chosen(tmp_path) == (FLAIR, "mr")


@pytest.mark.parametrize("content", [b"", b"rubbish"])
def test_an_image_that_cannot_be_read_is_passed_over(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, dict.fromkeys((FLAIR, MASK), COARSE))
    (tmp_path / T1W).write_bytes(content)
    assert chosen(tmp_path) == (FLAIR, "mr")


def test_a_mask_in_mni152_needs_none(tmp_path: Path) -> None:
    mask = MASK.replace("_label", "_space-MNI152NLin6Asym_label")
    write(tmp_path, dict.fromkeys((T1W, mask), COARSE))
    assert select_native(select_masks([scan_dataset(tmp_path)])) == []
