"""What an address shows that is no page."""

from dash import dcc, html
from dash.development.base_component import Component


def layout(path: str) -> Component:
    """Say that there is no such page."""
    return html.Div(
        [
            html.H1("No such page"),
            html.P(["There is nothing here. ", dcc.Link("To the overview", href="/"), "."]),
        ],
        className="page",
    )
