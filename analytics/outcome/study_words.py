"""A study in words: what was done beside the model, and what was found."""

from collections.abc import Iterator

from analytics.outcome.imputed_model import ImputedModel
from analytics.outcome.influence import Estimate
from analytics.outcome.nested import NestedComparison
from analytics.outcome.performance import LABELS
from analytics.outcome.study import Study
from analytics.outcome.validated_model import ValidatedModel
from analytics.outcome.words import (
    methods_paragraph,
    p_phrase,
    reporting_items,
    results_paragraph,
    with_limits,
)
from analytics.table_one.wording import fixed

_SAID = ("slope", "intercept", "brier", "rmse")
"""Measures that a results section names after discrimination, by key of `LABELS`."""


def study_methods(study: Study) -> str:
    """What was done, as a methods section says it."""
    said = [methods_paragraph(study.model)]
    if study.imputed:
        said.append(study.imputed.imputation.sentence())
    if study.validated:
        said.append(study.validated.cross.sentence())
        said += [study.validated.bootstrap.sentence()] if study.validated.bootstrap else []
    if study.nested:
        said.append(study.nested.sentence())
        said += [] if study.validated else [study.nested.validation.sentence()]
    return " ".join(said)


def study_results(study: Study) -> str:
    """What was found, as a results section says it."""
    said = [results_paragraph(study.model)]
    said += _pooled(study.imputed) if study.imputed else []
    said += _validated(study.validated) if study.validated else []
    said += _added(study.nested) if study.nested else []
    return " ".join(said)


def study_items(study: Study) -> tuple[tuple[str, str], ...]:
    """Reporting items that the report answers, those of the model first."""
    found = list(reporting_items(study.model))
    if study.imputed:
        found.append(("STROBE 12c; TRIPOD+AI 11", "multiple imputation: Methods, pooled table"))
    if study.validated or study.nested:
        found.append(("TRIPOD+AI 12e, 23a", "internal validation: Methods, performance tables"))
    return tuple(found)


def _pooled(imputed: ImputedModel) -> Iterator[str]:
    is_linear = imputed.plan.endpoint.scale == "linear"
    said = []
    for pooled in imputed.coefficients:
        one = pooled.coefficient
        value, low, high = one.odds_ratio, one.or_low, one.or_high
        if is_linear:
            value, low, high = one.estimate, one.ci_low, one.ci_high
        if value is None or low is None or high is None or one.term.startswith("rcs("):
            continue
        missing = f"{100 * pooled.missing_information:.0f} % of the information missing"
        said.append(f"{with_limits(value, low, high, p=one.p)} for {one.label}, {missing}")
    if said:
        kind = "differences" if is_linear else "odds ratios"
        count = len(imputed.fits)
        yield (
            f"Pooled over {count} imputations of {imputed.n:,} subjects, the adjusted {kind} were"
            f" {'; '.join(said)}."
        )


def _validated(validated: ValidatedModel) -> Iterator[str]:
    name, *_ = validated.cross.models[0].measures
    found = validated.cross.models[0].estimates()
    said = [_named(key, found.get(key)) for key in (name, *_SAID) if found.get(key)]
    yield f"Cross-validated: {'; '.join(said)}."
    if validated.bootstrap and (corrected := validated.bootstrap.measures[name]):
        yield f"Corrected for optimism: {_named(name, corrected.corrected)}."
    for place, one in enumerate(validated.cross.models[1:], start=1):
        if difference := validated.cross.difference(place, 0, name):
            yield f"{one.name} less the model: {_named(name, difference)}."


def _added(nested: NestedComparison) -> Iterator[str]:
    test, label = nested.test, LABELS[nested.measure]
    symbol = "χ²" if test.df2 is None else "F"
    df = f"{test.df} df" if test.df2 is None else f"{test.df} and {test.df2:.1f} df"
    yield (
        f"With {', '.join(nested.added)}: {symbol} = {fixed(test.statistic, 2)}, {df}, p"
        f" {p_phrase(test.p)}; {label} changed by {_interval(nested.apparent[2])}, and by"
        f" {_interval(nested.validated_difference)} on held-out subjects."
    )


def _named(key: str, found: Estimate | None) -> str:
    return f"{LABELS[key]} {_interval(found)}"


def _interval(found: Estimate | None) -> str:
    if found is None:
        return "what isn't defined"
    low, high = fixed(found.ci_low, 3), fixed(found.ci_high, 3)
    return f"{fixed(found.value, 3)} (95 % CI {low} to {high})"
