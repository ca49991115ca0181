"""What printed numbers can be: cases of the papers that thought of the tests."""

import pytest

from analytics.table_one.possible import Part, Rounded, can_have_sd, least_missing, whole_sums


def test_grim_finds_a_mean_that_28_whole_numbers_cannot_have() -> None:
    # Brown and Heathers (2017): 5.19 of 28 whole numbers; 5.18 and 5.21 are possible.
    assert not whole_sums(Rounded(5.19, 2), 28)
    assert list(whole_sums(Rounded(5.18, 2), 28)) == [145]
    assert list(whole_sums(Rounded(5.21, 2), 28)) == [146]


@pytest.mark.parametrize(("sd", "possible"), [(1.0, True), (0.0, False), (1.22, False)])
def test_grimmer_of_three_numbers(sd: float, possible: bool) -> None:
    # 1, 2, 3 have mean 2 and SD 1. SD 1.22 needs squares that add up to 15, which is odd while 6
    # isn't; numbers that add up to 7 are not all alike.
    mean = Rounded(2.0, 2) if sd != 0 else Rounded(2.33, 2)
    assert can_have_sd(mean, Rounded(sd, 2), 3, scale=None) is possible


def test_the_mean_of_all_lies_where_its_parts_put_it() -> None:
    def part(low: float, high: float, n: int) -> Part:
        return Part(low, high, n, is_whole=True, may_miss=False)

    parts = [part(0.5265, 0.5275, 150), part(0.4195, 0.4205, 100)]  # 79 and 42 women
    assert least_missing(parts, part(0.4835, 0.4845, 250)) == 0
    assert least_missing(parts, part(0.4875, 0.4885, 250)) is None
