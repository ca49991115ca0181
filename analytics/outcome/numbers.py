"""A model as plain numbers, unrounded."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

from analytics.outcome.coefficient import Coefficient
from analytics.outcome.linear import LinearFit
from analytics.outcome.model import OutcomeModel
from data_loader.rows import Rows

_ESTIMATE = ("term", "estimate", "se", "ci_low", "ci_high", "p")
_RATIO = ("odds_ratio", "or_low", "or_high", "or_profile_low", "or_profile_high")


def model_numbers(model: OutcomeModel) -> dict[str, Any]:
    """Every number of a model; what doesn't exist is None, and nothing is NaN or infinite."""
    comparison = model.comparison.as_dict() if model.comparison else {}
    fit = model.fit
    found = {
        "outcome": model.plan.endpoint.text,
        "model": model.plan.model,
        "reading": model.plan.endpoint.reading,
        "n": model.n,
        "events": model.events,
        "excluded": [asdict(one) for one in model.excluded],
        "converged": model.converged,
        "gradient": None if isinstance(fit, LinearFit) else fit.gradient,
        "log_likelihood": model.log_likelihood,
        "aic": fit.aic,
        "likelihood_ratio": _test(model.likelihood_ratio, named=False),
        "terms": [_coefficient(one) for one in model.coefficients],
        "unadjusted": [_coefficient(one) for one in model.unadjusted],
        "thresholds": [asdict(one) for one in model.thresholds],
        "intercept": _intercept(model.intercept),
        "term_tests": [_test(one) for one in model.term_tests],
        "brant": _brant(model),
        "cut_points": [asdict(one) for one in model.cut_points],
        "auc": _discrimination(model),
        "comparison": comparison or None,
        "win_odds": comparison.get("win_odds"),
        "wilcoxon": comparison.get("wilcoxon"),
        "vif": [asdict(one) for one in model.inflation],
        "events_per_term": asdict(model.information) if model.information else None,
        "post_treatment": [variable.name for variable in model.plan.late],
        "warnings": list(model.warnings),
        "request": model.plan.request,
        "cohort": model.provenance.query,
        "index_version": model.provenance.index_version,
        "program_version": model.provenance.program_version,
    }
    return {key: finite(value) for key, value in found.items()}


def model_rows(model: OutcomeModel) -> Rows:
    """Adjusted and unadjusted estimates, a row each, for a spreadsheet."""
    kept = ("adjusted", "label", *_ESTIMATE, *_RATIO)
    rows = [
        {"adjusted": adjusted, **asdict(one)}
        for adjusted, group in (("yes", model.coefficients), ("no", model.unadjusted))
        for one in group
    ]
    return Rows(kept, [{name: row[name] for name in kept} for row in rows])


def _coefficient(one: Coefficient) -> dict[str, Any]:
    return {name: getattr(one, name) for name in (*_ESTIMATE, *_RATIO)}


def _intercept(one: Coefficient | None) -> dict[str, Any] | None:
    return None if one is None else {name: getattr(one, name) for name in _ESTIMATE[1:-1]}


def _test(test: object, *, named: bool = True) -> dict[str, Any] | None:
    if test is None:
        return None
    names = ("term", "chi2", "df", "p") if named else ("chi2", "df", "p")
    return {name: getattr(test, name) for name in names}


def _brant(model: OutcomeModel) -> dict[str, Any] | None:
    if model.brant is None:
        return None
    overall = _test(model.brant.overall, named=False) or {}
    return overall | {"terms": [_test(one) for one in model.brant.terms]}


def _discrimination(model: OutcomeModel) -> dict[str, Any] | None:
    one = model.discrimination
    if one is None:
        return None
    measure = "AUC" if model.plan.endpoint.scale == "binary" else "c"
    return {
        "value": one.value,
        "ci_low": one.ci_low,
        "ci_high": one.ci_high,
        "measure": measure,
    }


def finite(value: Any) -> Any:
    """The same with None in place of what is no number."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: finite(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [finite(inner) for inner in value]
    return value
