"""Figures of an outcome model: what was fitted, as the figure modules take it."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from analytics.outcome.calibration import CalibrationCurve
from analytics.outcome.coefficient import Coefficient
from analytics.outcome.curves import Curves, curves_of
from analytics.outcome.dfbeta import influence_on
from analytics.outcome.discrimination import RocCurve
from analytics.outcome.effect import Effect
from analytics.outcome.imputed_model import PooledEstimates
from analytics.outcome.influence import Estimate
from analytics.outcome.linear import LinearFit
from analytics.outcome.model import CutPoint, OutcomeModel
from analytics.outcome.prediction import Prediction
from analytics.outcome.terms import has_levels
from dashboard.figures.calibration import Calibration, PredictedGroup, calibration
from dashboard.figures.cut_point_plot import CutEffects, cut_point_plot
from dashboard.figures.decision_curve import Benefit, decision_curve
from dashboard.figures.forest import ForestRow, forest
from dashboard.figures.influence_plot import Pull, influence_plot
from dashboard.figures.probability_plot import (
    Probabilities,
    mean_curve,
    probability_panels,
    probability_stack,
)
from dashboard.figures.roc import Roc, roc
from data_loader.errors import AnalysisError

Figure = dict[str, Any]

_KINDS = ("Adjusted", "Unadjusted")
_IMPUTED = "Imputed"


def model_forest(
    model: OutcomeModel, pooled: PooledEstimates | None = None, *, is_lower: bool = False
) -> Figure:
    """Adjusted and unadjusted estimates; columns of splines are left to the predicted curve.

    Args:
        model: the fitted model.
        pooled: its adjusted estimates over imputations, drawn with a mark of their own.
        is_lower: whether odds ratios are those of a lower outcome.
    """
    is_linear = isinstance(model.fit, LinearFit)
    is_lower = is_lower and not is_linear
    alone = {one.term: _effect(one, is_linear, is_lower) for one in model.unadjusted}
    imputed = {
        term: _effect(one.coefficient, is_linear, is_lower)
        for term, one in (pooled.by_term if pooled else {}).items()
    }
    rows: list[ForestRow] = []
    above = ""
    curved = curved_columns(model)
    encoder = model.design.encoder
    predictors = {one.name: one for one in encoder.predictors}
    for one in model.coefficients:
        name, _, cut = one.term.partition("@")
        if name in curved:
            continue
        term, several = predictors[name].term, len(encoder.columns_of(predictors[name].term)) > 1
        if several and term != above:
            rows.append(ForestRow(encoder.heading(term)))
        above = term
        label = predictors[name].short if several else one.label
        effects = (
            _effect(one, is_linear, is_lower),
            alone.get(one.term),
            *([imputed.get(one.term)] if pooled else []),
        )
        rows.append(ForestRow(f"{label}, {cut}" if cut and several else label, effects))
    return forest(
        rows,
        kinds=(*_KINDS, *([_IMPUTED] if pooled else [])),
        title=f"{'Estimate' if is_linear else 'Odds ratio'}, {axis_words(model, is_lower)}",
        reading=_readings(model, is_lower=is_lower),
        is_ratio=not is_linear,
    )


def axis_words(model: OutcomeModel, is_lower: bool) -> str:
    """Of what an odds ratio is: `of a higher (worse) mRS at three months`."""
    endpoint = model.plan.endpoint
    if endpoint.scale == "binary":
        return f"of {'no ' if is_lower else ''}{endpoint.label}"
    worse, better = (" (worse)", " (better)") if "worse" in endpoint.reading else ("", "")
    return f"of a {f'lower{better}' if is_lower else f'higher{worse}'} {endpoint.label}"


def _readings(model: OutcomeModel, *, is_lower: bool) -> tuple[str, str]:
    if model.plan.endpoint.scale == "linear":
        return "lower", "higher"
    if model.plan.endpoint.scale == "binary":
        return ("more often", "less often") if is_lower else ("less often", "more often")
    ends = ("better", "worse") if "worse" in model.plan.endpoint.reading else ("lower", "higher")
    return (ends[1], ends[0]) if is_lower else ends


def _effect(one: Coefficient, is_linear: bool, is_lower: bool) -> Effect:
    if is_linear:
        return Effect(one.estimate, one.ci_low, one.ci_high)
    shown = one.reversed if is_lower else one
    return Effect(shown.odds_ratio, shown.or_low, shown.or_high)


def curved_columns(model: OutcomeModel) -> frozenset[str]:
    """Names of the columns of splines, which mean nothing one by one."""
    encoder = model.design.encoder
    curved = {
        term.text
        for term, parts in zip(encoder.terms, encoder.encodings, strict=True)
        if any(part.knots for part in parts)
    }
    return frozenset(one.name for one in encoder.predictors if one.term in curved)


def cuts_figure(model: OutcomeModel, *, is_lower: bool = False) -> Figure | None:
    """Odds ratios at each cut beside the common one; None where the outcome has no cuts."""
    points = model.cut_points
    if not points:
        return None
    cuts = tuple(dict.fromkeys(point.cut for point in points))
    common = {one.term: one for one in model.coefficients}
    curved = curved_columns(model)
    panels = [
        CutEffects(
            label=one.label,
            common=_effect(common[one.name], False, is_lower) if one.name in common else None,
            at_cuts=tuple(
                _at_cut(point, is_lower=is_lower) for point in points if point.term == one.name
            ),
        )
        for one in model.design.encoder.predictors
        if one.name not in curved
    ]
    return cut_point_plot(panels, cuts=cuts, outcome=model.plan.endpoint.label)


def _at_cut(point: CutPoint, *, is_lower: bool) -> Effect:
    if is_lower:
        return Effect(1 / point.odds_ratio, 1 / point.or_high, 1 / point.or_low)
    return Effect(point.odds_ratio, point.or_low, point.or_high)


def predicted_figures(model: OutcomeModel, found: Prediction) -> tuple[Figure, ...]:
    """A panel a level with its band, and all levels stacked; a curve where there is one level.

    Args:
        model: the fitted model.
        found: from `predict_along`.
    """
    variable, bands = found.variable, found.bands
    names = has_levels(variable) or variable.kind == "binary"
    x: list[str] | list[float] = (
        [variable.level_label(_code(at)) for at in found.at]
        if names
        else list(map(float, found.at))
    )
    drawn = Probabilities(
        term=variable.heading,
        x=x,
        levels=bands.levels,
        value=bands.value,
        low=bands.low,
        high=bands.high,
    )
    label = model.plan.endpoint.label
    if model.plan.endpoint.scale == "linear":
        return (mean_curve(drawn, outcome=label),)
    panels = probability_panels(drawn, outcome=label)
    is_one = len(bands.levels) == 1
    return (panels,) if is_one else (panels, probability_stack(drawn, outcome=label))


def _code(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def levels_of(model: OutcomeModel) -> tuple[float, ...]:
    """Levels of an ordinal outcome above which curves can be drawn; none of another."""
    if model.plan.endpoint.scale != "ordinal":
        return ()
    return tuple(map(float, np.unique(model.design.response)))[:-1]


def curves_at_cut(model: OutcomeModel, cut: str) -> Curves:
    """Curves of a model on its own subjects.

    Args:
        model: the fitted model.
        cut: value above which a score is the event; empty for the usual one.

    Raises:
        AnalysisError: the model has no such curves, or nobody has that value.
    """
    if not model.converged:
        raise AnalysisError("The model did not converge, so that it predicts nothing.")
    levels = levels_of(model)
    if not cut or not levels:
        return curves_of(model.design, model.fit)
    labels = [f"{level:g}" for level in levels]
    if cut not in labels:
        raise AnalysisError(
            f"No curve parts {model.plan.endpoint.label} above {cut[:20]}; it is"
            f" {', '.join(labels)} that can be parted."
        )
    return curves_of(model.design, model.fit, cut=labels.index(cut))


def curve_figures(found: Curves, *, label: str) -> tuple[Figure, Figure, Figure]:
    """Calibration, ROC and decision curve of one model.

    Args:
        found: its curves.
        label: what it is called.
    """
    (_, first), (_, second), (_, third) = model_curves([(label, found)])
    return first, second, third


def model_curves(
    found: Sequence[tuple[str, Curves]],
) -> tuple[tuple[str, Figure], tuple[str, Figure], tuple[str, Figure]]:
    """Name and figure of calibration of the first model, and of ROC and decisions of all.

    Args:
        found: names and curves of models of the same event; four at most.
    """
    (name, first), event = found[0], found[0][1].event
    benefits = [
        Benefit(label, one.decision.net_benefit, one.decision.ci_low, one.decision.ci_high)
        for label, one in found
    ]
    return (
        (f"Calibration: {name}", calibration(_calibration(first.calibration, first), event=event)),
        ("ROC", roc([_roc(one.roc, label) for label, one in found], event=event)),
        (
            "Decision curve",
            decision_curve(
                benefits,
                threshold=first.decision.threshold,
                treat_all=first.decision.treat_all,
                event=event,
            ),
        ),
    )


def _calibration(curve: CalibrationCurve, found: Curves) -> Calibration:
    return Calibration(
        predicted=curve.predicted,
        observed=curve.observed,
        groups=[
            PredictedGroup(one.n, one.predicted, one.observed, one.ci_low, one.ci_high)
            for one in curve.tenths
        ],
        predictions=found.probability,
        events=found.happened,
        low=curve.ci_low,
        high=curve.ci_high,
    )


def _roc(curve: RocCurve, label: str) -> Roc:
    return Roc(
        label=label,
        area=f"AUC {in_words(curve.auc)}",
        sensitivity=curve.sensitivity,
        specificity=curve.specificity,
        low=curve.ci_low,
        high=curve.ci_high,
        threshold=curve.threshold,
    )


def in_words(found: Estimate) -> str:
    """A measure with its interval."""
    return f"{found.value:.2f} ({found.ci_low:.2f} to {found.ci_high:.2f})"


def influence_figure(model: OutcomeModel) -> Figure:
    """How subjects move each estimate; splines are left out, as they have no single one.

    Raises:
        AnalysisError: the model didn't converge.
    """
    return influence_plot(list(_pulls(model)))


def strongest(
    model: OutcomeModel, *, most: int
) -> list[tuple[str, list[tuple[tuple[str, str], float]]]]:
    """Label of each estimate, and who moves it most: dataset and subject, and by how much."""
    return [
        (pull.term, list(zip(pull.subjects[:most], pull.change[:most].tolist(), strict=True)))
        for pull in _pulls(model)
    ]


def _pulls(model: OutcomeModel) -> Iterator[Pull]:
    curved = curved_columns(model)
    for one in model.coefficients:
        if one.term.partition("@")[0] in curved:
            continue
        found = influence_on(model, one.term)
        known = ~np.isnan(found.standard)
        yield Pull(one.label, _subjects(found.subjects, known), found.standard[known])


def _subjects(subjects: Sequence[str], known: Any) -> list[tuple[str, str]]:
    pairs = (
        name.partition("/") for name, is_known in zip(subjects, known, strict=True) if is_known
    )
    return [(dataset, subject) for dataset, _, subject in pairs]
