"""Patient: one subject."""

from dash import Dash, html
from dash.development.base_component import Component

from data_loader.index import IndexFolder

PATH = "/patient"
NAME = "Patient"


def layout(path: str) -> Component:
    """Lay out the page; its parts are filled by callbacks."""
    return html.Div([html.H1(NAME)], className="page")


def register(app: Dash, folder: IndexFolder) -> None:
    """Add the page's callbacks."""
