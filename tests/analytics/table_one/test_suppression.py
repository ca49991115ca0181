"""Small counts stay hidden from a reader who solves for them with all that is shown.

The reader knows every number of the JSON, that columns add up to their subjects and to the column
of all, that what is hidden in a row that shows anything is not zero. Integer programs give the
least and the largest value that each hidden count can have: they must differ.
"""

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import LinearConstraint, milp

from analytics.table_one import Choices, as_frame, table_one, table_one_of_two
from analytics.table_one.alike import alike_sentence, balances
from analytics.table_one.export import table_one_file
from analytics.tables.formats import RESULT_FORMATS
from data_loader.cohort import EVERYONE
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.index import Index
from data_loader.variables import Variable

Key = tuple[str, str, str]
"""Variable, row (a level, `known`, `missing` or `structural`) and column."""


class Reader:
    """Collects what a table says, and solves for what it hides."""

    def __init__(self, document: Any) -> None:
        self.columns = {column["column"]: column["n"] for column in document["columns"]}
        self.groups = [name for name in self.columns if name != "overall"]
        self.shown: dict[Key, int] = {}
        self.hidden: list[Key] = []
        self.whole: set[str] = set()
        self._sums: list[tuple[list[tuple[Key, int]], int]] = []
        for row in document["rows"]:
            self._read(row)
        for variable in {key[0] for key in self._keys()}:
            self._add_up(variable)

    def _keys(self) -> list[Key]:
        return [*self.shown, *self.hidden]

    def _read(self, row: Any) -> None:
        name, column = row["variable"], row["column"]
        told = {"missing": row["missing"], "structural": row["structural"]}
        if row["level"] is None:
            told["known"] = row["n"]
        else:
            told[f"level {row['level']}"] = row["value"] and row["value"]["count"]
        if all(value is None for value in told.values()):
            self.whole.add(name)
        for what, count in told.items():
            key = (name, what, column)
            if count is not None:
                self.shown[key] = count
            elif key not in self.hidden:
                self.hidden.append(key)

    def _add_up(self, variable: str) -> None:
        own = [key for key in self._keys() if key[0] == variable]
        for column, n in self.columns.items():
            self._sums.append(([(key, 1) for key in own if key[2] == column], n))
        if "overall" in self.columns:
            for what in {key[1] for key in own}:
                signs = [(k, -1 if k[2] == "overall" else 1) for k in own if k[1] == what]
                self._sums.append((signs, 0))

    def same(self, one: Key, other: Key) -> None:
        """Two counts that the reader knows to be one."""
        self._sums.append(([(one, 1), (other, -1)], 0))

    def alike(self, one: Key, other: Key) -> None:
        """Two counts that the reader knows to be one, if the table has both."""
        if {one, other} <= set(self._keys()):
            self.same(one, other)

    def range_of(self, key: Key) -> tuple[int, int]:
        """The least and the largest value that a hidden count can have."""
        place = {hidden: n for n, hidden in enumerate(self.hidden)}
        matrix, sums = np.zeros((len(self._sums), len(place))), np.zeros(len(self._sums))
        for line, (signs, total) in enumerate(self._sums):
            sums[line] = total
            for one, sign in signs:
                if one in place:
                    matrix[line, place[one]] += sign
                else:
                    sums[line] -= sign * self.shown[one]
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(place))
            aim[place[key]] = sign
            least = np.array([float(hidden[0] not in self.whole) for hidden in self.hidden])
            solved = milp(
                aim,
                constraints=LinearConstraint(matrix, sums, sums),
                integrality=np.ones(len(place)),
                bounds=(least, np.full(len(place), 1e6)),
            )
            assert solved.success, "what is shown contradicts itself"
            ends.append(round(solved.fun * sign))
        return ends[0], ends[1]


def attacked(frame: CohortFrame, choices: Choices) -> tuple[Reader, Any]:
    """The reader of a table, once nothing hidden is solved for."""
    document = json.loads(table_one(frame, choices).as_json())
    reader = Reader(document)
    for column in reader.columns:
        reader.alike(("volume", "missing", column), ("territory", "missing", column))
    for key in reader.hidden:
        least, most = reader.range_of(key)
        # Of a row that shows nothing, zeros can be known from another that is missing alike.
        assert least < most or (least, most, key[0] in reader.whole) == (0, 0, True), key
    return reader, document


