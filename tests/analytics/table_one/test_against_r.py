"""Every number of a Table 1 beside R's: base, arsenal, Hmisc, and SMDs worked out by hand."""

from collections.abc import Iterator
from typing import Any

import pytest

from analytics.table_one import Choices, table_one
from analytics.table_one.choices import Test
from analytics.table_one.comparison import Comparison, adjusted
from analytics.table_one.result import TableOne, VariableRow
from data_loader.cohort import EVERYONE
from data_loader.frame import CohortFrame
from data_loader.index import Index
from tests.analytics.table_one.reference import by_r, constructed

CONSTRUCTED, SOOP = by_r("constructed"), by_r("soop")
FRAMES = {"constructed": CONSTRUCTED, "soop": SOOP}
SUMMARIES = ("mean", "sd", "median", "q1", "q3", "min", "max")
CASES = [
    (frame, by, name)
    for frame, reference in FRAMES.items()
    for by, rows in reference.items()
    if by not in ("arsenal", "adjusted")
    for name in rows
]


@pytest.fixture(scope="module")
def frames(soop: Index) -> dict[str, CohortFrame]:
    names = {name for by in ("sex", "race", "prior_stroke") for name in (by, *SOOP[by])}
    return {"constructed": constructed(), "soop": soop.frame(EVERYONE, sorted(names))}


def close(value: object) -> object:
    return pytest.approx(value, rel=1e-8, abs=1e-10)


class Made:
    """One row as it goes without saying, and by each test that can be asked for."""

    def __init__(self, frame: CohortFrame, by: str, name: str) -> None:
        self._frame, self.by, self._name = frame, by, name
        self.r: Any = None

    def table(self, **choices: Any) -> TableOne:
        chosen = Choices(by=(self.by,), variables=(self._name,), **choices)
        return table_one(self._frame, chosen)

    def row(self, **choices: Any) -> VariableRow:
        return self.table(**choices).rows[0]

    def skip_empty_columns(self) -> None:
        if not all(known.n for known in self.row().known):
            pytest.skip("R leaves out a column without values")

    def p(self, test: Test) -> Comparison:
        comparison = self.row(tests={self._name: test}).comparison
        assert comparison is not None
        return comparison


@pytest.fixture
def made(request: pytest.FixtureRequest, frames: dict[str, CohortFrame]) -> Made:
    frame, by, name = request.param
    found = Made(frames[frame], by, name)
    found.r = FRAMES[frame][by][name]
    return found


every_row = pytest.mark.parametrize("made", CASES, indirect=True, ids="-".join)


@every_row
def test_summaries(made: Made) -> None:
    table = made.table()
    (row,) = table.rows
    for place, column in enumerate(table.columns):
        r = made.r.get("groups", {}).get(column.key)
        if r is None:
            continue
        assert row.known[place].n == r["n"]
        assert row.known[place].missing == column.n - r["n"]
        numbers = row.numbers[place]
        for key in SUMMARIES:
            value = getattr(numbers, key) if numbers else None
            assert value == (close(r[key]) if r[key] not in (None, {}) else None), key


@every_row
def test_counts_and_percentages(made: Made) -> None:
    r = made.r if "table" in made.r else made.r.get("levels")
    if not r:
        pytest.skip("no levels")
    table = made.table(summaries={} if "table" in made.r else {made.row().variable.name: "count"})
    places = [c.key for c in table.columns]
    levels = {str(level.code): level for level in table.rows[0].levels}
    for name, counts in zip(_list(r["levels"]), r["table"], strict=True):
        for column, count in zip(_list(r["columns"]), counts, strict=True):
            share = levels[name].shares[places.index(column)]
            known = sum(row[_list(r["columns"]).index(column)] for row in r["table"])
            assert (share.count, share.percent) == (count, close(100 * count / known))


def _list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


@every_row
@pytest.mark.parametrize("test", ["welch", "rank", "chi2", "fisher", "trend"])
def test_p_values(made: Made, test: Test) -> None:
    r = made.r.get(test)
    if test == "fisher" and r is not None:
        r = {"p": r}
    if r is None or r["p"] is None:
        pytest.skip("R has none")
    if test == "trend":
        made.skip_empty_columns()
        if made.row().variable.kind == "continuous" or made.by == "tiny":
            pytest.skip("neither levels nor columns have an order")
    comparison = made.p(test)
    assert comparison.p == close(r["p"]), comparison
    if "statistic" in r:
        assert comparison.statistic == close(r["statistic"])


