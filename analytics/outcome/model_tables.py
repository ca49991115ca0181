"""A model as tables: estimates, odds ratios by cut, Brant's test, terms, the fit, who is out."""

from collections.abc import Callable, Sequence

from analytics.outcome.brant import WaldTest
from analytics.outcome.coefficient import Coefficient
from analytics.outcome.coefficient_table import coefficient_table
from analytics.outcome.comparison_tables import comparison_tables
from analytics.outcome.firth import FirthFit
from analytics.outcome.fit_tables import (
    Limits,
    digits_for,
    fit_table,
    left_out_table,
    with_interval,
)
from analytics.outcome.imputed_model import PooledCoefficient, PooledEstimates
from analytics.outcome.linear import LinearFit
from analytics.outcome.model import OutcomeModel
from analytics.outcome.pooled_table import MISSING_NOTE, POOLED_P_NOTE, missing_cell
from analytics.outcome.words import ERRORS
from analytics.table_one.wording import NOTHING, fixed, p_value
from analytics.tables.table import EMPTY, Cell, Column, Table, TableRow

_P_MARK, _POOLED_MARK, _FMI_MARK = "a", "b", "c"


def model_tables(model: OutcomeModel, pooled: PooledEstimates | None = None) -> tuple[Table, ...]:
    """Every table of a model, the estimates first, those that were pooled beside them."""
    return (
        estimates_table(model, pooled),
        *([coefficient_table(model)] if model.converged else []),
        *([cuts_table(model)] if model.cut_points else []),
        *([brant_table(model)] if model.brant else []),
        *([terms_table(model)] if model.term_tests or model.inflation else []),
        *(comparison_tables(model.comparison) if model.comparison else ()),
        fit_table(model),
        left_out_table(model),
    )


def estimates_table(model: OutcomeModel, pooled: PooledEstimates | None = None) -> Table:
    """Each column unadjusted and adjusted, with its intervals.

    Args:
        model: of the complete cases.
        pooled: the same over imputations, which then stand beside the adjusted ones.
    """
    is_linear = isinstance(model.fit, LinearFit)
    what = "Estimate" if is_linear else "Odds ratio"
    alone = {one.term: one for one in model.unadjusted}
    has_profile = any(one.or_profile_low is not None for one in model.coefficients)
    imputed = pooled.by_term if pooled else {}
    known = {one.term for one in model.coefficients}

    def cells(one: Coefficient) -> tuple[Cell, ...]:
        unadjusted = alone.get(one.term, Coefficient(one.term, one.label))
        limits = (one.odds_ratio, one.or_profile_low, one.or_profile_high)
        profile = (_interval(limits),) if has_profile else ()
        beside = _pooled_cells(imputed.get(one.term), is_linear) if pooled else ()
        return (*_pair(unadjusted, is_linear), *_pair(one, is_linear), *profile, *beside)

    only_pooled = tuple(
        TableRow((Cell(one.label), *cells(one)), key=one.term)
        for one in (Coefficient(term, found.coefficient.label) for term, found in imputed.items())
        if one.term not in known
    )
    has_spline = any(part.knots for parts in model.design.encoder.encodings for part in parts)
    return Table(
        title=f"{what}s of {model.plan.endpoint.label}",
        columns=(
            Column("term", "Term", align="left"),
            Column("unadjusted", what, sub="95 % CI", spanner="Unadjusted"),
            Column("unadjusted_p", "p", spanner="Unadjusted"),
            Column("adjusted", what, sub="95 % CI", spanner="Adjusted"),
            Column("p", "p", spanner="Adjusted", marks=(_P_MARK,)),
            *([Column("profile", "Profile limits", spanner="Adjusted")] if has_profile else []),
            *(_pooled_columns(what, pooled) if pooled else []),
        ),
        rows=(*_by_term(model, model.coefficients, cells), *only_pooled),
        footnotes=(
            (_P_MARK, _p_note(model)),
            ("", model.plan.endpoint.reading),
            ("", f"n = {model.n:,} throughout; {NOTHING} where there is no number."),
            *([("", _SPLINE_NOTE)] if has_spline else []),
            *(_pooled_notes(pooled) if pooled else []),
        ),
    )


def _pooled_columns(what: str, pooled: PooledEstimates) -> list[Column]:
    over = f"Adjusted, {pooled.imputations} imputations"
    return [
        Column("pooled", what, sub="95 % CI", spanner=over),
        Column("pooled_p", "p", spanner=over, marks=(_POOLED_MARK,)),
        Column("fmi", "FMI", spanner=over, marks=(_FMI_MARK,)),
    ]


def _pooled_notes(pooled: PooledEstimates) -> list[tuple[str, str]]:
    return [
        (_POOLED_MARK, f"{POOLED_P_NOTE} n = {pooled.n:,} in each imputation."),
        (_FMI_MARK, MISSING_NOTE),
    ]


def _pooled_cells(one: PooledCoefficient | None, is_linear: bool) -> tuple[Cell, Cell, Cell]:
    if one is None:
        return Cell(NOTHING), Cell(NOTHING), Cell(NOTHING)
    return (*_pair(one.coefficient, is_linear), missing_cell(one))


_SPLINE_NOTE = (
    "The columns of a spline mean nothing one by one: see the predicted curve, and the term's test."
)


