"""Rows as files: no spreadsheet runs a cell, no number loses a digit."""

import csv
import io
import json
import math

import pytest

from data_loader.rows import Rows, rows_as_csv, rows_as_json


def round_trip(value: object) -> str:
    text = rows_as_csv(Rows(["cell"], [{"cell": value}]))
    (_, (cell,)) = csv.reader(io.StringIO(text, newline=""))
    return cell


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        '=HYPERLINK("x")',
        "-",
        "+a",
    ],
)
def test_formulas_are_quoted(text: str) -> None:
    assert round_trip(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+5.5", "-1e-3", "-.5", "a=b", "1-2", "sub-1", "89+", ""])
def test_what_is_no_formula_stays(text: str) -> None:
    assert round_trip(text) == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (math.nan, ""),
        (0.1 + 0.2, "0.30000000000000004"),
        (222.12933349609375, "222.12933349609375"),
        (-0.5, "-0.5"),
        (2**60, "1152921504606846976"),
        (True, "True"),
        ('say "x", y', 'say "x", y'),
        ("two\nlines", "two\nlines"),
        ("Zürich ≥ 5 %", "Zürich ≥ 5 %"),
    ],
)
def test_values(value: object, cell: str) -> None:
    assert round_trip(value) == cell


def test_headers_are_cells_too() -> None:
    assert rows_as_csv(Rows(["=a", "b"], [])) == "'=a,b\r\n"


def test_json_is_not_rounded_and_blanks_are_null() -> None:
    rows = Rows(["a", "b"], [{"a": 0.1 + 0.2, "b": None}, {"a": math.nan, "b": "ü\n"}])
    text = rows_as_json(rows)
    assert json.loads(text) == [{"a": 0.30000000000000004, "b": None}, {"a": None, "b": "ü\n"}]
    assert len(text.splitlines()) == 4  # a line a row, between brackets


def test_no_rows() -> None:
    assert json.loads(rows_as_json(Rows(["a"], []))) == []
    assert rows_as_csv(Rows(["a", "b"], [])) == "a,b\r\n"
