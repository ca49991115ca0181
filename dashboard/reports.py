"""Results as files that a page links to: computed from the address, as the page itself is."""

from urllib.parse import quote

from dash import html
from dash.development.base_component import Component
from flask import Flask, Response, request

from analytics.table_one.choices import Choices
from analytics.table_one.cohorts import cohort_table_one
from analytics.table_one.export import EXTENSIONS, table_one_file
from analytics.table_one.result import TableOne
from analytics.tables.formats import FORMATS
from dashboard.view import View
from data_loader.cohort import Cohort
from data_loader.errors import CohortError, InsulaError
from data_loader.index import Index, IndexFolder

TABLE_ONE = "/download/table-one"

_NAMES = {"json": "JSON", "script": "Python script"}
_MEDIA_TYPES = {"json": "application/json", "script": "text/x-python"}


def table_one_of(view: View, index: Index, *, by: str) -> TableOne:
    """The Table 1 that an address asks for.

    Args:
        view: the address.
        index: where the values come from.
        by: what makes the columns where the address doesn't say.

    Raises:
        InsulaError: it asks for what these values can't give.
    """
    choices = Choices.parse({"by": "" if "against" in view.choices else by, **view.choices})
    against = None
    if query := view.choices.get("against"):
        against, notices = Cohort.parse(query, index.variables)
        if notices:
            raise CohortError(" ".join(notices))
    return cohort_table_one(index, view.cohort, choices, against=against)


def default_by(index: Index) -> str:
    """What makes the columns unless the address says so: the split, or else the sex."""
    return next((name for name in ("split", "center", "sex") if name in index.variables), "")


def report_links(view: View) -> list[Component]:
    """A link for each kind of file."""
    return [
        html.A(_name(extension), href=f"{TABLE_ONE}.{extension}{view.search}", download="")
        for extension in EXTENSIONS
    ]


def _name(extension: str) -> str:
    return FORMATS[extension].name if extension in FORMATS else _NAMES[extension]


def register(server: Flask, folder: IndexFolder) -> None:
    """Add the route."""

    @server.get(f"{TABLE_ONE}.<extension>")
    def table_one(extension: str) -> Response:
        index = folder.current()
        view = View.parse(request.query_string.decode("ascii", "replace"), index)
        try:
            content = table_one_file(table_one_of(view, index, by=default_by(index)), extension)
        except InsulaError as error:
            return Response(str(error), 400, mimetype="text/plain")
        ending = "py" if extension == "script" else extension
        kind = FORMATS[extension].media_type if extension in FORMATS else _MEDIA_TYPES[extension]
        name = quote(f"table-one.{ending}")
        headers = {"Content-Disposition": f"attachment; filename={name}"}
        return Response(content, mimetype=kind, headers=headers | {"Cache-Control": "no-store"})
