"""Quality: what is wrong with the cohort's files and values, and what isn't there."""

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from dashboard import downloads, ids
from dashboard.components.image_states import image_states
from dashboard.components.mosaic import mosaic
from dashboard.components.problem_chips import problem_chips
from dashboard.components.problem_summary import number_of, problem_summary
from dashboard.components.problem_table import (
    MOST_PLAIN,
    looked_for,
    page_of_problems,
    problem_grid,
    problem_table,
)
from dashboard.components.registrations import registrations
from dashboard.view import View
from data_loader.index import IndexFolder

PATH = "/quality"
NAME = "Quality"


def layout(path: str) -> Component:
    """Lay out the page; its parts are filled by callbacks."""
    csv = html.A("Download CSV", id=ids.PROBLEM_CSV, href="", download="")
    problems = [
        html.Header([html.H2("Problems"), csv]),
        html.P(id=ids.QUALITY_SAID, className="caption"),
        html.Div(id=ids.PROBLEM_CHIPS, className="problem-chips"),
        html.Div(id=ids.PROBLEM_TABLE),
        html.Div(problem_grid(), id=ids.PROBLEM_SCROLL, hidden=True),
        html.Details(
            [html.Summary("What is looked for"), looked_for()],
            id=ids.LOOKED_FOR,
            className="looked",
        ),
    ]
    return html.Div(
        [
            html.H1(NAME, className="sr-only"),
            html.Section(problems, className="panel"),
            _panel("Registration to standard space", ids.REGISTRATIONS),
            html.Div(
                [
                    _panel("Images by subject", ids.IMAGE_STATES),
                    _panel("Infarcts", ids.MOSAIC),
                ],
                className="quality-lower",
            ),
        ],
        className="page quality",
    )


def _panel(heading: str, part: str) -> Component:
    return html.Section([html.Header(html.H2(heading)), html.Div(id=part)], className="panel")


def register(app: Dash, folder: IndexFolder) -> None:
    """Add the page's callbacks: one a part, and one that hands the grid its rows."""

    @app.callback(
        Output(ids.QUALITY_SAID, "children"),
        Output(ids.PROBLEM_CHIPS, "children"),
        Output(ids.PROBLEM_TABLE, "children"),
        Output(ids.PROBLEM_SCROLL, "hidden"),
        Output(ids.PROBLEM_CSV, "href"),
        Output(ids.LOOKED_FOR, "open"),
        Input(ids.URL, "search"),
    )
    def list_problems(search: str) -> tuple[Any, ...]:
        index = folder.current()
        view = View.parse(search, index)
        counts = index.problem_counts(view.cohort)
        n = number_of(counts, view.quality.findings)
        return (
            problem_summary(counts, index, view, path=PATH),
            problem_chips(counts, view, path=PATH),
            problem_table(index, view, n=n),
            n <= MOST_PLAIN,
            downloads.PROBLEMS + view.search,
            not counts,
        )

    @app.callback(
        Output(ids.PROBLEM_GRID, "getRowsResponse"),
        Input(ids.PROBLEM_GRID, "getRowsRequest"),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def scroll_problems(request: dict[str, Any] | None, search: str) -> Any:
        if not request:
            return no_update
        index = folder.current()
        view = View.parse(search, index)
        n = number_of(index.problem_counts(view.cohort), view.quality.findings)
        return page_of_problems(index, view, request, n=n)

    @app.callback(Output(ids.IMAGE_STATES, "children"), Input(ids.URL, "search"))
    def list_images(search: str) -> list[Component]:
        index = folder.current()
        return image_states(index, View.parse(search, index), path=PATH)

    @app.callback(Output(ids.REGISTRATIONS, "children"), Input(ids.URL, "search"))
    def list_registrations(search: str) -> list[Component]:
        index = folder.current()
        return registrations(index, View.parse(search, index), path=PATH)

    @app.callback(Output(ids.MOSAIC, "children"), Input(ids.URL, "search"))
    def hang_mosaic(search: str) -> list[Component]:
        index = folder.current()
        view = View.parse(search, index)
        return mosaic(index, view, index.problem_counts(view.cohort), path=PATH)

    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash has no types here
        ClientsideFunction("insula", "refreshSubjects"),
        Input(ids.URL, "search"),
        State(ids.PROBLEM_GRID, "id", allow_optional=True),
        prevent_initial_call=True,
    )
