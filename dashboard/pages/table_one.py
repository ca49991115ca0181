"""Table 1: the cohort's characteristics by group, as journals print them."""

from typing import Any

from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from analytics.table_one.alike import balances
from analytics.table_one.choices import paper_rows
from analytics.table_one.cohorts import table_one_report
from dashboard import ids
from dashboard.components.choices import choice_select, choice_text, variable_options
from dashboard.components.order_list import order_list
from dashboard.components.result_table import result_table
from dashboard.figures.love_plot import love_plot
from dashboard.reports import default_by, report_links, table_one_of
from dashboard.view import View
from data_loader.errors import InsulaError
from data_loader.index import Index, IndexFolder

PATH = "/table-one"
NAME = "Table 1"

_STYLES = (("journal", "By kind of variable"), ("paper", "As the paper: mean ± SD"))
_BLANKS = (("cells", "n in the cells"), ("rows", "Rows of missing"), ("none", "Not shown"))
_ADJUST = (("none", "Not adjusted"), ("holm", "Holm"), ("bh", "Benjamini-Hochberg"))
_CELLS = (("0", "None hidden"), ("5", "Below 5"), ("10", "Below 10"), ("11", "Below 11"))


def layout(path: str) -> Component:
    """Lay out the page; its parts are filled by callbacks."""
    result = [
        html.Header([html.H2(NAME), html.Div(id=ids.TABLE_ONE_LINKS, className="links")]),
        html.Div(id=ids.TABLE_ONE_SAID, role="status"),
        html.Div(id=ids.TABLE_ONE),
    ]
    plot = dcc.Graph(id=ids.LOVE_PLOT, figure={}, config={"displayModeBar": False})
    balance = [html.Header(html.H2("Are the columns alike?")), html.P(id=ids.ALIKE), plot]
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
        return _controls(View.parse(search, index), index)

    @app.callback(
        Output(ids.TABLE_ONE, "children"),
        Output(ids.TABLE_ONE_SAID, "children"),
        Output(ids.TABLE_ONE_LINKS, "children"),
        Output(ids.ALIKE, "children"),
        Output(ids.LOVE_PLOT, "figure"),
        Input(ids.URL, "search"),
    )
    def compute(search: str) -> tuple[Any, ...]:
        index = folder.current()
        view = View.parse(search, index)
        try:
            table = table_one_of(view, index, by=default_by(index))
            report = table_one_report(table)
        except InsulaError as error:
            return None, str(error), [], "", love_plot(())
        said = dict(report.paragraphs)
        drawn = [result_table(report, one) for one in report.tables]
        method = html.P([html.Strong("Methods. "), said["Methods"]], className="caption")
        plot = love_plot(balances(table))
        return [*drawn, method], "", report_links(view), said.get("Balance", ""), plot


def _controls(view: View, index: Index) -> list[Component]:
    groups = variable_options(index, "categorical", "binary", "ordinal")
    by = default_by(index)
    rows = paper_rows(index.variables, (by,) if by else ())
    return [
        html.H2("Choices"),
        choice_select("by", "Columns", groups, view, default=by, searchable=True),
        choice_text("against", "Or beside another cohort", view, placeholder="sex=F&age=>=80"),
        choice_select("style", "Summaries", _STYLES, view, default="journal", allowDeselect=False),
        choice_select("blanks", "Missing", _BLANKS, view, default="cells", allowDeselect=False),
        choice_select("adjust", "p-values", _ADJUST, view, default="none", allowDeselect=False),
        choice_select("cells", "Small counts", _CELLS, view, default="0", allowDeselect=False),
        html.H3("Rows"),
        order_list("rows", "Rows", view, default=rows),
    ]
