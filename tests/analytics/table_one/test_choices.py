"""Choices as they stand in an address or on a command line."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from analytics.table_one import as_frame, table_one
from analytics.table_one.choices import (
    PAPER_ROWS,
    Choices,
    paper_rows,
    possible_summaries,
    possible_tests,
)
from data_loader.errors import AnalysisError
from data_loader.variables import Kind, Variable, dictionary

D = dictionary()


def test_nothing_said_is_the_default() -> None:
    assert Choices.parse({}) == Choices()


def test_everything_said() -> None:
    texts = {
        "by": "split, center,split",
        "rows": "sex,age",
        "style": "paper",
        "summary": "age=median,nihss_24h:mean",
        "tests": "none,age=welch",
        "adjust": "holm",
        "blanks": "rows",
        "cells": "11",
        "smd": "ranks",
        "columns": "smd",
        "names": "the old, the young",
        "charts": "age",  # another page's
    }
    assert Choices.parse(texts) == Choices(
        by=("split", "center"),
        variables=("sex", "age"),
        style="paper",
        summaries={"age": "median", "nihss_24h": "mean"},
        tests={"all": "none", "age": "welch"},
        adjust="holm",
        blanks="rows",
        minimum_cell=11,
        ordinal_smd="ranks",
        smd=True,
        overall=False,
        difference=False,
        names=("the old", "the young"),
    )
    assert Choices.parse({"by": "none"}).by == ()


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("style", "fancy", "“fancy” is no style of a Table 1; journal and paper are."),
        ("summary", "age=mode", "“mode” is no summary of a Table 1; mean, median, range and count"),
        ("tests", "age=t", "“t” is no test of a Table 1"),
        ("adjust", "bonferroni", "“bonferroni” is no adjustment"),
        ("blanks", "no", "“no” is no way to show blanks"),
        ("columns", "p", "“p” is no column of a Table 1."),
        ("cells", "-1", "“-1” is no count"),
        ("cells", "5.5", "“5.5” is no count"),
        ("names", "one", "Two cohorts need two names"),
        ("names", "same,same", "Two cohorts need two names"),
        ("names", f"{'x' * 61},y", "60 letters at most"),
        ("cells", "²", "“²” is no count"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(key: str, text: str, says: str) -> None:
    with pytest.raises(AnalysisError, match=says.replace("(", r"\(")):
        Choices.parse({key: text})


class Usual(NamedTuple):
    """A variable with its summary by kind, and in the paper's style."""

    name: str
    journal: str
    paper: str


@pytest.mark.parametrize(
    "case",
    [
        Usual("age", "mean", "mean"),
        Usual("nihss_admission", "median", "mean"),
        Usual("mrs_3_months", "median", "mean"),
        Usual("tici", "count", "count"),
        Usual("door_to_groin_min", "median", "mean"),
        Usual("components_26", "median", "mean"),
        Usual("volume_ml", "median", "mean"),
        Usual("sex", "count", "count"),
        Usual("diabetes", "count", "count"),
    ],
)
def test_summaries_by_kind(case: Usual) -> None:
    variable = D[case.name]
    assert Choices().summary_of(variable) == case.journal
    assert Choices(style="paper").summary_of(variable) == case.paper
    assert Choices(summaries={"all": "range"}).summary_of(variable) == (
        "count" if case.journal == "count" else "range"
    )
    chosen = Choices(summaries={"all": "range", case.name: "count"})
    assert chosen.summary_of(variable) == "count"


def test_no_mean_of_names() -> None:
    with pytest.raises(AnalysisError, match="TICI after intervention has levels, not numbers"):
        Choices(summaries={"tici": "mean"}).summary_of(D["tici"])


def test_rows_that_go_without_saying_are_the_papers_in_the_order_of_the_dictionary() -> None:
    rows = paper_rows(D, ("center",))
    assert rows[:4] == ("age", "sex", "race", "bmi")
    groups = [D[name].group for name in rows]
    order = list(dict.fromkeys(variable.group for variable in D.values()))
    assert groups == sorted(groups, key=order.index)
    printed = (
        "Demographics, Medical history, Medication, Laboratory, Setup, Times, NIHSS, mRS, TICI"
    )
    assert list(dict.fromkeys(groups))[:9] == printed.split(", ")
    assert "volume_ml" in rows
    assert not {"split", "center", "has_mask", "components_6"} & set(rows)
    assert set(PAPER_ROWS) <= set(D)
    assert len(PAPER_ROWS) == len(set(PAPER_ROWS))


def test_what_is_said_of_other_variables_is_dropped_with_their_rows() -> None:
    choices = Choices(
        summaries={"age": "mean", "inr": "mean"}, tests={"all": "none", "sex": "chi2"}
    )
    kept = choices.of_rows(("age",))
    assert (kept.summaries, kept.tests) == ({"age": "mean"}, {"all": "none"})


@pytest.mark.parametrize("kind", ["continuous", "count", "ordinal", "binary", "categorical"])
def test_what_is_offered_can_be_made(kind: Kind) -> None:
    random = np.random.default_rng(7)
    values = (
        random.choice(["x", "y", "z"], 40) if kind == "categorical" else random.integers(0, 2, 40)
    )
    table = pd.DataFrame({"group": ["a", "b"] * 20, "value": values})
    frame = as_frame(table, [Variable("value", "Value", kind, "baseline", "")])
    variable = frame.variables["value"]
    for summary in possible_summaries(variable):
        (row,) = table_one(frame, Choices(by=("group",), summaries={"value": summary})).rows
        assert row.summary == summary
    for test in possible_tests(variable):
        (row,) = table_one(frame, Choices(by=("group",), tests={"value": test})).rows
        assert (row.comparison is None) == (test == "none")
        assert row.comparison is None or row.comparison.p is not None
