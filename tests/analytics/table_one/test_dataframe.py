"""A plain table of pandas as values of a cohort."""

import keyword

import numpy as np
import pandas as pd
import pytest

from analytics.table_one import Choices, as_frame, table_one
from data_loader.errors import AnalysisError
from data_loader.variables import Variable


def test_kinds_are_inferred() -> None:
    table = pd.DataFrame(
        {
            "number": [1.5, None, 3],
            "whole": pd.array([1, None, 3], dtype="Int64"),
            "flag": [True, False, None],
            "code": [0, 1, 1],
            "text": ["a", None, "b"],
            "scale": pd.Categorical(["low", "high", None], ["low", "high"], ordered=True),
            "grade": pd.Categorical([2, 0, 1], ordered=True),
            "set": pd.Categorical(["b", "a", "b"], ["b", "a"]),
            "nothing": [None] * 3,
        }
    )
    frame = as_frame(table)
    kinds = {name: variable.kind for name, variable in frame.variables.items()}
    assert kinds == {
        "number": "continuous",
        "whole": "continuous",
        "flag": "binary",
        "code": "binary",
        "text": "categorical",
        "scale": "ordinal",
        "grade": "ordinal",
        "set": "categorical",
        "nothing": "continuous",
    }
    assert list(frame.variables["set"].levels) == ["b", "a"]
    np.testing.assert_array_equal(frame.values["whole"], [1, np.nan, 3])
    assert frame.values["text"].tolist() == ["a", None, "b"]
    rows = {row.variable.name: row for row in table_one(frame).rows}
    assert [level.code for level in rows["set"].levels] == ["b", "a"]
    assert rows["grade"].summary == "median"


def test_columns_may_be_called_anything() -> None:
    names = [*keyword.kwlist, "dataset", "subject", "a b", "=1+1", "\\textbf", ""]
    table = pd.DataFrame({name: [1.5, 2.5, 3.5, 4.5] for name in names})
    table["group"] = ["x", "x", "y", "y"]
    rows = table_one(as_frame(table), Choices(by=("group",))).rows
    assert [row.variable.name for row in rows] == names


def test_what_a_variable_says_wins() -> None:
    score = Variable("code", "Score", "ordinal", "baseline", "Scores", plausible=(0, 1))
    frame = as_frame(pd.DataFrame({"code": [0, 1, 1]}), [score])
    assert frame.variables["code"] is score


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "Two columns are called “a”"),
        (pd.DataFrame({"a": pd.to_datetime(["2024-01-01"])}), "a holds dates"),
        (pd.DataFrame({"a": [1.0, np.inf]}), "a holds infinite values"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(table: pd.DataFrame, says: str) -> None:
    with pytest.raises(AnalysisError, match=says):
        as_frame(table)
    number = Variable("a", "A", "continuous", "baseline", "")
    with pytest.raises(AnalysisError, match="A holds text where numbers are expected"):
        as_frame(pd.DataFrame({"a": ["x"]}), [number])
