"""Table 1: the cohort's characteristics by group, as journals print them."""

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from analytics.table_one.alike import balances
from analytics.table_one.cohorts import table_one_report
from dashboard import ids
from dashboard.components.result_table import result_table
from dashboard.components.table_one_balance import balance_list
from dashboard.components.table_one_choices import cohort_pair, table_one_choices
from dashboard.components.table_one_rows import register_row_details
from dashboard.figures.love_plot import love_plot
from dashboard.printed_figures import LOVE_PLOT, figure_links
from dashboard.reports import default_by, report_links, table_one_of
from dashboard.view import View
from data_loader.errors import InsulaError
from data_loader.index import IndexFolder

PATH = "/table-one"
NAME = "Table 1"


def layout(path: str) -> Component:
    """Lay out the page; its parts are filled by callbacks."""
    result = [
        html.Header([html.H2(NAME), html.Div(id=ids.TABLE_ONE_LINKS, className="links")]),
        html.Div(id=ids.COHORT_PAIR, className="links"),
        html.Div(id=ids.TABLE_ONE_SAID, role="status"),
        html.Div(id=ids.TABLE_ONE),
    ]
    plot = dcc.Graph(id=ids.LOVE_PLOT, figure={}, config={"displayModeBar": False})
    balance = [
        html.Header(
            [html.H2("Are the columns alike?"), html.Div(id=ids.LOVE_PLOT_LINKS, className="links")]
        ),
        html.P(id=ids.ALIKE),
        plot,
        html.Div(id=ids.BALANCE_LIST),
    ]
    return html.Div(
        [
            html.H1(NAME, className="sr-only"),
            html.Div(id=ids.TABLE_ONE_CHOICES, className="panel choices-side"),
            html.Div(
                [
                    html.Section(result, className="panel"),
                    html.Section(balance, className="panel"),
                ],
                className="choices-main",
            ),
        ],
        className="page with-choices",
    )


def register(app: Dash, folder: IndexFolder) -> None:
    """Add the page's callbacks: its controls once, its result whenever the address changes."""

    @app.callback(
        Output(ids.TABLE_ONE_CHOICES, "children"),
        Input(ids.URL, "pathname"),
        State(ids.URL, "search"),
    )
    def lay_choices(_: str, search: str) -> list[Component]:
        index = folder.current()
        return table_one_choices(View.parse(search, index), index)

    @app.callback(
        Output(ids.TABLE_ONE, "children"),
        Output(ids.TABLE_ONE_SAID, "children"),
        Output(ids.TABLE_ONE_LINKS, "children"),
        Output(ids.ALIKE, "children"),
        Output(ids.LOVE_PLOT, "figure"),
        Output(ids.BALANCE_LIST, "children"),
        Output(ids.LOVE_PLOT_LINKS, "children"),
        Input(ids.URL, "search"),
    )
    def compute(search: str) -> tuple[Any, ...]:
        index = folder.current()
        view = View.parse(search, index)
        try:
            table = table_one_of(view, index, by=default_by(index))
            report = table_one_report(table)
        except InsulaError as error:
            return None, str(error), [], "", love_plot(()), None, []
        said = dict(report.paragraphs)
        drawn = [result_table(report, one) for one in report.tables]
        method = html.P([html.Strong("Methods. "), said["Methods"]], className="caption")
        found = balances(table)
        return (
            [*drawn, method],
            "",
            report_links(view),
            said.get("Balance", ""),
            love_plot(found),
            balance_list(found),
            figure_links(LOVE_PLOT, view) if found else [],
        )

    @app.callback(Output(ids.COHORT_PAIR, "children"), Input(ids.URL, "search"))
    def link_cohorts(search: str) -> list[Component]:
        index = folder.current()
        return cohort_pair(View.parse(search, index), index)

    # A click on a point leads to its row, as the links of the list do.
    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash has no types here
        ClientsideFunction("insula", "showRow"), Input(ids.LOVE_PLOT, "clickData")
    )
    register_row_details(app, folder)
