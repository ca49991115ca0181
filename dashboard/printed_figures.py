"""The figures that pages give as files, by name: what an address asks for, drawn for print.

A page puts `figure_links(NAME, view)` under its chart. A figure that should be had as a file is a
line of `PRINTED`: its name and the function that draws it.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from dash.development.base_component import Component
from flask import Flask

from analytics.outcome.imputed_model import PooledEstimates
from analytics.outcome.model import OutcomeModel
from analytics.outcome.prediction import predict_along
from analytics.outcome.terms import variables_of
from analytics.table_one.alike import balances
from dashboard.downloads import file_links, register_files
from dashboard.figure_files import FIGURE_FORMATS, figure_file
from dashboard.figures.flow import mrs_flow
from dashboard.figures.grotta import grotta
from dashboard.figures.love_plot import love_plot
from dashboard.figures.territories import involvement_bars, measure_of, mirrored_territories
from dashboard.outcome_figures import (
    curve_figures,
    curves_at_cut,
    cuts_figure,
    influence_figure,
    model_forest,
    predicted_figures,
)
from dashboard.outcome_results import distribution_of, model_of, shift_of
from dashboard.outcome_study import pooled_of
from dashboard.outcome_view import OutcomeView
from dashboard.reports import default_by, table_one_of
from dashboard.territory_report import territories_of
from dashboard.view import View
from data_loader.errors import AnalysisError
from data_loader.index import Index, IndexFolder

Figure = Mapping[str, Any]
Draw = Callable[[View, Index], Figure]

FOREST, CUTS, PREDICTED = "outcome-forest", "outcome-cuts", "outcome-predicted"
CALIBRATION, ROC, DECISION = "outcome-calibration", "outcome-roc", "outcome-decision"
INFLUENCE, BARS, SHIFT = "outcome-influence", "outcome-mrs", "outcome-shift"
LOVE_PLOT, TERRITORY_BARS = "love-plot", "territory-bars"
INVOLVEMENT = "territory-involvement"


def model_figures(
    model: OutcomeModel, pooled: PooledEstimates | None = None
) -> Iterator[tuple[str, Figure]]:
    """Every figure of a model, by name; what its kind doesn't have is left out.

    Args:
        model: of the complete cases.
        pooled: its estimates over imputations.
    """
    draws: tuple[tuple[str, Callable[[], Figure]], ...] = (
        (FOREST, lambda: model_forest(model, pooled)),
        (CUTS, lambda: _cuts(model)),
        (PREDICTED, lambda: _predicted(model)),
        *((name, partial(_curve, model, place)) for place, name in enumerate(_CURVES)),
        (INFLUENCE, lambda: influence_figure(model)),
    )
    for name, draw in draws:
        try:
            yield name, draw()
        except AnalysisError:
            continue


_CURVES = (CALIBRATION, ROC, DECISION)


def _cuts(model: OutcomeModel, *, is_lower: bool = False) -> Figure:
    figure = cuts_figure(model, is_lower=is_lower)
    if figure is None:
        raise AnalysisError("The outcome has one cut, or too many for an odds ratio at each.")
    return figure


def _predicted(model: OutcomeModel, along: str = "") -> Figure:
    if not model.converged:
        raise AnalysisError("The model did not converge, so that it predicts nothing.")
    known = variables_of(model.design.encoder.terms)
    measures = [one.name for one in known if one.kind in ("continuous", "duration", "count")]
    return predicted_figures(
        model, predict_along(model, along or next(iter(measures), known[0].name))
    )[0]


def _curve(model: OutcomeModel, place: int, cut: str = "") -> Figure:
    return curve_figures(curves_at_cut(model, cut), label="Model")[place]


def _asked_curve(place: int, view: View, index: Index) -> Figure:
    return _curve(model_of(view, index), place, OutcomeView.parse(view, index).cut)


def _forest(view: View, index: Index) -> Figure:
    is_lower = OutcomeView.parse(view, index).is_lower
    return model_forest(model_of(view, index), pooled_of(view, index), is_lower=is_lower)


def _asked_cuts(view: View, index: Index) -> Figure:
    return _cuts(model_of(view, index), is_lower=OutcomeView.parse(view, index).is_lower)


def _asked_prediction(view: View, index: Index) -> Figure:
    return _predicted(model_of(view, index), OutcomeView.parse(view, index).along)


def _bars(view: View, index: Index) -> Figure:
    found = distribution_of(view, index)
    return grotta(found.groups, outcome=found.outcome.label)


def _balance(view: View, index: Index) -> Figure:
    return love_plot(balances(table_one_of(view, index, by=default_by(index))))


def _territory_bars(view: View, index: Index) -> Figure:
    measure = measure_of(view.choices.get("lengths", ""))
    return mirrored_territories(territories_of(view, index), measure)


PRINTED: Mapping[str, Draw] = {
    BARS: _bars,
    SHIFT: lambda view, index: mrs_flow(shift_of(view, index)),
    FOREST: _forest,
    CUTS: _asked_cuts,
    PREDICTED: _asked_prediction,
    CALIBRATION: partial(_asked_curve, 0),
    ROC: partial(_asked_curve, 1),
    DECISION: partial(_asked_curve, 2),
    INFLUENCE: lambda view, index: influence_figure(model_of(view, index)),
    LOVE_PLOT: _balance,
    TERRITORY_BARS: _territory_bars,
    INVOLVEMENT: lambda view, index: involvement_bars(territories_of(view, index)),
}
"""Name of the files to what draws them."""


def figure_links(name: str, view: View) -> list[Component]:
    """A link to each kind of file of a figure, for what a view asks for.

    Args:
        name: a key of `PRINTED`.
        view: what the page shows.
    """
    return file_links(name, view, FIGURE_FORMATS)


def register(server: Flask, folder: IndexFolder) -> None:
    """Add the routes."""
    for name, draw in PRINTED.items():
        register_files(server, folder, name, FIGURE_FORMATS, partial(_made, draw))


def _made(draw: Draw, index: Index, view: View, extension: str) -> bytes:
    return figure_file(draw(view, index), extension)
