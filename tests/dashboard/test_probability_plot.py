"""Predicted probabilities along a term: a panel a level, or all stacked to 100 %."""

import numpy as np
import pytest

from dashboard.figures.probability_plot import Probabilities, probability_panels, probability_stack
from dashboard.theme import MRS
from tests.dashboard.drawn import checked, plain, words

VALUE = np.array([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]])
ALONG = Probabilities(
    "Age (years)", [40.0, 80.0], ["0", "1", "6"], VALUE, VALUE - 0.1, VALUE + 0.1, "sex female"
)
BY_NAME = Probabilities("Sex", ["female", "male"], ["0", "1", "6"], VALUE, VALUE - 0.1, VALUE + 0.1)
NOTHING = Probabilities("Age", [], ["0"], np.empty((0, 1)), np.empty((0, 1)), np.empty((0, 1)))


def test_layers_add_up_to_everyone_in_the_colours_of_their_levels() -> None:
    figure = checked(probability_stack(ALONG, outcome="mRS"))
    assert np.sum([layer["y"] for layer in figure["data"]], axis=0) == pytest.approx([100, 100])
    assert [layer["fillcolor"] for layer in figure["data"]] == [MRS[0], MRS[1], MRS[6]]
    assert "Age (years) sex female" in words(figure)


def test_panels_share_their_scale_and_have_bands() -> None:
    figure = checked(probability_panels(ALONG, outcome="mRS"))
    bands = [trace for trace in figure["data"] if "fill" in trace]
    assert len(bands) == 3
    assert bands[0]["y"] == pytest.approx([40, 10, 30, 60])
    assert [figure["layout"][axis].get("matches") for axis in ("yaxis2", "yaxis3")] == ["y", "y"]
    assert figure["layout"]["yaxis"]["range"][1] >= 60
    hover = plain(figure["data"][1]["hovertemplate"][0])
    assert "50.0 % (40.0 to 60.0 %)" in hover


def test_names_get_points_and_bars() -> None:
    panels = checked(probability_panels(BY_NAME, outcome="mRS"))
    assert {trace["mode"] for trace in panels["data"]} == {"markers"}
    stack = checked(probability_stack(BY_NAME, outcome="mRS"))
    assert {trace["type"] for trace in stack["data"]} == {"bar"}
    assert plain(stack["data"][0]["text"][0]) == "50 %"


def test_nothing_to_predict_is_one_sentence() -> None:
    for draw in (probability_panels, probability_stack):
        assert words(checked(draw(NOTHING, outcome="mRS"))) == ["There are no predictions to draw."]
