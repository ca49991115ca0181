"""Effects where R gives none, or another: no shared level, more columns, many values."""

import numpy as np
import pytest

import analytics.table_one.location as location_module
from analytics.table_one.effect import (
    Z,
    difference_of_locations,
    difference_of_shares,
    largest,
    smd_of_levels,
    smd_of_numbers,
    smd_pairs,
)
from analytics.table_one.location import median_difference
from analytics.table_one.values import Float
from analytics.wilson import wilson


def test_groups_that_share_no_level_have_no_smd() -> None:
    smd = smd_of_levels(np.array([[5, 0], [3, 0], [0, 4]]))
    assert (smd.value, smd.low, smd.high) == (None, None, None)
    assert smd.reason == "the columns share no level"


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([[5, 0], [3, 0]], "a column has no known values"),
        ([[5, 4]], "all known values are the same"),
        ([[5, 4], [0, 0]], "all known values are the same"),
    ],
)
def test_levels_without_an_smd(table: list[list[int]], reason: str) -> None:
    assert smd_of_levels(np.array(table)).reason == reason


def test_sign_of_a_flag_is_the_first_columns_share_minus_the_seconds() -> None:
    # 2 of 10 against 5 of 10: (0.2 - 0.5) / sqrt((0.16 + 0.25) / 2).
    table = np.array([[8, 5], [2, 5]])
    signed = smd_of_levels(table, signed=True).value
    assert signed == pytest.approx(-0.3 / np.sqrt(0.205))
    assert smd_of_levels(table).value == pytest.approx(0.3 / np.sqrt(0.205))


def test_numbers_without_an_smd() -> None:
    one, two = np.array([1.0]), np.array([1.0, 2.0])
    assert smd_of_numbers(one, two).reason == "a column has fewer than two known values"
    still = np.array([0.1, 0.1, 0.1])
    assert smd_of_numbers(still, still + 1).reason == "the values do not vary within the columns"


def test_of_more_columns_the_largest_is_given_without_an_interval() -> None:
    samples = [np.array([1.0, 2, 3]), np.array([2.0, 3, 4]), np.array([7.0, 8, 9])]
    pairs = smd_pairs(samples, of_ranks=False)
    assert [smd.columns for smd in pairs] == [(0, 1), (0, 2), (1, 2)]
    assert [smd.value for smd in pairs] == [-1.0, -6.0, -5.0]
    found = largest(pairs)
    assert found is not None
    assert (found.value, found.low, found.high, found.columns) == (-6.0, None, None, (0, 2))


def test_what_chance_gives_holds_95_of_100_draws() -> None:
    random = np.random.default_rng(1)
    shares = np.array([0.4, 0.3, 0.2, 0.1])
    within = []
    for _ in range(2000):
        table = np.column_stack([random.multinomial(n, shares) for n in (150, 100)])
        smd = smd_of_levels(table)
        assert smd.value is not None
        assert smd.by_chance is not None
        within.append(smd.value < smd.by_chance)
    assert np.mean(within) == pytest.approx(0.95, abs=0.02)


def test_wilson_of_none_and_all() -> None:
    # Newcombe (1998), table II: 0 of 29 has 0.0000 to 0.1170; 29 of 29 mirrors it.
    low, high = wilson(0.0, 29)
    assert (low, high) == pytest.approx((0.0, 0.1170), abs=5e-5)
    assert wilson(1.0, 29) == pytest.approx((1 - high, 1.0), abs=1e-12)


def test_newcombes_interval_of_his_own_examples() -> None:
    # Newcombe (1998, Stat Med 17:873), table II, method 10.
    for counts, known, interval in (
        ((56, 48), (70, 80), (0.0524, 0.3339)),
        ((9, 3), (10, 10), (0.1705, 0.8090)),
        ((10, 0), (10, 20), (0.6791, 1.0000)),
    ):
        found = difference_of_shares(counts, known)
        assert found is not None
        assert (found.low, found.high) == pytest.approx(np.multiply(100, interval), abs=6e-3)


def by_listing(first: Float, second: Float) -> tuple[float, float, float]:
    """As in the textbook: all pairwise differences, sorted."""
    differences = np.sort(np.subtract.outer(first, second).ravel())
    n, n1, n2 = len(differences), len(first), len(second)
    c = max(1, int(np.floor(n / 2 - Z * np.sqrt(n * (n1 + n2 + 1) / 12))))
    return float(np.median(differences)), float(differences[c - 1]), float(differences[n - c])


@pytest.mark.parametrize("searched", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_shift_beside_all_pairwise_differences(
    seed: int, searched: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if searched:
        monkeypatch.setattr(location_module, "_MOST_LISTED", 0)
    random = np.random.default_rng(seed)
    first, second = random.gamma(2, 9, 31 + seed), random.gamma(2, 8, 24)
    if seed % 2:
        first, second = first.round(), second.round()  # ties
    found = median_difference(first, second, z=Z)
    assert found == pytest.approx(by_listing(first, second), abs=1e-9)


def test_shift_of_one_value_each() -> None:
    found = difference_of_locations(np.array([3.0]), np.array([1.0]))
    assert found is not None
    assert (found.value, found.low, found.high) == (2.0, 2.0, 2.0)
    assert difference_of_locations(np.array([3.0]), np.empty(0)) is None
