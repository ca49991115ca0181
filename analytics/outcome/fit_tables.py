"""A model's fit as a table, and who was left out of it."""

from collections.abc import Iterator

from analytics.outcome.firth import FirthFit
from analytics.outcome.linear import LinearFit
from analytics.outcome.model import OutcomeModel
from analytics.outcome.words import discrimination_label, p_phrase
from analytics.table_one.wording import NOTHING, fixed
from analytics.tables.table import Cell, Column, Table, TableRow

Limits = tuple[float | None, float | None, float | None]
"""An estimate and the ends of its interval; None where there is no number."""


def with_interval(limits: Limits) -> Cell:
    """An estimate with its interval."""
    value, low, high = limits
    if value is None:
        return Cell(NOTHING)
    if low is None or high is None:
        return Cell(NOTHING)
    digits = digits_for(value, low, high)
    return Cell(
        f"{fixed(value, digits)} ({fixed(low, digits)} to {fixed(high, digits)})", value, digits
    )


def digits_for(value: float, low: float, high: float) -> int:
    """Decimals that tell an estimate from its limits: two, more where an interval is narrow."""
    width = high - low
    return 2 if width > 0.1 else 3 if width > 0.01 else 4


def fit_table(model: OutcomeModel) -> Table:
    """How well the model fits, and what it was fitted to."""
    return Table(
        title="The fit",
        columns=(Column("what", "Measure", align="left"), Column("value", "Value")),
        rows=tuple(TableRow((Cell(name), cell)) for name, cell in _facts(model)),
    )


def _facts(model: OutcomeModel) -> Iterator[tuple[str, Cell]]:
    def number(value: float, digits: int) -> Cell:
        return Cell(fixed(value, digits), value, digits)

    fit = model.fit
    yield "Subjects", Cell(f"{model.n:,}", model.n)
    if model.events is not None:
        yield f"With {model.plan.endpoint.label}", Cell(f"{model.events:,}", model.events)
    what = "Penalised log-likelihood" if isinstance(fit, FirthFit) else "Log-likelihood"
    yield what, number(model.log_likelihood, 3)
    yield "AIC", number(fit.aic, 2)
    if isinstance(fit, LinearFit):
        yield "R²", number(fit.r_squared, 3)
        yield "Residual SD", number(fit.residual_sd, 3)
    else:
        yield "Converged", Cell("yes" if model.converged else "no")
        yield "Largest component of the gradient", Cell(f"{fit.gradient:.1e}", fit.gradient)
    if (test := model.likelihood_ratio) is not None:
        told = f"χ² = {fixed(test.chi2, 2)}, {test.df} df, p {p_phrase(test.p)}"
        yield "All terms against none (likelihood ratio)", Cell(told)
    if (one := model.discrimination) is not None:
        limits = (one.value, one.ci_low, one.ci_high)
        yield discrimination_label(model), with_interval(limits)
    if (found := model.information) is not None:
        yield f"For each estimated column: {found.basis}", number(found.value, 1)
    if model.intercept is not None and model.intercept.estimate is not None:
        yield "Intercept (SE)", Cell(_with_error(model.intercept.estimate, model.intercept.se))
    for threshold in model.thresholds:
        cell = Cell(_with_error(threshold.estimate, threshold.se), threshold.estimate)
        yield f"Threshold {threshold.level} (SE)", cell


def _with_error(estimate: float, se: float | None) -> str:
    return f"{fixed(estimate, 3)} ({NOTHING if se is None else fixed(se, 3)})"


def left_out_table(model: OutcomeModel) -> Table:
    """Who of the cohort isn't among the subjects used."""
    cohort = model.provenance.n
    rows = [TableRow((Cell("Cohort"), Cell(f"{cohort:,}", cohort)))]
    rows += [
        TableRow((Cell(one.reason), Cell(f"{one.n:,}", one.n)), indent=1) for one in model.excluded
    ]
    rows.append(TableRow((Cell("Used"), Cell(f"{model.n:,}", model.n))))
    return Table(
        title="Who was left out",
        columns=(Column("reason", "Step", align="left"), Column("n", "Subjects")),
        rows=tuple(rows),
        footnotes=(("", "Each subject is counted once, under the first reason that holds."),),
    )
