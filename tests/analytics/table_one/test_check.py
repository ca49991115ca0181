"""A printed table is held against itself: what can't be is found, and nothing else."""

import re
from itertools import combinations_with_replacement, product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from analytics.table_one.check import check_table
from analytics.table_one.choices import Choices
from analytics.table_one.cohorts import cohort_table_one
from analytics.table_one.export import table_one_file
from analytics.table_one.possible import Part, Rounded, can_have_sd, least_missing
from analytics.table_one.printed import read_printed
from data_loader.cohort import EVERYONE
from data_loader.errors import AnalysisError
from data_loader.index import Index
from tests.analytics.table_one.reference import FOLDER

HEADING = "variable,level,train (n = 150),test (n = 100),all (n = 250)"


def said(tmp_path: Path, *rows: str, heading: str = HEADING) -> list[str]:
    path = tmp_path / "table.csv"
    path.write_text("\n".join([heading, *rows]), encoding="utf-8")
    return [str(finding) for finding in check_table(path).findings]


def test_the_slips_in_the_table_of_the_isles24_paper() -> None:
    checked = check_table(FOLDER / "isles24_paper.csv")
    found = [str(finding) for finding in checked.findings]
    assert "Sex in test: the levels add up to 99.0 %, not to 100 %." in found
    (female,) = (sentence for sentence in found if sentence.startswith("Sex, female"))
    assert "48.8 % of 250 can't be, as 52.7 % of 150 and 42.0 % of 100 make 48.4 %" in female
    assert any(sentence.startswith("Center, 1 in train: 66.6 %") for sentence in found)
    assert not any(sentence.startswith(("Age", "Hypertension", "mRS")) for sentence in found)
    assert checked.lines()[-1].startswith("28 rows checked: ")


class Case(NamedTuple):
    """A row that can't be, and what is said of it."""

    row: str
    says: str


CASES = [
    Case('"Diabetes, %",,16.9,17.0,16.8', "16.9 % of 150 can't be, as 25 are 16.67 % and 26 are"),
    Case('"Diabetes, %",,16.9 (n = 150),,', "26 are 17.33 %."),
    Case('"Diabetes, n (%)",,25 (16.7),17 (17.0),43 (17.2)', "25 and 17 make 42, not 43."),
    Case('"Diabetes, n (%)",,25/148 (16.7),,', "25 of 148 are 16.89 %, not 16.7 %."),
    Case('"Diabetes, n (%)",,25 (16.9),,', "16.67 %, not 16.9 %, unless 2 or more are missing."),
    Case('"Diabetes, n (%)",,25/151 (16.6),,', "151 known values are more than the 150 subjects."),
    Case('"Age, mean ± SD",,71.6 ± 14.3,70.4 ± 15.4,72.1 ± 14.8', "make 71.1"),
    Case('"Age, mean ± SD",,71.6 ± 14.3,70.4 ± 15.4,70.2 ± 14.8', "70.4 of 100 make 71.1."),
    Case('"Age, median [IQR]",,71 [72-80],,', "the median doesn't lie between the quartiles."),
    Case(
        '"mRS 24 h, mean ± SD",,5.19 ± 1.20 (n = 28),,', "5.19 of 28 whole numbers can't be (GRIM)."
    ),
    Case(
        '"mRS 24 h, mean ± SD",,5.21 ± 3.40 (n = 28),,',
        "SD of 3.40 of 28 whole numbers can't be (G",
    ),
    Case('"mRS 24 h, mean ± SD",,7.0 ± 1.0,,', "a mean of 7.0 lies outside of 0 to 6."),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.row)
def test_what_cannot_be(tmp_path: Path, case: Case) -> None:
    assert any(case.says in sentence for sentence in said(tmp_path, case.row))


def test_levels_that_add_up_to_more_than_everyone(tmp_path: Path) -> None:
    (found,) = said(tmp_path, '"Sex, %",female,52.7,42.0,', '"Sex, %",male,48.0,58.0,')
    assert found == "Sex in train: the levels add up to 100.7 %, not to 100 %."


def test_columns_that_are_not_parts_of_all(tmp_path: Path) -> None:
    heading = "variable,train (n=150),test (n=100),all (n=251)"
    (found,) = said(tmp_path, "Age,71.6 ± 14.3,70.4 ± 15.4,71.1 ± 14.8", heading=heading)
    assert found == "Subjects in all: 150 and 100 make 250, not 251."


def test_whole_numbers_of_a_scale_that_no_dictionary_knows(tmp_path: Path) -> None:
    heading = "variable,values,treated (n = 10)"
    assert said(tmp_path, "Pain,0..10,5.04 ± 1.00", heading=heading)
    assert said(tmp_path, "Pain,0..10,5.1 ± 5.4", heading=heading)
    assert not said(tmp_path, "Pain,integer,5.1 ± 5.4", heading=heading)
    assert not said(tmp_path, "Pain,,5.04 ± 1.00", heading=heading)


