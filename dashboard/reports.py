"""Results as files that a page links to: computed from the address, as the page itself is."""

from dash.development.base_component import Component
from flask import Flask

from analytics.table_one.choices import Choices
from analytics.table_one.cohorts import cohort_table_one
from analytics.table_one.export import table_one_file
from analytics.table_one.result import TableOne
from analytics.tables.formats import RESULT_FORMATS
from dashboard.downloads import file_links, register_files
from dashboard.view import View
from data_loader.cohort import Cohort
from data_loader.errors import CohortError
from data_loader.index import Index, IndexFolder

TABLE_ONE = "table-one"
"""Name of the files."""


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
    return file_links(TABLE_ONE, view, RESULT_FORMATS)


def register(server: Flask, folder: IndexFolder) -> None:
    """Add the route."""

    def make(index: Index, view: View, extension: str) -> bytes:
        return table_one_file(table_one_of(view, index, by=default_by(index)), extension)

    register_files(server, folder, TABLE_ONE, RESULT_FORMATS, make)
