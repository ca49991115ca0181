"""Pieces that the sections of the Outcome page share: figures, tables, sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from analytics.tables.table import Report, Table
from dashboard.aria import aria, unseen
from dashboard.components.result_table import result_table
from dashboard.components.still import Still
from dashboard.outcome_view import page_sentence
from dashboard.view import View
from data_loader.provenance import Provenance

PATH = "/outcome"
"""Of the page, where its links lead."""

NO_MODEL = "There is no model to look at; see above."


def drawn(
    figure: Mapping[str, Any],
    *,
    said: str,
    part: str = "",
    files: Sequence[Component] = (),
) -> Component:
    """A figure, with its name for who can't see it.

    Args:
        figure: data and layout.
        said: what it shows; the table beside it has its numbers.
        part: id, where a callback listens to it.
        files: links to it, by `figure_links`.
    """
    named: dict[str, Any] = {"id": part} if part else {}
    graph = dcc.Graph(
        figure=figure,
        config={"displayModeBar": False},
        style={"height": f"{figure['layout']['height']}px"},
        **named,
    )
    caption = html.Figcaption([html.Span(said), html.Span(files, className="links")])
    return html.Figure([graph, caption], className="outcome-figure")


def section_report(tables: Sequence[Table], provenance: Provenance) -> Report:
    """Tables of one section, as `result_table` takes them."""
    return Report(title="", paragraphs=(), tables=tables, provenance=provenance)


def section_tables(
    name: str,
    tables: Sequence[Table],
    provenance: Provenance,
    *,
    links: Mapping[str, str] | None = None,
) -> list[Component]:
    """Tables of one section, without what stands once for all of them.

    Args:
        name: of the section.
        tables: in order.
        provenance: which subjects of which data these are.
        links: key of a row to where its first cell leads, within the dashboard.
    """
    report = section_report(tables, provenance)
    return [Still(result_table(report, table, links=links, within=name)) for table in tables]


def warning(sentence: object, *more: Component | str) -> Component:
    """A sentence that must be read, and what can be done."""
    alert: Component = dmc.Alert([page_sentence(sentence), *more], color="yellow", py="xs")
    return alert


def refusal(sentence: object, *more: Component | str) -> Component:
    """Why there is no result, and what can be done."""
    alert: Component = dmc.Alert([page_sentence(sentence), *more], color="red", py="xs")
    return alert


def choice_links(  # noqa: PLR0913 - what a control of the address has
    label: str,
    options: Sequence[tuple[str, str]],
    *,
    key: str,
    view: View,
    here: str = "",
    default: str = "",
) -> Component:
    """A choice of the address as links, of which one is where the reader is.

    Args:
        label: what is chosen.
        options: text of the address and what a reader sees.
        key: of the address.
        view: what it says.
        here: the one at hand, where the address doesn't say.
        default: the text that goes without saying; it is left out of the address.
    """
    here = view.choices.get(key) or here or default
    links = [
        dcc.Link(
            [said, unseen(" (chosen)") if text == here else None],
            href=PATH + view.with_choices(**{key: None if text == default else text}).search,
            className="here" if text == here else "",
        )
        for text, said in options
    ]
    return html.Div(
        [html.Span(label, className="switch-label"), html.Span(links, className="switch")],
        className="labelled choice-links",
        role="group",
        **aria(label=label),
    )


def folded(summary: str, *inside: Component) -> Component:
    """What few readers ask for, behind its name."""
    return html.Details([html.Summary(summary), *inside], className="folded")
