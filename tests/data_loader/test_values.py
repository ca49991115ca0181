"""Cells as they stand in released clinical files."""

from typing import NamedTuple

import pytest

from data_loader.values import Value, is_top_coded, read_value
from data_loader.variables import dictionary, infer_variable


class Cell(NamedTuple):
    """A variable, what its cell says, the value that is read, and the problem's code."""

    name: str
    text: str
    value: Value
    code: str = ""


CELLS = [
    Cell("age", "71", 71.0),
    Cell("age", "71.6", 71.6),
    Cell("age", "89+", 89.0),
    Cell("age", ">=89", 89.0),
    Cell("age", "> 89", 89.0),
    Cell("age", "1e2", 100.0),
    Cell("age", "060Y", 60.0),
    Cell("age", "006M", 0.5),
    Cell("age", "060X", None, "value-unreadable"),
    Cell("age", "140", 140.0, "value-implausible"),
    Cell("age", "-1", -1.0, "value-implausible"),
    Cell("age", "seventy", None, "value-unreadable"),
    Cell("age", "71,5", None, "value-unreadable"),
    Cell("age", "1_0", None, "value-unreadable"),
    Cell("age", "inf", None, "value-unreadable"),
    Cell("age", "1e999", None, "value-unreadable"),
    Cell("bmi", "40+", None, "value-unreadable"),
    Cell("sex", "F", "F"),
    Cell("sex", "female", "F"),
    Cell("sex", "m", "M"),
    Cell("sex", "X", "X", "value-implausible"),
    Cell("center", "1", 1),
    Cell("center", "1.0", 1),
    Cell("center", "3", 3, "value-implausible"),
    Cell("center", "Munich", None, "value-unreadable"),
    Cell("hyperlipidemia", "0", 0),
    Cell("hyperlipidemia", "yes", 1),
    Cell("hyperlipidemia", "True", 1),
    Cell("hyperlipidemia", "2", 2, "value-implausible"),
    Cell("hyperlipidemia", "0.5", None, "value-unreadable"),
    Cell("nihss_admission", "15", 15),
    Cell("nihss_admission", "15.0", 15),
    Cell("nihss_admission", "15.5", None, "value-unreadable"),
    Cell("nihss_admission", "43", 43, "value-implausible"),
    Cell("nihss_admission", "9" * 30, None, "value-unreadable"),
    Cell("mrs_3_months", "6", 6),
    Cell("mrs_3_months", "7", 7, "value-implausible"),
    Cell("mrs_3_months", "-1", -1, "value-implausible"),
    Cell("tici", "2c", "2c"),
    Cell("tici", "2C", "2c"),
    Cell("tici", "3", "3"),
    Cell("tici", "mTICI 2b", "2b"),
    Cell("tici", "TICI 3", "3"),
    Cell("tici", "3.0", "3"),
    Cell("tici", "4", "4", "value-implausible"),
    Cell("onset_to_door_min", "01:30:00", 90.0),
    Cell("onset_to_door_min", "00:13:26.400000", 13.44),
    Cell("onset_to_door_min", "26:00:00", 1560.0),
    Cell("onset_to_door_min", "-00:10:00", -10.0, "value-implausible"),
    Cell("onset_to_door_min", "45", 45.0),
    Cell("onset_to_door_min", "1", 1.0),
    Cell("onset_to_door_min", "0", 0.0),
    Cell("onset_to_door_min", "0.0625", 90.0),
    Cell("onset_to_door_min", "0.0416666666666667", 60.0),
    Cell("onset_to_door_min", "-0.5", -720.0, "value-implausible"),
    Cell("onset_to_door_min", "1 day, 2:30:00", 1590.0),
    Cell("onset_to_door_min", "0 days 01:30:00.500000", 90 + 0.5 / 60),
    Cell("onset_to_door_min", "1900-01-01 02:30:00", 1590.0),
    Cell("onset_to_door_min", "01:75:00", None, "value-unreadable"),
    Cell("onset_to_door_min", "soon", None, "value-unreadable"),
    Cell("etiology", "2: Cardioembolism (e.g., atrial)", "2: Cardioembolism (e.g., atrial)"),
]


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.name}={cell.text[:20]}")
def test_cells(cell: Cell) -> None:
    value, code, sentence = read_value(dictionary()[cell.name], "The column", cell.text)
    assert value == pytest.approx(cell.value) if isinstance(value, float) else value == cell.value
    assert type(value) is type(cell.value)
    assert code == cell.code
    assert bool(sentence) == bool(code)
    assert not sentence or (sentence.startswith("The column is ") and sentence.endswith("."))


def test_a_sentence_says_what_is_expected() -> None:
    _, _, sentence = read_value(dictionary()["age"], "Age", "140")
    assert sentence == "Age is 140, outside 0 to 115 years."
    _, _, sentence = read_value(dictionary()["onset_to_door_min"], "Onset to door", "soon")
    assert sentence == "Onset to door is 'soon', where a duration is expected."
    _, _, sentence = read_value(dictionary()["diabetes"], "Diabetes", "2")
    assert sentence == "Diabetes is 2, not one of 0, 1."


@pytest.mark.parametrize("text", ["89+", "89 +", ">=89", ">89", "> 89.5"])
def test_bounds(text: str) -> None:
    assert is_top_coded(text)


@pytest.mark.parametrize("text", ["89", "+89", "89++", "<89", ""])
def test_no_bounds(text: str) -> None:
    assert not is_top_coded(text)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["0", "1", "1"], "binary"),
        (["0", "2"], "continuous"),
        (["1.5", "-2e3"], "continuous"),
        (["1", "one"], "categorical"),
        (["2024-01-01"], "categorical"),
        ([], "categorical"),
    ],
)
def test_an_unknown_column_is_described_by_its_values(values: list[str], kind: str) -> None:
    assert infer_variable("Some column", values).kind == kind
