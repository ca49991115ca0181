"""Forest plots: where effects lie, what stands beside them, and what is cut off."""

import math

import pytest

from analytics.outcome.effect import Effect
from dashboard.figures.effect_axis import EffectAxis, effect_text
from dashboard.figures.forest import ForestRow, forest
from tests.dashboard.drawn import checked, traces, words

ROWS = (
    ForestRow("Age, per 10 years", (Effect(1.24, 1.09, 1.41), Effect(1.31, 1.16, 1.47)), 738),
    ForestRow("Sex"),
    ForestRow("male against female", (Effect(0.3, 0.001, 88.0), None), 738),
    ForestRow("Diabetes", (Effect(None, note="separated"), Effect(2.0)), 702),
)
KINDS = ("Adjusted", "Unadjusted")


def test_effects_lie_side_by_side_with_their_numbers() -> None:
    figure = checked(forest(ROWS, kinds=KINDS, title="Odds ratio"))
    adjusted, unadjusted = (trace for trace in figure["data"] if trace.get("name") in KINDS)
    assert (adjusted["x"], unadjusted["x"]) == ([1.24, 0.3], [1.31, 2.0])
    assert adjusted["y"][0] < 0 < unadjusted["y"][0]
    assert adjusted["error_x"]["array"][0] == pytest.approx(0.17)
    said = words(figure)
    for text in ("1.24 (1.09 to 1.41)", "1.31 (1.16 to 1.47)", "not defined", "2.00", "738"):
        assert text in said


def test_headings_are_bold_and_have_no_effect() -> None:
    names = forest(ROWS, kinds=KINDS, title="")["layout"]["yaxis"]["ticktext"]
    assert names[:2] == ["Age, per 10 years", "<b>Sex</b>"]


def test_the_axis_is_logarithmic_and_holds_1() -> None:
    axis = forest(ROWS, kinds=KINDS, title="Odds ratio")["layout"]["xaxis"]
    low, high = axis["range"]
    assert axis["type"] == "log"
    assert low < 0 < high
    assert 1 in axis["tickvals"]


def test_an_interval_beyond_the_axis_ends_in_arrows() -> None:
    figure = forest(ROWS, kinds=KINDS, title="")
    (arrows,) = (
        t for t in traces(figure, "scatter") if isinstance(t.get("marker", {}).get("symbol"), list)
    )
    assert arrows["marker"]["symbol"] == ["triangle-left", "triangle-right"]
    ends = [10**end for end in figure["layout"]["xaxis"]["range"]]
    assert arrows["x"] == pytest.approx(ends)


def test_differences_are_held_against_0() -> None:
    rows = [ForestRow("Age", (Effect(0.24, -0.09, 1.41),))]
    figure = checked(forest(rows, kinds=["Adjusted"], title="Points", is_ratio=False))
    assert "type" not in figure["layout"]["xaxis"]
    assert figure["data"][0]["x"] == [0, 0]
    assert "0.24 (\u22120.09 to 1.41)" in words(figure)


def test_no_estimate_is_one_sentence() -> None:
    for rows in ((), ROWS[1:2], [ForestRow("Sex", (Effect(None),))]):
        assert words(checked(forest(rows, kinds=KINDS, title=""))) == [
            "There is no estimate to draw."
        ]


@pytest.mark.parametrize(
    ("effect", "text"),
    [
        (Effect(1.66227, 1.21406, 2.27993), "1.66 (1.21 to 2.28)"),
        (Effect(1.0042, 1.0012, 1.0071), "1.004 (1.001 to 1.007)"),
        (Effect(1.00042, 1.00012, 1.00071), "1.0004 (1.0001 to 1.0007)"),
        (Effect(0.3, 0.0012, 88.04), "0.30 (0.001 to 88.0)"),
        (Effect(12.4, 3.21, 1234.5), "12.4 (3.21 to 1,234)"),
        (Effect(0.8), "0.80"),
        (None, ""),
    ],
)
def test_ratios_have_as_many_digits_as_say_something(effect: Effect | None, text: str) -> None:
    assert effect_text(effect, is_ratio=True) == text


@pytest.mark.parametrize(("low", "high"), [(0.999, 1.01), (0.7, 1.6), (0.05, 30), (1e-4, 1e5)])
def test_marks_of_a_ratio_axis_are_few_and_round(low: float, high: float) -> None:
    axis = EffectAxis(low, high, is_ratio=True)
    marks = axis.ticks()
    assert 3 <= len(marks) <= 10
    assert 1 in marks
    assert all(low <= mark <= high for mark in marks)
    assert all(len(f"{mark:.10g}".strip("0.")) <= 5 for mark in marks)
    assert axis.layout("")["range"] == [math.log10(low), math.log10(high)]
