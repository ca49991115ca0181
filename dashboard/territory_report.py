"""The territories that an address asks for, and their files."""

from dash.development.base_component import Component
from flask import Flask

from analytics.tables.formats import RESULT_FORMATS
from analytics.territory_cohort import cohort_territories
from analytics.territory_report import territory_file
from analytics.territory_summary import TerritorySummary
from dashboard.downloads import file_links, register_files
from dashboard.view import View
from data_loader.index import Index, IndexFolder

TERRITORIES = "territories"
"""Name of the files."""


def territories_of(view: View, index: Index) -> TerritorySummary:
    """The territories that an address asks for.

    Raises:
        InsulaError: it asks for what these infarcts can't give.
    """
    by, level = (view.choices.get(key, "") for key in ("by", "atlas_level"))
    return cohort_territories(index, view.cohort, by=by, level=level)


def territory_links(view: View) -> list[Component]:
    """A link for each kind of file."""
    return file_links(TERRITORIES, view, RESULT_FORMATS)


def register(server: Flask, folder: IndexFolder) -> None:
    """Add the route."""

    def make(index: Index, view: View, extension: str) -> bytes:
        return territory_file(territories_of(view, index), extension)

    register_files(server, folder, TERRITORIES, RESULT_FORMATS, make)