@pytest.mark.parametrize(
    "row",
    [
        '"Diabetes, n (%)",,25 (16.7),17 (17.0),42 (16.8)',
        '"Diabetes, %",,16.7 %,17.0 %,16.8 %',
        '"Age, mean ± SD",,71.6 (14.3),70.4 +/- 15.4,71.1 \u00b1 14.8',
        '"mRS 24 h, median [IQR]",,4 [3\u20135],4 (2 to 5),\u2013',
        "Follow-up,,12,13,hidden",
        '"Cost, mean",,"1,250.5",900.0,"1,110.3"',
    ],
)
def test_what_can_be_is_left_alone(tmp_path: Path, row: str) -> None:
    assert said(tmp_path, row) == []


def test_percentages_are_of_known_values_where_missing_ones_have_a_row(tmp_path: Path) -> None:
    rows = ['"Sex, n (%)",female,79 (53.0),,', ",male,70 (47.0),,", ",missing,1,,"]
    assert said(tmp_path, *rows) == []
    assert said(tmp_path, *rows[:2], ",missing,0,,")


TABLES = [
    Choices(by=("sex",)),
    Choices(by=("sex",), style="paper"),
    Choices(by=("race", "sex"), blanks="rows"),
    Choices(by=("sex",), summaries={"mrs_discharge": "count"}, minimum_cell=5),
    Choices(by=("sex",), summaries={"all": "mean"}),
]


@pytest.mark.parametrize("choices", TABLES, ids=str)
def test_our_own_tables_hold(soop: Index, tmp_path: Path, choices: Choices) -> None:
    path = tmp_path / "own.csv"
    content = table_one_file(cohort_table_one(soop, EVERYONE, choices), "csv")
    path.write_bytes(content)
    assert check_table(path).findings == ()


def test_our_own_table_with_a_slip_does_not(soop: Index, tmp_path: Path) -> None:
    choices = Choices(by=("sex",), variables=("race", "age"))
    text = table_one_file(cohort_table_one(soop, EVERYONE, choices), "csv").decode()
    path = tmp_path / "own.csv"
    for pattern in (r"White,(\d)", r"mean ± SD\",(\d)"):
        slipped = re.sub(pattern, lambda m: m[0][:-1] + str((int(m[1]) + 2) % 10), text)
        assert slipped != text
        path.write_text(slipped, encoding="utf-8")
        assert check_table(path).findings


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"variable\nAge\n", "has no columns such as"),
        (b"\xff\xfe\x00", "is no CSV file in UTF-8"),
        (b'variable,a\n"Age', "is no CSV file in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(AnalysisError, match=says):
        read_printed(path)
    with pytest.raises(AnalysisError, match="can't be read"):
        read_printed(tmp_path)


@pytest.mark.parametrize("n", [2, 5, 8])
def test_grimmer_beside_all_samples_there_are(n: int) -> None:
    """Every sample on a scale of 0 to 4: none is accused, and of the rest few get away."""
    samples = np.array(list(combinations_with_replacement(range(5), n)))
    means, sds = samples.mean(axis=1).round(2), samples.std(axis=1, ddof=1).round(2)
    real = set(zip(means.tolist(), sds.tolist(), strict=True))
    accused = got_away = 0
    for mean, sd in product(sorted(set(means.tolist())), np.arange(0, 3, 0.01).round(2).tolist()):
        possible = can_have_sd(Rounded(mean, 2), Rounded(sd, 2), n, scale=(0, 4))
        if (mean, sd) in real:
            assert possible, (mean, sd)
        accused += not possible
        got_away += possible and (mean, sd) not in real
    assert got_away < 0.01 * accused


def test_the_least_number_of_missing_values_beside_trying_all() -> None:
    random = np.random.default_rng(1)
    for _ in range(60):
        sizes = random.integers(4, 12, 2)
        percents = [Rounded(float(p), 0) for p in random.integers(0, 101, 3)]
        n = [int(sizes[0]), int(sizes[1]), int(sizes.sum())]
        parts = [
            Part(p.low / 100, p.high / 100, size, is_whole=True, may_miss=True)
            for p, size in zip(percents, n, strict=True)
        ]
        assert least_missing(parts[:2], parts[2]) == _by_trying(percents, n)


def _by_trying(percents: list[Rounded], n: list[int]) -> int | None:
    found = []
    for n1, n2 in product(range(1, n[0] + 1), range(1, n[1] + 1)):
        for a, b in product(range(n1 + 1), range(n2 + 1)):
            shares = (100 * a / n1, 100 * b / n2, 100 * (a + b) / (n1 + n2))
            if all(p.low <= s <= p.high for p, s in zip(percents, shares, strict=True)):
                found.append(n[2] - n1 - n2)
    return min(found, default=None)
