"""Frames as they come: blanks of two kinds, columns without values, cohorts that overlap."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.table_one import Choices, as_frame, table_one, table_one_of_two
from analytics.table_one.result import TableOne, VariableRow
from data_loader.cohort import EVERYONE, Cohort
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.index import Index
from data_loader.variables import Variable

SPLIT = Variable(
    "split", "Split", "categorical", "design", "", levels={"train": "train", "test": "test"}
)


def frame_of(columns: dict[str, Any], *variables: Variable) -> CohortFrame:
    return as_frame(pd.DataFrame(columns), (SPLIT, *variables))


def by_split(columns: dict[str, Any], *variables: Variable, **choices: Any) -> TableOne:
    return table_one(frame_of(columns, *variables), Choices(by=("split",), **choices))


def only(table: TableOne) -> VariableRow:
    (row,) = table.rows
    return row


SIX = ["train", "train", "train", "test", "test", "test"]


def test_columns_are_the_levels_in_the_order_of_the_dictionary_with_n_and_all() -> None:
    table = by_split({"split": SIX, "age": [1.0, 2, 3, 4, 5, 6]})
    assert [(c.key, c.n) for c in table.columns] == [("train", 3), ("test", 3), ("overall", 6)]
    alone = by_split({"split": SIX, "age": range(6)}, overall=False)
    assert [column.key for column in alone.columns] == ["train", "test"]


def test_levels_are_crossed_and_empty_crossings_left_out() -> None:
    columns = {"split": SIX, "center": ["x", "y", "y", "x", "x", "x"], "age": range(6)}
    table = table_one(frame_of(columns), Choices(by=("split", "center")))
    found = [(c.key, c.spanner, c.label, c.n) for c in table.groups]
    assert found == [
        ("train,x", "train", "x", 1),
        ("train,y", "train", "y", 2),
        ("test,x", "test", "x", 3),
    ]


def test_columns_of_flags_and_scores_say_what_they_are_of() -> None:
    flag = Variable("flag", "Prior stroke", "binary", "baseline", "")
    table = table_one(
        frame_of({"split": SIX, "flag": [0, 1, 0, 1, 1, 0], "age": range(6)}, flag),
        Choices(by=("flag",), variables=("age",)),
    )
    assert [(c.spanner, c.label) for c in table.groups] == [
        ("Prior stroke", "no"),
        ("Prior stroke", "yes"),
    ]
    assert table.groups[1].full_label == "Prior stroke: yes"


def test_who_has_no_group_is_in_no_column_nor_in_that_of_all() -> None:
    table = by_split({"split": [*SIX[:-1], None], "age": [1.0, 2, 3, 4, 5, 600]})
    assert table.columns[-1].n == table.provenance.n == 5
    assert table.notes == ("1 subject without a known split is left out.",)
    numbers = only(table).numbers[-1]
    assert numbers is not None
    assert numbers.max == 5


def test_missing_values_are_in_no_percentage_and_structural_ones_are_no_missing() -> None:
    frame = frame_of({"split": SIX, "flag": [1.0, 0, None, 1, None, None]})
    structural = np.array([False, False, False, False, True, False])
    frame = replace(frame, structural={**frame.structural, "flag": structural})
    row = only(table_one(frame, Choices(by=("split",))))
    told = [(known.n, known.missing, known.structural) for known in row.known]
    assert told == [(2, 1, 0), (1, 1, 1), (3, 2, 1)]
    assert [share.percent for share in row.levels[1].shares] == [
        50.0,
        100.0,
        pytest.approx(66.666666667),
    ]


def test_a_flag_that_nobody_has_is_counted() -> None:
    flag = Variable("flag", "Flag", "binary", "baseline", "")
    row = only(by_split({"split": SIX, "flag": [0.0] * 6}, flag))
    assert [share.count for share in row.levels[1].shares] == [0, 0, 0]
    assert row.comparison is not None
    assert row.comparison.reason == "all known values are the same"


UNTESTABLE = {
    "all missing": ([None] * 6, "fewer than two columns have known values"),
    "missing in one": ([1.0, 2, 3, None, None, None], "fewer than two columns have known values"),
    "constant": ([5.0] * 6, "the values do not vary within the columns"),
    "two constants": ([5.0] * 3 + [6.0] * 3, "the values do not vary within the columns"),
    "single value": ([5.0, None, None, 1, 2, 3], "a column has a single known value"),
}


@pytest.mark.parametrize("name", UNTESTABLE)
def test_where_no_test_can_be_made_it_is_said_why(name: str) -> None:
    values, reason = UNTESTABLE[name]
    age = Variable("age", "Age", "continuous", "baseline", "")
    row = only(by_split({"split": SIX, "age": values}, age))
    assert row.comparison is not None
    assert (row.comparison.test, row.comparison.p) == (None, None)
    assert row.comparison.reason == reason
    assert row.smd is not None
    assert row.smd.value is None
    assert row.smd.reason


def test_a_test_leaves_out_columns_without_values_and_names_the_others() -> None:
    columns = {
        "group": ["a", "b", "c"] * 4,
        "age": [1.0, 2, None, 2, 4, None, 3, 1, None, 5, 5, None],
    }
    table = table_one(as_frame(pd.DataFrame(columns)), Choices(by=("group",)))
    comparison = only(table).comparison
    assert comparison is not None
    assert (comparison.test, comparison.columns) == ("Welch t-test", (0, 1))


def test_one_group_is_described_and_not_compared() -> None:
    row = only(by_split({"split": ["train"] * 6, "age": range(6)}))
    assert (row.comparison, row.smds, row.difference) == (None, (), None)
    table = table_one(frame_of({"age": range(6)}), Choices())
    assert [(column.key, column.n) for column in table.columns] == [("overall", 6)]


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        (Choices(by=("age",)), "age has no levels to group by"),
        (Choices(by=("hat",)), "“hat” is no variable that can group"),
        (Choices(variables=("hat",)), "“hat” is no variable here"),
        (
            Choices(by=("split",), tests={"kind": "welch"}),
            "kind can't be compared by welch; it needs numbers",
        ),
        (Choices(by=("split",), tests={"kind": "rank"}), "it needs an order"),
        (Choices(by=("split",), tests={"age": "fisher"}), "it needs levels"),
        (
            Choices(by=("many",), tests={"age": "trend"}),
            "many would make 25 columns; at most 24 fit",
        ),
        (Choices(by=("kind",), tests={"flag": "trend"}), "two columns and levels in order"),
        (Choices(summaries={"hat": "mean"}), "“hat” is no row; nothing can be chosen for it"),
        (Choices(by=("nobody",)), "No subject has a known nobody."),
    ],
)
def test_what_cannot_be_made_is_one_sentence(choices: Choices, says: str) -> None:
    nobody = Variable("nobody", "Nobody", "categorical", "baseline", "")
    columns = {
        "split": (SIX * 5)[:25],
        "age": np.arange(25) / 3,
        "kind": list("abcde") * 5,
        "flag": [0, 1, 0, 0, 1] * 5,
        "many": list("abcdefghijklmnopqrstuvwxy"),
        "nobody": [None] * 25,
    }
    with pytest.raises(AnalysisError, match=says):
        table_one(frame_of(columns, nobody), choices)


def test_a_test_for_all_is_made_where_it_can_be() -> None:
    columns = {"split": SIX * 8, "age": np.arange(48) / 3, "kind": list("abc") * 16}
    ranked = by_split(columns, tests={"all": "rank"})
    assert [row.comparison and row.comparison.test for row in ranked.rows] == [
        "Wilcoxon rank-sum test",
        "Pearson chi-squared test",
    ]
    untested = by_split(columns, tests={"all": "none", "kind": "fisher"})
    assert [row.comparison and row.comparison.test for row in untested.rows] == [
        None,
        "Fisher-Freeman-Halton exact test",
    ]


def test_an_empty_cohort_is_one_sentence() -> None:
    with pytest.raises(AnalysisError, match="The cohort has no subjects; widen it"):
        table_one(frame_of({"age": []}))


def cohorts(index: Index, first: str, second: str) -> TableOne:
    one, other = (Cohort.parse(query, index.variables)[0] for query in (first, second))
    frames = [index.frame(cohort, ["age", "sex"]) for cohort in (one, other)]
    return table_one_of_two(frames[0], frames[1], labels=("first", "second"))


def test_two_cohorts_that_share_no_one_are_compared_as_groups_are(soop: Index) -> None:
    apart = cohorts(soop, "sex=F", "sex=M").rows[0]
    frame = soop.frame(EVERYONE, ["age", "sex"])
    grouped = table_one(frame, Choices(by=("sex",), variables=("age",))).rows[0]
    assert (apart.comparison, apart.smds) == (grouped.comparison, grouped.smds)
    assert apart.numbers == grouped.numbers


def test_two_cohorts_that_overlap_have_no_tests_and_all_counts_each_once(soop: Index) -> None:
    table = cohorts(soop, "sex=F", "age=>=70")
    rows = soop.subjects(EVERYONE, columns=["sex", "age"])
    first = {r["subject"] for r in rows if r["sex"] == "F"}
    second = {r["subject"] for r in rows if (r["age"] or 0) >= 70}
    assert [column.n for column in table.columns] == [len(first), len(second), len(first | second)]
    assert table.shared == len(first & second) > 0
    for row in table.rows:
        assert row.comparison is not None
        assert row.comparison.reason == "the two cohorts share subjects"
        assert row.smd is not None
        assert (row.smd.low, row.smd.high, row.difference) == (None, None, None)
    assert table.rows[0].smd is not None
    assert table.rows[0].smd.value is not None


def test_cohorts_are_columns_and_need_subjects(soop: Index) -> None:
    frame = soop.frame(EVERYONE, ["age", "sex"])
    with pytest.raises(AnalysisError, match="leave out what groups them"):
        table_one_of_two(frame, frame, Choices(by=("sex",)), labels=("a", "b"))
    nobody = soop.frame(Cohort.parse("age=>=200", soop.variables)[0], ["age", "sex"])
    with pytest.raises(AnalysisError, match="One of the two cohorts has no subjects"):
        table_one_of_two(frame, nobody, labels=("a", "b"))


KEYS = [
    "variable",
    "level",
    "column",
    "n",
    "missing",
    "value",
    "test",
    "p",
    "smd",
    "smd_low",
    "smd_high",
]


def test_json_has_its_keys_and_null_where_there_is_no_number() -> None:
    columns = {
        "split": SIX,
        "age": [1.0, None, None, 4, 5, 6],
        "kind": list("aabbcc"),
        "gone": [None] * 6,
    }
    text = by_split(columns).as_json()
    assert "NaN" not in text
    document = json.loads(text)
    assert [column["column"] for column in document["columns"]] == ["train", "test", "overall"]
    for row in document["rows"]:
        assert set(KEYS) <= row.keys()
    age = document["rows"][0]
    assert (age["level"], age["column"], age["n"], age["missing"]) == (None, "train", 1, 2)
    assert list(age["value"]) == ["mean", "sd", "median", "q1", "q3", "min", "max"]
    assert age["value"]["sd"] is None
    (level,) = [r for r in document["rows"] if (r["level"], r["column"]) == ("b", "overall")]
    assert (level["n"], level["value"]) == (6, {"count": 2, "percent": pytest.approx(100 / 3)})
    gone = [row for row in document["rows"] if row["variable"] == "gone"]
    assert [row["value"] for row in gone] == [None] * 3
