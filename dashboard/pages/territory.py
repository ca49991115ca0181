"""Territories: in which arterial territories the cohort's infarcts lie, and how groups differ."""

from typing import Any

from dash import Dash, Input, Output, State, ctx, html, set_props
from dash.development.base_component import Component

from analytics.territory_report import territory_report
from dashboard import ids
from dashboard.components.territory_choices import territory_choices
from dashboard.components.territory_result import atlas_caption, territory_results
from dashboard.territory_filter import toggled_by
from dashboard.territory_report import territories_of, territory_links
from dashboard.view import View
from data_loader.errors import InsulaError
from data_loader.index import IndexFolder

PATH = "/territory"
NAME = "Territories"


def layout(path: str) -> Component:
    """Lay out the page; its parts are filled by callbacks."""
    links = html.Div(id=ids.TERRITORY_LINKS, className="links")
    summary = [
        html.Header([html.H2("Arterial territories"), links]),
        html.P(id=ids.TERRITORY_SAID, role="status", className="territory-said"),
        html.Div(id=ids.TERRITORY_CAPTION),
    ]
    return html.Div(
        [
            html.H1(NAME, className="sr-only"),
            html.Div(id=ids.TERRITORY_CHOICES, className="panel choices-side"),
            html.Div(
                [html.Section(summary, className="panel"), html.Div(id=ids.TERRITORY_RESULT)],
                className="choices-main",
            ),
        ],
        className="page with-choices territory",
    )


def register(app: Dash, folder: IndexFolder) -> None:
    """Add the page's callbacks: its controls once, its result whenever the address changes."""

    @app.callback(
        Output(ids.TERRITORY_CHOICES, "children"),
        Input(ids.URL, "pathname"),
        State(ids.URL, "search"),
    )
    def lay_choices(_: str, search: str) -> list[Component]:
        index = folder.current()
        return territory_choices(View.parse(search, index), index)

    @app.callback(
        Output(ids.TERRITORY_SAID, "children"),
        Output(ids.TERRITORY_CAPTION, "children"),
        Output(ids.TERRITORY_LINKS, "children"),
        Output(ids.TERRITORY_RESULT, "children"),
        Input(ids.URL, "search"),
    )
    def compute(search: str) -> tuple[Any, ...]:
        index = folder.current()
        view = View.parse(search, index)
        try:
            summary = territories_of(view, index)
            report = territory_report(summary)
            drawn = territory_results(report, summary, view, index, path=PATH)
        except InsulaError as error:
            return str(error), None, [], None
        said = dict(report.paragraphs)["Results"]
        return said, atlas_caption(summary), territory_links(view), drawn

    # Without an output: Dash would hold all that reads the address until this has answered.
    @app.callback(
        Input(ids.TERRITORY_BARS, "clickData", allow_optional=True),
        Input(ids.TERRITORY_NESTED, "clickData", allow_optional=True),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def narrow(*given: Any) -> None:
        index = folder.current()
        view = View.parse(given[-1], index)
        changed = view
        for entry in ctx.triggered:
            part = (entry["value"] or {"points": [{}]})["points"][0].get("customdata")
            if part:
                cohort = toggled_by(changed.cohort, str(part), index.variables)
                changed = changed.with_cohort(cohort)
                # The same bar can be clicked again.
                set_props(ctx.triggered_prop_ids[entry["prop_id"]], {"clickData": None})
        if changed != view:
            set_props(ids.URL, {"search": changed.search})
