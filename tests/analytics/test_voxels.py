"""Values of images that no header shows."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from analytics.voxels import Voxels, count_voxels
from tests.images import box, write_image


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
    "a mask": Case(box(), Voxels(8, 0, 1.0)),
    "nothing": Case(np.zeros((3, 3, 3), np.uint8), Voxels(0, 0)),
    "a half is background": Case(floats(0.5, 0.51, 1), Voxels(2, 0)),
    "scaled": Case(box().astype(np.uint16) * 65535, Voxels(8, 0, 1.0), 0.99999999977 / 65535),
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
    assert count_voxels(path) == Voxels(8, 0, -1.0)
