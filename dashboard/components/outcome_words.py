"""Say it: methods, results and the reporting items that they answer, from what was done."""

from dash import html
from dash.development.base_component import Component

from analytics.outcome.prediction import NOT_FOR_CARE
from analytics.outcome.words import methods_paragraph, reporting_items, results_paragraph
from dashboard.components.outcome_parts import refusal
from dashboard.outcome_results import model_of
from dashboard.view import View
from data_loader.errors import InsulaError
from data_loader.index import Index


def words_section(view: View, index: Index) -> list[Component]:
    """Paragraphs to copy, and the items of STROBE and TRIPOD+AI."""
    try:
        model = model_of(view, index)
    except InsulaError as error:
        return [refusal(error)]
    items = [html.Div([html.Dt(item), html.Dd(answer)]) for item, answer in reporting_items(model)]
    return [
        html.H3("Methods"),
        html.P(methods_paragraph(model), className="prose"),
        html.H3("Results"),
        html.P(
            [*(f"{one} " for one in model.warnings), results_paragraph(model)], className="prose"
        ),
        html.H3("Reporting items answered"),
        html.Dl(items, className="items"),
        html.P(NOT_FOR_CARE, className="help"),
    ]
