"""Patient: one subject, the images and the record, within the cohort of the address."""

from typing import Any
from urllib.parse import unquote

from dash import Dash, Input, Output, html
from dash.development.base_component import Component

from dashboard import ids, images
from dashboard.aria import aria
from dashboard.components.clinical_record import clinical_record
from dashboard.components.course import course
from dashboard.components.infarct import infarct_measures
from dashboard.components.patient_files import image_list, problem_list
from dashboard.components.patient_heading import patient_heading
from dashboard.components.slices import (
    kind_choices,
    register_slices,
    slice_set,
    slice_strip,
    slices_panel,
)
from dashboard.components.territory import territory_said
from dashboard.components.viewer import component_list, register_viewer, viewer_panel
from dashboard.image_files import NotServed, only
from dashboard.record import position, read_record
from dashboard.stacks import Stacks
from dashboard.view import View
from dashboard.view_set import view_set
from data_loader.cohort import Cohort
from data_loader.index import Index, IndexFolder
from data_loader.rows import Row

PATH = "/patient"
NAME = "Patient"

_KEYS = (
    "Keys: [ or k for the patient before, ] or j for the one after. In the viewer: arrows and wheel"
    " step through slices, 1 to 5 choose planes, + and - zoom, comma and full stop step frames, r"
    " resets; dragging with the right button sets the window."
)


def layout(path: str) -> Component:
    """Lay out the page; its parts are filled by callbacks."""
    pictures = html.Section(
        [viewer_panel(), slices_panel()], className="panel", **aria(label="Viewer")
    )
    measures = html.Section(
        [html.Div(id=ids.PATIENT_INFARCT), html.Div(id=ids.COMPONENTS)],
        className="panel infarct",
        **aria(label="Infarct"),
    )
    return html.Div(
        [
            html.Div(id=ids.PATIENT_HEAD),
            html.Div([pictures, measures], className="look"),
            html.Div(id=ids.PATIENT_COURSE),
            html.Div(id=ids.PATIENT_RECORD),
            html.Div(id=ids.PATIENT_FILES),
            html.P(_KEYS, className="help keys"),
        ],
        className="page patient",
    )


def register(app: Dash, folder: IndexFolder) -> None:
    """Add the page's callbacks and the routes of its images."""
    stacks = images.register(app.server, folder)
    register_slices(app)
    register_viewer(app)

    @app.callback(
        Output(ids.PATIENT_HEAD, "children"),
        Output(ids.PATIENT_INFARCT, "children"),
        Output(ids.PATIENT_COURSE, "children"),
        Output(ids.PATIENT_RECORD, "children"),
        Output(ids.PATIENT_FILES, "children"),
        Input(ids.URL, "pathname"),
        Input(ids.URL, "search"),
    )
    def show_record(path: str, search: str) -> tuple[Component | None, ...]:
        index = folder.current()
        view = View.parse(search, index)
        row = subject_at(path, view.cohort, index)
        if row is None:
            return _nobody(path, view.cohort, index), None, None, None, None
        return _record(index, view, row)

    @app.callback(
        Output(ids.SLICE_SET, "data"),
        Output(ids.SLICE_KIND, "data"),
        Output(ids.SLICE_KIND, "value"),
        Output(ids.SLICE_STRIP, "children"),
        Output(ids.VIEW_SET, "data"),
        Output(ids.COMPONENTS, "children"),
        Input(ids.URL, "pathname"),
        Input(ids.URL, "search"),
    )
    def show_images(path: str, search: str) -> tuple[Any, ...]:
        index = folder.current()
        row = subject_at(path, View.parse(search, index).cohort, index)
        return _images(index, row, stacks) if row else _NO_IMAGES


_NO_IMAGES: tuple[Any, ...] = ({"kinds": {}}, [], None, None, None, None)


def subject_at(path: str, cohort: Cohort, index: Index) -> Row | None:
    """The subject that an address names, or the cohort's first if it names none.

    Args:
        path: `/patient` or `/patient/<dataset>/<subject>`.
        cohort: of the address.
        index: where to look.
    """
    named = [unquote(part) for part in path.removeprefix(PATH).strip("/").split("/")]
    if named == [""]:
        first = index.subjects(cohort, columns=[], limit=1)
        named = [first[0]["dataset"], first[0]["subject"]] if first else []
    return index.subject(*named) if len(named) == 2 else None


def _nobody(path: str, cohort: Cohort, index: Index) -> Component:
    if path.rstrip("/") == PATH:
        said = "The cohort is empty: no subject meets all filters. Drop one of them above."
    else:
        said = f"There is no subject {unquote(path.removeprefix(PATH).strip('/'))} in this index."
    return html.Div([html.H1("No patient"), html.P(said)])


def _record(index: Index, view: View, row: Row) -> tuple[Component | None, ...]:
    name = row["dataset"], row["subject"]
    problems = index.problems(only(*name))
    lesions = index.lesions(only(*name))
    groups = read_record(index, view.cohort, row, problems)
    entries = {entry.variable.name: entry for group in groups.values() for entry in group}
    place = position(index, view.cohort, *name)
    ways = index.registrations(only(*name))
    infarct = infarct_measures(
        lesions[0] if lesions else None,
        groups.get("Imaging", []),
        territory_said(index, row, ways[0] if ways else None),
    )
    return (
        patient_heading(index, row, place, view),
        infarct,
        course(entries),
        clinical_record(groups, n=place.n),
        html.Div([image_list(index.images(only(*name))), problem_list(problems)]),
    )


def _images(index: Index, row: Row, stacks: Stacks) -> tuple[Any, ...]:
    name = row["dataset"], row["subject"]
    try:
        found = stacks.describe(index, *name)
    except NotServed as error:
        return _without_images(str(error))
    if not found.grids:
        return _without_images("There is no image of this subject that can be shown.")
    slices = slice_set(*name, found, volume_ml=row.get("volume_ml"))
    seen = view_set(index, row, found)
    return (
        slices,
        kind_choices(slices),
        next(iter(slices["kinds"])),
        slice_strip(slices),
        seen,
        component_list(seen["components"]),
    )


def _without_images(sentence: str) -> tuple[Any, ...]:
    return ({"kinds": {}}, [], None, html.P(sentence), None, None)
