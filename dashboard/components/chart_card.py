"""One variable's card on the Cohort page: chart, sentence, filter to type, and table."""

from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.aria import aria, unseen
from dashboard.figures.distribution import Row, distribution, rows
from dashboard.view import View
from data_loader.distribution import Scale, Summary
from data_loader.index import Index

_CONFIG: Any = {"displayModeBar": False, "responsive": True}


@dataclass(frozen=True)
class Card:
    """What a card shows of one variable.

    Attributes:
        name: of the variable.
        figure: its chart, as a plain dict.
        caption: the chart in a sentence.
        counts: the chart as a table, for `dmc.Table`.
        expression: the filter on the variable, as in a query; empty if there is none.
    """

    name: str
    figure: dict[str, Any]
    caption: str
    counts: dict[str, Any]
    expression: str


def draw_cards(view: View, index: Index) -> list[Card]:
    """Count and draw all charts of a view: one statement, however many they are."""
    members = index.members(view.cohort)
    n = index.size, int(members.sum())
    cards = []
    for name in view.charts:
        scale = index.scale(name)
        bars = rows(scale, whole=scale.count(), cohort=scale.count(members))
        chosen = view.cohort.filter_of(name)
        cards.append(
            Card(
                name=name,
                figure=distribution(scale, bars, n=n, chosen=chosen, as_share=view.as_share),
                caption=_caption(scale, bars, scale.summary(members), n[1]),
                counts=_table(bars),
                expression=chosen.expression if chosen else "",
            )
        )
    return cards


def _caption(scale: Scale, bars: list[Row], summary: Summary | None, n: int) -> str:
    blanks = {row.expression: row.cohort for row in bars if row.is_blank}
    known = n - sum(blanks.values())
    parts = [f"{known:,} of {n:,} known"]
    if summary:
        variable = scale.variable
        low, middle, high = (f"{v:.3g}" for v in (summary.q1, summary.median, summary.q3))
        unit = f" {variable.unit}" if variable.unit else ""
        parts.append(f"median {middle} [{low}, {high}]{unit}")
    elif (shown := [row for row in bars if not row.is_blank and row.cohort]) and known:
        most = max(shown, key=lambda row: row.cohort)
        parts.append(f"{most.label} {100 * most.cohort / known:.1f} %")
    if outside := known - sum(row.cohort for row in bars if not row.is_blank):
        why = "rare" if scale.rare_levels else "implausible"
        parts.append(f"{outside:,} {why} not drawn")
    return "; ".join(parts) + "."


def _table(bars: list[Row]) -> dict[str, Any]:
    return {
        "head": ["", "Cohort", "All"],
        "body": [[row.label, row.cohort, row.whole] for row in bars],
    }


def chart_card(card: Card, view: View, index: Index, *, path: str) -> Component:
    """Lay a card out.

    Args:
        card: what it shows.
        view: what the address says.
        index: whose variable it is.
        path: of the page, where links lead.
    """
    variable = index.variables[card.name]
    charts = tuple(name for name in view.charts if name != card.name)
    remove = dcc.Link(
        [
            unseen(f"Remove the chart of {variable.label}"),
            html.Span("\u00d7", **aria(hidden="true")),
        ],
        href=path + view.with_charts(charts).search,
        className="card-remove",
        title="Remove this chart",
    )
    unit = html.Span(f" {variable.unit}", className="dimmed") if variable.unit else None
    return html.Article(
        [
            html.Header([html.H2([variable.label, unit], title=variable.note or ""), remove]),
            dcc.Graph(
                id=ids.chart_part(ids.CHART, card.name),
                figure=card.figure,
                config=_CONFIG,
                clear_on_unhover=True,
                style={"height": card.figure["layout"]["height"]},
            ),
            html.P(card.caption, id=ids.chart_part(ids.CAPTION, card.name), className="caption"),
            html.Div(
                [
                    dmc.TextInput(
                        id=ids.chart_part(ids.FILTER, card.name),
                        value=card.expression,
                        placeholder="60..80, >=15, missing",
                        # With Enter the text goes along; without, it may come a moment later.
                        debounce=True,
                        size="xs",
                        **aria(label=f"Filter on {variable.label}, then Enter"),
                    ),
                    html.Details(
                        [
                            html.Summary("Table"),
                            dmc.Table(
                                id=ids.chart_part(ids.COUNTS, card.name),
                                data=card.counts,
                                className="counts",
                            ),
                        ]
                    ),
                ],
                className="card-foot",
            ),
        ],
        className="card",
        **aria(label=variable.label),
    )
