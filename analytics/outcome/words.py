"""A model in words: a paragraph of methods, one of results, and the reporting items they answer."""

from collections.abc import Iterator

from analytics.outcome.encoding import Encoding
from analytics.outcome.firth import FirthFit
from analytics.outcome.linear import Errors, LinearFit
from analytics.outcome.model import OutcomeModel
from analytics.table_one.wording import fixed, p_value

ERRORS: dict[Errors, str] = {
    "classical": "classical errors",
    "HC3": "heteroscedasticity-consistent errors (HC3)",
    "cluster": "cluster-robust errors",
}


def discrimination_label(model: OutcomeModel) -> str:
    """What the measure of discrimination is called."""
    if model.plan.endpoint.scale == "binary":
        return "AUC (DeLong)"
    return "Concordance (c) of pairs with different outcomes"


def methods_paragraph(model: OutcomeModel) -> str:
    """What was done, as a methods section says it."""
    return " ".join(_methods(model))


def results_paragraph(model: OutcomeModel) -> str:
    """What was found, as a results section says it."""
    return " ".join(_results(model))


def reporting_items(model: OutcomeModel) -> tuple[tuple[str, str], ...]:
    """Items of STROBE and TRIPOD+AI, and what of the report answers them.

    STROBE: von Elm et al., Lancet 2007;370:1453. TRIPOD+AI: Collins et al., BMJ 2024;385:e078378.
    """
    return (
        ("STROBE 7, 11; TRIPOD+AI 8a, 9a, 12b", "outcome, terms and their form: Methods"),
        ("STROBE 12a; TRIPOD+AI 12c", "model, intervals and tests: Methods"),
        ("STROBE 12c; TRIPOD+AI 11", "handling of missing values: Methods"),
        ("STROBE 13a-b; TRIPOD+AI 20a", "subjects used and left out: Results, last table"),
        ("STROBE 16a; TRIPOD+AI 22", "unadjusted and adjusted estimates: first table"),
        ("STROBE 10; TRIPOD+AI 10, 21", "subjects that count for each estimate: The fit"),
        *([("STROBE 12e", "proportional odds examined: by cut, Brant")] if model.brant else []),
        *([("TRIPOD+AI 12d", "likeness within clusters: Methods")] if model.plan.cluster else []),
    )


def _methods(model: OutcomeModel) -> Iterator[str]:
    plan, fit = model.plan, model.fit
    yield f"The outcome was {plan.endpoint.label}, modelled by {_model_name(model)}."
    yield plan.endpoint.reading
    yield f"Terms: {'; '.join(_terms(model))}."
    if plan.late:
        names = ", ".join(variable.label for variable in plan.late)
        yield f"Known only after treatment, and asked for all the same: {names}."
    yield (
        "Subjects with a blank in any of them were left out (complete cases); unadjusted estimates"
        " are of the same subjects."
    )
    yield _intervals(model)
    if model.brant:
        yield (
            "Proportional odds were examined by odds ratios at every cut and by Brant's test"
            " (Biometrics 1990;46:1171); the model was not chosen by the test."
        )
    if not isinstance(fit, LinearFit):
        measure = (
            "AUC with DeLong's interval"
            if plan.endpoint.scale == "binary"
            else "concordance with the infinitesimal jackknife's interval"
        )
        yield f"Discrimination is {measure}, on the subjects that the model was fitted to."
    yield " ".join(model.provenance.lines()[1:])


def _model_name(model: OutcomeModel) -> str:
    if isinstance(model.fit, LinearFit):
        return "least squares"
    if isinstance(model.fit, FirthFit):
        return "logistic regression with Firth's penalty (Biometrika 1993;80:27)"
    if model.plan.endpoint.scale == "binary":
        return "logistic regression"
    if model.plan.free:
        labels = {term.text: term.label for term in model.plan.terms}
        freed = ", ".join(labels[text] for text in model.plan.free)
        return f"partial proportional odds, {freed} having an odds ratio at every cut"
    return "proportional odds (cumulative logit)"


def _terms(model: OutcomeModel) -> Iterator[str]:
    encoder = model.design.encoder
    used = {predictor.term for predictor in encoder.predictors}
    for term, encodings in zip(encoder.terms, encoder.encodings, strict=True):
        if term.text in used:
            how = [said for encoding in encodings if (said := _form(encoding))]
            is_product = len(encodings) > 1
            yield term.label + (f" ({'; '.join(how)})" if how and not is_product else "")


