"""A value that is missing is told from one that can't exist."""

from pathlib import Path

import pytest

from data_loader.blanks import NEVER, structural
from data_loader.cohort import EVERYONE, Cohort
from data_loader.index import Index
from data_loader.variables import Variable, dictionary
from tests.data_loader.cohorts import TABLE, index_of


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return index_of(tmp_path_factory.mktemp("blanks"), TABLE)


def test_alert_to_door_exists_only_for_wake_up_strokes(index: Index) -> None:
    (blanks,) = index.completeness(EVERYONE)
    name = "alert_to_door_min"
    # One is known; two are no wake-up strokes; of the others it is not known, so it is missing.
    assert (blanks.n, blanks.known[name]) == (7, 1)
    assert (blanks.structural[name], blanks.missing(name)) == (2, 4)


def test_blanks_by_group(index: Index) -> None:
    rows = index.completeness(EVERYONE, ["sex"])
    by_sex = {row.group["sex"]: (row.n, row.missing("nihss_admission")) for row in rows}
    assert by_sex == {"F": (2, 0), "M": (2, 1), None: (3, 2)}


def test_of_nobody_nothing_is_missing(index: Index) -> None:
    nobody, _ = Cohort.parse("age=<0", index.variables)
    (blanks,) = index.completeness(nobody)
    assert blanks.n == 0
    assert all(blanks.missing(name) == 0 for name in index.variables)
    assert index.completeness(nobody, ["sex"]) == []


def test_without_a_condition_no_blank_is_structural() -> None:
    assert structural(dictionary()["age"], dictionary()) == NEVER


def test_a_condition_that_cannot_be_checked_makes_no_blank_structural() -> None:
    alert: Variable = dictionary()["alert_to_door_min"]
    assert structural(alert, {"alert_to_door_min": alert}) == NEVER


def test_the_dictionary_says_as_much_in_rows(index: Index) -> None:
    rows = {row["name"]: row for row in index.variable_rows(EVERYONE)}
    counts = rows["alert_to_door_min"]
    assert (counts["known"], counts["missing"], counts["not_applicable"]) == (1, 4, 2)


def test_every_blank_of_the_real_cohort_is_counted_once(soop: Index) -> None:
    (blanks,) = soop.completeness(EVERYONE)
    rows = soop.subjects(EVERYONE)
    for name in soop.variables:
        blank = sum(row[name] is None for row in rows)
        assert blanks.structural[name] + blanks.missing(name) == blank


def test_sql_of_blanks_is_never_null(index: Index, tmp_path: Path) -> None:
    for name, variable in index.variables.items():
        both, _ = Cohort.parse(f"{name}=missing,not-applicable", index.variables)
        blank = sum(row[name] is None for row in index.subjects(EVERYONE))
        assert index.count(both) == blank, variable.label
