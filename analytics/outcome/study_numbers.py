"""A study as plain numbers, unrounded: what `insula outcome --format json` prints.

The keys of the model stand as `model_numbers` gives them; what was asked for beside it stands under
`imputation`, `validation` and `added_terms`.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import orjson

from analytics.outcome.curves import curves_at, usual_cut
from analytics.outcome.imputed_model import ImputedModel, PooledCoefficient
from analytics.outcome.influence import Estimate
from analytics.outcome.nested import NestedComparison
from analytics.outcome.numbers import finite, model_numbers, model_rows
from analytics.outcome.optimism import BootstrapValidation
from analytics.outcome.study import Study
from analytics.outcome.validated_model import ValidatedModel
from analytics.outcome.validation import CrossValidation
from data_loader.rows import Rows


def study_numbers(study: Study) -> dict[str, Any]:
    """Every number; what doesn't exist is None, and nothing is NaN or infinite."""
    found = model_numbers(study.model)
    if study.imputed:
        found["imputation"] = finite(_imputation(study.imputed))
    if study.validated:
        found["validation"] = finite(_validation(study.validated))
    if study.nested:
        found["added_terms"] = finite(_nested(study.nested))
    return found | {"warnings": list(study.warnings), "request": dict(study.request)}


def study_json(study: Study) -> bytes:
    """The numbers as JSON, indented, with a newline at the end."""
    return orjson.dumps(
        study_numbers(study), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )


def study_rows(study: Study) -> Rows:
    """Adjusted, unadjusted and pooled estimates, a row each, for a spreadsheet."""
    rows = model_rows(study.model)
    if study.imputed is None:
        return rows
    columns = (*rows.columns, "missing_information")
    pooled = [
        asdict(one.coefficient)
        | {"adjusted": adjusted, "missing_information": one.missing_information}
        for adjusted, group in (
            ("yes, imputed", study.imputed.coefficients),
            ("no, imputed", study.imputed.unadjusted),
        )
        for one in group
    ]
    every = [{**row, "missing_information": None} for row in rows] + pooled
    return Rows(columns, [{name: row[name] for name in columns} for row in every])


def _imputation(imputed: ImputedModel) -> dict[str, Any]:
    imputation, plan = imputed.imputation, imputed.imputation.plan
    return {
        "imputations": plan.imputations,
        "iterations": plan.iterations,
        "seed": plan.seed,
        "n": imputed.n,
        "excluded": [asdict(one) for one in imputed.excluded],
        "imputed": [
            {"variable": one.variable.name, "method": one.method, "n": one.n}
            for one in imputation.imputed
        ],
        "terms": [_pooled(one) for one in imputed.coefficients],
        "unadjusted": [_pooled(one) for one in imputed.unadjusted],
        "thresholds": [asdict(one) for one in imputed.thresholds],
        "intercept": _pooled(imputed.intercept) if imputed.intercept else None,
        "auc": _estimate(imputed.discrimination),
    }


def _pooled(one: PooledCoefficient) -> dict[str, Any]:
    of_fit = asdict(one.coefficient)
    names = ("term", "estimate", "se", "ci_low", "ci_high", "p", "odds_ratio", "or_low", "or_high")
    return {name: of_fit[name] for name in names} | {
        "df": one.df,
        "missing_information": one.missing_information,
        "efficiency": one.efficiency,
    }


def _validation(validated: ValidatedModel) -> dict[str, Any]:
    return {
        **_cross(validated.cross),
        "bootstrap": _bootstrap(validated.bootstrap) if validated.bootstrap else None,
        "importance": {
            name: [{"variable": one.variable.name, "loss": one.loss, "sd": one.sd} for one in found]
            for name, found in validated.importance.items()
        },
    }


def _cross(cross: CrossValidation) -> dict[str, Any]:
    plan, first = cross.plan, next(iter(cross.models[0].measures))
    return {
        "folds": plan.folds,
        "repeats": plan.repeats,
        "seed": plan.seed,
        "imputes": plan.imputes,
        "n": cross.subjects.n,
        "models": [
            {
                "name": one.name,
                "measures": {name: _estimate(found) for name, found in one.estimates().items()},
                "failed": one.failed,
                "difference": _estimate(cross.difference(place, 0, first)) if place else None,
            }
            for place, one in enumerate(cross.models)
        ],
    }


def _bootstrap(bootstrap: BootstrapValidation) -> dict[str, Any]:
    return {
        "resamples": bootstrap.resamples,
        "measures": {
            name: found
            and {
                "apparent": _estimate(found.apparent),
                "optimism": found.optimism,
                "corrected": _estimate(found.corrected),
            }
            for name, found in bootstrap.measures.items()
        },
    }


def _nested(nested: NestedComparison) -> dict[str, Any]:
    base, full, difference = nested.apparent
    return {
        "added": list(nested.added),
        "test": asdict(nested.test),
        "measure": nested.measure,
        "apparent": {
            "without": _estimate(base),
            "with": _estimate(full),
            "difference": _estimate(difference),
        },
        "validated_difference": _estimate(nested.validated_difference),
        "validation": _cross(nested.validation),
        "decision_curve": _decisions(nested),
    }


def _decisions(nested: NestedComparison) -> dict[str, Any] | None:
    """Net benefit of held-out predictions without and with the added terms."""
    truth, endpoint = nested.validation.subjects.truth, nested.full.endpoint
    if truth.scale == "linear":
        return None
    cut = usual_cut(endpoint, truth)
    without, with_ = (
        curves_at(endpoint, truth, one.predicted, cut=cut) for one in nested.validation.models
    )
    return {
        "event": with_.event,
        "threshold": with_.decision.threshold.tolist(),
        "without": without.decision.net_benefit.tolist(),
        "with": with_.decision.net_benefit.tolist(),
        "treat_all": with_.decision.treat_all.tolist(),
    }


def _estimate(found: Estimate | None) -> Mapping[str, float] | None:
    if found is None:
        return None
    return {"value": found.value, "ci_low": found.ci_low, "ci_high": found.ci_high}
