"""ROC, calibration, decision curves: what is drawn is what was computed."""

import numpy as np
import pytest

from dashboard.figures.calibration import Calibration, PredictedGroup, calibration
from dashboard.figures.decision_curve import Benefit, decision_curve
from dashboard.figures.roc import Roc, roc
from dashboard.theme import SERIES
from tests.dashboard.drawn import checked, plain, traces, words

STEPS = np.array([0.0, 0.6, 1.0])
CURVE = Roc(
    "clinical",
    "AUC 0.77 (0.73 to 0.80)",
    STEPS,
    1 - STEPS**2,
    threshold=np.array([np.inf, 0.4, 0.1]),
)


def test_roc_curves_have_their_area_in_words_and_their_thresholds_under_the_pointer() -> None:
    banded = Roc("imaging", "AUC 0.80", STEPS, 1 - STEPS**2, STEPS * 0.9, STEPS)
    figure = checked(roc([CURVE, banded], event="good outcome"))
    lines = [trace for trace in figure["data"] if "hovertemplate" in trace]
    assert [line["line"]["color"] for line in lines] == list(SERIES[:2])
    assert lines[0]["x"] == pytest.approx([0, 0.36, 1])
    assert "clinical: AUC 0.77 (0.73 to 0.80)" in words(figure)[0]
    hover = [plain(one) for one in lines[0]["hovertemplate"]]
    assert "from a prediction" not in hover[0]
    assert hover[1].endswith("from a prediction of 0.400")
    assert sum("fill" in trace for trace in figure["data"]) == 1


def test_long_curves_are_thinned_to_their_ends() -> None:
    many = np.linspace(0, 1, 100_000)
    figure = roc([Roc("all", "AUC 0.50", many, 1 - many)], event="good outcome")
    x = figure["data"][-1]["x"]
    assert len(x) == 400
    assert (x[0], x[-1]) == (0, 1)


def test_calibration_shows_tenths_with_intervals_and_who_was_predicted_what() -> None:
    predictions = np.array([0.05, 0.05, 0.95, 0.95, 0.95])
    events = np.array([False, True, True, True, False])
    groups = [PredictedGroup(5, 0.3, 0.4, 0.1, 0.8)]
    found = Calibration(STEPS, STEPS, groups, predictions, events)
    figure = checked(calibration(found, event="good outcome", said=["slope 0.96 (0.85 to 1.07)"]))
    (points,) = (trace for trace in traces(figure, "scatter") if trace["mode"] == "markers")
    assert points["error_y"]["array"] == pytest.approx([0.4])
    assert points["error_y"]["arrayminus"] == pytest.approx([0.3])
    with_, without = traces(figure, "bar")
    assert (sum(with_["y"]), sum(without["y"])) == (3, -2)
    assert (max(with_["y"]), with_["y"][2]) == (2, 1)
    assert "slope 0.96 (0.85 to 1.07)" in words(figure)


def test_decision_curves_stand_beside_all_and_none() -> None:
    threshold, everyone = np.array([0.1, 0.5, 0.9]), np.array([0.3, -0.4, -6.0])
    model = Benefit("clinical", np.array([0.32, 0.1, 0.0]))
    figure = checked(
        decision_curve([model], threshold=threshold, treat_all=everyone, event="good outcome")
    )
    none, all_, line = figure["data"]
    assert none["y"] == [0, 0]
    assert (all_["x"], all_["y"]) == (pytest.approx([10, 50, 90]), everyone.tolist())
    assert line["y"] == pytest.approx([0.32, 0.1, 0])
    low, high = figure["layout"]["yaxis"]["range"]
    assert -0.1 < low < 0
    assert high > 0.32
    assert "acting for all 0.300" in plain(line["hovertemplate"][0])


def test_nothing_is_one_sentence() -> None:
    no, nobody = np.empty(0), np.empty(0, dtype=bool)
    drawn = [
        roc([], event="death"),
        calibration(Calibration(no, no, [], no, nobody), event="death"),
        decision_curve([], threshold=no, treat_all=no, event="death"),
    ]
    for figure in drawn:
        assert len(words(checked(figure))) == 1
        assert figure["data"] == []
