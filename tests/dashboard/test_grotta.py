"""Grotta bars: order, length, numbers in the cells, and lines between the cut-points."""

import pytest

from analytics.outcome.describe import GroupScores
from dashboard.figures.grotta import grotta
from dashboard.theme import MRS, ink_on
from tests.analytics.outcome.trials import MR_CLEAN
from tests.dashboard.drawn import checked, plain, traces, words

CONTROL = GroupScores("0", "control", tuple(MR_CLEAN[0].tolist()), missing=3)
TREATED = GroupScores("1", "intervention", tuple(MR_CLEAN[1].tolist()))
NOBODY = GroupScores("2", "nobody", (0,) * 7, missing=4)


def test_bars_go_from_0_to_6_and_are_100_percent_long() -> None:
    bars = traces(checked(grotta([CONTROL, TREATED], outcome="mRS at 90 days")), "bar")
    assert [bar["marker"]["color"] for bar in bars] == list(MRS)
    for row in (0, 1):
        assert sum(bar["x"][row] for bar in bars) == pytest.approx(100)
    assert bars[6]["x"][0] == pytest.approx(100 * 59 / 267)


def test_cells_say_count_and_share_in_an_ink_that_can_be_read() -> None:
    bars = traces(grotta([CONTROL, TREATED], outcome="mRS"), "bar")
    assert plain(bars[4]["text"][0]) == "81 30 %"
    assert ink_on(MRS[4]) in bars[4]["text"][0]
    assert bars[0]["text"][0] == ""  # one of 267 has no room, and is said under the pointer
    assert "1 of 267 (0.4 %)" in plain(bars[0]["hovertemplate"][0])


def test_lines_join_the_cut_points_of_neighbours() -> None:
    (lines,) = traces(grotta([CONTROL, TREATED], outcome="mRS"), "scatter")
    ends = list(zip(lines["x"][0::3], lines["x"][1::3], strict=True))
    assert len(ends) == 6
    # Good outcome as printed in the trial: 19.1 % against 32.6 %.
    assert ends[2] == (pytest.approx(19.1, abs=0.05), pytest.approx(32.6, abs=0.05))
    assert lines["y"][0] > 0
    assert lines["y"][1] < 1


def test_the_missing_stand_beside_and_outside_of_the_bars() -> None:
    figure = grotta([CONTROL, TREATED], outcome="mRS")
    assert "3 of 270 missing" in words(figure)
    assert "n = 267" in figure["layout"]["yaxis"]["ticktext"][0]


def test_lines_leap_over_a_group_of_whom_nothing_is_known() -> None:
    (lines,) = traces(checked(grotta([CONTROL, NOBODY, TREATED], outcome="mRS")), "scatter")
    assert len(lines["x"]) == 18
    assert lines["y"][1] > 1.5


def test_nothing_known_is_one_sentence() -> None:
    for groups in ([], [NOBODY]):
        figure = checked(grotta(groups, outcome="mRS at three months"))
        assert figure["data"] == []
        assert words(figure) == ["mRS at three months is unknown in everyone here."]
