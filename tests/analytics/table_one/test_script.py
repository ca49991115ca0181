"""The exported script prints the same table again, whatever was chosen."""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from analytics.table_one import Choices
from analytics.table_one.cohorts import cohort_table_one
from analytics.table_one.script import table_one_script
from data_loader.cohort import Cohort
from data_loader.index import Index

PROJECT = Path(__file__).parents[3]


class Case(NamedTuple):
    """What is asked for."""

    query: str
    against: str | None
    choices: Choices


CASES = [
    Case("", None, Choices(by=("sex",))),
    Case("age=60..80&etiology=%225:%20Cryptogenic%20Stroke%22", None, Choices(by=("sex", "race"))),
    Case("sex=F", "age=>=70", Choices(variables=("age", "race"), style="paper")),
    Case(
        "",
        None,
        Choices(
            by=("race",),
            summaries={"all": "median"},
            tests={"sex": "fisher"},
            adjust="holm",
            minimum_cell=11,
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_script_prints_the_same_table(
    soop: Index, soop_folder: Path, tmp_path: Path, case: Case
) -> None:
    cohort, notices = Cohort.parse(case.query, soop.variables)
    other = None if case.against is None else Cohort.parse(case.against, soop.variables)[0]
    assert not notices
    table = cohort_table_one(soop, cohort, case.choices, against=other)
    script = tmp_path / "table_one.py"
    script.write_text(table_one_script(table), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script, soop_folder],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT), "PATH": ""},
    )
    assert (done.returncode, done.stderr) == (0, "")
    printed, first = json.loads(done.stdout), json.loads(table.as_json())
    assert printed["rows"] == first["rows"]
    assert printed["columns"] == first["columns"]
