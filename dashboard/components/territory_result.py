"""The result on the Territories page: figures, tables, and where each number leads."""

from collections.abc import Container, Iterator
from dataclasses import replace
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from analytics.table_one.summary import Share
from analytics.table_one.wording import sentence_case
from analytics.tables.table import Report, Table
from analytics.territory_notes import abbreviations, common_notes, known_sentence, warnings
from analytics.territory_summary import TerritoryGroup, TerritorySummary
from dashboard import ids
from dashboard.components.result_table import result_table
from dashboard.figures.territories import (
    TITLES,
    Measure,
    involvement_bars,
    measure_of,
    mirrored_territories,
)
from dashboard.printed_figures import INVOLVEMENT, TERRITORY_BARS, figure_links
from dashboard.territory_filter import Involvement, narrowed_by, region_filter
from dashboard.view import View
from data_loader.cohort import Cohort
from data_loader.index import Index

_KINDS: tuple[Involvement, ...] = ("any", "involved", "dominant")

_CONFIG: Any = {"displayModeBar": False, "responsive": True}

_ACROSS = "What has no side lies across the middle; its whole length counts."

_Links = dict[tuple[str, str], str]


def territory_results(
    report: Report, summary: TerritorySummary, view: View, index: Index, *, path: str
) -> list[Component]:
    """Draw figures and tables, a panel each, the pattern beside the figures.

    Args:
        report: of the summary.
        summary: of the cohort.
        view: what the address says.
        index: where the subjects are.
        path: of the page at hand.

    Raises:
        AnalysisError: bars can't show what the address asks for.
    """
    links = _links(summary, view, index, path)
    common = {known_sentence(summary), *common_notes(summary)}
    *regions, pattern = [_panel(report, table, links, common) for table in report.tables]
    figures = _figures(summary, measure_of(view.choices.get("lengths", "")), view)
    is_one = len(summary.groups) == 1
    first = html.Div([*figures, pattern], className=f"territory-{'one' if is_one else 'groups'}")
    return [first, *regions, _method(report, summary)]


def atlas_caption(summary: TerritorySummary) -> list[Component]:
    """Which atlas, how the infarcts came to standard space, what the letters stand for."""
    warned = [html.P(text, className="result-warning") for text in warnings(summary)]
    atlas = summary.atlas
    named = f"Atlas: {atlas.name}, {atlas.version}."
    said = [*summary.notes, named, summary.way, atlas.note, abbreviations(summary)]
    return [*warned, html.P(" ".join(filter(None, said)), className="caption")]


def _figures(summary: TerritorySummary, measure: Measure, view: View) -> list[Component]:
    """Two, or one that says why there is none."""
    bars = mirrored_territories(summary, measure)
    links = figure_links(TERRITORY_BARS, view)
    found = [_figure(sentence_case(TITLES[measure]), ids.TERRITORY_BARS, bars, links)]
    if bars["data"]:
        nested = involvement_bars(summary)
        links, heading = figure_links(INVOLVEMENT, view), "Subjects with infarct there, %"
        found.append(_figure(heading, ids.TERRITORY_NESTED, nested, links))
    return found


def _figure(heading: str, part: str, figure: dict[str, Any], links: list[Component]) -> Component:
    height = {"height": f"{figure['layout']['height']}px"}
    graph = dcc.Graph(id=part, figure=figure, config=_CONFIG, style=height)
    said = html.P(_ACROSS, className="caption") if figure["data"] else None
    files = html.Div(links if figure["data"] else [], className="links")
    return html.Section([html.Header([html.H2(heading), files]), graph, said], className="panel")


def _panel(report: Report, table: Table, links: _Links, common: Container[str]) -> Component:
    """A table without the notes that the page says once."""
    own = tuple(note for note in table.footnotes if note[1] not in common)
    shown = replace(table, footnotes=own)
    about = replace(report, tables=(shown,))
    drawn = result_table(about, shown, cells=links, within=f"territory-{len(table.columns)}")
    return html.Section(drawn, className="panel")


def _method(report: Report, summary: TerritorySummary) -> Component:
    method: list[Component | str] = [html.Strong("Methods. "), dict(report.paragraphs)["Methods"]]
    about = " ".join([*summary.atlas.lines(), *summary.provenance.lines()])
    said = [html.P(method, className="caption"), html.P(about, className="caption")]
    return html.Section(said, className="panel")


def _links(summary: TerritorySummary, view: View, index: Index, path: str) -> _Links:
    """Key of a row and of a column to where the number there leads."""
    links = {}
    for at, group in enumerate(summary.groups):
        of_group = view.cohort
        for name, code in group.conditions:
            of_group = narrowed_by(of_group, f"{name}={code}", index.variables)
        for row, column, part, share in (*_of_regions(group), *_of_patterns(group, summary)):
            if share.count and part:
                cohort: Cohort = narrowed_by(of_group, part, index.variables)
                links[row, f"{column}_{at}"] = path + view.with_cohort(cohort).search
    return links


def _of_regions(group: TerritoryGroup) -> Iterator[tuple[str, str, str, Share]]:
    """Row, column without its group, part of a query, count."""
    for found in group.regions:
        region = found.region
        for kind in _KINDS:
            part = region_filter(region.label, region.level, kind)
            yield region.label, kind, part, getattr(found, kind)


def _of_patterns(
    group: TerritoryGroup, summary: TerritorySummary
) -> Iterator[tuple[str, str, str, Share]]:
    parts = {
        **{f"circulation={label}": share for label, share in group.circulation.items()},
        **{f"lesion_side={label}": share for label, share in group.sides.items()},
        **{
            zone.query: share
            for zone, share in zip(summary.border_zones, group.border_zones, strict=True)
        },
    }
    for part, share in parts.items():
        yield part, "n", part, share
