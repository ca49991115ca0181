"""Effect sizes of several groups, beside R's (`tests/reference/association`)."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.association import cramers_v, epsilon_squared
from analytics.outcome.effect import Effect
from analytics.table_one.comparison import Comparison, compare_numbers

R: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "reference/association/association.json").read_text()
)


def _is_r(found: Effect, case: str) -> None:
    for key, value in found.as_dict().items():
        assert value == pytest.approx(R[case][key], rel=1e-6, abs=1e-9), key


@pytest.mark.parametrize("case", ["ozone", "alike"])
def test_epsilon_squared_is_the_share_of_the_variance_of_ranks(case: str) -> None:
    samples = [np.array(sample, float) for sample in R[case]["samples"]]
    test, n = compare_numbers(samples, "rank"), sum(map(len, samples))
    assert test.statistic == pytest.approx(R[case]["statistic"])
    _is_r(epsilon_squared(test, n), case)


@pytest.mark.parametrize("case", ["party", "sides", "alike_table"])
def test_cramers_v_is_bergsmas_with_smithsons_interval(case: str) -> None:
    _is_r(cramers_v(R[case]["counts"]), case)


def test_groups_that_share_nothing_are_as_far_apart_as_can_be() -> None:
    found = cramers_v([[30, 0, 0], [0, 30, 0], [0, 0, 30]])
    assert found.value == pytest.approx(1)
    assert found.ci_high == 1
    apart = [np.arange(40, dtype=np.float64) + 100 * group for group in range(3)]
    # Ranks differ within groups, too: 1 - 3 (40^3 - 40) / (120^3 - 120).
    value = epsilon_squared(compare_numbers(apart, "rank"), 120).value
    assert value == pytest.approx(1 - 3 * (40**3 - 40) / (120**3 - 120))


def test_levels_and_groups_that_nobody_has_take_no_part() -> None:
    wide = [[762, 0, 327, 468], [484, 0, 239, 477], [0, 0, 0, 0]]
    assert cramers_v(wide) == cramers_v(R["party"]["counts"])


def test_small_counts_have_no_interval() -> None:
    found = cramers_v([[6, 2, 1], [2, 6, 7]])
    assert found.value is not None
    assert (found.ci_low, found.ci_high) == (None, None)
    assert "below 5" in found.note


def test_what_does_not_vary_has_no_effect() -> None:
    assert cramers_v([[3, 4, 5], [0, 0, 0]]).value is None
    assert cramers_v([[1, 0], [0, 1]]).value is None
    assert epsilon_squared(compare_numbers([np.array([2.0, 2.0])] * 3, "rank"), 6).value is None
    assert epsilon_squared(Comparison("Wilcoxon rank-sum test", 0.5, 12.0), 12).value is None
