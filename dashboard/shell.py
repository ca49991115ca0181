"""The frame around every page: header, cohort bar, banners, notices; and the app that holds it.

Pages are modules with `PATH`, `NAME`, `layout(path)` and `register(app, folder)`. The address is
the state: its path chooses the page, its query the cohort and the view.
"""

import logging
from pathlib import Path
from typing import Protocol

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, set_props
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard import (
    downloads,
    ids,
    outcome_report,
    printed_figures,
    reports,
    territory_report,
)
from dashboard.aria import aria, unseen
from dashboard.components.choices import register_choices
from dashboard.components.cohort_bar import cohort_bar
from dashboard.components.order_list import register_order_lists
from dashboard.components.table_one_rows import row_details
from dashboard.freshness import Freshness, freshness_of
from dashboard.pages import (
    cohort,
    missing,
    outcome,
    overview,
    patient,
    quality,
    table_one,
    territory,
)
from dashboard.pages import map as lesion_map
from dashboard.security import protect
from dashboard.theme import THEME
from dashboard.view import View
from data_loader.errors import InsulaError
from data_loader.index import Index, IndexFolder

_LOG = logging.getLogger(__name__)


class Page(Protocol):
    """A module of `dashboard.pages`."""

    PATH: str
    NAME: str

    def layout(self, path: str) -> Component:
        """Lay the page out; its parts are filled by callbacks."""

    def register(self, app: Dash, folder: IndexFolder) -> None:
        """Add the page's callbacks."""


_PAGES: tuple[Page, ...] = (
    *(overview, cohort, table_one, territory, lesion_map, outcome),
    *(quality, patient),
)
_CLOCK_MS = 30_000

_HTML = """<!DOCTYPE html>
<html lang="en">
<head>{%metas%}<title>{%title%}</title>{%favicon%}{%css%}</head>
<body><a class="skip-link" href="#content">Skip to content</a>{%app_entry%}
<footer>{%config%}{%scripts%}{%renderer%}</footer></body>
</html>"""


def create_dash(folder: IndexFolder) -> Dash:
    """Make the app over the index in a folder; whatever version is current answers a request."""
    app = Dash(
        "insula",
        title="Insula",
        assets_folder=str(_assets()),
        index_string=_HTML,
        update_title="Insula",
        serve_locally=True,
        health_endpoint="health",
        enable_mcp=False,
        on_error=_tell,
    )
    # Dash would ask its makers' server for a newer version.
    app.enable_dev_tools(debug=False, dev_tools_disable_version_check=True)
    app.layout = _layout()
    app.validation_layout = html.Div(  # type: ignore[assignment]  # Dash types it as None
        [_layout(), *(page.layout(page.PATH) for page in _PAGES)]
    )
    _register(app, folder)
    for page in _PAGES:
        page.register(app, folder)
    register_choices(app, folder)
    register_order_lists(app, folder, {"rows": row_details})
    downloads.register(app.server, folder)
    reports.register(app.server, folder)
    territory_report.register(app.server, folder)
    outcome_report.register(app.server, folder)
    printed_figures.register(app.server, folder)
    protect(app)
    return app


def _assets() -> Path:
    """Beside the packages in a checkout; inside this one where a wheel was installed."""
    inside = Path(__file__).parent / "_assets"
    return inside if inside.is_dir() else Path(__file__).parents[1] / "assets"


def _tell(error: Exception) -> None:
    """Log a failed callback and say so on the page; the sentence of our own errors is shown."""
    _LOG.error("A callback failed.", exc_info=error)
    sentence = (
        str(error)
        if isinstance(error, InsulaError)
        else "Something went wrong here; the log of the server says what."
    )
    set_props(ids.FAULT, {"children": dmc.Alert(sentence, color="red")})


