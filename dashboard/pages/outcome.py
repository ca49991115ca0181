"""Outcome: the mRS described, compared, modelled, looked at and said, for the cohort at hand."""

from collections.abc import Callable, Mapping
from typing import Any

from dash import Dash, Input, Output, State, html, set_props
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.aria import aria
from dashboard.components.outcome_choices import outcome_choices, register_outcome_choices
from dashboard.components.outcome_compare import compare_section
from dashboard.components.outcome_describe import describe_section
from dashboard.components.outcome_model import fitted_part, model_section
from dashboard.components.outcome_see import (
    curves_part,
    cuts_part,
    influence_part,
    predicted_part,
)
from dashboard.components.outcome_validate import register_validate, validate_panel
from dashboard.components.outcome_words import words_section
from dashboard.components.subject_table import patient_href
from dashboard.components.term_picker import register_term_picker
from dashboard.outcome_report import outcome_links
from dashboard.view import View
from data_loader.index import Index, IndexFolder

PATH = "/outcome"
NAME = "Outcome"

Section = Callable[[View, Index], list[Component]]

_LATER: Mapping[str, tuple[Section, tuple[str, ...]]] = {
    ids.OUTCOME_COMPARE: (compare_section, ("weights", "reading")),
    ids.OUTCOME_FITTED: (fitted_part, ()),
    ids.OUTCOME_CUTS: (cuts_part, ("reading",)),
    ids.OUTCOME_PREDICTED: (predicted_part, ("along",)),
    ids.OUTCOME_CURVES: (curves_part, ("cut",)),
    ids.OUTCOME_INFLUENCE: (influence_part, ()),
    ids.OUTCOME_WORDS: (words_section, ()),
}
"""Parts that show the fitted model once it is there and they are in sight, each with the choices
that only it heeds."""

_MODEL_KEYS = ("endpoint", "regression", "by", "terms", "free", "errors", "penalty", "allow")
_BESIDE = ("reading", "impute", "seed", "add")
"""What the estimates heed besides: which way they are read, and those over imputations."""

_PARTS = (
    ("Describe", ((ids.OUTCOME_DESCRIBE, ""),)),
    ("Compare", ((ids.OUTCOME_COMPARE, ""),)),
    ("Model", ((ids.OUTCOME_MODEL, ""), (ids.OUTCOME_FITTED, ""))),
    (
        "See",
        (
            (ids.OUTCOME_CUTS, "Are odds proportional?"),
            (ids.OUTCOME_PREDICTED, "What the model predicts"),
            (ids.OUTCOME_CURVES, "How well it predicts"),
            (ids.OUTCOME_INFLUENCE, "Who moves the estimates"),
        ),
    ),
    ("Validate", ()),
    ("Say", ((ids.OUTCOME_WORDS, ""),)),
)


def layout(path: str) -> Component:
    """Lay out the page; its parts are filled by callbacks."""
    way = html.Nav(
        [html.A(name, href=f"#{_anchor(name)}") for name, _ in _PARTS],
        className="section-links",
        **aria(label="Sections"),
    )
    head = html.Div(
        [way, html.Div(id=ids.OUTCOME_LINKS, className="links")], className="outcome-head"
    )
    return html.Div(
        [
            html.H1(NAME, className="sr-only"),
            html.Div(id=ids.OUTCOME_CHOICES, className="panel choices-side"),
            html.Div(
                [head, *(_section(name, parts) for name, parts in _PARTS)], className="choices-main"
            ),
        ],
        className="page with-choices outcome",
    )


def _anchor(name: str) -> str:
    return f"outcome-{name.lower()}-section"


def _section(name: str, parts: tuple[tuple[str, str], ...]) -> Component:
    inside: list[Component] = [html.Header(html.H2(name))]
    if not parts:
        inside += validate_panel()
    for part, heading in parts:
        inside += [html.H3(heading)] if heading else []
        seen = " when-seen" if part in _LATER else ""
        inside.append(html.Div(id=part, className=f"outcome-part{seen}"))
    return html.Section(inside, className="panel", id=_anchor(name))


def register(app: Dash, folder: IndexFolder) -> None:
    """Add the page's callbacks: its controls once, each part when what it shows changes."""

    @app.callback(
        Output(ids.OUTCOME_CHOICES, "children"),
        Input(ids.URL, "pathname"),
        State(ids.URL, "search"),
    )
    def lay_choices(_: str, search: str) -> list[Component]:
        index = folder.current()
        return outcome_choices(View.parse(search, index), index)

    @app.callback(Output(ids.OUTCOME_LINKS, "children"), Input(ids.URL, "search"))
    def link(search: str) -> list[Component]:
        return outcome_links(View.parse(search, folder.current()))

    _register_part(app, folder, ids.OUTCOME_DESCRIBE, describe_section, ("by", "bars", "endpoint"))
    _register_part(app, folder, ids.OUTCOME_MODEL, model_section, (*_MODEL_KEYS, *_BESIDE))
    for part, (section, keys) in _LATER.items():
        _register_later(app, folder, part, section, (*_MODEL_KEYS, *keys))

    # Without an output: Dash would hold all that reads the address until this has answered.
    @app.callback(
        Input(ids.OUTCOME_INFLUENCE_PLOT, "clickData", allow_optional=True),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def open_patient(clicked: dict[str, Any] | None, search: str) -> None:
        for point in (clicked or {}).get("points", ()):
            if subject := point.get("customdata"):
                dataset, name = subject
                view = View.parse(search, folder.current())
                set_props(
                    ids.URL, {"pathname": patient_href(dataset, name, ""), "search": view.search}
                )

    register_outcome_choices(app, folder)
    register_term_picker(app, folder)
    register_validate(app, folder)


def _register_part(
    app: Dash, folder: IndexFolder, part: str, section: Section, keys: tuple[str, ...]
) -> None:
    """Draw a part anew when the cohort or one of its choices changes, and only then."""

    @app.callback(
        Output(part, "children"),
        Output(part, "data-asked"),
        Input(ids.URL, "search"),
        State(part, "data-asked"),
    )
    def draw(search: str, known: str | None) -> tuple[list[Component], str]:
        index = folder.current()
        view = View.parse(search, index)
        asked = _asked(view, index, keys)
        if asked == known:
            raise PreventUpdate
        return section(view, index), asked


def _register_later(
    app: Dash, folder: IndexFolder, part: str, section: Section, keys: tuple[str, ...]
) -> None:
    """The same of a part that waits for the model, and until it is in sight (`assets/sight.js`).

    Meanwhile it is emptied where it would show what isn't asked for any more.
    """

    @app.callback(
        Output(part, "children"),
        Output(part, "data-asked"),
        Input(ids.URL, "search"),
        Input(part, "data-sight"),
        Input(ids.OUTCOME_MODEL, "data-asked"),
        State(part, "data-asked"),
    )
    def draw(
        search: str, sight: str | None, _: str | None, known: str | None
    ) -> tuple[list[Component], str]:
        index = folder.current()
        view = View.parse(search, index)
        asked = _asked(view, index, keys)
        is_seen = sight == "yes"
        if asked == known or not (is_seen or known):
            raise PreventUpdate
        return (section(view, index), asked) if is_seen else ([], "")


def _asked(view: View, index: Index, keys: tuple[str, ...]) -> str:
    said = "&".join(f"{key}={view.choices[key]}" for key in keys if key in view.choices)
    return f"{index.version}?{view.cohort.query()}#{said}"
