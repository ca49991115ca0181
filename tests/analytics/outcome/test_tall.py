"""Products of tall matrices in blocks: the same numbers as in one piece, however many rows."""

import numpy as np
import pytest

from analytics.outcome.tall import cross, times, total


@pytest.mark.parametrize("rows", [0, 1, 1_000, 20_011])
@pytest.mark.parametrize("columns", [0, 1, 7, 60])
def test_blocks_add_up(rows: int, columns: int) -> None:
    random = np.random.default_rng(1)
    # Whole numbers, so that sums are exact in any order.
    left = random.integers(-9, 9, (rows, columns)).astype(float)
    right = random.integers(-9, 9, (rows, 3)).astype(float)
    weights = random.integers(0, 5, rows).astype(float)
    vector = random.integers(-9, 9, columns).astype(float)
    assert np.array_equal(times(left, vector), (left * vector).sum(axis=1))
    assert np.array_equal(total(weights, left), (left * weights[:, None]).sum(axis=0))
    expected = np.einsum("ni,n,nj->ij", left, weights, right)
    assert np.array_equal(cross(left, weights, right), expected)