def _layout() -> dmc.MantineProvider:
    header = html.Header(
        [
            dcc.Link("Insula", href="/", className="brand"),
            html.Nav(id=ids.NAVIGATION, className="navigation", **aria(label="Pages")),
            html.Button(
                "Light / dark",
                id=ids.THEME_BUTTON,
                className="quiet-button",
                title="Switch between light and dark",
            ),
        ],
        className="header",
    )
    main = html.Main(id=ids.CONTENT, tabIndex="-1")
    return dmc.MantineProvider(
        [
            dcc.Location(id=ids.URL, refresh=False),
            dcc.Interval(id=ids.CLOCK, interval=_CLOCK_MS),
            header,
            html.Aside(id=ids.BANNERS, **aria(label="About these data")),
            html.Section(id=ids.COHORT_BAR, className="cohort-bar", **aria(label="Cohort")),
            html.Div(id=ids.NOTICES, role="status", className="notices"),
            html.Div(id=ids.FAULT, role="alert", className="notices"),
            main,
        ],
        id=ids.PROVIDER,
        theme=THEME,
    )


def _register(app: Dash, folder: IndexFolder) -> None:
    freshness = freshness_of(folder)

    @app.callback(
        Output(ids.CONTENT, "children"),
        Output(ids.CONTENT, "data-page"),
        Input(ids.URL, "pathname"),
        State(ids.CONTENT, "data-page"),
    )
    def open_page(path: str, shown: str | None) -> tuple[Component, str]:
        page = _page_at(path)
        name = page.NAME if page else path
        if name == shown:
            # The next patient: the page stays, and with it the viewers' WebGL contexts.
            raise PreventUpdate
        return (page or missing).layout(path), name

    @app.callback(
        Output(ids.COHORT_BAR, "children"),
        Output(ids.NAVIGATION, "children"),
        Output(ids.NOTICES, "children"),
        Output(ids.FAULT, "children"),
        Input(ids.URL, "pathname"),
        Input(ids.URL, "search"),
    )
    def describe_cohort(
        path: str, search: str
    ) -> tuple[list[Component], list[Component], list[Component], None]:
        index = folder.current()
        view = View.parse(search, index)
        bar = cohort_bar(view, path=path, n=index.count(view.cohort), of=index.size)
        return bar, _links(path, view), _notices(view, index), None

    @app.callback(Output(ids.BANNERS, "children"), Input(ids.CLOCK, "n_intervals"))
    def warn(_: int | None) -> list[Component]:
        return _banners(folder.current(), freshness)

    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash has no types here
        ClientsideFunction("insula", "switchTheme"),
        Output(ids.PROVIDER, "forceColorScheme"),
        Input(ids.THEME_BUTTON, "n_clicks"),
        State(ids.PROVIDER, "forceColorScheme"),
    )


def _page_at(path: str) -> Page | None:
    return next((p for p in _PAGES if path == p.PATH or path.startswith(f"{p.PATH}/")), None)


def _links(path: str, view: View) -> list[Component]:
    here = _page_at(path)
    return [
        dcc.Link(
            [page.NAME, unseen(" (this page)") if page is here else None],
            href=page.PATH + view.search,
            className="here" if page is here else "",
        )
        for page in _PAGES
    ]


def _notices(view: View, index: Index) -> list[Component]:
    sentences = list(view.notices)
    if unknown := index.unknown_labels(view.cohort) if view.cohort.subjects else []:
        named = ", ".join(unknown[:5]) + (" and others" if len(unknown) > 5 else "")
        verb = "is" if len(unknown) == 1 else "are"
        sentences.append(f"Of the listed subjects {len(unknown)} {verb} not here: {named}.")
    return [dmc.Alert(sentence, color="yellow", py="xs") for sentence in sentences]


def _banners(index: Index, freshness: Freshness) -> list[Component]:
    made_up = [dataset.title for dataset in index.datasets if dataset.synthetic]
    banners: list[Component] = [
        html.Div(
            [html.Strong("Synthetic data. "), f"{title}: no patient is behind any of it."],
            className="banner banner-synthetic",
            role="note",
        )
        for title in made_up
    ]
    if sentence := freshness.sentence():
        banners.append(html.Div(sentence, className="banner banner-stale", role="status"))
    return banners
