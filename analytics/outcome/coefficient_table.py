"""Estimates on the scale of the model, with its thresholds or intercept and their errors."""

from analytics.outcome.linear import LinearFit
from analytics.outcome.model import OutcomeModel
from analytics.table_one.wording import NOTHING, fixed, p_value
from analytics.tables.table import Cell, Column, Table, TableRow


def coefficient_table(model: OutcomeModel) -> Table:
    """A row a coefficient, then the thresholds of an ordinal model or the intercept of another."""
    rows = [
        TableRow(
            (Cell(one.label), *_numbers(one.estimate, one.se), Cell(p_value(one.p), one.p)),
            key=one.term,
        )
        for one in model.coefficients
    ]
    own: list[tuple[str, float | None, float | None]] = [
        (f"Threshold {one.level}", one.estimate, one.se) for one in model.thresholds
    ]
    if model.intercept is not None:
        own.append(("Intercept", model.intercept.estimate, model.intercept.se))
    if own:
        heading = "Thresholds, log odds of being at or below" if model.thresholds else "Constant"
        rows.append(TableRow((Cell(heading), *[Cell("")] * 3), is_heading=True))
        rows += [
            TableRow((Cell(name), *_numbers(value, se), Cell(NOTHING)), indent=1)
            for name, value, se in own
        ]
    is_linear = isinstance(model.fit, LinearFit)
    what = "Slopes" if is_linear else "Coefficients: log odds ratios"
    return Table(
        title=f"{what}, {model.plan.endpoint.label}",
        columns=(
            Column("term", "Term", align="left"),
            Column("estimate", "Estimate"),
            Column("se", "SE"),
            Column("p", "p"),
        ),
        rows=tuple(rows),
    )


def _numbers(value: float | None, se: float | None) -> tuple[Cell, Cell]:
    return tuple(  # type: ignore[return-value]  # two of them
        Cell(NOTHING) if one is None else Cell(fixed(one, 4), one, 4) for one in (value, se)
    )