def random_table(seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    k = int(random.integers(1, 5))
    n = int(random.integers(12 * k, 40 * k))  # so that one group is of eleven at least
    shares = random.dirichlet(np.ones(4))
    table = pd.DataFrame(
        {
            "group": random.choice(list("abcd")[:k], n),
            "kind": random.choice(["x", "y", "z", "w"], n, p=shares),
            "flag": (random.random(n) < random.random() / 3).astype(float),
            "score": random.integers(0, 5, n).astype(float),
            "age": random.normal(70, 12, n).round(1),
        }
    )
    for name in table.columns[1:]:
        table.loc[random.random(n) < random.choice([0, 0.02, 0.1, 0.9]), name] = None
    # What is measured on one mask is missing where the mask is, as every reader knows.
    table["volume"] = random.gamma(1, 30, n)
    table["territory"] = random.choice(["MCA", "ACA", "PCA"], n, p=[0.8, 0.05, 0.15])
    table.loc[random.random(n) < random.choice([0, 0.03, 0.3]), ["volume", "territory"]] = None
    return table


@pytest.mark.parametrize("overall", [True, False])
@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("least", [2, 5, 10, 11])
def test_no_hidden_count_can_be_solved_for(least: int, seed: int, overall: bool) -> None:
    table = random_table(seed)
    if overall and seed % 2:
        table["half"] = np.random.default_rng(seed).choice(
            ["left", "right"], len(table), p=[0.8, 0.2]
        )
    by = ("group", "half") if "half" in table else ("group",)
    counted = [Variable("score", "score", "ordinal", "baseline", "")]
    choices = Choices(by=by, summaries={"score": "count"}, minimum_cell=least, overall=overall)
    reader, document = attacked(as_frame(table, counted), choices)
    assert not [n for n in reader.columns.values() if n < least]
    assert not [count for count in reader.shown.values() if 0 < count < least]
    for row in document["rows"]:
        if row["hidden"]:
            told = [row[key] for key in ("p", "statistic", "smd", "smd_low", "difference")]
            assert told == [None] * 5


@pytest.mark.parametrize("least", [5, 10, 11])
def test_real_tables(soop: Index, least: int) -> None:
    names = ["sex", "race", "age", "nihss_admission", "mrs_discharge", "etiology", "prior_stroke"]
    frame = soop.frame(EVERYONE, names)
    summaries: Any = {"mrs_discharge": "count"}
    for by in (("sex",), ("race", "sex"), ("mrs_discharge",), ("prior_stroke", "etiology")):
        rows = tuple(name for name in names if name not in by)
        choices = Choices(by=by, variables=rows, minimum_cell=least, summaries=summaries)
        attacked(frame, choices.of_rows(rows))


def flagged(condition: list[float], times: list[float]) -> CohortFrame:
    """A time that exists only where a flag is set, as alert to door for wake-up strokes."""
    n = len(condition)
    table = pd.DataFrame({"group": ["a", "b"] * (n // 2), "wake_up": condition, "alert": times})
    alert = Variable("alert", "Alert", "duration", "baseline", "", applies_when={"wake_up": 1})
    frame = as_frame(table, [alert])
    blank = table["alert"].isna().to_numpy() & (table["wake_up"] == 0).to_numpy()
    return replace(frame, structural={**frame.structural, "alert": blank})


@pytest.mark.parametrize("seed", range(12))
def test_structural_blanks_do_not_tell_what_the_condition_hides(seed: int) -> None:
    random = np.random.default_rng(seed)
    wakes = (random.random(60) < random.choice([0.1, 0.5, 0.93])).astype(float)
    times = np.where((wakes == 1) & (random.random(60) < 0.8), random.integers(20, 90, 60), np.nan)
    frame = flagged(wakes.tolist(), times.tolist())
    choices = Choices(by=("group",), variables=("alert", "wake_up"), minimum_cell=5)
    reader = Reader(json.loads(table_one(frame, choices).as_json()))
    for column in reader.columns:
        not_awake = ("wake_up", "level 0", column)
        if not_awake in (*reader.shown, *reader.hidden):
            reader.same(("alert", "structural", column), not_awake)
    told = {("alert", "structural", key[2]) for key in reader.shown if key[1] == "level 0"}
    for key in set(reader.hidden) - told:  # what the flag itself shows is no secret
        least, most = reader.range_of(key)
        assert least < most, key


def small_group() -> CohortFrame:
    ages = [60.0, 61.5, 72.0, 80.0, 55.0, 58.0, 90.0, 77.0, 71.0, 66.0]
    table = pd.DataFrame({"age": ages * 6, "group": ["a"] * 30 + ["b"] * 27 + ["c"] * 3})
    return as_frame(table)


def test_small_columns_are_left_out_and_counted_nowhere() -> None:
    table = table_one(small_group(), Choices(by=("group",), minimum_cell=5))
    assert [column.n for column in table.columns] == [30, 27, 57]
    assert table.provenance.n == 57
    assert table.notes == ("Left out, having fewer than 5 subjects: c.",)
    with pytest.raises(AnalysisError, match="No column has 31 subjects or more"):
        table_one(small_group(), Choices(by=("group",), minimum_cell=31))


def test_who_is_in_no_column_is_not_counted_either() -> None:
    table = pd.DataFrame({"age": range(20), "group": ["a"] * 9 + ["b"] * 9 + [None] * 2})
    (note,) = table_one(as_frame(table), Choices(by=("group",), minimum_cell=5)).notes
    assert not re.search(r"\d", note)
    (note,) = table_one(as_frame(table), Choices(by=("group",))).notes
    assert note.startswith("2 subjects")


def few_missing() -> CohortFrame:
    """Three of forty ages are missing in one group: neither they nor the known ones are told."""
    ages = [float(age) for age in range(41, 81)]
    first = [None if n < 3 else age for n, age in enumerate(ages)]
    table = pd.DataFrame({"age": [*first, *ages], "group": ["a"] * 40 + ["b"] * 40})
    return as_frame(table)


def test_a_mean_of_a_hidden_number_of_values_is_rounded_and_that_of_all_hidden() -> None:
    (row,) = table_one(few_missing(), Choices(by=("group",), minimum_cell=5)).rows
    assert [known.n for known in row.known] == [None, 40, None]
    first, second, everyone = row.numbers
    assert everyone is None
    assert first is not None
    assert second is not None
    assert (first.mean, first.sd) == (62.0, 10.8)  # 42, 43 … 80
    assert second.mean == 60.5


def test_extremes_and_quantiles_of_few_are_not_shown() -> None:
    (row,) = table_one(small_group(), Choices(by=("group",), minimum_cell=7)).rows
    first = row.numbers[0]
    assert first is not None
    assert (first.min, first.max) == (None, None)
    assert first.q1 is not None
    (row,) = table_one(small_group(), Choices(by=("group",), minimum_cell=8)).rows
    first = row.numbers[0]
    assert first is not None  # 30 values are fewer than four times eight, more than twice
    assert (first.q1, first.q3) == (None, None)
    assert first.median is not None


def test_all_files_say_hidden_where_the_json_has_nothing() -> None:
    table = table_one(few_missing(), Choices(by=("group",), minimum_cell=5))
    for extension in ("csv", "html", "tex"):
        text = table_one_file(table, extension).decode()
        assert "hidden" in text
        assert not re.search(r"n = (37|77)\b", text)


def territories(swapped: int) -> CohortFrame:
    """Counts by group and sex; `swapped` subjects of either group have the other's rare one."""
    counts = {"a": {"MCA": 30, "ACA": 3, "PCA": 7}, "b": {"MCA": 33, "ACA": 4, "PCA": 9}}
    rows = []
    for group, sign in (("a", 1), ("b", -1)):
        made = counts[group] | {
            "ACA": counts[group]["ACA"] + sign * swapped,
            "PCA": counts[group]["PCA"] - sign * swapped,
        }
        rows += [
            {"group": group, "territory": name, "age": 60.0 + n % 17}
            for n, name in enumerate(name for name, count in made.items() for _ in range(count))
        ]
    return as_frame(pd.DataFrame(rows))


@pytest.mark.parametrize("least", [5, 10, 11])
def test_no_file_differs_by_what_it_hides(least: int) -> None:
    """Two cohorts that differ in hidden counts alone give the same bytes in every format."""
    choices = Choices(by=("group",), minimum_cell=least, adjust="bh")
    first, second = (table_one(territories(n), choices) for n in (0, 1))
    assert first.rows[0].is_hidden
    for extension in RESULT_FORMATS:
        assert table_one_file(first, extension) == table_one_file(second, extension), extension
    assert alike_sentence(first) == alike_sentence(second)
    assert balances(first) == balances(second)


def test_an_adjusted_p_is_made_of_shown_ones_alone() -> None:
    """By Benjamini and Hochberg it can be a neighbour's p, which would tell hidden counts."""
    random = np.random.default_rng(3)
    table = pd.DataFrame({"group": ["a"] * 60 + ["b"] * 60, "age": random.normal(70, 9, 120)})
    table.loc[table["group"] == "a", "age"] += 4
    table["rare"] = [1.0] * 4 + [0.0] * 56 + [1.0] * 12 + [0.0] * 48
    choices = Choices(by=("group",), adjust="bh", minimum_cell=5)
    age, rare = table_one(as_frame(table), choices).rows
    assert rare.is_hidden
    assert age.comparison is not None
    assert age.comparison.p_adjusted == age.comparison.p


def test_who_is_left_out_leaves_no_level_behind() -> None:
    table = pd.DataFrame(
        {
            "group": ["a"] * 20 + ["b"] * 3 + [None] * 2,
            "etiology": ["CE"] * 12 + ["LAA"] * 8 + ["dissection"] * 3 + ["vasculitis"] * 2,
        }
    )
    for least, levels in ((0, ["CE", "LAA", "dissection"]), (5, ["CE", "LAA"])):
        (row,) = table_one(as_frame(table), Choices(by=("group",), minimum_cell=least)).rows
        assert [level.code for level in row.levels] == levels


def test_quartiles_of_whole_numbers_tell_no_hidden_n() -> None:
    """A quarter between two whole numbers would tell n modulo 4, and so how many are missing."""
    scores = [float(n % 23) for n in range(60)]
    blank = [None if n < 3 else score for n, score in enumerate(scores)]
    table = pd.DataFrame({"nihss": [*blank, *scores], "group": ["a"] * 60 + ["b"] * 60})
    variable = Variable("nihss", "NIHSS", "ordinal", "baseline", "")
    (row,) = table_one(as_frame(table, [variable]), Choices(by=("group",), minimum_cell=5)).rows
    numbers = row.numbers[0]
    assert row.known[0].n is None
    assert numbers is not None
    for quantile in (numbers.q1, numbers.median, numbers.q3):
        assert quantile is not None
        assert quantile.is_integer()


def test_zeros_are_shown_and_no_minimum_hides_nothing() -> None:
    table = pd.DataFrame({"group": ["a"] * 20 + ["b"] * 20, "flag": [0.0] * 20 + [1.0] * 20})
    (row,) = table_one(as_frame(table), Choices(by=("group",), minimum_cell=11)).rows
    assert [share.count for share in row.levels[1].shares] == [0, 20, 20]
    assert not row.is_hidden
    (row,) = table_one(few_missing(), Choices(by=("group",))).rows
    assert [known.missing for known in row.known] == [3, 0, 3]


def test_cohorts_that_share_subjects_are_refused() -> None:
    frame = few_missing()
    choices = Choices(minimum_cell=5)
    with pytest.raises(AnalysisError, match="share subjects can't have a minimum cell count"):
        table_one_of_two(frame, frame, choices, labels=("one", "other"))
