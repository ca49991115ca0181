"""See: odds at every cut, predictions along a term, calibration, and who moves the estimates."""

from dash import dcc, html
from dash.development.base_component import Component

from analytics.outcome.model import OutcomeModel
from analytics.outcome.model_tables import brant_table, cuts_table
from analytics.outcome.prediction import NOT_FOR_CARE, predict_along
from analytics.outcome.terms import variables_of
from analytics.outcome.validation_tables import calibration_table
from dashboard import ids
from dashboard.components.outcome_model import lower_model
from dashboard.components.outcome_parts import (
    NO_MODEL,
    choice_links,
    drawn,
    folded,
    refusal,
    section_tables,
)
from dashboard.components.still import Still
from dashboard.components.subject_table import patient_href
from dashboard.outcome_figures import (
    curve_figures,
    curves_at_cut,
    cuts_figure,
    influence_figure,
    levels_of,
    predicted_figures,
    strongest,
)
from dashboard.outcome_results import model_of
from dashboard.outcome_view import OutcomeView
from dashboard.printed_figures import (
    CALIBRATION,
    CUTS,
    DECISION,
    INFLUENCE,
    PREDICTED,
    ROC,
    figure_links,
)
from dashboard.view import View
from data_loader.errors import InsulaError
from data_loader.index import Index

_NAMES = 3


def cuts_part(view: View, index: Index) -> list[Component]:
    """Odds ratios at every cut beside the common one, Brant's test beside them."""
    model = _fitted(view, index)
    if model is None:
        return [html.P(NO_MODEL, className="help")]
    is_lower = OutcomeView.parse(view, index).is_lower
    figure = cuts_figure(model, is_lower=is_lower)
    if figure is None:
        why = "The outcome has one cut, or too many for an odds ratio at each."
        return [html.P(why, className="help")]
    shown = lower_model(model) if is_lower else model
    tables = section_tables(
        "cuts",
        [cuts_table(shown), *([brant_table(model)] if model.brant else [])],
        model.provenance,
    )
    said = "Odds ratios at every cut, the common one as a band: where points leave it, odds differ."
    whole = drawn(figure, said=said, files=figure_links(CUTS, view))
    return [whole, *tables[1:], folded("The odds ratios as a table", tables[0])]


def predicted_part(view: View, index: Index) -> list[Component]:
    """Probability of every level along one variable."""
    model = _fitted(view, index)
    if model is None or not model.converged:
        return [html.P(NO_MODEL, className="help")]
    variables = {one.name: one for one in variables_of(model.design.encoder.terms)}
    along = OutcomeView.parse(view, index).along or _first_measure(model)
    options = [(one.name, one.label) for one in variables.values()]
    choice = choice_links("Along", options, here=along, key="along", view=view)
    try:
        found = predict_along(model, along)
    except InsulaError as error:
        return [choice, refusal(error)]
    figures = predicted_figures(model, found)
    files = figure_links(PREDICTED, view)
    whole = [drawn(one, said="", files=() if place else files) for place, one in enumerate(figures)]
    return [choice, *whole, html.P(found.sentence, className="help")]


def _first_measure(model: OutcomeModel) -> str:
    """A variable of which a curve can be drawn, or the first."""
    known = variables_of(model.design.encoder.terms)
    measures = [one.name for one in known if one.kind in ("continuous", "duration", "count")]
    return next(iter(measures), known[0].name)


def curves_part(view: View, index: Index) -> list[Component]:
    """Calibration, ROC and decision curve on the subjects that the model was fitted to."""
    model = _fitted(view, index)
    if model is None:
        return [html.P(NO_MODEL, className="help")]
    asked = OutcomeView.parse(view, index)
    levels = [(f"{level:g}", model.plan.endpoint.level_label(level)) for level in levels_of(model)]
    try:
        found = curves_at_cut(model, asked.cut)
    except InsulaError as error:
        return [refusal(error)]
    here = asked.cut or (found.event.rpartition(" ")[2] if levels else "")
    label = f"{model.plan.endpoint.label} above"
    choice = [choice_links(label, levels, here=here, key="cut", view=view)] if levels else []
    figures = curve_figures(found, label="Model")
    names = (
        (CALIBRATION, "Calibration: what was found against what was predicted."),
        (ROC, "Receiver operating characteristic: sensitivity against 1 - specificity."),
        (DECISION, "Decision curve: net benefit of acting by the model, for all, and for none."),
    )
    said = (
        "On the subjects that the model was fitted to, on whom it looks better than it is:"
        f" validation below says by how much. {NOT_FOR_CARE}"
    )
    drawings = [
        drawn(one, said=sentence, files=figure_links(name, view))
        for one, (name, sentence) in zip(figures, names, strict=True)
    ]
    table = section_tables("curves", [calibration_table(found)], model.provenance)
    return [
        *choice,
        html.Div(drawings, className="outcome-curves"),
        html.P(said, className="help"),
        folded("Calibration by tenths as a table", *table),
    ]


def influence_part(view: View, index: Index) -> list[Component]:
    """Who moves the estimates; a click on a point or on a name opens the patient."""
    model = _fitted(view, index)
    if model is None:
        return [html.P(NO_MODEL, className="help")]
    try:
        figure = influence_figure(model)
    except InsulaError as error:
        return [refusal(error)]
    names = [
        html.Li(
            [
                f"{label}: ",
                *(
                    html.Span(
                        [
                            dcc.Link(subject, href=patient_href(dataset, subject, view.search)),
                            f" ({change:+.2f}) ",
                        ]
                    )
                    for (dataset, subject), change in moved
                ),
            ]
        )
        for label, moved in strongest(model, most=_NAMES)
    ]
    return [
        drawn(
            figure,
            said="How far each subject moves an estimate; a click opens the patient.",
            part=ids.OUTCOME_INFLUENCE_PLOT,
            files=figure_links(INFLUENCE, view),
        ),
        html.P("Who moves each estimate most, in standard errors:", className="help"),
        Still(html.Ul(names, className="influence-names")),
    ]


def _fitted(view: View, index: Index) -> OutcomeModel | None:
    try:
        return model_of(view, index)
    except InsulaError:
        return None
