"""Cohort: charts that filter one another, and the subjects that are left."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import dash_mantine_components as dmc
from dash import (
    ALL,
    ClientsideFunction,
    Dash,
    Input,
    Output,
    State,
    ctx,
    dcc,
    html,
    no_update,
    set_props,
)
from dash.development.base_component import Component

from dashboard import downloads, ids
from dashboard.aria import aria
from dashboard.components.attrition import attrition_table
from dashboard.components.chart_card import chart_card, draw_cards
from dashboard.components.gallery import (
    gallery_sort,
    lesion_gallery,
    sort_choices,
    sorted_by,
)
from dashboard.components.subject_table import (
    column_definitions,
    page_of_rows,
    subject_table,
)
from dashboard.view import View, variables_by_group
from data_loader.cohort import SUBJECT, Cohort
from data_loader.index import Index, IndexFolder

PATH = "/cohort"
NAME = "Cohort"

_HELP = (
    "Drag over a chart to keep a range, click a bar to keep or drop it, or type a filter such as"
    " 60..80, >=15 or missing. Grey is everyone, colour the cohort."
)


def layout(path: str) -> Component:
    """Lay out the page; its parts are filled by callbacks."""
    labels = html.Details(
        [
            html.Summary("Paste a list of subjects"),
            dmc.Textarea(
                id=ids.LABELS,
                placeholder="sub-3, sub-9 …",
                autosize=True,
                minRows=2,
                maxRows=8,
                **aria(label="Subjects, separated by commas or blanks"),
            ),
            dmc.Button("Keep only these", id=ids.LABELS_BUTTON, size="xs", mt=6),
        ],
        className="labels",
    )
    return html.Div(
        [
            html.H1(NAME, className="sr-only"),
            html.Div(
                [html.P(_HELP, className="help"), html.Div(id=ids.SCALE_LINKS), labels],
                className="toolbar",
            ),
            html.Div(id=ids.CARDS, className="cards"),
            html.Section([html.H2("Who is left"), html.Div(id=ids.ATTRITION)], className="panel"),
            html.Section(
                [
                    html.Header([html.H2("Infarcts"), gallery_sort()]),
                    html.Div(id=ids.GALLERY, className="gallery"),
                ],
                className="panel",
            ),
            html.Section(
                [
                    html.Header(
                        [
                            html.H2("Subjects"),
                            html.A("Download CSV", id=ids.CSV_LINK, href="", download=""),
                        ]
                    ),
                    subject_table(),
                ],
                className="panel",
            ),
        ],
        className="page",
    )


def register(app: Dash, folder: IndexFolder) -> None:
    """Add the page's callbacks: two read the address, one writes it, the table asks for rows."""

    @app.callback(
        Output(ids.CARDS, "children"),
        Output(ids.SCALE_LINKS, "children"),
        Input(ids.URL, "search"),
        State(ids.chart_part(ids.CHART, ALL), "id"),
    )
    def lay_cards(search: str, laid: list[dict[str, str]]) -> tuple[Any, Component]:
        index = folder.current()
        view = View.parse(search, index)
        links = _scale_links(view)
        if laid and [part["name"] for part in laid] == list(view.charts):
            return no_update, links
        cards = [chart_card(card, view, index, path=PATH) for card in draw_cards(view, index)]
        return [*cards, _add_card(view, index)], links

    @app.callback(
        Output(ids.chart_part(ids.CHART, ALL), "figure"),
        Output(ids.chart_part(ids.CAPTION, ALL), "children"),
        Output(ids.chart_part(ids.COUNTS, ALL), "data"),
        Output(ids.chart_part(ids.FILTER, ALL), "value"),
        Input(ids.URL, "search"),
        State(ids.chart_part(ids.CHART, ALL), "id"),
        prevent_initial_call=True,
    )
    def redraw(search: str, laid: list[dict[str, str]]) -> tuple[list[Any], ...]:
        index = folder.current()
        view = View.parse(search, index)
        if [part["name"] for part in laid] != list(view.charts):
            # The cards are being laid anew; these are about to go.
            return tuple([no_update] * len(laid) for _ in range(4))
        cards = draw_cards(view, index)
        return (
            [card.figure for card in cards],
            [card.caption for card in cards],
            [card.counts for card in cards],
            [card.expression for card in cards],
        )

    @app.callback(
        Output(ids.ATTRITION, "children"),
        Output(ids.CSV_LINK, "href"),
        Output(ids.SUBJECTS, "columnDefs"),
        Input(ids.URL, "search"),
    )
    def count_left(search: str) -> tuple[Component, str, list[dict[str, Any]]]:
        index = folder.current()
        view = View.parse(search, index)
        left = attrition_table(index.attrition(view.cohort), of=index.size)
        query = view.cohort.query()
        link = f"{downloads.SUBJECTS}?{query}" if query else downloads.SUBJECTS
        return left, link, column_definitions(index, view.charts)

    @app.callback(
        Output(ids.GALLERY, "children"),
        Output(ids.GALLERY_SORT, "data"),
        Output(ids.GALLERY_SORT, "value"),
        Input(ids.URL, "search"),
    )
    def hang_gallery(search: str) -> tuple[list[Component], list[dict[str, Any]], str]:
        index = folder.current()
        view = View.parse(search, index)
        pictures = lesion_gallery(view, index, path=PATH)
        return pictures, sort_choices(index), sorted_by(view, index)

    @app.callback(
        Output(ids.SUBJECTS, "getRowsResponse"),
        Input(ids.SUBJECTS, "getRowsRequest"),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def list_subjects(request: dict[str, Any] | None, search: str) -> Any:
        if not request:
            return no_update
        index = folder.current()
        view = View.parse(search, index)
        return page_of_rows(index, view.cohort, view.charts, request, search=view.search)

    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash has no types here
        ClientsideFunction("insula", "lightBar"),
        Input(ids.chart_part(ids.CHART, ALL), "hoverData"),
    )

    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash has no types here
        ClientsideFunction("insula", "refreshSubjects"),
        Input(ids.URL, "search"),
        State(ids.SUBJECTS, "id", allow_optional=True),
        prevent_initial_call=True,
    )

    # Without an output: Dash would hold all that reads the address until this has answered.
    @app.callback(
        Input(ids.chart_part(ids.CHART, ALL), "selectedData"),
        Input(ids.chart_part(ids.CHART, ALL), "clickData"),
        Input(ids.chart_part(ids.FILTER, ALL), "n_submit"),
        Input(ids.LABELS_BUTTON, "n_clicks", allow_optional=True),
        Input(ids.ADD_CHART, "value", allow_optional=True),
        Input(ids.GALLERY_SORT, "value", allow_optional=True),
        State(ids.chart_part(ids.FILTER, ALL), "id"),
        State(ids.chart_part(ids.FILTER, ALL), "value"),
        State(ids.LABELS, "value", allow_optional=True),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def write_address(*given: Any) -> None:
        filters, typed, labels, search = given[-4:]
        texts: dict[str, str | None] = {
            part["name"]: text for part, text in zip(filters, typed, strict=True)
        }
        index = folder.current()
        view = View.parse(search, index)
        texts[SUBJECT] = labels
        changed = view
        # Several, where one was used while another was still on its way.
        for entry in ctx.triggered:
            if entry["value"]:
                part, prop = ctx.triggered_prop_ids[entry["prop_id"]], entry["prop_id"]
                used = _Used(part, prop.rpartition(".")[2], entry["value"], texts)
                changed = _changed(changed, index, used)
        if changed != view:
            set_props(ids.URL, {"search": changed.search})


@dataclass(frozen=True)
class _Used:
    """What the reader used.

    Attributes:
        part: id of the component.
        prop: which of its properties changed.
        value: to what.
        texts: what stands in the fields, by the variable that they filter.
    """

    part: Any
    prop: str
    value: Any
    texts: Mapping[str, str | None]


def _changed(view: View, index: Index, used: _Used) -> View:
    """The view that the reader asks for.

    Raises:
        CohortError: a filter can't be read.
    """
    if used.part == ids.ADD_CHART:
        return view.with_charts((*view.charts, str(used.value)))
    if used.part == ids.GALLERY_SORT:
        is_same = used.value == sorted_by(view, index)
        return view if is_same else replace(view, sort=str(used.value), page=1)
    name = SUBJECT if used.part == ids.LABELS_BUTTON else str(used.part["name"])
    return view.with_cohort(_filtered(view.cohort, index, name, used))


def _filtered(cohort: Cohort, index: Index, name: str, used: _Used) -> Cohort:
    if used.prop == "clickData":
        clicked = str(used.value["points"][0]["customdata"])
        return cohort.toggled(name, clicked, index.variables)
    if used.prop == "selectedData":
        stretch = (used.value.get("range") or {}).get("x") or (0, 0)
        between = index.scale(name).expression_between(*sorted(stretch))
        return cohort.with_filter(name, between, index.variables) if between else cohort
    return cohort.with_filter(name, used.texts.get(name) or "", index.variables)


def _scale_links(view: View) -> Component:
    """Two links, of which the one at hand is marked: counts or percentages."""
    links = [
        dcc.Link(
            label,
            href=PATH + replace(view, as_share=as_share).search,
            className="here" if as_share == view.as_share else "",
        )
        for label, as_share in (("Counts", False), ("Percentages", True))
    ]
    return html.Div(links, className="switch", role="group", **aria(label="Bars show"))


def _add_card(view: View, index: Index) -> Component:
    groups = [
        {
            "group": heading,
            "items": [
                {"value": variable.name, "label": variable.heading}
                for variable in variables
                if variable.name not in view.charts
            ],
        }
        for heading, variables in variables_by_group(index).items()
    ]
    reset = dcc.Link("Default charts", href=PATH + view.with_charts(view.default_charts).search)
    return html.Article(
        [
            dmc.Select(
                id=ids.ADD_CHART,
                label="Add a variable",
                placeholder="Search the dictionary",
                data=[group for group in groups if group["items"]],
                searchable=True,
                nothingFoundMessage="No such variable",
            ),
            reset if view.charts != view.default_charts else None,
        ],
        className="card card-add",
    )
