"""Odds ratios at every cut beside the common one."""

import pytest

from analytics.outcome.effect import Effect
from dashboard.figures.cut_point_plot import CutEffects, cut_point_plot
from tests.dashboard.drawn import checked, traces, words

CUTS = ("0|1", "1|2", "2|3")
AGE = CutEffects(
    "Age", Effect(1.2, 1.1, 1.3), (Effect(1.1, 1.0, 1.2), Effect(None), Effect(1.4, 1.2, 1.6))
)
FREED = CutEffects("Sex", None, (Effect(0.9, 0.5, 1.6),) * 3)


def test_points_stand_at_their_cuts_on_the_band_of_the_common_ratio() -> None:
    figure = checked(cut_point_plot([AGE], cuts=CUTS, outcome="mRS"))
    points = figure["data"][-1]
    assert (points["x"], points["y"]) == ([0, 2], [1.1, 1.4])
    assert figure["layout"]["xaxis"]["ticktext"] == list(CUTS)
    (band,) = (trace for trace in traces(figure, "scatter") if "fill" in trace)
    assert (min(band["y"]), max(band["y"])) == (1.1, 1.3)
    assert any("common 1.20 (1.10 to 1.30)" in text for text in words(figure))


def test_each_term_has_a_panel_and_a_freed_one_no_band() -> None:
    figure = checked(cut_point_plot([AGE, FREED, AGE, AGE], cuts=CUTS, outcome="mRS"))
    panels = [trace["xaxis"] for trace in figure["data"] if trace["mode"] == "markers"]
    assert panels == ["x", "x2", "x3", "x4"]
    assert not any("fill" in trace and trace["xaxis"] == "x2" for trace in figure["data"])
    first, fourth = (figure["layout"][axis]["domain"] for axis in ("yaxis", "yaxis4"))
    assert fourth[1] < first[0]
    assert figure["layout"]["xaxis4"]["domain"] == figure["layout"]["xaxis"]["domain"]
    assert fourth[0] == pytest.approx(0)


def test_no_cut_is_one_sentence() -> None:
    nothing = CutEffects("Age", Effect(1.2), (Effect(None),))
    for terms in ([], [nothing]):
        assert len(words(checked(cut_point_plot(terms, cuts=CUTS, outcome="mRS")))) == 1
