from typing import NamedTuple

import pytest

from dashboard.view import MOST_CHARTS, View, variables_by_group
from data_loader.index import Index


class Case(NamedTuple):
    search: str
    again: str
    charts: int
    notices: int


CASES = {
    "nothing": Case("", "", 6, 0),
    "cohort": Case("?age=60..80&sex=F", "?age=60..80&sex=F", 6, 0),
    "charts": Case("?charts=bmi,age", "?charts=bmi,age", 2, 0),
    "charts as by default": Case(
        "?charts=age,sex,nihss_admission,mrs_discharge,volume_ml,components_26", "", 6, 0
    ),
    "twice the same chart": Case("?charts=bmi,bmi", "?charts=bmi", 1, 0),
    "an unknown chart": Case("?charts=bmi,hat", "?charts=bmi", 1, 1),
    "share": Case("?scale=share&age=>=80", "?age=>=80&scale=share", 6, 0),
    "no scale": Case("?scale=log", "", 6, 1),
    "unknown variable": Case("?hat=1", "", 6, 1),
    "choices": Case(
        "?rows=age,bmi&by=sex&age=>=80",
        "?age=>=80&by=sex&rows=age,bmi",
        6,
        0,
    ),
    "all wrong": Case("?%FF&&=&charts=,&age=;DROP TABLE subjects", "?charts=", 0, 4),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_address_is_read_and_written_back(case: Case, soop: Index) -> None:
    view = View.parse(case.search, soop)
    assert len(view.charts) == case.charts
    assert len(view.notices) == case.notices, view.notices
    assert view.search == case.again or case.search.startswith("?%FF")
    assert View.parse(view.search, soop).cohort == view.cohort


def test_no_address_asks_for_more_charts_than_a_page_bears(soop: Index) -> None:
    assert len(View.parse(f"?charts={','.join(soop.variables)}", soop).charts) <= MOST_CHARTS


def test_too_many_parts_are_dropped_with_a_notice(soop: Index) -> None:
    view = View.parse("?" + "&".join(f"age={age}" for age in range(500)), soop)
    assert view.cohort.is_everyone
    assert view.notices


def test_every_variable_stands_under_one_heading(soop: Index) -> None:
    grouped = [variable.name for group in variables_by_group(soop).values() for variable in group]
    assert sorted(grouped) == sorted(soop.variables)
