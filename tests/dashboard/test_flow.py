"""The shift as a flow: every subject is in one ribbon a step, and states keep their order."""

import numpy as np
import pytest

from analytics.outcome.shift import MrsShift, describe_shift
from dashboard.figures.flow import mrs_flow
from tests.analytics.outcome.simulated import frame_of
from tests.dashboard.drawn import checked, plain, traces, words

NAN = np.nan
POINTS = ("mrs_premorbid", "mrs_24h", "mrs_3_months")


@pytest.fixture
def shift() -> MrsShift:
    course = {
        "mrs_premorbid": [0, 0, 1, 0, NAN, 2],
        "mrs_24h": [4, 5, 5, 6, 3, NAN],
        "mrs_3_months": [2, 6, 5, NAN, 2, 6],
    }
    return describe_shift(frame_of(course), POINTS)


def test_ribbons_hold_everyone_once_a_step(shift: MrsShift) -> None:
    ribbons = traces(checked(mrs_flow(shift)), "scatter")
    heights: dict[int, float] = {0: 0, 1: 0}
    for ribbon in ribbons:
        assert len(ribbon["x"]) == len(ribbon["y"])
        heights[int(ribbon["x"][0])] += ribbon["y"][-1] - ribbon["y"][0]
    assert heights == {0: 6, 1: 6}


def test_ribbons_begin_and_end_within_their_states(shift: MrsShift) -> None:
    figure = mrs_flow(shift)
    bars = traces(figure, "bar")
    tops = {
        (bar["name"], x): (bar["base"][x], bar["base"][x] + bar["y"][x])
        for bar in bars
        for x in range(3)
    }
    (dying,) = (
        one
        for one in traces(figure, "scatter")
        if "three months: mRS 6" in plain(one["text"]) and "24 h: mRS 5" in plain(one["text"])
    )
    half = len(dying["y"]) // 2
    low, high = tops["mRS 5", 1]
    assert low <= dying["y"][0] < dying["y"][-1] <= high
    low, high = tops["mRS 6", 2]
    assert low <= dying["y"][half - 1] < dying["y"][half] <= high


def test_states_stand_from_0_to_unknown_and_do_not_overlap(shift: MrsShift) -> None:
    bars = traces(mrs_flow(shift), "bar")
    assert [bar["name"] for bar in bars] == [*(f"mRS {level}" for level in range(7)), "unknown"]
    for x in range(3):
        taken = [(bar["base"][x], bar["y"][x]) for bar in bars if bar["y"][x]]
        assert sum(height for _, height in taken) == 6
        ends = [base + height for base, height in taken]
        assert all(end < start for end, (start, _) in zip(ends, taken[1:], strict=False))


def test_time_points_say_how_many_are_known(shift: MrsShift) -> None:
    said = words(mrs_flow(shift))
    assert any("mRS at 24 h" in one and "5 of 6 known" in one for one in said)


def test_nobody_is_one_sentence() -> None:
    empty = describe_shift(frame_of({name: [] for name in POINTS}), POINTS)
    assert words(checked(mrs_flow(empty)))[0].startswith("Nobody in this cohort")
