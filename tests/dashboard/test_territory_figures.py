"""Figures of territories: which side bars point to, and where dots lie."""

from typing import Any

import pytest

from dashboard.figures.territories import involvement_bars, measure_of, mirrored_territories
from dashboard.theme import SERIES
from data_loader.errors import AnalysisError
from tests.analytics.territory_rows import cohort_of
from tests.dashboard.drawn import checked, traces, words

INFARCTS = ({"MCA-L": 8, "ACA-L": 2}, {"MCA-R": 3, "outside atlas": 1}, {"PCA-R": 6})


def _bars(trace: dict[str, Any]) -> dict[str, float]:
    """Label of a region to the length of its bar."""
    return dict(zip(map(_label, trace["customdata"]), trace["x"], strict=True))


def _label(query: str) -> str:
    return query.partition("=")[2].partition(":")[0]


def test_the_left_points_to_the_left_and_the_right_to_the_right() -> None:
    figure = checked(mirrored_territories(cohort_of(INFARCTS).summary(), "ml"))
    (trace,) = traces(figure, "bar")
    bars = _bars(trace)
    assert bars["MCA-L"] == pytest.approx(-8 / 3)
    assert bars["MCA-R"] == pytest.approx(1)
    assert bars["PCA-R"] == pytest.approx(2)
    places = dict(zip(_bars(trace), trace["y"], strict=True))
    assert places["MCA-L"] == places["MCA-R"]
    names = figure["layout"]["yaxis"]["ticktext"]
    assert names == ["ACA", "MCA", "PCA", "VB", "ventricle", "outside atlas"]


def test_what_has_no_side_lies_across_the_middle() -> None:
    figure = mirrored_territories(cohort_of(INFARCTS).summary(), "ml")
    (trace,) = traces(figure, "bar")
    place = list(_bars(trace)).index("outside atlas")
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


def test_bars_within_one_another_are_shares_of_subjects() -> None:
    figure = checked(involvement_bars(cohort_of(INFARCTS).summary()))
    some, tenth, most = map(_bars, traces(figure, "bar"))
    assert some["ACA-L"] == tenth["ACA-L"] == pytest.approx(-100 / 3)
    assert most["ACA-L"] == 0
    assert some["MCA-R"] == most["MCA-R"] == pytest.approx(100 / 3)
    assert some["outside atlas"] == pytest.approx(100 / 3)
    thick = [trace["width"] for trace in figure["data"]]
    assert thick == sorted(thick, reverse=True)
    assert words(figure) == ["all (n = 3)", "any", "at least 10 %", "most of the infarct"]


def test_a_bar_bears_the_query_for_its_subjects() -> None:
    summary = cohort_of(INFARCTS).summary()
    some, tenth, most = (trace["customdata"] for trace in involvement_bars(summary)["data"])
    place = [found.region.label for found in summary.groups[0].regions].index("MCA-L")
    assert some[place] == "lesion_in=MCA-L"
    assert tenth[place] == "lesion_in=MCA-L:10%"
    assert most[place] == "dominant_territory=MCA-L"
    (bars,) = mirrored_territories(summary, "ml")["data"]
    assert bars["customdata"] == some


def test_what_bars_cannot_show_is_one_sentence() -> None:
    assert measure_of("") == "ml"
    assert measure_of("involved") == "involved"
    with pytest.raises(AnalysisError, match="“cups” is nothing that bars show"):
        measure_of("cups")


def test_a_group_without_an_infarct_in_standard_space_is_drawn_as_nothing() -> None:
    cohort = cohort_of([{"MCA-L": 1}, None], arm=["new", "old"])
    for figure in (
        mirrored_territories(cohort.summary("arm"), "ml"),
        involvement_bars(cohort.summary("arm")),
    ):
        checked(figure)
        assert "old (n = 0)" in words(figure)


def test_more_groups_than_colours_are_a_sentence() -> None:
    cohort = cohort_of([{"MCA-L": 1}] * 5, arm=list("abcde"))
    for figure in (
        mirrored_territories(cohort.summary("arm"), "ml"),
        involvement_bars(cohort.summary("arm")),
    ):
        (said,) = words(figure)
        assert said.startswith("5 groups can't be told apart")
