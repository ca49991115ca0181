"""Territories as files and on the command line."""

import io
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analytics.territory_cohort import cohort_territories
from analytics.territory_numbers import territory_json
from analytics.territory_report import territory_file, territory_report
from analytics.territory_summary import TerritorySummary
from analytics.territory_tables import territory_table, whole_percent
from app import main
from data_loader.cohort import EVERYONE, Cohort
from data_loader.errors import InsulaError
from data_loader.index import Index
from tests.analytics.territory_rows import cohort_of

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("percent", "text"),
    [(0, "0"), (0.2, "<1"), (0.5, "0"), (1.4, "1"), (99.4, "99"), (99.6, ">99"), (100, "100")],
)
def test_only_nothing_is_0_and_only_all_is_100(percent: float, text: str) -> None:
    assert whole_percent(percent) == text


def test_an_mrs_is_cut_into_good_outcome_and_the_rest(soop: Index) -> None:
    found = cohort_territories(soop, EVERYONE, by="mrs_discharge")
    values = soop.frame(EVERYONE, ["mrs_discharge", "volume_ml"]).values
    measured = values[values["volume_ml"] > 0]["mrs_discharge"].dropna()
    assert [(group.code, group.n) for group in found.groups] == [
        ("0..2", int((measured <= 2).sum())),
        ("3..6", int((measured >= 3).sum())),
    ]


def test_parts_add_up_to_their_territories(soop: Index) -> None:
    if soop.atlas is None or 1 not in soop.atlas.levels:
        pytest.skip("the published atlas, which has parts of territories, isn't here")
    parts, whole = (cohort_territories(soop, EVERYONE, level=text) for text in ("1", "2"))

    def sum_ml(found: TerritorySummary, start: str) -> float:
        regions = found.groups[0].regions
        return sum(one.ml.mean or 0 for one in regions if one.region.label.startswith(start))

    # Lenticulostriate arteries: the medial ones of ACA, the lateral ones of MCA.
    for territory, named in (("ACA", ("ACA", "MLS")), ("MCA", ("MCA", "LLS")), ("outside", ())):
        total = sum(sum_ml(parts, name) for name in named or (territory,))
        assert total == pytest.approx(sum_ml(whole, territory))


def test_numbers_are_those_of_pandas(soop: Index) -> None:
    rows = pd.DataFrame(soop.territories(EVERYONE))
    rows = rows[rows["level"] == 2]
    document = json.loads(territory_json(cohort_territories(soop, EVERYONE)))
    for region in document["regions"]:
        own = rows[rows["label"] == region["label"]]
        assert region["n"] == len(own) == 721
        assert region["ml_mean"] == pytest.approx(own["ml"].mean())
        assert region["ml_sd"] == pytest.approx(own["ml"].std())
        assert region["percent_mean"] == pytest.approx(100 * own["share"].mean())
        assert region["any"] == (own["ml"] > 0).sum()
        assert region["involved"] == (own["share"] >= 0.1).sum()
        some = own[own["ml"] > 0]["ml"]
        assert region["ml_where_any_median"] == pytest.approx(some.median())
        assert region["ml_where_any_q3"] == pytest.approx(some.quantile(0.75))
        assert region["percent_of_all"] == pytest.approx(100 * own["ml"].sum() / rows["ml"].sum())


def test_what_is_said_of_two_groups() -> None:
    infarcts = [*[{"MCA-L": 20.0 + n} for n in range(20)], *[{"PCA-R": 2.0 + n} for n in range(20)]]
    cohort = cohort_of(infarcts, arm=["new"] * 20 + ["old"] * 20)
    said = dict(territory_report(cohort.summary("arm")).paragraphs)
    assert "Wilcoxon rank-sum test" in said["Methods"]
    assert "adjusted for the number of its tests by the method of Holm" in said["Methods"]
    notes = " ".join(note for _, note in territory_table(cohort.summary("arm")).footnotes)
    # In the other six territories nobody has an infarct, so that nothing is tested.
    assert (
        "Involvement, of at least 10 % of the infarct: Pearson chi-squared test, p adjusted for 2 tests"
        in notes
    )
    assert (
        "Volume differs in 2 of 8 territories: MCA-L (larger in “new” with a chance of 1.00,"
        " adjusted p < 0.001); PCA-R (larger in “old” with a chance of 1.00, adjusted p < 0.001)."
    ) in said["Results"]
    assert "MCA-L (100 % against 0 %, adjusted p < 0.001)" in said["Results"]


def test_excel_has_the_numbers_on_a_sheet_of_their_own(soop: Index) -> None:
    content = territory_file(cohort_territories(soop, EVERYONE, by="sex"), "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Table 1", "Table 2", "Table 3", "Numbers", "About"]
    head = [cell.value for cell in next(book["Numbers"].iter_rows())]
    assert {"label", "group", "ml_mean", "involved_percent"} <= set(head)


def test_a_format_that_is_none(soop: Index) -> None:
    with pytest.raises(InsulaError, match="“pdf” is no format of territories"):
        territory_file(cohort_territories(soop, EVERYONE), "pdf")


@pytest.mark.parametrize(("query", "by"), [("", ""), ("age=60..80", "mrs_discharge")])
def test_the_script_prints_the_same_numbers(
    soop: Index, soop_folder: Path, tmp_path: Path, query: str, by: str
) -> None:
    cohort, _ = Cohort.parse(query, soop.variables)
    found = cohort_territories(soop, cohort, by=by)
    script = tmp_path / "territories.py"
    script.write_bytes(territory_file(found, "script"))
    done = subprocess.run(
        [sys.executable, script, soop_folder],
        capture_output=True,
        check=False,
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT), "PATH": ""},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == territory_json(found)


def _run(arguments: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code, and what was printed."""
    try:
        main(["territories", "--index", str(folder), *arguments])
        code = 0
    except SystemExit as end:
        code = int(str(end.code or 0))
    said = capsys.readouterr()
    return code, said.out + said.err


def test_the_command_prints_what_the_page_offers(
    soop: Index, soop_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--cohort", "age=>=60", "--by", "sex", "--format", "json"]
    code, printed = _run(asked, soop_folder, capsys)
    cohort, _ = Cohort.parse("age=>=60", soop.variables)
    assert code == 0
    assert printed == territory_json(cohort_territories(soop, cohort, by="sex")).decode()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--by", "hat"], "“hat” is no variable of this index."),
        (["--by", "age"], "Age is a measure, not a group"),
        (["--level", "3"], "“3” is no level of an atlas"),
        (["--cohort", "hat=1"], "is no variable of this index"),
        (["--cohort", "age=>=150"], "The cohort has no subjects; widen it."),
        (["--format", "docx"], "say where to with --out FILE."),
        (["--format", "pdf"], "“pdf” is no format of territories"),
    ],
)
def test_what_the_command_cannot_do_is_one_sentence(
    soop_folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    code, said = _run(arguments, soop_folder, capsys)
    assert code == 2
    assert said.startswith("insula: ")
    assert said.count("\n") == 1
    assert says in said
