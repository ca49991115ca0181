import csv
import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.downloads import PROBLEMS, SUBJECTS, file_links
from dashboard.view import View
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


_FILES = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    "tex": ("application/x-tex", b"\\documentclass"),
    "html": ("text/html", b"<!DOCTYPE html>"),
    "csv": ("text/csv", b"group,"),
    "json": ("application/json", b"{"),
    "script": ("text/x-python", b'"""'),
}


@pytest.mark.parametrize("extension", _FILES)
def test_a_result_is_a_file_of_every_kind(client: FlaskClient, extension: str) -> None:
    answer = client.get(f"/download/table-one.{extension}?by=sex&age=60..80&rows=age")
    media_type, start = _FILES[extension]
    ending = "py" if extension == "script" else extension
    assert answer.status_code == 200
    assert answer.mimetype == media_type
    assert answer.get_data().startswith(start)
    headers = answer.headers
    assert headers["Content-Disposition"] == f"attachment; filename=table-one.{ending}"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("query", ["age=old", "no_such=1", "charts=no_such", "by=no_such"])
def test_no_file_of_other_subjects_than_asked_for(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/download/table-one.csv?{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "text/plain"
    assert answer.get_data(as_text=True).rstrip().endswith(".")


@pytest.mark.parametrize("extension", ["exe", "docx.exe", "..", "csv%00", "DOCX"])
def test_a_file_of_no_kind_is_not_there(client: FlaskClient, extension: str) -> None:
    assert client.get(f"/download/table-one.{extension}").status_code == 404


def test_links_bear_the_view_and_the_name_of_the_file(soop: Index) -> None:
    view = View.parse("?age=60..80&by=sex", soop)
    links: list[Any] = file_links("table-one", view, ["docx", "script"])
    word, script = links
    assert word.children == "Word"
    assert word.href == "/download/table-one.docx?age=60..80&by=sex"
    assert word.download == "table-one.docx"
    assert script.download == "table-one.py"
