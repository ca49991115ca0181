"""Variables crossed into one: who is in which, what the levels are called, and in which order."""

import pytest

from analytics.crossed_frame import frame_of, variables_with
from analytics.crossed_variable import conditions_of
from analytics.table_one.build import table_one
from analytics.table_one.choices import Choices
from data_loader.cohort import EVERYONE, Cohort
from data_loader.errors import AnalysisError
from data_loader.index import Index

NAME = "sex,prior_stroke"


def test_a_code_joins_the_codes_of_its_parts(soop: Index) -> None:
    frame = frame_of(soop, EVERYONE, ["sex,race", "age"])
    for sex, race, both in zip(
        *(frame.values[n] for n in ("sex", "race", "sex,race")), strict=True
    ):
        assert both == (None if sex is None or race is None else f"{sex},{race}")
    assert frame.values["sex,race"].isna().sum() > 0


def test_who_has_a_code_is_whom_a_query_with_its_conditions_finds(soop: Index) -> None:
    frame = frame_of(soop, EVERYONE, [NAME])
    variable = frame.variables[NAME]
    for code in variable.levels:
        said = "&".join(f"{name}={value}" for name, value in conditions_of(variable, code))
        cohort, notices = Cohort.parse(said, soop.variables)
        assert notices == []
        assert soop.count(cohort) == (frame.values[NAME] == code).sum()


def test_levels_are_named_as_the_columns_of_table_1(soop: Index) -> None:
    frame = soop.frame(EVERYONE, ["sex", "prior_stroke", "age"])
    columns = table_one(frame, Choices(by=("sex", "prior_stroke"), overall=False)).columns
    crossed = variables_with(soop, NAME)[NAME]
    assert crossed.label == "Sex and prior stroke"
    assert crossed.levels == {column.key: column.full_label for column in columns}
    assert list(crossed.levels.values())[:2] == [
        "female: Prior stroke no",
        "female: Prior stroke yes",
    ]


def test_every_cohort_has_the_levels_in_the_same_order(soop: Index) -> None:
    men, _ = Cohort.parse("sex=M", soop.variables)
    found = frame_of(soop, men, [NAME])
    assert found.variables[NAME] == variables_with(soop, NAME)[NAME]
    assert set(found.values[NAME].dropna()) == {"M,0", "M,1"}


def test_what_crosses_an_outcome_is_known_as_late_as_it(soop: Index) -> None:
    assert variables_with(soop, "sex,mrs_discharge")["sex,mrs_discharge"].timepoint == "outcome"
    assert variables_with(soop, NAME)[NAME].timepoint == "baseline"


def test_one_name_or_an_unknown_one_crosses_nothing(soop: Index) -> None:
    for by in (None, "", "sex", "sex,hat"):
        assert variables_with(soop, by) == soop.variables


def test_a_measure_has_no_levels_to_cross(soop: Index) -> None:
    with pytest.raises(AnalysisError, match="Age has no levels"):
        variables_with(soop, "sex,age")
