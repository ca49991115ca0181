"""Who moves an estimate: named, clickable, and few enough to draw."""

import numpy as np
import pytest

from dashboard.figures.influence_plot import Pull, influence_plot
from tests.dashboard.drawn import checked, plain, words

CHANGE = np.array([0.01, -0.9, 0.02, 0.5, *[0.0] * 96])
PULL = Pull("Age", [("soop", f"sub-{n}") for n in range(100)], CHANGE)


def test_points_bear_their_subject_the_strongest_first() -> None:
    figure = checked(influence_plot([PULL]))
    points = figure["data"][-1]
    assert points["customdata"][:2] == [["soop", "sub-1"], ["soop", "sub-3"]]
    assert points["x"][:2] == [-0.9, 0.5]
    # One text for all points: plotly puts each one's dataset and subject into it.
    assert "%{customdata[1]} (%{customdata[0]})" in plain(points["hovertemplate"])
    assert [text for text in words(figure) if text.startswith("sub-")] == ["sub-1", "sub-3"]


def test_the_bound_is_two_over_the_root_of_n() -> None:
    figure = influence_plot([PULL])
    bounds = figure["data"][1]["x"]
    assert [bounds[0], bounds[3]] == pytest.approx([-0.2, 0.2])
    colors = figure["data"][-1]["marker"]["color"]
    assert colors[0] == colors[1] != colors[2]


def test_points_stay_in_the_strip_of_their_term() -> None:
    figure = checked(influence_plot([PULL, PULL]))
    for row, strip in enumerate(t for t in figure["data"] if "customdata" in t):
        assert all(abs(y - row) < 0.5 for y in strip["y"])
    assert figure["layout"]["yaxis"]["ticktext"] == ["Age", "Age"]


def test_of_many_subjects_those_that_move_most_are_drawn_and_said() -> None:
    change = np.linspace(-1, 1, 100_000)
    many = Pull("Age", [("made", str(n)) for n in range(len(change))], change)
    figure = checked(influence_plot([many]))
    assert len(figure["data"][-1]["x"]) == 300
    assert "the 300 that move it most" in words(figure)[-1]


def test_nobody_is_one_sentence() -> None:
    for pulls in ([], [Pull("Age", [], np.empty(0))]):
        assert words(checked(influence_plot(pulls))) == [
            "There is no estimate that a subject could move."
        ]
