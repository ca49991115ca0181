"""Files that a page links to: rows of the cohort in the address, as CSV."""

from flask import Flask, Response, request

from dashboard.view import View
from data_loader.index import IndexFolder
from data_loader.rows import rows_as_csv

SUBJECTS = "/download/subjects.csv"
PROBLEMS = "/download/problems.csv"


def register(server: Flask, folder: IndexFolder) -> None:
    """Add the routes; of the view, only which problems are listed is heeded."""

    @server.get(SUBJECTS)
    def subjects() -> Response:
        index = folder.current()
        return _csv(rows_as_csv(index.subjects(_view().cohort)), "subjects.csv")

    @server.get(PROBLEMS)
    def problems() -> Response:
        index, view = folder.current(), _view()
        rows = index.problems(view.cohort, view.quality.findings)
        return _csv(rows_as_csv(rows), "problems.csv")

    def _view() -> View:
        return View.parse(request.query_string.decode("ascii", "replace"), folder.current())


def _csv(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "no-store"}
    return Response(text, mimetype="text/csv", headers=headers)
