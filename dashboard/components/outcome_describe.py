"""Describe: an mRS by group, and how it moves from before the stroke to three months after."""

from dash import html
from dash.development.base_component import Component

from analytics.outcome.describe import distribution_table
from analytics.outcome.shift import mrs_points, shift_tables
from dashboard.components.outcome_parts import choice_links, drawn, folded, refusal, section_tables
from dashboard.figures.flow import mrs_flow
from dashboard.figures.grotta import grotta
from dashboard.outcome_results import distribution_of, shift_of
from dashboard.printed_figures import BARS, SHIFT, figure_links
from dashboard.view import View
from data_loader.errors import InsulaError
from data_loader.index import Index


def describe_section(view: View, index: Index) -> list[Component]:
    """Bars and table of the mRS by group; the flow between time points where there are several."""
    flow = _flow(view, index) if len(mrs_points(index.variables)) > 1 else []
    return [*_bars(view, index), *flow]


def _bars(view: View, index: Index) -> list[Component]:
    try:
        found = distribution_of(view, index)
    except InsulaError as error:
        return [refusal(error)]
    points = [(name, index.variables[name].label) for name in mrs_points(index.variables)]
    choice = choice_links("Shown", points, here=found.outcome.name, key="bars", view=view)
    by = f" by {found.by.label}" if found.by else ""
    figure = drawn(
        grotta(found.groups, outcome=found.outcome.label),
        said=f"{found.outcome.label}{by}: share at each level, cut-points joined.",
        files=figure_links(BARS, view),
    )
    tables = section_tables("described", [distribution_table(found)], found.provenance)
    return [*([choice] if len(points) > 1 else []), figure, *tables]


def _flow(view: View, index: Index) -> list[Component]:
    heading = html.H3("From one time point to the next")
    try:
        found = shift_of(view, index)
    except InsulaError as error:
        return [heading, refusal(error)]
    changes, counts = section_tables("shift", shift_tables(found), found.provenance)
    figure = drawn(
        mrs_flow(found),
        said="Each bar is a time point, each band the subjects who go from one level to another;"
        " unknown is a state of its own.",
        files=figure_links(SHIFT, view),
    )
    return [heading, figure, changes, folded("Counts between all levels", counts)]
