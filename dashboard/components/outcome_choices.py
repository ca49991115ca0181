"""Controls of the Outcome page: the outcome, its model, the groups, the terms, how errors are made."""

from typing import Any

from dash import Dash, Input, Output, html
from dash.development.base_component import Component

from analytics.outcome.endpoint import usual_model
from analytics.outcome.validation import ValidationPlan
from dashboard import ids
from dashboard.components.choices import (
    choice_part,
    choice_select,
    choice_several,
    choice_text,
    variable_options,
)
from dashboard.components.term_picker import term_picker
from dashboard.outcome_view import (
    FIRTH,
    HC3,
    LOWER,
    OutcomeView,
    default_endpoint,
    default_group,
    models_of,
)
from dashboard.view import View
from data_loader.index import Index, IndexFolder

MODEL_LABELS = {
    "ordinal": "Proportional odds",
    "partial": "Partial proportional odds",
    "good": "Good outcome (mRS 0 to 2)",
    "excellent": "Excellent outcome (mRS 0 to 1)",
    "death": "Death (mRS 6)",
    "binary": "Logistic",
    "linear": "Linear",
}
_CHANGES = (("nihss_24h", "nihss_admission"), ("nihss_discharge", "nihss_admission"))
_PENALTIES = (("", "Maximum likelihood"), (FIRTH, "Firth's penalty (events only)"))
_READINGS = (("", "A higher (worse) outcome"), (LOWER, "A lower (better) outcome"))


def outcome_choices(view: View, index: Index) -> list[Component]:
    """Lay out the controls beside the result."""
    return [
        html.H2("Choices"),
        choice_select(
            "endpoint",
            "Outcome",
            _endpoints(index),
            view,
            default=default_endpoint(index),
            searchable=True,
            allowDeselect=False,
        ),
        choice_select(
            "regression",
            "Model",
            _models(view, index),
            view,
            clearable=True,
            placeholder=_usual(view, index),
        ),
        choice_several(
            "by",
            "Groups (first term of the model)",
            variable_options(index, "categorical", "binary", "ordinal"),
            view,
            default=default_group(index),
            searchable=True,
            placeholder="Everyone together",
        ),
        html.H3("Terms"),
        term_picker(view, index),
        html.H3("How"),
        choice_select(
            "reading",
            "Odds ratios are of",
            _READINGS,
            view,
            placeholder=_READINGS[0][1],
            clearable=True,
        ),
        choice_select(
            "penalty",
            "Estimation",
            _PENALTIES[1:],
            view,
            placeholder=_PENALTIES[0][1],
            clearable=True,
        ),
        choice_select(
            "errors",
            "Standard errors",
            _errors(index),
            view,
            placeholder="From the model",
            clearable=True,
        ),
        html.H3("Validation"),
        choice_text("add", "Terms to be added", view, placeholder="such as log1p(volume_ml)"),
        choice_text("folds", "Folds", view, default=str(ValidationPlan.folds)),
        choice_text("repeats", "Repeats", view, default=str(ValidationPlan.repeats)),
        choice_text("seed", "Seed of random numbers", view, default="1"),
    ]


def register_outcome_choices(app: Dash, folder: IndexFolder) -> None:
    """Lay the controls out, and offer the models that the outcome at hand can have."""

    @app.callback(
        Output(choice_part("regression"), "data"),
        Output(choice_part("regression"), "placeholder"),
        Input(ids.URL, "search"),
    )
    def offer(search: str) -> tuple[list[dict[str, str]], str]:
        index = folder.current()
        view = View.parse(search, index)
        data = [{"value": value, "label": label} for value, label in _models(view, index)]
        return data, _usual(view, index)


def _models(view: View, index: Index) -> list[tuple[str, str]]:
    asked = OutcomeView.parse(view, index)
    names = dict.fromkeys((*models_of(asked.endpoint, index), asked.regression))
    return [(name, MODEL_LABELS.get(name, name)) for name in names if name]


def _usual(view: View, index: Index) -> str:
    variable = index.variables.get(OutcomeView.parse(view, index).endpoint)
    return MODEL_LABELS[usual_model(variable) if variable else "linear"]


def _endpoints(index: Index) -> list[dict[str, Any]]:
    """What can be explained, first what is known only after treatment; then changes."""
    groups: dict[str, list[dict[str, str]]] = {}
    known = index.variables
    for variable in sorted(known.values(), key=lambda one: one.timepoint != "outcome"):
        if variable.timepoint != "design" and (
            variable.kind != "categorical" or len(variable.levels) == 2
        ):
            item = {"value": variable.name, "label": variable.heading}
            groups.setdefault(variable.group, []).append(item)
    changes = [
        {
            "value": f"{after}-{before}",
            "label": f"{known[after].label} less {known[before].label}",
        }
        for after, before in _CHANGES
        if after in known and before in known
    ]
    found = [{"group": heading, "items": items} for heading, items in groups.items()]
    return [*found, *([{"group": "Changes", "items": changes}] if changes else [])]


def _errors(index: Index) -> list[Any]:
    clusters = [
        {"value": one.name, "label": f"Robust to clusters of {one.label}"}
        for one in index.variables.values()
        if one.timepoint == "design" and one.kind == "categorical"
    ]
    return [{"value": HC3, "label": "HC3 (linear models)"}, *clusters]
