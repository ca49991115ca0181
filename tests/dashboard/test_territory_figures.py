"""Figures of territories: which side bars point to, and where dots lie."""

from typing import Any

import pytest

from dashboard.figures.territories import involvement_dots, mirrored_territories
from dashboard.theme import SERIES
from tests.analytics.territory_rows import cohort_of
from tests.dashboard.drawn import checked, traces, words

INFARCTS = ({"MCA-L": 8, "ACA-L": 2}, {"MCA-R": 3, "outside atlas": 1}, {"PCA-R": 6})


def _bars(trace: dict[str, Any]) -> dict[str, float]:
    return dict(zip(trace["customdata"], trace["x"], strict=True))


def test_the_left_points_to_the_left_and_the_right_to_the_right() -> None:
    figure = checked(mirrored_territories(cohort_of(INFARCTS).summary(), "ml"))
    (trace,) = traces(figure, "bar")
    bars = _bars(trace)
    assert bars["MCA-L"] == pytest.approx(-8 / 3)
    assert bars["MCA-R"] == pytest.approx(1)
    assert bars["PCA-R"] == pytest.approx(2)
    places = dict(zip(trace["customdata"], trace["y"], strict=True))
    assert places["MCA-L"] == places["MCA-R"]
    names = figure["layout"]["yaxis"]["ticktext"]
    assert names == ["ACA", "MCA", "PCA", "VB", "ventricle", "outside atlas"]


def test_what_has_no_side_lies_across_the_middle() -> None:
    figure = mirrored_territories(cohort_of(INFARCTS).summary(), "ml")
    (trace,) = traces(figure, "bar")
    place = trace["customdata"].index("outside atlas")
    assert trace["base"][place] == pytest.approx(-trace["x"][place] / 2)
    assert set(trace["base"][:place]) == {0}


@pytest.mark.parametrize(("measure", "value"), [("percent", 80 / 3), ("involved", 100 / 3)])
def test_lengths_can_be_shares(measure: Any, value: float) -> None:
    (trace,) = traces(mirrored_territories(cohort_of(INFARCTS).summary(), measure), "bar")
    assert _bars(trace)["MCA-L"] == pytest.approx(-value)


def test_ticks_have_no_sign_and_are_alike_on_both_sides() -> None:
    axis = mirrored_territories(cohort_of(INFARCTS).summary(), "ml")["layout"]["xaxis"]
    assert axis["tickvals"] == [-value for value in reversed(axis["tickvals"])]
    assert axis["ticktext"] == list(reversed(axis["ticktext"]))
    assert "0" in axis["ticktext"]
    assert axis["range"][0] == -axis["range"][1] < -8 / 3


def test_groups_stand_side_by_side_in_their_colours() -> None:
    cohort = cohort_of(INFARCTS, arm=["new", "old", "old"])
    figure = checked(mirrored_territories(cohort.summary("arm"), "ml"))
    assert [trace["marker"]["color"] for trace in figure["data"]] == list(SERIES[:2])
    assert words(figure) == ["new (n = 1)", "old (n = 2)"]


def test_dots_are_shares_of_subjects() -> None:
    figure = checked(involvement_dots(cohort_of(INFARCTS).summary()))
    kinds = {
        trace["marker"]["symbol"]: dict(zip(trace["customdata"], trace["x"], strict=True))
        for trace in figure["data"]
        if trace["mode"] == "markers"
    }
    assert kinds["circle-open"]["ACA-L"] == pytest.approx(100 / 3)
    assert kinds["circle"]["ACA-L"] == pytest.approx(100 / 3)
    assert kinds["diamond"]["ACA-L"] == 0
    assert kinds["circle-open"]["outside atlas"] == pytest.approx(100 / 3)


def test_a_group_without_an_infarct_in_standard_space_is_drawn_as_nothing() -> None:
    cohort = cohort_of([{"MCA-L": 1}, None], arm=["new", "old"])
    for figure in (
        mirrored_territories(cohort.summary("arm"), "ml"),
        involvement_dots(cohort.summary("arm")),
    ):
        checked(figure)
        assert "old (n = 0)" in words(figure)


def test_more_groups_than_colours_are_a_sentence() -> None:
    cohort = cohort_of([{"MCA-L": 1}] * 5, arm=list("abcde"))
    for figure in (
        mirrored_territories(cohort.summary("arm"), "ml"),
        involvement_dots(cohort.summary("arm")),
    ):
        (said,) = words(figure)
        assert said.startswith("5 groups can't be told apart")
