"""Estimates pooled over imputations as tables, and what was imputed."""

from analytics.outcome.coefficient import Coefficient
from analytics.outcome.fit_tables import with_interval
from analytics.outcome.imputed_model import ImputedModel, PooledCoefficient
from analytics.table_one.wording import NOTHING, p_value
from analytics.tables.table import Cell, Column, Table, TableRow

POOLED_P_NOTE = "Student's t with Barnard and Rubin's degrees of freedom."
MISSING_NOTE = (
    "Fraction of missing information: of what the estimate would be known with, had nothing been"
    " missing, the share that the blanks cost."
)


def pooled_tables(imputed: ImputedModel) -> tuple[Table, ...]:
    """The pooled estimates, and the values that were imputed."""
    return (
        pooled_table(imputed),
        *([imputed_table(imputed)] if imputed.imputation.imputed else []),
    )


def pooled_table(imputed: ImputedModel) -> Table:
    """A row an estimate: unadjusted and adjusted, with what the blanks cost."""
    is_linear = imputed.plan.endpoint.scale == "linear"
    what = "Estimate" if is_linear else "Odds ratio"
    alone = {one.coefficient.term: one for one in imputed.unadjusted}
    rows = tuple(
        TableRow(
            (
                Cell(one.coefficient.label),
                *_pair(alone.get(one.coefficient.term), is_linear=is_linear),
                *_pair(one, is_linear=is_linear),
                missing_cell(one),
            ),
            key=one.coefficient.term,
        )
        for one in imputed.coefficients
    )
    count = len(imputed.fits)
    return Table(
        title=f"{what}s of {imputed.plan.endpoint.label}, pooled over {count} imputations",
        columns=(
            Column("term", "Term", align="left"),
            Column("unadjusted", what, sub="95 % CI", spanner="Unadjusted"),
            Column("unadjusted_p", "p", spanner="Unadjusted"),
            Column("adjusted", what, sub="95 % CI", spanner="Adjusted"),
            Column("p", "p", spanner="Adjusted", marks=("a",)),
            Column("fmi", "Missing information", spanner="Adjusted", marks=("b",)),
        ),
        rows=rows,
        footnotes=(
            ("a", POOLED_P_NOTE),
            ("b", MISSING_NOTE),
            ("", f"n = {imputed.n:,} throughout. {imputed.imputation.sentence()}"),
        ),
    )


def missing_cell(one: PooledCoefficient) -> Cell:
    """What the blanks cost an estimate."""
    return Cell(f"{100 * one.missing_information:.0f} %", one.missing_information)


def imputed_table(imputed: ImputedModel) -> Table:
    """A row a variable that had blanks."""
    return Table(
        title="What was imputed",
        columns=(
            Column("variable", "Variable", align="left"),
            Column("n", "Values"),
            Column("method", "Drawn by", align="left"),
        ),
        rows=tuple(
            TableRow(
                (Cell(one.variable.label), Cell(f"{one.n:,}", one.n), Cell(one.method)),
                key=one.variable.name,
            )
            for one in imputed.imputation.imputed
        ),
        footnotes=(("", f"Of {imputed.n:,} subjects analysed."),),
    )


def _pair(one: PooledCoefficient | None, *, is_linear: bool) -> tuple[Cell, Cell]:
    if one is None:
        return Cell(NOTHING), Cell(NOTHING)
    found: Coefficient = one.coefficient
    limits = (found.odds_ratio, found.or_low, found.or_high)
    if is_linear:
        limits = (found.estimate, found.ci_low, found.ci_high)
    return with_interval(limits), Cell(p_value(found.p), found.p)
