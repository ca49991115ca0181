"""The bar under the header: how many subjects, which, and a way to drop each filter."""

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.aria import aria, unseen
from dashboard.view import View
from data_loader.cohort import EVERYONE


def cohort_bar(view: View, *, path: str, n: int, of: int) -> list[Component]:
    """Say "n of N" and the cohort's sentence; each filter has a link that drops it.

    Args:
        view: what the address says.
        path: of the page at hand, where the links lead.
        n: subjects in the cohort.
        of: subjects in the index.
    """
    cohort = view.cohort
    counted = html.Span(
        [html.Strong(f"{n:,}"), f" of {of:,} subjects"], className="cohort-count", id="cohort-n"
    )
    said = html.Span(cohort.sentence(), className="cohort-sentence", id="cohort-sentence")
    if cohort.is_everyone:
        return [counted, said]
    drops = [
        dcc.Link(
            [unseen("Drop the filter: "), phrase, html.Span(" \u00d7", **aria(hidden="true"))],
            href=path + view.with_cohort(cohort.without(name)).search,
            className="chip",
            title="Drop this filter",
        )
        for name, phrase, _ in cohort.steps
    ]
    everyone = dcc.Link(
        "Clear all",
        href=path + view.with_cohort(EVERYONE).search,
        className="chip chip-quiet",
    )
    return [counted, said, dmc.Group([*drops, everyone], gap=6, className="chips")]
