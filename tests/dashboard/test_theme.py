"""Colours that every reader can tell apart, and text that can be read on them."""

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from dashboard.theme import INK, MRS, SERIES, ink_on, inked, tinted

Array = npt.NDArray[np.float64]

# Machado, Oliveira & Fernandes, IEEE TVCG 2009;15:1291, severity 1.
SIGHT = {
    "usual": np.eye(3),
    "without red": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "without green": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "without blue": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(color: str) -> Array:
    parts = np.array([int(color[n : n + 2], 16) for n in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb: Array) -> Array:
    scaled = TO_XYZ @ np.clip(rgb, 0, 1) / np.array([0.9505, 1, 1.089])
    x, y, z = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(TO_XYZ[1] @ linear(color)) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("sight", SIGHT)
def test_levels_of_the_mrs_stay_apart(sight: str) -> None:
    seen = [lab(SIGHT[sight] @ linear(color)) for color in MRS]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 18


@pytest.mark.parametrize("color", MRS)
def test_text_in_a_cell_can_be_read(color: str) -> None:
    assert contrast(color, ink_on(color)) >= 4.5


@pytest.mark.parametrize("color", SERIES)
@pytest.mark.parametrize("ground", ["#ffffff", "#1f2124"])
def test_curves_stand_out_on_both_grounds(color: str, ground: str) -> None:
    assert contrast(color, ground) >= 3


def test_text_and_tints() -> None:
    assert inked("12") == f'<span style="color:{INK}">12</span>'
    assert tinted("#0c8599", 0.25) == "rgba(12, 133, 153, 0.25)"