def _by_term(
    model: OutcomeModel,
    coefficients: Sequence[Coefficient],
    cells: Callable[[Coefficient], tuple[Cell, ...]],
) -> tuple[TableRow, ...]:
    """A row a coefficient, under a heading where its term has several columns."""
    encoder = model.design.encoder
    predictors = {predictor.name: predictor for predictor in encoder.predictors}
    rows, above = [], ""
    for one in coefficients:
        name, _, cut = one.term.partition("@")
        term = predictors[name].term
        has_several = len(encoder.columns_of(term)) > 1
        if has_several and term != above:
            heading = Cell(encoder.heading(term))
            rows.append(TableRow((heading, *[EMPTY] * len(cells(one))), is_heading=True))
        above = term
        label = predictors[name].short if has_several else predictors[name].label
        shown = Cell(f"{label}, {cut}" if cut else label)
        rows.append(TableRow((shown, *cells(one)), indent=int(has_several), key=one.term))
    return tuple(rows)


def _p_note(model: OutcomeModel) -> str:
    if isinstance(model.fit, LinearFit):
        return f"Student's t, {ERRORS[model.fit.errors]}."
    if isinstance(model.fit, FirthFit):
        return "Penalised likelihood ratio; intervals beside are Wald's."
    return f"Wald's test and intervals{', by cluster (Student t)' if model.plan.cluster else ''}."


def _pair(one: Coefficient, is_linear: bool) -> tuple[Cell, Cell]:
    limits = (one.odds_ratio, one.or_low, one.or_high)
    if is_linear:
        limits = (one.estimate, one.ci_low, one.ci_high)
    return with_interval(limits), Cell(p_value(one.p), one.p)


def _interval(limits: Limits) -> Cell:
    value, low, high = limits
    if value is None or low is None or high is None:
        return Cell(NOTHING)
    digits = digits_for(value, low, high)
    return Cell(f"{fixed(low, digits)} to {fixed(high, digits)}")


def cuts_table(model: OutcomeModel) -> Table:
    """Odds ratios at every cut beside the common one."""
    cuts = list(dict.fromkeys(point.cut for point in model.cut_points))
    found = {(point.term, point.cut): point for point in model.cut_points}
    common = {one.term: one for one in model.coefficients}
    every = [
        common.get(one.name, Coefficient(one.name, one.label))
        for one in model.design.encoder.predictors
    ]

    def cells(one: Coefficient) -> tuple[Cell, ...]:
        points = [found[one.term, cut] for cut in cuts]
        return (
            with_interval((one.odds_ratio, one.or_low, one.or_high)),
            *(with_interval((at.odds_ratio, at.or_low, at.or_high)) for at in points),
        )

    label = model.plan.endpoint.variable.label
    return Table(
        title=f"Odds ratios of being above each cut of {label}, beside the common one",
        columns=(
            Column("term", "Term", align="left"),
            Column("common", "Common", sub="95 % CI"),
            *(Column(cut, cut, sub="95 % CI", spanner="Cut") for cut in cuts),
        ),
        rows=_by_term(model, every, cells),
        footnotes=(
            ("", "Each cut is a logistic regression with all terms; 0|1 parts 0 from 1 and more."),
        ),
    )


def brant_table(model: OutcomeModel) -> Table:
    """Brant's test of all terms and of each."""
    tests = [] if model.brant is None else [model.brant.overall, *model.brant.terms]
    labels = {one.name: one.label for one in model.design.encoder.predictors}
    return Table(
        title="Brant's test of proportional odds",
        columns=(Column("term", "Term", align="left"), *_TEST_COLUMNS),
        rows=tuple(
            TableRow((Cell(labels.get(test.term, "All terms")), *_tested(test)), key=test.term)
            for test in tests
        ),
        footnotes=(
            ("", "A small p says that the odds ratios differ between cuts; look at them by cut."),
            (
                "",
                "The model isn't chosen by this test: that would make its own p-values too small.",
            ),
        ),
    )


def _tested(test: WaldTest) -> tuple[Cell, ...]:
    return (
        Cell(fixed(test.chi2, 2), test.chi2, 2),
        Cell(str(test.df), test.df),
        Cell(p_value(test.p), test.p),
    )


_TEST_COLUMNS = (Column("chi2", "χ²"), Column("df", "df"), Column("p", "p"))


def terms_table(model: OutcomeModel) -> Table:
    """Each term's test and variance inflation."""
    labels = {term.text: term.label for term in model.design.encoder.terms}
    inflation = {one.term: one for one in model.inflation}
    rows = []
    tests = {test.term: test for test in model.term_tests}
    for text in dict.fromkeys(one.term for one in model.design.encoder.predictors):
        one, test = inflation.get(text), tests.get(text)
        vif = Cell(NOTHING) if one is None else Cell(fixed(one.per_column, 2), one.per_column, 2)
        tested = _tested(test) if test else (Cell(NOTHING),) * 3
        rows.append(TableRow((Cell(labels[text]), *tested, vif), key=text))
    return Table(
        title="Each term as a whole",
        columns=(
            Column("term", "Term", align="left"),
            *_TEST_COLUMNS,
            Column("vif", "Variance inflation", marks=("a",)),
        ),
        rows=tuple(rows),
        footnotes=(
            ("a", "Generalised (Fox and Monette), to the power of 1 over the term's columns."),
            ("", "Wald's test of all estimates of the term."),
        ),
    )
