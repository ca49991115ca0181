"""Components against scipy's, of masks of every thickness."""

from itertools import product

import numpy as np
import pytest
from scipy import ndimage

from analytics.connected import connected_components

THIN = [(1, 1, 1), (1, 1, 9), (1, 9, 1), (9, 1, 1), (1, 6, 7), (6, 1, 7), (6, 7, 1), (2, 5, 6)]


@pytest.mark.parametrize("shape", THIN)
@pytest.mark.parametrize("order", ["C", "F"])
def test_components_of_thin_masks_are_scipys(shape: tuple[int, int, int], order: str) -> None:
    rng = np.random.default_rng(3)
    for share in np.linspace(0.1, 1, 25):
        mask = np.array(rng.random(shape) < share, order="C" if order == "C" else "F")
        for neighbours, structure in ((6, None), (26, np.ones((3, 3, 3)))):
            labels, count = connected_components(mask, 6 if neighbours == 6 else 26)
            expected, expected_count = ndimage.label(mask, structure)
            assert count == expected_count
            pairs = {*zip(labels.ravel().tolist(), expected.ravel().tolist(), strict=True)}
            # One label of one program for each label of the other.
            assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


@pytest.mark.parametrize("shape", [(1, 1, 7), (1, 7, 1), (7, 1, 1)])
def test_every_pattern_of_a_row_has_its_components(shape: tuple[int, int, int]) -> None:
    for pattern in product((False, True), repeat=7):
        _, count = connected_components(np.array(pattern).reshape(shape), 26)
        assert count == ndimage.label(pattern)[1]
