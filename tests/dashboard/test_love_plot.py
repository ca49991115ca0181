"""The love plot says at a glance whether columns are alike."""

from typing import Any

import pytest

from analytics.table_one.alike import Balance
from dashboard.figures.love_plot import love_plot
from data_loader.variables import dictionary
from tests.dashboard.drawn import checked, plain, words


def balance(name: str, smd: float, low: float | None, high: float | None) -> Balance:
    chance = None if low is None else 0.25
    return Balance(dictionary()[name], smd, low, high, chance, ("train", "test"))


@pytest.fixture
def figure() -> dict[str, Any]:
    found = [
        balance("age", -0.4, -0.6, -0.2),
        balance("sex", 0.12, -0.1, 0.34),
        balance("inr", 0.05, None, None),
    ]
    return checked(love_plot(found))


def test_points_are_sizes_the_largest_on_top_with_the_line_at_a_tenth(
    figure: dict[str, Any],
) -> None:
    points = figure["data"][1]
    assert points["x"] == [0.4, 0.12, 0.05]
    assert points["marker"]["symbol"] == ["circle", "circle", "circle-open"]
    assert figure["layout"]["yaxis"]["ticktext"] == ["Age", "Sex", "INR"]
    assert figure["layout"]["yaxis"]["range"] == [2.5, -0.5]  # downwards
    (line,) = figure["layout"]["shapes"]
    assert (line["x0"], line["x1"]) == (0.1, 0.1)


def test_intervals_lose_their_sign_as_the_points_do(figure: dict[str, Any]) -> None:
    bars = figure["data"][1]["error_x"]
    assert bars["array"] == pytest.approx([0.2, 0.22, 0])  # to 0.6, to 0.34, none
    assert bars["arrayminus"] == pytest.approx([0.2, 0.12, 0])  # from 0.2, from 0


def test_what_chance_gives_is_marked_and_explained(figure: dict[str, Any]) -> None:
    assert figure["data"][0]["x"] == [0.25, 0.25, None]
    assert "95 of 100 draws" in figure["layout"]["xaxis"]["title"]["text"]
    assert "95 % interval" in figure["layout"]["xaxis"]["title"]["text"]
    alone = checked(love_plot([balance("inr", 0.05, None, None)]))
    assert alone["layout"]["xaxis"]["title"]["text"] == "Standardised mean difference, without sign"


def test_a_point_names_its_variable_and_says_its_numbers(figure: dict[str, Any]) -> None:
    points = figure["data"][1]
    assert points["customdata"] == ["age", "sex", "inr"]
    said = plain(points["text"][0])
    assert said == "Age train minus test: -0.400 (-0.60 to -0.20) by chance below 0.25"


def test_nothing_to_draw_is_said() -> None:
    assert words(checked(love_plot([]))) == ["There is no standardised difference to draw."]
