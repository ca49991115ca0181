"""The outcome analysis of an address as files: what the page shows, its numbers, its script."""

from collections.abc import Iterator
from dataclasses import replace

from dash.development.base_component import Component
from flask import Flask

from analytics.outcome.describe import distribution_table
from analytics.outcome.export import model_file, model_report
from analytics.outcome.shift import shift_tables
from analytics.tables.formats import FORMATS, RESULT_FORMATS, render
from analytics.tables.table import Report, Table
from dashboard.downloads import file_links, register_files
from dashboard.jobs import Jobs
from dashboard.outcome_results import distribution_of, report_model, shift_of
from dashboard.outcome_study import study_file_of
from dashboard.view import View
from data_loader.errors import AnalysisError
from data_loader.index import Index, IndexFolder

OUTCOME = "outcome"
STUDY = "outcome-study"
"""Names of the files: of the model, and of what was asked for beside it."""


def outcome_report(view: View, index: Index) -> Report:
    """Every table of the page in one document, the model's first.

    Raises:
        InsulaError: there is no such model.
    """
    report = model_report(report_model(view, index))
    return replace(report, tables=(*report.tables, *_described(view, index)))


def _described(view: View, index: Index) -> Iterator[Table]:
    """What an index without several time points doesn't have is left out."""
    try:
        yield distribution_table(distribution_of(view, index))
        yield from shift_tables(shift_of(view, index))
    except AnalysisError:
        return


def outcome_links(view: View) -> list[Component]:
    """A link for each kind of file."""
    return file_links(OUTCOME, view, RESULT_FORMATS)


def register(server: Flask, folder: IndexFolder) -> None:
    """Add the routes."""

    def make(index: Index, view: View, extension: str) -> bytes:
        if extension in FORMATS:
            return render(outcome_report(view, index), extension)
        return model_file(report_model(view, index), extension)

    def make_study(index: Index, view: View, extension: str) -> bytes:
        return study_file_of(view, index, extension, Jobs(folder.path))

    register_files(server, folder, OUTCOME, RESULT_FORMATS, make)
    register_files(server, folder, STUDY, RESULT_FORMATS, make_study)
