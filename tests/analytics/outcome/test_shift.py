"""The mRS from one time point to the next, counted by hand."""

import numpy as np
import pytest

from analytics.outcome.shift import UNKNOWN, describe_shift, mrs_points, shift_tables
from data_loader.errors import AnalysisError
from data_loader.variables import dictionary
from tests.analytics.outcome.simulated import frame_of

NAN = np.nan
COURSE = {
    "mrs_premorbid": [0, 0, 1, 0, NAN, 2],
    "mrs_24h": [4, 5, 5, 6, 3, NAN],
    "mrs_3_months": [2, 6, 5, NAN, 2, 6],
}
POINTS = tuple(COURSE)


def test_flows_join_the_states_of_consecutive_time_points() -> None:
    shift = describe_shift(frame_of(COURSE), POINTS)
    first, second = shift.flows
    assert first.counts.sum() == second.counts.sum() == shift.n == 6
    assert first.counts[0, 4] == first.counts[0, 5] == first.counts[0, 6] == 1
    assert first.counts[UNKNOWN, 3] == first.counts[2, UNKNOWN] == 1
    assert second.counts[5, 6] == second.counts[UNKNOWN, 6] == second.counts[6, UNKNOWN] == 1
    np.testing.assert_array_equal(first.counts.sum(axis=0), second.counts.sum(axis=1))
    assert shift.counts[1] == (0, 0, 0, 1, 1, 2, 1, 1)


def test_better_same_worse_and_dead() -> None:
    _, flow = describe_shift(frame_of(COURSE), POINTS).flows
    assert (flow.known, flow.better, flow.same, flow.worse, flow.died) == (4, 2, 1, 1, 1)


def test_death_is_absorbing_and_what_breaks_it_is_named() -> None:
    course = {"mrs_premorbid": [6, 0, 0], "mrs_24h": [NAN, 6, 6], "mrs_3_months": [6, 3, NAN]}
    notes = describe_shift(frame_of(course), POINTS).notes
    assert notes[0] == "made/sub-0 is dead at mRS premorbid, which can't be."
    assert notes[1] == "made/sub-1 is alive after an mRS of 6; shown as recorded."
    assert notes[2].startswith("2 known to be dead have no mRS at a later time point")


def test_who_was_never_asked_is_left_out_and_counted() -> None:
    never = {"mrs_24h": np.array([True, False, False, False, False, False])}
    values = {**COURSE, "mrs_24h": [NAN, 5, 5, 6, 3, NAN]}
    shift = describe_shift(frame_of(values, never), POINTS)
    assert shift.n == 5
    assert shift.notes[0].startswith("Left out: 1 of whom")


def test_tables_hold_the_same_counts() -> None:
    changes, transitions = shift_tables(describe_shift(frame_of(COURSE), POINTS))
    better = [column.key for column in changes.columns].index("better")
    assert [row.cells[better].value for row in changes.rows] == [0, 2]
    assert changes.rows[1].cells[better].text == "2 (50.0)"
    headings = [row.cells[0].text for row in transitions.rows if row.is_heading]
    assert headings == ["mRS premorbid to mRS at 24 h", "mRS at 24 h to mRS at three months"]
    assert sum(row.cells[-1].value for row in transitions.rows[1:9]) == 6  # type: ignore[misc]


def test_an_empty_cohort_has_empty_flows() -> None:
    shift = describe_shift(frame_of({name: [] for name in POINTS}), POINTS)
    assert (shift.n, shift.notes) == (0, ())
    assert shift_tables(shift)[0].rows[0].cells[2].text == "0 (0.0)"


def test_time_points_are_those_of_the_index_in_order_of_time() -> None:
    assert mrs_points(dictionary())[0] == "mrs_premorbid"
    assert mrs_points({"mrs_discharge": dictionary()["mrs_discharge"]}) == ("mrs_discharge",)
    with pytest.raises(AnalysisError, match="two time points"):
        describe_shift(frame_of(COURSE), POINTS[:1])
