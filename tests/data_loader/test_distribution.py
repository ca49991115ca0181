"""Charts: every bar counts whom its filter selects, whatever the column holds."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from data_loader.cohort import EVERYONE, Cohort
from data_loader.distribution import MOST_LEVELS, Scale, lay_scale
from data_loader.index import Index
from data_loader.variables import Variable, dictionary
from tests.data_loader.cohorts import column_index

VOLUME, LARGEST = dictionary()["volume_ml"], dictionary()["largest_ml"]


def assert_bars_count_whom_they_select(index: Index, name: str) -> Scale:
    """Each bar, and each blank beside them, holds just the subjects that a click on it selects."""
    scale = index.scale(name)
    counts = scale.count()
    assert sum(counts.bars) + counts.outside + counts.missing + counts.not_applicable == index.size
    for bar, n in zip(scale.bars, counts.bars, strict=True):
        chosen = EVERYONE.with_filter(name, bar.expression, index.variables)
        members = scale.codes[index.members(chosen)]
        assert len(members) == n, bar
        assert (members == scale.bars.index(bar)).all(), bar
    for text, n in (("missing", counts.missing), ("not-applicable", counts.not_applicable)):
        assert index.count(EVERYONE.with_filter(name, text, index.variables)) == n
    return scale


def test_every_variable_of_the_real_cohort(soop: Index) -> None:
    for name in soop.variables:
        scale = assert_bars_count_whom_they_select(soop, name)
        assert len(scale.bars) <= 45, name


def test_bars_of_a_cohort_are_its_own(soop: Index) -> None:
    women, _ = Cohort.parse("sex=F", soop.variables)
    members = soop.members(women)
    for name in soop.variables:
        counts = soop.scale(name).count(members)
        assert counts.known + counts.missing + counts.not_applicable == soop.count(women)


AWKWARD: dict[str, Sequence[str]] = {
    "constant": ["5"] * 5,
    "constant zero": ["0.0", "0", "0"],
    "constant negative": ["-3.5", "-3.5"],
    "one value": ["2.25", "n/a", "n/a"],
    "negative": ["-10", "-5.5", "-0.1", "3"],
    "tiny": ["1e-9", "2e-9", "5e-9"],
    "huge": ["1e12", "3e12", "2.5e12"],
    "huge and close": ["1000000000001", "1000000000002", "1000000000004"],
    "far apart": ["-1e-300", "1e300", "7"],
    "edges": ["0", "10", "20", "30", "40", "50", "60", "70", "80", "90", "100"],
    "binary fractions": ["0.1", "0.2", "0.3", "0.30000000000000004", "0.7", "0.15"],
    "thirds": ["0.333333333333", "0.666666666666", "1"],
    "flag": ["0", "1", "1", "n/a"],
    "text": ["a", "b, c", 'd "e"', "f,", '"', "n/a"],
    "reserved words": ["missing", "not-applicable", "=missing", "Missing", "=", "=="],
    "operators": [">=5", "60..80", "<3", "..", "=a", ">"],
    "signs": ["a&b=c", "%20", "+", "#", "?", "é/ü;x"],
    "lines": ["a\nb", "c\r\nd", "e\tf", "x"],
    "spaces": ["a b", "a  b", "a\u00a0b", "a b c"],
    "cases": ["yes", "Yes", "YES", "no"],
    "many levels": [f"level {n}" for n in range(20)],
    "numbers and text": ["1", "01", "1.0", "one"],
}


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_columns(tmp_path: Path, name: str) -> None:
    index = column_index(tmp_path, {"x value": AWKWARD[name]})
    scale = assert_bars_count_whom_they_select(index, "x_value")
    known = sum(cell != "n/a" for cell in AWKWARD[name])
    assert scale.count().known == known
    assert 1 <= len(scale.bars) <= 30
    assert len({bar.label for bar in scale.bars}) == len(scale.bars)


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("Age", ["0", "115", "114.9", "116", "-3", "119"]),
        ("Age", ["117", "-1"]),
        ("NIHSS 24h", ["0", "42", "43", "41", "-1", "44"]),
        ("mRS 24h", ["0", "6", "7", "-1", "3"]),
        ("CRP", ["0", "60", "60.5", "0.001"]),
        ("Sex", ["F", "M", "X", "female", "m"]),
        ("Hyperlipidemia", ["0", "1", "2", "yes"]),
        ("Center", ["1", "2", "3"]),
        ("TICI", ["0", "2b", "3", "5"]),
        ("Onset to door", ["00:00:00", "48:00:00", "49:00:00", "-00:10:00"]),
    ],
)
def test_implausible_values_are_in_no_bar(
    tmp_path: Path, column: str, cells: Sequence[str]
) -> None:
    index = column_index(tmp_path, {column: cells})
    (name,) = (v.name for v in index.variables.values() if column in v.aliases)
    assert_bars_count_whom_they_select(index, name)


def test_a_bar_reaches_no_implausible_value() -> None:
    scale = scale_of([-3.0, 0.0, 420.0, 499.0, 550.0], VOLUME)
    assert (scale.count().outside, sum(scale.count().bars)) == (2, 3)
    assert (scale.bars[0].expression, scale.bars[-1].expression) == ("0", "400..500")


def scale_of(values: Sequence[float | None], variable: Variable) -> Scale:
    masked = np.ma.masked_array(
        [0 if value is None else value for value in values], [value is None for value in values]
    )
    return lay_scale(variable, masked, np.zeros(len(values), dtype=np.bool_))


@pytest.mark.parametrize("variable", [VOLUME, LARGEST], ids=lambda variable: str(variable.name))
def test_zero_has_a_bar_of_its_own_before_a_log_axis(variable: Variable) -> None:
    scale = scale_of([0.0, 0.001, 0.001, 12.0, 318.0, None], variable)
    counts = scale.count()
    assert (scale.bars[0].label, counts.bars[0]) == ("0", 1)
    assert (sum(counts.bars), counts.missing, counts.outside) == (5, 1, 0)
    ratios = [bar.high / bar.low for bar in scale.bars if bar.low and bar.high]
    assert max(ratios) / min(ratios) < 1.1


@pytest.mark.parametrize(
    "values",
    [[0.0, 0.0], [0.0], [5.0], [1e-6, 500.0], [0.0, 1e-12], [100.0, 100.0], [1.0, 10.0, 100.0], []],
)
def test_log_axes_hold_every_value(values: list[float]) -> None:
    scale = scale_of(values, VOLUME)
    assert sum(scale.count().bars) == len(values)
    for low, high in zip(scale.bars[1:-1], scale.bars[2:], strict=True):
        assert low.high == high.low


def test_bins_lie_edge_to_edge_on_round_numbers() -> None:
    scale = scale_of([40.0, 55.5, 89.0], dictionary()["age"])
    assert [bar.low for bar in scale.bars[1:]] == [bar.high for bar in scale.bars[:-1]]
    assert scale.bars[0].label == "40 to < 42"
    assert scale.bars[-1].label == "88 to 90"
    assert scale.is_binned


def test_whole_numbers_are_whole_on_the_axis() -> None:
    scale = scale_of([0, 3, 12], dictionary()["nihss_admission"])
    assert [bar.label for bar in scale.bars] == [str(n) for n in range(13)]
    scale = scale_of([1, 84], dictionary()["components_26"])
    assert scale.bars[0].label == "0 to 4"
    assert scale.bars[0].expression == "0..4"


@pytest.mark.parametrize("values", [[1, 1], [2, 2, 2], [1, 2], [1, 3], [0, 0]])
def test_few_whole_numbers_have_whole_bars(values: list[float]) -> None:
    scale = scale_of(values, dictionary()["components_26"])
    assert all(bar.low is not None and bar.low.is_integer() for bar in scale.bars)
    assert sum(scale.count().bars) == len(values)


def test_few_ordered_numbers_are_levels() -> None:
    scale = scale_of([0, 6, 9, None], dictionary()["mrs_3_months"])
    assert [bar.label for bar in scale.bars] == list("0123456")
    counts = scale.count()
    assert (counts.bars, counts.outside, counts.missing) == ((1, 0, 0, 0, 0, 0, 1), 1, 1)


def test_rare_levels_have_no_bar_and_are_counted(tmp_path: Path) -> None:
    cells = [f"site {n}" for n in range(20) for _ in range(20 - n)]
    index = column_index(tmp_path, {"site": cells})
    scale = index.scale("site")
    assert [bar.label for bar in scale.bars] == [f"site {n}" for n in range(MOST_LEVELS)]
    assert scale.rare_levels == 20 - MOST_LEVELS
    assert scale.count().outside == sum(20 - n for n in range(MOST_LEVELS, 20))


def test_brushing_selects_the_bins_under_the_brush(soop: Index) -> None:
    scale = soop.scale("age")
    counts = scale.count().bars
    text = scale.expression_between(60.5, 79.5)
    assert text is not None
    within = [
        n
        for bar, n in zip(scale.bars, counts, strict=True)
        if bar.low is not None and bar.high is not None and 60.5 <= (bar.low + bar.high) / 2 <= 79.5
    ]
    assert soop.count(EVERYONE.with_filter("age", text, soop.variables)) == sum(within)
    assert scale.expression_between(300, 400) is None


def test_brushing_everything_selects_every_bar(soop: Index) -> None:
    for name in soop.variables:
        scale = soop.scale(name)
        text = scale.expression_between(-1e9, 1e9)
        if scale.bars:
            assert text is not None
            chosen = EVERYONE.with_filter(name, text, soop.variables)
            assert soop.count(chosen) == sum(scale.count().bars), name
