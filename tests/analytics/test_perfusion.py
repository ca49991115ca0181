"""Hypoperfusion and core of maps whose volumes are known by construction."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from analytics.perfusion import Perfusion
from analytics.voxels import Asked, check_series
from tests.images import write_image

SHAPE = (10, 10, 10)
AFFINE = np.diag([-2.0, 2.0, 5.0, 1.0])
VOXEL_ML = 0.02
Map = npt.NDArray[np.float32]


def maps() -> tuple[Map, Map]:
    """Tmax and CBF: two planes of air; below them 800 voxels of tissue.

    100 wait 5 s, 60 wait 7 s, 30 wait 9 s and 10 wait 12 s. Of the last two, 25 have a flow
    below 30 % of normal, which is 50 throughout.
    """
    tmax, cbf = np.zeros(SHAPE, np.float32), np.zeros(SHAPE, np.float32)
    tmax[:, :, :8], cbf[:, :, :8] = 2, 50
    for plane, seconds, voxels in ((0, 5, 100), (1, 7, 60), (2, 9, 30), (3, 12, 10)):
        tmax[:, :, plane].flat[:voxels] = seconds
        cbf[:, :, plane].flat[:voxels] = 20
    cbf[:, :, 2].flat[:20] = 14.9
    cbf[:, :, 3].flat[:5] = 0
    return tmax, cbf


def measured(
    folder: Path, tmax: npt.ArrayLike, cbf: npt.ArrayLike, mask: Path | None = None, **how: Any
) -> Perfusion | None:
    asked = [
        Asked(
            write_image(folder / f"{kind}.nii.gz", values, affine=AFFINE, **how), kind, "perfusion"
        )
        for kind, values in (("cbf", cbf), ("tmax", tmax))
    ]
    return check_series(asked, mask).perfusion


def test_volumes_by_threshold(tmp_path: Path) -> None:
    found = measured(tmp_path, *maps())
    assert found is not None
    assert found.tissue_ml == pytest.approx(795 * VOXEL_ML)
    assert found.normal_share == pytest.approx(600 / 795)
    assert found.normal_cbf == pytest.approx(50)
    longer = (found.tmax_4_ml, found.tmax_6_ml, found.tmax_8_ml, found.tmax_10_ml)
    assert longer == pytest.approx((200 * VOXEL_ML, 100 * VOXEL_ML, 40 * VOXEL_ML, 10 * VOXEL_ML))
    assert found.core_ml == pytest.approx(25 * VOXEL_ML)
    assert (found.infarct_in_core_ml, found.infarct_in_tmax_6_ml) == (None, None)


def test_the_infarct_is_laid_over_them(tmp_path: Path) -> None:
    infarct = np.zeros(SHAPE, np.uint8)
    infarct[:, :, 2:4] = 1
    mask = write_image(tmp_path / "mask.nii.gz", infarct, affine=AFFINE)
    found = measured(tmp_path, *maps(), mask=mask)
    assert found is not None
    assert found.infarct_in_tmax_6_ml == pytest.approx(40 * VOXEL_ML)
    assert found.infarct_in_core_ml == pytest.approx(25 * VOXEL_ML)
    elsewhere = write_image(tmp_path / "moved.nii.gz", infarct, affine=AFFINE + np.eye(4))
    found = measured(tmp_path, *maps(), mask=elsewhere)
    assert found is not None
    assert (found.infarct_in_core_ml, found.infarct_in_tmax_6_ml) == (None, None)


def test_a_threshold_itself_is_not_above_or_below(tmp_path: Path) -> None:
    tmax, cbf = maps()
    tmax[tmax == 7] = 6
    cbf[cbf == np.float32(14.9)] = 15
    found = measured(tmp_path, tmax, cbf)
    assert found is not None
    assert found.tmax_6_ml == pytest.approx(40 * VOXEL_ML)
    assert found.core_ml == pytest.approx(5 * VOXEL_ML)


SCALED: dict[str, tuple[Callable[[Map], npt.NDArray[Any]], dict[str, Any]]] = {
    "whole numbers with a slope": (lambda m: np.rint(m * 10).astype(np.int16), {"slope": 0.1}),
    "and an offset": (
        lambda m: np.rint(m * 10 + 100).astype(np.int16),
        {"slope": 0.1, "inter": -10.0},
    ),
    "big end first": (lambda m: m, {"endianness": ">"}),
}


@pytest.mark.parametrize("name", SCALED)
def test_stored_values_are_scaled(tmp_path: Path, name: str) -> None:
    stored, how = SCALED[name]
    tmax, cbf = maps()
    found = measured(tmp_path, stored(tmax), stored(cbf), **how)
    assert found is not None
    assert (found.core_ml, found.tmax_10_ml) == pytest.approx((25 * VOXEL_ML, 10 * VOXEL_ML))
    assert found.normal_cbf == pytest.approx(50)


def test_what_is_no_number_is_neither_tissue_nor_core(tmp_path: Path) -> None:
    tmax, cbf = maps()
    cbf[:, :, 2].flat[:3] = np.nan
    tmax[:, :, 3].flat[:2] = np.inf
    tmax[:, :, 9] = np.nan
    cbf[:, :, 9] = np.inf
    found = measured(tmp_path, tmax, cbf)
    assert found is not None
    assert found.tmax_6_ml == pytest.approx(98 * VOXEL_ML)
    assert found.core_ml == pytest.approx((25 - 3 - 2) * VOXEL_ML)


def test_a_tmax_of_0_is_normal_where_blood_flows(tmp_path: Path) -> None:
    """Some programs write it all over healthy tissue."""
    tmax, cbf = maps()
    tmax[tmax == 2] = 0
    found = measured(tmp_path, tmax, cbf)
    assert found is not None
    assert found.core_ml == pytest.approx(25 * VOXEL_ML)


def test_a_tmax_in_ms_has_no_core(tmp_path: Path) -> None:
    tmax, cbf = maps()
    found = measured(tmp_path, tmax * 1000, cbf)
    assert found is not None
    assert (found.normal_share, found.normal_cbf, found.core_ml) == (0, None, None)


def test_a_blank_map_has_no_measures(tmp_path: Path) -> None:
    tmax, cbf = maps()
    assert measured(tmp_path, tmax, 0 * cbf) is None


def test_maps_of_two_grids_are_not_measured_together(tmp_path: Path) -> None:
    tmax, cbf = maps()
    assert measured(tmp_path, tmax, cbf[:, :, :9]) is None
