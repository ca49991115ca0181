import csv
import io

import pytest
from flask.testing import FlaskClient

from dashboard.downloads import PROBLEMS, SUBJECTS
from data_loader.cohort import Cohort
from data_loader.index import Index


def _rows(client: FlaskClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


@pytest.mark.parametrize("query", ["", "age=60..80&sex=F", "mrs_discharge=missing", "age=>=200"])
def test_the_file_holds_the_cohort_of_its_address(
    client: FlaskClient, soop: Index, query: str
) -> None:
    cohort, _ = Cohort.parse(query, soop.variables)
    assert len(_rows(client, f"{SUBJECTS}?{query}")) == soop.count(cohort)


def test_an_empty_file_still_names_its_columns(client: FlaskClient, soop: Index) -> None:
    head = client.get(f"{SUBJECTS}?age=>=200").get_data(as_text=True).splitlines()
    assert head == [",".join(["dataset", "subject", *list(soop.variables)[1:]])]


def test_problems_say_what_to_do(client: FlaskClient) -> None:
    assert all(row["remedy"] for row in _rows(client, PROBLEMS))
