"""Map: where the infarcts of the cohort lie, how two groups differ, and what goes with a score."""

from dataclasses import replace
from typing import Any

from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component

from analytics.outcome.endpoint import usual_model
from dashboard import ids
from dashboard.components.choices import choice_select, choice_text, variable_options
from dashboard.components.map_job import job_panel, register_map_job
from dashboard.components.map_places import place_form, register_map_places
from dashboard.components.map_viewer import (
    TEMPLATE,
    map_info,
    map_legend,
    map_viewer,
    map_volumes,
    register_map_viewer,
    registration_sentence,
)
from dashboard.components.result_table import result_table
from dashboard.downloads import file_links
from dashboard.map_choices import (
    COVARIATES,
    DIFFERENCE,
    FREQUENCY,
    KINDS,
    LEAST,
    NO_COVARIATES,
    SYMPTOM,
    default_score,
    kind_of,
)
from dashboard.map_files import (
    FILE_NAME,
    FILES,
    LesionMaps,
    MapNotMade,
    MapPicture,
    atlas_address,
    register_map_files,
)
from dashboard.reports import default_by
from dashboard.view import View
from data_loader.errors import InsulaError
from data_loader.index import Index, IndexFolder
from data_loader.lesion_filter import LESION_AT

PATH = "/map"
NAME = "Map"

_METHODS = (
    ("brunner-munzel", "Brunner-Munzel (ranks)"),
    ("linear", "Linear model with covariates"),
)
_SHOWN = (("significant", "Voxels beyond chance"), ("tested", "All voxels tested"))
_KEYS = (
    "In the viewer: click or drag to point; arrows and wheel step through slices, 1 to 5 choose"
    " planes and 3D, + and - zoom, r resets."
)


def layout(path: str) -> Component:
    """Lay out the page; the template is fetched at once, the rest is filled by callbacks."""
    head = html.Header(
        [html.H2(NAME, id=ids.MAP_HEADING), html.Div(id=ids.MAP_LINKS, className="links")]
    )
    look = html.Div(
        [map_viewer(), place_form()],
        className="map-look",
    )
    return html.Div(
        [
            html.H1(NAME, className="sr-only"),
            html.Div(id=ids.MAP_CHOICES, className="panel choices-side"),
            html.Div(
                [
                    html.Section(
                        [
                            head,
                            html.Div(id=ids.MAP_SAID, role="status", className="map-said"),
                            job_panel(),
                            look,
                            html.P(_KEYS, className="help"),
                        ],
                        className="panel",
                    ),
                    html.Section(html.Div(id=ids.MAP_TABLES), className="panel"),
                ],
                className="choices-main",
            ),
        ],
        className="page with-choices map-page",
    )


def register(app: Dash, folder: IndexFolder) -> None:
    """Add the page's callbacks and the routes of its maps."""
    maps = LesionMaps(folder)
    register_map_files(app.server, folder, maps)
    register_map_viewer(app)
    register_map_places(app, folder)
    register_map_job(app, folder, maps)

    @app.callback(
        Output(ids.MAP_CHOICES, "children"),
        Input(ids.URL, "pathname"),
        State(ids.URL, "search"),
    )
    def lay_choices(_: str, search: str) -> list[Component]:
        index = folder.current()
        return _controls(View.parse(search, index), index)

    @app.callback(Output(ids.MAP_CHOICES, "className"), Input(ids.URL, "search"))
    def choose_controls(search: str) -> str:
        try:
            kind = kind_of(view := View.parse(search, folder.current()))
        except InsulaError:
            return "panel choices-side"
        linear = " map-linear" * (view.choices.get("map_method") == "linear")
        return f"panel choices-side map-{kind}{linear}"

    @app.callback(
        Output(ids.MAP_HEADING, "children"),
        Output(ids.MAP_SAID, "children"),
        Output(ids.MAP_LINKS, "children"),
        Output(ids.MAP_VIEWER, "volumes"),
        Output(ids.MAP_VIEWER, "alt"),
        Output(ids.MAP_INFO, "data"),
        Output(ids.MAP_LEGEND, "children"),
        Output(ids.MAP_TABLES, "children"),
        Input(ids.URL, "search"),
        Input(ids.MAP_DONE, "data"),
    )
    def show(search: str, _: str | None) -> tuple[Any, ...]:
        index = folder.current()
        view = View.parse(search, index)
        try:
            picture = maps.picture(index, view)
        except MapNotMade:
            return _without("Lesion and a score", "")
        except InsulaError as error:
            return _without(NAME, str(error))
        regions = maps.regions(index)
        info = map_info(
            picture,
            mosaic=f"/download/{FILE_NAME}.png{view.search}",
            at=_place_of(view),
        )
        return (
            picture.layer.title,
            _said(picture, view, index),
            file_links(FILE_NAME, view, FILES),
            map_volumes(picture, regions, atlas_address(index)),
            info["alt"],
            info,
            map_legend(picture),
            _tables(picture, index, view),
        )


