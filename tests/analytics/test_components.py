"""Components of a mask: volumes, order, and a place that lies inside."""

from pathlib import Path

import numpy as np
import pytest

from analytics.components import infarct_components
from data_loader.nifti import read_volume
from tests.images import write_image


def test_components_are_listed_the_largest_first_with_a_voxel_of_theirs(tmp_path: Path) -> None:
    mask = np.zeros((12, 12, 12), np.uint8)
    mask[1, 1, 1] = 1
    mask[5:9, 5:9, 5:9] = 1
    mask[9, 9, 9] = 1  # touches the cube's corner: one component with it
    affine = np.diag([-2.0, 2, 3, 1])
    affine[:3, 3] = (10, 20, 30)
    path = write_image(tmp_path / "mask.nii.gz", mask, affine=affine)
    large, small = infarct_components(read_volume(path))
    assert large.volume_ml == pytest.approx(65 * 0.012)
    assert small.volume_ml == pytest.approx(0.012)
    assert small.at_mm == (8, 22, 33)


def test_place_lies_in_a_component_that_is_hollow(tmp_path: Path) -> None:
    ring = np.zeros((9, 9, 3), np.uint8)
    ring[1:8, 1:8, 1] = 1
    ring[2:7, 2:7, 1] = 0
    (found,) = infarct_components(read_volume(write_image(tmp_path / "ring.nii", ring)))
    i, j, k = (round(mm) for mm in found.at_mm)
    assert ring[i, j, k] == 1


def test_empty_mask_has_none(tmp_path: Path) -> None:
    path = write_image(tmp_path / "empty.nii", np.zeros((4, 4, 4), np.uint8))
    assert infarct_components(read_volume(path)) == []


def test_real_mask_has_the_published_number(real_data: Path) -> None:
    name = "sub-stroke0014_ses-02_space-ncct_lesion-msk.nii.gz"
    (path,) = (real_data / "isles24").rglob(name)
    found = infarct_components(read_volume(path))
    assert len(found) == 16
    assert sum(component.volume_ml for component in found) == pytest.approx(222.129, abs=0.001)
