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


def frame_of(name: str, request: pytest.FixtureRequest) -> CohortFrame:
    """The constructed frame needs no real data."""
    if name == "constructed":
        return constructed()
    soop: Index = request.getfixturevalue("soop")
    bys = set(SOOP) - {"arsenal", "adjusted"}
    return soop.frame(EVERYONE, sorted(bys.union(*(SOOP[by] for by in bys))))


def close(value: object) -> object:
    return pytest.approx(value, rel=1e-8, abs=1e-10)


class Made:
    """One row as it goes without saying, and by each test that can be asked for."""

    def __init__(self, frame: CohortFrame, by: str, name: str) -> None:
        self._frame, self._by, self._name = frame, by, name
        self.r: Any = None

    def table(self, **choices: Any) -> TableOne:
        chosen = Choices(by=(self._by,), variables=(self._name,), **choices)
        return table_one(self._frame, chosen)

    def row(self, **choices: Any) -> VariableRow:
        return self.table(**choices).rows[0]

    def p(self, test: Test) -> Comparison:
        comparison = self.row(tests={self._name: test}).comparison
        assert comparison is not None
        return comparison


@pytest.fixture
def made(request: pytest.FixtureRequest) -> Made:
    frame, by, name = request.param
    found = Made(frame_of(frame, request), by, name)
    found.r = FRAMES[frame][by][name]
    return found


Case = tuple[str, str, str]
TWO_COLUMNS = ("two", "sex", "race", "prior_stroke")
TESTS: tuple[Test, ...] = ("welch", "rank", "chi2", "fisher", "trend")


def _levels_of(case: Case) -> Any:
    """What R says of the levels of a row."""
    frame, by, name = case
    r = FRAMES[frame][by][name]
    return r if "table" in r else r.get("levels")


def _p_by_r(case: Case, test: Test) -> Any:
    """R's p, and its statistic if it gives one; None where it has none."""
    frame, by, name = case
    r = FRAMES[frame][by][name].get(test)
    told = {"p": r} if test == "fisher" else r
    return told if told and told["p"] is not None else None


every_row = pytest.mark.parametrize("made", CASES, indirect=True, ids="-".join)
rows_of_levels = pytest.mark.parametrize(
    "made", [case for case in CASES if _levels_of(case)], indirect=True, ids="-".join
)
rows_of_two = pytest.mark.parametrize(
    "made", [case for case in CASES if case[1] in TWO_COLUMNS], indirect=True, ids="-".join
)


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


@rows_of_levels
def test_counts_and_percentages(made: Made) -> None:
    r = made.r if "table" in made.r else made.r["levels"]
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


@pytest.mark.parametrize(
    ("made", "test"),
    [(case, test) for case in CASES for test in TESTS if _p_by_r(case, test)],
    indirect=["made"],
    ids=lambda one: "-".join(one) if isinstance(one, tuple) else one,
)
def test_p_values(made: Made, test: Test) -> None:
    comparison = made.p(test)
    r = {"p": made.r[test]} if test == "fisher" else made.r[test]
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


@rows_of_two
def test_standardised_mean_differences(made: Made) -> None:
    row = made.row()
    is_ordinal = row.variable.kind == "ordinal"
    r = made.r["levels"].get("smd") if is_ordinal else made.r.get("smd")
    assert row.smd is not None
    if r is None:
        assert (row.smd.value, row.smd.low, row.smd.high) == (None, None, None)
        assert row.smd.reason
        return
    assert row.smd.value is not None
    # R's distance of levels has no sign; ours has one of flags, and the interval goes with it.
    sign = -1 if row.smd.value < 0 < r[0] else 1
    ends = sorted((sign * r[1], sign * r[2]))
    assert [row.smd.value, row.smd.low, row.smd.high] == close([sign * r[0], *ends])
    if is_ordinal:
        by_ranks = made.row(ordinal_smd="ranks").smd
        assert by_ranks is not None
        assert [by_ranks.value, by_ranks.low, by_ranks.high] == close(made.r["smd_ranks"])


@rows_of_two
def test_differences(made: Made) -> None:
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
def test_arsenal(request: pytest.FixtureRequest, name: str, by: str) -> None:
    frame = frame_of(name, request)
    cells = FRAMES[name]["arsenal"][by]
    rows = tuple(dict.fromkeys(cell["variable"] for cell in cells))
    tests: dict[str, Test] = {n: "chi2" for n in rows if frame.variables[n].is_text}
    table = table_one(frame, Choices(by=(by,), variables=rows, tests=tests))
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