@every_row
def test_the_usual_test_goes_by_kind_and_expected_counts(made: Made) -> None:
    row = made.row()
    assert row.comparison is not None
    kind = row.variable.kind
    if row.comparison.test is None:
        assert made.r.get("least_expected") is None
    elif kind == "ordinal":
        assert row.comparison.p == close(made.r["rank"]["p"])
    elif kind in ("continuous", "count", "duration"):
        usual = "welch" if row.summary == "mean" else "rank"
        assert row.comparison.p == close(made.r[usual]["p"])
    elif made.r["least_expected"] < 5:
        assert row.comparison.p == close(made.r["fisher"])
    else:
        assert row.comparison.p == close(made.r["chi2"]["p"])


@every_row
def test_standardised_mean_differences(made: Made) -> None:
    row = made.row()
    is_ordinal = row.variable.kind == "ordinal"
    r = made.r["levels"].get("smd") if is_ordinal else made.r.get("smd")
    if len(made.table().groups) > 2:
        pytest.skip("R's is of two columns")
    assert row.smd is not None
    if r is None:
        assert (row.smd.value, row.smd.low, row.smd.high) == (None, None, None)
        assert row.smd.reason
        return
    of_r = [abs(r[0]), row.smd.value]
    assert of_r[0] == close(abs(row.smd.value or 0))
    sign = -1 if (row.smd.value or 0) < 0 < r[0] else 1
    low, high = sorted((sign * r[1], sign * r[2]))
    assert (row.smd.low, row.smd.high) == (close(low), close(high))
    if is_ordinal:
        by_ranks = made.row(ordinal_smd="ranks").smd
        assert by_ranks is not None
        assert [by_ranks.value, by_ranks.low, by_ranks.high] == close(made.r["smd_ranks"])


@every_row
def test_differences(made: Made) -> None:
    made.skip_empty_columns()
    name = made.row().variable.name
    for summary, key in (("mean", "difference"), ("median", "shift")):
        if made.r.get(key):
            found = made.row(summaries={name: summary}).difference
            assert found is not None
            assert [found.value, found.low, found.high] == close(made.r[key])
    levels = made.r if "table" in made.r else made.r.get("levels", {})
    if levels.get("differences"):
        row = made.row(summaries={name: "count"})
        by_code = {str(level.code): level.difference for level in row.levels}
        for code, r in zip(levels["levels"], levels["differences"], strict=True):
            found = by_code[code]
            assert found is not None
            assert [found.value, found.low, found.high] == close(r)


ARSENAL = [(name, by) for name, reference in FRAMES.items() for by in reference["arsenal"]]


@pytest.mark.parametrize(("name", "by"), ARSENAL)
def test_arsenal(frames: dict[str, CohortFrame], name: str, by: str) -> None:
    cells = FRAMES[name]["arsenal"][by]
    rows = tuple(dict.fromkeys(cell["variable"] for cell in cells))
    tests: dict[str, Test] = {n: "chi2" for n in rows if frames[name].variables[n].is_text}
    table = table_one(frames[name], Choices(by=(by,), variables=rows, tests=tests))
    made = {row.variable.name: row for row in table.rows}
    for cell in cells:
        row = made[cell["variable"]]
        assert row.comparison is not None
        if row.variable.is_text or len(table.groups) > 2:  # of two, its rank test is uncorrected
            assert row.comparison.p == close(cell["p"])
        for place, column in enumerate(table.columns):
            r = cell["cells"]["Total" if column.key == "overall" else column.key]
            assert list(_arsenal_cell(row, place, cell)) == close(r if isinstance(r, list) else [r])


def _arsenal_cell(row: VariableRow, place: int, cell: Any) -> Iterator[float | None]:
    numbers = row.numbers[place] if row.numbers else None
    if cell["term"] == "Nmiss":
        yield row.known[place].missing
    elif cell["term"] == "countpct":
        level = next(level for level in row.levels if str(level.code) == cell["label"])
        yield level.shares[place].count
        yield level.shares[place].percent
    elif numbers:
        yield from (
            (numbers.mean, numbers.sd) if cell["term"] == "meansd" else (numbers.q1, numbers.q3)
        )


def test_adjustment() -> None:
    r = CONSTRUCTED["adjusted"]
    comparisons = [Comparison("a test", p) for p in r["p"]]
    untested = Comparison(reason="it says nothing")
    for how in ("holm", "bh"):
        first, *others = adjusted([untested, *comparisons], how)
        assert first == untested
        assert [c.p_adjusted for c in others] == close(r[how])
    assert adjusted(comparisons, "none") == comparisons