def _without(heading: str, sentence: str) -> tuple[Any, ...]:
    """The page without a map: the template stays where it is."""
    return heading, sentence, [], [TEMPLATE], "The MNI152 template", None, None, None


def _said(picture: MapPicture, view: View, index: Index) -> list[Component]:
    said = dict(picture.report.paragraphs)
    placed = len(index.lesion_runs(view.cohort).subjects)
    size = index.count(view.cohort)
    of_whom = f" {placed:,} of the {size:,} subjects of the cohort have a lesion in standard space."
    return [
        html.P([html.Strong(said["Result"]), of_whom]),
        *(html.P(note, className="help") for note in picture.layer.notes),
        *(html.P(warning, className="map-warning") for warning in picture.report.warnings),
    ]


def _tables(picture: MapPicture, index: Index, view: View) -> list[Component]:
    said = dict(picture.report.paragraphs)
    registered = registration_sentence(index.registrations(view.cohort))
    # Files have the method under each table; here it stands once.
    known = (said["Methods"], *picture.report.warnings)
    tables = [
        replace(
            table,
            footnotes=tuple(
                note for note in table.footnotes if not any(note[1] in k for k in known)
            ),
        )
        for table in picture.report.tables
    ]
    report = replace(picture.report, tables=tables, warnings=())
    return [
        *(result_table(report, table) for table in tables),
        html.P([html.Strong("Methods. "), said["Methods"], " ", registered], className="caption"),
    ]


def _place_of(view: View) -> list[float] | None:
    """The place that the cohort is narrowed to, in mm."""
    found = (lesion for lesion in view.cohort.lesions if lesion.name == LESION_AT)
    text = next((lesion.expression for lesion in found), None)
    return [float(mm) for mm in text.split(",")[:3]] if text else None


def _controls(view: View, index: Index) -> list[Component]:
    groups = variable_options(index, "categorical", "binary", "ordinal")
    return [
        html.H2("Choices"),
        choice_select("map_kind", "Map of", KINDS, view, default=FREQUENCY, allowDeselect=False),
        _for(
            FREQUENCY,
            choice_text(
                "map_least", "Fewest lesions to show a voxel", view, default=LEAST[FREQUENCY]
            ),
        ),
        _for(
            DIFFERENCE,
            choice_select("by", "Groups", groups, view, default=default_by(index), searchable=True),
            choice_text("against", "Or beside another cohort", view, placeholder="sex=F&age=>=80"),
            choice_text("map_least", "Fewest lesions of both", view, default=LEAST[DIFFERENCE]),
        ),
        _for(SYMPTOM, *_symptom_controls(view, index)),
    ]


def _symptom_controls(view: View, index: Index) -> list[Component]:
    return [
        choice_select(
            "map_score",
            "Score",
            [
                *variable_options(index, "ordinal", "continuous", "count", "duration"),
                *_changes(index),
            ],
            view,
            default=default_score(index.variables),
            searchable=True,
            allowDeselect=False,
        ),
        choice_select(
            "map_method",
            "Test",
            _METHODS,
            view,
            default=_METHODS[0][0],
            allowDeselect=False,
        ),
        html.Div(
            choice_text(
                "map_terms",
                "Covariates",
                view,
                default=COVARIATES,
                description=f"Such as age,{COVARIATES},sex; or {NO_COVARIATES}.",
            ),
            className="for-linear",
        ),
        choice_select(
            "map_shown", "Shown", _SHOWN, view, default="significant", allowDeselect=False
        ),
        choice_text(
            "map_tested", "Fewest lesions to test a voxel", view, placeholder="5 %, at least 10"
        ),
        choice_text("map_permutations", "Permutations", view, default="1000"),
        choice_text("map_seed", "Seed", view, default="1"),
    ]


def _changes(index: Index) -> list[dict[str, Any]]:
    """Changes of NIHSS and mRS between two time points, as scores."""
    scores = [v for v in index.variables.values() if usual_model(v) == "ordinal"]
    items = [
        {"value": f"{late.name}-{early.name}", "label": f"{late.label} less {early.label}"}
        for at, early in enumerate(scores)
        for late in scores[at + 1 :]
        if early.group == late.group in ("NIHSS", "mRS")
    ]
    return [{"group": "Change", "items": items}] if items else []


def _for(kind: str, *controls: Component) -> Component:
    """Controls of one kind of map; the style sheet hides them beside another."""
    return html.Div(list(controls), className=f"for-map for-{kind}")