def _form(encoding: Encoding) -> str:
    variable = encoding.part.variable
    if encoding.knots:
        knots = ", ".join(f"{knot:g}" for knot in encoding.knots)
        places = ", ".join(f"{100 * quantile:g}" for quantile in encoding.part.quantiles)
        return f"restricted cubic, knots at {knots}: percentiles {places}"
    if encoding.levels:
        return f"reference: {variable.level_label(encoding.levels[0])}"
    return ""


def _intervals(model: OutcomeModel) -> str:
    fit = model.fit
    if isinstance(fit, LinearFit):
        return f"Intervals are 95 %, from Student's t with {ERRORS[fit.errors]}."
    if isinstance(fit, FirthFit):
        return (
            "Intervals are 95 %, from the profile of the penalised likelihood and by Wald;"
            " p-values are of the penalised likelihood ratio."
        )
    if model.plan.cluster:
        return (
            f"Intervals and p-values are Wald's, robust to clusters of {model.plan.cluster.label},"
            f" from Student's t with {fit.df} degrees of freedom."
        )
    return (
        "Intervals are 95 %, by Wald and from the profile likelihood; p-values are Wald's,"
        " two-sided, not corrected for their number."
    )


def _results(model: OutcomeModel) -> Iterator[str]:
    cohort, n = model.provenance.n, model.n
    share = f" ({100 * n / cohort:.0f} %)" if cohort else ""
    out = "; ".join(f"{one.reason}: {one.n:,}" for one in model.excluded)
    yield f"Of {cohort:,} subjects, {n:,}{share} were used{f' (left out: {out})' if out else ''}."
    if model.events is not None:
        yield f"{model.events:,} of them had {model.plan.endpoint.label}."
    if not model.converged:
        yield "There is no finite fit, so that no estimate is reported."
        return
    said = list(_estimates(model))
    if said:
        kind = "differences" if isinstance(model.fit, LinearFit) else "odds ratios"
        yield f"Adjusted for each other, the {kind} were {'; '.join(said)}."
    for test in model.term_tests:
        if len(model.design.encoder.columns_of(test.term)) > 1:
            heading = model.design.encoder.heading(test.term)
            yield f"{heading}: χ² = {fixed(test.chi2, 2)}, {test.df} df, p {p_phrase(test.p)}."
    if model.brant:
        test = model.brant.overall
        yield (f"Brant's test: χ² = {fixed(test.chi2, 2)}, {test.df} df, p {p_phrase(test.p)}.")
    if (one := model.discrimination) is not None:
        name = "The AUC" if model.plan.endpoint.scale == "binary" else "Concordance (c)"
        yield f"{name} was {with_limits(one.value, one.ci_low, one.ci_high)}, on the subjects it was fitted to."


def _estimates(model: OutcomeModel) -> Iterator[str]:
    """Each estimate that means something by itself: not the columns of a spline."""
    curved = {
        predictor.name
        for term, parts in zip(
            model.design.encoder.terms, model.design.encoder.encodings, strict=True
        )
        if any(part.knots for part in parts)
        for predictor in model.design.encoder.predictors
        if predictor.term == term.text
    }
    for one in model.coefficients:
        value, low, high = one.odds_ratio, one.or_low, one.or_high
        if isinstance(model.fit, LinearFit):
            value, low, high = one.estimate, one.ci_low, one.ci_high
        if isinstance(model.fit, FirthFit):
            low, high = one.or_profile_low, one.or_profile_high
        if value is None or low is None or high is None:
            continue
        if one.term.partition("@")[0] not in curved:
            yield f"{with_limits(value, low, high, p=one.p)} for {one.label}"


def with_limits(value: float, low: float, high: float, *, p: float | None = None) -> str:
    """An estimate with its interval and p, as a sentence has them."""
    digits = 2 if high - low > 0.1 else 3
    tested = "" if p is None else f"; p {p_phrase(p)}"
    return f"{fixed(value, digits)} (95 % CI {fixed(low, digits)} to {fixed(high, digits)}{tested})"


def p_phrase(p: float) -> str:
    """`= 0.04` or `< 0.001`."""
    text = p_value(p)
    return f"{text[0]} {text[1:]}" if text[0] in "<>" else f"= {text}"
