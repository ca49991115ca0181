"""Compare: the outcome between groups, without adjustment and with it."""

from dash import html
from dash.development.base_component import Component

from analytics.outcome.compare import Comparison
from analytics.outcome.comparison_tables import comparison_tables
from analytics.outcome.effect import Effect
from analytics.outcome.model import OutcomeModel
from analytics.outcome.utility import WEIGHT_SETS
from dashboard.components.outcome_parts import choice_links, drawn, refusal, section_tables
from dashboard.figures.forest import ForestRow, forest
from dashboard.outcome_results import comparison_of, model_of
from dashboard.outcome_view import OutcomeView
from dashboard.view import View
from data_loader.errors import InsulaError
from data_loader.index import Index


def compare_section(view: View, index: Index) -> list[Component]:
    """Common odds ratios unadjusted and adjusted; every effect as tables."""
    try:
        found = comparison_of(view, index)
    except InsulaError as error:
        return [refusal(error)]
    model = _model(view, index)
    lower = OutcomeView.parse(view, index).is_lower
    tables = section_tables("compared", comparison_tables(found), found.provenance)
    figure = _common(found, model, is_lower=lower)
    return [
        figure,
        html.P(_adjusted(found, model), className="help"),
        *_weights(view, found),
        *tables,
    ]


def _weights(view: View, found: Comparison) -> list[Component]:
    """Which utilities the mRS is weighted by, where it is an mRS."""
    sets = [(one.key, one.label) for one in WEIGHT_SETS.values()]
    here = [one.utility.weights.key for one in found.contrasts if one.utility]
    if not here:
        return []
    return [choice_links("Utilities", sets, here=here[0], key="weights", view=view)]


def _model(view: View, index: Index) -> OutcomeModel | None:
    """The adjusted model, where it has one odds ratio of the groups for all cuts."""
    try:
        model = model_of(view, index)
    except InsulaError:
        return None
    group = model.plan.terms[0].text
    is_common = model.plan.endpoint.scale == "ordinal" and group not in model.plan.free
    return model if is_common and model.converged else None


def _common(found: Comparison, model: OutcomeModel | None, *, is_lower: bool) -> Component:
    rows = [
        ForestRow(
            f"{one.group.label} against {one.reference.label}",
            (
                _turned(_adjusted_effect(model, one.group.code), is_lower=is_lower),
                _turned(one.common_odds_ratio.odds, is_lower=is_lower),
            ),
        )
        for one in found.contrasts
    ]
    way = "lower (better)" if is_lower else "higher (worse)"
    figure = forest(
        rows,
        kinds=("Adjusted", "Unadjusted"),
        title=f"Common odds ratio of a {way} {found.outcome.label}",
        reading=("worse", "better") if is_lower else ("better", "worse"),
    )
    return drawn(figure, said="Common odds ratios of the groups; their numbers stand beside.")


def _turned(effect: Effect | None, *, is_lower: bool) -> Effect | None:
    if effect is None or not is_lower:
        return effect
    value, low, high = (
        None if one is None else 1 / one for one in (effect.value, effect.ci_high, effect.ci_low)
    )
    return Effect(value, low, high, effect.note)


def _adjusted_effect(model: OutcomeModel | None, code: str) -> Effect | None:
    """The model's estimate for a group: its only column, or the one of its code."""
    if model is None:
        return None
    names = _columns(model)
    wanted = f"{model.plan.terms[0].variables[0].name}[{code}]"
    for one in model.coefficients:
        if one.term == wanted or (len(names) == 1 and one.term == names[0]):
            return Effect(one.odds_ratio, one.or_low, one.or_high)
    return None


def _columns(model: OutcomeModel) -> list[str]:
    text = model.plan.terms[0].text
    return [one.name for one in model.design.encoder.predictors if one.term == text]


def _adjusted(found: Comparison, model: OutcomeModel | None) -> str:
    if model is None:
        return (
            "There is no adjusted common odds ratio: it takes a proportional odds model that"
            " converges and holds the groups' odds ratio alike at all cuts."
        )
    others = ", ".join(term.label for term in model.plan.terms[1:])
    if not others:
        return "The model has no other term, so that adjusted is unadjusted."
    known = sum(group.n for group in found.groups)
    return (
        f"Adjusted for {others}, on the {model.n:,} subjects of whom all of these are known;"
        f" unadjusted on all {known:,} whose {found.outcome.label} and group are known."
    )
